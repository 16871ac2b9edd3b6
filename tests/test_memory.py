"""What is remembered: equal to the fsrs library on any history, and sane on any clock."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta, timezone

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlprep import memory
from dlprep.memory import LEECH, State
from dlprep.review import AGAIN, EASY, GOOD, HARD, RATINGS, Review
from tests.reviews import DAY, days_after, noon, review

LATER = days_after(10_000)
HISTORIES = st.lists(st.tuples(st.integers(0, 60), st.sampled_from(RATINGS)), min_size=1, max_size=25)


def rows(gaps: list[tuple[int, int]], question: str = "zoo/one") -> list[Review]:
    """Reviews with so many days before each, rated so."""
    day, made = DAY, []
    for number, (gap, rating) in enumerate(gaps):
        day += timedelta(days=gap)
        made.append(
            review(f"{question} {number}", question=question, day=day, at=noon(day) + number, rating=rating)
        )
    return made


def library_card(gaps: list[tuple[int, int]], retention: float = 0.9) -> fsrs.Card:
    """The card that the library itself comes to."""
    scheduler = fsrs.Scheduler(
        desired_retention=retention, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )
    when = datetime(DAY.year, DAY.month, DAY.day, tzinfo=timezone.utc)
    card = fsrs.Card(card_id=1, due=when)
    for gap, rating in gaps:
        when += timedelta(days=gap)
        card, _ = scheduler.review_card(card, fsrs.Rating(rating), when)
    return card


@given(HISTORIES)
def test_states_equal_the_librarys(gaps: list[tuple[int, int]]) -> None:
    """Stability, difficulty and the due day are those of fsrs, whatever the history."""
    state = memory.replay(rows(gaps), LATER)["zoo/one"]
    card = library_card(gaps)
    assert (state.stability, state.difficulty) == (card.stability, card.difficulty)
    assert memory.due(state) == card.due.date()


@given(HISTORIES, st.floats(0.5, 0.99))
def test_another_retention_moves_the_due_day_as_the_library_would(
    gaps: list[tuple[int, int]], retention: float
) -> None:
    """The state does not depend on the target; the day does, as in fsrs."""
    state = memory.replay(rows(gaps), LATER)["zoo/one"]
    assert memory.due(state, retention) == library_card(gaps, retention).due.date()


@given(HISTORIES, st.integers(0, 400))
def test_recall_equals_the_librarys(gaps: list[tuple[int, int]], ahead: int) -> None:
    """R is the library's retrievability, days ahead."""
    state = memory.replay(rows(gaps), LATER)["zoo/one"]
    card = library_card(gaps)
    assert card.last_review
    when = card.last_review + timedelta(days=ahead)
    there = memory.recall(state, state.day + timedelta(days=ahead))
    assert there == pytest.approx(fsrs.Scheduler().get_card_retrievability(card, when), rel=1e-12)


@given(HISTORIES)
def test_one_answer_at_a_time_comes_to_the_same_as_a_replay(gaps: list[tuple[int, int]]) -> None:
    """What a session remembers is what the next start replays."""
    state: State | None = None
    for row in rows(gaps):
        state = memory.reviewed(state, row.rating or AGAIN, row.day, row.seconds)
    assert state == memory.replay(rows(gaps), LATER)["zoo/one"]


@given(st.lists(HISTORIES, min_size=1, max_size=4), st.randoms())
def test_the_order_of_arrival_does_not_matter(
    histories: list[list[tuple[int, int]]], chance: random.Random
) -> None:
    """Reviews of several questions, shuffled, come to the same states."""
    made = [row for k, gaps in enumerate(histories) for row in rows(gaps, f"zoo/{k}")]
    before = memory.replay(made, LATER)
    chance.shuffle(made)
    assert memory.replay(made, LATER) == before


def test_the_constants_are_the_librarys() -> None:
    """The forgetting curve's decay is that of the library's weights."""
    assert fsrs.Scheduler().parameters[20] == memory.DECAY


