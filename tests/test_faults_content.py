"""Banks that change under the quiz, hostile rows from elsewhere, and a rotten cache of what is remembered."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import zlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dlprep.exchange import lines
from dlprep.history import History
from dlprep.review import Review
from tests.faults import ZOO, answer, answers, at, end, on, saved
from tests.reviews import DAY, noon, review
from tests.terminal import Terminal, piped

HOSTILE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NOW = "2026-12-20T12:00"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the history is kept; it is not there yet."""
    return tmp_path / "home" / "history.db"


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """A bank of one's own."""
    return Path(shutil.copy(ZOO, tmp_path / "zoo.yaml"))


# ── banks ───────────────────────────────────────────────────────────────────────────────────────────


def edited(bank: Path) -> None:
    """Every text is another, and an id too."""
    text = bank.read_text(encoding="utf-8")
    bank.write_text(text.replace("parameters", "weights").replace("8 is 6", "9 is 6"), encoding="utf-8")


def broken(bank: Path) -> None:
    """The bank is no YAML any more."""
    bank.write_text("title: [", encoding="utf-8")


@pytest.mark.parametrize("change", [edited, broken, Path.unlink], ids=lambda f: f.__name__)
def test_a_bank_that_changes_meanwhile_does_no_harm(
    file: Path, bank: Path, change: Callable[[Path], None]
) -> None:
    """F36: the session goes on with the questions as they were when it began."""
    words = ("quiz", "zoo", "--bank", str(bank), "--kind", "numeric", "--only", "all", "--seed", "3")
    with Terminal(*words, columns=200, rows=50, env=at(file)) as t:
        t.until("1 of 2")
        change(bank)
        assert "✓ right" in answer(t, 1, "1000")
        on(t)
        assert "What share of 8 is 6?" in t.text
        assert "✓ right" in answer(t, 2, "3/4")
        t.send("q")
        end(t, 0)
    assert answers(file) == [("zoo/parameters", 1), ("zoo/share", 1)]


def test_a_question_that_was_renamed_keeps_its_answers(file: Path, bank: Path) -> None:
    """F37: rows stay as they are, doctor lists them, and nothing that looks at them stumbles."""
    names = ("zoo/one", "zoo/parameters", "zoo/steps", "gone/topic")
    rows = [review(f"{number}", question=name) for number, name in enumerate(names)]
    rows.append(review("kind", question="zoo/share", kind="choice"))  # a number now
    History(file).append([row._replace(reply='{"picked": [7]}') for row in rows])
    before = file.read_bytes()
    text = bank.read_text(encoding="utf-8")
    bank.write_text(text.replace("id: one", "id: first").replace("id: steps", "id: order"), encoding="utf-8")
    env = {**at(file), "DLPREP_NOW": NOW, "DLPREP_BANKS": str(bank.parent)}
    told = piped("doctor", env=env).stdout
    assert "answers to questions that are in no bank: 3, kept as they are" in told
    assert all(f"{name}: 1 review" in told for name in ("zoo/one", "zoo/steps", "gone/topic"))
    assert "zoo/parameters: " not in told
    looks = [(), ("stats",), ("stats", "zoo"), ("history", "show"), ("history", "show", "zoo/one")]
    looks += [("history", "show", row.id) for row in rows]
    for words in looks:
        done = piped(*words, env=env)
        assert (done.returncode, done.stderr) == (0, ""), words
    assert "in no bank any more" in piped("history", "show", "0", env=env).stdout
    done = piped("quiz", "zoo", "-n", "2", stdin="s\ns\n", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert file.read_bytes() == before


# ── rows from elsewhere ─────────────────────────────────────────────────────────────────────────────

EVIL = "\x1b]0;hacked\x07\x1b[2J\x9b31m\u202eevil\u2066"


def uuid(number: int) -> str:
    """One of many ids."""
    return f"{number:08x}-0000-4000-8000-000000000000"


def theirs(folder: Path, *rows: Review) -> Path:
    """What another machine exported: these rows as lines."""
    History(folder / "theirs.db").append(rows)
    file = folder / "theirs.jsonl"
    file.write_text("\n".join(lines(History(folder / "theirs.db"))), encoding="utf-8")
    return file


def test_hostile_text_in_a_merged_history_never_reaches_the_terminal(file: Path, tmp_path: Path) -> None:
    """Escapes, C1 controls and bidi marks in names, kinds and replies are shown as something harmless."""
    reply = json.dumps({"text": EVIL, "ticked": []}, ensure_ascii=False)
    rows = [
        review(uuid(1), question=f"zoo{EVIL}/one{EVIL}", kind="\x1b[31m\u202e", rating=1),
        review(uuid(2), question="zoo/why-share", kind="recall")._replace(reply=reply),
        *(review(uuid(3 + n), question=f"zoo{EVIL}/two", rating=1, at=noon(DAY) + n) for n in range(12)),
    ]
    merged = piped("history", "merge", str(theirs(tmp_path, *rows)), env=at(file))
    assert (merged.returncode, merged.stderr) == (0, "")
    env = {**at(file), "DLPREP_NOW": NOW, "DLPREP_BANKS": str(ZOO.parent)}
    looks = [(), ("stats",), ("doctor",), ("history", "show"), ("history", "show", uuid(1)[:8])]
    looks += [("history", "show", uuid(2)[:8]), ("history", "show", EVIL), ("stats", "--json")]
    for words in looks:
        done = piped(*words, env=env)
        assert "Traceback" not in done.stderr
        assert not HOSTILE.search(done.stdout + done.stderr), words


def test_hostile_text_is_not_written_to_a_terminal_by_export(file: Path) -> None:
    """Lines of JSON can spell every character, so those that drive a terminal are spelt."""
    History(file).append([review(uuid(1), question=f"zoo{EVIL}/one{EVIL}")])
    with Terminal("history", "export", "-", columns=400, env=at(file)) as t:
        assert t.wait() == 0
    assert uuid(1) in t.said()
    assert not HOSTILE.search(t.raw.decode().replace("\r", ""))


# What stands on the second line, made of a row that would be right.
LINES: dict[str, Callable[[dict[str, Any]], str]] = {
    "long": lambda row: json.dumps({**row, "reply": "x" * 10**6}),
    "deep": lambda _: "[" * 10**6,
    "number": lambda row: json.dumps(row).replace('"seed": 7', '"seed": ' + "9" * 10**6),
    "unknown": lambda row: json.dumps({**row, EVIL: 1}),
    "nan": lambda row: json.dumps({**row, "share": float("nan")}),
    "surrogate": lambda row: json.dumps({**row, "question": "zoo/\ud800"}),
    "nothing": lambda _: "\0" * 10**6,
}


@pytest.mark.parametrize("kind", LINES)
def test_a_line_that_cannot_be_right_is_named_and_nothing_is_merged(
    file: Path, tmp_path: Path, kind: str
) -> None:
    """A megabyte, a depth or a number of it, or rubbish: the file, the line, and what is there stays."""
    saved(file, uuid(9))
    before = file.read_bytes()
    good = theirs(tmp_path, review(uuid(1))).read_text(encoding="utf-8")
    bad = LINES[kind]({**json.loads(good), "id": uuid(2)})
    out = tmp_path / "bad.jsonl"
    out.write_text(f"{good}\n{bad}\n", encoding="utf-8")
    done = piped("history", "merge", str(out), env=at(file))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"dlprep: {out}:2: ")
    assert "nothing was merged" in done.stderr
    assert len(done.stderr) < 1000
    assert not HOSTILE.search(done.stderr.replace("\n", ""))
    assert file.read_bytes() == before


