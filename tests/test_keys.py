"""The keyboard: bytes to keys, lines, time, and a terminal left as it was found."""

from __future__ import annotations

import io
import os
import pty
import signal
import termios
import threading
from collections.abc import Iterator

import pytest

from dlprep.keys import RESUMED, Keys, interactive


class Keyboard:
    """A pseudo-terminal: `press` is the user's side of it, `keys` reads the program's."""

    def __init__(self) -> None:
        self.user, program = pty.openpty()
        self.stdin = os.fdopen(program, "r", encoding="utf-8")
        self.keys = Keys(self.stdin)

    def press(self, data: str | bytes) -> None:
        """Send bytes as typed."""
        os.write(self.user, data.encode() if isinstance(data, str) else data)

    @property
    def mode(self) -> list[object]:
        """The terminal's settings."""
        return termios.tcgetattr(self.stdin.fileno())


@pytest.fixture
def board() -> Iterator[Keyboard]:
    """A keyboard that is closed afterwards."""
    made = Keyboard()
    yield made
    made.stdin.close()
    os.close(made.user)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ab", ["a", "b"]),
        ("é日𝛼", ["é", "日", "𝛼"]),
        ("\r\n\t", ["enter", "enter", "tab"]),
        ("\x7f\x08", ["backspace", "backspace"]),
        ("\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]),
        ("\x1bOA\x1bOC", ["up", "right"]),
        ("\x1b[3~x", ["x"]),  # keys that mean nothing here are passed over
        ("\x1b[1;5Cx", ["x"]),
        ("\x01\x0bx", ["x"]),
        ("\x1b[200~x\x1b[201~", ["x"]),
        (b"\xff\xc3xy", ["�", "�", "x", "y"]),
    ],
)
def test_bytes_become_keys(board: Keyboard, typed: str | bytes, expected: list[str]) -> None:
    """Characters of any length, names for the others, nothing for what no terminal key means."""
    with board.keys as keys:
        board.press(typed)
        assert [keys.key(1) for _ in expected] == expected


def test_a_lone_escape_is_a_key(board: Keyboard) -> None:
    """It is told from a sequence by what does not follow, and swallows nothing."""
    with board.keys as keys:
        board.press("\x1b")
        assert keys.key(1) == "escape"
        board.press("1")
        assert keys.key(1) == "1"


def test_a_slow_sequence_is_put_together(board: Keyboard) -> None:
    """An arrow whose bytes arrive one after the other, and a letter cut in two, are still one key each."""
    with board.keys as keys:
        for first, rest, name in ((b"\x1b", b"[A", "up"), ("é".encode()[:1], "é".encode()[1:], "é")):
            board.press(first)
            late = threading.Timer(0.01, board.press, [rest])
            late.start()
            assert keys.key(1) == name
            late.join()


def test_time_runs_out(board: Keyboard) -> None:
    """No key in time is None."""
    with board.keys as keys:
        assert keys.key(0) is None
        assert keys.key(0.01) is None


def test_ctrl_d_and_a_closed_terminal_are_the_end() -> None:
    """Both raise EOFError, again and again for the closed one."""
    board = Keyboard()
    with board.keys as keys:
        board.press("\x04")
        with pytest.raises(EOFError):
            keys.key(1)
        os.close(board.user)
        for _ in range(2):
            with pytest.raises(EOFError):
                keys.key(1)
        keys.flush()  # and nothing more
    board.stdin.close()


def test_a_line_is_edited(board: Keyboard) -> None:
    """It is shown as it grows and shrinks; Enter ends it; letters that count at once only do so first."""
    with board.keys as keys:
        seen: list[str] = []
        board.press("12x\x7f\x1b[A3s\r")
        assert keys.line(seen.append, "s") == "123s"
        assert seen == ["", "1", "12", "12x", "12", "12", "123", "123s"]
        board.press("s")
        assert keys.line(seen.append, "s") == "s"
        board.press("12\x1b")
        assert keys.line(seen.append, "s") == "escape"
        board.press("\x7f\x7f4\r")  # nothing to take away is no harm
        assert keys.line(seen.append) == "4"


def test_typed_ahead_is_kept_until_flushed(board: Keyboard) -> None:
    """One key at a time off a paste; flush forgets the rest, what was read and what was not."""
    with board.keys as keys:
        board.press("abc")
        assert keys.key(1) == "a"
        board.press("def")
        late = threading.Timer(0.005, board.press, ["ghi"])  # the rest of the paste is on its way
        late.start()
        keys.flush()
        late.join()
        assert keys.key(0) is None


def test_the_terminal_is_left_as_it_was_found(board: Keyboard) -> None:
    """No echo and no line buffering inside, everything as before outside, and while it is released."""
    before = board.mode
    with board.keys as keys:
        inside = board.mode
        assert isinstance(inside[3], int)
        assert not inside[3] & (termios.ECHO | termios.ICANON)
        assert inside[3] & termios.ISIG
        with keys.released():
            assert board.mode == before
        assert board.mode == inside
    assert board.mode == before
    with pytest.raises(ZeroDivisionError), board.keys:
        _ = 1 // 0
    assert board.mode == before


def test_signals_are_ours_only_inside(board: Keyboard) -> None:
    """SIGTERM and SIGHUP raise SystemExit with their codes; afterwards the old handlers stand."""
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP)
    before = [signal.getsignal(number) for number in numbers]
    for number, code in ((signal.SIGTERM, 143), (signal.SIGHUP, 129)):
        with pytest.raises(SystemExit) as stop, board.keys:
            os.kill(os.getpid(), number)
        assert stop.value.code == code
    assert [signal.getsignal(number) for number in numbers] == before


def test_a_stop_is_put_off_until_a_key_is_waited_for(
    board: Keyboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-Z amid a write stops nothing; the next wait stops, draws again, and says so instead of a key."""
    calls: list[str] = []
    with board.keys as keys:
        keys.on_suspend = lambda: calls.append("suspend")
        keys.on_resume = lambda: calls.append("resume")
        real = os.kill
        real(os.getpid(), signal.SIGTSTP)
        assert calls == []
        monkeypatch.setattr("os.kill", lambda _pid, _number: calls.append("stop"))
        board.press("x")
        assert keys.key(1) == RESUMED
        assert calls == ["suspend", "stop", "resume"]
        assert keys.key(1) == "x"
        late = threading.Timer(0.05, real, [os.getpid(), signal.SIGTSTP])
        late.start()
        assert keys.key() == RESUMED  # it wakes even a wait without end
        late.join()


def test_what_counts_as_interactive(board: Keyboard, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal on both sides that is not dumb; no pipe, no closed stream, no missing one."""
    monkeypatch.setenv("TERM", "xterm")
    assert interactive(board.stdin, board.stdin)
    assert not interactive(board.stdin, io.StringIO())
    assert not interactive(io.StringIO(), board.stdin)
    assert not interactive(None, board.stdin)
    closed = io.StringIO()
    closed.close()
    assert not interactive(closed, board.stdin)
    for term in ("dumb", None):
        monkeypatch.setenv("TERM", term) if term else monkeypatch.delenv("TERM")
        assert not interactive(board.stdin, board.stdin)
