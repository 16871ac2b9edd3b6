"""Typed lines to replies: read for certain, or asked again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep import quiz, reader, replies
from dlprep.quiz import Asked, Picked, Reply, Sorted, Typed

GOOD = Path(__file__).parent / "good" / "every_key.yaml"


def asked(number: int) -> Asked:
    """A question of the good bank: 0 is a choice of three, 1 numeric, 4 an order of three."""
    topic, _ = reader.read(GOOD.read_bytes(), "bank.yaml", "t")
    assert topic is not None
    return quiz.ask(topic.questions[number], 0)


CHOICE, NUMERIC, ORDER = asked(0), asked(1), asked(4)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        *(
            ("a", {0}),
            ("C", {2}),
            ("ac", {0, 2}),
            ("c, a", {0, 2}),
            ("1", {0}),
            ("13", {0, 2}),
            ("1 3", {0, 2}),
        ),
        *((" b. ", {1}), ("a;b;c", {0, 1, 2}), ("(a", None), ("b)", {1}), ("٢", {1})),
        *(
            ("", None),
            (" ", None),
            ("d", None),
            ("4", None),
            ("0", None),
            ("aa", None),
            ("a1", None),
            ("a or b", None),
        ),
        *(("ab?", None), ("yes", None), ("-1", None), ("²", None), ("İ", None)),
    ],
)
def test_a_choice_is_answered_by_letters_or_numbers(text: str, places: set[int] | None) -> None:
    """Each place once; a line with anything else in it is asked again."""
    wanted: Reply | None = None if places is None else Picked(frozenset(places))
    assert replies.read(CHOICE, text) == wanted


@pytest.mark.parametrize(
    ("text", "places"),
    [
        *(
            ("312", (2, 0, 1)),
            ("3 1 2", (2, 0, 1)),
            ("3, 1, 2", (2, 0, 1)),
            ("cab", (2, 0, 1)),
            ("3a2", (2, 0, 1)),
        ),
        *(("", None), ("31", None), ("3122", None), ("314", None), ("1-2-3", None)),
    ],
)
def test_an_order_is_answered_by_all_its_places(text: str, places: tuple[int, ...] | None) -> None:
    """Every place once, in the order meant."""
    assert replies.read(ORDER, text) == (None if places is None else Sorted(places))


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("1e1 px", 10), ("30/2", 15), ("", None), ("twelve", None), ("12 apples", None)],
)
def test_a_number_is_answered_by_a_number(text: str, value: float | None) -> None:
    """With the question's unit or none."""
    assert replies.read(NUMERIC, text) == (None if value is None else Typed(value))


@settings(deadline=None, max_examples=150)
@given(st.text(), st.sampled_from([CHOICE, NUMERIC, ORDER]))
def test_any_line_is_read_or_explained(text: str, question: Asked) -> None:
    """A line gives a reply that can be marked, or a sentence that a terminal can be shown."""
    reply = replies.read(question, text)
    if reply is None:
        said = replies.unreadable(question, text)
        assert said.isprintable()
        assert len(said) < 240
    else:
        quiz.mark(question, reply)


@pytest.mark.parametrize("text", ["\x1b[31m", "a\x9bb", "\u202eevil", "\x07"])
def test_an_echo_obeys_nothing(text: str) -> None:
    """What a learner typed comes back with its control characters spelt out."""
    assert replies.shown(f" {text} ").isprintable()
    assert replies.unreadable(NUMERIC, text).isprintable()


def test_what_is_said_of_an_unreadable_line_names_the_places() -> None:
    """The sentence says exactly what may be typed."""
    assert replies.unreadable(CHOICE, "x") == "type one or more of the letters a–c"
    assert replies.unreadable(ORDER, "x") == "type each of the numbers 1–3 once, such as 321"
    assert "'x' is not a number I can read, in pixels" in replies.unreadable(NUMERIC, "x")
