"""Banks that were read before and have not changed since, so that a quiz need not read YAML to start.

The cache is a convenience that may vanish or rot at any time: whatever is wrong with it, the banks are read
again. It is keyed by each file's name, place, time and size, and by dlprep's own code.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from dlprep.bank import Topic
from dlprep.errors import Problem

Bank: TypeAlias = tuple["Topic | None", list[Problem]]  # what reading one file comes to
Key: TypeAlias = tuple[str, str, int, int]  # name as shown, whole path, time of change in ns, size

NAME = "banks.pickle"
# All that a stored bank is made of: a file that names anything else is not ours, and nothing of it is run.
CLASSES = {
    "dlprep.bank": {"Choice", "Cited", "Option", "Order", "Question", "Rubric", "Topic"},
    "dlprep.template": {"Range", "Slip", "Template"},
    "dlprep.expression": {"Expression"},
    "dlprep.errors": {"Problem", "Where"},
    "builtins": {"frozenset"},
}


def read_all(
    files: Iterable[tuple[str, Path]], read: Callable[[str, Path], Bank], folder: Path
) -> list[Bank]:
    """Each file, given as (name as shown, path), as `read` would read it; unchanged ones from the cache."""
    stored = _load(folder / NAME)
    current: dict[Key, Bank] = {}
    fresh = False
    banks: list[Bank] = []
    for name, path in files:
        key = _key(name, path)
        found = stored.get(key) if key else None
        if found is None:
            found, fresh = read(name, path), True
        if key:
            current[key] = found
        banks.append(found)
    if fresh:
        _save(folder / NAME, current)
    return banks


def _key(name: str, path: Path) -> Key | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return name, os.fspath(path.resolve()), state.st_mtime_ns, state.st_size


def _load(file: Path) -> dict[Key, Bank]:
    """What was stored by this very code, or nothing."""
    try:
        with file.open("rb") as stream:
            code, banks = _Loader(stream).load()
            return dict(banks) if code == _code() else {}
    except Exception:  # noqa: BLE001  missing, cut short, foreign or of another version: read the banks again
        return {}


def _save(file: Path, banks: dict[Key, Bank]) -> None:
    """Replace the cache in one step; where it cannot be written there is none."""
    part = file.with_name(f"{NAME}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.write_bytes(pickle.dumps((_code(), banks), protocol=5))
        part.replace(file)
    except OSError:
        with suppress(OSError):
            part.unlink()


def _code() -> tuple[str, int]:
    """What decides how a bank is read: the Python, and when dlprep's own files last changed."""
    with os.scandir(Path(__file__).parent) as entries:
        newest = max(entry.stat().st_mtime_ns for entry in entries if entry.name.endswith(".py"))
    return sys.version, newest


class _Loader(pickle.Unpickler):
    """Loads the classes of a bank and no other."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401  as in pickle
        if name not in CLASSES.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} is not part of a bank")
        return super().find_class(module, name)
