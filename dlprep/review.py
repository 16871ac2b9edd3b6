"""A review: one answered question, as the history keeps it. Everything else is derived from reviews.

Times are microseconds since 1970 in UTC, with the minutes by which the wall clock was ahead of it, so that
the day on which an answer was given stays what it was, whatever zone it is read in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from operator import itemgetter
from typing import NamedTuple

AGAIN, HARD, GOOD, EASY = RATINGS = (1, 2, 3, 4)
RATING_NAMES = {AGAIN: "Again", HARD: "Hard", GOOD: "Good", EASY: "Easy"}
PATIENT = 600.0  # seconds that an answer counts for at most: whoever took longer was away
ROLLOVER = 4  # the hour at which a study day begins: an answer at 3:59 still belongs to yesterday
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Moment(NamedTuple):
    """A point in time and the wall clock there: µs since 1970 in UTC, minutes the wall clock is ahead."""

    at: int
    offset: int

    @property
    def day(self) -> date:
        """The study day, which begins at 4 in the morning by the wall clock."""
        return study_day(self.at, self.offset)


class Review(NamedTuple):
    """One answer, or one taken back.

    Attributes:
        id: a UUID, by which histories are merged.
        at: when, in µs since 1970, UTC.
        offset: minutes by which the wall clock was ahead of UTC.
        day: the study day.
        question: `topic/id`.
        kind: the question's kind when it was asked.
        seed: of the numbers and the order in which it was shown, so that it can be shown again.
        reply: the reply as JSON text.
        right: whether it was marked right; False in a row that takes one back.
        share: how much of it was right, 0 … 1.
        rating: 1 Again, 2 Hard, 3 Good, 4 Easy; None in a row that only takes one back.
        seconds: from the question to the reply.
        replaces: the id of the review that this one corrects or takes back.
    """

    id: str
    at: int
    offset: int
    day: date
    question: str
    kind: str
    seed: int
    reply: str
    right: bool
    share: float
    rating: int | None
    seconds: float
    replaces: str | None = None

    @property
    def moment(self) -> Moment:
        """When it was, and on what wall clock."""
        return Moment(self.at, self.offset)


def study_day(at: int, offset: int) -> date:
    """The day that an answer at `at` µs, on a wall clock `offset` minutes ahead of UTC, belongs to."""
    return (EPOCH + timedelta(microseconds=at, minutes=offset - 60 * ROLLOVER)).date()


def standing(reviews: Iterable[Review]) -> list[Review]:
    """The reviews that count, in the order of time: without those corrected or taken back."""
    rows = list(reviews)
    gone = {row.replaces for row in rows if row.replaces}
    kept = [row for row in rows if row.rating is not None and row.id not in gone]
    return sorted(kept, key=itemgetter(1, 0))  # at, id
