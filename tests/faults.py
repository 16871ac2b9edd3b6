"""A session on a history of one's own, for the tests that put faults in its way."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from dlprep.history import History
from tests.reviews import review
from tests.terminal import DLPREP, Terminal

ZOO = Path(__file__).parent / "zoo.yaml"
QUIZ = ("quiz", "zoo", "--bank", str(ZOO))
NUMBERS = (*QUIZ, "--kind", "numeric", "--only", "all", "--seed", "3")  # zoo/parameters, then zoo/share


def at(file: Path) -> dict[str, str]:
    """The environment of a user whose history that is; what is rescued from a session lies beside it too."""
    return {"DLPREP_HOME": str(file.parent), "TMPDIR": str(file.parent)}


def saved(file: Path, *names: str) -> None:
    """Make a history with a review of each name."""
    History(file).append([review(name) for name in names])


def answers(file: Path) -> list[tuple[str, int]]:
    """Each answer's question and whether it was right, in the order saved, from a whole file."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return connection.execute("SELECT question, right FROM reviews ORDER BY rowid").fetchall()


def quiz(file: Path, *args: str, program: tuple[str, ...] = DLPREP) -> Terminal:
    """A quiz of numbers on a terminal."""
    return Terminal(*NUMBERS, *args, columns=200, rows=50, env=at(file), program=program)


def answer(terminal: Terminal, place: int, text: str = "1e9") -> str:
    """Answer the question in a place, wrong by default, and return what was written meanwhile."""
    terminal.until(f"{place} of ")
    terminal.until("›")
    before = len(terminal.raw)
    terminal.send(f"{text}\r")
    terminal.wrote("Enter next", before)
    return terminal.said(before)


def flat(text: str) -> str:
    """A text without what breaks it into words and lines, which depends on how long the paths in it are."""
    return "".join(text.split())


def on(terminal: Terminal) -> None:
    """Go on to the next question."""
    before = len(terminal.raw)
    terminal.send("\r")
    terminal.wrote("›", before)  # what is typed sooner is forgotten


def end(terminal: Terminal, code: int) -> None:
    """See that the program ended so, without a traceback, and left the terminal as it was."""
    assert terminal.wait() == code
    assert terminal.sane
    assert terminal.cursor
    assert terminal.left == ""
    assert "Traceback" not in terminal.said()
    assert "a bug" not in terminal.said()
