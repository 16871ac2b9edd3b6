"""Rows of the history as lines of JSON, and what must be true of a row that comes from outside."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from dlprep.history import Plan
from dlprep.review import EPOCH, Review, study_day

MICROSECOND = dt.timedelta(microseconds=1)
FIRST_OF_2201 = (dt.datetime(2201, 1, 1, tzinfo=dt.timezone.utc) - EPOCH) // MICROSECOND
LONGEST_NAME = 801  # bytes of UTF-8: twice a hundred characters and what parts them
LONGEST_KIND = 20
LONGEST_REPLY = 100_000
LONGEST_WAIT = 1e9  # seconds, some thirty years

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME = re.compile(r"[^/\s]{1,100}/[^/\s]{1,100}")
_AT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}\+00:00")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_Read = TypeVar("_Read")
# The type of each key's value, in the order of the tuple's fields.
_TEXT, _WHOLE, _NUMBER = (str,), (int,), (int, float)
_KEYS: dict[str, dict[str, tuple[type, ...]]] = {
    "review": {
        "id": _TEXT,
        "at": _TEXT,
        "offset": _WHOLE,
        "day": _TEXT,
        "question": _TEXT,
        "kind": _TEXT,
        "seed": _WHOLE,
        "reply": _TEXT,
        "right": (bool,),
        "share": _NUMBER,
        "rating": (int, type(None)),
        "seconds": _NUMBER,
        "replaces": (str, type(None)),
    },
    "plan": {
        "id": _TEXT,
        "at": _TEXT,
        "offset": _WHOLE,
        "day": _TEXT,
        "date": (str, type(None)),
        "minutes": (int, type(None)),
    },
}


def written(row: Review | Plan) -> str:
    """A row as a line of JSON: what it is, then its fields; the time in UTC, to the microsecond."""
    values = row._asdict()
    values["at"] = (EPOCH + row.at * MICROSECOND).isoformat(timespec="microseconds")
    kind = "review" if isinstance(row, Review) else "plan"
    return json.dumps({"row": kind, **values}, default=dt.date.isoformat)


def parsed(line: bytes) -> Review | Plan:
    """The row on a line. Raises ValueError that says what cannot be right."""
    values = _object(line)
    kind = values.pop("row", None)
    if not isinstance(kind, str) or kind not in _KEYS:
        raise ValueError("`row` is neither review nor plan")
    keys = _KEYS[kind]
    if odd := sorted(keys.keys() ^ values.keys()):
        raise ValueError(f"`{odd[0]}` is {'missing' if odd[0] in keys else 'not known here'}")
    for key, types in keys.items():
        if type(values[key]) not in types:  # not isinstance: True is no number
            raise ValueError(f"`{key}` is not of the right type")
    values["at"] = (_read(values, "at", _AT, dt.datetime.fromisoformat) - EPOCH) // MICROSECOND
    for key in ("day", "date"):
        if values.get(key) is not None:
            values[key] = _read(values, key, _DAY, dt.date.fromisoformat)
    row = Review(**values) if kind == "review" else Plan(**values)
    if said := fault(row):
        raise ValueError(said)
    return (
        row._replace(share=float(row.share), seconds=float(row.seconds)) if isinstance(row, Review) else row
    )


def _object(line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(values, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004  the caller tells no types apart
    return values


def _read(values: dict[str, Any], key: str, pattern: re.Pattern[str], read: Callable[[str], _Read]) -> _Read:
    """A day or time. The pattern is there because newer Pythons read more spellings than older ones."""
    if pattern.fullmatch(values[key]):
        with suppress(ValueError):  # no such day or hour
            return read(values[key])
    raise ValueError(f"`{key}` is not written as it should be")


def fault(row: Review | Plan) -> str:
    """What cannot be right about a row, or nothing."""
    if not _UUID.fullmatch(row.id):
        return "`id` is not a UUID"
    if not 0 <= row.at < FIRST_OF_2201:
        return "`at` is not between 1970 and 2200"
    if not -1560 <= row.offset <= 1560:
        return "`offset` is more than 26 hours"
    if row.day != study_day(row.at, row.offset):
        return "`day` is not the study day of `at` and `offset`"
    return _fault_of_review(row) if isinstance(row, Review) else _fault_of_plan(row)


def _fault_of_plan(plan: Plan) -> str:
    if plan.minutes is not None and not 0 <= plan.minutes <= 24 * 60:
        return "`minutes` are not those of a day"
    return ""


def _fault_of_review(review: Review) -> str:
    if not (_NAME.fullmatch(review.question) and _fits(review.question, LONGEST_NAME)):
        return "`question` is not topic/id"
    if not (review.kind and _fits(review.kind, LONGEST_KIND)):
        return "`kind` is empty or too long"
    if not _fits(review.reply, LONGEST_REPLY):
        return "`reply` is too long"
    if not -(2**63) <= review.seed < 2**63:
        return "`seed` is too large"
    if not 0 <= review.share <= 1:
        return "`share` is not between 0 and 1"
    if review.rating is not None and not 1 <= review.rating <= 4:
        return "`rating` is not 1, 2, 3 or 4"
    if not 0 <= review.seconds <= LONGEST_WAIT:
        return "`seconds` is negative or too large"
    if review.replaces is not None and not _UUID.fullmatch(review.replaces):
        return "`replaces` is not a UUID"
    return ""


def _fits(text: str, most: int) -> bool:
    """Whether a text has at most so many bytes, and can be stored at all."""
    try:
        return len(text.encode()) <= most
    except UnicodeEncodeError:  # half a pair of surrogates, which JSON can spell
        return False
