"""A table: words and numbers in columns, set apart by space, never by boxes."""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment

from dlprep.demo import Table
from dlprep.draw.palette import Look
from dlprep.draw.strip import Strip, clip, say, words

NUMBER = re.compile(r"[-+−]?[\d.]+([eE][-+−]?\d+)?%?|nan|inf|∞")


def widths(view: Table, look: Look) -> list[int]:
    """How many cells each column would like."""
    lines = [view.header, *view.rows]
    count = max((len(line) for line in lines), default=0)
    return [max(cell_len(words(line[k], look)) for line in lines if k < len(line)) for k in range(count)]


def draw(view: Table, width: int, height: int, look: Look) -> list[Strip]:
    """At most `height` strips: the name, the header, a rule where there is room, the rows."""
    strips = [say(view.name, width, look, look.style("strong"))] if view.name else []
    columns = _shrunk(widths(view, look), width)
    if height <= len(strips) + 1 or not columns:
        return strips[:height]
    numeric = [
        all(NUMBER.fullmatch(row[k].strip()) for row in view.rows if k < len(row))
        for k in range(len(columns))
    ]
    gap = 2 if width >= 60 else 1
    if any(view.header):
        header = _line(view.header, columns, numeric, gap, look)
        strips.append([Segment(header.text, look.style("dim"))])
        if width >= 60 and height >= len(strips) + len(view.rows) + 1:
            rule = "-" if look.ascii else "─"
            strips.append(
                [Segment(rule * min(width, sum(columns) + gap * (len(columns) - 1)), look.style("dim"))]
            )
    room = height - len(strips)
    rows = view.rows if len(view.rows) <= room else view.rows[: room - 1]
    strips += [[_line(row, columns, numeric, gap, look)] for row in rows]
    if len(rows) < len(view.rows):
        strips.append(say(f"and {len(view.rows) - len(rows)} more", width, look, look.style("dim")))
    return strips[:height]


def _shrunk(columns: list[int], width: int) -> list[int]:
    """The widest column gives first until all fit."""
    gap = 2 if width >= 60 else 1
    columns = list(columns)
    while columns and sum(columns) + gap * (len(columns) - 1) > width and max(columns) > 1:
        columns[columns.index(max(columns))] -= 1
    return columns


def _line(cells: tuple[str, ...], columns: list[int], numeric: list[bool], gap: int, look: Look) -> Segment:
    parts = []
    for text, size, right in zip(cells, columns, numeric, strict=False):
        shown = clip(words(text, look), size, look)
        parts.append(shown.rjust(size) if right else set_cell_size(shown, size))
    return Segment((" " * gap).join(parts))
