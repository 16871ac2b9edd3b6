"""Replies as the history keeps them: short JSON, the places as they were shown."""

from __future__ import annotations

import json
import math
from typing import Any

from dlprep.quiz import Picked, Reply, Sorted, Told, Typed

LONGEST = (
    10_000  # characters of an answer in words that are kept: what the history takes, however they are spelled
)


def write(reply: Reply) -> str:
    """A reply as JSON text."""
    kept: dict[str, Any]
    match reply:
        case Picked(places):
            kept = {"picked": sorted(places)}
        case Typed(number):
            kept = {"typed": number}
        case Told(words, ticked):
            kept = {"told": words[:LONGEST], "ticked": sorted(ticked)}
        case Sorted(places):
            kept = {"sorted": list(places)}
    return (
        json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace").decode()
    )  # half a character is none


def read(text: str) -> Reply | None:
    """The reply that JSON text keeps; None for what is none, such as a reply of a newer dlprep."""
    try:
        kept = json.loads(text)
        match kept:
            case {"picked": [*places]}:
                return Picked(frozenset(int(place) for place in places))
            case {"typed": int() | float() as number} if math.isfinite(number):
                return Typed(float(number))
            case {"told": str(words), "ticked": [*ticked]}:
                return Told(words, frozenset(int(place) for place in ticked))
            case {"sorted": [*places]}:
                return Sorted(tuple(int(place) for place in places))
    except (ValueError, TypeError, OverflowError, RecursionError):
        pass
    return None
