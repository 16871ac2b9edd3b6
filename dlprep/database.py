"""Opening the history's file: what is refused, how an older one is brought up to date, how one is copied.

A connection lives as long as one operation. So a file that was deleted, replaced or restored meanwhile is
noticed, and nothing is locked while the user thinks.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path

from dlprep import saving
from dlprep.errors import DlprepError
from dlprep.saving import RESTORE, Unsaved, replacing, translated
from dlprep.tables import APPLICATION, MIGRATIONS, VERSION

BACKUPS = "backups"  # the folder beside the history
SMALLEST = 512  # bytes of a database; SQLite takes a file of one byte for an empty one and writes over it

# ── opening ─────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection to the history at `path`, brought up to date; None where there is nothing yet.

    Raises DlprepError for what cannot be read, Unsaved for an older file that cannot be brought up to date.
    """
    with translated(path, DlprepError, f"{path} cannot be read"):
        if not present(path):
            yield None
            return
        with closing(_connect(path)) as connection:
            version = _version(connection, path)
            if 0 < version < VERSION:
                _migrate(connection, path)
            yield connection if version else None


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the history at `path`, made where there is none, in a transaction of its own.

    All that the body wrote is on the disk at the end, or none of it where the body or the disk failed.
    Raises Unsaved for what cannot be written, DlprepError for what cannot be read either.
    """
    with translated(path, Unsaved, f"{path} cannot be written"):
        made = not present(path) and _make(path)
        with closing(_connect(path)) as connection:
            if _version(connection, path, made=made) < VERSION:
                _migrate(connection, path)
            connection.execute("PRAGMA journal_mode = DELETE")
            with _transaction(connection):
                yield connection


@contextmanager
def opened(path: Path) -> Iterator[tuple[sqlite3.Connection, int]]:
    """A connection to a file as it is, and its version: 0 where it is empty. Raises DlprepError."""
    with translated(path, DlprepError, f"{path} cannot be read"), closing(_connect(path)) as connection:
        yield connection, _version(connection, path)


def present(path: Path) -> bool:
    """Whether a file is there. Raises DlprepError where something else is."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        if path.is_symlink():
            target = path.readlink()
            raise DlprepError(f"{path} is a link to {target}, which is not there", hint=_LINK) from None
        return False
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise DlprepError(f"{path} is a link that leads back to itself", hint=_LINK) from None
        raise
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "not a file"
        raise DlprepError(f"{path} is {what}", hint=_AWAY)
    return True


_AWAY = "move it elsewhere: dlprep keeps its history there"
_LINK = "remove the link, or put the file back that it should lead to"


def lost(path: Path) -> bool:
    """Whether there is no history, though there are backups of one."""
    return not present(path) and any((path.parent / BACKUPS).glob("history-*.db"))


def writable(path: Path) -> bool:
    """Whether a history could be written at `path`, as far as rights tell."""
    if path.exists() and not os.access(path, os.W_OK):
        return False
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _make(path: Path) -> bool:
    """Make an empty file that only the user can read; whether it was us who made it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(FileExistsError):  # another dlprep was quicker
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        return True
    return False


def _connect(path: Path) -> sqlite3.Connection:
    """A connection that never makes a file, and that can read where it cannot write."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=saving.PATIENCE, isolation_level=None)
    try:
        connection.executescript(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY"
        )
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:  # a full disk may have ended it already
            connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection, path: Path, *, made: bool = False) -> int:
    """The version of a file that is ours, 0 for an empty one. Raises DlprepError for all others."""
    if not _number(connection, "page_count"):
        if 0 < path.stat().st_size < SMALLEST:
            raise DlprepError(f"{path} is not a database", hint=RESTORE)
        if not made and any((path.parent / BACKUPS).glob("history-*.db")):
            raise DlprepError(f"{path} is empty, though there are backups of it", hint=RESTORE)
        return 0
    if _number(connection, "application_id") != APPLICATION:
        raise DlprepError(f"{path} is a database of another program", hint=_AWAY)
    version = _number(connection, "user_version")
    if version > VERSION:
        message = f"{path} is of version {version}, from a newer dlprep; this one knows version {VERSION}"
        raise DlprepError(message, hint="update dlprep")
    if version < 1:
        raise DlprepError(f"{path} is damaged: it has no version", hint=RESTORE)
    return version


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring a file up to date in one transaction; one with answers in it is backed up before."""
    with translated(path, Unsaved, f"{path} cannot be brought up to date"), _transaction(connection):
        version = _number(connection, "user_version")
        if version >= VERSION:  # another dlprep was quicker
            return
        if version:
            _keep(path)
        for script in MIGRATIONS[version:]:
            for statement in script.split(";"):  # executescript() would commit first
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _keep(path: Path) -> None:
    """Back up a file that is about to be brought up to date, under the day on which it last changed."""
    day = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc).date()
    folder = path.parent / BACKUPS
    folder.mkdir(exist_ok=True, mode=0o700)
    with replacing(folder / f"history-before-v{VERSION}-{day}.db") as part:
        copy(path, part)


# ── copying ─────────────────────────────────────────────────────────────────────────────────────────


def copy(source: Path, part: Path) -> None:
    """Write a history, as it is at one moment, to the empty file `part`; both were checked to be whole.

    Raises DlprepError where `source` is damaged or not ours, Unsaved where `part` cannot be written.
    """
    with opened(source) as (connection, version):
        if not version:
            raise DlprepError(f"{source} is empty")
        check(connection, source)  # a copy alone would not tell: it is written with new indexes
        with translated(source, Unsaved, f"{part.parent} cannot be written"):
            connection.execute("VACUUM INTO ?", (part.absolute().as_uri(),))
    with opened(part) as (connection, _):
        check(connection, part)


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Raise DlprepError where the file is damaged anywhere. Takes 3 µs a review."""
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise DlprepError(f"{path} is damaged: {found}", hint=RESTORE)


def ends(connection: sqlite3.Connection) -> tuple[str | None, str | None]:
    """The ids of the review and of the plan that arrived last: two histories with the same are the same."""
    ids = [
        connection.execute(query).fetchone()
        for query in (
            "SELECT id FROM reviews ORDER BY rowid DESC LIMIT 1",
            "SELECT id FROM plans ORDER BY rowid DESC LIMIT 1",
        )
    ]
    review, plan = (found and found[0] for found in ids)
    return review, plan
