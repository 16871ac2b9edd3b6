"""Reviews: what day they belong to, and which of them count."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from dlprep.review import Review, standing, study_day
from tests.reviews import DAY, review


def micros(text: str) -> int:
    """A time in UTC as µs since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp()) * 10**6


@pytest.mark.parametrize(
    ("utc", "offset", "day"),
    [
        ("2026-12-01T03:59:59", 0, "2026-11-30"),
        ("2026-12-01T04:00:00", 0, "2026-12-01"),
        ("2026-12-01T02:59:59", 60, "2026-11-30"),
        ("2026-12-01T03:00:00", 60, "2026-12-01"),
        ("2026-12-01T09:00:00", -300, "2026-12-01"),
        ("2026-12-01T08:59:00", -300, "2026-11-30"),
        ("2026-03-01T03:59:59", 0, "2026-02-28"),
        ("1970-01-01T04:00:00", 0, "1970-01-01"),
        ("2099-12-31T23:00:00", 840, "2100-01-01"),
    ],
)
def test_a_study_day_begins_at_four_by_the_wall_clock(utc: str, offset: int, day: str) -> None:
    """The day changes exactly at 4:00 where the answer was given, whatever UTC says."""
    assert study_day(micros(utc), offset) == date.fromisoformat(day)


def test_one_moment_in_two_zones_can_be_two_days() -> None:
    """The offset is what tells the day, so it is kept with each review."""
    at = micros("2026-12-01T10:00:00")
    assert study_day(at, 9 * 60) - study_day(at, -10 * 60) == timedelta(days=1)


def test_reviews_stand_in_the_order_of_time_whatever_order_they_come_in() -> None:
    """Time orders, and of two at one time the id."""
    rows = [review("c", at=2), review("b", at=1), review("a", at=2)]
    assert [row.id for row in standing(rows)] == ["b", "a", "c"]
    assert standing(reversed(rows)) == standing(rows)


def test_an_answer_taken_back_does_not_count() -> None:
    """Neither the answer stands, nor the row that takes it back."""
    taken = review("b", at=2, rating=None, replaces="a")
    assert standing([review("a", at=1), taken, review("c", at=3)]) == [review("c", at=3)]
    assert standing([taken, review("a", at=1)]) == []


def test_a_corrected_answer_counts_once_as_corrected() -> None:
    """The later rating stands in place of the first; taken back, neither does."""
    first, better = review("a", at=1, rating=1), review("b", at=2, rating=3, replaces="a")
    assert standing([better, first]) == [better]
    assert standing([better, first, review("c", at=3, rating=None, replaces="b")]) == []


def test_a_review_knows_its_moment() -> None:
    """Its day is that of its moment."""
    row: Review = review("a", at=5, day=DAY)
    assert row.moment.at == 5
    assert row.moment.day == study_day(5, 0)