def test_a_very_long_answer_does_not_keep_the_others_from_being_saved(file: Path) -> None:
    """A pasted book is an answer too: it is saved, or what fits of it, and so is what comes after it."""
    book = "fewer parameters " * 8000
    words = ("quiz", "zoo/why-share", "zoo/invariant", "--bank", str(ZOO))
    done = piped(*words, stdin=f"{book}\nits output moves\n", env=at(file))
    assert [name for name, _ in answers(file)] == ["zoo/why-share", "zoo/invariant"]
    assert done.returncode == 0


# ── the cache of what is remembered ─────────────────────────────────────────────────────────────────


class Evil:
    """A pickle that runs code: it would make a folder of that name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        """What unpickling would do."""
        return os.mkdir, (self.name,)


def summed(data: bytes) -> bytes:
    """Data with the checksum that a cache has in front."""
    return zlib.crc32(data).to_bytes(4, "big") + data


def test_a_rotten_cache_changes_nothing(file: Path, tmp_path: Path) -> None:
    """Garbage, half a file, nothing, a folder, a foreign pickle, one that runs code: the same is due."""
    chance = [timedelta(days=n % 30) for n in range(40)]
    names = ("one", "several", "parameters", "share", "why-share", "invariant", "steps")
    History(file).append(
        [
            review(uuid(n), question=f"zoo/{names[n % 7]}", day=DAY - ahead, rating=1 + n % 4)
            for n, ahead in enumerate(chance)
        ]
    )
    env = {**at(file), "DLPREP_NOW": NOW, "DLPREP_BANKS": str(ZOO.parent)}
    states = file.parent / "cache" / "states.pickle"

    def due() -> str:
        """What a quiz asks, with each question's recall and last answer."""
        words = ("quiz", "zoo", "--only", "due", "--no-save", "--seed", "1")
        asked = piped(*words, stdin="s\n" * 9, env=env)
        assert (asked.returncode, asked.stderr) == (0, "")
        return asked.stdout

    fresh = due()
    assert "1 of 6" in fresh
    whole = states.read_bytes()
    assert due() == fresh  # by the cache
    made = tmp_path / "made by a pickle"
    code, *_ = pickle.loads(whole[4:])  # noqa: S301  our own, just written
    rot = [
        b"",
        b"garbage" * 99,
        whole[:-1],
        whole[: len(whole) // 2],
        whole[:40] + bytes([whole[40] ^ 1]) + whole[41:],
        summed(pickle.dumps({"a": date(2026, 1, 1)})),
        summed(pickle.dumps((("other", 0), 1, "id", frozenset(), {}))),
        summed(pickle.dumps((code, 99, uuid(39), frozenset(), {"zoo/one": None}))),
        summed(pickle.dumps(Evil(str(made)))),
        summed(pickle.dumps((code, 1, uuid(0), frozenset(), Evil(str(made))))),
    ]
    for data in rot:
        states.write_bytes(data)
        assert due() == fresh, data[:40]
    states.unlink()
    states.mkdir()
    assert due() == fresh
    assert not made.exists()
