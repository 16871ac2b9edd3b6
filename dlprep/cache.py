"""Banks that were read before and have not changed since, so that a quiz need not read YAML to start.

The cache is a convenience that may vanish or rot at any time: whatever is wrong with it, the banks are read
again. It is keyed by each file's name, place, time and size, and by dlprep's own code.

A quiz needs the index of all questions and the texts of a few. So each question is packed alone, and opened
only when it is asked. A checksum over the whole file finds a damaged text at once, while the bank can still
be read instead.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from dlprep.bank import Listed, Question, Topic
from dlprep.errors import Problem

Bank: TypeAlias = tuple["Topic | None", list[Problem]]  # what reading one file comes to
Kept: TypeAlias = tuple["Packed | None", list[Problem]]  # and how it is kept
Key: TypeAlias = tuple[str, str, int, int]  # name as shown, whole path, time of change in ns, size

NAME = "banks.pickle"
SUM = 4  # bytes of checksum, before the pickle
# All that a stored bank is made of: a file that names anything else is not ours, and nothing of it is run.
CLASSES = {
    "dlprep.bank": {"Choice", "Cited", "Entry", "Listed", "Option", "Order", "Question", "Rubric"},
    "dlprep.cache": {"Packed"},
    "dlprep.template": {"Range", "Slip", "Template"},
    "dlprep.expression": {"Expression"},
    "dlprep.errors": {"Problem", "Where"},
    "builtins": {"frozenset"},
}


# ── one topic ───────────────────────────────────────────────────────────────────────────────────────


class Packed(NamedTuple):
    """A topic whose questions are packed one by one: `texts` holds them in the order of the entries."""

    listed: Listed
    texts: tuple[bytes, ...]

    def question(self, place: int) -> Question:
        """The question in a place of the index, counted from 0.

        Raises:
            ValueError: its text does not hold that question, which only a forged cache can bring about.
        """
        entry = self.listed.entries[place]
        try:
            question = _Loader(zlib.decompress(self.texts[place]), 0, CLASSES).load()
            if isinstance(question, Question) and question.entry == entry:
                return question
        except Exception as error:
            raise ValueError(f"the text of {entry.name} cannot be opened") from error
        raise ValueError(f"the text of {entry.name} is another's")


def pack(topic: Topic) -> Packed:
    """A topic ready to be kept."""
    entries = tuple(question.entry for question in topic.questions)
    listed = Listed(topic.name, topic.title, topic.summary, topic.asked, entries)
    return Packed(listed, tuple(map(_text, topic.questions)))


def _text(question: Question) -> bytes:
    return zlib.compress(pickle.dumps(question, protocol=5), level=1)  # half to read and hold, at 10 µs each


# ── all of them ─────────────────────────────────────────────────────────────────────────────────────


def read_all(
    files: Iterable[tuple[str, Path]],
    read: Callable[[str, Path], Bank],
    folder: Path,
    *,
    keep: bool = True,
) -> list[Kept]:
    """Each file, given as (name as shown, path), as `read` would read it; unchanged ones from the cache.

    What had to be read is stored there, if `keep`.
    """
    stored = _stored(folder / NAME)
    current: dict[Key, Kept] = {}
    fresh = False
    banks: list[Kept] = []
    for name, path in files:
        key = _key(name, path)
        found = stored.get(key) if key else None
        if found is None:
            found, fresh = kept(read(name, path)), True
        if key:
            current[key] = found
        banks.append(found)
    if fresh and keep:
        save(folder / NAME, (code(), current))
    return banks


def kept(bank: Bank) -> Kept:
    """What reading one file came to, its topic packed."""
    topic, problems = bank
    return pack(topic) if topic else None, problems


def _key(name: str, path: Path) -> Key | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return name, os.fspath(path.resolve()), state.st_mtime_ns, state.st_size


def _stored(file: Path) -> dict[Key, Kept]:
    """What was stored by this very code, or nothing."""
    try:
        made_by, banks = load(file, CLASSES)
        return dict(banks) if made_by == code() else {}
    except Exception:  # noqa: BLE001  missing, cut short, foreign or of another version: read the banks again
        return {}


# ── a file of it ────────────────────────────────────────────────────────────────────────────────────


def load(file: Path, classes: Mapping[str, Collection[str]]) -> Any:  # noqa: ANN401  as in pickle
    """What `save` put into a file, made of these classes alone, given by module.

    Raises:
        Exception: of any kind, when it is missing, damaged or foreign.
    """
    data = file.read_bytes()
    if _sum(memoryview(data)[SUM:]) != data[:SUM]:
        raise pickle.UnpicklingError(f"{file} is damaged")
    return _Loader(data, SUM, classes).load()


def save(file: Path, kept: object) -> None:
    """Replace a file in one step; where it cannot be written there is none."""
    part = file.with_name(f"{file.name}.{os.getpid()}")
    data = pickle.dumps(kept, protocol=5)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.write_bytes(_sum(data) + data)
        part.replace(file)
    except OSError:
        with suppress(OSError):
            part.unlink()


def code() -> tuple[str, int]:
    """What decides how things are read and stored: the Python, and when dlprep's own files last changed."""
    with os.scandir(Path(__file__).parent) as entries:
        newest = max(entry.stat().st_mtime_ns for entry in entries if entry.name.endswith(".py"))
    return sys.version, newest


def _sum(data: bytes | memoryview) -> bytes:
    return zlib.crc32(data).to_bytes(SUM, "big")


class _Loader(pickle.Unpickler):
    """Loads a pickle that starts at a place of `data`: these classes and no other."""

    def __init__(self, data: bytes, start: int, classes: Mapping[str, Collection[str]]) -> None:
        stream = io.BytesIO(data)
        stream.seek(start)
        super().__init__(stream)
        self.classes = classes

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401  as in pickle
        if name not in self.classes.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name} is not one of the classes")
        return super().find_class(module, name)
