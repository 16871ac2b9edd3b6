"""Saving so that nothing is lost: files replaced in one step, and what goes wrong said in one sentence."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

from dlprep.errors import DlprepError

PATIENCE = 5.0  # seconds to wait for another program that has the history locked
RESTORE = "`dlprep doctor` lists the backups and restores one"
_ROOM = "see who may write there, and whether the disk is full"
_SAID = {
    "database or disk is full": "the disk is full",
    "attempt to write a readonly database": "it is read-only",
    "unable to open database file": "it cannot be opened",
    "disk I/O error": "the disk failed or is full",
}


class Unsaved(DlprepError):  # noqa: N818  no error of anyone's: a state to go on in
    """Something cannot be written here and now; what was written before is as it was."""


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A private empty file beside `target`, which takes its place at the end: in one step, on the disk.

    Where anything fails it is removed and `target` is as it was. Raises Unsaved where it cannot be written.
    """
    try:
        handle, name = mkstemp(dir=target.parent, prefix=".dlprep-", suffix=".part")
        os.close(handle)
        try:
            yield Path(name)
            _settle(Path(name))
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
        _settle(target.parent)
    except OSError as error:
        raise Unsaved(f"{target} cannot be written: {error.strerror or error}", hint=_ROOM) from error


def _settle(path: Path) -> None:
    """Have what was written to a file or a folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def translated(path: Path, failure: type[DlprepError], sentence: str) -> Iterator[None]:
    """Turn what SQLite and the system say about the history at `path` into a DlprepError.

    A damaged file is always a plain one; else it is a `failure` that opens with `sentence`.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _failure(path, failure, sentence, error) from error
    except OSError as error:
        raise failure(f"{sentence}: {error.strerror or error}", hint=_ROOM) from error


def _failure(path: Path, failure: type[DlprepError], sentence: str, error: sqlite3.Error) -> DlprepError:
    """What an error of SQLite means. Python 3.10 tells its code by nothing but class and words."""
    said = str(error)
    if "is not a database" in said:
        return DlprepError(f"{path} is not a database", hint=RESTORE)
    if "locked" in said:
        hint = "is another dlprep running, or a program that copies the file?"
        return failure(f"{path} was locked for more than {PATIENCE:g} s", hint=hint)
    if isinstance(error, sqlite3.OperationalError) and not said.startswith(("no such", "Could not decode")):
        return failure(f"{sentence}: {_SAID.get(said, said)}", hint=_ROOM)
    if isinstance(error, sqlite3.IntegrityError):
        return failure(f"{sentence}: {said}")
    return DlprepError(f"{path} is damaged: {said}", hint=RESTORE)
