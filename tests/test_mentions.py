"""Typed words tick the rubric points that they mention, and no others."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.mentions import mentions, stems

POINT = "The optimiser, not backpropagation, changes the weights"


@pytest.mark.parametrize(
    "words",
    [
        "the optimizer changes weights",
        "backprop only gives gradients; it is the optimiser that changes a weight",
        "OPTIMISERS CHANGE WEIGHTS",
    ],
)
def test_a_mention_survives_spelling_endings_and_case(words: str) -> None:
    """British and American spelling, singular and plural, large and small letters agree."""
    assert mentions(words, POINT)


@pytest.mark.parametrize("words", ["", "?", "the not and of", "I do not know", "weights", "yes"])
def test_too_few_of_its_words_do_not_mention_a_point(words: str) -> None:
    """Common words count nothing, and one telling word of several is not enough."""
    assert not mentions(words, POINT)


@settings(deadline=None, max_examples=100)
@given(st.text())
def test_a_point_mentions_itself(point: str) -> None:
    """Repeating a point ticks it, unless it holds no telling word at all."""
    assert mentions(point, point) == bool(stems(point))


@settings(deadline=None, max_examples=100)
@given(st.text(), st.text(), st.text("abcdefgh ", max_size=30))
def test_saying_more_never_unticks(words: str, point: str, more: str) -> None:
    """Adding words keeps what was mentioned."""
    if mentions(words, point):
        assert mentions(f"{words} {more}", point)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("normalize", "normalise"),
        ("behaviour", "behavior"),
        ("colour", "color"),
        ("two", "2"),
        ("gradients", "gradient"),
        ("cozy", "cosy"),
    ],
)
def test_words_that_are_one(one: str, other: str) -> None:
    """What an interviewer would hear as the same word has the same stem."""
    assert stems(one) == stems(other) != frozenset()


def test_common_words_tell_nothing() -> None:
    """Articles, pronouns and the like are no part of what a point says."""
    assert stems("The loss is not what it was, and they all know") == stems("loss know")
