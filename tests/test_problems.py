"""How a problem looks: as rustc writes one for people, as a workflow command for GitHub."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from dlprep.draw import palette, problems
from dlprep.errors import Problem, Where

PLAIN = palette.Look(depth=palette.NONE)


def drawn(problem: Problem) -> list[str]:
    """The lines of a problem without their colours."""
    return [text.plain for text in problems.problem(problem, PLAIN)]


def at(line: str, column: int, width: int = 1, number: int = 4) -> Problem:
    """A problem on a line of its own."""
    return Problem("code", "it is wrong", Where("bank.yaml", number, column), "", line, width)


def marked(problem: Problem) -> str:
    """The cells of the line that stand over the carets."""
    _, _, _, line, carets = drawn(problem)
    start, cells, found = carets.index("^"), 0, ""
    for character in line:
        if start <= cells < len(carets):
            found += character
        cells += cell_len(character)
    return found


def test_a_problem_is_written_as_rustc_writes_one() -> None:
    """What, where, the line, a caret under what is meant, and help."""
    where = Where("questions/cnn.yaml", 12, 5)
    found = Problem("unknown-key", "`dificulty` is not a key", where, "keys: id", "    dificulty: easy", 9)
    assert drawn(found) == [
        "error[unknown-key]: `dificulty` is not a key",
        "  --> questions/cnn.yaml:12:5",
        "   |",
        "12 |     dificulty: easy",
        "   |     ^^^^^^^^^",
        "   = help: keys: id",
    ]


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    """Without a line there is nothing to mark, and without a hint no help."""
    assert drawn(Problem("file", "the file cannot be read", Where("a.yaml"))) == [
        "error[file]: the file cannot be read",
        " --> a.yaml",
    ]


@pytest.mark.parametrize(
    ("line", "column", "width", "wanted"),
    [
        ("    ask: 重み {m}", 14, 1, "m"),
        ("    重: 😀 here", 10, 4, "here"),
        ("    ask: 重み", 10, 2, "重み"),
        ("e\u0301: x", 5, 1, "x"),
        ("\tx: y", 2, 1, "x"),
        ("a: \x1b[31m!", 9, 1, "!"),
        ("a: \x1b!", 4, 1, "\\x1b"),
        ("x" * 300 + "!" + "y" * 300, 301, 1, "!"),
        ("重" * 300 + "!" + "み" * 300, 301, 1, "!"),
        ("ask: " + "重" * 30 + "!!", 36, 2, "!!"),
    ],
)
def test_the_caret_counts_cells(line: str, column: int, width: int, wanted: str) -> None:
    """Wide, combining, escaped and cut characters before it do not move the caret off its mark."""
    assert marked(at(line, column, width)) == wanted


@settings(deadline=None, max_examples=150)
@given(st.text("ab 重😀é\t\x1b\u0301", min_size=1, max_size=300), st.data())
def test_any_line_fits_a_terminal(line: str, data: st.DataObject) -> None:
    """However long the line, what is shown of it fits 80 columns, and carets stand under it."""
    column = data.draw(st.integers(1, len(line) + 1))
    width = data.draw(st.integers(1, 300))
    lines = drawn(at(line, column, width, number=1234))
    if line.strip():
        shown, carets = lines[3], lines[4]
        assert cell_len(shown) <= 82  # four digits here, and an escape may take a few cells more
        assert "^" in carets
        assert cell_len(carets) <= cell_len(shown) + 1
        assert not any(ord(c) < 32 for c in shown)


def test_a_very_long_line_takes_no_time() -> None:
    """Five million characters are cut before they are measured."""
    lines = drawn(at("x" * 2_500_000 + "!" + "x" * 2_500_000, 2_500_001))
    assert max(map(len, lines)) < 90


@pytest.mark.parametrize("raw", ["\x1b]0;title\x07", "\x9b31m", "\u202e", "\x1b[31m"])
def test_nothing_raw_is_drawn(raw: str) -> None:
    """Whatever a message, a path, a hint or a line holds is spelt out, in both formats."""
    found = Problem(f"co{raw}de", f"me{raw}ssage", Where(f"pa{raw}th", 1, 1), f"hi{raw}nt", f"li{raw}ne")
    for text in (*drawn(found)[1:], problems.annotation(found)):
        assert text.isprintable()


def test_markup_is_shown_literally() -> None:
    """Rich's markup in an author's text is text."""
    found = Problem("c", "[/foo] x[i]", Where("[red].yaml", 1, 1), "[link=x]", "ask: [bold]:x:")
    shown = "\n".join(drawn(found))
    assert all(text in shown for text in ("[/foo] x[i]", "[red].yaml", "[link=x]", "ask: [bold]:x:"))


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (
            Problem("unknown-key", "no: 100%, no", Where("a,b:c%.yaml", 3, 5), "yes"),
            "::error file=a%2Cb%3Ac%25.yaml,line=3,col=5,title=unknown-key::no: 100%25, no (yes)",
        ),
        (
            Problem("file", "one\ntwo\r::error::x", Where("a\n::set-env.yaml")),
            "::error file=a%0A%3A%3Aset-env.yaml,line=1,col=1,title=file::one%0Atwo\\x0d::error::x",
        ),
    ],
)
def test_an_annotation_is_one_escaped_line(problem: Problem, line: str) -> None:
    """No text of an author's can end the command or start another."""
    assert problems.annotation(problem) == line
