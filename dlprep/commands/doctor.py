"""`dlprep doctor`: is the history whole, what backups are there, and answers to questions that are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from shlex import quote

from dlprep import backup, database, library, memory
from dlprep.clean import clean
from dlprep.commands import learner
from dlprep.errors import DlprepError
from dlprep.history import History
from dlprep.number import counted
from dlprep.review import Moment, Review, standing

MOST = 20  # names that are listed


def examine(banks: Sequence[Path], now: Moment) -> int:
    """Say how the history is. Exit code 1 when something is wrong with it."""
    there = {entry.name for entry in learner.all_entries(library.find(banks))}
    kept = learner.history()
    print(clean(f"history: {kept.path}"))
    whole = _whole(kept, there, now)
    writable = database.writable(kept.path)
    if not writable:
        print("  it cannot be written: see who may write there, or set DLPREP_HOME to another folder")
    complete = True
    backups = backup.listed(kept.path)
    for each in backups:
        holds = "damaged" if each.reviews is None else counted(each.reviews, "review")
        print(clean(f"backup: {each.file.name}, {holds}"))
        if each.reviews and whole and complete and (lacking := backup.lacking(kept.path, each.file)):
            file = quote(str(each.file))
            print(clean(f"  {lacking} of them the history has not. Next: dlprep history merge {file}"))
            complete = False
    good = next((each for each in backups if each.reviews is not None), None)
    if not backups:
        print("backup: none yet; one is made on every day with answers")
    elif good and not whole:
        print(f"Next: dlprep doctor --restore {good.day}")
    return 0 if whole and writable and complete else 1


def _whole(kept: History, there: Collection[str], now: Moment) -> bool:
    """Say what the history holds, or why it cannot be used; whether it can do without a backup."""
    try:
        if database.lost(kept.path):
            print("  it is gone, though there are backups of it")
            return False
        if not database.present(kept.path):
            print("  there is none yet")
            return True
        with database.opened(kept.path) as (connection, _):
            database.check(connection, kept.path)
        _tell(kept.reviews(), there, now)
    except DlprepError as error:
        print(clean(f"  {error.message}"))
        return False
    return True


def restore(day: str, *, sure: bool) -> int:
    """Put a backup in the place of the history, which is kept beside it.

    Raises:
        DlprepError: there is no such backup, or it is damaged too.
    """
    kept = learner.history()
    backups = backup.listed(kept.path)
    found = [each for each in backups if str(each.day) == day and each.reviews is not None]
    if not day:
        raise DlprepError("--yes needs a day to restore", hint="dlprep doctor --restore YYYY-MM-DD --yes")
    if not found:
        known = ", ".join(str(each.day) for each in backups if each.reviews is not None) or "there are none"
        raise DlprepError(f"there is no whole backup of {day}", hint=f"backups: {known}")
    chosen = found[0]
    holds = counted(chosen.reviews or 0, "review")
    if not sure:
        told = f"{chosen.file.name} with {holds} would take the place of {kept.path}, which is kept beside it"
        print(clean(f"{told}\nNothing was done yet. Next: dlprep doctor --restore {day} --yes"))
        return 0
    aside = backup.restore(kept.path, chosen.file)
    beside = f"; what was there is now {aside}" if aside else ""
    print(clean(f"restored {holds} of {day}{beside}\nNext: dlprep doctor"))
    if aside:
        print(clean(f"What came later, if it can be read: dlprep history merge {quote(str(aside))}"))
    return 0


def _tell(rows: Sequence[Review], there: Collection[str], now: Moment) -> None:
    """What a whole history holds."""
    reviews = standing(rows)
    taken = len(rows) - len(reviews)
    back = f" ({counted(taken, 'row')} of it taken back or corrected)" if taken else ""
    print(f"  whole: {counted(len(reviews), 'review')}{back}")
    waiting = memory.waiting(reviews, now.day)
    if waiting:
        told = f"answers dated after today, which do not count yet: {counted(len(waiting), 'question')}"
        print(f"  {told}. Is the clock right?")
    gone = Counter(review.question for review in reviews if review.question not in there)
    if gone:
        print(f"  answers to questions that are in no bank: {sum(gone.values())}, kept as they are")
        for name, count in gone.most_common(MOST):
            print(clean(f"    {name}: {counted(count, 'review')}"))
        if len(gone) > MOST:
            print(f"    and {len(gone) - MOST} more")
