"""Replies as text: what is written is read back, and rubbish is no reply."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlprep import replytext
from dlprep.quiz import Picked, Reply, Sorted, Told, Typed

PLACES = st.integers(0, 8)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
REPLIES = st.one_of(
    st.builds(Picked, st.frozensets(PLACES)),
    st.builds(Typed, st.floats(allow_nan=False, allow_infinity=False)),
    st.builds(Told, TEXT, st.frozensets(PLACES)),
    st.builds(Sorted, st.lists(PLACES, max_size=9).map(tuple)),
)


@given(REPLIES)
def test_what_is_written_is_read_back(reply: Reply) -> None:
    """Every kind of reply survives, whatever the words."""
    assert replytext.read(replytext.write(reply)) == reply


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "nothing", '{"typed": "12"}', '{"picked": ["x"]}', '{"picked": 3}', "[" * 9999]
)
def test_what_is_no_reply_is_none(text: str) -> None:
    """A newer dlprep's replies, or rubbish, are told apart from ours."""
    assert replytext.read(text) is None


def test_half_a_character_is_written_too() -> None:
    """A lone surrogate from a broken terminal becomes a question mark; the file could not hold it."""
    assert replytext.read(replytext.write(Told("a\ud800b", frozenset()))) == Told("a?b", frozenset())
