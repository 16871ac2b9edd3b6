"""Prose of questions and answers: paragraphs, bullets, `code`, **bold** and fenced code, and nothing else.

Everything that is not one of these stays as it was written: `<pad>`, `__init__`, a*b*c and [x] are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style

from dlprep.draw.palette import Look
from dlprep.draw.strip import Strip, words

INLINE = re.compile(r"`([^`\n]+)`|\*\*(?!\s)([^*\n]+)(?<!\s)\*\*")
BULLET = re.compile(r"\s*[-•] +")
WIDEST = 88  # columns beyond which lines are tiring to read


def prose(text: str, width: int, look: Look, *, first: str = "", style: Style | None = None) -> list[Strip]:
    """`text` wrapped to `width` columns, hanging after `first`, which opens the first line."""
    width = min(width, WIDEST)
    indent = " " * cell_len(first)
    strips: list[Strip] = []
    fenced = False
    for line in text.strip().split("\n"):
        if line.lstrip().startswith("```"):
            fenced = not fenced
            continue
        lead = first if not strips else indent
        strips += _code(line, width, look, lead) if fenced else _line(line, width, look, lead, style)
    return strips


def _code(line: str, width: int, look: Look, lead: str) -> list[Strip]:
    """A line of fenced code: its spaces kept, cut only where it does not fit."""
    indent = " " * cell_len(lead)
    kept = line[: len(line) - len(line.lstrip())] + words(line, look)
    pieces = chop_cells(kept, max(8, width - len(indent) - 2)) or [""]
    accent = look.style("code")
    return [
        [Segment(lead if k == 0 else indent), Segment(f"  {piece}", accent)] for k, piece in enumerate(pieces)
    ]


def _line(line: str, width: int, look: Look, lead: str, style: Style | None) -> list[Strip]:
    bullet = BULLET.match(line)
    if bullet:
        lead += "- " if look.ascii else "• "
        line = line[bullet.end() :]
    room = max(8, width - cell_len(lead))
    lines = list(_wrapped(list(_tokens(line, look, style)), room)) or [[]]
    return [[Segment(lead if k == 0 else " " * cell_len(lead)), *strip] for k, strip in enumerate(lines)]


def _tokens(line: str, look: Look, style: Style | None) -> Iterator[tuple[str, Style | None]]:
    """Words and the gaps between them, each with its style."""
    end = 0
    for span in [*INLINE.finditer(line), None]:
        yield from ((part, style) for part in _parts(line[end : span.start() if span else len(line)], look))
        if span is None:
            return
        end = span.end()
        role = look.style("code" if span[1] else "strong")
        yield from ((part, role) for part in _parts(span[1] or span[2], look))


def _parts(text: str, look: Look) -> list[str]:
    return [part if part.isspace() else words(part, look) for part in re.findall(r"\s+|\S+", text)]


def _wrapped(tokens: list[tuple[str, Style | None]], room: int) -> Iterator[Strip]:
    """Tokens filled into lines of at most `room` columns; what touches stays together where it can."""
    line: Strip = []
    used = 0
    for gap, run in _runs(tokens):
        size = sum(cell_len(part) for part, _ in run)
        if line and used + gap + size > room:
            yield line
            line, used = [], 0
        elif line and gap:
            line.append(Segment(" "))
            used += 1
        for part, style in run:
            for piece in chop_cells(part, room) if size > room else [part]:
                if used + cell_len(piece) > room:
                    yield line
                    line, used = [], 0
                line.append(Segment(piece, style))
                used += cell_len(piece)
    if line:
        yield line


def _runs(tokens: list[tuple[str, Style | None]]) -> Iterator[tuple[int, list[tuple[str, Style | None]]]]:
    """Runs of tokens without a gap inside, each with the gap (0 or 1) before it."""
    run: list[tuple[str, Style | None]] = []
    gap = 0
    for part, style in tokens:
        if part.isspace():
            if run:
                yield gap, run
                run = []
            gap = 1
        else:
            run.append((part, style))
    if run:
        yield gap, run
