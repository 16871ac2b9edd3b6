"""The one exception raised on purpose, and how a place in a file is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Where(NamedTuple):
    """A place in a file. `line` and `column` count from 1, in characters; 0 means the whole file."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)


class DlprepError(Exception):
    """A mistake the user can fix: what is wrong, where, and what to do about it.

    Bugs stay ordinary exceptions; only fixable mistakes use this.
    """

    def __init__(self, message: str, where: Where | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.where, self.hint = message, where, hint

    def __str__(self) -> str:
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head}\n  hint: {self.hint}" if self.hint else head


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding of `dlprep check`: a short stable code, what is wrong, where, and what to do about it.

    `line` is the text of the line it stands on and `width` how many characters the caret underlines.
    """

    code: str
    message: str
    where: Where
    hint: str = ""
    line: str = ""
    width: int = 1


def meant(word: str, known: Sequence[str]) -> str:
    """What the user probably meant by `word`, or all there is."""
    from difflib import get_close_matches  # nobody mistyped anything yet when this module is imported

    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
