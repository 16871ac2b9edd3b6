"""The plan keeps its word: simulated learners come to what it promised, and know more than others."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from dlprep import choose, library, memory, plan
from dlprep.bank import LEVELS, Entry
from dlprep.choose import Desk, Goal
from dlprep.streak import Day
from tests.learners import Learner, due_order, planned, prepare
from tests.reviews import DAY, days_after, moment

ALL = [entry for topic in library.find().topics for entry in topic.entries]
ASKED = {topic.name: topic.asked for topic in library.find().topics}


def some(count: int, seed: int = 1) -> list[Entry]:
    """Some of the shipped questions."""
    return random.Random(seed).sample(ALL, count)


def desk(entries: list[Entry], goal: Goal, learner: Learner | None = None, day: int = 0) -> Desk:
    """Where a learner stands, so many days after `DAY`."""
    states = memory.replay(learner.reviews if learner else [], days_after(day))
    pace, first = choose.paces(entries, states), choose.first_rate(states)
    return Desk(entries, states, days_after(day), goal, pace, ASKED, first)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("count", "minutes"), [(341, 20), (150, 20), (60, 10)])
def test_a_learner_who_follows_the_plan_comes_to_what_it_promised(
    count: int, minutes: int, seed: int
) -> None:
    """Thirty days on, true recall is within five points of what the plan said on its first day."""
    entries, goal = some(min(count, len(ALL)), seed), Goal(days_after(30), minutes)
    promised = plan.overall(entries, plan.forecast(desk(entries, goal), goal).followed)
    learner = Learner(random.Random(seed))
    prepare(learner, entries, goal, DAY, planned)
    assert learner.known(entries, goal.day) == pytest.approx(promised, abs=0.05)


@pytest.mark.parametrize("first", [0.25, 0.75])
def test_the_plan_learns_how_much_the_learner_knew_before(first: float) -> None:
    """For a beginner and for an expert the promise of the tenth day is within five points."""
    entries, goal = some(150), Goal(days_after(30), 20)
    learner = Learner(random.Random(4), first)
    prepare(learner, entries, Goal(days_after(10), 20), DAY, planned)
    promised = plan.overall(entries, plan.forecast(desk(entries, goal, learner, 10), goal).followed)
    prepare(learner, entries, goal, days_after(10), planned)
    assert learner.known(entries, goal.day) == pytest.approx(promised, abs=0.05)


@pytest.mark.parametrize(
    ("count", "days", "minutes", "better"),
    [
        (341, 30, 20, 0.2),
        (341, 14, 40, 0.2),
        (341, 30, 60, 0.05),
        (150, 30, 20, 0.1),
        (60, 30, 10, 0.03),
        (60, 30, 20, 0.01),
    ],
)
def test_the_plan_beats_due_order_with_the_same_minutes(
    count: int, days: int, minutes: int, better: float
) -> None:
    """Learners with the same start know more on the day than by plain FSRS: much more where time is short."""
    entries, goal = some(min(count, len(ALL))), Goal(days_after(days), minutes)
    gains = []
    for seed in (1, 2, 3):
        ours, plain = Learner(random.Random(seed)), Learner(random.Random(seed))
        prepare(ours, entries, goal, DAY, planned)
        prepare(plain, entries, goal, DAY, due_order)
        gains.append(ours.known(entries, goal.day) - plain.known(entries, goal.day))
    assert sum(gains) / len(gains) > better


@pytest.mark.parametrize("grip", [0.6, 1.6])
def test_it_beats_due_order_also_for_those_who_forget_otherwise(grip: float) -> None:
    """Who forgets faster or slower than FSRS believes still does better with the plan."""
    entries, goal = some(150), Goal(days_after(30), 20)
    ours, plain = Learner(random.Random(1), grip=grip), Learner(random.Random(1), grip=grip)
    prepare(ours, entries, goal, DAY, planned)
    prepare(plain, entries, goal, DAY, due_order)
    assert ours.known(entries, goal.day) > plain.known(entries, goal.day) + 0.03


def test_what_dlprep_makes_of_a_learner_is_a_replay_of_his_reviews() -> None:
    """The short cut that the simulation takes is none."""
    learner = Learner(random.Random(1))
    prepare(learner, some(40), Goal(days_after(9), 20), DAY, planned)
    assert learner.seen == memory.replay(learner.reviews, days_after(9))


def test_too_few_days_are_admitted_and_what_to_drop_is_named() -> None:
    """What is never asked is told: highest levels first, within them the topics interviews ask for least."""
    goal = Goal(days_after(5), 10)
    cast = plan.forecast(desk(ALL, goal), goal)
    levels = [LEVELS.index(entry.level) for entry in cast.unseen]
    assert levels == sorted(levels, reverse=True)
    assert {entry.name for entry in ALL if entry.level == "staff"} <= {entry.name for entry in cast.unseen}
    staff = [ASKED[entry.topic] for entry in cast.unseen if entry.level == "staff"]
    assert staff == sorted(staff)
    reached = {entry.level for entry in ALL} - {entry.level for entry in cast.unseen}
    assert reached <= {"junior"}


def test_the_minutes_it_says_would_do_do() -> None:
    """With as many minutes a day as it names, hardly a question is left out; with half of them many are."""
    entries = some(120)
    short = Goal(days_after(10), 10)
    enough = plan.forecast(desk(entries, short), short).enough
    for minutes, most in ((enough + 10, 0), (enough // 2, 200)):
        goal = Goal(days_after(10), minutes)
        left = len(plan.forecast(desk(entries, goal), goal).unseen)
        assert left <= most
        assert left > 0 or most == 0


def test_days_add_up() -> None:
    """Each day has its date; new questions over all days are those that are reached; minutes are kept."""
    entries, goal = some(80), Goal(days_after(12), 15)
    cast = plan.forecast(desk(entries, goal), goal)
    assert [daily.day for daily in cast.days] == [days_after(k) for k in range(12)]
    assert sum(daily.new for daily in cast.days) == pytest.approx(len(entries), abs=0.5)
    assert all(daily.minutes == pytest.approx(15, abs=1) for daily in cast.days)


def test_doing_nothing_is_told_apart() -> None:
    """Recall today, on the day if idle, on the day if followed: idle is below both."""
    entries, goal = some(60), Goal(days_after(20), 20)
    learner = Learner(random.Random(2))
    prepare(learner, entries, Goal(days_after(8), 20), DAY, planned)
    cast = plan.forecast(desk(entries, goal, learner, 8), goal)
    for topic, followed in cast.followed.items():
        assert cast.idle[topic] <= cast.today[topic] <= 1
        assert cast.idle[topic] < followed


def test_a_plan_always_comes_to_the_same() -> None:
    """The plays are seeded."""
    entries, goal = some(40), Goal(days_after(5), 20)
    assert plan.forecast(desk(entries, goal), goal) == plan.forecast(desk(entries, goal), goal)


def test_days_without_an_answer_are_missed() -> None:
    """Since the plan was made, today left out, however much was done on the others."""
    made = DAY - timedelta(days=4)
    practised = (DAY, made, days_after(-2), days_after(-9))
    some = [Day(day, moment(day), moment(day), 1, 1, 9.0) for day in practised]
    assert plan.missed(made, DAY, some) == 2
    assert plan.missed(made, DAY, []) == 4
    assert plan.missed(DAY, DAY, []) == 0


def test_what_is_left_of_today_is_what_today_holds() -> None:
    """The first day has the seconds that are left of it, the others all their minutes."""
    entries, goal = some(80), Goal(days_after(12), 15)
    for left in (0.0, 300.0):
        first, *rest = plan.forecast(desk(entries, goal), goal, left).days
        assert first.minutes == pytest.approx(left / 60, abs=1)
        assert rest[0].minutes == pytest.approx(15, abs=1)
