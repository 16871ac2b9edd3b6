"""Typed replies to replies as data; None for what cannot be read, which is asked again and never marked."""

from __future__ import annotations

import re

from dlprep import number
from dlprep.bank import Choice, Order, Rubric
from dlprep.clean import clean
from dlprep.quiz import Asked, Picked, Reply, Sorted, Typed

LETTERS = "abcdefghi"


def read(asked: Asked, text: str) -> Reply | None:
    """The reply that a typed line makes to a choice, numeric or order question."""
    match asked.question.body:
        case Choice(options):
            places = _places(text, len(options))
            return Picked(frozenset(places)) if places else None
        case Order(steps):
            places = _places(text, len(steps))
            return Sorted(tuple(places)) if sorted(places) == list(range(len(steps))) else None
    value = number.read(text, asked.drawn.unit if asked.drawn else "")
    return Typed(value) if value is not None else None


def unreadable(asked: Asked, text: str) -> str:
    """What to say about a line that `read` could not read."""
    match asked.question.body:
        case Choice(options):
            return f"type one or more of the letters a–{LETTERS[len(options) - 1]}"
        case Order(steps):
            example = "".join(map(str, range(len(steps), 0, -1)))
            return f"type each of the numbers 1–{len(steps)} once, such as {example}"
        case Rubric():
            return "say it in a few words, or type s to skip"
    unit = asked.drawn.unit if asked.drawn else ""
    asked_in = f", in {unit}" if unit else ""
    return f"{text.strip()[:30]!r} is not a number I can read{asked_in}: 12, 1e3, 1,024, 3/4 and 50% are"


def _places(text: str, count: int) -> list[int]:
    """`b, d` or `24` or `2 4` as places counted from 0, each once; nothing when any of it is not a place."""
    places: list[int] = []
    for sign in re.sub(r"[\s,;.)]+", "", text.lower()):
        place = LETTERS.find(sign) if sign.isalpha() else int(sign) - 1 if sign.isdecimal() else -1
        if not 0 <= place < count or place in places:
            return []
        places.append(place)
    return places


def shown(text: str) -> str:
    """A typed line as it may be echoed."""
    return clean(text.strip())
