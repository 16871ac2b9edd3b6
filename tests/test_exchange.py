"""A history leaves and comes back whole, and merging is a union: in any order, any number of times."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep import database, exchange, saving
from dlprep.errors import DlprepError, Where
from dlprep.exchange import Merged
from dlprep.history import History, Plan, Unsaved
from dlprep.review import Review, standing, study_day
from dlprep.rows import written
from dlprep.tables import APPLICATION, MIGRATIONS
from tests.reviews import DAY, days_after, noon, review


def uid(number: int) -> str:
    """A UUID for each number."""
    return str(UUID(int=number, version=4))


def plan(number: int) -> Plan:
    """A plan."""
    return Plan(uid(number), noon(DAY) + number, 0, DAY, days_after(30) if number % 3 else None, 20)


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Three reviews, one of which takes another back, and a plan."""
    made = History(tmp_path / "history.db")
    made.append([review(uid(1)), review(uid(2)), review(uid(3), rating=None, replaces=uid(2))])
    made.set_plan(plan(1))
    return made


FORMATS = pytest.mark.parametrize("name", ["out.jsonl", "out.db", "out.sqlite"])


def contents(history: History) -> tuple[list[Review], list[Plan]]:
    """All there is."""
    return history.reviews(), history.plans()


# ── out ─────────────────────────────────────────────────────────────────────────────────────────────


def test_lines_are_json_in_the_order_of_time(history: History) -> None:
    """One object a row, its kind first, the time in UTC to the microsecond."""
    history.append([review(uid(4), question="zoo/two", at=noon(DAY) - 1)])
    rows = [json.loads(line) for line in exchange.lines(history)]
    assert [row["id"] for row in rows] == [uid(4), uid(1), uid(2), uid(3), plan(1).id]
    assert rows[0] == {
        "row": "review",
        "id": uid(4),
        "at": "2026-11-23T11:59:59.999999+00:00",
        "offset": 0,
        "day": "2026-11-23",
        "question": "zoo/two",
        "kind": "choice",
        "seed": 7,
        "reply": "{}",
        "right": True,
        "share": 1.0,
        "rating": 3,
        "seconds": 10.0,
        "replaces": None,
    }
    assert all(next(iter(row)) == "row" for row in rows)
    assert rows[-1]["date"] == "2026-12-23"


@FORMATS
def test_what_was_exported_merges_into_the_same(history: History, tmp_path: Path, name: str) -> None:
    """Nothing is lost on the way, and only the user may read the file."""
    file = tmp_path / name
    exchange.export(history, file)
    assert file.stat().st_mode & 0o777 == 0o600
    other = History(tmp_path / "other" / "history.db")
    assert exchange.merge(other, file) == Merged(3, 0, 1)
    assert contents(other) == contents(history)
    assert exchange.merge(other, file) == Merged(0, 3, 0)


@FORMATS
def test_a_file_is_replaced_only_by_force(history: History, tmp_path: Path, name: str) -> None:
    """Without it the file stays as it is."""
    file = tmp_path / name
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(DlprepError, match=r"is there already\n.*--force"):
        exchange.export(history, file)
    assert file.read_text(encoding="utf-8") == "mine"
    exchange.export(history, file, force=True)
    assert exchange.merge(history, file) == Merged(0, 3, 0)


def test_what_cannot_be_exported_says_why(history: History, tmp_path: Path) -> None:
    """The history over itself, a folder, a folder that is not there, a history that is not there."""
    before = history.path.read_bytes()
    with pytest.raises(DlprepError, match="is the history itself"):
        exchange.export(history, history.path, force=True)
    with pytest.raises(DlprepError, match="is a folder"):
        exchange.export(history, tmp_path, force=True)
    with pytest.raises(Unsaved, match=r"cannot be written: No such file"):
        exchange.export(history, tmp_path / "no" / "out.jsonl")
    with pytest.raises(DlprepError, match="there is no history yet"):
        exchange.export(History(tmp_path / "none.db"), tmp_path / "out.jsonl")
    assert history.path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["history.db"]


