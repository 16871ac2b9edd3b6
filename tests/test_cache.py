"""The cache of banks saves time and never changes what is read."""

from __future__ import annotations

import os
import pickle
import zlib
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from dlprep import cache, library, reader
from dlprep.cache import NAME, Bank, Kept, Packed
from dlprep.errors import DlprepError

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
  - id: r
    kind: numeric
    level: junior
    core: true
    ask: What is {{n}} + 1?
    why: So.
    given: {{n: 1..3}}
    answer: n + 1
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


def packed(banks: list[Kept]) -> Packed:
    """The topic of the only bank."""
    [(topic, problems)] = banks
    assert topic is not None
    assert problems == []
    return topic


def _noted(bank: Bank, asked: list[str], name: str, _: Path) -> Bank:
    """A bank as if it were read, and a note that it was."""
    asked.append(name)
    return bank


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
    topic = packed(cache.read_all([("bank.yaml", file)], read, tmp_path / "cache"))
    assert (topic.listed.title, read.times) == ("Two", 2)


def test_each_question_is_opened_alone_and_whole(file: Path, tmp_path: Path) -> None:
    """Out of the cache a question is equal to itself, and agrees with its place in the index."""
    for _ in range(2):
        topic = packed(cache.read_all([("bank.yaml", file)], Counted(), tmp_path / "cache"))
    whole, _ = reader.read(file.read_bytes(), "bank.yaml", "bank")
    assert whole is not None
    assert [topic.question(place) for place in range(2)] == list(whole.questions)
    assert [tuple(entry) for entry in topic.listed.entries] == [
        ("bank", "q", "recall", "mid", False),
        ("bank", "r", "numeric", "junior", True),
    ]


@pytest.mark.parametrize("rot", [b"", b"junk", b"junk and more", pickle.dumps(("other code", {}))])
def test_a_rotten_cache_is_not_used(rot: bytes, file: Path, tmp_path: Path) -> None:
    """Whatever the cache holds, the banks are read right, and it is made anew."""
    read = Counted()
    (tmp_path / NAME).write_bytes(rot)
    packed(cache.read_all([("bank.yaml", file)], read, tmp_path))
    cache.read_all([("bank.yaml", file)], read, tmp_path)
    assert read.times == 1


def test_a_cache_of_other_code_is_not_used(file: Path, tmp_path: Path) -> None:
    """A sound file that another version of dlprep wrote is read over."""
    read = Counted()
    cache.read_all([("bank.yaml", file)], read, tmp_path)
    _, banks = cache.load(tmp_path / NAME, cache.CLASSES)
    cache.save(tmp_path / NAME, (("other code", 0), banks))
    cache.read_all([("bank.yaml", file)], read, tmp_path)
    assert read.times == 2


def test_one_damaged_byte_anywhere_has_the_banks_read_again(file: Path, tmp_path: Path) -> None:
    """Be it in the index or in the text of one question: no other question comes out, and no crash."""
    whole = Counted()("bank.yaml", file)
    right = packed(cache.read_all([("bank.yaml", file)], Counted(), tmp_path))
    sound = (tmp_path / NAME).read_bytes()
    for place in range(len(sound)):
        for rot in (sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :], sound[:place]):
            (tmp_path / NAME).write_bytes(rot)
            asked: list[str] = []
            read = partial(_noted, whole, asked)
            assert packed(cache.read_all([("bank.yaml", file)], read, tmp_path)) == right
            assert asked == ["bank.yaml"]


class Evil:
    """Makes a folder where it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.folder),)


def test_nothing_in_a_foreign_cache_is_run(file: Path, tmp_path: Path) -> None:
    """A pickle that names a function is refused before the function is called, though its sum be right."""
    cache.save(tmp_path / NAME, (cache.code(), Evil(tmp_path / "owned")))
    packed(cache.read_all([("bank.yaml", file)], Counted(), tmp_path))
    assert not (tmp_path / "owned").exists()


def test_nothing_in_a_foreign_text_is_run(file: Path, tmp_path: Path) -> None:
    """The text of a question is opened with the same care, and only the question of its entry is taken."""
    topic = packed(cache.read_all([("bank.yaml", file)], Counted(), tmp_path))
    evil = zlib.compress(pickle.dumps(Evil(tmp_path / "owned")))
    for text in (evil, b"", topic.texts[0][:-1], zlib.compress(pickle.dumps(1)), topic.texts[1]):
        with pytest.raises(ValueError, match="the text of bank/q "):
            topic._replace(texts=(text, topic.texts[1])).question(0)
    assert not (tmp_path / "owned").exists()


def test_a_forged_text_is_one_sentence_that_names_the_cache(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache with a right sum that dlprep did not write ends in a message, not in a traceback."""
    monkeypatch.setenv(library.HOME, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    library.find([file])
    stored = tmp_path / "cache" / NAME
    made_by, banks = cache.load(stored, cache.CLASSES)
    forged = {key: (topic._replace(texts=topic.texts[::-1]), said) for key, (topic, said) in banks.items()}
    cache.save(stored, (made_by, forged))
    with pytest.raises(DlprepError, match=f"cache/{NAME} was not written by dlprep") as caught:
        library.find([file]).question("bank/q")
    assert "delete it" in caught.value.hint


def test_what_is_saved_is_loaded_by_those_who_name_its_classes(tmp_path: Path) -> None:
    """Others keep things in such a file too; a class they do not name is refused."""
    file = tmp_path / "new" / "things.pickle"
    cache.save(file, {"day": date(2025, 1, 2)})
    assert cache.load(file, {"datetime": {"date"}}) == {"day": date(2025, 1, 2)}
    with pytest.raises(pickle.UnpicklingError, match=r"datetime\.date is not"):
        cache.load(file, {})
    assert [found.name for found in file.parent.iterdir()] == [file.name]


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
    assert tuple(stored.topic(topic.name) for topic in stored.topics) == (
        library.read_files(library.known_files()).topics
    )


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
        topic = packed(cache.read_all([("bank.yaml", Path("bank.yaml"))], read, tmp_path / "cache"))
        titles.append(topic.listed.title)
    assert titles == ["One", "Two"]
