"""The first screen as text: all of it at two widths, and what it says in each state."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.choose import Goal
from dlprep.draw import home as drawn
from dlprep.draw.home import Home, Stand
from dlprep.draw.palette import NONE, TRUE, Look
from dlprep.draw.strip import Strip, length
from tests.reviews import DAY, days_after

PLAIN, ASCII = Look(NONE), Look(NONE, ascii=True)
GOAL = Goal(days_after(22), 20)
STAND = Stand(GOAL, 0, 6, 14, 660.0, 5, (("initialization", 0.58), ("cost", 0.66)), None)
FIRST = Home(DAY, 12, 184, 14, 12, "cnn", "A convolution at work, “same” padding and all.", None)
HOME = FIRST._replace(stand=STAND)
REST = STAND._replace(goal=None, due=0, new=0, next=days_after(1))


def text(strips: list[Strip]) -> str:
    """The characters alone."""
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def told(home: Home) -> list[str]:
    """The lines of the screen at 80 columns."""
    return text(drawn.page(home, 80, PLAIN)).split("\n")


def stood(stand: Stand) -> list[str]:
    """What a screen says of where the learner stands, and the first command."""
    lines = told(HOME._replace(stand=stand))
    first = next(place for place, line in enumerate(lines) if line.startswith("   dlprep"))
    return [*lines[2 : first - 1], " ".join(lines[first].split())]


def test_the_screen_at_eighty_columns() -> None:
    """Counts, the interview, what is due, the weakest, three commands."""
    assert text(drawn.page(HOME, 80, PLAIN)) == HOME_80


def test_the_screen_at_forty_columns() -> None:
    """What a command does stands below it."""
    assert text(drawn.page(HOME, 40, ASCII)) == HOME_40


def test_the_first_run_says_how_to_begin() -> None:
    """No history: a line about it, the core questions, an experiment, and a plan three weeks ahead."""
    lines = told(FIRST)
    assert lines[2].startswith(" Nothing answered yet")
    assert [line.split("  ")[1].strip() for line in lines if line.startswith("   dlprep")] == [
        "dlprep quiz --core",
        "dlprep demo cnn",
        f"dlprep plan --date {DAY + timedelta(days=21)}",
    ]
    assert "the 14 questions" in "\n".join(lines)


@pytest.mark.parametrize(
    ("stand", "first", "command"),
    [
        (
            STAND._replace(goal=None, new=90),
            "Due now 14 (about 11 minutes) · 6-day streak",
            "answer what is due",
        ),
        (
            STAND._replace(goal=None, streak=0, seconds=9.0),
            "Due now 14 (about 1 minute)",
            "answer what is due",
        ),
        (REST, "Nothing due until tomorrow · 6-day streak", "answer what is shakiest"),
        (REST._replace(new=3), "Nothing due until tomorrow · 6-day streak", "answer new questions"),
        (
            REST._replace(next=days_after(9), streak=0),
            "Nothing due until 2 December",
            "answer what is shakiest",
        ),
        (
            REST._replace(next=days_after(99), streak=0),
            "Nothing due until 2 March 2027",
            "answer what is shakiest",
        ),
        (REST._replace(next=None, streak=0), "Nothing due", "answer what is shakiest"),
    ],
)
def test_without_a_plan(stand: Stand, first: str, command: str) -> None:
    """What there is to do now and the streak share a line; the command is one that does something."""
    lines = stood(stand)
    assert lines[0] == f" {first}"
    assert lines[-1].endswith(command)


@pytest.mark.parametrize(
    ("stand", "first", "second"),
    [
        (
            STAND,
            "in 22 days (15 December) · on plan · 6-day streak",
            "Due now 14 · 5 new today · about 11 minutes",
        ),
        (
            STAND._replace(missed=1, streak=0, new=0),
            "in 22 days (15 December) · 1 day missed so far",
            "Due now 14 · about 11 minutes",
        ),
        (
            STAND._replace(missed=3, due=0, next=days_after(22)),
            "in 22 days (15 December) · 3 days missed so far · 6-day streak",
            "Nothing due before the interview · 5 new today · about 11 minutes",
        ),
        (
            STAND._replace(goal=Goal(days_after(1), 20), due=0, next=days_after(400)),
            "tomorrow (24 November) · on plan · 6-day streak",
            "Nothing due before the interview · 5 new today · about 11 minutes",
        ),
    ],
)
def test_with_a_plan(stand: Stand, first: str, second: str) -> None:
    """When it is, whether the plan is kept, and what today holds; what is not there is left out."""
    assert stood(stand)[:2] == [f" Interview {first}", f" {second}"]


def test_what_is_not_there_is_left_out() -> None:
    """Without weak topics there is no line about them."""
    assert not any("Weakest" in line for line in told(HOME._replace(stand=STAND._replace(weakest=()))))


def test_a_history_that_cannot_be_used_is_told_of() -> None:
    """What is wrong, what to do about it, and only commands that need no history."""
    lines = told(FIRST._replace(problem="history.db is not a database", hint="restore it"))
    assert lines[2:4] == [" ! history.db is not a database", " restore it"]
    assert not any("Nothing answered" in line or line.startswith("   dlprep stats") for line in lines)


@pytest.mark.parametrize("look", [Look(TRUE), PLAIN, ASCII])
@settings(deadline=None)
@given(
    width=st.integers(30, 120),
    count=st.integers(0, 10**6),
    words=st.text(max_size=90),
    kind=st.integers(0, 3),
)
def test_no_line_is_wider_than_the_screen(look: Look, width: int, count: int, words: str, kind: int) -> None:
    """Whatever topics are called and however much there is; ASCII stays ASCII."""
    stand = Stand(GOAL, count, count, count, 60.0 * count, count, ((words, 1.0), ("cost", 0.0)), DAY)
    home = Home(DAY, count, count, count, count, words, words, stand)
    states = (home, home._replace(stand=None), home._replace(stand=None, problem=words or "x", hint=words))
    strips = drawn.page((*states, home._replace(stand=stand._replace(goal=None, due=0)))[kind], width, look)
    assert max(map(length, strips)) <= width
    assert text(strips).isascii() or not look.ascii


HOME_80 = """\

 dlprep · 12 topics · 184 questions · 12 experiments
 Interview in 22 days (15 December) · on plan · 6-day streak
 Due now 14 · 5 new today · about 11 minutes
 Weakest of what was asked: initialization 58%, cost 66%

   dlprep quiz      answer what is due
   dlprep demo cnn  A convolution at work, “same” padding and all.
   dlprep stats     where you stand
"""
HOME_40 = """\

 dlprep . 12 topics . 184 questions .
 12 experiments
 Interview in 22 days (15 December) .
 on plan . 6-day streak
 Due now 14 . 5 new today . about 11
 minutes
 Weakest of what was asked:
 initialization 58%, cost 66%

  dlprep quiz
    answer what is due
  dlprep demo cnn
    A convolution at work, "same"
    padding and all.
  dlprep stats
    where you stand
"""
