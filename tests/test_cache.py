"""The cache of banks saves time and never changes what is read."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from dlprep import cache, library, reader
from dlprep.cache import NAME, Bank

BANK = """
title: {title}
summary: S
questions:
  - id: q
    kind: recall
    level: mid
    ask: Why?
    points: [Because it is so]
    answer: It is so.
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A bank."""
    made = tmp_path / "bank.yaml"
    made.write_text(BANK.format(title="One"), encoding="utf-8")
    return made


class Counted:
    """Reads banks and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, name: str, path: Path) -> Bank:
        """Read a bank."""
        self.times += 1
        return reader.read(path.read_bytes(), name, path.stem)


def test_an_unchanged_bank_is_read_once(file: Path, tmp_path: Path) -> None:
    """The second time it comes from the cache, equal to the first."""
    read = Counted()
    first = cache.read_all([("bank.yaml", file)], read, tmp_path / "cache")
    assert cache.read_all([("bank.yaml", file)], read, tmp_path / "cache") == first
    assert read.times == 1


def test_a_changed_bank_is_read_again(file: Path, tmp_path: Path) -> None:
    """A new time or size makes the stored bank stale."""
    read = Counted()
    cache.read_all([("bank.yaml", file)], read, tmp_path / "cache")
    file.write_text(BANK.format(title="Two"), encoding="utf-8")
    os.utime(file, ns=(1, 1))
    ((topic, _),) = cache.read_all([("bank.yaml", file)], read, tmp_path / "cache")
    assert topic is not None
    assert (topic.title, read.times) == ("Two", 2)


@pytest.mark.parametrize("rot", [b"", b"junk", pickle.dumps(("other code", {}))])
def test_a_rotten_cache_is_not_used(rot: bytes, file: Path, tmp_path: Path) -> None:
    """Whatever the cache holds, the banks are read right, and it is made anew."""
    read = Counted()
    (tmp_path / NAME).write_bytes(rot)
    ((topic, _),) = cache.read_all([("bank.yaml", file)], read, tmp_path)
    assert topic is not None
    cache.read_all([("bank.yaml", file)], read, tmp_path)
    assert read.times == 1


def test_nothing_in_a_foreign_cache_is_run(file: Path, tmp_path: Path) -> None:
    """A pickle that names a function is refused before the function is called."""

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "owned"),)

    (tmp_path / NAME).write_bytes(pickle.dumps((cache._code(), Evil())))
    cache.read_all([("bank.yaml", file)], Counted(), tmp_path)
    assert not (tmp_path / "owned").exists()


def test_a_folder_that_cannot_be_written_costs_only_time(file: Path) -> None:
    """Without a cache the banks are read each time."""
    read = Counted()
    for _ in range(2):
        cache.read_all([("bank.yaml", file)], read, Path("/dev/null/cache"))
    assert read.times == 2


def test_the_shipped_banks_are_the_same_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read, stored and loaded, every question is equal to itself."""
    monkeypatch.setenv(library.HOME, str(tmp_path))
    monkeypatch.delenv(library.BANKS, raising=False)
    fresh, stored = library.find(), library.find()
    assert (tmp_path / "cache" / NAME).is_file()
    assert stored == fresh
    assert stored.topics == library.read_files(library.known_files()).topics


def test_the_same_name_in_another_folder_is_another_bank(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal in shown name, time and size, but elsewhere: it is read, not taken from the cache."""
    read = Counted()
    titles = []
    for title in ("One", "Two"):
        (tmp_path / title).mkdir()
        monkeypatch.chdir(tmp_path / title)
        Path("bank.yaml").write_text(BANK.format(title=title), encoding="utf-8")
        os.utime("bank.yaml", ns=(1, 1))
        [(topic, _)] = cache.read_all([("bank.yaml", Path("bank.yaml"))], read, tmp_path / "cache")
        titles.append(topic and topic.title)
    assert titles == ["One", "Two"]
