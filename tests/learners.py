"""Simulated learners: they forget by a seeded model and answer whole sessions, day after day.

A learner's memory is not what dlprep believes it to be. It follows FSRS's equations, but each learner has a
`grip` of his own, forgets faster (below 1) or slower than the library's average, and has his own chance of
knowing what he was never asked. dlprep only sees the answers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import fmean

from dlprep import choose, memory
from dlprep.bank import Entry
from dlprep.choose import Desk, Goal
from dlprep.memory import State
from dlprep.review import AGAIN, GOOD, Review
from dlprep.session import RETURNS
from tests.reviews import noon, review

PACE = {kind: usual + choose.READING for kind, usual in choose.SECONDS.items()}


@dataclass
class Learner:
    """Somebody who answers.

    Attributes:
        chance: of each answer.
        first: the probability of knowing what was never asked.
        grip: how much longer than average a memory lasts.
        own: his own memory of each question, which dlprep does not see.
        seen: what dlprep makes of his answers: what a replay of the reviews comes to, kept up to date.
        reviews: his history, which it does.
    """

    chance: random.Random
    first: float = 0.5
    grip: float = 1.0
    own: dict[str, State] = field(default_factory=dict)
    seen: dict[str, State] = field(default_factory=dict)
    reviews: list[Review] = field(default_factory=list)

    def recall(self, name: str, day: date) -> float:
        """The true probability of answering right."""
        state = self.own.get(name)
        if state is None:
            return self.first
        return memory.recall(state._replace(stability=self.grip * state.stability), day)

    def answer(self, entry: Entry, day: date) -> bool:
        """Answer a question, learn from it, and leave a review behind."""
        right = self.chance.random() < self.recall(entry.name, day)
        rating = GOOD if right else AGAIN
        seconds = choose.SECONDS[entry.kind]
        self.own[entry.name] = memory.reviewed(self.own.get(entry.name), rating, day)
        self.seen[entry.name] = memory.reviewed(self.seen.get(entry.name), rating, day, seconds)
        number = len(self.reviews)
        self.reviews.append(
            review(
                str(number),
                question=entry.name,
                day=day,
                at=noon(day) + number,
                rating=rating,
                kind=entry.kind,
                seconds=seconds,
            )
        )
        return right

    def known(self, entries: Sequence[Entry], day: date) -> float:
        """The true mean recall; what was never asked counts as not known, as in the plan."""
        return fmean(self.recall(entry.name, day) if entry.name in self.own else 0.0 for entry in entries)


Policy = Callable[[Desk, random.Random], Sequence[Entry]]


def planned(desk: Desk, chance: random.Random) -> Sequence[Entry]:
    """What `dlprep quiz` asks under a plan."""
    assert desk.goal
    picks = choose.choose(desk, None, chance, seconds=60.0 * desk.goal.minutes)
    return [pick.entry for pick in picks]


def due_order(desk: Desk, _chance: random.Random) -> Sequence[Entry]:
    """Plain FSRS: what is due at 0.9, longest due first, then new questions as they stand in the banks."""
    states = desk.states
    due = [e for e in desk.entries if e.name in states and memory.due(states[e.name]) <= desk.today]
    due.sort(key=lambda entry: memory.due(states[entry.name]))
    return [*due, *(entry for entry in desk.entries if entry.name not in states)]


def prepare(learner: Learner, entries: Sequence[Entry], goal: Goal, start: date, policy: Policy) -> None:
    """Practise every day from `start` to the day before the interview, the goal's minutes and no more."""
    for ahead in range(goal.left(start)):
        day = start + timedelta(days=ahead)
        states = dict(learner.seen)
        desk = Desk(entries, states, day, goal, choose.paces(entries, states), {}, choose.first_rate(states))
        left = 60.0 * goal.minutes
        for entry in policy(desk, learner.chance):
            for _ in range(1 + RETURNS):  # what is missed comes back, whatever the policy
                if left > 0:
                    left -= PACE[entry.kind]
                    if learner.answer(entry, day):
                        break
