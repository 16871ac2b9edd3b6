"""Numeric questions: same seed same numbers, inside their ranges, with `require` respected."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlprep import expression, template
from dlprep.errors import Where
from dlprep.expression import ExpressionError, Value
from dlprep.template import Range, Slip, Template, Values

NOWHERE = Where("bank.yaml")


def made(
    given: dict[str, Values],
    answer: str,
    *,
    require: str = "",
    ask: str = "",
    tolerance: float = 0.0,
    slips: tuple[tuple[str, str], ...] = (),
    watch: str = "",
) -> Template:
    """A template from the texts of its expressions."""
    return Template(
        given=given,
        require=expression.read(require, given) if require else None,
        ask=template.read_text(ask, given),
        answer=expression.read(answer, given),
        unit="",
        tolerance=tolerance,
        slips=tuple(
            Slip(expression.read(wrong, given), template.read_text(says, given), NOWHERE)
            for wrong, says in slips
        ),
        why=(),
        watch=template.read_text(watch, given),
    )


def ranged(text: str) -> list[Any]:
    """Every value of a range."""
    found = template.read_range(text)
    assert found is not None
    return [found.at(index) for index in range(found.count)]


@settings(deadline=None, max_examples=150)
@given(st.integers(-50, 50), st.integers(0, 100), st.integers(0, 2**32))
def test_a_draw_lies_in_its_range_and_repeats(first: int, more: int, seed: int) -> None:
    """A whole number of the range, the same whenever the seed is the same."""
    given = {"n": template.read_range(f"{first}..{first + more}"), "xs": ((1, 2), (3,))}
    body = made({name: values for name, values in given.items() if values}, "n")
    drawn = template.draw(body, seed)
    assert drawn == template.draw(body, seed)
    n = drawn.values["n"]
    assert isinstance(n, int)
    assert first <= n <= first + more
    assert drawn.values["xs"] in given["xs"]  # type: ignore[operator]  # the tuple just above


@settings(deadline=None, max_examples=150)
@given(
    st.decimals("-9", "9", places=2),
    st.decimals("0.01", "2", places=2),
    st.integers(0, 200),
)
def test_a_stepped_range_has_no_rounding_dust(first: Decimal, step: Decimal, count: int) -> None:
    """first, first + step … last: each is the decimal it is written as, and the last one is there."""
    last = first + count * step
    assert ranged(f"{first}..{last} step {step}") == [float(first + i * step) for i in range(count + 1)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2..4", [2, 3, 4]),
        (" 2 .. 4 ", [2, 3, 4]),
        ("5..5", [5]),
        ("-2..0", [-2, -1, 0]),
        ("0..1 step 0.3", [0.0, 0.3, 0.6, 0.9]),
        ("1..9 step 4", [1, 5, 9]),
        ("0.5..2.5", [0.5, 1.5, 2.5]),
        ("1e-3..3e-3 step 1e-3", [0.001, 0.002, 0.003]),
        ("1e2..3e2 step 1e2", [100, 200, 300]),
        ("1.5e1..16", [15, 16]),
        ("0..0.3 step 1.0e-1", [0.0, 0.1, 0.2, 0.3]),
    ],
)
def test_what_a_range_holds(text: str, values: list[float]) -> None:
    """Both ends count, and the step decides how many decimals there are."""
    assert ranged(text) == values


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "..",
            "2..",
            "..2",
            "4..2",
            "2...4",
            "a..b",
            "2..4 step 0",
            "2..4 step -1",
            "2..4 step",
            "2..4 by 2",
        ),
        *(
            "0..1e400",
            "-1e308..1e308",
            "0..1000000",
            "0..1 step 1e-320",
            "0..inf",
            "nan..1",
            "0..9 step 1 step 1",
        ),
    ],
)
def test_what_is_no_range(text: str) -> None:
    """Empty, endless and misspelt ranges are none."""
    assert template.read_range(text) is None


@settings(deadline=None, max_examples=150)
@given(st.text("0123456789.e- step"))
def test_any_text_is_a_range_or_none(text: str) -> None:
    """No text crashes the reader of ranges; one it reads has values to draw."""
    found = template.read_range(text)
    if found:
        assert 0 < found.count <= template.MAX_STEPS
        found.at(0)
        found.at(found.count - 1)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 2**32))
def test_require_holds_at_every_draw(seed: int) -> None:
    """Numbers for which `require` is false are drawn again."""
    body = made({"a": Range(0, 1, 9, 0), "b": Range(0, 1, 9, 0)}, "a", require="a < b")
    values: Any = template.draw(body, seed).values
    assert values["a"] < values["b"]


def test_a_require_that_is_never_true_ends() -> None:
    """Drawing gives up and says so."""
    with pytest.raises(ExpressionError, match="leaves `require` false in 1000 draws"):
        template.draw(made({"a": (1, 2)}, "a", require="a > 2"), 0)


def test_every_value_is_drawn() -> None:
    """Over many seeds nothing in a list or a range is left out."""
    body = made({"a": (1, 2, 3), "b": Range(0, 0.5, 3, 1)}, "a + b")
    seen = {(d.values["a"], d.values["b"]) for d in (template.draw(body, seed) for seed in range(200))}
    assert seen == {(a, b) for a in (1, 2, 3) for b in (0.0, 0.5, 1.0)}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("plain", "plain"),
        ("{n}", "1,024"),
        ("{ n }×{n+1}", "1,024×1,025"),
        ("{x}", "0.123456789012"),
        ("{x * 1}", "0.1235"),
        ("{xs} {sum(xs)}", "[1, 2.5] 3.5"),
        ("{neg}", "−2"),
        ("{{n}} {{{n}}} }}{{", "{n} {1,024} }{"),
        ("{e}", "2.718"),
    ],
)
def test_how_a_hole_is_filled(text: str, filled: str) -> None:
    """A bare name shows every digit it was given, a computed number four; doubled braces are braces."""
    values: dict[str, Value] = {"n": 1024, "x": 0.123456789012, "xs": (1, 2.5), "neg": -2}
    assert template.fill(template.read_text(text, values), values) == filled


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("{", 0, "a brace stands alone"),
        ("a } b", 2, "a brace stands alone"),
        ("{n {n}}", 0, "a brace stands alone"),
        ("{}", 1, "not an expression"),
        ("重 {m}", 3, "`m` is not given"),
        ("{n} { m}", 6, "`m` is not given"),
    ],
)
def test_a_faulty_hole_is_refused_at_its_character(text: str, column: int, message: str) -> None:
    """The column counts characters of the whole text."""
    with pytest.raises(ExpressionError) as caught:
        template.read_text(text, ("n",))
    assert (caught.value.column, caught.value.message) == (column, message)


@settings(deadline=None, max_examples=150)
@given(st.text("ab {}重\n"))
def test_doubling_every_brace_keeps_any_text(text: str) -> None:
    """A text whose braces are doubled reads as it was."""
    doubled = text.replace("{", "{{").replace("}", "}}")
    assert template.fill(template.read_text(doubled, ()), {}) == text


@settings(deadline=None, max_examples=150)
@given(st.floats(-1e12, 1e12), st.floats(0, 0.5), st.floats(-2, 2))
def test_the_tolerance_is_relative_and_inclusive(answer: float, tolerance: float, off: float) -> None:
    """A reply is accepted if it is off by no more than the tolerance times the answer."""
    assume(abs(abs(off) - 1) > 1e-6)
    reply = answer + off * max(tolerance, 1e-9) * abs(answer)
    assume(abs(answer) > 1e-3 or answer == 0)
    assume(tolerance > 1e-5 or off == 0)
    assert template.near(reply, answer, tolerance) == (abs(off) <= 1 or answer == 0)


@pytest.mark.parametrize(
    ("reply", "answer", "tolerance", "accepted"),
    [
        (0.1 + 0.2, 0.3, 0, True),
        (0.30001, 0.3, 0, False),
        (1 + 1e-8, 1, 0, False),
        (0, 0, 0, True),
        (1e-12, 0, 0.5, False),
        (-1, 1, 0.5, False),
        (0.5, 1, 0.5, True),
        (1.5, 1, 0.5, True),
        (1e300, 1e300, 0, True),
        (1.7e308, -1.7e308, 0.5, False),
        (10**300 + 0.0, 10**300, 0, True),
    ],
)
def test_the_edges_of_a_tolerance(reply: float, answer: float, tolerance: float, accepted: bool) -> None:
    """Zero forgives only rounding; nothing but zero is near zero; signs count."""
    assert template.near(reply, answer, tolerance) is accepted


def test_slips_and_knobs_are_drawn_with_the_numbers() -> None:
    """A wrong number finds its sentence, and options for a demo have no thousands marks."""
    slips = (("n + 1", "That is one more than {n}."), ("n * 2", "Twice."))
    body = made({"n": (-2048,)}, "n", slips=slips, watch="--size {n}", ask="What is {n}?")
    drawn = template.draw(body, 0)
    assert drawn.ask == "What is −2,048?"
    assert drawn.watch == "--size -2048"
    assert [drawn.slip(n) for n in (-2047, -4096, 5)] == ["That is one more than −2,048.", "Twice.", ""]
    assert drawn.accepts(-2048)
    assert not drawn.accepts(-2047)


@pytest.mark.parametrize("tolerance", [0.0, 0.01, 0.5])
def test_a_huge_answer_is_refused_not_a_crash(tolerance: float) -> None:
    """A whole number too large for a float cannot be drawn."""
    with pytest.raises(ExpressionError, match="grows too large"):
        template.draw(made({"n": (4000,)}, "2 ** n", tolerance=tolerance), 0)


def test_an_ask_is_made_of_text_and_expressions() -> None:
    """Nothing between the holes is lost."""
    pieces = template.read_text("a {n} b {n + 1}", ("n",))
    shown = [piece if isinstance(piece, str) else f"<{piece.text}>" for piece in pieces]
    assert shown == ["a ", "<n>", " b ", "<n + 1>"]
