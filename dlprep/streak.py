"""Days in a row, as the one who practised lived them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dlprep.review import Moment, study_day


class Day(NamedTuple):
    """A study day on which something was answered; answers taken back do not count.

    Attributes:
        day: the study day.
        first: the moment of its first answer.
        last: the moment of its last.
        answers: how many there were.
        right: how many of them were right.
        seconds: spent on them, from question to reply, ten minutes each at most.
    """

    day: date
    first: Moment
    last: Moment
    answers: int
    right: int
    seconds: float


def streak(days: Sequence[Day], now: Moment) -> int:
    """How many days in a row, up to today or yesterday, something was answered; `days` in any order.

    A day follows another when it does so on the wall clock of either: who flies east over the date line
    loses a date but no day, and who flies west lives one date twice.
    """
    count, after = 0, now
    for day in sorted(days, key=lambda each: each.last.at, reverse=True):
        if day.last.at > now.at and day.day > now.day:
            continue  # from a clock that was wrong
        if not _follows(day.last, after):
            break
        count += 1
        after = day.first
    return count


def _follows(last: Moment, after: Moment) -> bool:
    """Whether no whole day lies between; today itself need not have come to anything yet."""
    gaps = (
        (study_day(after.at, offset) - study_day(last.at, offset)).days
        for offset in (last.offset, after.offset)
    )
    return min(*gaps, (after.day - last.day).days) <= 1
