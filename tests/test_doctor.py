"""`dlprep doctor`: what it says of a history in every state, and restoring, which loses nothing."""

from __future__ import annotations

import re
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dlprep import backup, database, library, saving
from dlprep.cli import main
from dlprep.history import History
from dlprep.review import Review
from tests.reviews import DAY, days_after, review
from tests.test_exchange import hasty, uid
from tests.test_quiz_piped import ZOO

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    """The history, not there yet, of a user with the zoo alone, at noon of `DAY`, on a fast disk."""
    monkeypatch.delenv("DLPREP_BANKS", raising=False)
    monkeypatch.setenv("DLPREP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DLPREP_NOW", f"{DAY}T12:00+00:00")
    banks = tmp_path / "banks"
    banks.mkdir()
    (banks / "zoo.yaml").write_bytes(ZOO.read_bytes())
    monkeypatch.setattr(library, "shipped", lambda: banks)
    monkeypatch.setattr(database, "_connect", hasty)
    monkeypatch.setattr(saving, "_settle", lambda _: None)
    return History(tmp_path / "home" / "history.db")


def doctor(capsys: Capture, *args: str) -> tuple[int, str, str]:
    """The exit code, output and errors of `dlprep doctor ARGS`."""
    code = main(["doctor", *args])
    return (code, *capsys.readouterr())


def one(number: int, question: str = "zoo/one", ahead: int = 0) -> Review:
    """An answer, so many days after `DAY`."""
    return review(uid(number), question=question, day=days_after(ahead))


def backed_up(history: History, ahead: int, *rows: Review) -> Path:
    """Answer, and back up under a day."""
    history.append(rows)
    made = backup.daily(history.path, days_after(ahead))
    assert made
    return made


def damaged(path: Path) -> None:
    """Turn every bit of a page in the middle."""
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(
        data[:middle] + bytes(byte ^ 255 for byte in data[middle : middle + 4096]) + data[middle + 4096 :]
    )


def disk(history: History) -> dict[str, bytes]:
    """Every file of the home but those of the cache."""
    home = history.path.parent
    files = [file for file in home.rglob("*") if file.is_file() and file.parent.name != "cache"]
    return {str(file.relative_to(home)): file.read_bytes() for file in files}


# ── how it is ───────────────────────────────────────────────────────────────────────────────────────


def test_before_the_first_answer_there_is_nothing_wrong(history: History, capsys: Capture) -> None:
    """Where it would be, and when there will be a backup; nothing is made."""
    assert doctor(capsys) == (
        0,
        (
            f"history: {history.path}\n  there is none yet\n"
            "backup: none yet; one is made on every day with answers\n"
        ),
        "",
    )
    assert disk(history) == {}


def test_a_whole_history_is_counted_and_not_touched(history: History, capsys: Capture) -> None:
    """The answers that stand, the rows that do not, and the backups, newest first."""
    backed_up(history, -1, one(1))
    backed_up(history, 0, one(2))
    undo = one(3)._replace(rating=None, right=False, share=0.0, replaces=uid(2))
    history.append([undo, one(4, "zoo/share")])
    before = disk(history)
    assert doctor(capsys) == (
        0,
        (
            f"history: {history.path}\n"
            "  whole: 2 reviews (2 rows of it taken back or corrected)\n"
            "backup: history-2026-11-23.db, 2 reviews\n"
            "backup: history-2026-11-22.db, 1 review\n"
        ),
        "",
    )
    assert disk(history) == before


def test_answers_to_what_is_gone_are_listed(history: History, capsys: Capture) -> None:
    """The most answered first, and no more than twenty."""
    history.append([one(1), one(2, "gone/twice"), one(3, "gone/twice"), one(4, "zoo/none")])
    told = doctor(capsys)[1].split("\n")
    assert told[2:5] == [
        "  answers to questions that are in no bank: 3, kept as they are",
        "    gone/twice: 2 reviews",
        "    zoo/none: 1 review",
    ]
    history.append([one(10 + number, f"gone/{number}") for number in range(30)])
    told = doctor(capsys)[1].split("\n")
    assert told[2] == "  answers to questions that are in no bank: 33, kept as they are"
    assert sum(line.startswith("    gone/") or "zoo/none" in line for line in told) == 20
    assert told[23] == "    and 12 more"


def test_a_name_that_is_gone_reaches_the_terminal_as_text(history: History, capsys: Capture) -> None:
    """Whoever wrote it."""
    history.append([one(1, "a/\x1b]0;x\x07")])
    assert "    a/\\x1b]0;x\\x07: 1 review\n" in doctor(capsys)[1]


