"""A plan as a page: what each day holds, what can be expected on the day, and what there is no time for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from statistics import fmean

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment

from dlprep.bank import Entry
from dlprep.choose import Goal
from dlprep.draw.dates import WEEKDAYS, brief, dated
from dlprep.draw.foresight import ENOUGH, foreseen
from dlprep.draw.outlook import warning
from dlprep.draw.palette import Look
from dlprep.draw.prose import WIDEST, prose
from dlprep.draw.strip import Strip, clip, length, words
from dlprep.number import counted
from dlprep.plan import Daily, Forecast, Foresight

BY_DAY = 7  # days that get a line each
BY_WEEK = 35  # days until which the rest go by the week, and then by four weeks
BAR = 20  # cells
NUMBERS = 19  # cells for what a day holds, and the margin
LEAST = 12  # cells for a name and the margin, before columns are left out
OFF = 0.05  # by which they may be too high
FEW = 3  # groups of questions that are named one by one


def head(goal: Goal, today: date, missed: int, width: int, look: Look) -> list[Strip]:
    """When the interview is, and whether the plan is kept."""
    left = counted(goal.left(today), "day")
    told = f"Interview in {left}, on {dated(goal.day, today)}, {counted(goal.minutes, 'minute')} a day"
    kept = f"{counted(missed, 'day')} missed so far" if missed else "on plan"
    strips = [[Segment(" "), *line] for line in prose(told, width - 2, look, style=look.style("strong"))]
    style = look.style("wrong" if missed else "right")
    return [*strips, *([Segment(" "), *line] for line in prose(kept, width - 2, look, style=style))]


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
    """The first days one by one, then weeks, then months of four, with what a day of theirs holds."""
    spans = list(_spans(days))
    rows = []
    for span in spans:
        means = [fmean(each) for each in zip(*((d.new, d.again, d.minutes) for d in span), strict=True)]
        rows.append(
            (_span(span[0].day, span[-1].day, width - NUMBERS, look), [f"{mean:.0f}" for mean in means])
        )
    strips = _table(("new", "again", "min"), rows, width, look)
    if any(len(span) > 1 for span in spans):
        strips += [
            [Segment(" "), *line]
            for line in prose("several days: a day, on average", width - 2, look, style=look.style("dim"))
        ]
    return strips


def _spans(days: Sequence[Daily]) -> Iterator[Sequence[Daily]]:
    start = 0
    while start < len(days):
        size = 1 if start < BY_DAY else 7 if start < BY_WEEK else 28
        yield days[start : start + size]
        start += size


def _table(
    heads: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], width: int, look: Look
) -> list[Strip]:
    """Names and numbers in columns; where it is narrow the last columns are left out, then names are cut."""
    sizes = [max(len(head) + 1, 6) for head in heads]
    while len(sizes) > 1 and LEAST + sum(sizes) > width:
        sizes.pop()
    column = max(1, min(max(cell_len(name) for name, _ in rows), width - 1 - sum(sizes)))
    top = "".join(head.rjust(size) for head, size in zip(heads, sizes, strict=False))
    strips: list[Strip] = [[Segment(" " * (column + 1) + top, look.style("dim"))]]
    for name, numbers in rows:
        cells = "".join(number.rjust(size) for number, size in zip(numbers, sizes, strict=False))
        strips.append([Segment(" " + set_cell_size(clip(name, column, look), column) + cells)])
    return strips


def _span(first: date, last: date, room: int, look: Look) -> str:
    """Some days in a row, in as many characters as there is room for."""
    if first == last:
        return _day(first)
    to = " - " if look.ascii else " – "
    whole = f"{_day(first)}{to}{_day(last)}"
    least = f"from {brief(first)}"
    return next((told for told in (whole, f"from {_day(first)}") if len(told) <= room), least)


def _day(day: date) -> str:
    """A day in few characters, the weekday first: Mon 7 Dec."""
    return f"{WEEKDAYS[day.weekday()]} {brief(day)}"


# ── what can be expected ────────────────────────────────────────────────────────────────────────────


def _recall(cast: Forecast, goal: Goal, today: date, width: int, look: Look) -> list[Strip]:
    """Expected recall of each topic on the day if the plan is kept; now; and on the day if idle."""
    when = dated(goal.day, today)
    told = f"Expected recall on {when}, if you keep to this; a question never asked counts as not known"
    strips = [[Segment(" "), *line] for line in prose(told, width - 2, look, style=look.style("strong"))]
    topics = sorted(cast.followed, key=lambda name: cast.followed[name])
    kinds = (cast.followed, cast.today, cast.idle)
    rows = [(words(topic, look), [f"{kind[topic]:.0%}" for kind in kinds]) for topic in topics]
    table = _table(("with it", "now", "idle"), rows, min(width, WIDEST), look)
    if min(width, WIDEST) - max(map(length, table)) < BAR + 2:
        return [*strips, *table]
    full, empty = ("#", ".") if look.ascii else ("▰", "▱")
    for topic, strip in zip(topics, table[1:], strict=True):
        filled = round(BAR * cast.followed[topic])
        strip += [
            Segment("  " + full * filled, look.style("right")),
            Segment(empty * (BAR - filled), look.style("dim")),
        ]
    return [*strips, *table]


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
    every = f"all {total:,} questions are" if total > 1 else "the one question is"
    return f"The days suffice: {every} asked. Mean of the topics: {mean:.0%}."


def _named(unseen: Sequence[Entry], entries: Sequence[Entry]) -> str:
    """The questions to drop, highest level first: `all 25 of level staff; senior cost 3, cnn 2`."""
    parts = []
    for level, group in groupby(unseen, key=lambda entry: entry.level):
        counts = Counter(entry.topic for entry in group)
        missing = sum(counts.values())
        if 1 < missing == sum(entry.level == level for entry in entries):
            parts.append(f"all {missing} of level {level}")
            continue
        named = [f"{topic} {count}" for topic, count in list(counts.items())[:FEW]]
        more = sum(list(counts.values())[FEW:])
        parts.append(f"{level} {', '.join(named)}" + (f" and {more} more" if more else ""))
    return "; ".join(parts)
