"""Numeric questions: the numbers drawn from a seed, and the texts and answers that follow from them."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from dlprep import expression, number
from dlprep.errors import Where
from dlprep.expression import Expression, ExpressionError, Value

MAX_TRIES = 1000  # draws before `require` counts as never true
MAX_STEPS = 1_000_000
MAX_GIVEN = 1000  # values in one list

RANGE = re.compile(r"\s*(\S+?)\s*\.\.\s*(\S+?)(?:\s+step\s+(\S+))?\s*")
HOLE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Range:
    """first, first + step … last, to `places` decimals."""

    first: float
    step: float
    count: int
    places: int

    def at(self, index: int) -> Value:
        """The value number `index`, counted from 0."""
        value = self.first + index * self.step
        return round(value, self.places) if self.places else int(value)


Values: TypeAlias = Range | tuple[Value, ...]
Text: TypeAlias = tuple[str | Expression, ...]  # literal pieces, and expressions to be replaced


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong way to compute, and what to say to somebody who took it."""

    answer: Expression
    says: Text
    where: Where


@dataclass(frozen=True, slots=True)
class Template:
    """A numeric question before its numbers are drawn. `tolerance` is relative; 0 means exact."""

    given: Mapping[str, Values]
    require: Expression | None
    ask: Text
    answer: Expression
    unit: str
    tolerance: float
    slips: tuple[Slip, ...]
    why: Text
    watch: Text


@dataclass(frozen=True, slots=True)
class Drawn:
    """A numeric question at one draw: everything that depends on its numbers.

    `slips` are (number, sentence); `watch` are options for the topic's demo, or "".
    """

    values: Mapping[str, Value]
    ask: str
    answer: float
    unit: str
    tolerance: float
    slips: tuple[tuple[float, str], ...]
    why: str
    watch: str

    def accepts(self, reply: float) -> bool:
        """Whether a reply is the answer, within the tolerance."""
        return near(reply, self.answer, self.tolerance)

    def slip(self, reply: float) -> str:
        """The sentence for the slip this wrong reply shows, or ""."""
        for wrong, says in self.slips:
            if near(reply, wrong, self.tolerance):
                return says
        return ""


def near(a: float, b: float, tolerance: float) -> bool:
    """Whether `a` is `b` within a relative tolerance; 0 forgives only the rounding of the last digits."""
    return abs(a - b) <= max(tolerance, 1e-9) * abs(b)


def draw(template: Template, seed: int) -> Drawn:
    """The question with the numbers that `seed` gives.

    Raises:
        ExpressionError: `require` is never true, or an expression cannot be computed at these numbers.
    """
    values = _values(template, seed)
    return Drawn(
        values,
        fill(template.ask, values),
        expression.evaluate(template.answer, values),
        template.unit,
        template.tolerance,
        tuple((expression.evaluate(slip.answer, values), fill(slip.says, values)) for slip in template.slips),
        fill(template.why, values),
        fill(template.watch, values).replace(",", "").replace("−", "-"),
    )


def fill(text: Text, values: Mapping[str, Value]) -> str:
    """A text with its expressions replaced by their values; a bare name shows every digit it was given."""
    return "".join(piece if isinstance(piece, str) else _shown(piece, values) for piece in text)


def read_text(text: str, given: Collection[str]) -> Text:
    """A text with `{expression}` holes over the names given; `{{` and `}}` are literal braces.

    Raises:
        ExpressionError: a hole is not an expression, or a brace stands alone; column counts from 0.
    """
    pieces: list[str | Expression] = []
    end = 0
    for hole in HOLE.finditer(text):
        pieces.append(text[end : hole.start()])
        end = hole.end()
        if hole[0] in ("{{", "}}"):
            pieces.append(hole[0][0])
        elif hole[1] is None:
            raise ExpressionError(
                "a brace stands alone", hole.start(), "write {{ or }} for the character itself"
            )
        else:
            pieces.append(_hole(hole, given))
    pieces.append(text[end:])
    return tuple(piece for piece in pieces if piece != "")


def read_range(text: str) -> Range | None:
    """`2..64` or `0.1..0.9 step 0.1` as a range; None when it is not one, or is empty or endless."""
    found = RANGE.fullmatch(text)
    if not found:
        return None
    first, last, step = (number.literal(part) for part in (found[1], found[2], found[3] or "1"))
    if first is None or last is None or step is None or step <= 0 or last < first:
        return None
    count = round((last - first) / step, 9) // 1 + 1
    places = max(_places(part) for part in (found[1], found[3] or "1"))
    return Range(first, step, int(count), places) if count <= MAX_STEPS else None


def _places(text: str) -> int:
    """How many decimals a written number has: 2 in `0.25`, 3 in `1e-3`."""
    digits, _, power = text.lower().partition("e")
    return max(0, len(digits.partition(".")[2]) - int(power or 0))


def _values(template: Template, seed: int) -> dict[str, Value]:
    chance = random.Random(seed)
    for _ in range(MAX_TRIES):
        values = {name: _pick(choices, chance) for name, choices in template.given.items()}
        if template.require is None or expression.evaluate(template.require, values):
            return values
    raise ExpressionError(f"leaves `require` false in {MAX_TRIES} draws")


def _pick(choices: Values, chance: random.Random) -> Value:
    if isinstance(choices, Range):
        return choices.at(chance.randrange(choices.count))
    return choices[chance.randrange(len(choices))]


def _hole(hole: re.Match[str], given: Collection[str]) -> Expression:
    try:
        return expression.read(hole[1], given)
    except ExpressionError as error:
        hint = error.hint or "write {{ and }} for literal braces"
        raise ExpressionError(error.message, hole.start() + 1 + error.column, hint) from None


def _shown(piece: Expression, values: Mapping[str, Value]) -> str:
    given = values.get(piece.text)
    if isinstance(given, tuple):
        return "[" + ", ".join(number.show(item, 12) for item in given) + "]"
    if given is not None:
        return number.show(given, 12)
    return number.show(expression.evaluate(piece, values))