# Exports while no file may grow beyond 4 kB.
FULL = """
import resource, signal, sys
from pathlib import Path
from dlprep import database, exchange, saving
from dlprep.history import History, Unsaved
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    exchange.export(History(Path(sys.argv[1])), Path(sys.argv[2]), force=True)
except Unsaved as error:
    print(error.message)
"""


@FORMATS
def test_a_full_disk_leaves_the_old_export(history: History, tmp_path: Path, name: str) -> None:
    """And no temporary file."""
    history.append([review(uid(number)) for number in range(10, 60)])
    file = tmp_path / name
    file.write_text("mine", encoding="utf-8")
    command = [sys.executable, "-c", FULL, str(history.path), str(file)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "cannot be written" in said
    assert file.read_text(encoding="utf-8") == "mine"
    assert {found.name for found in tmp_path.iterdir()} == {"history.db", name}


# ── in ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_history_merges_with_itself_to_itself(history: History) -> None:
    """Nothing is new."""
    before = history.path.read_bytes()
    assert exchange.merge(history, history.path) == Merged(0, 3, 0)
    assert history.path.read_bytes() == before


def test_an_older_history_is_merged_and_not_changed(history: History, tmp_path: Path) -> None:
    """It is a copy that is brought up to date."""
    file = tmp_path / "old.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(MIGRATIONS[0])
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute("PRAGMA user_version = 1")
        row = [*review(uid(9))]
        row[3] = str(DAY)
        connection.execute("INSERT INTO reviews VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.commit()
    before = file.read_bytes()
    assert exchange.merge(history, file) == Merged(1, 0, 0)
    assert review(uid(9)) in history.reviews()
    assert file.read_bytes() == before
    assert {found.name for found in tmp_path.iterdir()} == {"history.db", "old.db"}


def test_other_databases_are_not_merged(history: History, tmp_path: Path) -> None:
    """A newer dlprep's and another program's are refused as at home."""
    file = tmp_path / "other.db"
    for made, version, sentence in ((APPLICATION, 99, "from a newer dlprep"), (7, 1, "of another program")):
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(f"PRAGMA application_id = {made}")
            connection.execute(f"PRAGMA user_version = {version}")
        with pytest.raises(DlprepError, match=sentence):
            exchange.merge(history, file)
    assert len(history.reviews()) == 3


def test_a_history_with_an_impossible_row_is_not_merged(history: History, tmp_path: Path) -> None:
    """What SQLite does not check is checked."""
    other = History(tmp_path / "other.db")
    other.append([review(uid(8)), review(uid(9), question="no-topic")])
    with pytest.raises(DlprepError, match=rf"the row {uid(9)} of .*other\.db cannot be right: `question`"):
        exchange.merge(history, other.path)
    assert len(history.reviews()) == 3


def test_a_bad_line_is_named_and_nothing_is_merged(history: History, tmp_path: Path) -> None:
    """Even where the lines before it are good."""
    file = tmp_path / "in.jsonl"
    file.write_text(f"{written(review(uid(9)))}\n\n{{oops\n", encoding="utf-8")
    with pytest.raises(DlprepError) as caught:
        exchange.merge(history, file)
    assert caught.value.where == Where(str(file), 3)
    assert caught.value.message == "it is not JSON"
    assert len(history.reviews()) == 3


@FORMATS
def test_two_rows_of_one_id_are_refused(history: History, tmp_path: Path, name: str) -> None:
    """Nobody can say which is right; nothing is merged."""
    other = History(tmp_path / "other.db")
    other.append([review(uid(9)), review(uid(1), rating=1)])
    exchange.export(other, tmp_path / name)
    with pytest.raises(DlprepError, match=f"another row with the id {uid(1)}"):
        exchange.merge(history, tmp_path / name)
    assert len(history.reviews()) == 3


def test_one_file_may_say_a_thing_twice_but_not_two_things(history: History, tmp_path: Path) -> None:
    """Two exports written one after the other are a file of lines as well."""
    file = tmp_path / "in.jsonl"
    line = written(review(uid(9)))
    file.write_text(f"\ufeff{line}\r\n{line}\n", encoding="utf-8")
    assert exchange.merge(history, file) == Merged(1, 0, 0)
    file.write_text(f"{written(review(uid(10)))}\n{written(review(uid(10), rating=1))}\n", encoding="utf-8")
    with pytest.raises(DlprepError, match=uid(10)):
        exchange.merge(history, file)


def test_what_is_no_file_or_too_large_is_not_merged(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with its own sentence."""
    with pytest.raises(DlprepError, match="there is no file"):
        exchange.merge(history, tmp_path / "none")
    with pytest.raises(DlprepError, match="is a folder"):
        exchange.merge(history, tmp_path)
    monkeypatch.setattr(exchange, "LARGEST", 10)
    (tmp_path / "large").write_bytes(b" " * 11)
    with pytest.raises(DlprepError, match="is larger than"):
        exchange.merge(history, tmp_path / "large")


def hasty(path: Path, plain: Callable[[Path], sqlite3.Connection] = database._connect) -> sqlite3.Connection:
    """A connection that does not wait for the disk."""
    connection = plain(path)
    connection.execute("PRAGMA synchronous = OFF")
    return connection


@st.composite
def rows(draw: st.DrawFn) -> list[Review]:
    """Reviews of a few questions, some of which correct or take back others, on odd clocks."""
    made: list[Review] = []
    for number in range(draw(st.integers(1, 8))):
        at, offset = draw(st.integers(0, 7 * 10**15)), draw(st.integers(-1560, 1560))
        rating = draw(st.none() | st.integers(1, 4))
        question = draw(st.sampled_from(["zoo/one", "zoo/two", "é/π"]))
        old = uid(draw(st.integers(0, 7))) if rating is None or draw(st.booleans()) else None
        share, seconds = draw(st.floats(0, 1)), draw(st.floats(0, 1e6))
        reply = draw(st.text(max_size=8))
        day = study_day(at, offset)
        seed = draw(st.integers(-(2**63), 2**63 - 1))
        made.append(
            Review(
                uid(number),
                at,
                offset,
                day,
                question,
                "recall",
                seed,
                reply,
                rating is not None,
                share,
                rating,
                seconds,
                old,
            )
        )
    return made


@given(rows(), st.data())
@settings(deadline=None, max_examples=25)
def test_merging_is_a_union_in_any_order_and_format(made: list[Review], data: st.DataObject) -> None:
    """Histories that share some rows come to the same, whichever is merged into which, and how."""
    parts = [data.draw(st.lists(st.sampled_from(made), unique=True)) for _ in range(2)]
    plans = [plan(number) for number in data.draw(st.lists(st.integers(0, 9), unique=True, max_size=3))]
    parts.append([row for row in made if not any(row in part for part in parts)] or made[:1])
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(saving, "_settle", lambda _: None)  # hundreds of files need not reach the disk
        patch.setattr(database, "_connect", hasty)
        folder = Path(name)
        files = []
        for number, part in enumerate(parts):
            history = History(folder / f"{number}.db")
            history.add(part, plans[number:])
            if not history.path.exists():
                continue
            files.append(folder / f"out{number}.{data.draw(st.sampled_from(['db', 'jsonl']))}")
            exchange.export(history, files[-1])
        results = []
        for turn, order in enumerate(permutations(files)):
            merged = History(folder / f"merged{turn}.db")
            for file in order:
                exchange.merge(merged, file)
            results.append((*contents(merged), merged.plan()))
    assert sorted(results[0][0]) == sorted(made)
    assert standing(results[0][0]) == standing(made)
    assert all(result == results[0] for result in results)
