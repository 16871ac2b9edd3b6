"""A row survives its line of JSON, and a line that cannot be right is told from one that can."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dlprep.history import History, Plan, Unsaved
from dlprep.review import Review, study_day
from dlprep.rows import FIRST_OF_2201, fault, parsed, written
from tests.reviews import DAY, days_after, noon, review

ID = str(UUID(int=1, version=4))
PLAN = Plan(ID, noon(DAY), 60, DAY, days_after(30), None)


@pytest.mark.parametrize(
    "row",
    [
        review(ID),
        review(ID, rating=None, replaces=ID, at=0, day=date(1969, 12, 31)),
        review(ID)._replace(reply='{"text": "π\\n\u2028"}', share=1 / 3, seconds=0.1),
        review(ID, at=FIRST_OF_2201 - 1, day=date(2200, 12, 31)),
        PLAN,
        PLAN._replace(date=None, minutes=20),
    ],
)
def test_a_row_is_the_same_after_its_line(row: Review | Plan) -> None:
    """Written and parsed: equal, and on one line."""
    line = written(row)
    assert "\n" not in line
    assert parsed(line.encode()) == row


def test_whole_numbers_become_those_that_are_measured() -> None:
    """JSON of other programs writes 1 for 1.0."""
    line = written(review(ID)).replace('"share": 1.0', '"share": 1').replace("10.0", "10")
    row = parsed(line.encode())
    assert isinstance(row, Review)
    assert (type(row.share), type(row.seconds)) == (float, float)


WRONG: list[tuple[str, Any]] = [
    ("row", "exam"),
    ("row", []),
    ("id", "1"),
    ("id", ID.upper().replace("0", "A")),
    ("id", None),
    ("at", "2026-11-23T12:00:00.000000Z"),
    ("at", "2026-13-23T12:00:00.000000+00:00"),
    ("at", "2201-01-01T00:00:00.000000+00:00"),
    ("at", 1_000_000),
    ("offset", 1561),
    ("offset", 1.0),
    ("offset", True),
    ("day", "2026-11-24"),
    ("day", "20261123"),
    ("day", "2026-11-31"),
    ("question", "zoo"),
    ("question", "zoo/one/two"),
    ("question", "zoo/o ne"),
    ("question", "zoo/" + "o" * 101),
    ("question", "zoo/\ud800"),
    ("kind", "k" * 21),
    ("kind", ""),
    ("seed", 2**63),
    ("seed", 1.5),
    ("reply", "π" * 50_001),
    ("reply", "\udc80"),
    ("reply", {}),
    ("right", 1),
    ("share", 1.01),
    ("share", -0.1),
    ("share", float("nan")),
    ("rating", 0),
    ("rating", 5),
    ("rating", True),
    ("seconds", -1),
    ("seconds", float("inf")),
    ("seconds", 10**400),
    ("replaces", "me"),
    ("more", 1),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_a_value_that_cannot_be_right_is_named(key: str, value: Any) -> None:
    """The message names its key."""
    values = {**json.loads(written(review(ID))), key: value}
    with pytest.raises(ValueError, match=f"`{key}`"):
        parsed(json.dumps(values).encode())


@pytest.mark.parametrize(
    ("key", "value"), [("date", "soon"), ("minutes", -1), ("minutes", 1441), ("minutes", "9")]
)
def test_a_plan_that_cannot_be_right_is_told(key: str, value: Any) -> None:
    """The message names its key."""
    values = {**json.loads(written(PLAN)), key: value}
    with pytest.raises(ValueError, match=f"`{key}`"):
        parsed(json.dumps(values).encode())


def test_a_key_that_is_missing_is_named() -> None:
    """None has a default."""
    for key in Review._fields:
        values = json.loads(written(review(ID)))
        del values[key]
        with pytest.raises(ValueError, match=f"`{key}` is missing"):
            parsed(json.dumps(values).encode())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"\xff", "not UTF-8"),
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"9" * 10_000, "not JSON"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
    ],
    ids=["latin", "cut", "deep", "long", "list", "null"],
)
def test_what_is_no_object_is_told(line: bytes, said: str) -> None:
    """Whatever JSON makes of it."""
    with pytest.raises(ValueError, match=said):
        parsed(line)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("at", at) for at in (-1, FIRST_OF_2201, FIRST_OF_2201 - 1)),
        *(("offset", offset) for offset in (-1561, 1561, -1560)),
        *(("share", share) for share in (-0.1, 1.1, 1.0)),
        *(("rating", rating) for rating in (0, 5, None)),
        *(("seconds", seconds) for seconds in (-0.1, 1e9 + 1, 1e9)),
        *(("reply", reply) for reply in ("π" * 50_001, "π" * 50_000, "")),
    ],
)
def test_what_can_be_saved_can_be_merged_and_no_more(tmp_path: Path, key: str, value: Any) -> None:
    """The table refuses what a merge would refuse."""
    row = review(ID)._replace(**{key: value})
    if 0 <= row.at < FIRST_OF_2201:
        row = row._replace(day=study_day(row.at, row.offset))
    history = History(tmp_path / "history.db")
    with pytest.raises(Unsaved) if fault(row) else nullcontext():
        history.append([row])


@pytest.mark.parametrize("minutes", [-1, 0, 1440, 1441])
def test_a_plan_that_can_be_saved_can_be_merged(tmp_path: Path, minutes: int) -> None:
    """As with reviews."""
    made = PLAN._replace(minutes=minutes)
    with pytest.raises(Unsaved) if fault(made) else nullcontext():
        History(tmp_path / "history.db").set_plan(made)


def test_a_good_row_has_no_fault() -> None:
    """Of either kind."""
    assert fault(review(ID)) == fault(PLAN) == ""
