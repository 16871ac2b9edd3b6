"""Answers given before, on the screen: a line each, and the reply of one of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep import library, quiz
from dlprep.bank import Question
from dlprep.draw import past as drawn
from dlprep.draw.palette import MANY, NONE, SIXTEEN, TRUE, Look
from dlprep.draw.strip import Strip, length
from dlprep.quiz import Picked, Reply, Sorted, Told, Typed
from dlprep.review import RATINGS, Review, study_day
from tests.reviews import DAY, days_after, noon, review
from tests.test_quiz_piped import ZOO

PLAIN, ASCII = Look(NONE), Look(NONE, ascii=True)
LOOKS = [Look(TRUE), Look(MANY), Look(SIXTEEN), PLAIN, ASCII]
ONE, SEVERAL, PARAMETERS, SHARE, WHY, INVARIANT, STEPS = library.find([ZOO]).topic("zoo").questions
ID = "0123456789abcdef"
HOUR = 3600 * 10**6  # µs


def text(strips: list[Strip]) -> str:
    """The characters alone, ends of lines trimmed."""
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def line(one: Review, width: int = 80, look: Look = PLAIN) -> str:
    """The line of an answer."""
    return text(drawn.lines([one], DAY, width, look))


@pytest.mark.parametrize(
    ("rating", "told"),
    [
        (1, " 01234567  ✗ wrong  Again  23 Nov 12:00  zoo/one"),
        (2, " 01234567  ✓ right  Hard   23 Nov 12:00  zoo/one"),
        (3, " 01234567  ✓ right  Good   23 Nov 12:00  zoo/one"),
        (4, " 01234567  ✓ right  Easy   23 Nov 12:00  zoo/one"),
    ],
)
def test_an_answer_is_a_line(rating: int, told: str) -> None:
    """The start of its id, how it was, its rating, the question, and when."""
    assert line(review(ID, rating=rating)) == told


def test_a_sign_in_ascii_stands_apart_from_its_word() -> None:
    """Right and wrong begin at one column."""
    right, wrong = (line(review(ID, rating=rating), look=ASCII) for rating in (3, 1))
    assert right == " 01234567  OK right  Good   23 Nov 12:00  zoo/one"
    assert wrong == " 01234567  X  wrong  Again  23 Nov 12:00  zoo/one"


def test_answers_are_told_one_below_the_other() -> None:
    """In the order in which they are given, and the head of one answer is its line too."""
    both = [review("a" * 9, day=days_after(-400)), review("b" * 9)]
    assert text(drawn.lines(both, DAY, 80, PLAIN)).split("\n") == [line(each) for each in both]
    assert "19 Oct 2025 12:00" in line(both[0])
    assert text(drawn.head(both[1], DAY, 80, PLAIN)) == f"\n{line(both[1])}"


@pytest.mark.parametrize(("offset", "told"), [(0, "12:00"), (90, "13:30"), (-480, "04:00")])
def test_the_hour_is_that_of_the_wall_clock_there(offset: int, told: str) -> None:
    """Wherever the answer is looked at."""
    assert line(review(ID)._replace(offset=offset)).endswith(f"23 Nov {told}  zoo/one")


def test_the_date_is_that_of_the_wall_clock_there() -> None:
    """At two in the night to the 24th it is the 24th, though the study day is still the 23rd."""
    at = noon(DAY) + 14 * HOUR
    assert study_day(at, 0) == DAY
    assert line(review(ID, at=at)).endswith("24 Nov 02:00  zoo/one")


@pytest.mark.parametrize("look", LOOKS)
@settings(deadline=None)
@given(width=st.integers(20, 120), name=st.text(max_size=60), rating=st.sampled_from([None, *RATINGS]))
def test_no_line_is_wider_than_the_screen(look: Look, width: int, name: str, rating: int | None) -> None:
    """Whatever the question is called; ASCII stays ASCII, and nothing reaches the terminal."""
    strips = drawn.lines([review(ID, question=name, rating=rating)], DAY, width, look)
    assert max(map(length, strips)) <= width
    shown = text(strips)
    assert shown.startswith(" 01234567  ")
    assert shown.isascii() or not look.ascii
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)


@pytest.mark.parametrize(
    ("asked", "given", "told"),
    [
        (ONE, Picked(frozenset({1})), " › b\n"),
        (SEVERAL, Picked(frozenset({2, 0})), " › a, c\n"),
        (SEVERAL, Picked(frozenset()), "\n"),
        (PARAMETERS, Typed(1000.0), " › 1,000 parameters\n"),
        (PARAMETERS, Typed(-0.5), " › −0.5 parameters\n"),
        (SHARE, Typed(0.75), " › 0.75\n"),
        (
            WHY,
            Told("it is small\nand\x1b[31m equivariant", frozenset()),
            " › it is small\n   and\\x1b[31m equivariant\n",
        ),
        (STEPS, Sorted((2, 0, 1)), " › 312\n"),
        (ONE, None, "\n"),
    ],
)
def test_a_reply_is_shown_as_it_was_given(asked: Question, given: Reply | None, told: str) -> None:
    """Letters, the number with its unit, words, places from 1."""
    shown = text(drawn.reply(quiz.ask(asked, 7), given, 80, PLAIN))
    assert shown.replace(" ›\n", "\n") == told


@pytest.mark.parametrize("said", ["2**n weights and 3**m biases", "`tanh`", "```\nx = 1\n```"])
def test_words_are_shown_as_they_were_typed(said: str) -> None:
    """Stars, ticks and fences are the person's own, and stay."""
    shown = text(drawn.reply(quiz.ask(WHY, 7), Told(said, frozenset()), 80, PLAIN))
    assert [row[3:] for row in shown.rstrip("\n").split("\n")] == said.split("\n")


@pytest.mark.parametrize("look", LOOKS)
@settings(deadline=None)
@given(width=st.integers(20, 120), said=st.text(max_size=200))
def test_no_reply_is_wider_than_the_screen(look: Look, width: int, said: str) -> None:
    """Words in any letters, and what is left of an answer whose question is gone; ASCII stays ASCII."""
    strips = drawn.reply(quiz.ask(WHY, 7), Told(said, frozenset()), width, look)
    strips += drawn.gone(review(ID)._replace(reply=said), "this question is in no bank any more", width, look)
    assert max(map(length, strips)) <= width
    shown = text(strips)
    assert shown.isascii() or not look.ascii
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)


@pytest.mark.parametrize("width", [20, 21, 80, 120])
def test_wide_letters_are_all_shown_and_fit(width: int) -> None:
    """Each takes two cells, and Chinese has no gaps to break a line at."""
    said = "反向传播只计算梯度" * 9
    for strips in (
        drawn.reply(quiz.ask(WHY, 7), Told(said, frozenset()), width, PLAIN),
        drawn.gone(review(ID)._replace(reply=said), "why", width, PLAIN),
    ):
        assert max(map(length, strips)) <= width
        assert said in re.sub(r"[\s›]", "", text(strips))


def test_an_answer_to_what_is_gone_says_why_and_keeps_the_reply() -> None:
    """As it lies in the history."""
    strips = drawn.gone(
        review(ID)._replace(reply='{"picked": [1]}'), "this question was changed since", 80, PLAIN
    )
    assert text(strips) == ' this question was changed since\n what was replied: {"picked": [1]}'
