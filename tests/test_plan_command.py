"""`dlprep plan`: made, changed, given up and refused; its document says what its page says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dlprep import library
from dlprep.choose import MINUTES, Goal
from dlprep.cli import main
from dlprep.commands import learner
from dlprep.draw.dates import WEEKDAYS, brief
from dlprep.history import History, Plan
from dlprep.remembered import Remembered
from dlprep.streak import Day
from tests.reviews import DAY, days_after, moment, noon, review
from tests.test_quiz_piped import ZOO

Capture = pytest.CaptureFixture[str]
NAMES = [question.name for question in library.find([ZOO]).topic("zoo").questions]


@pytest.fixture(autouse=True)
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    """The history, not there yet, of a user who has the zoo and no other bank, at noon of `DAY`."""
    for name in ("NO_COLOR", "FORCE_COLOR", "DLPREP_BANKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DLPREP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    banks = tmp_path / "banks"
    banks.mkdir()
    (banks / "zoo.yaml").write_bytes(ZOO.read_bytes())
    monkeypatch.setattr(library, "shipped", lambda: banks)
    today(monkeypatch)
    return History(tmp_path / "home" / "history.db")


def today(monkeypatch: pytest.MonkeyPatch, ahead: int = 0) -> None:
    """Make it noon, so many days after `DAY`."""
    monkeypatch.setenv("DLPREP_NOW", f"{days_after(ahead)}T12:00+00:00")


def plan(capsys: Capture, *args: str) -> tuple[int, str, str]:
    """The exit code, output and errors of `dlprep plan ARGS`."""
    code = main(["plan", *args])
    return (code, *capsys.readouterr())


def document(capsys: Capture, *args: str) -> dict[str, Any]:
    """What `dlprep plan --json` prints."""
    code, out, err = plan(capsys, *args, "--json")
    assert (code, err) == (0, "")
    loaded = json.loads(out)
    assert isinstance(loaded, dict)
    return loaded


def disk(history: History) -> dict[str, bytes]:
    """Every file of the home but the cache, which can be made again."""
    home = history.path.parent
    files = [file for file in home.rglob("*") if file.is_file() and file.parent.name != "cache"]
    return {str(file.relative_to(home)): file.read_bytes() for file in files}


def made(history: History) -> list[tuple[object, ...]]:
    """Every plan ever made, without its id and moment."""
    return [row[3:] for row in history.plans()]


# ── made, changed, given up ─────────────────────────────────────────────────────────────────────────


def test_a_plan_is_saved_and_shown(history: History, capsys: Capture) -> None:
    """A row under a UUID with the moment it was made; twenty minutes where none are named."""
    code, out, err = plan(capsys, "--date", "2026-12-15")
    assert (code, err) == (0, "")
    assert out.startswith(" Interview in 22 days, on 15 December, 20 minutes a day\n on plan\n\n")
    assert out.endswith("\n\n Next: dlprep quiz\n")
    (row,) = history.plans()
    UUID(row.id)
    assert 0 <= row.at - noon(DAY) < 60 * 10**6
    assert row[2:] == (0, DAY, days_after(22), MINUTES)


def test_what_is_not_named_stays(history: History, capsys: Capture) -> None:
    """The day when the minutes change, and the minutes when the day does; each change is a row more."""
    plan(capsys, "--date", str(days_after(22)), "--minutes", "45")
    assert " on 15 December, 30 minutes" in plan(capsys, "--minutes", "30")[1]
    assert " on 3 December, 30 minutes" in plan(capsys, "--date", str(days_after(10)))[1]
    assert " on 3 December, 30 minutes" in plan(capsys)[1]
    assert made(history) == [(DAY, days_after(22), 45), (DAY, days_after(22), 30), (DAY, days_after(10), 30)]


@pytest.mark.parametrize("ahead", [1, 366])
def test_from_tomorrow_to_a_year_ahead(ahead: int, capsys: Capture) -> None:
    """The nearest and the farthest day there can be; every day until then is there."""
    told = document(capsys, "--date", str(days_after(ahead)), "--minutes", "5")
    assert told["days_left"] == ahead
    assert [day["day"] for day in told["days"]] == [str(days_after(k)) for k in range(ahead)]


def test_given_up_is_a_row_and_answers_stay(history: History, capsys: Capture) -> None:
    """After it there is no plan, and nothing to give up."""
    history.append([review(question=NAMES[0])])
    plan(capsys, "--date", str(days_after(9)))
    said = "The plan is given up; what you answered stays. Next: dlprep quiz\n"
    assert plan(capsys, "--drop") == (0, said, "")
    assert made(history)[-1] == (DAY, None, None)
    assert len(history.reviews()) == 1
    assert plan(capsys)[0] == plan(capsys, "--drop")[0] == 2


# ── refused ─────────────────────────────────────────────────────────────────────────────────────────

WANTED = f"the day of the interview as YYYY-MM-DD, later than today ({DAY})"
NONE = (
    "there is no plan, or its day has come",
    "fix the day of the interview with dlprep plan --date YYYY-MM-DD --minutes 20",
)
REFUSED: dict[tuple[str, ...], tuple[str, str]] = {
    ("--date", "2026-11-22"): ("2026-11-22 is not in the future", WANTED),
    ("--date", "2026-11-23"): ("2026-11-23 is not in the future", WANTED),
    ("--date", "0001-01-01"): ("0001-01-01 is not in the future", WANTED),
    ("--date", "2026-02-30"): ("'2026-02-30' is not a date", WANTED),
    ("--date", "tomorrow"): ("'tomorrow' is not a date", WANTED),
    ("--date", "a\x1b[2J"): (r"'a\x1b[2J' is not a date", WANTED),
    ("--date", "2027-11-25"): ("2027-11-25 is more than a year away", "plan the year before it"),
    ("--date", "9999-12-31"): ("9999-12-31 is more than a year away", "plan the year before it"),
}
WITHOUT: dict[tuple[str, ...], tuple[str, str]] = {
    (): NONE,
    ("--json",): NONE,
    ("--minutes", "30"): ("a plan needs a day", "add --date YYYY-MM-DD, the day of the interview"),
    ("--drop",): ("there is no plan to give up", "`dlprep plan --date YYYY-MM-DD` makes one"),
}


@pytest.mark.parametrize("before", [0, 22])
@pytest.mark.parametrize("args", REFUSED)
def test_a_day_that_cannot_be_is_refused(
    args: tuple[str, ...], before: int, history: History, capsys: Capture
) -> None:
    """One sentence and what to do, exit code 2; whatever plan there was stays."""
    if before:
        plan(capsys, "--date", str(days_after(before)))
    kept = disk(history)
    message, hint = REFUSED[args]
    assert plan(capsys, *args) == (2, "", f"dlprep: {message}\n  hint: {hint}\n")
    assert disk(history) == kept


@pytest.mark.parametrize("args", WITHOUT)
def test_what_needs_a_plan_is_refused_without_one(
    args: tuple[str, ...], history: History, capsys: Capture
) -> None:
    """Nothing is made, not even a file."""
    message, hint = WITHOUT[args]
    assert plan(capsys, *args) == (2, "", f"dlprep: {message}\n  hint: {hint}\n")
    assert disk(history) == {}


@pytest.mark.parametrize("args", WITHOUT)
def test_a_plan_ends_on_its_day(
    args: tuple[str, ...], history: History, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day before it is still there; on the day it is as if there were none."""
    plan(capsys, "--date", str(days_after(9)))
    today(monkeypatch, 8)
    assert plan(capsys)[1].startswith(" Interview in 1 day, on 2 December")
    kept = disk(history)
    today(monkeypatch, 9)
    assert plan(capsys, *args)[::2] == (2, f"dlprep: {WITHOUT[args][0]}\n  hint: {WITHOUT[args][1]}\n")
    assert disk(history) == kept