@pytest.mark.parametrize(("ahead", "waits"), [(0, False), (1, False), (2, True), (900, True)])
def test_answers_of_the_future_are_told_of(
    ahead: int, waits: bool, history: History, capsys: Capture
) -> None:
    """From the day after tomorrow on, for a flight west may leave one of tomorrow."""
    history.append([one(1, ahead=ahead)])
    told = "  answers dated after today, which do not count yet: 1 question. Is the clock right?\n"
    code, out, err = doctor(capsys)
    assert (code, err) == (0, "")
    assert (told in out) == waits


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"junk", " is not a database"),
        (b"junk" * 2000, " is not a database"),
        (b"", " is empty, though there are backups of it"),
    ],
)
def test_a_history_that_cannot_be_used_leads_to_its_backup(
    data: bytes, told: str, history: History, capsys: Capture
) -> None:
    """Exit code 1, what is wrong, the newest backup that is whole, and the command that restores it."""
    backed_up(history, -2, one(1))
    backed_up(history, -1, one(2)).write_bytes(b"junk")
    history.path.write_bytes(data)
    before = disk(history)
    code, out, err = doctor(capsys)
    assert (code, err) == (1, "")
    assert out.startswith(f"history: {history.path}\n  {history.path}{told}\n")
    assert out.endswith(
        "backup: history-2026-11-22.db, damaged\n"
        "backup: history-2026-11-21.db, 1 review\n"
        "Next: dlprep doctor --restore 2026-11-21\n"
    )
    assert disk(history) == before


def test_damage_within_is_found(history: History, capsys: Capture) -> None:
    """Also where the file opens."""
    backed_up(history, -1, *(one(number) for number in range(1, 300)))
    damaged(history.path)
    code, out, _ = doctor(capsys)
    assert code == 1
    assert re.search(r"^  .*history\.db is (damaged|not a database)", out, re.MULTILINE)
    assert out.endswith("Next: dlprep doctor --restore 2026-11-22\n")


def test_without_a_whole_backup_there_is_no_command(history: History, capsys: Capture) -> None:
    """Nothing is promised that cannot be kept."""
    backed_up(history, -1, one(1)).write_bytes(b"junk")
    history.path.write_bytes(b"junk")
    code, out, _ = doctor(capsys)
    assert code == 1
    assert out.endswith("backup: history-2026-11-22.db, damaged\n")


def test_a_wrong_bank_is_not_the_histories_fault(history: History, capsys: Capture) -> None:
    """A whole history must never be told to be restored."""
    backed_up(history, -1, one(1))
    code, out, err = doctor(capsys, "--bank", "none.yaml")
    assert "--restore" not in out
    assert code == 2
    assert err.startswith("dlprep: none.yaml does not exist\n")


def test_a_history_that_vanished_leads_to_its_backup(history: History, capsys: Capture) -> None:
    """There are backups: it was there before, and nothing is made in its place."""
    backed_up(history, -1, one(1))
    history.path.unlink()
    before = disk(history)
    assert doctor(capsys) == (
        1,
        (
            f"history: {history.path}\n  it is gone, though there are backups of it\n"
            "backup: history-2026-11-22.db, 1 review\nNext: dlprep doctor --restore 2026-11-22\n"
        ),
        "",
    )
    assert disk(history) == before


def test_what_only_a_backup_has_comes_back_by_a_merge(history: History, capsys: Capture) -> None:
    """As where a history was begun anew: restoring would lose what came since, so it is not offered."""
    backed_up(history, -2, one(1))
    newest = backed_up(history, -1, one(2), one(3))
    history.path.unlink()
    history.append([one(3), one(4)])
    command = f"dlprep history merge {shlex.quote(str(newest))}"
    code, out, err = doctor(capsys)
    assert (code, err) == (1, "")
    assert out == (
        f"history: {history.path}\n  whole: 2 reviews\n"
        "backup: history-2026-11-22.db, 3 reviews\n"
        f"  2 of them the history has not. Next: {command}\n"
        "backup: history-2026-11-21.db, 1 review\n"
    )
    assert main(shlex.split(command)[1:]) == 0
    assert {row.id for row in history.reviews()} == {uid(number) for number in (1, 2, 3, 4)}
    capsys.readouterr()
    code, out, _ = doctor(capsys)
    assert code == 0
    assert "the history has not" not in out


