"""Made-up reviews for tests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from dlprep.review import Moment, Review

DAY = date(2026, 11, 23)


def noon(day: date) -> int:
    """Noon of a day in UTC, µs since 1970."""
    return int(datetime.combine(day, time(12), timezone.utc).timestamp()) * 10**6


def moment(day: date) -> Moment:
    """Noon of a day, in UTC."""
    return Moment(noon(day), 0)


def review(
    name: str = "r",
    *,
    question: str = "zoo/one",
    day: date = DAY,
    at: int | None = None,
    rating: int | None = 3,
    kind: str = "choice",
    seconds: float = 10.0,
    replaces: str | None = None,
) -> Review:
    """A review of a question, by default right, at noon of its day."""
    right = rating is not None and rating > 1
    when = noon(day) if at is None else at
    return Review(name, when, 0, day, question, kind, 7, "{}", right, float(right), rating, seconds, replaces)


def days_after(count: int) -> date:
    """The day that many days after `DAY`."""
    return DAY + timedelta(days=count)
