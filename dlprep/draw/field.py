"""A field: a number at each cell of a plane, its zero contour, and the dots laid over it."""

from __future__ import annotations

import math

from rich.segment import Segment

from dlprep.demo import Dots, Field
from dlprep.draw import pixels
from dlprep.draw.palette import Look, Scale
from dlprep.draw.strip import Strip, length, say, words

GLYPHS = {  # by tone, for Unicode and for ASCII
    False: {"low": "○", "high": "●", "plain": "·", "accent": "◆"},
    True: {"low": "o", "high": "x", "plain": ".", "accent": "@"},
}
LEGEND = 8  # rows from which a legend is worth one of them


def aspect(view: Field) -> float:
    """Width over height as the plane's own coordinates have it, kept within what a screen can show."""
    left, right, bottom, top = view.extent
    ratio = (right - left) / (top - bottom) if top > bottom else 1.0
    return min(max(ratio, 0.5), 3.0) if math.isfinite(ratio) else 1.0


def size(view: Field, width: int, height: int) -> tuple[int, int]:
    """Cells across and down for the plane itself; a cell is twice as high as wide."""
    ratio = aspect(view)
    across = min(width, round(2 * height * ratio))
    return max(across, 1), max(min(height, round(across / ratio / 2)), 1)


def draw(view: Field, width: int, height: int, look: Look) -> list[Strip]:
    """At most `height` strips: name, plane, and a legend where it does not take the plane's room."""
    name = say(view.name, width, look, look.style("strong"))
    if height < 3:
        return [name][:height]
    if not view.rows or not view.rows[0]:
        return [name, say("(no data)", width, look)]
    with_legend = height >= LEGEND
    plane = _plane(view, *size(view, width, height - 1 - with_legend), look)
    scale, low, high = limits(view)
    signs = _signs(view, look)
    room = width - length(signs)
    if with_legend and room >= sum(map(len, pixels.ends(low, high, scale, look))) + 2 + pixels.FEWEST:
        return [name, *plane, [*pixels.legend(low, high, scale, room, look), *signs]]
    while signs and length(name) + length(signs) > width:  # beside the name, then, as many as fit
        signs.pop()
    return [[*name, *signs], *plane, *([pixels.legend(low, high, scale, width, look)] if with_legend else [])]


def _plane(view: Field, across: int, down: int, look: Look) -> list[Strip]:
    """The numbers as colours, the contour where they change sign, and the dots on top."""
    scale, low, high = limits(view)
    numbers = pixels.resample(view.rows, across, 2 * down)
    shown = pixels.levels(numbers, low, high)
    if view.signed:
        pixels.contour(numbers, shown)
    marks = {
        at: pixels.Mark(GLYPHS[look.ascii][dots.tone], dots.tone == "accent")
        for dots in sorted(view.dots, key=lambda dots: dots.tone == "accent")
        for at in places(dots, view, across, down)
    }
    return pixels.strips(shown, scale, look, marks)


def limits(view: Field) -> tuple[Scale, float, float]:
    """The scale a field is drawn on, and its two ends."""
    if view.signed:
        return "signed", -view.limit, view.limit
    return "magnitude", *pixels.span(view.rows)


def places(dots: Dots, view: Field, across: int, down: int) -> list[tuple[int, int]]:
    """The (row, column) of each dot that lies on the plane."""
    left, right, bottom, top = view.extent
    found = []
    for x, y in zip(dots.xs, dots.ys, strict=True):
        if left <= x <= right and bottom <= y <= top and right > left and top > bottom:
            column = min(int((x - left) / (right - left) * across), across - 1)
            found.append((min(int((top - y) / (top - bottom) * down), down - 1), column))
    return found


def _signs(view: Field, look: Look) -> Strip:
    """The signs of the dots, and what they stand for."""
    return [
        Segment(
            f"  {GLYPHS[look.ascii][dots.tone]} {words(dots.label, look)}",
            look.style("accent" if dots.tone == "accent" else "plain"),
        )
        for dots in view.dots
    ]
