"""What is remembered of every question, without replaying every review at each start.

The states are kept in a file of their own that may vanish or rot at any time: it only saves time. It says up
to which row of the history it goes. Rows that came later make their questions be replayed, whole, because a
merge brings old answers late; a history whose rows are not those the file was made from is replayed at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from dlprep import cache, memory
from dlprep.history import History
from dlprep.memory import AHEAD, State

NAME = "states.pickle"
CLASSES = {"dlprep.memory": {"State"}, "datetime": {"date"}, "builtins": {"frozenset"}}  # all it is made of


class Remembered(NamedTuple):
    """What all reviews come to.

    Attributes:
        row: the last row of the history that is in it, and its id.
        id: as above.
        waiting: the questions with answers dated later than tomorrow, which do not count yet.
        states: what is remembered of each question ever answered.
    """

    row: int = 0
    id: str = ""
    waiting: frozenset[str] = frozenset()
    states: Mapping[str, State] = {}


def remembered(history: History, folder: Path, today: date) -> Remembered:
    """What all reviews come to today; the file in `folder` is brought up to date."""
    end = history.end()
    if end is None:
        return Remembered()
    stored = _load(folder / NAME)
    if not history.has(stored.row, stored.id):
        stored = Remembered()
    ahead = {
        name for name, state in stored.states.items() if state.day > today + AHEAD
    }  # the clock went back
    touched = history.arrived(stored.row) | stored.waiting | ahead
    if not touched:
        return stored
    reviews = history.reviews(touched if stored.states else None)
    kept = {name: state for name, state in stored.states.items() if name not in touched}
    waiting = frozenset(memory.waiting(reviews, today))
    fresh = Remembered(*end, waiting, {**kept, **memory.replay(reviews, today)})
    cache.save(folder / NAME, (_code(), *fresh))
    return fresh


def _code() -> tuple[object, ...]:
    """What decides how reviews come to states: our code and the library's."""
    spec = find_spec("fsrs")
    place = spec.origin if spec else None
    return *cache.code(), place, Path(place).stat().st_mtime_ns if place else 0


def _load(file: Path) -> Remembered:
    """What was stored by this very code; nothing otherwise."""
    try:
        code, *rest = cache.load(file, CLASSES)
        return Remembered(*rest) if code == _code() else Remembered()
    except Exception:  # noqa: BLE001  missing, cut short or foreign: everything is replayed
        return Remembered()
