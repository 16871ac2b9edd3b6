"""Which question next, and why: pure, from what is remembered and how near the interview is.

Throughout:
    R        expected recall of a question, on a day
    target   the R below which a question is due
    share    of the time left until the interview, what asking every new question once would take, 0 … 1

Without an interview the target is FSRS's 0.9; due questions come first, then new ones. With one, each day is
divided: its `share` is for new questions, the rest for due ones, and the target is 0.9 − 0.3 · share: while
there is much to see, only what is nearly forgotten is repeated; once all was seen, 0.9 as ever. Among due
questions come first those with the most to gain on the day: (1 − R on the day) per second. The rule was
found with simulated learners (tests/learners.py): of a dozen, it left them knowing most almost everywhere.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from dlprep import memory
from dlprep.bank import LEVELS, Entry
from dlprep.memory import RETENTION, State
from dlprep.review import AGAIN

Only: TypeAlias = Literal["due", "new", "weak", "all"]
Why: TypeAlias = Literal["due", "new", "ahead", "weak", "all", "again"]

MINUTES = 20  # a day, where a plan names none
ORDER: tuple[Why, ...] = ("due", "new", "ahead", "weak", "all", "again")  # in a session
SECONDS = {"choice": 25.0, "numeric": 60.0, "recall": 75.0, "refute": 60.0, "order": 40.0}  # before we know
READING = 15.0  # seconds for the answer and its evidence, after the reply
DIP = 0.3  # by which the target falls while new questions need all the time there is
KNOWN = 10  # answers that weigh as much as what was assumed before
FIRST = 0.5  # the chance that a new question is answered right, before we know
SURE = 0.98  # R on the day above which a question is not asked ahead of time
COMMON = 1.0  # percent of interviews, for a topic that nobody counted


class Wanted(NamedTuple):
    """Which questions may be asked; an empty set allows all."""

    kinds: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    core: bool = False

    def allows(self, entry: Entry) -> bool:
        """Whether a question is among the wanted ones."""
        return (
            (not self.kinds or entry.kind in self.kinds)
            and (not self.levels or entry.level in self.levels)
            and (entry.core or not self.core)
        )


class Goal(NamedTuple):
    """The day of the interview, and the minutes a day until then."""

    day: date
    minutes: int

    def left(self, today: date) -> int:
        """The days on which there is still something to do, today included; 0 on the day itself."""
        return max(0, (self.day - today).days)


class Pick(NamedTuple):
    """A question that is chosen, and why."""

    entry: Entry
    why: Why


class Desk(NamedTuple):
    """All that choosing looks at.

    Attributes:
        entries: the questions that may be asked.
        states: what is remembered, by name; other questions' states do no harm.
        today: the study day.
        goal: the interview, if one is planned.
        pace: seconds a question of each kind takes, with reading its answer.
        asked: for each topic the percentage of interview questions that are about it.
        first: the chance that a new question is answered right.
        whole: every question there is, where `entries` are only some; the day is divided by these.
    """

    entries: Sequence[Entry]
    states: Mapping[str, State]
    today: date
    goal: Goal | None
    pace: Mapping[str, float]
    asked: Mapping[str, float]
    first: float = FIRST
    whole: Sequence[Entry] = ()

    @property
    def horizon(self) -> date:
        """The day that recall is to be high on: the interview's, or today."""
        return max(self.today, self.goal.day) if self.goal else self.today

    @property
    def target(self) -> float:
        """The recall below which a question is due."""
        return RETENTION - DIP * self.share

    @property
    def share(self) -> float:
        """The part of the time left that asking every new question once would take; 0 without a goal."""
        left = self.goal.left(self.today) if self.goal else 0
        if not self.goal or not left:
            return 0.0
        whole = self.whole or self.entries
        unseen = sum(self.seconds(entry) for entry in whole if entry.name not in self.states)
        return min(1.0, unseen / (60.0 * self.goal.minutes * left))

    def seconds(self, entry: Entry) -> float:
        """How long a question takes: its pace, and once more in so far as it is missed and comes back."""
        state = self.states.get(entry.name)
        return self.pace[entry.kind] * (2 - (memory.recall(state, self.today) if state else self.first))


def paces(entries: Iterable[Entry], states: Mapping[str, State]) -> dict[str, float]:
    """Seconds a question of each kind takes: as measured, blended with what is usual, and the reading."""
    spent = {kind: KNOWN * usual for kind, usual in SECONDS.items()}
    answers = dict.fromkeys(SECONDS, KNOWN)
    for entry in entries:
        state = states.get(entry.name)
        if state:
            spent[entry.kind] += state.seconds
            answers[entry.kind] += state.answers
    return {kind: spent[kind] / answers[kind] + READING for kind in SECONDS}


def first_rate(states: Mapping[str, State]) -> float:
    """The chance that a new question is answered right: as so far, blended with a guess."""
    right = sum(state.first > AGAIN for state in states.values())
    return (FIRST * KNOWN + right) / (KNOWN + len(states))


