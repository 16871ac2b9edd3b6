"""What a plan comes to: the days until the interview played out beforehand, by the quiz's own rules.

Each day's questions are chosen as `dlprep quiz` would choose them, and each is answered by chance: right with
the probability that it is remembered. What a few such plays come to on the day is what can be expected.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import fmean
from typing import NamedTuple

from dlprep import memory
from dlprep.bank import LEVELS, Entry
from dlprep.choose import Desk, Goal, choose
from dlprep.memory import State
from dlprep.review import AGAIN, GOOD
from dlprep.streak import Day

SEED = 20  # of the plays, so that one plan always comes to the same
PLAYS = 6  # for up to TURNS questions; fewer where there are more, whose mean varies less
TURNS = 2_000


class Daily(NamedTuple):
    """What is planned for one day; means over the plays.

    Attributes:
        day: the study day.
        new: questions asked for the first time.
        again: questions asked before.
        minutes: all of them take.
    """

    day: date
    new: float
    again: float
    minutes: float


class Foresight(NamedTuple):
    """How good the expectations were so far.

    Attributes:
        repeats: answers to questions that were answered on a day before.
        expected: their mean expected recall when they were asked.
        recalled: the share of them that was right.
    """

    repeats: int
    expected: float
    recalled: float


class Forecast(NamedTuple):
    """What following a plan comes to.

    Attributes:
        days: from today to the day before the interview.
        today: expected recall of each topic today; a question never asked counts as not known.
        idle: the same on the day of the interview, if nothing more is done.
        followed: the same on that day, if the plan is followed.
        foresight: how good the expectations were so far.
        unseen: the questions that are never asked in most plays, those to drop first at the front.
        enough: minutes a day that asking every question once would take at least.
    """

    days: tuple[Daily, ...]
    today: Mapping[str, float]
    idle: Mapping[str, float]
    followed: Mapping[str, float]
    foresight: Foresight
    unseen: tuple[Entry, ...]
    enough: int


def forecast(desk: Desk, goal: Goal, left: float | None = None) -> Forecast:
    """What can be expected of following the plan to `goal` from where the learner stands at `desk`.

    `left` is what is left of today, in seconds; a whole day's minutes where it is not given.
    """
    desk = desk._replace(goal=goal)
    plays = max(1, min(PLAYS, PLAYS * TURNS // max(1, len(desk.entries))))
    played = [play(desk, goal, random.Random(SEED + turn), left) for turn in range(plays)]
    reached = Counter(name for states, _ in played for name in states)
    unseen = [entry for entry in desk.entries if reached[entry.name] * 2 < plays]
    unseen.sort(key=lambda entry: (-LEVELS.index(entry.level), desk.asked.get(entry.topic, 0.0), entry.topic))
    followed = [recalls(desk.entries, states, goal.day) for states, _ in played]
    days = [
        Daily(same[0].day, *(fmean(daily[k] for daily in same) for k in (1, 2, 3)))
        for same in zip(*(dailies for _, dailies in played), strict=True)
    ]
    return Forecast(
        tuple(days),
        recalls(desk.entries, desk.states, desk.today),
        recalls(desk.entries, desk.states, goal.day),
        {topic: fmean(one[topic] for one in followed) for topic in followed[0]},
        foresight(desk.entries, desk.states),
        tuple(unseen),
        _enough(desk, goal),
    )


def play(
    desk: Desk, goal: Goal, chance: random.Random, left: float | None = None
) -> tuple[dict[str, State], list[Daily]]:
    """One play of the days until the interview: the states they lead to, and what was asked on each day."""
    states = dict(desk.states)
    dailies = []
    for ahead in range(goal.left(desk.today)):
        day = desk.today + timedelta(days=ahead)
        there = desk._replace(states=states, today=day)
        whole = 60.0 * goal.minutes
        picks = choose(there, None, chance, seconds=whole if ahead or left is None else left)
        new = sum(pick.entry.name not in states for pick in picks)
        minutes = sum(there.seconds(pick.entry) for pick in picks) / 60
        dailies.append(Daily(day, new, len(picks) - new, minutes))
        for pick in picks:
            state = states.get(pick.entry.name)
            right = chance.random() < (memory.recall(state, day) if state else desk.first)
            states[pick.entry.name] = _answered(state, day, right=right)
    return states, dailies


def _answered(state: State | None, day: date, *, right: bool) -> State:
    """The state after an answer; a missed question comes back in the same session and is right then."""
    if right:
        return memory.reviewed(state, GOOD, day)
    return memory.reviewed(memory.reviewed(state, AGAIN, day), GOOD, day)


def missed(made: date, today: date, days: Iterable[Day]) -> int:
    """On how many days since the plan was made, today not counted, nothing was answered."""
    practised = {day.day for day in days if made <= day.day < today}
    return max(0, (today - made).days) - len(practised)


def foresight(entries: Iterable[Entry], states: Mapping[str, State]) -> Foresight:
    """What was expected of these questions, and what came of it."""
    found = [states[entry.name] for entry in entries if entry.name in states]
    repeats = sum(state.repeats for state in found)
    expected, recalled = sum(state.foreseen for state in found), sum(state.recalled for state in found)
    return Foresight(repeats, expected / max(1, repeats), recalled / max(1, repeats))


def recalls(entries: Iterable[Entry], states: Mapping[str, State], day: date) -> dict[str, float]:
    """Expected recall of each topic on a day: the mean over its questions, 0 for one never asked."""
    by_topic: dict[str, list[float]] = {}
    for entry in entries:
        state = states.get(entry.name)
        by_topic.setdefault(entry.topic, []).append(memory.recall(state, day) if state else 0.0)
    return {topic: fmean(recall) for topic, recall in by_topic.items()}


def overall(entries: Sequence[Entry], by_topic: Mapping[str, float]) -> float:
    """Expected recall over all questions, from that of each topic."""
    counts = Counter(entry.topic for entry in entries)
    return sum(by_topic[topic] * count for topic, count in counts.items()) / max(1, len(entries))


def _enough(desk: Desk, goal: Goal) -> int:
    """Minutes a day, in fives, that asking every question once takes at least."""
    left = goal.left(desk.today)
    unseen = sum(desk.seconds(entry) for entry in desk.entries if entry.name not in desk.states)
    return 5 * math.ceil(unseen / (300 * left)) if left else 0
