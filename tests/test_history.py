"""The history keeps every row it was given, in order, and tells what counts."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from dlprep.history import History, Plan
from dlprep.review import Moment, Review, standing
from tests.reviews import DAY, days_after, noon, review

# Appends for ever and says after each how many it has saved.
ENDLESS = """
import itertools, sys
from pathlib import Path
from dlprep.history import History
from tests.reviews import review
history = History(Path(sys.argv[1]))
for number in itertools.count(1):
    history.append([review(f"{sys.argv[2]}-{number}")])
    print(number, flush=True)
"""


@pytest.fixture
def history(tmp_path: Path) -> History:
    """A history that is not there yet."""
    return History(tmp_path / "data" / "history.db")


def plan(name: str, at: int, interview: date | None) -> Plan:
    """A plan made at noon of `DAY`, and so many µs."""
    return Plan(name, noon(DAY) + at, 0, DAY, interview, 20)


def test_what_was_saved_is_read_back(history: History) -> None:
    """Every field comes back as it was, of its own type."""
    row = Review(
        "a", noon(DAY), -90, DAY, "zoo/é", "numeric", 2**31, '{"text": "π"}', True, 0.25, 4, 1.5, "b"
    )
    history.append([row, row._replace(id="b", right=False, rating=None, replaces=None)])
    found = history.reviews()
    assert found == [row, row._replace(id="b", right=False, rating=None, replaces=None)]
    assert [type(value) for value in found[0]] == [type(value) for value in row]


def test_nothing_there_is_an_empty_history_and_stays_nothing(history: History) -> None:
    """Reading makes no file and no folder."""
    assert not any((history.reviews(), history.reviews(["zoo/one"]), history.days(), history.plans()))
    assert history.end() is None
    assert history.plan() is None
    assert history.arrived(0) == set()
    assert not history.has(1, "a")
    assert not history.path.parent.exists()


def test_only_the_user_may_read_it(history: History) -> None:
    """The folder is made 0700 and the file 0600."""
    history.append([review()])
    assert history.path.parent.stat().st_mode & 0o777 == 0o700
    assert history.path.stat().st_mode & 0o777 == 0o600


def test_reviews_are_sorted_by_question_time_and_id(history: History) -> None:
    """Whatever order they arrived in."""
    rows = [review(f"{at}{q}", question=f"zoo/{q}", at=noon(DAY) + at // 2) for q in "cab" for at in range(6)]
    history.append(random.Random(1).sample(rows, len(rows)))
    assert history.reviews() == sorted(rows, key=lambda row: (row.question, row.at, row.id))


def test_reviews_of_some_questions_are_those_and_no_others(history: History) -> None:
    """Names that nobody answered, and a name given twice, change nothing."""
    history.append([review(q, question=f"zoo/{q}") for q in "abc"])
    assert [row.id for row in history.reviews(["zoo/c", "zoo/a", "zoo/none", "zoo/c"])] == ["a", "c"]
    assert history.reviews([]) == []


def test_appending_again_changes_nothing(history: History) -> None:
    """A row is known by its id, and the first to come stays."""
    history.append([review("a")])
    history.append([review("a", rating=1), review("b")])
    assert history.reviews() == [review("a"), review("b")]


def test_all_of_an_append_is_saved_or_nothing(history: History) -> None:
    """A row that cannot be stored takes those before it along."""
    history.append([review("a")])
    with pytest.raises(TypeError):
        history.append([review("b"), None])  # type: ignore[list-item]  # a bug of the caller's
    assert [row.id for row in history.reviews()] == ["a"]


def test_the_end_says_what_arrived_since(history: History) -> None:
    """`end` moves with each append, and `arrived` names the questions behind it."""
    history.append([review("b", question="zoo/b")])
    end = history.end()
    assert end == (1, "b")
    history.append([review("a", question="zoo/a"), review("c", question="zoo/c")])
    assert history.end() == (3, "c")
    assert history.arrived(end[0]) == {"zoo/a", "zoo/c"}
    assert history.arrived(3) == set()


def test_a_row_is_recognised_by_its_number_and_id(history: History) -> None:
    """`has` is true of the row that stands there and of no other."""
    history.append([review("a"), review("b")])
    assert history.has(2, "b")
    assert not history.has(2, "a")
    assert not history.has(3, "b")


def test_the_newest_plan_counts_until_it_is_given_up(history: History) -> None:
    """Newest by time, then by id, in whatever order they arrived."""
    interview = days_after(30)
    for made in (plan("c", 5, interview), plan("a", 9, None), plan("b", 9, interview), plan("z", 1, None)):
        history.set_plan(made)
    assert history.plan() == plan("b", 9, interview)
    history.set_plan(plan("d", 10, None))
    assert history.plan() is None
    assert [made.id for made in history.plans()] == ["z", "c", "a", "b", "d"]


def test_days_are_those_of_the_reviews_that_stand(history: History) -> None:
    """First, last and sums agree with `standing`, whatever was corrected or taken back."""
    chance = random.Random(3)
    rows: list[Review] = []
    for number in range(300):
        day = DAY + timedelta(days=chance.randrange(40))
        old = chance.choice(rows).id if rows and chance.random() < 0.4 else None
        rating = None if old and chance.random() < 0.7 else 1 + number % 4
        at = noon(day) + chance.randrange(10**9)
        row = review(f"{number}", day=day, at=at, rating=rating, replaces=old, seconds=number / 4)
        rows.append(row._replace(offset=chance.randrange(-60, 60)))
    history.append(rows)
    expected = []
    for day in sorted({row.day for row in standing(rows)}):
        of_day = [row for row in standing(rows) if row.day == day]
        sums = len(of_day), sum(row.right for row in of_day), sum(row.seconds for row in of_day)
        expected.append((day, of_day[0].moment, of_day[-1].moment, *sums))
    assert [tuple(day) for day in history.days()] == expected
    assert isinstance(history.days()[0].first, Moment)


def test_a_day_whose_only_answer_was_taken_back_is_none(history: History) -> None:
    """An undone row leaves no day behind."""
    history.append([review("a"), review("b", day=days_after(1))])
    history.append([review("c", day=days_after(1), rating=None, replaces="b")])
    assert [day.day for day in history.days()] == [DAY]


def test_a_kill_loses_no_answer_that_was_saved(history: History) -> None:
    """Killed at ten odd moments, every acknowledged row is there and the file is whole."""
    chance = random.Random(11)
    saved = 0
    for turn in range(10):
        command = [sys.executable, "-c", ENDLESS, str(history.path), str(turn)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout
            stop = chance.randrange(1, 12)
            for line in child.stdout:
                if int(line) >= stop:
                    break
            for _ in range(chance.randrange(2000)):
                pass  # some part of the next append
            child.kill()
            acknowledged = stop + sum(1 for _ in child.stdout)
        saved += acknowledged
        rows = len(history.reviews())
        assert saved <= rows <= saved + 1  # the last may have been saved and not said so
        saved = rows
    with closing(sqlite3.connect(history.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_file_deleted_meanwhile_is_begun_anew(history: History) -> None:
    """No connection outlives an operation, so nothing is written to a file that is gone."""
    history.append([review("a")])
    history.path.unlink()
    assert history.reviews() == []
    history.append([review("b")])
    assert [row.id for row in history.reviews()] == ["b"]


def test_many_at_once_lose_nothing(history: History) -> None:
    """Four programs that append at the same time, to a file not there before, all succeed."""
    script = ENDLESS.replace("itertools.count(1)", "range(1, 11)")
    command = [sys.executable, "-c", script, str(history.path)]
    children = [subprocess.Popen([*command, str(uuid.uuid4())], stdout=subprocess.DEVNULL) for _ in range(4)]
    assert [child.wait() for child in children] == [0] * 4
    assert len(history.reviews()) == 40
