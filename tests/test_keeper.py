"""What cannot be saved is kept and tried again: in order, nothing twice, and nothing lost."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep import database, exchange, rows, saving
from dlprep.errors import DlprepError
from dlprep.exchange import Merged
from dlprep.history import History
from dlprep.keeper import Keeper
from dlprep.review import Review
from dlprep.rows import written
from tests.reviews import DAY, noon, review
from tests.test_exchange import hasty, uid


def one(number: int) -> Review:
    """A review for each number; those with higher ones come earlier by the clock."""
    return review(uid(number), at=noon(DAY) + 1000 - number, question=f"zoo/{number % 3}")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder in whose place stands a file, so that nothing can be written there."""
    folder = tmp_path / "home"
    folder.touch()
    return folder


@pytest.fixture
def keeper(home: Path) -> Keeper:
    """A keeper that cannot save."""
    return Keeper(History(home / "history.db"))


def opened(home: Path) -> None:
    """Make the folder one that can be written to."""
    home.unlink()
    home.mkdir()


def safe(keeper: Keeper) -> bool:
    """Whether the history has everything."""
    return keeper.worked and keeper.problem is None and not keeper.unsaved


def kept(history: History) -> list[str]:
    """The ids of all rows, in the order in which they arrived."""
    if not history.path.is_file():
        return []
    with closing(sqlite3.connect(history.path)) as connection:
        return [name for (name,) in connection.execute("SELECT id FROM reviews ORDER BY rowid")]


# ── kept and tried again ────────────────────────────────────────────────────────────────────────────


def test_what_is_saved_is_safe_at_once(tmp_path: Path) -> None:
    """No problem, nothing unsaved, and the history has it."""
    keeper = Keeper(History(tmp_path / "history.db"))
    assert (keeper.problem, keeper.unsaved, keeper.worked) == (None, [], False)
    keeper.add(one(1))
    assert safe(keeper)
    assert kept(keeper.history) == [uid(1)]


def test_nothing_to_add_finds_out_whether_it_would_work(keeper: Keeper, home: Path) -> None:
    """Before the first answer; the file is made by that."""
    keeper.add()
    assert str(keeper.problem).startswith(f"{home / 'history.db'} cannot be written: ")
    assert not keeper.worked
    opened(home)
    keeper.add()
    assert safe(keeper)
    assert keeper.history.path.exists()


def test_what_failed_is_saved_with_the_next_in_the_order_it_came(keeper: Keeper, home: Path) -> None:
    """Not in the order of time or of names."""
    for number in (5, 3, 4):
        keeper.add(one(number))
    assert [row.id for row in keeper.unsaved] == [uid(5), uid(3), uid(4)]
    opened(home)
    keeper.add(one(1), one(2))
    assert kept(keeper.history) == [uid(5), uid(3), uid(4), uid(1), uid(2)]
    assert safe(keeper)


def test_a_history_that_vanished_gets_the_whole_session(tmp_path: Path) -> None:
    """Also what was saved before, in the same order."""
    keeper = Keeper(History(tmp_path / "history.db"))
    keeper.add(one(1))
    keeper.add(one(2))
    keeper.history.path.unlink()
    keeper.add(one(3))
    assert kept(keeper.history) == [uid(1), uid(2), uid(3)]


def test_what_stands_in_its_place_is_left_alone(tmp_path: Path) -> None:
    """A file that is no history is not written over, and the session goes on unsaved."""
    keeper = Keeper(History(tmp_path / "history.db"))
    keeper.add(one(1))
    keeper.history.path.write_bytes(b"mine" * 1000)
    keeper.add(one(2))
    assert isinstance(keeper.problem, DlprepError)
    assert keeper.unsaved == [one(2)]
    assert keeper.worked
    assert keeper.history.path.read_bytes() == b"mine" * 1000


