"""Small pictures side by side, a pixel of the picture to a whole number of pixels of the screen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dlprep.demo import Image
from dlprep.draw import pixels
from dlprep.draw.palette import BLANK, LEVELS, MARK, Look, Scale
from dlprep.draw.strip import Strip, beside, say

GAP = 2
NAME = 12  # cells of a name that a small picture is made wider for
LARGEST = 12  # times a picture is enlarged; a 3 × 3 filter need not fill the screen


@dataclass(frozen=True, slots=True)
class Flow:
    """How several pictures are laid out: in lines from left to right, each with its own scale."""

    scale: float
    lines: tuple[tuple[tuple[Image, float], ...], ...]
    width: int
    height: int


def flow(images: Sequence[Image], width: int, height: int) -> Flow:
    """The largest scale at which all pictures and their names fit; below 1 where not even that fits."""
    scales = [*range(LARGEST, 0, -1), 0.75, 0.5, 0.35, 0.25, 0.15, 0.1]
    for scale in scales:
        found = _flow(images, width, scale)
        if found.width <= width and found.height <= height:
            return found
    return _flow(images, width, scales[-1])


def _flow(images: Sequence[Image], width: int, scale: float) -> Flow:
    lines: list[list[tuple[Image, float]]] = []
    used = 0
    tallest = max((len(image.rows) for image in images), default=0)
    for image in images:
        # A filter beside a picture is drawn twice as large, or its weights could hardly be seen.
        own = scale * 2 if scale >= 1 and len(image.rows) * 2 < tallest else scale
        across = extent(image, own)[0]
        if lines and used + GAP + across <= width:
            lines[-1].append((image, own))
            used += GAP + across
        else:
            lines.append([(image, own)])
            used = across
    widths = [sum(extent(*each)[0] + GAP for each in line) - GAP for line in lines]
    height = sum(max(extent(*each)[1] for each in line) for line in lines)
    return Flow(scale, tuple(map(tuple, lines)), max(widths, default=0), height)


def extent(image: Image, scale: float) -> tuple[int, int]:
    """Cells across and down, name included."""
    high, wide = _pixels(image, scale)
    return max(wide, min(len(image.name), NAME)), math.ceil(high / 2) + 1


def _pixels(image: Image, scale: float) -> tuple[int, int]:
    margin = 2 if image.box else 0  # room for an outline around a window at the edge
    wide = len(image.rows[0]) if image.rows else 1
    return max(1, round(len(image.rows) * scale)) + margin, max(1, round(wide * scale)) + margin


def draw(images: Sequence[Image], width: int, height: int, look: Look) -> list[Strip]:
    """The pictures at the largest scale that fits."""
    laid = flow(images, width, height)
    strips: list[Strip] = []
    for line in laid.lines:
        widths = [extent(image, scale)[0] for image, scale in line]
        widths[-1] += max(width - sum(widths) - GAP * (len(widths) - 1), 0)  # for the last one's name
        blocks = [_one(image, w, scale, look) for (image, scale), w in zip(line, widths, strict=True)]
        strips += beside(blocks, widths, GAP)
    return strips[:height]


def _one(image: Image, width: int, scale: float, look: Look) -> list[Strip]:
    name = say(image.name, width, look, look.style("strong"))
    if not image.rows or not image.rows[0]:
        return [name]
    kind, low, high = limits(image)
    shown = _enlarged(pixels.levels(image.rows, low, high), scale)
    if image.box:
        shown = _outlined(shown, image.box, scale)
    return [name, *pixels.strips(shown, kind, look)]


def limits(image: Image) -> tuple[Scale, float, float]:
    """The scale a picture is drawn on, and its two ends."""
    numbers = [x for row in image.rows for x in row if math.isfinite(x)] or [0.0]
    if image.signed:
        limit = image.limit or max(map(abs, numbers)) or 1.0
        return "signed", -limit, limit
    return ("magnitude", 0.0, image.limit) if image.limit else ("magnitude", min(numbers), max(numbers))


def _enlarged(shown: list[list[int]], scale: float) -> list[list[int]]:
    """Each pixel `scale` times as large; where the scale is below 1, the mean of those that fall together."""
    if scale >= 1:
        times = round(scale)
        return [[x for x in line for _ in range(times)] for line in shown for _ in range(times)]
    rows = _parts(len(shown), max(1, round(len(shown) * scale)))
    columns = _parts(len(shown[0]), max(1, round(len(shown[0]) * scale)))
    return [[_mean([x for line in shown[y] for x in line[column]]) for column in columns] for y in rows]


def _parts(size: int, count: int) -> list[slice]:
    """`size` cells in `count` parts as even as they come."""
    return [
        slice(k * size // count, max((k + 1) * size // count, k * size // count + 1)) for k in range(count)
    ]


def _mean(shown: list[int]) -> int:
    there = [x for x in shown if x < LEVELS]
    return round(sum(there) / len(there)) if there else shown[0]


def _outlined(shown: list[list[int]], box: tuple[int, int, int, int], scale: float) -> list[list[int]]:
    """The picture with a margin of one pixel and a line just outside the window `box`."""
    wide = len(shown[0]) + 2
    framed = [[BLANK] * wide, *([BLANK, *row, BLANK] for row in shown), [BLANK] * wide]
    top, left = round(box[0] * scale), round(box[1] * scale)
    bottom = min(round((box[0] + box[2]) * scale) + 1, len(framed) - 1)
    right = min(round((box[1] + box[3]) * scale) + 1, wide - 1)
    for x in range(left, right + 1):
        framed[top][x] = framed[bottom][x] = MARK
    for y in range(top, bottom + 1):
        framed[y][left] = framed[y][right] = MARK
    return framed
