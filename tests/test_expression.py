"""The arithmetic language agrees with Python where it agrees to anything, and is never slow."""

from __future__ import annotations

import math
import time
import warnings
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dlprep import expression
from dlprep.expression import ExpressionError

NAMES = {"n": 7, "x": 0.5, "σ": -3, "xs": (3, 1, 2)}
FUNCTIONS = {
    name: getattr(math, name) for name in ("floor", "ceil", "sqrt", "exp", "log", "log2", "sin", "cos")
}

BUILTINS = {"abs": abs, "round": round, "min": min, "max": max, "sum": sum}


def value(text: str, **given: Any) -> float:
    """What an expression comes to."""
    return expression.evaluate(expression.read(text, given), given)


def safe(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions one level deeper than `inner`."""
    binary = st.sampled_from(["+", "-", "*", "/", "//", "%", "<", "<=", ">", ">=", "==", "!="])
    return st.one_of(
        st.tuples(inner, binary, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda a: f"-{a}"),
        st.tuples(st.sampled_from([*FUNCTIONS, "abs", "round"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.lists(inner, min_size=1, max_size=4).map(lambda items: f"sum([{', '.join(items)}])"),
        st.tuples(inner, st.sampled_from(["2", "3", "0.5", "-1"])).map(lambda t: f"{t[0]} ** {t[1]}"),
    )


LEAVES = st.sampled_from(
    ["n", "x", "σ", "pi", "e", "2", "10", "0", "1.5", ".25", "3e2", "max(xs)", "sum(xs)"]
)


@settings(deadline=None, max_examples=150)
@given(st.recursive(LEAVES, safe, max_leaves=12))
def test_a_safe_expression_is_what_python_says(text: str) -> None:
    """Every expression that Python can compute comes to the same number; where it fails, ours fails."""
    if len(text) > expression.MAX_TEXT:
        return
    scope = {**FUNCTIONS, "pi": math.pi, "e": math.e, **NAMES}
    try:
        wanted = eval(text, {"__builtins__": BUILTINS}, scope)  # noqa: S307  the text is ours
    except (ArithmeticError, ValueError, TypeError):
        wanted = math.nan
    try:
        found = value(text, **NAMES)
    except ExpressionError:
        assert isinstance(wanted, complex) or not math.isfinite(wanted)
    else:
        assert found == wanted


@settings(deadline=None, max_examples=150)
@given(st.text())
@example("((((" * 70)
@example("1if 2 else 3")
@example("\\")
@example("\x00")
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text crashes the reader, and Python's own warnings never reach the author."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = expression.read(text, ("n",))
        except ExpressionError as error:
            assert 0 <= error.column <= len(text)  # noqa: PT017  either outcome is right
        else:
            assert found.names <= {"n", "e", "pi"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "True",
        "None",
        "...",
        "'a'",
        "b'a'",
        "f'{n}'",
        "1j",
        "n.real",
        "xs[0]",
        "(1, 2)",
        "{1, 2}",
        "{1: 2}",
        "[]",
        "[i for i in xs]",
        "sum(i for i in xs)",
        "sum(*xs)",
        "min(1, key=abs)",
        "min()",
        "abs(1, 2)",
        "lambda: 1",
        "(n := 1)",
        "n if n else 1",
        "n and 1",
        "not n",
        "~n",
        "n @ n",
        "n << 2",
        "n & 1",
        "n in xs",
        "n is 1",
        "print(n)",
        "__import__('os')",
        "abs.__class__",
        "(abs)(abs)(1)",
        "abs",
        "min",
        "n; n",
        "n = 1",
        "import os",
        "await n",
        "(yield n)",
        "unknown",
        "[" + "1," * 65 + "1]",
        "1" * 301,
        "n\nn",
    ],
)
def test_nothing_else_is_an_expression(text: str) -> None:
    """What is not in the language is refused before anything is computed."""
    with pytest.raises(ExpressionError):
        expression.read(text, NAMES)


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("1 + m", 4, "`m` is not given", "given: num"),
        ("σ × σ", 2, "not an expression", ""),
        ("  1 + m", 6, "`m` is not given", ""),
        ("nmu + 1", 0, "`nmu` is not given", "did you mean `num`?"),
        ("1 + squrt(4)", 4, "`squrt` is not a function", "did you mean `sqrt`?"),
        ("σ + num.real", 4, "this cannot stand in an expression", "comparisons"),
    ],
)
def test_a_refusal_says_what_where_and_what_was_meant(
    text: str, column: int, message: str, hint: str
) -> None:
    """The column counts characters of the text as it was given, leading blanks too."""
    with pytest.raises(ExpressionError) as caught:
        expression.read(text, ("num", "σ") if "σ" in text else ("num",))
    assert (caught.value.message, caught.value.column) == (message, column)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 / 0", "divides by zero"),
        ("1 // 0.0", "divides by zero"),
        ("1 % 0", "divides by zero"),
        ("0 ** -1", "divides by zero"),
        ("(-8) ** (1 / 3)", "takes an even root of a negative number"),
        ("sqrt(-1)", "leaves the domain of a function, as sqrt(-1) does"),
        ("log(0)", "leaves the domain of a function, as sqrt(-1) does"),
        ("exp(1000)", "grows too large"),
        ("10.0 ** 400", "grows too large"),
        ("2 ** 4000", "grows too large"),
        ("9 ** 9 ** 9", "grows too large"),
        ("1e308 * 10", "is not finite"),
        ("1e400 - 1e400", "is not finite"),
        ("floor(1e400)", "grows too large"),
        ("xs", "is a list, where a number is needed"),
        ("xs + 1", "takes a list where it needs a number"),
        ("min(xs, 1)", "takes a list where it needs a number"),
        ("-xs", "takes a list where it needs a number"),
    ],
)
def test_what_cannot_be_computed_says_why(text: str, message: str) -> None:
    """A number that is not finite, or not a number, is never handed on."""
    with pytest.raises(ExpressionError) as caught:
        value(text, **NAMES)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 ** 999999", 1),
        ("(-1) ** 999999", -1),
        ("0 ** 999999", 0),
        ("2 ** 1000", 2**1000),
        ("1 < 2 < 3", 1),
        ("(1 < 2) * (3 < 2)", 0),
        ("2 ** -2", 0.25),
        ("sum(5)", 5),
        ("e", 9),
        ("+n", 7),
    ],
)
def test_what_can_be_computed(text: str, number: float) -> None:
    """Comparisons are 1 or 0, and a given name hides a constant of the same name."""
    assert value(text, n=7, e=9) == number


@pytest.mark.parametrize(
    "text",
    [
        "9**9**9**9**9",
        "((9**999)**999)**999",
        "*".join(["9**1200"] * 30),
        "-" * 299 + "1",
        "sum([" + ",".join(["9**1000"] * 30) + "])",
        "1e308**1e308",
        "2**-9999999999",
        "round(9**1200/9**1199)",
    ],
)
def test_no_expression_runs_long(text: str) -> None:
    """Powers and sizes are capped: the worst that 300 characters can ask for takes no time."""
    start = time.process_time()
    try:
        value(text)
    except ExpressionError as error:
        assert error.message  # noqa: PT017  either outcome is right
    assert time.process_time() - start < 0.1


def test_equal_texts_are_equal_expressions() -> None:
    """Two readings of one text compare equal, so questions do."""
    assert expression.read("n + 1", ("n",)) == expression.read(" n + 1 ", ("n",))
    assert expression.read("n + 1", ("n",)) != expression.read("1 + n", ("n",))
