"""A field: a number at each cell of a plane, its zero contour, and the dots laid over it."""

from __future__ import annotations

import math

from rich.cells import cell_len
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
    if height < 3:
        return [say(view.name, width, look, look.style("strong"))][:height]
    legend = height >= LEGEND
    across, down = size(view, width, height - 1 - legend)
    scale, low, high = limits(view)
    if not view.rows or not view.rows[0]:
        return [say(view.name, width, look, look.style("strong")), say("(no data)", width, look)]
    numbers = pixels.resample(view.rows, across, 2 * down)
    shown = pixels.levels(tuple(map(tuple, numbers)), low, high)
    if view.signed:
        pixels.contour(numbers, shown)
    marks = {
        at: pixels.Mark(GLYPHS[look.ascii][dots.tone], dots.tone == "accent")
        for dots in sorted(view.dots, key=lambda dots: dots.tone == "accent")
        for at in places(dots, view, across, down)
    }
    plane = pixels.strips(shown, scale, look, marks)
    below = [_legend(view, low, high, width, look)] if legend else []
    return [say(view.name, width, look, look.style("strong")), *plane, *below]


def limits(view: Field) -> tuple[Scale, float, float]:
    """The scale a field is drawn on, and its two ends."""
    if view.signed:
        return "signed", -view.limit, view.limit
    numbers = [x for row in view.rows for x in row if math.isfinite(x)] or [0.0]
    return "magnitude", min(numbers), max(numbers)


def places(dots: Dots, view: Field, across: int, down: int) -> list[tuple[int, int]]:
    """The (row, column) of each dot that lies on the plane."""
    left, right, bottom, top = view.extent
    found = []
    for x, y in zip(dots.xs, dots.ys, strict=True):
        if left <= x <= right and bottom <= y <= top and right > left and top > bottom:
            column = min(int((x - left) / (right - left) * across), across - 1)
            found.append((min(int((top - y) / (top - bottom) * down), down - 1), column))
    return found


def _legend(view: Field, low: float, high: float, width: int, look: Look) -> Strip:
    """The scale and the signs of the dots; dots are left out before the scale is."""
    entries = [
        (f"  {GLYPHS[look.ascii][dots.tone]} {words(dots.label, look)}", dots.tone) for dots in view.dots
    ]
    least = length(pixels.legend(low, high, limits(view)[0], 0, look)) + pixels.FEWEST - 2
    while entries and least + sum(cell_len(entry) for entry, _ in entries) > width:
        entries.pop()
    room = width - sum(cell_len(entry) for entry, _ in entries)
    strip = pixels.legend(low, high, limits(view)[0], room, look)
    return strip + [Segment(e, look.style("accent" if tone == "accent" else "plain")) for e, tone in entries]
