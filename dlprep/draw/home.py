"""The first screen: what there is, where one stands, and three things to type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment

from dlprep.choose import Goal
from dlprep.draw.dates import dated
from dlprep.draw.outlook import warning
from dlprep.draw.palette import Look
from dlprep.draw.prose import prose
from dlprep.draw.strip import Strip, words
from dlprep.number import counted

ROOM = 30  # columns that what is said of a command takes at least; else it goes below it
AHEAD = timedelta(weeks=3)  # to the day of the interview in the example of a plan


class Stand(NamedTuple):
    """Where the learner stands.

    Attributes:
        goal: the interview, if one is planned.
        missed: days without an answer since the plan was made.
        streak: days in a row.
        due: questions due now; under a plan those that today still has room for.
        seconds: they take, about; under a plan with the new ones.
        new: questions never asked that today still has room for; without a plan all that are left.
        weakest: topics and the expected recall of what was asked of them, the weakest first.
        next: the day on which a question becomes due next; None where something is due, or nothing was asked.
        spent: whether today's minutes of the plan are spent.
        today: whether this is the day of the interview.
    """

    goal: Goal | None
    missed: int
    streak: int
    due: int
    seconds: float
    new: int
    weakest: Sequence[tuple[str, float]]
    next: date | None
    spent: bool = False
    today: bool = False


class Home(NamedTuple):
    """All that the first screen shows.

    Attributes:
        today: the study day.
        topics: how many there are.
        questions: how many there are.
        core: how many of them are core.
        experiments: how many there are.
        demo: the experiment to watch.
        shows: what it shows, in a sentence.
        stand: where the learner stands; None before the first answer, or where the history cannot be used.
        problem: why it cannot be used; "" where it can.
        hint: what to do about it.
        unsaved: the history's place where it cannot be written; "" where it can.
    """

    today: date
    topics: int
    questions: int
    core: int
    experiments: int
    demo: str
    shows: str
    stand: Stand | None
    problem: str = ""
    hint: str = ""
    unsaved: str = ""


def page(home: Home, width: int, look: Look) -> list[Strip]:
    """The whole screen."""
    counts = [
        "**dlprep**",
        counted(home.topics, "topic"),
        counted(home.questions, "question"),
        counted(home.experiments, "experiment"),
    ]
    strips = [[], *_told(" · ".join(counts), width, look)]
    if home.problem:
        strips += [*warning(home.problem, width, look), *_told(home.hint, width, look)]
    elif home.unsaved:
        strips += warning(f"{home.unsaved} cannot be written: what you answer is not saved", width, look)
    if home.stand:
        strips += _stand(home.stand, home.today, width, look)
    elif not home.problem:
        strips += _told("Nothing answered yet: ten minutes are enough to begin with.", width, look)
    return [*strips, [], *_commands(list(_offers(home)), width, look), []]


def _told(text: str, width: int, look: Look) -> list[Strip]:
    return [[Segment(" "), *line] for line in prose(text, width - 2, look)]


# ── where the learner stands ────────────────────────────────────────────────────────────────────────


def _stand(stand: Stand, today: date, width: int, look: Look) -> list[Strip]:
    streak = [f"{stand.streak}-day streak"] if stand.streak else []
    now = list(_now(stand, today))
    if stand.today:
        streak = ["**Interview today.** You have done what you could: good luck", *streak]
    lines = [[*_plan(stand.goal, stand.missed, today), *streak], now] if stand.goal else [[*now, *streak]]
    strips = [strip for line in lines for strip in _told(" · ".join(line), width, look)]
    if stand.weakest:
        weakest = ", ".join(f"{topic} {recall:.0%}" for topic, recall in stand.weakest)
        strips += _told(f"Weakest of what was asked: {weakest}", width, look)
    return strips


def _plan(goal: Goal, missed: int, today: date) -> list[str]:
    left = goal.left(today)
    when = "tomorrow" if left == 1 else f"in {left} days"
    kept = f"{counted(missed, 'day')} missed so far" if missed else "on plan"
    return [f"**Interview {when}** ({dated(goal.day, today)})", kept]


def _now(stand: Stand, today: date) -> Iterator[str]:
    """What there is to do: what is due, and under a plan what is new today."""
    minutes = f"about {counted(max(1, round(stand.seconds / 60)), 'minute')}"
    if stand.spent:
        yield "Today's minutes are spent"
    elif stand.due:
        yield f"**Due now {stand.due:,}**" + ("" if stand.goal else f" ({minutes})")
    elif stand.goal and stand.next and stand.next >= stand.goal.day:
        yield "Nothing due before the interview"
    elif stand.next:
        ahead = (stand.next - today).days
        yield f"Nothing due until {'tomorrow' if ahead == 1 else dated(stand.next, today)}"
    else:
        yield "Nothing due"
    if stand.goal and stand.new:
        yield f"{stand.new:,} new today"
    if stand.goal and (stand.due or stand.new):
        yield minutes


# ── what to type ────────────────────────────────────────────────────────────────────────────────────


def _offers(home: Home) -> Iterator[tuple[str, str]]:
    """Three commands and what each does."""
    watch = (f"dlprep demo {home.demo}", home.shows)
    if home.problem:
        yield watch
        yield "dlprep topics", "what there is"
        yield "dlprep quiz --help", "how the quiz works"
    elif not home.stand:
        yield "dlprep quiz --core", f"the {counted(home.core, 'question')} that everyone starts with"
        yield watch
        yield f"dlprep plan --date {home.today + AHEAD}", "fix the day of the interview"
    else:
        yield _quiz(home.stand)
        yield watch
        yield "dlprep stats", "where you stand"


def _quiz(stand: Stand) -> tuple[str, str]:
    if stand.due:
        return "dlprep quiz", "answer what is due"
    if stand.new:
        return "dlprep quiz", "answer new questions"
    return "dlprep quiz --only weak", "answer what is shakiest"


def _commands(offers: Sequence[tuple[str, str]], width: int, look: Look) -> list[Strip]:
    """Commands and what they do, side by side, or below each other where it is narrow."""
    column = max(cell_len(words(command, look)) for command, _ in offers)
    beside = 3 + column + 2 + ROOM <= width
    strips: list[Strip] = []
    for command, told in offers:
        typed = words(command, look)
        if beside:
            first = [Segment("   "), Segment(typed, look.style("code"))]
            first.append(Segment(" " * (column - cell_len(typed) + 2)))
            lines = prose(told, min(width, 88) - column - 6, look)
            strips += [[*first, *lines[0]], *([Segment(" " * (column + 5)), *line] for line in lines[1:])]
        else:
            strips += [[Segment("  "), *x] for x in prose(f"`{command}`", width - 3, look)]
            strips += [[Segment("    "), *x] for x in prose(told, width - 5, look, style=look.style("dim"))]
    return strips
