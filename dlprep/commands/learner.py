"""What the commands know of the learner: the history, what is remembered of it, and the plan."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dlprep import choose, library
from dlprep.bank import Entry
from dlprep.choose import READING, Desk, Goal
from dlprep.clean import clean
from dlprep.database import lost
from dlprep.history import History
from dlprep.library import Library
from dlprep.number import counted
from dlprep.remembered import Remembered, remembered
from dlprep.review import Moment
from dlprep.streak import Day

HISTORY = "history.db"


class Learner(NamedTuple):
    """A person's history and what it comes to now.

    Attributes:
        history: where answers are kept.
        memory: what is remembered of them.
        goal: the interview, while it lies ahead.
        made: the study day on which that was planned.
        interview: the day of the last plan, though it be past.
        now: the moment.
    """

    history: History
    memory: Remembered
    goal: Goal | None
    made: date | None
    interview: date | None
    now: Moment

    def desk(self, found: Library, entries: Sequence[Entry]) -> Desk:
        """All that choosing among these questions looks at."""
        whole = all_entries(found)
        pace = choose.paces(whole, self.memory.states)
        asked = {topic.name: topic.asked for topic in found.topics}
        first = choose.first_rate(self.memory.states)
        return Desk(entries, self.memory.states, self.now.day, self.goal, pace, asked, first, whole)


def history() -> History:
    """The history, which need not exist yet."""
    return History(library.home() / HISTORY)


def learner(now: Moment) -> Learner:
    """The learner as of now. Answers dated later than tomorrow are told of in one line.

    Raises:
        DlprepError: the history is there but cannot be used.
    """
    kept = history()
    if lost(kept.path):
        told = f"there are backups of {kept.path}, but it is gone; `dlprep doctor` restores one"
        print(f"dlprep: {clean(told)}", file=sys.stderr)
    memory = remembered(kept, library.cache_folder(), now.day)
    if memory.waiting:
        later = counted(len(memory.waiting), "question")
        told = (
            f"the clock says {now.day}, but {later} had answers after that, which count when their day comes"
        )
        print(f"dlprep: {told}; set the clock if it is wrong", file=sys.stderr)
    plan = kept.plan()
    goal = Goal(plan.date, plan.minutes or choose.MINUTES) if plan and plan.date else None
    if goal and not goal.left(now.day):
        goal = None
    interview = plan.date if plan else None
    return Learner(kept, memory, goal, plan.day if plan and goal else None, interview, now)


def nobody(now: Moment) -> Learner:
    """A learner of whom nothing is known."""
    return Learner(history(), Remembered(), None, None, None, now)


def seconds_left(goal: Goal, days: Sequence[Day], today: date) -> float:
    """What is left of today's minutes; below 0 when more was done."""
    spent = sum(day.seconds + READING * day.answers for day in days if day.day == today)
    return 60 * goal.minutes - spent


def all_entries(found: Library) -> list[Entry]:
    """Every question there is, as the index lists it."""
    return [entry for topic in found.topics for entry in topic.entries]
