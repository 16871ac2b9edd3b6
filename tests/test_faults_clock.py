"""Clocks that are wrong, and time zones that are none: what is seen, and what is saved."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import NUMBERS, at
from tests.terminal import DLPREP, piped

LOOKS = ((), ("stats",), ("history", "show"), ("doctor",), ("plan",))
NEGATIVE = re.compile(r"(?<![\w.–…-])[-−]\d")  # a number below zero, no date and no option
ABSURD = re.compile(
    r"\d{5,} (?:d|days?(?! ago)|years?|answers)\b|inf|nan|[5-9]\d\.\d y|\d{3,}\.\d y", re.IGNORECASE
)
WARNING = "dlprep: the clock says "


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the history is kept; it is not there yet."""
    return tmp_path / "history.db"


def days(file: Path) -> list[tuple[str, int]]:
    """The study day of each answer, and how many minutes the wall clock was ahead, in the order saved."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute('SELECT day, "offset" FROM reviews ORDER BY rowid').fetchall()


def answer(file: Path, now: str, *args: str) -> str:
    """Answer two questions at a time; what was written to standard error. Nothing odd may be shown."""
    done = piped(*NUMBERS, *args, stdin="7\n1000\n", env={**at(file), "DLPREP_NOW": now, "TZ": "UTC"})
    assert done.returncode == 0
    assert done.stdout.count("✗ wrong") == 2
    assert not NEGATIVE.search(done.stdout)
    assert not ABSURD.search(done.stdout)
    return done.stderr


def looked(file: Path, now: str) -> list[str]:
    """What each command writes to standard error at a time. Nothing odd may be shown."""
    told = []
    for words in LOOKS:
        done = piped(*words, env={**at(file), "DLPREP_NOW": now, "TZ": "UTC"})
        assert done.returncode == 0, done.stderr
        assert not NEGATIVE.search(done.stdout), done.stdout
        assert not ABSURD.search(done.stdout), done.stdout
        told.append(done.stderr)
    return told


@pytest.mark.parametrize("now", ["2026-11-20T12:00", "1970-01-01T12:00"])
def test_a_clock_that_was_set_back_warns_once_and_saves_on(file: Path, now: str) -> None:
    """F19: three days or fifty years: one line, no negative interval, every answer kept with its own day."""
    assert answer(file, "2026-11-23T12:00") == ""
    assert piped("plan", "--date", "2026-12-15", env={**at(file), "DLPREP_NOW": "2026-11-23"}).returncode == 0
    told = answer(file, now)
    assert told.startswith(f"{WARNING}{now[:10]}, but 2 questions had answers after that")
    assert told.count("\n") == 1
    assert [day for day, _ in days(file)] == ["2026-11-23"] * 2 + [now[:10]] * 2
    assert answer(file, "2026-11-23T12:01") == ""  # and back again


def test_looking_with_a_clock_that_was_set_back_warns(file: Path) -> None:
    """F19: every command shows what there is; those that count time warn in one line each."""
    answer(file, "2026-11-23T12:00")
    piped("plan", "--date", "2026-12-15", env={**at(file), "DLPREP_NOW": "2026-11-23"})
    told = looked(file, "2026-11-20T12:00")
    for home, line in zip(LOOKS, told, strict=True):
        if home in ((), ("stats",), ("plan",)):
            assert line.startswith(f"{WARNING}2026-11-20, but 2 questions had answers after that"), home
            assert line.count("\n") == 1
        else:
            assert line == ""  # these show answers as they are, or say it in their own words


def test_a_clock_that_was_set_back_shows_the_same_with_and_without_a_cache(file: Path) -> None:
    """F19: what is due three days earlier does not depend on what was looked at before."""
    answer(file, "2026-11-23T12:00")
    env = {**at(file), "DLPREP_NOW": "2026-11-20T12:00", "TZ": "UTC"}
    words = (*NUMBERS[:-4], "--no-save", "--seed", "3")  # what is due, then new questions
    cached = piped(*words, stdin="s\ns\n", env=env).stdout
    (file.parent / "cache" / "states.pickle").unlink()
    assert piped(*words, stdin="s\ns\n", env=env).stdout == cached


def test_the_warning_comes_once_a_session(file: Path) -> None:
    """F19: one line, also where nothing was remembered before."""
    answer(file, "2026-11-23T12:00")
    shutil.rmtree(file.parent / "cache")
    assert answer(file, "2026-11-20T12:00").count(WARNING) == 1


def test_an_answer_from_the_far_future_does_no_harm_on_the_way_back(file: Path) -> None:
    """F19: a session in 2099 and back: one warning, the answers of 2099 wait, those of today count."""
    answer(file, "2026-11-23T12:00")
    assert answer(file, "2099-06-01T12:00") == ""
    told = answer(file, "2026-11-23T13:00")
    assert told.startswith(f"{WARNING}2026-11-23, but 2 questions had answers after that")
    assert told.count("\n") == 1
    env = {**at(file), "DLPREP_NOW": "2026-11-24T12:00", "TZ": "UTC"}
    told = piped("doctor", env=env).stdout
    assert "whole: 6 reviews" in told
    assert "answers dated after today, which do not count yet: 2 questions" in told
    for words in ((), ("stats",), ("history", "show")):
        done = piped(*words, env=env)
        assert done.returncode == 0
        assert not NEGATIVE.search(done.stdout), done.stdout
        assert not ABSURD.search(done.stdout), done.stdout


def test_the_study_day_changes_at_four(file: Path) -> None:
    """F20: 3:59 is still yesterday, 4:00 is today; what is asked and shown follows."""
    answer(file, "2026-12-01T03:59")
    answer(file, "2026-12-01T04:00")
    assert [day for day, _ in days(file)] == ["2026-11-30"] * 2 + ["2026-12-01"] * 2
    assert sorted(path.name for path in (file.parent / "backups").iterdir()) == [
        "history-2026-11-30.db",
        "history-2026-12-01.db",
    ]
    env = {**at(file), "TZ": "UTC", "COLUMNS": "100"}
    assert "2-day streak" in piped("stats", env={**env, "DLPREP_NOW": "2026-12-02T03:59"}).stdout
    assert "2-day streak" in piped("stats", env={**env, "DLPREP_NOW": "2026-12-03T03:59"}).stdout
    assert "2-day streak" not in piped("stats", env={**env, "DLPREP_NOW": "2026-12-03T04:00"}).stdout


@pytest.mark.parametrize(
    ("zone", "minutes"),
    [("nonsense", 0), ("Mars/Phobos", 0), ("", 0), ("<+0530>-5:30", 330), ("X" * 5000, 0)],
    ids=["nonsense", "mars", "empty", "odd", "long"],
)
def test_any_time_zone_will_do(file: Path, zone: str, minutes: int) -> None:
    """F22: what is no zone is UTC; the study day follows the wall clock there."""
    env = {**at(file), "TZ": zone, "DLPREP_NOW": "2026-12-01T03:59Z"}
    done = piped(*NUMBERS, stdin="7\n", env={**env, "DLPREP_NOW": "2026-12-01T12:00"})
    assert (done.returncode, done.stderr) == (0, "")
    assert days(file) == [("2026-12-01", minutes)]


def test_no_time_zone_will_do(file: Path) -> None:
    """F22: TZ unset: the system's zone, whatever it is."""
    program = ("env", "-u", "TZ", *DLPREP)
    env = {**at(file), "DLPREP_NOW": "2026-12-01T12:00"}
    assert piped(*NUMBERS, stdin="7\n", env=env, program=program).returncode == 0
    assert [day for day, _ in days(file)] == ["2026-12-01"]


TIMELESS = [*((words, "yesterday") for words in (NUMBERS, *LOOKS)), (NUMBERS, "\x1b[31m99")]


@pytest.mark.parametrize(("words", "now"), TIMELESS, ids=range(len(TIMELESS)))
def test_a_time_that_is_none_is_refused(file: Path, words: tuple[str, ...], now: str) -> None:
    """One sentence that names the variable and shows how to write it; nothing is asked, nothing is saved."""
    done = piped(*words, stdin="7\n", env={**at(file), "DLPREP_NOW": now})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("dlprep: DLPREP_NOW=")
    assert "is not a time\n  hint: write it as 2026-12-01T20:30" in done.stderr
    assert "\x1b" not in done.stderr
    assert not file.exists()
