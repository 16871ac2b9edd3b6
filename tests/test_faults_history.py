"""Faults of the history's file, injected into the real program: what is seen, and what is left on disk."""

from __future__ import annotations

import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from dlprep.tables import VERSION
from tests.faults import QUIZ, answer, answers, at, end, flat, on, quiz, saved
from tests.terminal import piped

# The real program, impatient: a lock is waited for 0.3 s instead of 5.
HASTY = (
    sys.executable,
    "-c",
    "from dlprep import cli, saving; saving.PATIENCE = 0.3; raise SystemExit(cli.main())",
)
COMMANDS = {
    "quiz": (QUIZ, 2),
    "stats": (("stats",), 2),
    "plan": (("plan", "--date", "2099-01-01"), 2),
    "show": (("history", "show"), 2),
    "doctor": (("doctor",), 1),
    "home": ((), 2),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the history is kept; it is not there yet."""
    return tmp_path / "history.db"


# ── files that are refused ──────────────────────────────────────────────────────────────────────────


def junk(file: Path) -> str:
    """F03: text."""
    file.write_text("my notes\n" * 200, encoding="utf-8")
    return "is not a database"


def short(file: Path) -> str:
    """F03: a text so short that SQLite takes it for an empty database."""
    file.write_text("x", encoding="utf-8")
    return "is not a database"


def emptied(file: Path) -> str:
    """F04: nothing, though a backup says that there was something."""
    saved(file, "a")
    (file.parent / "backups").mkdir()
    file.rename(file.parent / "backups" / "history-2026-11-20.db")
    file.touch()
    return "is empty, though there are backups"


def newer(file: Path) -> str:
    """F07: a newer dlprep's."""
    saved(file, "a")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    return f"is of version 99, from a newer dlprep; this one knows version {VERSION}"


def foreign(file: Path) -> str:
    """F09: another program's database."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE places (url TEXT)")
    return "is a database of another program"


def torn(file: Path) -> str:
    """A database of ours that ends in the middle."""
    saved(file, *map(str, range(300)))
    with file.open("r+b") as stream:
        stream.truncate(3 * 4096)
    return "is damaged"


def folder(file: Path) -> str:
    """F13: a folder."""
    file.mkdir()
    return "is a folder"


def dangling(file: Path) -> str:
    """F13: a link to nothing."""
    file.symlink_to("gone.db")
    return "is a link to gone.db, which is not there"


def looping(file: Path) -> str:
    """F13: a link to itself."""
    file.symlink_to(file.name)
    return "is a link that leads back to itself"


def kept(file: Path) -> object:
    """What the place of the history holds."""
    return file.readlink() if file.is_symlink() else None if file.is_dir() else file.read_bytes()


EVERYWHERE = (junk, emptied)
ELSEWHERE = (short, newer, foreign, torn, folder, dangling, looping)
REFUSED = [
    *((make, command) for make in EVERYWHERE for command in COMMANDS),
    *((make, "quiz") for make in ELSEWHERE),
    *((make, "doctor") for make in (newer, torn, looping)),
]


@pytest.mark.parametrize(("make", "command"), REFUSED, ids=[f"{m.__name__}-{c}" for m, c in REFUSED])
def test_what_cannot_be_a_history_is_refused_and_left_alone(
    file: Path, make: Callable[[Path], str], command: str
) -> None:
    """Every command names the file, says what is wrong with it and what to do, and changes no byte."""
    sentence = make(file)
    before = kept(file)
    words, code = COMMANDS[command]
    done = piped(*words, stdin="7\n", env={**at(file), "COLUMNS": "500"})
    told = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == code
    assert str(file) in told
    assert sentence in told
    assert "Traceback" not in told
    assert "a bug" not in told
    assert told.count(sentence) == 1
    if make in (junk, short, emptied, torn) and command != "doctor":
        assert "dlprep doctor" in told
    assert "›" not in told  # no question is asked whose answer would be lost
    assert kept(file) == before
    assert not list(file.parent.glob("history.db?*"))


def test_an_empty_file_without_backups_is_a_new_history(file: Path) -> None:
    """F04: nothing was lost with it, so answers are saved in it."""
    file.touch()
    for words in ((), ("stats",), ("doctor",)):
        done = piped(*words, env=at(file))
        assert (done.returncode, done.stderr) == (0, "")
        assert file.stat().st_size == 0
    assert piped(*QUIZ, "--kind", "numeric", "--seed", "3", stdin="7\n", env=at(file)).returncode == 0
    assert len(answers(file)) == 1


def test_an_emptied_history_is_restored_as_doctor_says(file: Path) -> None:
    """F04: the way out that is named brings the answers back."""
    emptied(file)
    told = piped("doctor", env=at(file)).stdout
    assert "Next: dlprep doctor --restore 2026-11-20" in told
    assert "Nothing was done yet" in piped("doctor", "--restore", "2026-11-20", env=at(file)).stdout
    assert file.stat().st_size == 0
    assert piped("doctor", "--restore", "2026-11-20", "--yes", env=at(file)).returncode == 0
    assert answers(file) == [("zoo/one", 1)]
    assert piped("doctor", env=at(file)).returncode == 0


# ── kills ───────────────────────────────────────────────────────────────────────────────────────────


def test_killed_sessions_have_lost_nothing_that_was_shown(file: Path) -> None:
    """F01: SIGKILL after a verdict, five times: a row each, a whole file, and the next session starts."""
    for count in (1, 2, 3, 4, 5):
        with quiz(file) as t:
            assert "✗ wrong" in answer(t, 1)
            t.signal(signal.SIGKILL)
            assert t.wait() == -signal.SIGKILL
        assert answers(file) == [("zoo/parameters", 0)] * count


# ── locks ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_locked_history_is_waited_for_and_then_named(file: Path) -> None:
    """F10: the real five seconds, then one sentence with what may hold it, and exit code 2."""
    saved(file, "a")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        done = piped(*QUIZ, stdin="7\n", env=at(file))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"dlprep: {file} was locked for more than 5 s\n"
        "  hint: is another dlprep running, or a program that copies the file?\n"
    )


def test_answers_wait_for_a_lock_that_goes_away(file: Path) -> None:
    """F10: taken in the middle: verdicts are shown under a banner, and saved with the next answer."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other, quiz(file, program=HASTY) as t:
        t.until("1 of 2")
        other.execute("BEGIN EXCLUSIVE")
        told = answer(t, 1)
        assert "✗ wrong" in told
        assert flat(f"! not saved: {file} was locked for more than 0.3 s") in flat(told)
        on(t)
        assert "not saved" not in answer(t, 2)  # it is said once
        on(t)
        other.execute("ROLLBACK")
        assert answers(file) == []
        assert "saved now, with everything before" in answer(t, 3, "1000")
        t.send("q")
        end(t, 0)
    assert answers(file) == [("zoo/parameters", 0), ("zoo/share", 0), ("zoo/parameters", 1)]


def test_a_lock_that_stays_is_told_at_the_end(file: Path) -> None:
    """F10: what is not saved is counted, with exit code 2; what was saved before stays."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other, quiz(file, program=HASTY) as t:
        answer(t, 1)
        on(t)
        t.until("2 of ")
        other.execute("BEGIN EXCLUSIVE")
        assert "✓ right" in answer(t, 2, "3/4")
        t.send("q")
        end(t, 2)
        assert flat("1 answer of this session not saved") in flat(t.said())
    assert answers(file) == [("zoo/parameters", 0)]


def test_a_lock_at_the_end_is_waited_out(file: Path) -> None:
    """F10: what could not be saved is tried once more when the session ends."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other, quiz(file, program=HASTY) as t:
        t.until("1 of 2")
        other.execute("BEGIN EXCLUSIVE")
        assert "not saved" in answer(t, 1)
        other.execute("ROLLBACK")
        t.send("q")
        end(t, 0)
    assert answers(file) == [("zoo/parameters", 0)]