@pytest.mark.parametrize("minutes", ["0", "-1", "1441", "many"])
def test_minutes_that_no_day_has_are_refused(minutes: str, history: History, capsys: Capture) -> None:
    """Before anything is saved."""
    code, out, err = plan(capsys, "--date", str(days_after(9)), "--minutes", minutes)
    assert (code, out) == (2, "")
    assert "Invalid value for '--minutes'" in err
    assert disk(history) == {}


@pytest.mark.parametrize("before", [0, 22])
@pytest.mark.parametrize("args", [("--date", str(days_after(9))), ("--minutes", "9"), ("--drop",)])
def test_a_bank_that_is_not_there_leaves_no_plan(
    args: tuple[str, ...], before: int, history: History, capsys: Capture
) -> None:
    """What is refused changes nothing, whatever plan there was."""
    if before:
        plan(capsys, "--date", str(days_after(before)))
    kept = disk(history)
    code, out, err = plan(capsys, *args, "--bank", "none.yaml")
    assert (code, out) == (2, "")
    assert err.startswith("dlprep: none.yaml does not exist\n")
    assert disk(history) == kept
    assert bool(kept) == bool(before)


def test_an_empty_day_is_no_date(capsys: Capture) -> None:
    """As of `--date "$DAY"` where DAY is not set."""
    plan(capsys, "--date", str(days_after(9)))
    assert plan(capsys, "--date", "") == (2, "", f"dlprep: '' is not a date\n  hint: {WANTED}\n")