def test_answers_of_one_study_day_are_no_days_apart() -> None:
    """Late in the evening and early next morning are two days; two hours within one day are none."""
    evening = review("a", day=DAY, at=noon(DAY) + 10 * 3600 * 10**6)
    morning = review("b", day=days_after(1), at=noon(DAY) + 17 * 3600 * 10**6)
    apart = memory.replay([evening, morning], LATER)["zoo/one"]
    same = memory.replay([evening, morning._replace(day=DAY)], LATER)["zoo/one"]
    assert apart.day == days_after(1)
    assert apart.stability > same.stability


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(1970, 1, 1), date(2099, 6, 1)])
def test_a_wrong_clock_makes_no_negative_interval(day: date) -> None:
    """Set back or far ahead: recall stays a probability, the next day lies ahead of the last."""
    made = [review("a", day=DAY), review("b", day=day, at=noon(DAY) + 1), review("c", day=days_after(1))]
    state = memory.replay(made, LATER)["zoo/one"]
    assert 0 < memory.recall(state, date(1970, 1, 1)) <= 1
    assert memory.due(state) > state.day


def test_answers_of_the_future_wait_for_their_day() -> None:
    """They neither count nor hide what was known before; tomorrow's, from a flight west, count."""
    made = [review("a", day=DAY, rating=1), review("b", day=days_after(70), at=noon(days_after(70)))]
    assert memory.replay(made, DAY)["zoo/one"].answers == 1
    assert memory.waiting(made, DAY) == {"zoo/one"}
    assert memory.replay(made, days_after(69))["zoo/one"].answers == 2
    assert memory.waiting(made, days_after(69)) == set()


def test_a_leech_is_missed_eight_times() -> None:
    """Seven misses are not enough, and right answers between them do not help."""
    gaps = [(1, AGAIN), (1, GOOD)] * (LEECH - 1)
    assert not memory.replay(rows(gaps), LATER)["zoo/one"].leech
    assert memory.replay(rows([*gaps, (1, AGAIN)]), LATER)["zoo/one"].leech


def test_a_state_counts_and_times_its_answers() -> None:
    """First and last rating, misses, and seconds, whoever was away for hours counting for ten minutes."""
    made = [review("a", rating=HARD, seconds=20), review("b", at=noon(DAY) + 1, rating=AGAIN, seconds=9999)]
    state = memory.replay(made, LATER)["zoo/one"]
    assert (state.answers, state.misses, state.first, state.last) == (2, 1, HARD, AGAIN)
    assert state.seconds == 620


def test_what_was_foreseen_is_counted_with_what_came_of_it() -> None:
    """R before each answer that came a day or more after the last, and how many of these were right."""
    made = rows([(0, GOOD), (0, AGAIN), (3, GOOD), (9, AGAIN), (0, GOOD)])
    seen = [memory.replay(made[:count], LATER)["zoo/one"] for count in range(1, 6)]
    assert [state.repeats for state in seen] == [0, 0, 1, 2, 2]
    assert [state.recalled for state in seen] == [0, 0, 1, 1, 1]
    expected = memory.recall(seen[1], days_after(3)) + memory.recall(seen[2], days_after(12))
    assert seen[-1].foreseen == pytest.approx(expected)


def test_a_lower_target_waits_longer_and_none_for_ever() -> None:
    """Intervals fall with the target, are whole days of at least one, and have an end."""
    spans = [memory.interval(5.0, target) for target in (0.0, 0.1, 0.6, 0.9, 0.99, 1.0)]
    assert spans == sorted(spans, reverse=True)
    assert spans[0] == spans[1] == memory.LONGEST
    assert spans[3:] == [5, 1, 1]


def test_better_ratings_come_back_later() -> None:
    """Each key promises an interval at least as long as the one before it."""
    for state in (None, memory.replay(rows([(0, 3), (5, 3)]), LATER)["zoo/one"]):
        days = memory.intervals(state, days_after(12))
        assert list(days) == list(RATINGS)
        assert list(days.values()) == sorted(days.values())
        assert days[EASY] > days[AGAIN]


@pytest.mark.parametrize(
    ("kind", "right", "seconds", "rating"),
    [
        ("choice", False, 1.0, AGAIN),
        ("choice", True, 5.0, EASY),
        ("choice", True, 60.0, GOOD),
        ("choice", True, None, GOOD),
        ("numeric", True, 14.0, EASY),
        ("order", True, 500.0, GOOD),
        ("recall", True, 0.1, GOOD),
        ("refute", False, 0.1, AGAIN),
    ],
)
def test_ratings_follow_from_the_verdict(kind: str, right: bool, seconds: float | None, rating: int) -> None:
    """Wrong is Again, right Good, right and fast Easy; words are never Easy, nor is what nobody timed."""
    assert memory.rating(kind, right=right, seconds=seconds, words=20) == rating
