"""Answers on their way into the history: what cannot be saved now is kept and tried again with the next."""

from __future__ import annotations

from pathlib import Path
from typing import final

from dlprep.errors import DlprepError
from dlprep.history import History
from dlprep.review import Review


@final
class Keeper:
    """Saves answers one by one, and holds on to those that could not be.

    Attributes:
        history: where they go.
        problem: why something is unsaved right now; None when everything is safe.
        unsaved: what the history does not have.
        worked: whether the history could be written at any time before.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        self._saved: list[Review] = []
        self.unsaved: list[Review] = []
        self.problem: DlprepError | None = None
        self.worked = False

    def add(self, *reviews: Review) -> None:
        """Save reviews, and those left unsaved before; `problem` says whether that worked.

        The whole session is offered each time, so that a history that is deleted or replaced meanwhile gets
        all of it: rows that are there already are left alone.
        """
        self.unsaved += reviews
        try:
            self.history.append([*self._saved, *self.unsaved])
        except DlprepError as problem:  # also for a file that was put in its place meanwhile
            self.problem = problem
        else:
            self._saved += self.unsaved
            self.unsaved = []
            self.problem = None
            self.worked = True

    def rescue(self) -> Path | None:
        """Write the whole session to a file that `dlprep history merge` takes; None where that fails too.

        The whole, because what was saved may be gone with the file that it was saved in.
        """
        from tempfile import NamedTemporaryFile

        from dlprep.rows import written

        file = None
        try:
            with NamedTemporaryFile(
                "w", encoding="utf-8", prefix="dlprep-", suffix=".jsonl", delete=False
            ) as file:
                file.writelines(f"{written(row)}\n" for row in [*self._saved, *self.unsaved])
        except OSError:  # the disk is full here, too
            if file:
                Path(file.name).unlink(missing_ok=True)
            return None
        return Path(file.name)
