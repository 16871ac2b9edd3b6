"""Bars: a number per label, to the eighth of a cell, the number itself at the right."""

from __future__ import annotations

import math

from rich.segment import Segment
from rich.style import Style

from dlprep.demo import Bars
from dlprep.draw.palette import Look
from dlprep.draw.strip import Strip, clip, length, say, short, words

EIGHTHS = "▏▎▍▌▋▊▉█"


def draw(view: Bars, width: int, height: int, look: Look) -> list[Strip]:
    """At most `height` strips: the name, then a bar per label; on one strip, the numbers alone."""
    name = say(view.name + (" (log)" if view.log else ""), width, look, look.style("strong"))
    pairs = list(zip(view.labels, view.values, strict=False))
    if height < 1 + min(len(pairs), 2):
        return [_line(name, pairs, width, look)][:height]
    left_out = max(0, len(pairs) + 1 - height)
    if left_out:
        pairs = pairs[: len(pairs) - left_out - 1]
    strips = [name, *_bars(view, pairs, width, look)]
    if left_out:
        strips.append(say(f"and {left_out + 1} more", width, look, look.style("dim")))
    return strips


def _line(name: Strip, pairs: list[tuple[str, float]], width: int, look: Look) -> Strip:
    text = "  ".join(f"{words(label, look)} {words(short(value), look)}" for label, value in pairs)
    room = width - length(name) - 2
    return [*name, Segment("  " + clip(text, room, look))] if room > 3 else name


def _bars(view: Bars, pairs: list[tuple[str, float]], width: int, look: Look) -> list[Strip]:
    numbers = [words(short(value), look) for _, value in pairs]
    labels = [words(label, look) for label, _ in pairs]
    right = max(map(len, numbers), default=0)
    left = min(max(map(len, labels), default=0), max(width - right - 6, 3))
    room = max(width - left - right - 2, 0)
    strips = []
    for label, number, (_, value) in zip(labels, numbers, pairs, strict=True):
        bar = _bar(value, view, room, look)
        start = Segment(clip(label, left, look).ljust(left) + " ")
        strips.append([start, *bar, Segment(" " + number.rjust(right), look.style("strong"))])
    return strips


def _bar(value: float, view: Bars, room: int, look: Look) -> Strip:
    """Exactly `room` cells; below zero leftwards from a common zero, in the colours of a signed scale."""
    finite = [x for x in view.values if math.isfinite(x)]
    if not math.isfinite(value) or not finite or room < 1:
        return [Segment(" " * room)]
    if view.log:
        return _run(_log_part(value, finite) * room, room, look.line(0), look)
    low, high = min(0.0, *finite), max(0.0, *finite)
    span = high - low or 1.0
    if low == 0:
        return _run(value / span * room, room, look.line(0), look)
    zero = round(-low / span * room)
    if value >= 0:
        return [Segment(" " * zero), *_run(value / span * room, room - zero, look.style("wrong"), look)]
    cells = min(round(-value / span * room), zero)
    full = "#" if look.ascii else "█"
    return [
        Segment(" " * (zero - cells)),
        Segment(full * cells, look.style("right")),
        Segment(" " * (room - zero)),
    ]


def _log_part(value: float, numbers: list[float]) -> float:
    """How far along: a tenth of the bar stands for the least number, or for less, a tenth of the largest."""
    logs = [math.log(x) for x in numbers if x > 0]
    if value <= 0 or not logs:
        return 0.0
    high = max(logs)
    low = min(*logs, high - math.log(10))  # numbers that are nearly alike look it
    return 0.1 + 0.9 * (math.log(value) - low) / (high - low)


def _run(cells: float, room: int, style: Style, look: Look) -> Strip:
    eighths = min(max(round(cells * 8), 0), room * 8)
    if look.ascii:
        text = "#" * round(eighths / 8)
    else:
        whole, rest = divmod(eighths, 8)
        text = "█" * whole + (EIGHTHS[rest - 1] if rest else "")
    return [Segment(text, style), Segment(" " * (room - len(text)))]