def choose(
    desk: Desk,
    only: Only | None,
    chance: random.Random,
    *,
    count: int | None = None,
    seconds: float | None = None,
) -> list[Pick]:
    """What to ask: the foremost `count`, or as many as fit `seconds`, in the order to ask them in.

    Without `only` that is what is due and what is new, then, before an interview, what would be shaky on the
    day. In a session what is due comes first. Within each of these, harder levels come after easier ones, and
    topics take turns.
    """
    taken: list[Pick] = []
    left = seconds
    for pick in ranked(desk, only, chance):
        if count is not None and len(taken) >= count:
            break
        if left is not None:
            takes = desk.seconds(pick.entry)
            if left < takes / 2:  # so that days keep to their minutes on the whole
                break
            left -= takes
        taken.append(pick)
    parts: dict[Why, list[Entry]] = {why: [] for why in ORDER}
    for pick in taken:
        parts[pick.why].append(pick.entry)
    return [Pick(entry, why) for why, part in parts.items() for entry in _arranged(part, chance)]


def anything(desk: Desk) -> bool:
    """Whether there would be something to ask, were there time for it."""
    return next(ranked(desk, None, random.Random(0)), None) is not None


def ranked(desk: Desk, only: Only | None, chance: random.Random) -> Iterator[Pick]:
    """All questions that may be asked now, the most useful first."""
    match only:
        case None:
            yield from _divided(_due(desk), _new(desk), desk)
            if desk.goal:
                yield from _ahead(desk)
        case "due":
            yield from _due(desk)
        case "new":
            yield from _new(desk)
        case "weak":
            seen = [entry for entry in desk.entries if entry.name in desk.states]
            seen.sort(key=lambda entry: memory.recall(desk.states[entry.name], desk.horizon))
            yield from (Pick(entry, "weak") for entry in seen)
        case "all":
            entries = list(desk.entries)
            chance.shuffle(entries)
            yield from (Pick(entry, "all") for entry in _turns(entries))


def _divided(due: Sequence[Pick], new: Sequence[Pick], desk: Desk) -> Iterator[Pick]:
    """Due and new questions, each with its part of the time from the start on, while both last."""
    share = desk.share if desk.goal else 0.0
    waiting, unseen = deque(due), deque(new)
    on_due = on_new = 0.0  # seconds
    while waiting or unseen:
        if waiting and (not unseen or on_due * share <= on_new * (1 - share)):
            pick = waiting.popleft()
            on_due += desk.seconds(pick.entry)
        else:
            pick = unseen.popleft()
            on_new += desk.seconds(pick.entry)
        yield pick


def _due(desk: Desk) -> list[Pick]:
    target = desk.target
    due = [entry for entry in desk.entries if _is_due(desk.states.get(entry.name), target, desk.today)]
    return [Pick(entry, "due") for entry in _by_gain(due, desk)]


def _is_due(state: State | None, target: float, today: date) -> bool:
    return state is not None and memory.due(state, target) <= today


def _ahead(desk: Desk) -> list[Pick]:
    """What is not due yet, but would be shaky on the day; nothing that was answered today."""
    target = desk.target
    seen = [(entry, desk.states.get(entry.name)) for entry in desk.entries]
    shaky = [
        entry
        for entry, state in seen
        if state
        and state.day < desk.today < memory.due(state, target)
        and memory.recall(state, desk.horizon) < SURE
    ]
    return [Pick(entry, "ahead") for entry in _by_gain(shaky, desk)]


def _by_gain(entries: Sequence[Entry], desk: Desk) -> list[Entry]:
    """Those first that are most forgotten on the day, by the second they take."""

    def gain(entry: Entry) -> float:
        return (1 - memory.recall(desk.states[entry.name], desk.horizon)) / desk.seconds(entry)

    return sorted(entries, key=gain, reverse=True)


def _new(desk: Desk) -> list[Pick]:
    """Easier levels first; within a level topics take turns, those that interviews ask for more often.

    A topic's questions come in the order of its bank, so that home, plan and quiz speak of the same ones.
    """
    entries = [entry for entry in desk.entries if entry.name not in desk.states]
    turn: dict[tuple[str, str], int] = {}
    placed = []
    for entry in entries:
        group = (entry.level, entry.topic)
        turn[group] = turn.get(group, 0) + 1
        often = desk.asked.get(entry.topic) or COMMON
        placed.append((LEVELS.index(entry.level), turn[group] / often, entry))
    placed.sort(key=lambda place: place[:2])
    return [Pick(entry, "new") for _, _, entry in placed]


def _arranged(entries: Sequence[Entry], chance: random.Random) -> list[Entry]:
    """Harder levels after easier ones; within a level topics take turns, in a random order."""
    arranged: list[Entry] = []
    for level in LEVELS:
        part = [entry for entry in entries if entry.level == level]
        chance.shuffle(part)
        arranged += _turns(part)
    return arranged


def _turns(entries: Sequence[Entry]) -> list[Entry]:
    """The entries with topics taking turns, each topic's in the order given."""
    piles: dict[str, list[Entry]] = {}
    for entry in entries:
        piles.setdefault(entry.topic, []).append(entry)
    longest = max(map(len, piles.values()), default=0)
    return [pile[turn] for turn in range(longest) for pile in piles.values() if turn < len(pile)]
