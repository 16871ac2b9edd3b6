"""A problem is drawn with its line and a caret under the right characters, and nothing in it acts."""

from __future__ import annotations

from rich.cells import cell_len

from dlprep.draw import problems
from dlprep.draw.palette import NONE, Look
from dlprep.errors import Problem, Where


def drawn(found: Problem) -> list[str]:
    """The lines of a problem without colour."""
    return [text.plain for text in problems.problem(found, Look(NONE))]


def test_a_problem_is_drawn_as_rustc_does() -> None:
    """What, where, the line, a caret, and help."""
    found = Problem("unknown-key", "`hlep` is not a key", Where("a.yaml", 41, 5), "help?", "    hlep: x", 4)
    assert drawn(found) == [
        "error[unknown-key]: `hlep` is not a key",
        "  --> a.yaml:41:5",
        "   |",
        "41 |     hlep: x",
        "   |     ^^^^",
        "   = help: help?",
    ]


def test_the_caret_stands_under_wide_characters() -> None:
    """Columns are counted in characters, the caret is placed in cells."""
    lines = drawn(Problem("x", "m", Where("a.yaml", 1, 4), "", "日本 é: 1", 2))
    before = lines[3].index("é")
    assert cell_len(lines[4][: lines[4].index("^")]) == cell_len(lines[3][:before])
    assert lines[4].count("^") == 2


def test_a_long_line_is_cut_around_the_caret() -> None:
    """The marked part stays in view."""
    line = "a" * 5000 + "HERE" + "b" * 5000
    lines = drawn(Problem("x", "m", Where("a.yaml", 1, 5001), "", line, 4))
    assert len(lines[3]) < 140
    assert lines[3][lines[4].index("^") :].startswith("HERE")


def test_nothing_in_a_problem_reaches_the_terminal_raw() -> None:
    """Escape sequences of a name, a line or a message are spelt out."""
    evil = "\x1b]0;owned\x07\x9b31m\u202e"
    text = "\n".join(drawn(Problem("x", evil, Where(evil, 1, 1), evil, evil, 3)))
    assert not any(character in text for character in evil if character not in "]0;owned31m")


def test_an_annotation_escapes_what_github_reads() -> None:
    """Percent signs, newlines, colons and commas stay data."""
    found = Problem("x", "100%\nof ::error::", Where("a,b:c.yaml", 3, 7), "do, this")
    assert problems.annotation(found) == (
        "::error file=a%2Cb%3Ac.yaml,line=3,col=7,title=x::100%25%0Aof ::error:: (do, this)"
    )
