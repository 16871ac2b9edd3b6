"""A plan as a page: what each day holds, what can be expected on the day, and what there is no time for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from statistics import fmean

from rich.cells import cell_len
from rich.segment import Segment

from dlprep.bank import Entry
from dlprep.choose import Goal
from dlprep.draw.outlook import dated, foreseen, warning
from dlprep.draw.palette import Look
from dlprep.draw.prose import WIDEST, prose
from dlprep.draw.strip import Strip, clip, words
from dlprep.number import counted
from dlprep.plan import Daily, Forecast, Foresight

BY_DAY = 7  # days that get a line each; the rest go by the week
BAR = 20  # cells
NUMBERS = 19  # cells for what a day holds, and the margin
NARROW = 60  # columns below which bars give way
ENOUGH = 30  # answers that say something about expectations
OFF = 0.05  # by which they may be too high
FEW = 3  # groups of questions that are named one by one


def head(goal: Goal, today: date, missed: int, width: int, look: Look) -> list[Strip]:
    """When the interview is, and whether the plan is kept."""
    left = counted(goal.left(today), "day")
    told = f"Interview in {left}, on {dated(goal.day, today)}, {goal.minutes} minutes a day"
    kept = f"{counted(missed, 'day')} missed so far" if missed else "on plan"
    strips = [[Segment(" "), *line] for line in prose(told, width - 2, look, style=look.style("strong"))]
    style = look.style("wrong" if missed else "right")
    return [*strips, [Segment(" "), Segment(words(kept, look), style)]]


def page(
    cast: Forecast, entries: Sequence[Entry], goal: Goal, today: date, width: int, look: Look
) -> list[Strip]:
    """The whole forecast."""
    return [
        [],
        *_days(cast.days, width, look),
        [],
        *_recall(cast, goal, today, width, look),
        [],
        *_honest(cast, entries, goal, width, look),
        *_trust(cast.foresight, width, look),
    ]


# ── what each day holds ─────────────────────────────────────────────────────────────────────────────


def _days(days: Sequence[Daily], width: int, look: Look) -> list[Strip]:
    """The first days one by one, then weeks with their daily mean."""
    rows = [(_day(daily.day), daily.new, daily.again, daily.minutes) for daily in days[:BY_DAY]]
    for start in range(BY_DAY, len(days), 7):
        week = days[start : start + 7]
        new = fmean(daily.new for daily in week)
        again = fmean(daily.again for daily in week)
        minutes = fmean(daily.minutes for daily in week)
        rows.append((_week(week[0].day, week[-1].day, width - NUMBERS, look), new, again, minutes))
    column = max(cell_len(row[0]) for row in rows)
    dim = look.style("dim")
    strips: list[Strip] = [[Segment(" " * (column + 1)), Segment("   new again   min", dim)]]
    for name, new, again, minutes in rows:
        strips.append([Segment(f" {name.ljust(column)}{new:6.0f}{again:6.0f}{minutes:6.0f}")])
    if len(days) > BY_DAY:
        strips.append([Segment(clip(" weeks: a day, on average", width, look), dim)])
    return strips


def _week(first: date, last: date, room: int, look: Look) -> str:
    """Some days in a row, in as many characters as there is room for."""
    if first == last:
        return _day(first)
    to = " - " if look.ascii else " – "
    whole = f"{_day(first)}{to}{_day(last)}"
    return whole if len(whole) <= room else f"from {_day(first)}"


def _day(day: date) -> str:
    """A day in few characters, the weekday first: Mon 7 Dec."""
    return f"{DAYS[day.weekday()]} {day.day:2} {MONTHS[day.month - 1]}"


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


# ── what can be expected ────────────────────────────────────────────────────────────────────────────


def _recall(cast: Forecast, goal: Goal, today: date, width: int, look: Look) -> list[Strip]:
    """Expected recall of each topic on the day if the plan is kept; now; and on the day if idle."""
    when = dated(goal.day, today)
    told = f"Expected recall on {when}, if you keep to this; a question never asked counts as not known"
    strips = [[Segment(" "), *line] for line in prose(told, width - 2, look, style=look.style("strong"))]
    names = {topic: words(topic, look) for topic in cast.followed}
    bar = BAR if min(width, WIDEST) >= NARROW else 0
    room = max(4, min(width, WIDEST) - 19 - bar - (2 if bar else 0))
    column = min(room, max(map(cell_len, names.values())))
    gap = " " * (bar + 2 if bar else 0)
    strips.append([Segment(f" {' ' * column}  {gap}with it  now idle", look.style("dim"))])
    for topic in sorted(cast.followed, key=lambda name: cast.followed[name]):
        name = clip(names[topic], column, look)
        pad = " " * (column - cell_len(name))
        strip = [Segment(f" {name}{pad}  ")]
        if bar:
            filled = round(bar * cast.followed[topic])
            full, empty = ("#", ".") if look.ascii else ("▰", "▱")
            strip += [
                Segment(full * filled, look.style("right")),
                Segment(empty * (bar - filled) + "  ", look.style("dim")),
            ]
        numbers = f"   {cast.followed[topic]:4.0%} {cast.today[topic]:4.0%} {cast.idle[topic]:4.0%}"
        strips.append([*strip, Segment(numbers)])
    return strips


def _honest(cast: Forecast, entries: Sequence[Entry], goal: Goal, width: int, look: Look) -> list[Strip]:
    """Whether the days suffice, and if not, what to leave out first and what would suffice."""
    total = len(entries)
    if not cast.unseen:
        return [[Segment(" "), *line] for line in prose(_enough(cast, total), width - 2, look)]
    reached = total - len(cast.unseen)
    told = (
        f"There is not enough time: {reached} of {counted(total, 'question')} can be asked. Drop first, as "
        f"the plan does: {_named(cast.unseen, entries)}. Asking everything once would take at least "
        f"{cast.enough} minutes a day instead of {goal.minutes}."
    )
    return [[Segment(" "), *line] for line in prose(told, width - 2, look)]


def _trust(foresight: Foresight, width: int, look: Look) -> list[Strip]:
    """How good the expectations were so far, once there is enough to tell; a warning where they were not."""
    if foresight.repeats < ENOUGH:
        return []
    told = foreseen(foresight)
    if foresight.recalled < foresight.expected - OFF:
        return warning(f"{told} You forget faster than most: expect less than this.", width, look)
    return [[Segment(" "), *line] for line in prose(told, width - 2, look, style=look.style("dim"))]


def _enough(cast: Forecast, total: int) -> str:
    mean = fmean(cast.followed.values())
    return f"The days suffice: all {counted(total, 'question')} are asked. Mean of the topics: {mean:.0%}."


def _named(unseen: Sequence[Entry], entries: Sequence[Entry]) -> str:
    """The questions to drop, highest level first: `all 25 of level staff; senior cost 3, cnn 2`."""
    parts = []
    for level, group in groupby(unseen, key=lambda entry: entry.level):
        counts = Counter(entry.topic for entry in group)
        missing = sum(counts.values())
        if missing == sum(entry.level == level for entry in entries):
            parts.append(f"all {missing} of level {level}")
            continue
        named = [f"{topic} {count}" for topic, count in list(counts.items())[:FEW]]
        more = sum(list(counts.values())[FEW:])
        parts.append(f"{level} {', '.join(named)}" + (f" and {more} more" if more else ""))
    return "; ".join(parts)
