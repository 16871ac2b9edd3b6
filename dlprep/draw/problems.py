"""Problems of banks as text for people, and as annotations for GitHub."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from dlprep.clean import clean
from dlprep.draw.palette import Look
from dlprep.errors import Problem

WINDOW = 72  # cells of a long line that are shown around the caret: with line number and dots, 80 columns


def problem(found: Problem, look: Look) -> Iterator[Text]:
    """A problem as rustc writes one: what, where, the line, a caret, and help."""
    yield Text.assemble(
        (f"error[{found.code}]", look.style("wrong")), (f": {clean(found.message)}", look.style("strong"))
    )
    gutter = " " * len(str(found.where.line))
    dim = look.style("dim")
    yield Text.assemble((f"{gutter}--> ", dim), clean(str(found.where)))
    if found.line.strip():
        before, marked, after = _window(found)
        yield Text(f"{gutter} |", dim)
        yield Text.assemble((f"{found.where.line} | ", dim), before + marked + after)
        caret = " " * cell_len(before) + "^" * max(1, cell_len(marked))
        yield Text.assemble((f"{gutter} | ", dim), (caret, look.style("wrong")))
    if found.hint:
        yield Text.assemble((f"{gutter} = help: ", dim), clean(found.hint))


def annotation(found: Problem) -> str:
    """A problem as a GitHub workflow command, which marks the line in the pull request."""
    where = found.where
    message = f"{found.message} ({found.hint})" if found.hint else found.message
    place = f"file={_escaped(where.path)},line={max(1, where.line)},col={max(1, where.column)}"
    return f"::error {place},title={_escaped(found.code)}::{_escaped(message, in_message=True)}"


def _window(found: Problem) -> tuple[str, str, str]:
    """The line before, under and after the caret; a long line is cut around it."""
    line, start = found.line, found.where.column - 1
    end = min(start + found.width, len(line))
    whole = end <= WINDOW and cell_len(_flat(line[:end])) <= WINDOW
    first = 0 if whole else start - _fitting(line[max(0, start - WINDOW) : start][::-1], WINDOW // 2)
    last = first + _fitting(line[first : first + WINDOW], WINDOW)
    return (
        ("…" if first else "") + _flat(line[first:start]),
        _flat(line[start : min(end, last)]),
        _flat(line[end:last]) + ("…" if last < len(line) else ""),
    )


def _fitting(text: str, cells: int) -> int:
    """How many of the first characters of a text are shown in so many cells."""
    for count, character in enumerate(text):
        cells -= cell_len(_flat(character))
        if cells < 0:
            return count
    return len(text)


def _flat(text: str) -> str:
    return clean(text.replace("\t", " "))


def _escaped(text: str, *, in_message: bool = False) -> str:
    text = clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text if in_message else text.replace(":", "%3A").replace(",", "%2C")
