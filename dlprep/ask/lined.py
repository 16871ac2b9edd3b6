"""Asking where single keys cannot be read: one line an answer, from a pipe, a file or a plain terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.segment import Segment

from dlprep import quiz, replies
from dlprep.ask.leave import HELP, Leave, Spot
from dlprep.bank import Rubric
from dlprep.draw import outlook as drawn_next
from dlprep.draw import question as drawn
from dlprep.draw.outlook import Outlook
from dlprep.draw.palette import Look
from dlprep.draw.prose import prose
from dlprep.draw.strip import Picture, Strip
from dlprep.quiz import Asked, Reply, Told
from dlprep.review import RATINGS
from dlprep.session import Answered

if TYPE_CHECKING:  # evidence is drawn after the first answer, so it is imported then
    from dlprep.prefetch import Evidence

RATED = tuple(map(str, RATINGS))
COMMANDS = {"s": Leave.SKIP, "u": Leave.UNDO, "q": Leave.QUIT}


class Lined:
    """Asks and reads a line; nothing moves, and every reply stays readable in the stream.

    Args:
        stdin: where the replies come from.
        console: where to write.
    """

    def __init__(self, stdin: TextIO | None, console: Console) -> None:
        self.stdin, self.console = stdin, console
        self.look = Look.of(console)
        self.talks = stdin is not None and not stdin.closed and stdin.isatty()
        self.heard = False  # whether there was any line at all

    def ask(self, asked: Asked, spot: Spot, shown: Callable[[], None]) -> Reply | Leave:
        """Show the question, call `shown`, and read lines until one answers."""
        width = self.console.width
        self.print([[], *drawn.header(asked.question, spot.place, spot.of, width, self.look)])
        self.note(spot.why)
        self.print(drawn.ask(asked, width, self.look))
        if self.talks:
            self.note("s skip · u undo · ? keys · q quit, each with Enter")
        shown()
        while True:
            text = self._line()
            if text is None:
                return Leave.QUIT
            if text.strip() in COMMANDS:
                return COMMANDS[text.strip()]
            if text.strip() == "?":
                self.print([[Segment(" "), *strip] for strip in prose(HELP, width - 2, self.look)])
                continue
            reply = (
                self._told(asked, text)
                if isinstance(asked.question.body, Rubric)
                else replies.read(asked, text)
            )
            if reply is not None:
                self.print([[]])
                return reply
            self.note(replies.unreadable(asked, text))

    def _told(self, asked: Asked, text: str) -> Reply | None:
        """Words in one line, with the points they mention; a person is asked which ones count."""
        if not text.strip(" .\n"):
            return None
        ticked = quiz.mentioned(asked, text)
        body = asked.question.body
        if self.talks and isinstance(body, Rubric):
            self.print([[], *drawn.rubric(body.points, ticked, self.console.width, self.look)])
            self.note("which points did you make? their numbers, or Enter for those ticked")
            numbers = [int(sign) - 1 for sign in self._line() or "" if sign.isdecimal()]
            ticked = frozenset(n for n in numbers if 0 <= n < len(body.points)) if numbers else ticked
        else:
            self.note("counted are the points that your words mention; on a terminal you tick them yourself")
        return Told(text, ticked)

    def reveal(
        self, answered: Answered, outlook: Outlook | None, measured: Callable[[], Sequence[Evidence]]
    ) -> Leave | int | None:
        """The verdict, the explanation and the evidence; then straight on, but for a rating by a person."""
        asked = answered.asked
        width = self.console.width
        self.print(drawn.verdict(answered, width, self.look, points=not self.talks))
        self.print(drawn.explanation(asked, width, self.look))
        if asked.question.evidence:
            from dlprep.draw.evidence import evidence

            self.print(evidence(measured(), width, self.look))
        watch = drawn.watch(asked)
        if watch:
            self.note(f"try: {watch}")
        if not outlook:
            return None
        rated = self.talks and isinstance(asked.question.body, Rubric)
        after = self._rated(outlook) if rated else None
        if after is not Leave.UNDO:
            final = outlook._replace(rating=after) if isinstance(after, int) else outlook
            self.note(drawn_next.told(final, self.look))
        return after

    def _rated(self, outlook: Outlook) -> Leave | int | None:
        """A line after an answer in words: Enter keeps its rating, a number changes it."""
        self.note(
            f"Enter keeps the rating, or {drawn_next.keys(outlook, self.look)}; u takes the answer back"
        )
        while True:
            text = (self._line() or "").strip()
            if not text:
                return None
            if text in RATED:
                return int(text)
            if text in ("u", "q"):
                return COMMANDS[text]
            self.note("type 1, 2, 3 or 4, u or q, or just Enter")

    def warn(self, text: str) -> None:
        """A sentence that must not be overlooked."""
        self.print(drawn_next.warning(text, self.console.width, self.look))

    def note(self, text: str) -> None:
        """A sentence of ours, dimmed."""
        lines = prose(text, self.console.width - 2, self.look, style=self.look.style("dim"))
        self.print([[Segment(" "), *strip] for strip in lines])

    def print(self, strips: Sequence[Strip]) -> None:
        """Write strips, a line each."""
        self.console.print(Picture(strips), end="")

    def _line(self) -> str | None:
        """The next line, echoed where no terminal echoes it; None at the end."""
        prompt = " > " if self.look.ascii else " › "
        self.console.print(prompt, end="")
        self.console.file.flush()
        text = self.stdin.readline() if self.stdin is not None and not self.stdin.closed else ""
        if not text:
            self.print([[]])
            return None
        self.heard = True
        if not self.talks:
            self.print([[Segment(replies.shown(text))]])
        return text
