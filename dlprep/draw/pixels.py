"""Numbers as pixels: two to a cell where there is colour, a ramp of characters where there is not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rich.segment import Segment

from dlprep.demo import Rows
from dlprep.draw.palette import BLANK, INK, LEVELS, MARK, NONE, VOID, Look, Scale, cell, dot
from dlprep.draw.strip import Strip, short, words

# From zero outwards. Negative and positive differ in kind, not only in shade, so that the sign shows.
RAMPS = {  # (negative, positive) for Unicode, then for ASCII
    False: ("⠂⠒⠖⠶⠷⠿⡿⣿", "░░▒▒▓▓██"),
    True: ("123456789", ".:=+*#%@"),
}
MIDDLE = LEVELS // 2
FEWEST, WIDEST = 3, 9  # shades of a legend


@dataclass(frozen=True, slots=True)
class Mark:
    """A glyph laid over a cell."""

    glyph: str
    accent: bool = False


def span(rows: Rows) -> tuple[float, float]:
    """The least and the greatest number; from zero where there is but one, so that zero looks like zero."""
    numbers = [x for row in rows for x in row if math.isfinite(x)] or [0.0]
    low, high = min(numbers), max(numbers)
    return (low, high) if low < high else (min(low, 0.0), max(high, 0.0) or 1.0)


def level(number: float, low: float, high: float) -> int:
    """Which of the levels shows a number on a scale from `low` to `high`; not a number shows as a void."""
    if math.isnan(number):
        return VOID
    part = (number - low) / (high - low) if high > low else 0.5
    return round(min(max(part, 0.0), 1.0) * (LEVELS - 1))


def levels(rows: Sequence[Sequence[float]], low: float, high: float) -> list[list[int]]:
    """The level of every number: what `level` says, 1,000 of them in a tenth of a millisecond."""
    if not (high > low and math.isfinite(sum(map(sum, rows)))):
        return [[level(number, low, high) for number in row] for row in rows]
    top = LEVELS - 1
    scale = top / (high - low)
    shift = 0.5 - low * scale  # int() rounds towards zero, so a half makes it round to the nearest
    return [[0 if x <= low else top if x >= high else int(x * scale + shift) for x in row] for row in rows]


def resample(rows: Rows, width: int, height: int) -> list[list[float]]:
    """The picture at `width` × `height` pixels, linear between the centres of the given cells."""
    across = _steps(len(rows[0]), width)
    wide = [[row[i] + (row[j] - row[i]) * part for i, j, part in across] for row in rows]
    out = []
    for i, j, part in _steps(len(rows), height):
        out.append([a + (b - a) * part for a, b in zip(wide[i], wide[j], strict=True)] if part else wide[i])
    return out


def _steps(size: int, wanted: int) -> list[tuple[int, int, float]]:
    """For each wanted pixel the two cells it lies between, and how far along."""
    steps = []
    for k in range(wanted):
        at = min(max((k + 0.5) * size / wanted - 0.5, 0.0), size - 1.0)
        i = int(at)
        steps.append((i, min(i + 1, size - 1), at - i))
    return steps


def contour(rows: Sequence[Sequence[float]], shown: list[list[int]]) -> None:
    """Ink the pixels of `shown` where `rows` are above zero and a neighbour is not."""
    above = [[x > 0 for x in row] for row in rows]
    last = len(above) - 1
    for y, row in enumerate(above):
        if not any(row):
            continue
        sides = zip(
            row,
            [row[0], *row],
            [*row[1:], row[-1]],
            above[max(y - 1, 0)],
            above[min(y + 1, last)],
            strict=False,
        )
        for x, (here, left, right, up, down) in enumerate(sides):
            if here and not (left and right and up and down):
                shown[y][x] = INK


def strips(
    shown: Sequence[Sequence[int]],
    scale: Scale,
    look: Look,
    marks: Mapping[tuple[int, int], Mark] | None = None,
) -> list[Strip]:
    """Rows of levels as strips, two rows to a strip; `marks` are laid over the cells (row, column)."""
    over: dict[int, dict[int, Mark]] = {}
    for (y, x), mark in (marks or {}).items():
        over.setdefault(y, {})[x] = mark
    empty = [BLANK] * len(shown[0])
    out = []
    for y in range(0, len(shown), 2):
        bottom = shown[y + 1] if y + 1 < len(shown) else empty
        out.append(_strip(shown[y], bottom, over.get(y // 2, {}), scale, look))
    return out


def _strip(
    top: Sequence[int], bottom: Sequence[int], marks: dict[int, Mark], scale: Scale, look: Look
) -> Strip:
    strip: Strip = []
    at = 0
    for (up, down), run in groupby(zip(top, bottom, strict=True)):
        end = at + sum(1 for _ in run)
        for x in [x for x in range(at, end) if x in marks] if marks else ():
            strip += _cells(up, down, x - at, scale, look)
            strip.append(_marked(marks[x], up, down, scale, look))
            at = x + 1
        strip += _cells(up, down, end - at, scale, look)
        at = end
    return strip


def _cells(up: int, down: int, count: int, scale: Scale, look: Look) -> Strip:
    if not count:
        return []
    if look.blocks:
        glyph, style = cell(scale, up, down, look.depth)
        return [Segment(glyph * count, style)]
    return [shade(up, down, count, scale, look)]


def _marked(mark: Mark, up: int, down: int, scale: Scale, look: Look) -> Segment:
    if not look.blocks:
        return Segment(mark.glyph, look.style("accent" if mark.accent else "strong"))
    under = [x for x in (up, down) if x < LEVELS] or [MIDDLE]
    return Segment(mark.glyph, dot(scale, sum(under) // len(under), look.depth, accent=mark.accent))


@lru_cache(maxsize=4096)
def shade(up: int, down: int, count: int, scale: Scale, look: Look) -> Segment:
    """`count` cells of the ramp character for two levels; with sixteen colours, its sign as a colour too."""
    if MARK in {up, down}:
        return Segment(("#" if look.ascii else "▪") * count, look.style("accent"))
    if max(up, down) >= LEVELS:  # a contour, a void, nothing
        return Segment((" " if look.ascii or VOID not in {up, down} else "·") * count)
    negative, positive = RAMPS[look.ascii]
    middle = (up + down) / 2
    if scale == "magnitude":
        tones = (" " + positive) if look.ascii else " ░▒▓█"
        return Segment(tones[round(middle / (LEVELS - 1) * (len(tones) - 1))] * count)
    part = (middle - MIDDLE) / MIDDLE
    tones = negative if part < 0 else positive
    if abs(part) < 1 / (2 * len(tones)):
        return Segment(" " * count)
    glyph = tones[min(int(abs(part) * len(tones)), len(tones) - 1)]
    style = None if look.depth == NONE else look.style("right" if part < 0 else "wrong")
    return Segment(glyph * count, style)


def ends(low: float, high: float, scale: Scale, look: Look) -> tuple[str, str]:
    """The two ends of a scale in words."""
    left, right = (words(short(end, 2), look) for end in (low, high))
    return left, f"+{right}" if scale == "signed" else right


def legend(low: float, high: float, scale: Scale, width: int, look: Look) -> Strip:
    """The scale itself: its two ends and the shades between, or only its ends where that is too wide."""
    left, right = ends(low, high, scale, look)
    room = min(width - len(left) - len(right) - 2, WIDEST)
    if room < FEWEST:
        return [Segment(f"{left} to {right}", look.style("dim"))]
    ramp = [round(k / (room - 1) * (LEVELS - 1)) for k in range(room)]
    shades = [part for k in ramp for part in _cells(k, k, 1, scale, look)]
    return [Segment(left + " ", look.style("dim")), *shades, Segment(" " + right, look.style("dim"))]
