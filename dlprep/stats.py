"""Where someone stands, counted from all their answers: pure, and without replaying any of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import NamedTuple

from dlprep import memory, plan
from dlprep.bank import KINDS, LEVELS, Entry
from dlprep.choose import Desk, Goal
from dlprep.memory import AHEAD
from dlprep.plan import Foresight
from dlprep.review import PATIENT, Moment, Review, standing
from dlprep.streak import Day, streak

DAYS = 14  # days of which it is told what is due
SLOWEST = 5  # questions
TIMES = 2  # answers without which a question is not called slow


class Score(NamedTuple):
    """How many answers there were, and how many of them were right."""

    answers: int
    right: int

    @property
    def share(self) -> float:
        """The part that was right; 0 where there was no answer."""
        return self.right / self.answers if self.answers else 0.0


class Standing(NamedTuple):
    """One topic.

    Attributes:
        name: the topic's.
        questions: how many there are.
        asked: how many of them were ever asked.
        today: expected recall today; a question never asked counts as not known.
        then: the same on the day of the interview, if nothing more is done; None without a plan.
        score: of all its answers.
    """

    name: str
    questions: int
    asked: int
    today: float
    then: float | None
    score: Score


class Due(NamedTuple):
    """How many questions become due on a day."""

    day: date
    questions: int


class Leech(NamedTuple):
    """A question that is missed again and again."""

    name: str
    misses: int
    answers: int


class Slow(NamedTuple):
    """A question that takes long: the mean seconds of its timed answers."""

    name: str
    seconds: float
    answers: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Where someone stands.

    Attributes:
        today: the study day.
        goal: the interview, if one is planned.
        topic: the only topic that this is about; None for all.
        days: the study days on which something was answered, oldest first.
        streak: days in a row up to now.
        longest: the most there ever were.
        topics: each topic, in the order of the banks.
        kinds: the answers to questions of each kind.
        levels: the answers to questions of each level, as far as the questions still exist.
        gone: answers to questions that no longer exist, which count under their kind alone.
        due: the questions due today, with those overdue, and on each day after it.
        leeches: the most missed first.
        slowest: the slowest first.
        foresight: how good the expectations were so far.
    """

    today: date
    goal: Goal | None
    topic: str | None
    days: tuple[Day, ...]
    streak: int
    longest: int
    topics: tuple[Standing, ...]
    kinds: Mapping[str, Score]
    levels: Mapping[str, Score]
    gone: int
    due: tuple[Due, ...]
    leeches: tuple[Leech, ...]
    slowest: tuple[Slow, ...]
    foresight: Foresight

    @property
    def score(self) -> Score:
        """All answers, those to questions that no longer exist among them."""
        return Score(sum(day.answers for day in self.days), sum(day.right for day in self.days))

    @property
    def seconds(self) -> float:
        """Spent on all answers, from question to reply."""
        return sum(day.seconds for day in self.days)


def gather(reviews: Iterable[Review], desk: Desk, now: Moment, topic: str | None = None) -> Stats:
    """All reviews counted, or those of one topic; `desk` has every question there is.

    Answers taken back do not count, nor do those dated later than tomorrow, by a clock that was wrong.
    """
    entries = [entry for entry in desk.entries if topic in (None, entry.topic)]
    rows = [row for row in standing(reviews) if row.day <= now.day + AHEAD and topic in (None, _topic(row))]
    known = {entry.name: entry for entry in entries}
    days = _days(rows)
    kept = [row for row in rows if row.question in known]
    return Stats(
        now.day,
        desk.goal,
        topic,
        days,
        streak(days, now),
        _longest(days),
        tuple(_standings(entries, kept, desk)),
        _scores(((row.kind, row.right) for row in rows), KINDS),
        _scores(((known[row.question].level, row.right) for row in kept), LEVELS),
        len(rows) - len(kept),
        _due(entries, desk),
        _leeches(entries, desk),
        _slowest(kept),
        plan.foresight(entries, desk.states),
    )


def _topic(row: Review) -> str:
    return row.question.partition("/")[0]


def _days(rows: Sequence[Review]) -> tuple[Day, ...]:
    """The days of reviews that are given in the order of time."""
    by_day: dict[date, list[Review]] = defaultdict(list)
    for row in rows:
        by_day[row.day].append(row)
    return tuple(
        Day(
            day,
            each[0].moment,
            each[-1].moment,
            len(each),
            sum(row.right for row in each),
            sum(min(row.seconds, PATIENT) for row in each),
        )
        for day, each in sorted(by_day.items())
    )


def _longest(days: Sequence[Day]) -> int:
    """The most days in a row: from the last day back, one run after another."""
    left = sorted(days, key=lambda day: day.last.at)
    longest = 0
    while left:
        run = streak(left, left[-1].last)
        longest = max(longest, run)
        del left[-run:]
    return longest


def _standings(entries: Sequence[Entry], rows: Iterable[Review], desk: Desk) -> Iterable[Standing]:
    today = plan.recalls(entries, desk.states, desk.today)
    then = plan.recalls(entries, desk.states, desk.goal.day) if desk.goal else {}
    scores = _scores(((_topic(row), row.right) for row in rows), today)
    questions = Counter(entry.topic for entry in entries)
    asked = Counter(entry.topic for entry in entries if entry.name in desk.states)
    for name, recall in today.items():
        score = scores.get(name, Score(0, 0))
        yield Standing(name, questions[name], asked[name], recall, then.get(name), score)


def _scores(answers: Iterable[tuple[str, bool]], order: Iterable[str]) -> dict[str, Score]:
    """What there were answers to, in this order; what is not in it comes last."""
    count, right = Counter[str](), Counter[str]()
    for name, well in answers:
        count[name] += 1
        right[name] += well
    names = [*order, *sorted(set(count) - set(order))]
    return {name: Score(count[name], right[name]) for name in names if count[name]}


def _due(entries: Iterable[Entry], desk: Desk) -> tuple[Due, ...]:
    target = desk.target
    states = (desk.states.get(entry.name) for entry in entries)
    count = Counter(max(desk.today, memory.due(state, target)) for state in states if state)
    days = (desk.today + timedelta(days=ahead) for ahead in range(DAYS))
    return tuple(Due(day, count[day]) for day in days)


def _leeches(entries: Iterable[Entry], desk: Desk) -> tuple[Leech, ...]:
    states = ((entry.name, desk.states.get(entry.name)) for entry in entries)
    found = [Leech(name, state.misses, state.answers) for name, state in states if state and state.leech]
    return tuple(sorted(found, key=lambda leech: (-leech.misses, leech.name)))


def _slowest(rows: Iterable[Review]) -> tuple[Slow, ...]:
    """By the mean of its answers; those that took no second came through a pipe."""
    taken: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        if row.seconds >= 1:
            taken[row.question].append(min(row.seconds, PATIENT))
    slow = [Slow(name, fmean(each), len(each)) for name, each in taken.items() if len(each) >= TIMES]
    return tuple(sorted(slow, key=lambda one: (-one.seconds, one.name))[:SLOWEST])
