"""Where someone stands as a page: practice, recall of each topic, what comes, and what does not stick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from rich.cells import cell_len
from rich.segment import Segment

from dlprep.demo import Bars
from dlprep.draw import bars
from dlprep.draw.dates import WEEKDAYS, dated
from dlprep.draw.foresight import ENOUGH, foreseen
from dlprep.draw.heatmap import heatmap
from dlprep.draw.palette import Look
from dlprep.draw.prose import WIDEST, prose
from dlprep.draw.strip import Strip, clip, fit, words
from dlprep.memory import LEECH
from dlprep.number import counted
from dlprep.stats import Score, Standing, Stats

BAR = 10  # cells that a bar takes at least where a topic takes a single line
NUMBERS = 13  # cells for its two numbers
PAIR = 36  # columns that each of two parts side by side takes at least
GAP = 3  # between these
NAME = 10  # cells for the name of a kind


def page(stats: Stats, width: int, look: Look) -> list[Strip]:
    """Everything, from what was done to what to type next."""
    if not stats.days:
        command = f"dlprep quiz {stats.topic}" if stats.topic else "dlprep quiz --core"
        where = f" in {stats.topic}" if stats.topic else ""
        return _told(f"Nothing answered{where} yet. Next: `{command}`", width, look)
    practice = heatmap({day.day: day.answers for day in stats.days}, stats.today, width, look)
    parts = [
        _head(stats, width, look),
        [_title("Practice", look), *practice],
        _topics(stats, width, look),
        _foresight(stats, width, look),
        _side_by_side(_due(stats, _half(width), look), _scores(stats, min(width, PAIR), look), width),
        _leeches(stats, width, look),
        _slowest(stats, width, look),
        _told(f"Next: `{_next(stats)}`", width, look),
    ]
    return [strip for part in parts if part for strip in (*part, [])]


def _told(text: str, width: int, look: Look, role: str = "plain") -> list[Strip]:
    style = look.style("dim") if role == "dim" else None
    return [[Segment(" "), *line] for line in prose(text, width - 2, look, style=style)]


def _title(text: str, look: Look) -> Strip:
    return [Segment(f" {words(text, look)}", look.style("strong"))]


def _foresight(stats: Stats, width: int, look: Look) -> list[Strip]:
    """How good the expectations were, once there is enough to tell."""
    return _told(foreseen(stats.foresight), width, look, "dim") if stats.foresight.repeats >= ENOUGH else []


# ── what was done ───────────────────────────────────────────────────────────────────────────────────


def _head(stats: Stats, width: int, look: Look) -> list[Strip]:
    score = stats.score
    told = [
        *([f"**{stats.topic}**"] if stats.topic else []),
        f"**{counted(score.answers, 'answer')}** on {counted(len(stats.days), 'day')}",
        f"{score.share:.0%} right",
        _hours(stats.seconds),
        f"{stats.streak}-day streak, longest {stats.longest}"
        if stats.streak
        else f"longest streak {counted(stats.longest, 'day')}",
    ]
    return _told(" · ".join(told), width, look)


def _hours(seconds: float) -> str:
    """A stretch of time for reading: 40 minutes, 6.2 hours."""
    return counted(round(seconds / 60), "minute") if seconds < 5400 else f"{seconds / 3600:,.1f} hours"


# ── topics ──────────────────────────────────────────────────────────────────────────────────────────


def _topics(stats: Stats, width: int, look: Look) -> list[Strip]:
    """Expected recall of each topic, the weakest first: a line each, or two where it is narrow."""
    if not stats.topics:
        return []  # all answers are to questions that are gone
    width = min(width, WIDEST)
    topics = sorted(stats.topics, key=lambda topic: topic.today)
    column = max(cell_len(words(topic.name, look)) for topic in topics)
    strips = [_title("Expected recall", look), *_key(stats, width, look)]
    detail = [words(_detail(topic), look) for topic in topics]
    right = max(map(len, detail))
    wide = column + right + NUMBERS + BAR + 6 <= width
    room = width - (column + right + 6 if wide else 3)
    for topic, told in zip(topics, detail, strict=True):
        bar = _recall(topic, room, look)
        if wide:
            name = fit([Segment(f" {words(topic.name, look)}")], column + 3)
            strips.append([*name, *bar, Segment(f"  {told}", look.style("dim"))])
        else:
            strips += _told(f"**{topic.name}** {told}", width, look)
            strips.append([Segment("  "), *bar])
    return strips


def _key(stats: Stats, width: int, look: Look) -> list[Strip]:
    """What the bars mean."""
    full, part, _ = _signs(look)
    told = "Today, with a question never asked counted as not known"
    if stats.goal:
        when = dated(stats.goal.day, stats.today)
        told = f"{told}: {full} stays until {when} if nothing more is done, {part} is lost by then"
    return _told(f"{told}.", width, look, "dim")


def _signs(look: Look) -> tuple[str, str, str]:
    """Kept, lost, and never known; no two alike without colour."""
    return ("#", "-", ".") if look.ascii else ("▰", "▱", "·")


def _detail(topic: Standing) -> str:
    right = f" · {topic.score.share:.0%} right" if topic.score.answers else ""
    return f"{topic.asked}/{topic.questions} asked{right}"


def _recall(topic: Standing, room: int, look: Look) -> Strip:
    """A bar of today's recall, in it what remains on the day; then the numbers: exactly `room` cells."""
    full, part, empty = _signs(look)
    sign = "->" if look.ascii else "→"
    numbers = f" {topic.today:4.0%}" + (f" {sign} {topic.then:3.0%}" if topic.then is not None else "")
    cells = max(1, room - len(numbers))
    known = round(cells * topic.today)
    kept = known if topic.then is None else min(known, round(cells * topic.then))
    return [
        Segment(full * kept, look.style("right")),
        Segment(part * (known - kept), look.style("wrong")),
        Segment(empty * (cells - known), look.style("dim")),
        Segment(numbers),
    ]