def test_a_history_that_cannot_be_written_is_not_restored(
    history: History, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is whole; whose it is or where it lies is what is wrong."""
    backed_up(history, -1, one(1))
    monkeypatch.setattr("dlprep.database.os.access", lambda *_: False)
    assert doctor(capsys) == (
        1,
        (
            f"history: {history.path}\n  whole: 1 review\n"
            "  it cannot be written: see who may write there, or set DLPREP_HOME to another folder\n"
            "backup: history-2026-11-22.db, 1 review\n"
        ),
        "",
    )


def test_a_place_where_no_history_can_be_made_is_told_before_the_first_answer(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file stands where a folder should be."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("DLPREP_HOME", str(tmp_path / "file" / "home"))
    code, out, err = doctor(capsys)
    assert (code, err) == (1, "")
    assert "\n  there is none yet\n  it cannot be written: " in out
    assert (tmp_path / "file").read_bytes() == b""


# ── restoring ───────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_done_until_it_is_confirmed(history: History, capsys: Capture) -> None:
    """What would be done, and the command that does it."""
    made = backed_up(history, -1, one(1))
    history.append([one(2)])
    before = disk(history)
    assert doctor(capsys, "--restore", "2026-11-22") == (
        0,
        (
            f"{made.name} with 1 review would take the place of {history.path}, which is kept beside it\n"
            "Nothing was done yet. Next: dlprep doctor --restore 2026-11-22 --yes\n"
        ),
        "",
    )
    assert disk(history) == before


@pytest.mark.parametrize("sure", [(), ("--yes",)])
@pytest.mark.parametrize("day", ["2026-11-19", "2026-11-21", "2026-11-2", "yesterday", "../x"])
def test_a_day_without_a_whole_backup_is_refused(
    day: str, sure: tuple[str, ...], history: History, capsys: Capture
) -> None:
    """None, a damaged one, or no day at all: one sentence, those that there are, and nothing changed."""
    backed_up(history, -3, one(1))
    backed_up(history, -2, one(2)).write_bytes(b"junk")
    backed_up(history, -1, one(3))
    before = disk(history)
    told = f"dlprep: there is no whole backup of {day}\n  hint: backups: 2026-11-22, 2026-11-20\n"
    assert doctor(capsys, "--restore", day, *sure) == (2, "", told)
    assert disk(history) == before


def test_without_backups_it_says_so(history: History, capsys: Capture) -> None:
    """And makes nothing."""
    told = "dlprep: there is no whole backup of 2026-11-22\n  hint: backups: there are none\n"
    assert doctor(capsys, "--restore", "2026-11-22", "--yes") == (2, "", told)
    assert not history.path.parent.exists()


def test_what_came_later_comes_back_by_a_merge(history: History, capsys: Capture) -> None:
    """Restored, the file before lies beside it; merged, not an answer is missing."""
    backed_up(history, -1, one(1))
    history.append([one(2), one(3, "zoo/share")])
    everything = history.reviews()
    before = history.path.read_bytes()
    aside = history.path.with_name("history-before-restore-1.db")
    assert doctor(capsys, "--restore", "2026-11-22", "--yes") == (
        0,
        (
            f"restored 1 review of 2026-11-22; what was there is now {aside}\nNext: dlprep doctor\n"
            f"What came later, if it can be read: dlprep history merge {aside}\n"
        ),
        "",
    )
    assert aside.read_bytes() == before
    assert [row.id for row in history.reviews()] == [uid(1)]
    assert main(["history", "merge", str(aside)]) == 0
    assert capsys.readouterr().out == f"2 new reviews, 1 known already, in {history.path}\n"
    assert history.reviews() == everything
    assert doctor(capsys)[0] == 0


def test_junk_is_set_aside_and_the_quiz_has_a_history_again(history: History, capsys: Capture) -> None:
    """The usual case; nothing is deleted."""
    backed_up(history, -1, one(1))
    history.path.write_bytes(b"junk")
    assert doctor(capsys, "--restore", "2026-11-22", "--yes")[0] == 0
    assert history.path.with_name("history-before-restore-1.db").read_bytes() == b"junk"
    with closing(sqlite3.connect(history.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert doctor(capsys)[1].split("\n")[1] == "  whole: 1 review"


def test_a_history_that_vanished_is_restored_without_a_word_of_merging(
    history: History, capsys: Capture
) -> None:
    """Nothing lies beside it."""
    backed_up(history, -1, one(1))
    history.path.unlink()
    said = "restored 1 review of 2026-11-22\nNext: dlprep doctor\n"
    assert doctor(capsys, "--restore", "2026-11-22", "--yes") == (0, said, "")
    assert [row.id for row in history.reviews()] == [uid(1)]


def test_the_command_that_merges_can_be_typed(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also below `Application Support`, where every Mac keeps it."""
    monkeypatch.setenv("DLPREP_HOME", str(tmp_path / "Application Support"))
    history = History(tmp_path / "Application Support" / "history.db")
    backed_up(history, -1, one(1))
    out = doctor(capsys, "--restore", "2026-11-22", "--yes")[1]
    command = re.search("dlprep (history merge .*)$", out, re.MULTILINE)
    assert command
    assert main(shlex.split(command[1])) == 0


def test_yes_alone_is_refused(history: History, capsys: Capture) -> None:
    """To nothing there is no yes."""
    backed_up(history, -1, one(1))
    before = disk(history)
    told = "dlprep: --yes needs a day to restore\n  hint: dlprep doctor --restore YYYY-MM-DD --yes\n"
    assert doctor(capsys, "--yes") == (2, "", told)
    assert disk(history) == before
