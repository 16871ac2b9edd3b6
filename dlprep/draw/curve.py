"""A curve: one or more lines between a labelled y axis and a labelled x axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from rich.segment import Segment

from dlprep.demo import Curve, Line
from dlprep.draw.braille import PENS, SIGNS, Canvas, trail
from dlprep.draw.palette import NONE, Look
from dlprep.draw.strip import Strip, clip, fit, length, say, short, words

Points: TypeAlias = list[tuple[float, float]]
NARROW = 16  # cells under which there is no room for axes
LINE = 40  # cells that a curve on a single strip takes at most


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from `low` to `high`, in the numbers as given."""

    low: float
    high: float
    log: bool

    def part(self, number: float) -> float:
        """How far along the axis a number lies, 0 to 1."""
        low, high, at = (math.log(x) if self.log else x for x in (self.low, self.high, number))
        return (at - low) / (high - low)


def axis(numbers: list[float], *, log: bool) -> Axis:
    """An axis that holds all numbers."""
    low, high = min(numbers), max(numbers)
    if high == low:
        low, high = (low / 2, high * 2) if log else (low - abs(low) / 2 - 0.5, high + abs(high) / 2 + 0.5)
    return Axis(low, high, log)


def points(line: Line, *, log_x: bool, log_y: bool) -> Points:
    """What can be drawn of a line: finite, and above zero on a logarithmic axis."""
    xs = line.xs or tuple(map(float, range(len(line.ys))))
    return [
        (x, y)
        for x, y in zip(xs, line.ys, strict=False)
        if math.isfinite(x) and math.isfinite(y) and (x > 0 or not log_x) and (y > 0 or not log_y)
    ]


def draw(view: Curve, width: int, height: int, look: Look) -> list[Strip]:
    """At most `height` strips: name and last values, the lines between their axes, the x axis."""
    lines = [points(line, log_x=view.log_x, log_y=view.log_y) for line in view.lines]
    head = _head(view, lines, width, look, max(1, height // 3))
    if not any(lines):
        return [*head, say("(nothing to draw yet)", width, look, look.style("dim"))][:height]
    across = axis([x for line in lines for x, _ in line], log=view.log_x)
    levels = [] if view.at is None or (view.log_y and view.at <= 0) else [view.at]
    up = axis([y for line in lines for _, y in line] + levels, log=view.log_y)
    rows = height - len(head) - 1
    if height <= 1:
        return [_beside(head[0], lines, (across, up), width, look)]
    if rows < 2 or width < NARROW:
        canvas = _plot(lines, levels, across, up, Canvas(width, height - len(head), look))
        return [*head, *canvas.strips()][:height]
    labels = _labels(up, levels, rows, look)
    margin = max(map(len, labels)) + 1
    canvas = _plot(lines, levels, across, up, Canvas(width - margin, rows, look))
    edge = "|" if look.ascii else "│"
    starts = [Segment(label.rjust(margin - 1) + edge, look.style("dim")) for label in labels]
    body = [[start, *strip] for start, strip in zip(starts, canvas.strips(), strict=True)]
    return [*head, *body, _foot(view, across, margin, width, look)]


def _head(view: Curve, lines: list[Points], width: int, look: Look, most: int) -> list[Strip]:
    """The name, then each line's sign, label and last value; on further strips where one is too short."""
    heads = [say(view.name + (" (log)" if view.log_y else ""), width, look, look.style("strong"))]
    for k, (line, shown) in enumerate(zip(view.lines, lines, strict=True)):
        last = words(short(shown[-1][1]), look) if shown else ""
        sign = PENS[k % len(PENS)] if look.ascii else SIGNS[k % len(SIGNS)] if look.depth == NONE else "━"
        entry = last if len(view.lines) == 1 else f"{sign} {words(line.label, look)} {last}".rstrip()
        if length(heads[-1]) + 2 + len(entry) <= width:
            heads[-1].append(Segment("  " + entry, look.line(k)))
        elif len(heads) < most:
            heads.append([Segment(clip(entry, width, look), look.line(k))])
        else:
            break
    return heads


def _beside(head: Strip, lines: list[Points], axes: tuple[Axis, Axis], width: int, look: Look) -> Strip:
    """On a single strip: the lines beside the name."""
    room = width - length(head) - 1
    if room < 4:
        return head
    canvas = _plot(lines, [], *axes, Canvas(min(room, LINE), 1, look))
    return [*head, Segment(" "), *canvas.strips()[0]]


def _labels(up: Axis, levels: list[float], rows: int, look: Look) -> list[str]:
    """The numbers left of the y axis: its ends, and the level where it does not touch them."""
    labels = [""] * rows
    for level in levels:
        labels[_down(up.part(level), rows)] = words(short(level, 2), look)
    labels[0], labels[-1] = words(short(up.high), look), words(short(up.low), look)
    return labels


def _down(part: float, rows: int) -> int:
    return min(int((1 - part) * rows), rows - 1)


def _foot(view: Curve, across: Axis, margin: int, width: int, look: Look) -> Strip:
    """The x axis: its ends, and its name between them."""
    left, right = words(short(across.low), look), words(short(across.high), look)
    name = words(view.x, look) + (" (log)" if view.log_x else "")
    room = width - margin - len(left) - len(right)
    middle = clip(name, room - 2, look).center(room) if room > 4 else " " * max(room, 1)
    return fit([Segment(" " * margin + left + middle + right, look.style("dim"))], width)


def _plot(lines: list[Points], levels: list[float], across: Axis, up: Axis, canvas: Canvas) -> Canvas:
    """The levels, then the lines, the first of them on top."""
    wide, high = canvas.size
    for level in levels:
        canvas.level(_down(up.part(level), high))
    for k in reversed(range(len(lines))):
        corners = ((min(int(across.part(x) * wide), wide - 1), _down(up.part(y), high)) for x, y in lines[k])
        canvas.draw(trail(corners), k)
    return canvas
