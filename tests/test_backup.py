"""Backups are made when something is new, never from a damaged history, and never all deleted."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep import backup
from dlprep.backup import Backup, kept
from dlprep.errors import DlprepError
from dlprep.history import History, Plan, Unsaved
from tests.reviews import DAY, days_after, noon, review


@pytest.fixture
def history(tmp_path: Path) -> History:
    """A history of one review."""
    made = History(tmp_path / "history.db")
    made.append([review("a")])
    return made


def names(history: History) -> list[str]:
    """The files in the folder of backups."""
    folder = history.path.parent / "backups"
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


# ── making ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_backup_holds_what_the_history_held(history: History) -> None:
    """It is a history itself, named by the study day."""
    made = backup.daily(history.path, DAY)
    assert made == history.path.parent / "backups" / f"history-{DAY}.db"
    assert made.stat().st_mode & 0o777 == 0o600
    assert History(made).reviews() == history.reviews()


def test_an_unchanged_history_is_not_backed_up_again(history: History) -> None:
    """Neither later on the day nor on the next."""
    backup.daily(history.path, DAY)
    assert backup.daily(history.path, DAY) is None
    assert backup.daily(history.path, days_after(1)) is None
    assert names(history) == [f"history-{DAY}.db"]


def test_a_day_is_backed_up_once(history: History) -> None:
    """What was added since waits for the next study day."""
    backup.daily(history.path, DAY)
    history.append([review("b")])
    assert backup.daily(history.path, DAY) is None
    assert backup.daily(history.path, days_after(1))


def test_a_new_plan_is_a_change(history: History) -> None:
    """A backup is of plans too."""
    backup.daily(history.path, DAY)
    history.set_plan(Plan("p", noon(DAY), 0, DAY, days_after(9), 20))
    made = backup.daily(history.path, days_after(1))
    assert made
    assert History(made).plan() == history.plan()


def test_what_is_not_there_is_not_backed_up(tmp_path: Path) -> None:
    """No history, no folder."""
    assert backup.daily(tmp_path / "history.db", DAY) is None
    assert not list(tmp_path.iterdir())


def test_a_damaged_newest_backup_is_no_reason_to_rest(history: History) -> None:
    """Its contents are not known, so there is another."""
    made = backup.daily(history.path, DAY)
    assert made
    made.write_text("junk" * 1000, encoding="utf-8")
    assert backup.daily(history.path, days_after(1))


def damage(path: Path) -> None:
    """Break an index so that only a check of the whole file can tell: the table itself is sound."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, '(question)', '(kind)')"
            " WHERE name = 'reviews_by_question'"
        )
        connection.commit()


def test_a_damaged_history_replaces_and_deletes_no_backup(history: History) -> None:
    """Even damage that a copy would not have."""
    for number in range(12):
        history.append([review(f"{number}")])
        backup.daily(history.path, days_after(number))
    before = names(history)
    history.append([review("last")])
    damage(history.path)
    with pytest.raises(DlprepError, match=r"history\.db is damaged: ") as caught:
        backup.daily(history.path, days_after(40))
    assert not isinstance(caught.value, Unsaved)
    assert names(history) == before


# Backs up while no file may grow beyond 4 kB.
FULL = """
import resource, signal, sys
from datetime import date
from pathlib import Path
from dlprep import backup
from dlprep.saving import Unsaved
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    backup.daily(Path(sys.argv[1]), date(2026, 12, 24))
except Unsaved as error:
    print(error.message)
"""


