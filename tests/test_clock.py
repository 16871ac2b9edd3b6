"""The clock: the system's, or one that DLPREP_NOW sets going."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

import pytest

from dlprep.clock import clock
from dlprep.errors import DlprepError


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A place whose wall clock shows UTC, and home again afterwards."""
    zone(monkeypatch, "UTC")
    yield
    monkeypatch.undo()
    time.tzset()


def zone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Be somewhere else."""
    monkeypatch.setenv("TZ", name)
    time.tzset()


def test_the_systems_clock_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is within a second of the system's time, and does not stand still."""
    monkeypatch.delenv("DLPREP_NOW", raising=False)
    now = clock()
    first = now()
    assert abs(first.at / 1e6 - time.time()) < 60
    assert now().at >= first.at


@pytest.mark.parametrize(
    ("named", "at", "offset", "day"),
    [
        ("2026-12-01T03:59", 1796097540, 0, "2026-11-30"),
        ("2026-12-01T04:00", 1796097600, 0, "2026-12-01"),
        ("2026-12-01T04:00Z", 1796097600, 0, "2026-12-01"),
        ("2026-12-01T04:00+01:00", 1796094000, 60, "2026-12-01"),
        ("2026-12-01T03:30-05:30", 1796115600, -330, "2026-11-30"),
        ("1970-01-01T12:00", 43200, 0, "1970-01-01"),
        ("2099-06-01", 4083955200, 0, "2099-05-31"),
    ],
)
def test_a_time_can_be_set(
    monkeypatch: pytest.MonkeyPatch, named: str, at: int, offset: int, day: str
) -> None:
    """By the wall clock here or with an offset of its own; then it goes on."""
    monkeypatch.setenv("DLPREP_NOW", named)
    now = clock()
    first = now()
    assert 0 <= first.at / 1e6 - at < 60
    assert (first.offset, first.day) == (offset, date.fromisoformat(day))
    assert now().at > first.at


def test_here_is_where_the_zone_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time without an offset is the wall clock's, daylight saving included."""
    zone(monkeypatch, "CET-1CEST,M3.5.0,M10.5.0/3")
    for named, offset in (("2026-07-01T12:00", 120), ("2026-12-01T12:00", 60)):
        monkeypatch.setenv("DLPREP_NOW", named)
        assert clock()().offset == offset


def test_a_nonsense_zone_is_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever TZ says, there is a time."""
    zone(monkeypatch, "Nonsense/Nowhere")
    monkeypatch.setenv("DLPREP_NOW", "2026-12-01T12:00")
    assert clock()().offset == 0


@pytest.mark.parametrize("named", ["now", "2026-13-01", "12:00", "9999-12-31T23:59:59-12:00", "\x1b[31m"])
def test_what_is_no_time_is_refused(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """One sentence says how to write it."""
    monkeypatch.setenv("DLPREP_NOW", named)
    with pytest.raises(DlprepError, match="is not a time") as refused:
        clock()
    assert "2026-12-01T20:30" in refused.value.hint
