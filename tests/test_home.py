"""The first screen, from a real history: what it counts, and what it wakes."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from dlprep import choose, demo, library
from dlprep.bank import Entry
from dlprep.commands import home
from dlprep.commands.learner import all_entries, learner
from dlprep.history import History, Plan
from dlprep.review import Review
from tests.reviews import DAY, days_after, moment, noon, review
from tests.terminal import piped

Capture = pytest.CaptureFixture[str]
SPY = """
import sys
from dlprep.commands import home
from dlprep.review import Moment
home.run([], "never", Moment(int(sys.argv[1]), 0))
print("woke", *(name for name in ("fsrs", "numpy", "yaml") if name in sys.modules), file=sys.stderr)
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without banks or history, 80 columns wide."""
    for name in ("NO_COLOR", "FORCE_COLOR", "DLPREP_BANKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DLPREP_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def entries() -> list[Entry]:
    """Every shipped question."""
    return all_entries(library.find())


def answered(chosen: Sequence[Entry], day: date = DAY, rating: int = 3) -> list[Review]:
    """A review of each of these questions."""
    return [
        review(f"{day}{entry.name}", question=entry.name, day=day, at=noon(day) + place, rating=rating)
        for place, entry in enumerate(chosen)
    ]


def kept(folder: Path, reviews: list[Review], plan: Plan | None = None) -> None:
    """Save a history."""
    History(folder / "history.db").add(reviews, [plan] if plan else [])


def planned(made: date, day: date, minutes: int = 20) -> Plan:
    """A plan made on a day."""
    return Plan("plan", noon(made), 0, made, day, minutes)


def shown(capsys: Capture, code: int = 0) -> str:
    """What the first screen says."""
    assert home.run([], "never", moment(DAY)) == code
    return capsys.readouterr().out


def test_the_first_run(capsys: Capture, folder: Path) -> None:
    """Everything there is is counted; there is nothing to know of the learner, and no file is made for it."""
    out = shown(capsys)
    topics, questions = len(library.find().topics), len(entries())
    assert f" dlprep · {topics} topics · {questions} questions · {len(demo.names())} experiments" in out
    assert "Nothing answered yet" in out
    assert f"dlprep demo backprop  {' ' * 5}" in out
    assert demo.headline("backprop").split()[0] in out
    assert not (folder / "history.db").exists()


def test_what_is_due_is_what_the_quiz_would_ask(capsys: Capture, folder: Path) -> None:
    """As many questions, and their minutes."""
    kept(folder, answered(entries()[:7], days_after(-99)) + answered(entries()[7:9]))
    found = library.find()
    desk = learner(moment(DAY)).desk(found, all_entries(found))
    due = list(choose.ranked(desk, "due", random.Random(1)))
    minutes = round(sum(desk.seconds(pick.entry) for pick in due) / 60)
    assert len(due) == 7
    assert f" Due now 7 (about {minutes} minutes) · 1-day streak\n" in shown(capsys)


def test_nothing_due_says_when_something_will_be(capsys: Capture, folder: Path) -> None:
    """A question that was missed today comes back tomorrow."""
    kept(folder, answered(entries()[:1], rating=1))
    out = shown(capsys)
    assert " Nothing due until tomorrow · 1-day streak\n" in out
    assert "answer new questions" in out


def test_the_experiment_is_that_of_the_weakest_topic(capsys: Capture, folder: Path) -> None:
    """Of two topics the one of which less is known; those without answers are not called weak."""
    topics = library.find().topics
    strong, weak = topics[0], topics[2]
    long_ago = [row._replace(id=f"{row.id}old") for row in answered(weak.entries[:1], days_after(-9))]
    kept(folder, [*answered(strong.entries), *long_ago])
    out = shown(capsys)
    assert re.search(rf" Weakest of what was asked: {weak.name} \d+%, {strong.name} 100%\n", out)
    assert f"dlprep demo {weak.name} " in out


def test_a_plan_that_is_kept(capsys: Capture, folder: Path) -> None:
    """Made today, nothing can be behind; part of the day's minutes is left for new questions."""
    kept(folder, answered(entries()[:2]), planned(DAY, days_after(22)))
    out = shown(capsys)
    assert " Interview in 22 days (15 December) · on plan · 1-day streak\n" in out
    assert " new today · about " in out


def test_new_today_are_questions_never_asked(capsys: Capture, folder: Path) -> None:
    """With time for everything today, all that is due and the two that are new: two."""
    kept(folder, answered(entries()[2:], days_after(-30)), planned(DAY, days_after(9), 1000))
    out = shown(capsys)
    assert " Due now " in out
    assert " · 2 new today · about " in out


def test_a_plan_that_is_not_kept(capsys: Capture, folder: Path) -> None:
    """Five days of ten minutes, and hardly anything done."""
    kept(folder, answered(entries()[:1]), planned(days_after(-5), days_after(1), 10))
    assert " Interview tomorrow (24 November) · 5 days missed so far · 1-day streak\n" in shown(capsys)


def test_no_new_questions_once_the_minutes_are_spent(capsys: Capture, folder: Path) -> None:
    """Whoever answered for an hour today is offered none."""
    long = [row._replace(seconds=600.0) for row in answered(entries()[:6])]
    kept(folder, long, planned(DAY, days_after(22), 20))
    out = shown(capsys)
    assert "new today" not in out
    assert " Today's minutes are spent\n" in out


def test_whoever_has_done_everything_has_spent_nothing(capsys: Capture, folder: Path) -> None:
    """With all sure until the day, home does not say that the minutes are spent, though some are."""
    done = [row for ago in (-90, -45, -1) for row in answered(entries(), days_after(ago), rating=4)]
    kept(folder, [*done, *answered(entries()[:1])], planned(DAY, days_after(1), 20))
    assert "minutes are spent" not in shown(capsys)


def test_the_day_of_the_interview(capsys: Capture, folder: Path) -> None:
    """There is nothing left to count down to, and on the next day nothing is said of it."""
    kept(folder, answered(entries()[:1]), planned(days_after(-5), DAY))
    out = " ".join(shown(capsys).split())
    assert " Interview today. You have done what you could: good luck" in out
    assert "Interview in" not in out


def test_a_history_that_cannot_be_read(capsys: Capture, folder: Path) -> None:
    """The screen still shows, and what is wrong with which file; that stays as it is. Exit code 2."""
    junk = b"no database at all, by any means " * 50
    (folder / "history.db").write_bytes(junk)
    out = " ".join(shown(capsys, code=2).split())
    assert "! " in out
    assert "history.db" in out.replace(" ", "")
    assert "questions" in out
    assert "dlprep demo backprop" in out
    assert (folder / "history.db").read_bytes() == junk


def test_it_wakes_nothing_heavy(capsys: Capture, folder: Path) -> None:
    """Once everything is replayed and read, the screen needs neither fsrs nor NumPy nor YAML."""
    kept(folder, answered(entries()[:9], days_after(-30)), planned(DAY - timedelta(3), days_after(22)))
    shown(capsys)
    done = piped(
        str(moment(DAY).at),
        env={"DLPREP_HOME": str(folder)},
        program=(sys.executable, "-c", SPY),
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.split() == ["woke"]
    assert "Due now" in done.stdout or "Nothing due" in done.stdout
