"""Numbers as people type them and as they are shown."""

from __future__ import annotations

import math
import re

_DIGITS = r"(?:\d{1,3}(?:[,_ ]\d{3})+|\d+)"
_NUMBER = rf"[+-]?(?:{_DIGITS}(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?"
_POWER = r"(?:[x×*·]\s*10\s*(?:\^|\*\*)\s*(?P<ten>[+-]?\d+))?"
REPLY = re.compile(
    rf"(?P<number>{_NUMBER})\s*{_POWER}\s*(?:/\s*(?P<below>{_NUMBER}))?\s*(?P<unit>[^\d\s].*)?",
    re.IGNORECASE,
)
LITERAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")  # a number in a bank, as YAML 1.2 has it
LONGEST = 100  # characters in a typed number


def read(reply: str, unit: str = "") -> float | None:
    """The number in a typed reply such as `1e3`, `1,024`, `3/4`, `12 px` or `50%`; None when there is none.

    A unit may be left out, and must be the question's where it is given. A percent sign divides by a
    hundred unless the question itself asks for percent.
    """
    found = REPLY.fullmatch(reply.replace("−", "-").strip()) if len(reply) <= LONGEST else None
    if not found:
        return None
    value = _float(found["number"])
    if found["ten"]:
        value *= float(f"1e{found['ten']}")  # unlike 10.0 ** n this ends at infinity, not in an error
    if found["below"]:
        below = _float(found["below"])
        value = value / below if below else math.nan
    typed, asked = (found["unit"] or "").strip(), unit.strip()
    if typed == "%" and asked not in ("%", "percent"):
        value, typed = value / 100, ""
    if typed and not _same_unit(typed, asked):
        return None
    return value if math.isfinite(value) else None


def show(value: float, digits: int = 4) -> str:
    """A number for reading: whole ones in full with thousands marked, others to `digits` figures or more."""
    if isinstance(value, int) or (value == int(value) and abs(value) < 1e15):
        return f"{int(value):,}".replace("-", "−")
    if 1000 <= abs(value) < 1e9:  # 12,346 reads better than 1.235e+04
        decimals = max(0, digits - len(str(int(abs(value)))))
        shown = f"{value:,.{decimals}f}"
        return (shown.rstrip("0").rstrip(".") if decimals else shown).replace("-", "−")
    return f"{value:.{digits}g}".replace("-", "−")


def counted(count: int, noun: str) -> str:
    """A count with its noun: 1 bank, 2 banks."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def literal(text: str) -> int | float | None:
    """The finite number a bank's text spells, or None."""
    if len(text) > LONGEST or not LITERAL.fullmatch(text):
        return None
    value = int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
    return value if math.isfinite(value) else None


def _float(text: str) -> float:
    return float(re.sub(r"[,_ ]", "", text))


def _same_unit(typed: str, asked: str) -> bool:
    """Whether two unit words are one: case and a plural s aside."""
    if asked in ("%", "percent"):
        return typed in ("%", "percent")
    short, long = sorted((typed.lower().strip("."), asked.lower()), key=len)
    if not short:
        return not long
    return short == long or short + "s" == long or (asked == "pixels" and typed.lower() in ("px", "pixel"))