@pytest.mark.parametrize("day", ["20261215", "2026-W51-2"])
def test_a_day_has_one_spelling_on_every_python(day: str, capsys: Capture) -> None:
    """The one that is asked for."""
    assert plan(capsys, "--date", day)[0] == 2


@pytest.mark.parametrize("more", [("--date", "2026-12-20"), ("--minutes", "9"), ("--json",)])
def test_giving_up_stands_alone(more: tuple[str, ...], history: History, capsys: Capture) -> None:
    """Nobody can say which was meant."""
    plan(capsys, "--date", str(days_after(9)))
    kept = disk(history)
    told = "dlprep: --drop stands alone\n  hint: first give the plan up, or make a new one in its place\n"
    assert plan(capsys, "--drop", *more) == (2, "", told)
    assert disk(history) == kept


# ── the document and the page ───────────────────────────────────────────────────────────────────────


def test_the_document_of_the_smallest_plan(history: History, capsys: Capture) -> None:
    """A day, three minutes and the zoo, of which one question was asked: exact, and nothing but this."""
    history.append([review(question=NAMES[0])])
    told = document(capsys, "--date", str(days_after(1)), "--minutes", "3")
    (day,) = told.pop("days")
    assert day["day"] == str(DAY)
    assert set(day) == {"day", "new", "again", "minutes"}
    recall = told.pop("recall")
    assert set(recall) == {"zoo"}
    assert recall["zoo"]["today"] == 1 / 7
    assert 0 < recall["zoo"]["idle"] < recall["zoo"]["today"] < recall["zoo"]["planned"]
    assert told.pop("overall") == recall["zoo"]["planned"]
    assert set(told.pop("never_asked")) < set(NAMES)
    who = learner.learner(moment(DAY))
    found = library.find()
    assert told.pop("target") == who.desk(found, learner.all_entries(found)).target
    assert told == {
        "schema": 1,
        "date": "2026-11-24",
        "minutes": 3,
        "days_left": 1,
        "days_missed": 0,
        "minutes_to_ask_all": 10,
    }


@pytest.mark.parametrize(("left", "minutes"), [(1, 1), (3, 2), (9, 10), (40, 3)])
def test_document_and_page_agree(left: int, minutes: int, history: History, capsys: Capture) -> None:
    """Day by day and topic by topic, each number of the page is the rounded one of the document."""
    history.append([review(question=NAMES[2], rating=1, day=days_after(-3), at=noon(days_after(-3)))])
    told = document(capsys, "--date", str(days_after(left)), "--minutes", str(minutes))
    out = plan(capsys)[1]
    for day in told["days"][:7]:
        found = next(ahead for ahead in range(left) if str(days_after(ahead)) == day["day"])
        when = days_after(found)
        name = f"{WEEKDAYS[when.weekday()]} {brief(when)}"
        numbers = rf"{day['new']:.0f} +{day['again']:.0f} +{day['minutes']:.0f}"
        assert re.search(rf"^ {name} +{numbers}$", out, re.MULTILINE)
    recall = told["recall"]["zoo"]
    shares = " +".join(f"{recall[kind]:.0%}" for kind in ("planned", "today", "idle"))
    filled = round(20 * recall["planned"])
    assert re.search(rf"^ zoo +{shares}  {'▰' * filled}{'▱' * (20 - filled)}$", out, re.MULTILINE)
    flat, count = " ".join(out.split()), len(told["never_asked"])
    if count:
        assert f"There is not enough time: {7 - count} of 7 questions can be asked." in flat
        assert f"at least {told['minutes_to_ask_all']} minutes a day instead of {minutes}." in flat
    else:
        assert f"all 7 questions are asked. Mean of the topics: {told['overall']:.0%}." in flat


def test_the_same_plan_always_comes_to_the_same(capsys: Capture) -> None:
    """Chance has a seed."""
    first = plan(capsys, "--date", str(days_after(12)), "--json")
    assert plan(capsys, "--json") == first


