"""A calendar of practice: a column a week, a row a weekday, a brighter square the more was answered."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from rich.segment import Segment
from rich.style import Style

from dlprep.draw import palette
from dlprep.draw.dates import MONTHS, WEEKDAYS
from dlprep.draw.palette import LEVELS, Look
from dlprep.draw.prose import prose
from dlprep.draw.strip import Strip, length
from dlprep.number import counted

WEEKS = 53  # at most
SHADES = 4  # besides that of a day without answers
LEFT = 5  # cells in front of the weeks


def heatmap(days: Mapping[date, int], today: date, width: int, look: Look) -> list[Strip]:
    """The answers of each day, for as many weeks up to today as fit; below it what the shades mean."""
    end = max([today, *days])  # a flight west may have left an answer dated tomorrow
    weeks = max(1, min(WEEKS, (width - LEFT - 1) // 2))  # the last month's name is a cell wider than its week
    first = end - timedelta(days=end.weekday(), weeks=weeks - 1)
    step = _step([count for day, count in days.items() if day >= first])
    dim = look.style("dim")
    strips: list[Strip] = [[Segment(" " * LEFT + _months(first, weeks, width - LEFT), dim)]]
    for weekday, name in enumerate(WEEKDAYS):
        row = [first + timedelta(days=weekday, weeks=week) for week in range(weeks)]
        cells = [_cell(_shade(days.get(day, 0), step), look) for day in row if day <= end]
        shown = name if weekday % 2 == 0 else " " * len(name)
        strips.append([Segment(f" {shown}", dim), *cells])
    strips += _legend(step, width, look)
    before = [count for day, count in days.items() if day < first]
    if before:
        told = f"Before that: {counted(sum(before), 'answer')} on {counted(len(before), 'day')}."
        strips += [[Segment(" "), *line] for line in prose(told, width - 2, look, style=dim)]
    return strips


def _step(counts: Collection[int]) -> int:
    """How many answers a shade stands for: one very long day hides no other."""
    ordered = sorted(counts)
    busy = ordered[round(0.9 * (len(ordered) - 1))] if ordered else 0
    return max(1, math.ceil(busy / SHADES))


def _shade(count: int, step: int) -> int:
    return min(SHADES, math.ceil(count / step))


def _cell(shade: int, look: Look) -> Segment:
    """Two cells: a gap and the sign of a day."""
    return Segment(" " + _sign(shade, look), _style(shade, look))


def _sign(shade: int, look: Look) -> str:
    if look.ascii:
        return ".:+*#"[shade]
    return "·■■■■"[shade] if look.blocks else "·░▒▓█"[shade]


def _style(shade: int, look: Look) -> Style | None:
    """Cividis from a quarter of its length on, for its dark end cannot be seen on black."""
    if not shade:
        return look.style("dim")
    level = (LEVELS - 1) * shade // SHADES
    return Style(color=palette.color("magnitude", level, look.depth)) if look.blocks else None


def _months(first: date, weeks: int, room: int) -> str:
    """The names of months above the weeks in which they begin, and of the first one where it fits."""
    text = ""
    for week in range(weeks):
        sunday = first + timedelta(days=6, weeks=week)
        begins = sunday.day <= 7 or (week == 0 and sunday.day <= 21)
        if begins and 2 * week + 3 <= room:
            text = text.ljust(2 * week) + MONTHS[sunday.month - 1][:3]
    return text


def _legend(step: int, width: int, look: Look) -> list[Strip]:
    """What each shade means, on as many lines as it takes."""
    dash = "-" if look.ascii else "–"
    means = ["none"]
    for shade in range(1, SHADES):
        low, high = (shade - 1) * step + 1, shade * step
        means.append(str(low) if low == high else f"{low}{dash}{high}")
    means.append(f"{(SHADES - 1) * step + 1} or more")
    dim = look.style("dim")
    strips: list[Strip] = [[Segment(" " * LEFT), Segment("answers a day", dim)]]
    for shade, text in enumerate(means):
        part = [Segment(" "), _cell(shade, look), Segment(f" {text}", dim)]
        if length(strips[-1]) + length(part) > width:
            strips.append([Segment(" " * (LEFT - 2))])
        strips[-1] += part
    return strips
