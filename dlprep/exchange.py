"""Taking a history elsewhere: as lines of JSON or as a SQLite file, and merging one into another.

A row is known by its UUID and never changes, so a merge is a union: the same in any order and when repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypeVar

from dlprep.database import copy, present
from dlprep.errors import DlprepError, Where
from dlprep.history import History, Plan
from dlprep.review import Review
from dlprep.rows import fault, parsed, written
from dlprep.saving import Unsaved, replacing, translated

SQLITE = (".db", ".sqlite")
LARGEST = 200_000_000  # bytes of a file that is merged
_Row = TypeVar("_Row", Review, Plan)


class Merged(NamedTuple):
    """What a merge came to: reviews that were new, reviews that were known, plans that were new."""

    new: int
    known: int
    plans: int


# ── out ─────────────────────────────────────────────────────────────────────────────────────────────


def lines(history: History) -> Iterator[str]:
    """Reviews and plans as lines of JSON without their ends, in the order (at, id)."""
    rows: list[Review | Plan] = [*history.reviews(), *history.plans()]
    rows.sort(key=itemgetter(1, 0))
    return map(written, rows)


def export(history: History, file: Path, *, force: bool = False) -> None:
    """Write the history to `file`: a SQLite file if the name ends in .db or .sqlite, else lines of JSON.

    Raises DlprepError where there is no history or `file` is there already, unless `force` replaces it, and
    Unsaved where it cannot be written; what was there before is as it was then.
    """
    with translated(file, Unsaved, f"{file} cannot be written"):
        if not present(history.path):
            raise DlprepError(f"there is no history yet at {history.path}", hint="answer a question first")
        if file.is_dir():
            raise DlprepError(f"{file} is a folder", hint="name a file in it")
        if file.exists() and file.samefile(history.path):
            raise DlprepError(f"{file} is the history itself", hint="name another file")
        if file.exists() and not force:
            raise DlprepError(
                f"{file} is there already", hint="name another file, or replace it with --force"
            )
    with replacing(file) as part:
        if file.suffix in SQLITE:
            history.end()  # brings an older file up to date
            copy(history.path, part)
        else:
            with part.open("w", encoding="utf-8", newline="\n") as stream:
                stream.writelines(f"{line}\n" for line in lines(history))


# ── in ──────────────────────────────────────────────────────────────────────────────────────────────


def merge(history: History, file: Path) -> Merged:
    """Add what `file`, lines of JSON or a SQLite history, has and `history` has not.

    Raises DlprepError, with nothing written, for a file that is neither, for the first row that cannot be
    right, and for one that has the id of another row; Unsaved where the history cannot be written.
    """
    reviews, plans = _read(file)
    new = _unknown(reviews, history.reviews(), file)
    made = _unknown(plans, history.plans(), file)
    if new or made:
        history.add(new, made)
    return Merged(len(new), len({row.id for row in reviews}) - len(new), len(made))


def _read(file: Path) -> tuple[list[Review], list[Plan]]:
    with translated(file, DlprepError, f"{file} cannot be read"):
        if not file.exists():
            raise DlprepError(f"there is no file {file}")
        if file.is_dir():
            raise DlprepError(f"{file} is a folder", hint="name a file that `dlprep history export` wrote")
        present(file)  # refuses what is no file
        if file.stat().st_size > LARGEST:
            raise DlprepError(f"{file} is larger than {LARGEST // 10**6} MB", hint="merge it in parts")
        with file.open("rb") as stream:
            if stream.read(16) != b"SQLite format 3\0":
                stream.seek(0)
                return _from_lines(stream, str(file))
    return _from_database(file)


def _from_database(file: Path) -> tuple[list[Review], list[Plan]]:
    """The rows of another history. A copy is read, because reading may have to bring it up to date."""
    with TemporaryDirectory() as folder:
        part = Path(folder, "history.db")
        part.touch()
        copy(file, part)
        try:
            reviews, plans = History(part).reviews(), History(part).plans()
        except DlprepError as error:
            raise DlprepError(error.message.replace(str(part), str(file)), hint=error.hint) from None
    rows: list[Review | Plan] = [*reviews, *plans]
    for row in rows:
        if said := fault(row):
            raise DlprepError(f"the row {row.id} of {file} cannot be right: {said}")
    return reviews, plans


def _from_lines(stream: Iterable[bytes], name: str) -> tuple[list[Review], list[Plan]]:
    reviews: list[Review] = []
    plans: list[Plan] = []
    for number, line in enumerate(stream, 1):
        text = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
        if not text:
            continue
        try:
            row = parsed(text)
        except ValueError as error:
            hint = "it should be a line that `dlprep history export` wrote; nothing was merged"
            raise DlprepError(str(error), Where(name, number), hint) from None
        if isinstance(row, Review):
            reviews.append(row)
        else:
            plans.append(row)
    return reviews, plans


def _unknown(theirs: Iterable[_Row], ours: Iterable[_Row], file: Path) -> list[_Row]:
    """The rows that we have not, in the order (at, id). Raises DlprepError for two that share an id."""
    known = {row.id: row for row in ours}
    new: dict[str, _Row] = {}
    for row in theirs:
        same = known.get(row.id) or new.setdefault(row.id, row)
        if same != row:
            message = f"{file} has another row with the id {row.id} than is known already; nothing was merged"
            raise DlprepError(message, hint="one of the two was changed after it was saved")
    return sorted(new.values(), key=itemgetter(1, 0))