def test_a_bug_is_not_taken_for_a_full_disk(
    keeper: Keeper, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes through, and nothing is counted as saved."""

    def broken(_history: History, _rows: object) -> None:
        raise RuntimeError("a bug")

    opened(home)
    with monkeypatch.context() as patch:
        patch.setattr(History, "append", broken)
        with pytest.raises(RuntimeError):
            keeper.add(one(1))
    assert keeper.unsaved == [one(1)]
    keeper.add()
    assert kept(keeper.history) == [uid(1)]


@given(st.lists(st.sampled_from(["add", "two", "none", "shut", "open", "delete"]), max_size=14))
@settings(deadline=None, max_examples=100)
def test_whatever_fails_everything_arrives_once_and_in_order(steps: list[str]) -> None:
    """Saving fails and works again, the file is deleted meanwhile: what is unsaved is what is missing."""
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(saving, "_settle", lambda _: None)  # what is lost with the power is another test's
        patch.setattr(database, "_connect", hasty)
        home, away = Path(name, "home"), Path(name, "away")
        home.mkdir()
        keeper, numbers = Keeper(History(home / "history.db")), count()
        given: list[str] = []
        for step in [*steps, "open", "none"]:
            if step == "shut" and home.is_dir():
                home.rename(away)
                home.touch()
            elif step == "open" and home.is_file():
                home.unlink()
                away.rename(home)
            elif step == "delete" and home.is_dir():
                keeper.history.path.unlink(missing_ok=True)
            elif step in ("add", "two", "none"):
                added = [one(next(numbers)) for _ in range(("none", "add", "two").index(step))]
                given += [row.id for row in added]
                keeper.add(*added)
                assert (keeper.problem is None) == home.is_dir()
                missing = [row.id for row in keeper.unsaved]
                assert given[len(given) - len(missing) :] == missing
                if home.is_dir():
                    assert kept(keeper.history) == given
        assert kept(keeper.history) == given
        assert keeper.unsaved == []


# ── put aside ───────────────────────────────────────────────────────────────────────────────────────


def test_what_is_rescued_can_be_merged(
    keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every field of every row, odd words among them; a second time nothing is new."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    lost = [
        one(1)._replace(reply='{"told": "é\\n\u2028 \U0001f600", "ticked": [0]}'),
        one(2)._replace(rating=None, right=False, share=0.0, replaces=uid(1)),
        one(3)._replace(share=1 / 3, seconds=0.1, seed=-(2**63)),
    ]
    keeper.add(*lost)
    file = keeper.rescue()
    assert file is not None
    assert file.stat().st_mode & 0o777 == 0o600
    other = History(tmp_path / "other.db")
    assert exchange.merge(other, file) == Merged(3, 0, 0)
    assert sorted(other.reviews()) == sorted(lost)
    assert exchange.merge(other, file) == Merged(0, 3, 0)


def test_the_whole_session_is_rescued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was saved may be gone with its file; each time into a file of its own, so that none is lost."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    keeper = Keeper(History(tmp_path / "history.db"))
    keeper.add(one(1))
    keeper.history.path.write_bytes(b"mine" * 1000)
    keeper.add(one(2))
    files = [keeper.rescue(), keeper.rescue()]
    assert files[0] != files[1]
    lines = f"{written(one(1))}\n{written(one(2))}\n"
    assert [file.read_text("utf-8") for file in files if file] == [lines] * 2


def test_where_nothing_can_be_put_aside_there_is_no_file(
    keeper: Keeper, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None, not an error: the session is at its end."""
    keeper.add(one(1))
    monkeypatch.setattr(tempfile, "tempdir", str(home))  # a file
    assert keeper.rescue() is None
    assert keeper.unsaved == [one(1)]


def test_a_full_disk_leaves_no_half_of_a_rescue(
    keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is told to be no file is none."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def full(_row: Review) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rows, "written", full)
    keeper.add(one(1))
    assert keeper.rescue() is None
    assert list(tmp_path.glob("dlprep-*")) == []
