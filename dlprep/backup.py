"""Backups of the history: one at the first session of a study day, few of them kept, any of them restored."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from itertools import count
from pathlib import Path
from typing import NamedTuple

from dlprep.database import BACKUPS, check, copy, ends, opened, reading
from dlprep.errors import DlprepError
from dlprep.saving import Unsaved, replacing, translated
from dlprep.tables import VERSION

DAILY = 7  # so many of the newest days are kept …
WEEKLY = 4  # … and of what is older the newest of so many weeks
_NAME = re.compile(r"history-(before-v[0-9]+-)?([0-9]{4}-[0-9]{2}-[0-9]{2})\.db")


class Backup(NamedTuple):
    """A backup: its file, the day it is of, how many reviews it holds, or None where it is damaged."""

    file: Path
    day: date
    reviews: int | None


def daily(path: Path, day: date, *, again: bool = False) -> Path | None:
    """Back up the history at `path` under the study day `day`; None where that is not needed.

    It is needed once a day, or `again` in the place of that day's, and only if something was added since the
    newest backup. Older backups that need not be kept are deleted then. Raises DlprepError for a damaged
    history and Unsaved where nothing can be written; all backups are as they were then.
    """
    with reading(path) as connection:
        now = ends(connection) if connection else (None, None)
    dated = _dated(path)
    newest = max(dated, default=None)
    if now == (None, None) or (day in dated and not again) or (newest and _stored(dated[newest]) == now):
        return None
    target = path.parent / BACKUPS / f"history-{day}.db"
    with translated(path, Unsaved, f"{target.parent} cannot be written"):
        target.parent.mkdir(exist_ok=True, mode=0o700)
    with replacing(target) as part:
        copy(path, part)
    dated[day] = target
    with translated(path, Unsaved, f"{target.parent} cannot be written"):
        for old in dated.keys() - kept(dated):
            dated[old].unlink(missing_ok=True)
    return target


def kept(days: Iterable[date]) -> set[date]:
    """Those of the days of backups that are kept: the newest seven, and the newest of four weeks before."""
    newest_first = sorted(set(days), reverse=True)
    weeks: dict[tuple[int, int], date] = {}
    for day in newest_first[DAILY:]:
        year, week, _ = day.isocalendar()
        weeks.setdefault((year, week), day)
    return {*newest_first[:DAILY], *list(weeks.values())[:WEEKLY]}


def listed(path: Path) -> list[Backup]:
    """The backups of the history at `path`, those made before an update included; newest first."""
    found = [(day, file) for file, day, _ in _files(path)]
    return [Backup(file, day, _count(file)) for day, file in sorted(found, reverse=True)]


def restore(path: Path, backup: Path) -> Path | None:
    """Put a backup in the place of the history at `path`; nothing is deleted.

    Comes back with the name under which the present file now lies beside it, None where there was none.
    Raises DlprepError for a backup that is damaged itself and Unsaved where nothing can be written; all is as
    it was then.
    """
    if path.exists():
        path = path.resolve()  # a link stays; what it leads to is replaced
    aside: Path | None = None
    with translated(path, Unsaved, f"{path} cannot be written"):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with replacing(path) as part:
        copy(backup, part)
        if _there(path):
            aside = _free(path)
            # The journal goes first: left beside the restored file it would be played into it.
            for old, new in zip(_with_journals(path), _with_journals(aside), strict=True):
                if _there(old):
                    old.rename(new)
    return aside


def lacking(path: Path, backup: Path) -> int:
    """How many reviews a backup holds that the history at `path` has not: none, where nothing was lost."""
    with opened(path) as (connection, _):
        known = {key for (key,) in connection.execute("SELECT id FROM reviews")}
    with opened(backup) as (connection, _):
        return sum(key not in known for (key,) in connection.execute("SELECT id FROM reviews"))


def _files(path: Path) -> list[tuple[Path, date, bool]]:
    """Each backup's file, its day, and whether it is a daily one. Other files there are none of ours."""
    found: list[tuple[Path, date, bool]] = []
    with translated(path, DlprepError, f"{path.parent / BACKUPS} cannot be read"):
        folder = path.parent / BACKUPS
        for file in folder.iterdir() if folder.is_dir() else ():
            if match := _NAME.fullmatch(file.name):
                with suppress(ValueError):  # there is no such day
                    found.append((file, date.fromisoformat(match[2]), match[1] is None))
    return found


def _dated(path: Path) -> dict[date, Path]:
    return {day: file for file, day, is_daily in _files(path) if is_daily}


def _stored(file: Path) -> object:
    """What a backup ends with; None where it is damaged or of another version, so that it equals nothing."""
    try:
        with opened(file) as (connection, version):
            return ends(connection) if version == VERSION else None
    except DlprepError:
        return None


def _count(file: Path) -> int | None:
    try:
        with opened(file) as (connection, version):
            check(connection, file)
            return int(connection.execute("SELECT count(*) FROM reviews").fetchone()[0]) if version else None
    except DlprepError:
        return None


def _free(path: Path) -> Path:
    """The first name for a file set aside that nothing has yet, its journal included."""
    names = (path.with_name(f"{path.stem}-before-restore-{number}{path.suffix}") for number in count(1))
    return next(name for name in names if not any(_there(beside) for beside in _with_journals(name)))


def _with_journals(file: Path) -> list[Path]:
    """What SQLite may have beside a file, then the file."""
    return [file.with_name(file.name + tail) for tail in ("-journal", "-wal", "-shm", "")]


def _there(file: Path) -> bool:
    return file.exists() or file.is_symlink()
