"""Prose: what little of it is markup, and that all else stays as it was written and within its width."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from dlprep.draw.palette import NONE, TRUE, Look
from dlprep.draw.prose import WIDEST, prose
from dlprep.draw.strip import length

LOOK = Look(TRUE)
PLAIN = Look(NONE, ascii=True)


def lines(text: str, width: int = 60, look: Look = LOOK, first: str = "") -> list[str]:
    """The prose as text."""
    return ["".join(s.text for s in strip) for strip in prose(text, width, look, first=first)]


def styled(text: str, role: str) -> list[str]:
    """The pieces written in the style of a role."""
    style = LOOK.style(role)  # type: ignore[arg-type]  # one of the roles, as the tests write them
    return [segment.text for strip in prose(text, 80, LOOK) for segment in strip if segment.style == style]


@pytest.mark.parametrize(
    "text",
    [
        "<pad> and </s> and vector<float>",
        "__init__ and _x_ and *x* and a*b*c",
        "[x] and [/foo] and x[i] and [link=a]b[/link]",
        "1986. Backprop",
        "# not a heading and > not a quote",
        "** not bold ** and ` and a ** b",
        ":x: & &lt; \\n $x^2$",
        "∂L/∂W ≤ 3 · 10⁻⁷",
    ],
)
def test_what_is_not_markup_stays(text: str) -> None:
    """Tags, underscores, stars, brackets and numbers at the start of a line are text."""
    assert lines(text) == [text]


def test_code_and_bold() -> None:
    """Their marks go away, their words are styled, and neither is read inside the other."""
    assert lines("use `a*b*c` and **very** much") == ["use a*b*c and very much"]
    assert styled("use `a*b*c` now", "code") == ["a*b*c"]
    assert styled("**very much** so", "strong") == ["very", "much"]
    assert lines("`**x**` and **`y`**") == ["**x** and `y`"]
    assert lines("(`x`), `y`.") == ["(x), y."]


def test_lines_and_bullets_hang() -> None:
    """A new line is a new line; a bullet's next lines stand under its words; what opens hangs too."""
    assert lines("one\ntwo\n\nthree") == ["one", "two", "", "three"]
    assert lines("- a bullet that goes on\n• another", 14) == ["• a bullet", "  that goes on", "• another"]
    assert lines("a few words here", 16, first="Why  ") == ["Why  a few words", "     here"]
    assert lines("- a", look=PLAIN) == ["- a"]


def test_fenced_code_keeps_its_spaces() -> None:
    """Indentation stays and nothing inside is markup; a line that does not fit is cut, not wrapped."""
    text = "See\n```python\nfor x in X:\n    y = **x**\n```\ndone"
    assert lines(text) == ["See", "  for x in X:", "      y = **x**", "done"]
    long = lines("```\n" + "x" * 30 + "\n```", 20)
    assert "".join(line.strip() for line in long) == "x" * 30
    assert max(map(len, long)) <= 20


def test_wide_words_are_cut_and_touching_ones_stay_together() -> None:
    """A word wider than the line is broken; punctuation after code does not start a line."""
    assert lines("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert lines("aaaa bbbb `cc`,", 12) == ["aaaa bbbb", "cc,"]
    assert max(map(cell_len, lines("日本語" * 20, 11))) <= 11


def test_it_is_never_wider_than_can_be_read() -> None:
    """88 columns on the widest terminal."""
    assert max(map(len, lines("word " * 200, 500))) <= WIDEST


def test_ascii_spells_what_it_can() -> None:
    """Where only ASCII can be written, formulas are spelled."""
    (line,) = lines("∇L ≤ α·x²⁰ − “y” → f′ ± ⌊z⌋ 日", look=PLAIN)
    assert line == 'grad L <= alpha.x^20 - "y" -> f\' +- floor(z) ?'


def test_what_a_terminal_obeys_is_shown() -> None:
    """Escapes, C1, bidi marks and carriage returns come out as their names, in text, code and fences."""
    for text in ("a\x1b[31mb", "`a\x9bb`", "**a\u202eb**", "```\na\x1b]0;x\x07b\n```", "a\rb"):
        told = "".join(lines(text))
        assert not set(told) & set("\x1b\x9b\u202e\x07\r"), text
        assert told.replace(" ", "") != "ab" or "\r" in text


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.integers(20, 100))
def test_any_text_fits_and_is_harmless(text: str, width: int) -> None:
    """Whatever is written: no line wider than the terminal, nothing in it that moves a cursor."""
    for strip in prose(text, width, LOOK, first="Why  "):
        assert length(strip) <= width
        assert all(char.isprintable() or char in "\u200c\u200d\xad" for s in strip for char in s.text) or all(
            ord(char) >= 0x20 for s in strip for char in s.text
        )


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("abc∂é日", min_size=1, max_size=12), min_size=1, max_size=20), st.integers(14, 100))
def test_no_word_is_lost(words: list[str], width: int) -> None:
    """Wrapped and joined again, the words are those that were written."""
    told = " ".join(line.strip() for line in lines(" ".join(words), width))
    assert told.replace(" ", "") == "".join(words)
    if max(map(cell_len, words)) <= width:
        assert told.split() == words
