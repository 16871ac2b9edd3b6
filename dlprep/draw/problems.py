"""Problems of banks as text for people, and as annotations for GitHub."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from dlprep.clean import clean
from dlprep.draw.palette import Look
from dlprep.errors import Problem

WINDOW = 88  # characters of a long line that are shown around the caret


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
    start = found.where.column - 1
    end = min(start + found.width, len(found.line))
    first = 0 if end <= WINDOW else max(0, start - WINDOW // 2)
    last = first + WINDOW
    head = "…" if first else ""
    tail = "…" if last < len(found.line) else ""
    return (
        head + _flat(found.line[first:start]),
        _flat(found.line[start : min(end, last)]),
        _flat(found.line[end:last]) + tail,
    )


def _flat(text: str) -> str:
    return clean(text.replace("\t", " "))


def _escaped(text: str, *, in_message: bool = False) -> str:
    text = clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text if in_message else text.replace(":", "%3A").replace(",", "%2C")