def test_what_can_be_asked_is_what_the_days_ask(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """With all banks and one day: a table that asks 11 and a sentence that speaks of 9 are one too many."""
    monkeypatch.setattr(library, "shipped", lambda: Path(library.__file__).parent.parent / "questions")
    out = plan(capsys, "--date", str(days_after(1)))[1]
    asked = re.search(r"^ Mon 23 Nov +(\d+) ", out, re.MULTILINE)
    reached = re.search(r"There is not enough time: (\d+) of", out)
    assert asked
    assert reached
    assert abs(int(asked[1]) - int(reached[1])) <= 1


def test_days_missed_are_told_by_both(
    history: History, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Since the plan was made, today not counted; a new plan starts on plan."""
    plan(capsys, "--date", str(days_after(22)), "--minutes", "3")
    history.append([review("a", question=NAMES[0]), review("b", question=NAMES[1], day=days_after(2))])
    today(monkeypatch, 2)
    assert document(capsys)["days_missed"] == 1
    assert plan(capsys)[1].split("\n")[1] == " 1 day missed so far"
    today(monkeypatch, 20)
    assert document(capsys)["days_missed"] == 18
    assert plan(capsys)[1].split("\n")[1] == " 18 days missed so far"
    assert document(capsys, "--minutes", "4")["days_missed"] == 0


def test_a_plan_made_by_a_clock_that_went_back_is_the_newest(
    history: History, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was said last counts."""
    plan(capsys, "--date", str(days_after(22)))
    today(monkeypatch, -3)
    assert " on 3 December, " in plan(capsys, "--date", str(days_after(10)))[1]
    assert " on 3 December, " in plan(capsys)[1]
    assert plan(capsys, "--drop")[0] == 0
    assert history.plan() is None


# ── what commands know of the learner ───────────────────────────────────────────────────────────────


def test_the_goal_is_there_while_it_lies_ahead(history: History) -> None:
    """With the day it was planned on; minutes that were left open are the usual ones."""
    history.set_plan(Plan("p", noon(DAY), 0, DAY, days_after(2), None))
    who = learner.learner(moment(days_after(1)))
    assert (who.goal, who.made) == (Goal(days_after(2), MINUTES), DAY)
    who = learner.learner(moment(days_after(2)))
    assert (who.goal, who.made) == (None, None)


def test_nobody_is_known_nothing_of(history: History) -> None:
    """Even where the history cannot be read, which is not tried."""
    history.path.parent.mkdir()
    history.path.write_bytes(b"junk")
    assert learner.nobody(moment(DAY)) == (history, Remembered(), None, None, None, moment(DAY))


def test_answers_of_the_future_are_told_of_once(history: History, capsys: Capture) -> None:
    """One line beside the output: the clock is wrong now or was wrong then."""
    history.append([review("a", question=NAMES[0]), review("b", question=NAMES[1], day=days_after(9))])
    history.append([review("c", question=NAMES[2], day=days_after(9))])
    who = learner.learner(moment(DAY))
    told = (
        "2 questions had answers after that, which count when their day comes; set the clock if it is wrong"
    )
    assert capsys.readouterr().err == f"dlprep: the clock says 2026-11-23, but {told}\n"
    assert set(who.memory.states) == {NAMES[0]}
    learner.learner(moment(days_after(8)))
    assert capsys.readouterr().err == ""


def test_one_answer_of_the_future_is_told_of_in_the_singular(history: History, capsys: Capture) -> None:
    """The usual case: a clock that was wrong once."""
    history.append([review("b", question=NAMES[1], day=days_after(9))])
    learner.learner(moment(DAY))
    assert "but 1 question had answers after that, which count" in capsys.readouterr().err


def test_a_clock_set_back_is_told_of_whatever_is_stored(history: History, capsys: Capture) -> None:
    """F19: one warning, also where the answers were replayed on their own day."""
    history.append([review(question=NAMES[0])])
    learner.learner(moment(DAY))
    learner.learner(moment(days_after(-3)))
    assert "the clock says 2026-11-20" in capsys.readouterr().err


def test_what_is_left_of_today_counts_today_alone() -> None:
    """The seconds answered and fifteen for reading each answer; below nothing when more was done."""
    goal = Goal(days_after(5), 10)
    days = [
        Day(days_after(-1), moment(days_after(-1)), moment(days_after(-1)), 9, 9, 999.0),
        Day(DAY, moment(DAY), moment(DAY), 4, 2, 100.0),
    ]
    assert learner.seconds_left(goal, days, DAY) == 600 - 100 - 4 * 15
    assert learner.seconds_left(goal, days, days_after(1)) == 600
    assert learner.seconds_left(goal, [days[1]._replace(seconds=900.0)], DAY) == -360
