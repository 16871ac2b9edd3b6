"""One key or one short line from a terminal, and nothing left behind.

The terminal is put in cbreak mode (no echo, no line buffering) but keeps its signals and its output
processing: Ctrl-C interrupts, Ctrl-Z suspends to a sane shell and comes back, SIGTERM and SIGHUP unwind
so that every `with` restores. Ctrl-Z counts when a key is next waited for, because a handler that draws
could cut into a write that is under way. POSIX only; elsewhere, and where there is no terminal,
`interactive()` is False and the caller reads plain lines instead.
"""

from __future__ import annotations

import os
import re
import select
import signal
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType
from typing import Any, TextIO, final

NAMES = {
    "\r": "enter",
    "\n": "enter",
    "\t": "tab",
    "\x7f": "backspace",
    "\x08": "backspace",
    "\x1b": "escape",
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1b[C": "right",
    "\x1b[D": "left",
    "\x1bOA": "up",
    "\x1bOB": "down",
    "\x1bOC": "right",
    "\x1bOD": "left",
}
SEQUENCE = re.compile(rb"\x1b(\[[0-?]*[ -/]*[@-~]|O.)?", re.DOTALL)
RESUMED = "resumed"  # in place of a key
ESCAPE_WAIT = 0.05  # seconds in which the rest of an escape sequence must arrive
PASTE_WAIT = 0.02  # seconds after which nothing more of a paste is on its way


def interactive(stdin: TextIO | None, stdout: TextIO | None) -> bool:
    """Whether single keys can be read and things may move: a terminal on both sides, not a dumb one."""
    if os.environ.get("TERM", "dumb") == "dumb" or os.name != "posix":
        return False
    return all(stream is not None and not stream.closed and stream.isatty() for stream in (stdin, stdout))


class Closed(EOFError):  # noqa: N818  named like EOFError's other half, Ctrl-D
    """The terminal is gone: there will be no more keys."""


@final
class Keys:
    """The keyboard of an interactive terminal, as a context manager.

    Attributes:
        on_suspend: called before the program stops, to give the screen back.
        on_resume: called after it was brought back, to draw the screen again.
    """

    def __init__(self, stdin: TextIO | None = None) -> None:
        self.fd = (stdin or sys.stdin).fileno()
        self.on_resume: Callable[[], None] = _nothing
        self.on_suspend: Callable[[], None] = _nothing
        self._buffer = b""
        self._saved: list[Any] = []
        self._handlers: dict[int, Any] = {}
        self._asked_to_stop = False

    def __enter__(self) -> Keys:
        import termios

        self._saved = termios.tcgetattr(self.fd)
        self._bell, self._bell_rope = os.pipe()  # a signal rings it, so that none is slept through
        os.set_blocking(self._bell_rope, False)
        self._bell_before = signal.set_wakeup_fd(self._bell_rope, warn_on_full_buffer=False)
        self._handlers = {
            signal.SIGTSTP: signal.signal(signal.SIGTSTP, self._stop_soon),
            signal.SIGTERM: signal.signal(signal.SIGTERM, _terminate),
            signal.SIGHUP: signal.signal(signal.SIGHUP, _terminate),
        }
        self._cbreak()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._restore()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._bell_before)
        os.close(self._bell)
        os.close(self._bell_rope)

    # ── reading ─────────────────────────────────────────────────────────────────────────────────────

    def key(self, timeout: float | None = None) -> str | None:
        """The next key: a character, or one of the `NAMES`; None when none comes within `timeout` seconds.

        It is `RESUMED` when the program was suspended and brought back instead.

        Raises:
            EOFError: Ctrl-D; `Closed`, which is one, when the terminal is gone.
        """
        while True:
            if self._asked_to_stop:
                self._suspend()
                return RESUMED
            if not self._buffer and not self._fill(timeout):
                if self._asked_to_stop or timeout is None:
                    continue
                return None
            key = self._take()
            if key == "\x04":
                raise EOFError
            if key in NAMES:
                return NAMES[key]
            if key.isprintable():
                return key
            # an unknown sequence or control character: as if nothing was pressed

    def line(self, show: Callable[[str], None], instant: Collection[str] = ()) -> str:
        """A short line, edited in place: `show` is called with the text each time it changes.

        Keys in `instant` (and escape) count at once when nothing has been typed yet, and are returned
        by themselves.
        """
        text = ""
        while True:
            show(text)
            key = self.key()
            if key is None or key == "enter":
                return text
            if key == "escape":
                return key
            if not text and key in instant:
                return key
            if key == "backspace":
                text = text[:-1]
            elif len(key) == 1:
                text += key

    def flush(self, wait: float = PASTE_WAIT) -> None:
        """Forget keys pressed ahead, so that a paste cannot answer what was not yet asked.

        It is over when nothing more came for `wait` seconds.
        """
        import termios

        self._buffer = b""
        with suppress(termios.error, OSError):  # the terminal itself may be gone
            termios.tcflush(self.fd, termios.TCIFLUSH)
            while select.select([self.fd], [], [], wait)[0] and os.read(self.fd, 4096):
                pass

    @contextmanager
    def released(self, resumed: Callable[[], None] | None = None) -> Iterator[None]:
        """The terminal as it was found, for readline or an editor; ours again afterwards.

        An editor sees to Ctrl-Z itself. Readline does not: for it, `resumed` is called when the program
        goes on, the terminal's mode being put back.
        """
        import termios

        def stop(_number: int, _frame: FrameType | None) -> None:
            mode = termios.tcgetattr(self.fd)
            self._stop(stop)
            termios.tcsetattr(self.fd, termios.TCSADRAIN, mode)
            if resumed:
                resumed()

        self._restore()
        ours = signal.signal(signal.SIGTSTP, stop if resumed else signal.SIG_DFL)
        try:
            yield
        finally:
            signal.signal(signal.SIGTSTP, ours)
            self._cbreak()

    # ── the terminal ────────────────────────────────────────────────────────────────────────────────

    def _fill(self, timeout: float | None) -> bool:
        """Read what was typed; False when nothing came in time, or a signal came first."""
        ready = select.select([self.fd, self._bell], [], [], timeout)[0]
        if self._bell in ready:
            os.read(self._bell, 64)
        if self.fd not in ready:
            return False
        try:
            read = os.read(self.fd, 1024)
        except OSError as gone:  # the terminal was closed
            raise Closed from gone
        if not read:
            raise Closed
        self._buffer += read
        return True

    def _take(self) -> str:
        """One key's bytes off the buffer; the rest of a paste stays for the next call."""
        if self._buffer == b"\x1b" and select.select([self.fd], [], [], ESCAPE_WAIT)[0]:
            self._fill(0)
        sequence = SEQUENCE.match(self._buffer)
        if sequence:
            size = sequence.end()
        else:
            first = self._buffer[0]
            size = 1 if first < 0xC0 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
            while len(self._buffer) < size and self._fill(ESCAPE_WAIT):
                pass
        try:
            key = self._buffer[:size].decode("utf-8")
        except UnicodeDecodeError:  # not UTF-8: one byte is lost, and no key after it
            size, key = 1, "\ufffd"
        self._buffer = self._buffer[size:]
        return key

    def _cbreak(self) -> None:
        import termios

        mode = termios.tcgetattr(self.fd)
        mode[3] &= ~(termios.ICANON | termios.ECHO)
        mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self.fd, termios.TCSADRAIN, mode)  # DRAIN, not FLUSH: keeps what was typed ahead

    def _restore(self) -> None:
        import termios

        with suppress(termios.error):  # the terminal itself may be gone: nothing to restore then
            termios.tcsetattr(self.fd, termios.TCSADRAIN, self._saved)

    def _stop_soon(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def _suspend(self) -> None:
        self.on_suspend()
        self._stop(self._stop_soon)
        self._asked_to_stop = False
        self._cbreak()
        self.on_resume()

    def _stop(self, handler: Callable[[int, FrameType | None], None]) -> None:
        self._restore()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)  # the program stops inside this call …
        signal.signal(signal.SIGTSTP, handler)  # … and goes on here


def _terminate(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _nothing() -> None:
    pass
