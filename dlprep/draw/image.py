"""Small pictures side by side, a pixel of the picture to a whole number of pixels of the screen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from dlprep.demo import Image
from dlprep.draw import pixels
from dlprep.draw.palette import BLANK, LEVELS, MARK, Look, Scale
from dlprep.draw.strip import Strip, beside, say

GAP = 2
SMALL = 7  # pixels of a picture that cannot lose any
NAME = 14  # cells of a name that a small picture is made wider for
SCALES = (*range(12, 0, -1), 0.75, 0.5, 0.35, 0.25, 0.15, 0.1)  # a 3 × 3 filter need not fill the screen


class Shape(NamedTuple):
    """What the layout must know of a picture: its pixels, the margin for an outline, its name's cells."""

    high: int
    wide: int
    margin: int
    name: int


class Scaled(NamedTuple):
    """The picture at `place` among all, each of its pixels `scale` pixels of the screen."""

    place: int
    scale: float
    shape: Shape

    @property
    def cells(self) -> tuple[int, int]:
        """Cells across and down, name included."""
        high = max(1, round(self.shape.high * self.scale)) + self.shape.margin
        wide = max(1, round(self.shape.wide * self.scale)) + self.shape.margin
        return max(wide, min(self.shape.name, NAME)), math.ceil(high / 2) + 1


Lines: TypeAlias = Sequence[Sequence[Scaled]]


@dataclass(frozen=True, slots=True)
class Flow:
    """How several pictures are laid out: in lines from left to right, each picture with its own scale."""

    scale: float
    lines: Lines
    width: int
    height: int


def flow(images: Sequence[Image], width: int, height: int) -> Flow:
    """The largest scale at which all pictures and their names fit; below 1 where not even that fits."""
    shapes = (
        Shape(len(i.rows), len(i.rows[0]) if i.rows else 1, 2 if i.box else 0, len(i.name)) for i in images
    )
    return _fitted(tuple(shapes), width, height)


@lru_cache(maxsize=256)
def _fitted(shapes: tuple[Shape, ...], width: int, height: int) -> Flow:
    for scale in SCALES:
        found = _flow(shapes, width, scale)
        if found.width <= width and found.height <= height:
            return found
    return _flow(shapes, width, SCALES[-1])


def _flow(shapes: Sequence[Shape], width: int, scale: float) -> Flow:
    """The pictures at one scale; small ones twice as large where that takes no further line."""
    tallest = max((shape.high for shape in shapes), default=0)
    same = _lines([Scaled(k, _own(s, scale, 0), s) for k, s in enumerate(shapes)], width)
    large = _lines([Scaled(k, _own(s, scale, tallest), s) for k, s in enumerate(shapes)], width)
    wide = max(map(_width, large), default=0)
    lines = large if len(large) <= len(same) and wide <= width else same
    height = sum(max(one.cells[1] for one in line) for line in lines)
    return Flow(scale, lines, max(map(_width, lines), default=0), height)


def _own(shape: Shape, scale: float, tallest: int) -> float:
    """The scale of one picture among others: a filter is never shrunk, and drawn larger where it may be."""
    if scale < 1:
        return 1.0 if shape.high <= SMALL else scale
    return scale * 2 if shape.high * 2 < tallest else scale


def _lines(scaled: Sequence[Scaled], width: int) -> Lines:
    """Each line as full as it gets; or as even, with as many lines: 3 and 3 look better than 5 and 1."""
    lines: list[list[Scaled]] = []
    for one in scaled:
        if lines and _width([*lines[-1], one]) <= width:
            lines[-1].append(one)
        else:
            lines.append([one])
    each = math.ceil(len(scaled) / max(len(lines), 1)) or 1
    even = [scaled[k : k + each] for k in range(0, len(scaled), each)]
    return even if max(map(_width, even), default=0) <= width else lines


def _width(line: Sequence[Scaled]) -> int:
    return sum(one.cells[0] + GAP for one in line) - GAP


def draw(images: Sequence[Image], width: int, height: int, look: Look) -> list[Strip]:
    """The pictures at the largest scale that fits."""
    strips: list[Strip] = []
    for line in flow(images, width, height).lines:
        widths = [one.cells[0] for one in line]
        widths[-1] += max(width - sum(widths) - GAP * (len(widths) - 1), 0)  # for the last one's name
        blocks = [_one(images[one.place], w, one.scale, look) for one, w in zip(line, widths, strict=True)]
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
    low, high = pixels.span(image.rows)
    if image.signed:
        limit = image.limit or max(-low, high)
        return "signed", -limit, limit
    return ("magnitude", 0.0, image.limit) if image.limit else ("magnitude", low, high)


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
