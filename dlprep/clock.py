"""The only clock: what time it is, here and in UTC. DLPREP_NOW sets it, for tests and what-ifs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from dlprep.errors import DlprepError
from dlprep.review import EPOCH, Moment

NOW = "DLPREP_NOW"  # such as 2026-12-01T03:59 (by the wall clock here) or 2026-12-01T03:59+01:00


def clock() -> Callable[[], Moment]:
    """What gives the present moment each time it is called; one set by DLPREP_NOW goes on from there.

    Raises:
        DlprepError: DLPREP_NOW is not a time.
    """
    named = os.environ.get(NOW)
    if not named:
        return lambda: _local(time.time_ns() // 1000)
    first = _read(named)
    start = time.monotonic_ns()
    return lambda: Moment(first.at + (time.monotonic_ns() - start) // 1000, first.offset)


def _local(at: int) -> Moment:
    """A point in time with the wall clock of this place; UTC where the system cannot say."""
    try:
        return Moment(at, round(time.localtime(at / 1e6).tm_gmtoff / 60))
    except (OverflowError, OSError, ValueError):
        return Moment(at, 0)


def _read(named: str) -> Moment:
    try:
        when = datetime.fromisoformat(named.replace("Z", "+00:00"))
        if when.tzinfo is None:
            return _local(round(time.mktime(when.timetuple()) * 1e6))
        at = (when - EPOCH) // timedelta(microseconds=1)
        shift = when.utcoffset() or timedelta()
        datetime.fromtimestamp(at / 1e6, timezone.utc)
        return Moment(at, round(shift / timedelta(minutes=1)))
    except (ValueError, OverflowError, OSError):
        hint = "write it as 2026-12-01T20:30 or 2026-12-01T20:30+01:00, or unset it"
        raise DlprepError(f"{NOW}={named} is not a time", hint=hint) from None
