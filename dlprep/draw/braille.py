"""A canvas of points: eight to a cell in braille, or one to a cell where only ASCII may be written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from rich.segment import Segment
from rich.style import Style

from dlprep.draw.palette import NONE, Look
from dlprep.draw.strip import Strip

BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of a braille cell, by row and column
PENS = "*o+x#"  # a line's sign in ASCII
DASHES = ((1, 0), (3, 3), (1, 2), (6, 2), (2, 4))  # points on and off, where colour cannot tell lines apart
SIGNS = ("━━", "╍╍", "┉┉", "━╍", "╍ ")  # what stands for those in a legend
LEVEL = (3, 3)  # points on and off of a level to compare with
Point: TypeAlias = tuple[int, int]
EMPTY: tuple[int, Style | None] = (ord(" "), None)


@dataclass(slots=True)
class Canvas:
    """`width` × `rows` cells to put points on; (0, 0) is the point at the top left."""

    width: int
    rows: int
    look: Look
    cells: dict[Point, tuple[int, Style]] = field(default_factory=dict)

    @property
    def size(self) -> Point:
        """Points across and down."""
        return (self.width, self.rows) if self.look.ascii else (2 * self.width, 4 * self.rows)

    def draw(self, trail: Iterable[Point], k: int) -> None:
        """The points of the k-th line, over what is there."""
        on, off = DASHES[k % len(DASHES)] if self.look.depth == NONE and not self.look.ascii else (1, 0)
        kept = (point for n, point in enumerate(trail) if n % (on + off) < on)
        self._put(kept, PENS[k % len(PENS)], self.look.line(k))

    def level(self, y: int) -> None:
        """A dashed line from side to side."""
        on, off = LEVEL
        self._put(((x, y) for x in range(self.size[0]) if x % (on + off) < on), "-", self.look.style("dim"))

    def _put(self, points: Iterable[Point], pen: str, style: Style) -> None:
        for x, y in points:
            if self.look.ascii:
                self.cells[x, y] = (ord(pen), style)
            else:
                cell = (x // 2, y // 4)
                bits, _ = self.cells.get(cell, (0x2800, style))
                self.cells[cell] = (bits | BITS[y % 4][x % 2], style)

    def strips(self) -> list[Strip]:
        """The canvas, neighbours of one style joined."""
        return [self._strip(y) for y in range(self.rows)]

    def _strip(self, y: int) -> Strip:
        strip: Strip = []
        run, style = "", None
        for x in range(self.width):
            code, here = self.cells.get((x, y), EMPTY)
            if here is not style and run:
                strip.append(Segment(run, style))
                run = ""
            run, style = run + chr(code), here
        return [*strip, Segment(run, style)]


def trail(corners: Iterable[Point]) -> Iterator[Point]:
    """Every point between each two neighbouring corners, once."""
    before: Point | None = None
    for here in corners:
        if before is None:
            yield here
        elif here != before:
            across, down = here[0] - before[0], here[1] - before[1]
            steps = max(abs(across), abs(down))
            for k in range(1, steps + 1):
                yield round(before[0] + across * k / steps), round(before[1] + down * k / steps)
        before = here
