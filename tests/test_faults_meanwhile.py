"""A history that is deleted, replaced or shared while a session runs, and one in an odd place."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import NUMBERS, answer, answers, at, end, flat, on, quiz, saved
from tests.terminal import piped


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the history is kept; it is not there yet."""
    return tmp_path / "history.db"


def deleted(file: Path) -> None:
    """The file is gone."""
    file.unlink()


def all_deleted(file: Path) -> None:
    """The whole folder is gone."""
    shutil.rmtree(file.parent)


def replaced(file: Path) -> None:
    """Another machine's history lies there now."""
    file.unlink()
    saved(file, "theirs")


@pytest.mark.parametrize("change", [deleted, all_deleted, replaced], ids=lambda f: f.__name__)
def test_a_history_that_is_deleted_or_replaced_meanwhile_gets_the_whole_session(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    """Every answer of the session is in the file that is there at its end, and nothing else is lost."""
    file = tmp_path / "home" / "history.db"
    with quiz(file) as t:
        answer(t, 1)
        change(file)
        on(t)
        assert "not saved" not in answer(t, 2, "3/4")
        t.send("q")
        end(t, 0)
    theirs = [("zoo/one", 1)] if change is replaced else []
    assert answers(file) == [*theirs, ("zoo/parameters", 0), ("zoo/share", 1)]


def test_a_history_replaced_by_something_else_is_not_written_over(file: Path) -> None:
    """The session goes on under a banner that names the file; it ends with 2 and the file as it was put."""
    with quiz(file) as t:
        answer(t, 1)
        on(t)
        t.until("2 of ")
        file.write_text("my notes\n" * 200, encoding="utf-8")
        told = answer(t, 2, "3/4")
        assert flat(f"! not saved: {file} is not a database") in flat(told)
        assert "✓ right" in told
        t.send("q")
        end(t, 2)
    assert file.read_text(encoding="utf-8") == "my notes\n" * 200


def test_the_whole_session_is_rescued_when_its_history_is_taken_away(file: Path) -> None:
    """Two answers, one of them saved before its file was taken away: both can be merged into the next."""
    with quiz(file) as t:
        answer(t, 1)
        on(t)
        file.unlink()
        file.mkdir()
        answer(t, 2)
        t.send("q")
        end(t, 2)
    file.rmdir()
    (rescued,) = file.parent.glob("*.jsonl")
    assert piped("history", "merge", str(rescued), env=at(file)).returncode == 0
    assert answers(file) == [("zoo/parameters", 0), ("zoo/share", 0)]


def test_two_sessions_at_once_lose_nothing(file: Path) -> None:
    """Both answer in turns on one history: all rows of both are there."""
    with quiz(file) as one, quiz(file) as two:
        for place in (1, 2, 3):
            for t in (one, two):
                assert "not saved" not in answer(t, place)
                on(t)
        for t in (one, two):
            t.send("q")
            end(t, 0)
    assert len(answers(file)) == 6


ODD = ("with space, Ünïcode-中文", "a?b#c%41&mode=ro'quote\"", "esc\x1b[31m\u202e", "~", "b\udcffd")


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_a_history_may_lie_in_any_place(tmp_path: Path, name: str) -> None:
    """Its answers are saved there, every command finds them, and the name does nothing to the terminal."""
    home = tmp_path / name
    env = {"DLPREP_HOME": str(home)}
    done = [piped(*words, stdin="7\n", env=env) for words in (NUMBERS, ("doctor",))]
    assert [each.returncode for each in done] == [0, 0]
    assert "whole: 1 review" in done[1].stdout
    assert not re.search("[\x1b\u202e]", "".join(each.stdout + each.stderr for each in done))
    assert answers(home / "history.db") == [("zoo/parameters", 0)]
    assert [path.name for path in tmp_path.iterdir()] == [name]
