"""The alternate screen: one write per picture, and the terminal as it was found when that is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.color import ColorSystem
from rich.console import Console

from dlprep.draw.strip import Strip, ansi

ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"  # alternate screen, no cursor, empty
LEAVE = "\x1b[?2026l\x1b[0m\x1b[?25h\x1b[?1049l"
BEGIN, END = "\x1b[?2026h\x1b[H", "\x1b[?2026l"  # between these marks nothing is shown half drawn
SYSTEMS = {
    None: None,
    "standard": ColorSystem.STANDARD,
    "windows": ColorSystem.WINDOWS,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
}


class Screen:
    """What is drawn on while a demo plays."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._system = SYSTEMS[console.color_system]

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows, as they are now."""
        return self.console.width, self.console.height

    def paint(self, strips: Sequence[Strip]) -> None:
        """Put as many strips on the screen as it has rows, in one write."""
        rows = "\r\n".join(ansi(strip, self._system) for strip in strips)
        self._write(f"{BEGIN}{rows}{END}")

    def enter(self) -> None:
        """Take the alternate screen."""
        self._write(ENTER)

    def leave(self) -> None:
        """Give the terminal back as it was."""
        self._write(LEAVE)

    def _write(self, text: str) -> None:
        self.console.file.write(text)
        self.console.file.flush()


@contextmanager
def alternate(console: Console) -> Iterator[Screen]:
    """The alternate screen for as long as the `with` lasts, however it ends."""
    screen = Screen(console)
    try:
        screen.enter()
        yield screen
    finally:
        screen.leave()
