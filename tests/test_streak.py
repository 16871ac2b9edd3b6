"""Days in a row survive travel and daylight saving, and nothing else."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from dlprep.review import Moment
from dlprep.streak import Day, streak

Answer = tuple[str, float]  # a time in UTC, and hours the wall clock was ahead


def moment(utc: str, hours: float) -> Moment:
    """A moment from a time in UTC."""
    at = datetime.fromisoformat(utc).replace(tzinfo=timezone.utc).timestamp()
    return Moment(int(at) * 10**6, round(60 * hours))


def days(*answers: Answer) -> list[Day]:
    """Study days made of single answers."""
    by_day: dict[date, list[Moment]] = {}
    for utc, hours in answers:
        when = moment(utc, hours)
        by_day.setdefault(when.day, []).append(when)
    return [Day(day, min(found), max(found), len(found), 0, 1.0) for day, found in by_day.items()]


@pytest.mark.parametrize(
    ("answers", "now", "count"),
    [
        ([], ("2026-11-23T12:00", 0), 0),
        ([("2026-11-23T10:00", 0)], ("2026-11-23T12:00", 0), 1),
        ([("2026-11-22T10:00", 0)], ("2026-11-23T12:00", 0), 1),  # today is not over
        ([("2026-11-21T10:00", 0)], ("2026-11-23T12:00", 0), 0),
        (
            [("2026-11-20T10:00", 0), ("2026-11-22T10:00", 0), ("2026-11-23T10:00", 0)],
            ("2026-11-23T12:00", 0),
            2,
        ),
        # just before and just after 4 in the morning are two days; 23 hours and 50 minutes are none
        ([("2026-11-22T03:59", 0), ("2026-11-22T04:00", 0)], ("2026-11-22T05:00", 0), 2),
        # clocks go back: 25 hours and 59 minutes between two evenings
        ([("2026-10-24T20:00", 2), ("2026-10-25T21:59", 1)], ("2026-10-25T22:00", 1), 2),
        # Honolulu on Monday evening, Tokyo on Wednesday evening: 29 hours, and no Tuesday in them
        ([("2026-11-24T06:00", -10), ("2026-11-25T11:00", 9)], ("2026-11-25T12:00", 9), 2),
        # the same dates without the flight are a day missed
        ([("2026-11-24T06:00", -10), ("2026-11-26T06:00", -10)], ("2026-11-26T07:00", -10), 1),
        # Tokyo on Wednesday, Honolulu on the same Wednesday, later
        ([("2026-11-25T01:00", 9), ("2026-11-26T01:00", -10)], ("2026-11-26T02:00", -10), 1),
        ([("2026-11-25T01:00", 9), ("2026-11-27T01:00", -10)], ("2026-11-27T02:00", -10), 2),
    ],
)
def test_a_streak(answers: list[Answer], now: Answer, count: int) -> None:
    """One day follows another when no whole day lies between, on the wall clock of either."""
    assert streak(days(*answers), moment(*now)) == count
    assert streak(list(reversed(days(*answers))), moment(*now)) == count


def test_an_answer_of_the_future_breaks_no_streak() -> None:
    """A clock that was once wrong is passed over."""
    answers = [("2026-11-22T10:00", 0.0), ("2026-11-23T10:00", 0.0), ("2099-01-01T10:00", 0.0)]
    assert streak(days(*answers), moment("2026-11-23T12:00", 0)) == 2
