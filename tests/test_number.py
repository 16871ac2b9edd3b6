"""Numbers as people type them: what they mean, and what is not a number."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep import number


@pytest.mark.parametrize(
    ("reply", "unit", "value"),
    [
        ("12", "", 12),
        (" 12 ", "", 12),
        ("+12", "", 12),
        ("-12", "", -12),
        ("−12", "", -12),
        ("12.", "", 12),
        (".5", "", 0.5),
        ("1e3", "", 1000),
        ("1E-3", "", 0.001),
        ("1,024", "", 1024),
        ("1_024", "", 1024),
        ("1 024", "", 1024),
        ("1,234,567.5", "", 1234567.5),
        ("3/4", "", 0.75),
        ("-3 / 4", "", -0.75),
        ("3×10^4", "", 30000),
        ("3 x 10**-2", "", 0.03),
        ("1.5·10^3 px", "pixels", 1500),
        ("12 px", "pixels", 12),
        ("12px", "pixels", 12),
        ("12 pixel", "pixels", 12),
        ("12 Pixels", "pixels", 12),
        ("1 pass", "passes", None),
        ("12 bits", "bit", 12),
        ("12 bits", "pixels", None),
        ("12 s", "", None),
        ("12 s", "s", 12),
        ("50%", "", 0.5),
        ("50 %", "pixels", 0.5),
        ("50%", "%", 50),
        ("50 percent", "%", 50),
        ("50", "percent", 50),
        ("3/4%", "", 0.0075),
        ("٣", "", 3),
    ],
)
def test_what_a_typed_reply_means(reply: str, unit: str, value: float | None) -> None:
    """Every way people write a number is read; a wrong unit is not."""
    found = number.read(reply, unit)
    assert found == value if value is None or found is None else math.isclose(found, value)


@pytest.mark.parametrize(
    "reply",
    [
        *("", " ", "twelve", "1,02", "1,0240", ",5", "1,5", "1.2.3", "1/0", "1/2/3", "--1", "1e", "0x10"),
        *(
            "nan",
            "inf",
            "1e999",
            "-1e999",
            "1×10^999",
            "1×10^99999",
            "0×10^999",
            "1/1e-999",
            "12 12",
            "1" * 101,
        ),
        *("1\n2", "½", "x²", "10^3", "1;2", "2+2", "1e400/1e400"),
    ],
)
def test_what_is_not_a_number(reply: str) -> None:
    """What cannot be read for certain, or is not finite, is asked again and never marked."""
    assert number.read(reply) is None


@settings(deadline=None, max_examples=150)
@given(st.integers(-(10**30), 10**30))
def test_a_shown_whole_number_is_read_back(value: int) -> None:
    """`show` and `read` are inverse on whole numbers."""
    assert number.read(number.show(value)) == float(value)


@settings(deadline=None, max_examples=150)
@given(st.floats(-1e308, 1e308))
def test_a_shown_number_is_read_back_to_its_digits(value: float) -> None:
    """What was shown to four figures is read back to four figures."""
    found = number.read(number.show(value))
    assert found is not None
    assert math.isclose(found, value, rel_tol=5.1e-4, abs_tol=1e-322)


@settings(deadline=None, max_examples=150)
@given(st.text(), st.text(max_size=8))
def test_any_reply_is_read_or_refused(reply: str, unit: str) -> None:
    """No reply crashes the reader, and no number it gives is infinite."""
    found = number.read(reply, unit)
    assert found is None or math.isfinite(found)


@settings(deadline=None, max_examples=150)
@given(st.from_regex(r"[-+]?[0-9.,_ ]{0,90}[e×/%]?[0-9^ *]{0,9}", fullmatch=True))
def test_reading_a_reply_takes_no_time(reply: str) -> None:
    """No arrangement of digits and separators makes the pattern go back and forth."""
    start = time.process_time()
    number.read(reply)
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            ("1", 1),
            ("-1", -1),
            ("+2", 2),
            ("012", 12),
            ("1.5", 1.5),
            (".5", 0.5),
            ("3.", 3.0),
            ("1e3", 1000.0),
        ),
        *(("5E-4", 5e-4), ("1e400", None), ("-1e400", None), ("0x10", None), ("0o17", None), ("1_000", None)),
        *((".inf", None), (".nan", None), ("nan", None), ("1:30", None), ("2024-13-01", None), ("", None)),
        *((".", None), ("1 ", None), ("7" * 5000, None), ("1/2", None), ("1,000", None)),
    ],
)
def test_what_number_a_bank_spells(text: str, value: float | None) -> None:
    """A bank's numbers are YAML 1.2's decimal ones, and finite; a whole one is an int."""
    found = number.literal(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (1234567, 4, "1,234,567"),
        (-1234.0, 4, "−1,234"),
        (2 / 3, 4, "0.6667"),
        (2 / 3, 12, "0.666666666667"),
        (1e15, 4, "1e+15"),
        (12345.6, 4, "12,346"),
        (-1234.5, 4, "−1,234"),
        (9999.96, 5, "10,000"),
        (999999.9, 12, "999,999.9"),
        (1.5e9 + 0.5, 4, "1.5e+09"),
        (-1e-5, 4, "−1e−05"),
        (0.0, 4, "0"),
        (-0.0, 4, "0"),
    ],
)
def test_how_a_number_is_shown(value: float, digits: int, shown: str) -> None:
    """Whole numbers in full with thousands marked, others to so many figures, with a real minus sign."""
    assert number.show(value, digits) == shown


def test_one_of_a_thing_has_no_plural() -> None:
    """1 bank, but 0 and 2 and 1,000 banks."""
    assert [number.counted(n, "bank") for n in (0, 1, 2, 1000)] == [
        "0 banks",
        "1 bank",
        "2 banks",
        "1,000 banks",
    ]
