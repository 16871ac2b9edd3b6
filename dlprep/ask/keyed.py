"""Asking on a terminal: a scrolling stream, one key an answer where one key is enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment

from dlprep import quiz, replies
from dlprep.ask import words
from dlprep.ask.leave import HELP, Leave, Spot
from dlprep.bank import Choice, Rubric
from dlprep.draw import outlook as drawn_next
from dlprep.draw import question as drawn
from dlprep.draw.outlook import Outlook
from dlprep.draw.palette import Look
from dlprep.draw.prose import prose
from dlprep.draw.strip import Picture, Strip
from dlprep.errors import DlprepError
from dlprep.keys import PASTE_WAIT, RESUMED, Closed, Keys
from dlprep.quiz import Asked, Picked, Reply, Told
from dlprep.review import RATINGS
from dlprep.session import Answered

if TYPE_CHECKING:  # evidence is drawn after the first answer, so it is imported then
    from dlprep.prefetch import Evidence

RATED = tuple(map(str, RATINGS))
LEAVE = {"s": Leave.SKIP, "u": Leave.UNDO, "q": Leave.QUIT, "escape": Leave.QUIT}
INSTANT = ("s", "u", "q", "?")  # keys that count at once when nothing has been typed


class Keyed:
    """Asks, shows verdicts, and reads the keys in between.

    Args:
        keys: the open keyboard.
        console: where to write.
        play: plays the demo behind a question and comes back.
    """

    def __init__(self, keys: Keys, console: Console, play: Callable[[Asked], None]) -> None:
        self.keys, self.console, self.play = keys, console, play
        self.look = Look.of(console)

    @property
    def width(self) -> int:
        """The terminal's width now; it may change between questions."""
        return self.console.width

    # ── asking ──────────────────────────────────────────────────────────────────────────────────────

    def ask(self, asked: Asked, spot: Spot, shown: Callable[[], None]) -> Reply | Leave:
        """Show the question, call `shown`, and wait for a reply."""

        def show() -> None:
            self.print([[], *drawn.header(asked.question, spot.place, spot.of, self.width, self.look)])
            self.note(spot.why)
            self.print(drawn.ask(asked, self.width, self.look))
            undo = " · u undo" if spot.place > 1 else ""
            self.footer(f"{drawn.how(asked)} · s skip{undo} · ? keys · q quit")

        # what was pasted behind the last answer must not answer this question; the first has none before it
        self.keys.flush(PASTE_WAIT if spot.place > 1 else 0)
        self.keys.on_resume = show
        show()
        shown()
        try:
            return self._reply(asked)
        except EOFError:
            return Leave.QUIT
        finally:
            self.keys.on_resume = _nothing

    def _reply(self, asked: Asked) -> Reply | Leave:
        match asked.question.body:
            case Choice(options) if sum(option.right for option in options) == 1:
                return self._one(len(options))
            case Choice(options):
                return self._several(len(options))
            case Rubric():
                return self._words(asked)
            case _:
                return self._line(asked)

    def _one(self, count: int) -> Reply | Leave:
        """One key is the answer."""
        while True:
            key = self.keys.key() or ""
            place = _place(key, count)
            if place is not None:
                self.print([[Segment(f" {self.prompt}{drawn.LETTERS[place]}")], []])
                return Picked(frozenset({place}))
            leave = self._command(key)
            if leave:
                return leave

    def _several(self, count: int) -> Reply | Leave:
        """Keys mark options, Enter answers."""
        marked: set[int] = set()
        while True:
            self._rewrite(" ".join(drawn.LETTERS[place] for place in sorted(marked)))
            key = self.keys.key() or ""
            place = _place(key, count)
            if place is not None:
                marked ^= {place}
            elif key == "enter" and marked:
                self.print([[], []])
                return Picked(frozenset(marked))
            else:
                leave = self._command(key)
                if leave:
                    return leave

    def _line(self, asked: Asked) -> Reply | Leave:
        """A number or an order, typed; asked again while it cannot be read."""
        unit = f" {asked.drawn.unit}" if asked.drawn and asked.drawn.unit else ""
        while True:
            text = self.keys.line(lambda typed: self._rewrite(typed, unit), INSTANT)
            if text in INSTANT or text == "escape":
                leave = self._command(text)
                if leave:
                    return leave
                continue
            reply = replies.read(asked, text)
            self.print([[]])
            if reply is not None:
                self.print([[]])
                return reply
            self.note(replies.unreadable(asked, text))

    def _words(self, asked: Asked) -> Reply | Leave:
        """Words, then the rubric to tick."""
        said: list[str] = []
        while True:
            with self.keys.released(words.again):
                done = words.typed(said)
            if done == "e":
                with self.keys.released():
                    done = self._edited(asked, said)
            if isinstance(done, Leave):
                return done
            if done == "?":
                self.help()
            elif done == "." and any(line.strip() for line in said):
                return self._ticked(asked, "\n".join(said))

    def _edited(self, asked: Asked, said: list[str]) -> str:
        """Let an editor change what was said; "." when it did, "" when there is more to type."""
        try:
            said[:] = words.edited(asked.ask, said)
        except DlprepError as error:
            self.note(str(error))
            return ""
        return "."

    def _ticked(self, asked: Asked, text: str) -> Reply:
        """The rubric, ticked where the words already mention a point; keys change it, Enter accepts."""
        body = asked.question.body
        points = body.points if isinstance(body, Rubric) else ()
        ticked = set(quiz.mentioned(asked, text))
        self.keys.flush()  # what was pasted behind the answer must not tick the rubric
        self.print([[], [Segment(" What you said", self.look.style("strong"))]])
        tall = 0
        while True:
            strips = drawn.rubric(points, ticked, self.width, self.look)
            self._repaint(strips, tall)
            tall = len(strips)
            key = self._ticking(f"1–{len(points)} tick what you said · Enter accepts")
            if key in ("enter", "q", "escape"):  # whoever wants to leave now has answered all the same
                self.print([[]])
                return Told(text, frozenset(ticked))
            if key.isdecimal() and 0 < int(key) <= len(points):
                ticked ^= {int(key) - 1}
            elif key in ("?", RESUMED):
                tall = 0
                if key == "?":
                    self.help()

    def _ticking(self, text: str) -> str:
        """A key while the rubric is ticked. A second Ctrl-D accepts: it must not lose the written answer."""
        try:
            return self._footed(text)
        except Closed:
            raise
        except EOFError:
            return "enter"

    def _command(self, key: str) -> Leave | None:
        if key == "?":
            self.help()
        leave = LEAVE.get(key)
        if leave:
            self.print([[]])
        return leave

    # ── showing ─────────────────────────────────────────────────────────────────────────────────────

    def reveal(
        self, answered: Answered, outlook: Outlook | None, measured: Callable[[], Sequence[Evidence]]
    ) -> Leave | int | None:
        """The verdict, the explanation and the evidence, then a key.

        Returns:
            None to go on, a rating to go on with that one instead, or what the user did.
        """
        asked = answered.asked
        width = self.width
        self.print(drawn.verdict(answered, width, self.look, points=False))
        self.print(drawn.explanation(asked, width, self.look))
        if asked.question.evidence:
            from dlprep.draw.evidence import evidence

            self.print(evidence(measured(), width, self.look))
        watch = drawn.watch(asked)
        if watch:
            self.note(f"try: {watch}")
        rated = outlook if isinstance(asked.question.body, Rubric) else None
        self.print([drawn_next.verdict(answered, None if rated else outlook, self.look)])
        self.keys.flush()  # the rest of a paste is not an Enter
        try:
            after = self._after(asked, rated, "d demo · " if watch else "")
        except EOFError:
            after = Leave.QUIT
        if rated and after is not Leave.UNDO:
            final = rated._replace(rating=after) if isinstance(after, int) else rated
            self.note(drawn_next.told(final, self.look))
        return after

    def _after(self, asked: Asked, rated: Outlook | None, demo: str) -> Leave | int | None:
        """The key after an answer; one that can be rated shows what each rating comes to."""
        choices = f"{drawn_next.keys(rated, self.look)}\n" if rated else ""
        while True:
            key = self._footed(f"{choices}Enter next · {demo}u undo · ? keys · q quit")
            if key in ("enter", " ", "right"):
                return None
            if rated and key in RATED:
                return int(key)
            if key == "?":
                self.help()
            elif key == "d" and demo:
                self._watch(asked)
            elif key in ("u", "q", "escape"):
                return LEAVE[key]

    def _watch(self, asked: Asked) -> None:
        """Play the demo; where it cannot play, say why and go on."""
        try:
            self.play(asked)
        except Exception as crash:  # noqa: BLE001  whatever a demo raises must not end the quiz
            from dlprep.evidence import why

            self.note(str(crash) if isinstance(crash, DlprepError) else why(crash))

    def help(self) -> None:
        """The keys, in the stream."""
        self.print([[], *([Segment(" "), *strip] for strip in prose(HELP, self.width - 2, self.look)), []])

    def note(self, text: str) -> None:
        """A sentence of ours, dimmed."""
        lines = prose(text, self.width - 2, self.look, style=self.look.style("dim"))
        self.print([[Segment(" "), *strip] for strip in lines])

    def warn(self, text: str) -> None:
        """A sentence that must not be overlooked."""
        self.print(drawn_next.warning(text, self.width, self.look))

    def footer(self, text: str) -> None:
        """What can be pressed now."""
        self.note(text)

    def print(self, strips: Sequence[Strip]) -> None:
        """Write strips, a line each."""
        self.console.print(Picture(strips), end="")

    @property
    def prompt(self) -> str:
        """What stands before a reply."""
        return "> " if self.look.ascii else "› "

    def _footed(self, text: str) -> str:
        """A footer that goes away with the key that is pressed."""
        self.footer(text)
        key = self.keys.key() or ""
        if key != RESUMED:  # after that, what the shell wrote stands above
            tall = len(prose(text, self.width - 2, self.look))
            self.console.file.write(f"\x1b[{tall}A\r\x1b[J")
            self.console.file.flush()
        return key

    def _repaint(self, strips: Sequence[Strip], tall: int) -> None:
        """Write strips over the `tall` lines just above, where these are still on the screen."""
        if 0 < tall < self.console.height - 1:
            self.console.file.write(f"\x1b[{tall}A\r\x1b[J")
        self.print(strips)

    def _rewrite(self, text: str, unit: str = "") -> None:
        """The reply being typed, with its unit behind the cursor."""
        behind = cell_len(unit)
        room = max(4, self.width - behind - 5)
        while cell_len(text) > room:
            text = text[1:]
        back = f"\x1b[{behind}D" if unit else ""
        self.console.file.write(f"\r\x1b[K {self.prompt}{text}{unit}{back}")
        self.console.file.flush()


def _place(key: str, count: int) -> int | None:
    """The option a key names: a letter or a digit."""
    place = drawn.LETTERS.find(key) if len(key) == 1 else -1
    if key.isdecimal() and len(key) == 1:
        place = int(key) - 1
    return place if 0 <= place < count else None


def _nothing() -> None:
    pass
