"""Which question next: what is due, then new ones, easier before harder, topics in turn."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlprep import choose, memory
from dlprep.bank import KINDS, LEVELS, Entry
from dlprep.choose import Desk, Goal, Only, Wanted
from dlprep.memory import RETENTION, State
from dlprep.review import AGAIN, GOOD
from tests.reviews import DAY, days_after

TOPICS = ("cnn", "cost", "rnn")
ENTRIES = [
    Entry(topic, f"{level}-{number}", KINDS[number % 5], level, number == 0)
    for topic in TOPICS
    for level in LEVELS
    for number in range(4)
]
PACE = choose.paces([], {})


def state(stability: float, ago: int, last: int = GOOD, misses: int = 0) -> State:
    """What is remembered of a question answered so many days ago."""
    return State(stability, 5.0, DAY - timedelta(days=ago), 3, misses, GOOD, last, 60.0)


def desk(states: dict[str, State] | None = None, goal: Goal | None = None) -> Desk:
    """A learner on `DAY`."""
    return Desk(ENTRIES, states or {}, DAY, goal, PACE, {"cnn": 8.0, "cost": 2.0})


def picked(where: Desk, only: Only | None = None, count: int | None = 10, seed: int = 1) -> list[choose.Pick]:
    """What is chosen."""
    return choose.choose(where, only, random.Random(seed), count=count)


def test_what_is_due_comes_before_what_is_new() -> None:
    """Due questions fill the session first; new ones fill what is left."""
    states = {"cnn/mid-0": state(2, 9), "rnn/junior-1": state(1, 3), "cost/staff-2": state(500, 3)}
    chosen = picked(desk(states), count=5)
    assert [pick.why for pick in chosen] == ["due", "due", "new", "new", "new"]
    assert {pick.entry.name for pick in chosen[:2]} == {"cnn/mid-0", "rnn/junior-1"}


def test_harder_levels_come_after_easier_ones_and_topics_take_turns() -> None:
    """Within what is due, and within what is new; no topic twice in a row while others are left."""
    states = {entry.name: state(1, 20) for entry in ENTRIES[::2]}
    for why in ("due", "new"):
        chosen = [pick.entry for pick in picked(desk(states), count=None) if pick.why == why]
        levels = [LEVELS.index(entry.level) for entry in chosen]
        assert levels == sorted(levels)
        for level in LEVELS:
            topics = [entry.topic for entry in chosen if entry.level == level]
            assert all(a != b for a, b in pairwise(topics))


def test_new_questions_are_the_easiest_of_the_topics_that_interviews_ask_for() -> None:
    """A short session takes junior questions, more of them from the topic asked for more often."""
    chosen = [pick.entry for pick in picked(desk(), count=6)]
    assert {entry.level for entry in chosen} == {"junior"}
    counts = [sum(entry.topic == topic for entry in chosen) for topic in TOPICS]
    assert counts[0] == 4
    assert counts[1] >= counts[2]


def test_the_most_forgotten_are_chosen_when_not_all_due_ones_fit() -> None:
    """Without an interview, lowest recall first, weighed by the time they take."""
    states = {entry.name: state(1 + k, 30) for k, entry in enumerate(ENTRIES) if entry.kind == "recall"}
    names = {pick.entry.name for pick in picked(desk(states), "due", count=3)}
    assert names == set(list(states)[:3])


def test_only_narrows_down() -> None:
    """Due, new and all are what they say; weak is what was seen, shakiest first."""
    states = {"cnn/mid-0": state(2, 9), "rnn/junior-1": state(90, 1), "cost/mid-0": state(0.1, 1)}
    names = {
        only: {pick.entry.name for pick in picked(desk(states), only, None)}
        for only in ("due", "new", "weak")
    }
    assert names["due"] == {"cnn/mid-0", "cost/mid-0"}
    assert names["weak"] == set(states)
    assert names["new"] == {entry.name for entry in ENTRIES} - set(states)
    assert len(picked(desk(states), "all", None)) == len(ENTRIES)
    ranked = [pick.entry.name for pick in choose.ranked(desk(states), "weak", random.Random(0))]
    assert ranked == ["cost/mid-0", "cnn/mid-0", "rnn/junior-1"]


def test_nothing_is_asked_twice_and_a_seed_repeats_the_choice() -> None:
    """Each question stands in at most one part; the same seed chooses the same in the same order."""
    states = {entry.name: state(1 + k % 9, k % 7) for k, entry in enumerate(ENTRIES[::3])}
    where = desk(states, Goal(days_after(9), 30))
    chosen = picked(where, count=None)
    assert len({pick.entry.name for pick in chosen}) == len(chosen)
    assert chosen == picked(where, count=None)
    assert chosen != picked(where, count=None, seed=2)


def test_what_was_answered_today_is_not_asked_again_today() -> None:
    """Neither as due nor ahead of time, however weak it is."""
    states = {entry.name: state(0.01, 0, AGAIN) for entry in ENTRIES}
    assert picked(desk(states)) == []
    assert picked(desk(states, Goal(days_after(1), 600))) == []


# ── towards an interview ────────────────────────────────────────────────────────────────────────────


def test_the_target_follows_the_date() -> None:
    """No time but for what is new: 0.6. All seen: 0.9 as ever. Between them, in proportion."""
    assert desk().target == RETENTION
    assert desk(goal=Goal(days_after(2), 5)).target == pytest.approx(0.6)
    half = desk(goal=Goal(days_after(10), 20)).target
    assert 0.6 < half < desk(goal=Goal(days_after(20), 20)).target < RETENTION
    seen = {entry.name: state(5, 1) for entry in ENTRIES}
    assert desk(seen, Goal(days_after(2), 5)).target == RETENTION
    assert desk(goal=Goal(DAY, 20)).target == RETENTION


def test_the_share_is_what_new_questions_take_of_the_time_left() -> None:
    """The minutes of the unseen over all minutes left, counted by hand, sets the target."""
    where = desk(goal=Goal(days_after(10), 20))
    unseen = sum(1.5 * PACE[entry.kind] for entry in ENTRIES)  # half of them are missed and asked again
    assert where.share == pytest.approx(unseen / (10 * 20 * 60))
    assert where.target == pytest.approx(0.9 - 0.3 * where.share)


def test_asking_about_one_topic_divides_the_day_no_otherwise() -> None:
    """The share, and so what is due, is that of all questions, whichever are asked about."""
    where = desk(goal=Goal(days_after(10), 20))
    some = where._replace(entries=ENTRIES[:4], whole=ENTRIES)
    assert some.share == where.share > where._replace(entries=ENTRIES[:4]).share


def test_a_day_is_divided_between_due_and_new() -> None:
    """In any stretch from the start new questions have their share of the time, give or take a question."""
    states = {entry.name: state(1, 200) for entry in ENTRIES[::2]}
    where = desk(states, Goal(days_after(10), 10))
    assert 0.2 < where.share < 0.5
    time = {"due": 0.0, "new": 0.0}
    longest = max(map(where.seconds, ENTRIES))
    for pick in list(choose.ranked(where, None, random.Random(1)))[: len(ENTRIES) // 2]:
        time[pick.why] += where.seconds(pick.entry)
        assert time["new"] == pytest.approx(where.share * sum(time.values()), abs=longest)
    assert min(time.values()) > longest
    alone = [pick.why for pick in choose.ranked(desk(states), None, random.Random(1))]
    assert alone == sorted(alone)  # without an interview: all that is due, then all that is new


def test_before_an_interview_the_shaky_are_asked_ahead_of_time() -> None:
    """Not due yet, but below 0.98 on the day; what will be sure then is left alone."""
    shaky, sure = "cnn/mid-0", "rnn/mid-0"
    states = {entry.name: state(5000, 1) for entry in ENTRIES}
    states |= {shaky: state(9, 3), sure: state(300, 3)}
    chosen = picked(desk(states, Goal(days_after(12), 60)), count=None)
    assert [(pick.entry.name, pick.why) for pick in chosen] == [(shaky, "ahead")]
    assert picked(desk(states), count=None) == []


def test_the_minutes_are_kept() -> None:
    """As many as fit, counting the return of those that are likely missed; the last may be cut by half."""
    where = desk(goal=Goal(days_after(30), 10))
    chosen = choose.choose(where, None, random.Random(1), seconds=600)
    spent = [where.seconds(pick.entry) for pick in chosen]
    assert abs(sum(spent) - 600) <= max(map(where.seconds, ENTRIES)) / 2
    assert choose.choose(where, None, random.Random(1), seconds=0) == []
    assert choose.choose(where, None, random.Random(1), seconds=-60) == []


def test_no_time_left_is_told_apart_from_nothing_left_to_ask() -> None:
    """What is sure until the day is not waiting for time; one question never asked is."""
    goal = Goal(days_after(5), 20)
    sure = {entry.name: state(1e6, 1) for entry in ENTRIES}
    assert not choose.anything(desk(sure, goal))
    del sure[ENTRIES[7].name]
    assert choose.anything(desk(sure, goal))
    assert choose.choose(desk(sure, goal), None, random.Random(1), seconds=0) == []


def test_a_new_question_takes_one_and_a_half_turns_and_a_sure_one_one() -> None:
    """In so far as a question is likely missed, it is asked again, and that takes time too."""
    entry = ENTRIES[0]
    assert desk().seconds(entry) == 1.5 * PACE[entry.kind]
    assert desk({entry.name: state(1e6, 1)}).seconds(entry) == pytest.approx(PACE[entry.kind], rel=1e-3)


def test_the_pace_is_learned() -> None:
    """With many answers it is their mean; before, what is usual; the reading comes on top."""
    usual = choose.paces(ENTRIES, {})
    assert usual["choice"] == choose.SECONDS["choice"] + choose.READING
    states = {entry.name: state(1, 1)._replace(answers=100, seconds=800.0) for entry in ENTRIES}
    assert choose.paces(ENTRIES, states)["choice"] == pytest.approx(8 + choose.READING, abs=0.5)


@given(
    st.dictionaries(
        st.sampled_from([e.name for e in ENTRIES]), st.tuples(st.floats(0.01, 900), st.integers(0, 90))
    )
)
def test_due_is_what_memory_calls_due(known: dict[str, tuple[float, int]]) -> None:
    """The due part is exactly the questions whose due day has come."""
    states = {name: state(stability, ago) for name, (stability, ago) in known.items()}
    due = {pick.entry.name for pick in picked(desk(states), "due", None)}
    assert due == {name for name, each in states.items() if memory.due(each) <= DAY}


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 48),
        (Wanted(kinds=frozenset({"choice"})), 12),
        (Wanted(levels=frozenset({"mid", "staff"})), 24),
        (Wanted(core=True), 12),
        (Wanted(frozenset({"choice"}), frozenset({"mid"}), core=True), 3),
        (Wanted(frozenset({"numeric"}), core=True), 0),
    ],
)
def test_wishes_narrow_down_together(wanted: Wanted, count: int) -> None:
    """Kind, level and core all have to agree; an empty wish allows all."""
    assert sum(wanted.allows(entry) for entry in ENTRIES) == count
