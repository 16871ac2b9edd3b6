"""The history: every answer ever given, in one SQLite file to which rows are only ever added."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, final

from dlprep.database import reading, writing
from dlprep.errors import DlprepError
from dlprep.review import PATIENT, Moment, Review
from dlprep.saving import RESTORE, Unsaved
from dlprep.streak import Day

__all__ = ["History", "Plan", "Unsaved"]  # Unsaved: whoever saves must expect it

# The days are walked along an index that has all of this; what was taken back is few rows.
_DAYS = """
    SELECT day,
        begun, (SELECT "offset" FROM reviews WHERE day = days.day AND at = begun AND rating IS NOT NULL),
        ended, (SELECT "offset" FROM reviews WHERE day = days.day AND at = ended AND rating IS NOT NULL),
        answers, good, took
    FROM (
        SELECT day, min(at) AS begun, max(at) AS ended,
            count(*) AS answers, sum("right") AS good, sum(min(seconds, ?)) AS took
        FROM reviews
        WHERE rating IS NOT NULL AND rowid NOT IN (
            SELECT old.rowid FROM reviews AS new JOIN reviews AS old ON old.id = new.replaces
            WHERE new.replaces IS NOT NULL
        )
        GROUP BY day
    ) AS days
    ORDER BY day
"""
_ADD_REVIEW = """
    INSERT INTO reviews VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
"""
_ADD_PLAN = "INSERT INTO plans VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"


class Plan(NamedTuple):
    """What someone prepares for.

    Attributes:
        id: a UUID, by which histories are merged.
        at: when it was made, in µs since 1970, UTC.
        offset: minutes by which the wall clock was ahead of UTC.
        day: the study day on which it was made.
        date: the day of the interview; None in a row that gives the plan up.
        minutes: to spend a day; None where that was left open.
    """

    id: str
    at: int
    offset: int
    day: dt.date
    date: dt.date | None
    minutes: int | None


@final
@dataclass(frozen=True, slots=True)
class History:
    """The history in the file `path`, which need not be there yet.

    What is refused raises DlprepError and leaves the file as it is: no database or a damaged one, another
    program's, a newer dlprep's, something that is no file, an empty one that has backups, one locked for too
    long. Reading changes nothing, except that an older file is backed up and brought up to date first.
    Writing raises Unsaved where nothing can be written.
    """

    path: Path

    def reviews(self, questions: Collection[str] | None = None) -> list[Review]:
        """All reviews, or those of the named questions, in the order (question, at, id)."""
        with reading(self.path) as connection:
            if connection is None:
                return []
            if questions is None:
                return self._built(connection.execute("SELECT * FROM reviews"))
            each = "SELECT * FROM reviews WHERE question = ?"
            connection.execute("BEGIN")  # one look at the file, not one a question
            return self._built(row for name in set(questions) for row in connection.execute(each, (name,)))

    def _built(self, rows: Iterable[tuple[Any, ...]]) -> list[Review]:
        """Rows of the table as reviews. They are sorted here because SQLite takes longer to do it."""
        days = _Days()
        found: defaultdict[str, list[Review]] = defaultdict(list)
        build = Review._make  # takes half the time of Review()
        try:
            for key, at, offset, day, name, kind, seed, reply, right, *rest in rows:
                found[name].append(
                    build((key, at, offset, days[day], name, kind, seed, reply, right == 1, *rest))
                )
        except ValueError as error:
            raise DlprepError(f"{self.path} is damaged: {error}", hint=RESTORE) from None
        return [row for name in sorted(found) for row in sorted(found[name], key=itemgetter(1, 0))]

    def end(self) -> tuple[int, str] | None:
        """The number and the id of the row that arrived last: while they stay, nothing is new."""
        found = self._first("SELECT rowid, id FROM reviews ORDER BY rowid DESC LIMIT 1")
        return (found[0], found[1]) if found else None

    def has(self, rowid: int, id: str) -> bool:  # noqa: A002  the column's name
        """Whether the row of that number is still the one with that id."""
        return self._first("SELECT 1 FROM reviews WHERE rowid = ? AND id = ?", rowid, id) is not None

    def arrived(self, after: int) -> set[str]:
        """The questions of all rows that arrived after the one with the number `after`."""
        rows = self._all("SELECT DISTINCT question FROM reviews NOT INDEXED WHERE rowid > ?", after)
        return {question for (question,) in rows}

    def days(self) -> list[Day]:
        """The study days on which something was answered that still counts, oldest first."""
        read = dt.date.fromisoformat
        return [
            Day(read(day), Moment(begun, ahead), Moment(ended, later), answers, good, took)
            for day, begun, ahead, ended, later, answers, good, took in self._all(_DAYS, PATIENT)
        ]

    def plan(self) -> Plan | None:
        """The plan made last; None where there is none or it was given up."""
        found = self._first("SELECT * FROM plans ORDER BY at DESC, id DESC LIMIT 1")
        plan = self._planned(found) if found else None
        return plan if plan and plan.date else None

    def plans(self) -> list[Plan]:
        """Every plan ever made or given up, oldest first."""
        return [self._planned(row) for row in self._all("SELECT * FROM plans ORDER BY at, id")]

    def _planned(self, row: tuple[Any, ...]) -> Plan:
        id, at, offset, day, date, minutes = row  # noqa: A001  the column's name
        try:
            read = dt.date.fromisoformat
            return Plan(id, at, offset, read(day), read(date) if date else None, minutes)
        except ValueError as error:
            raise DlprepError(f"{self.path} is damaged: {error}", hint=RESTORE) from None

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with reading(self.path) as connection:
            return connection.execute(query, values).fetchall() if connection else []

    def _first(self, query: str, *values: object) -> tuple[Any, ...] | None:
        return next(iter(self._all(query, *values)), None)

    def append(self, reviews: Sequence[Review]) -> None:
        """Save reviews, all or none: on the disk when it returns. Those already there stay as they are."""
        self.add(reviews, ())

    def set_plan(self, plan: Plan) -> None:
        """Save a plan, or that it is given up."""
        self.add((), (plan,))

    def add(self, reviews: Iterable[Review], plans: Iterable[Plan]) -> None:
        """Save both, all or none. What is there already by its id stays as it is."""
        with writing(self.path) as connection:
            connection.executemany(_ADD_REVIEW, map(_row, reviews))
            connection.executemany(_ADD_PLAN, map(_row, plans))


class _Days(dict[str, dt.date]):
    """The day that each text stands for."""

    def __missing__(self, text: str) -> dt.date:
        day = self[text] = dt.date.fromisoformat(text)
        return day


def _row(row: Review | Plan) -> tuple[object, ...]:
    """What is stored: days as text."""
    return tuple(value.isoformat() if isinstance(value, dt.date) else value for value in row)