def test_a_full_disk_leaves_the_old_backups_and_nothing_else(history: History) -> None:
    """The temporary file is removed."""
    backup.daily(history.path, DAY)
    history.append([review("b")])
    command = [sys.executable, "-c", FULL, str(history.path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.startswith(f"{history.path.parent / 'backups'} cannot be written: ")
    assert names(history) == [f"history-{DAY}.db"]
    assert [found.reviews for found in backup.listed(history.path)] == [1]


# ── keeping ─────────────────────────────────────────────────────────────────────────────────────────

DAYS = st.lists(st.integers(0, 300).map(days_after), max_size=60)


@given(DAYS)
@settings(deadline=None, max_examples=80)
def test_what_is_kept_is_the_newest_seven_and_a_day_of_four_weeks(days: list[date]) -> None:
    """No more, each week's newest, and something wherever there was something."""
    found = kept(days)
    assert found <= set(days)
    assert bool(found) == bool(days)
    assert set(sorted(set(days))[-7:]) <= found
    older = sorted(found)[:-7]
    assert len(older) <= 4
    assert len({day.isocalendar()[:2] for day in older}) == len(older)
    rest = sorted(set(days))[:-7]
    for day in older:
        assert day == max(other for other in rest if other.isocalendar()[:2] == day.isocalendar()[:2])
    if older:
        assert all(
            other.isocalendar()[:2] in {day.isocalendar()[:2] for day in older}
            for other in rest
            if other > older[0]
        )


@given(DAYS)
@settings(deadline=None, max_examples=80)
def test_thinning_every_day_keeps_what_thinning_once_would(days: list[date]) -> None:
    """The weeks are still there when their days have grown old."""
    left: set[date] = set()
    for day in sorted(days):
        left = kept(left | {day})
    assert left == kept(days)


def test_only_old_daily_backups_are_deleted(history: History) -> None:
    """A backup made before an update stays, and so does what is none of ours."""
    folder = history.path.parent / "backups"
    folder.mkdir()
    others = [
        "history-before-v2-2020-01-01.db",
        "history-2020-13-01.db",
        "history-2020-01-01.db.bak",
        "notes",
    ]
    for name in others:
        (folder / name).touch()
    days = [DAY + timedelta(days=number) for number in range(60)]
    for number, day in enumerate(days):
        history.append([review(f"{number}")])
        backup.daily(history.path, day)
    assert set(names(history)) == {*others, *(f"history-{day}.db" for day in kept(days))}


# ── restoring ───────────────────────────────────────────────────────────────────────────────────────


def test_backups_are_listed_newest_first_with_what_they_hold(history: History) -> None:
    """A damaged one says so."""
    first = backup.daily(history.path, DAY)
    history.append([review("b")])
    second = backup.daily(history.path, days_after(1))
    assert first
    assert second
    junk = first.with_name("history-before-v2-2020-01-01.db")
    junk.write_text("junk" * 1000, encoding="utf-8")
    assert backup.listed(history.path) == [
        Backup(second, days_after(1), 2),
        Backup(first, DAY, 1),
        Backup(junk, date(2020, 1, 1), None),
    ]
    assert backup.listed(Path("nowhere/history.db")) == []


def test_a_damaged_history_is_set_aside_and_its_backup_takes_its_place(history: History) -> None:
    """Nothing is deleted, not even the journal; and a second time nothing is overwritten."""
    made = backup.daily(history.path, DAY)
    assert made
    for number in (1, 2):
        history.path.write_text(f"junk {number}", encoding="utf-8")
        journal = history.path.with_name("history.db-journal")
        journal.write_text(f"journal {number}", encoding="utf-8")
        aside = backup.restore(history.path, made)
        assert aside == history.path.with_name(f"history-before-restore-{number}.db")
        assert aside.read_text(encoding="utf-8") == f"junk {number}"
        assert aside.with_name(f"{aside.name}-journal").read_text(encoding="utf-8") == f"journal {number}"
        assert not journal.exists()
        assert [row.id for row in history.reviews()] == ["a"]
    assert made.exists()


def test_a_missing_history_is_restored(history: History) -> None:
    """There is nothing to set aside then."""
    made = backup.daily(history.path, DAY)
    assert made
    history.path.unlink()
    assert backup.restore(history.path, made) is None
    assert len(history.reviews()) == 1


def test_a_damaged_backup_is_not_restored(history: History) -> None:
    """The present file stays where it is, whatever it is."""
    for content in (b"junk" * 1000, b""):
        bad = history.path.with_name("bad.db")
        bad.write_bytes(content)
        before = history.path.read_bytes()
        with pytest.raises(DlprepError, match=r"bad\.db is "):
            backup.restore(history.path, bad)
        assert history.path.read_bytes() == before
        assert {file.name for file in history.path.parent.iterdir()} == {"history.db", "bad.db"}


def test_what_a_link_leads_to_is_restored(history: History) -> None:
    """The link stays; a link that leads nowhere is set aside itself."""
    made = backup.daily(history.path, DAY)
    assert made
    real = history.path.rename(history.path.with_name("real.db"))
    history.path.symlink_to(real.name)
    assert backup.restore(history.path, made) == real.with_name("real-before-restore-1.db")
    assert history.path.is_symlink()
    assert len(history.reviews()) == 1
    real.unlink()
    aside = backup.restore(history.path, made)
    assert aside
    assert aside.is_symlink()
    assert len(history.reviews()) == 1