# ── what is due, and how it went ────────────────────────────────────────────────────────────────────


def _half(width: int) -> int:
    """The columns of one of two parts side by side, or all there are."""
    half = (min(width, WIDEST) - GAP) // 2
    return half if half >= PAIR else width


def _side_by_side(left: list[Strip], right: list[Strip], width: int) -> list[Strip]:
    half = _half(width)
    if half == width:
        return [*left, [], *right]
    nothing: Strip = []
    rows = zip_longest(left, right, fillvalue=nothing)
    return [[*fit(one, half + GAP), *other] if other else one for one, other in rows]


def _due(stats: Stats, width: int, look: Look) -> list[Strip]:
    """A bar for each day of the forecast; a sentence where nothing is due."""
    if not any(due.questions for due in stats.due):
        why = ": new questions come first" if stats.goal else ""
        told = f"Nothing in the next {counted(len(stats.due), 'day')}{why}."
        return [_title("Due", look), *_told(told, width, look)]
    labels = tuple(f"{WEEKDAYS[due.day.weekday()]} {due.day.day:2}" for due in stats.due)
    view = Bars("Due", ("today", *labels[1:]), tuple(float(due.questions) for due in stats.due))
    drawn = bars.draw(view, min(width, WIDEST) - 2, len(labels) + 1, look)
    return [[Segment(" "), *strip] for strip in drawn]


def _scores(stats: Stats, width: int, look: Look) -> list[Strip]:
    """Right and wrong answers by kind and by level, in the same columns."""
    column = min(NAME, max(cell_len(words(name, look)) for name in (*stats.kinds, *stats.levels, "By level")))
    strips = _table("By kind", stats.kinds, column, look)
    if stats.levels:
        strips += [[], *_table("By level", stats.levels, column, look)]
    if stats.gone:
        told = f"{counted(stats.gone, 'answer')} to questions that are gone"
        strips += _told(f"{told} count by kind alone.", width, look, "dim")
    return strips


def _table(title: str, scores: Mapping[str, Score], column: int, look: Look) -> list[Strip]:
    strips: list[Strip] = [
        [
            Segment(f" {title.ljust(column)}", look.style("strong")),
            Segment("  right wrong", look.style("dim")),
        ],
    ]
    for name, score in scores.items():
        label = clip(words(name, look), column, look)
        wrong = score.answers - score.right
        strips.append(
            [
                *fit([Segment(f" {label}")], column + 3),
                Segment(f"{score.right:5}", look.style("right")),
                Segment(f"{wrong:6}", look.style("wrong")),
                Segment(f"  {score.share:4.0%}"),
            ]
        )
    return strips


# ── what does not stick ─────────────────────────────────────────────────────────────────────────────


def _leeches(stats: Stats, width: int, look: Look) -> list[Strip]:
    rows = [
        (f"dlprep show {leech.name}", f"missed {leech.misses} of {leech.answers}") for leech in stats.leeches
    ]
    title = f"Missed {LEECH} times or more: read these instead of being asked again"
    return _rows(title, rows, width, look) if rows else []


def _slowest(stats: Stats, width: int, look: Look) -> list[Strip]:
    rows = [
        (slow.name, f"{slow.seconds:.0f} s, mean of {counted(slow.answers, 'answer')}")
        for slow in stats.slowest
    ]
    return _rows("Slowest", rows, width, look) if rows else []


def _rows(title: str, rows: Sequence[tuple[str, str]], width: int, look: Look) -> list[Strip]:
    """Names and what is said of them: in two columns, or below each other."""
    strips = _told(f"**{title}**", width, look)
    column = max(cell_len(words(name, look)) for name, _ in rows)
    told = max(len(text) for _, text in rows)
    for name, text in rows:
        shown = words(name, look)
        if column + told + 4 <= width:
            pad = " " * (column - cell_len(shown) + 2)
            strips.append([Segment(f" {shown}{pad}"), Segment(text, look.style("dim"))])
        else:
            strips += [[Segment(" "), *line] for line in prose(shown, width - 2, look)]
            strips += [
                [Segment("   "), *line] for line in prose(text, width - 4, look, style=look.style("dim"))
            ]
    return strips


def _next(stats: Stats) -> str:
    """What to type: the quiz while it has something to ask, then what was missed most."""
    asks = stats.due[0].questions or any(topic.asked < topic.questions for topic in stats.topics)
    if stats.leeches and not asks:
        return f"dlprep show {stats.leeches[0].name}"
    return f"dlprep quiz {stats.topic}" if stats.topic else "dlprep quiz"
