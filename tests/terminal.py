"""A pseudo-terminal to test on: a program runs in it as under a shell, and what it shows can be read.

Between the test and the program stands a small shell of our own (`SHELL`), so that job control is real: it
puts the program in the foreground, sees it stop and end, and reads what nobody else read, as a shell would.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, final

import pyte
import pytest
from rich.style import Style
from rich.text import Text

from dlprep import cache, library

DLPREP = (sys.executable, "-m", "dlprep")
ESCAPE = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]")  # what moves the cursor, chooses a style, sets a mode
PATIENCE = 20.0  # seconds until a test gives up
TAKEN = re.compile("^(COLOR|COLUMNS|DLPREP|EDITOR|FORCE|LANG|LC_|LINES|NO_COLOR|PYTHON|TERM|VISUAL|XDG)")

# Runs argv[2:] in the foreground of the terminal on its standard input. A line of JSON goes to the
# descriptor argv[1] when the program starts, when it stops (SIGUSR1 brings it back) and when it has ended,
# then with the input that is left: what a shell would now take for commands.
SHELL = r"""
import fcntl, json, os, select, signal, sys, termios
def tell(**said): os.write(int(sys.argv[1]), (json.dumps(said) + "\n").encode())
def foreground(group): os.tcsetpgrp(0, group)
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
own = os.getpgrp()
pid = os.fork()
if pid == 0:
    os.setpgid(0, 0)
    foreground(os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGUSR1])
    os.execvp(sys.argv[2], sys.argv[2:])
tell(pid=pid)
while True:
    _, status = os.waitpid(pid, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        break
    foreground(own)
    tell(stopped=True)
    signal.sigwait([signal.SIGUSR1])
    foreground(pid)
    os.killpg(pid, signal.SIGCONT)
foreground(own)
mode = termios.tcgetattr(0)
sane = bool(mode[3] & termios.ECHO and mode[3] & termios.ICANON and mode[1] & termios.OPOST)
mode[3] &= ~(termios.ICANON | termios.ECHO)
termios.tcsetattr(0, termios.TCSANOW, mode)
left = b""
while select.select([0], [], [], 0)[0]:
    left += os.read(0, 4096)
tell(code=os.waitstatus_to_exitcode(status), sane=sane, left=left.decode("utf-8", "replace"))
"""


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This environment without what changes how dlprep behaves, on a good terminal, plus `extra`.

    The home is the test's own; an empty DLPREP_HOME in `extra` is none. The banks that come with dlprep have
    been read in it before, as in most people's, which saves each program of a test a tenth of a second.
    """
    kept = {name: value for name, value in os.environ.items() if not TAKEN.match(name)}
    home = {"DLPREP_HOME": os.environ.get("DLPREP_HOME", "")}
    made = {**kept, "TERM": "xterm-256color", "LANG": "C.UTF-8", **home, **(extra or {})}
    if made["DLPREP_HOME"]:
        warm(Path(made["DLPREP_HOME"]))
    return made


def warm(home: Path) -> None:
    """Put the cache of the shipped banks into a home where it is missing and can be."""
    file = home / "cache" / cache.NAME
    with suppress(OSError):
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            os.link(_read_banks(), file)


@lru_cache(maxsize=1)
def _read_banks() -> Path:
    """The cache of the shipped banks, made once for all tests of a process."""
    folder = Path(tempfile.mkdtemp(prefix="dlprep-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    files = [(library.display(file), file) for file in library.bank_files(library.shipped())]
    cache.read_all(files, library._read, folder)
    return folder / cache.NAME


def piped(
    *args: str,
    stdin: str = "",
    env: Mapping[str, str] | None = None,
    program: tuple[str, ...] = DLPREP,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `dlprep ARGS` with pipes on all sides."""
    return subprocess.run(
        [*program, *args],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=environment(env),
        cwd=cwd,
        timeout=PATIENCE,
        check=False,
    )


def printed(command: str, home: Path) -> str:
    """What a line for the shell with `dlprep` in it prints, run in the checkout; ends of lines trimmed."""
    script = command.replace("dlprep ", shlex.join(DLPREP) + " ", 1)
    done = subprocess.run(
        ["sh", "-c", script],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=environment({"DLPREP_HOME": str(home)}),
        cwd=Path(__file__).parent.parent,
        timeout=PATIENCE,
        check=True,
    )
    return re.sub(r" +\n", "\n", done.stdout).strip("\n") + "\n"


def with_coin(folder: Path) -> dict[str, str]:
    """Copy dlprep to `folder` and add the topic `coin` as two files.

    Returns:
        The environment in which a process whose working directory is `folder` runs the copy.
    """
    here = Path(__file__).parent
    copied = folder / "dlprep"
    shutil.copytree(here.parent / "dlprep", copied, ignore=shutil.ignore_patterns("__pycache__"))
    (copied / "questions").mkdir(exist_ok=True)
    shutil.copy(here / "coin.yaml", copied / "questions")
    shutil.copy(here / "coin.py", copied / "demos")
    return {"PYTHONPATH": str(folder), "DLPREP_HOME": str(folder / "home")}


def _colour(name: str) -> str | None:
    """A colour as pyte names it, as Rich does."""
    if re.fullmatch("[0-9a-f]{6}", name):
        return f"#{name}"
    return None if name == "default" else name


def without_numpy(folder: Path) -> Path:
    """Make `folder`, on PYTHONPATH, break NumPy; in it a bank `cites` whose evidence would need NumPy."""
    (folder / "numpy").mkdir()
    (folder / "numpy" / "__init__.py").write_text("raise ImportError('no numpy here')\n")
    bank = folder / "cites.yaml"
    bank.write_text(
        "title: T\nsummary: S\nquestions:\n  - id: one\n    kind: numeric\n    level: mid\n"
        "    ask: Three and four?\n    answer: 3 + 4\n    why: So it is.\n"
        "    evidence: perceptron/mistakes-bounded\n"
    )
    return bank


@final
class Terminal:
    """`dlprep ARGS` on a terminal of its own, as a context manager.

    Attributes:
        raw: every byte the program wrote.
        left: after `wait`, the input that the program left for the shell.
        sane: after `wait`, whether the terminal echoes and edits lines as it did before.
    """

    def __init__(
        self,
        *args: str,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        program: tuple[str, ...] = DLPREP,
        cwd: Path | None = None,
    ) -> None:
        self.raw = b""
        self.left, self.sane = "", False
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._said: list[dict[str, Any]] = []
        self._heard = b""
        self.fd, slave = pty.openpty()
        self._size(columns, rows)
        self._told, telling = os.pipe()
        self._shell = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", SHELL, str(telling), *program, *args],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment(env),
            cwd=cwd,
            pass_fds=(telling,),
            start_new_session=True,
        )
        os.close(slave)
        os.close(telling)
        self.pid = int(self._awaited("pid")["pid"])

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shell.poll() is None:
            self._shell.kill()  # first, so that the program's number cannot have become another's
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self._shell.wait()
        os.close(self.fd)
        os.close(self._told)

    # ── doing ───────────────────────────────────────────────────────────────────────────────────────

    def send(self, text: str) -> None:
        """Press keys."""
        os.write(self.fd, text.encode())

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def resize(self, columns: int, rows: int) -> None:
        """Change the terminal's size, as dragging a window's corner does."""
        self._screen.resize(rows, columns)
        self._size(columns, rows)

    def suspended(self) -> None:
        """Wait until the program has stopped."""
        self._awaited("stopped")

    def resume(self) -> None:
        """Bring a stopped program back to the foreground."""
        self._said = [said for said in self._said if "stopped" not in said]
        self._shell.send_signal(signal.SIGUSR1)

    # ── seeing ──────────────────────────────────────────────────────────────────────────────────────

    def until(self, text: str) -> str:
        """Wait until `text` is on the screen, and return the whole screen."""
        return self._seen(lambda: text in self.text, f"{text!r} did not come")

    def gone(self, text: str) -> str:
        """Wait until `text` is no longer on the screen, and return the whole screen."""
        return self._seen(lambda: text not in self.text, f"{text!r} stayed")

    def wrote(self, text: str, since: int = 0) -> None:
        """Wait until the program has written `text`, not counting its first `since` bytes."""
        self._seen(lambda: text in self.said(since), f"{text!r} was not written")

    def said(self, since: int = 0) -> str:
        """All that was written after the first `since` bytes, on the screen or not, without escapes."""
        return ESCAPE.sub(b"", self.raw[since:]).decode("utf-8", "replace").replace("\r", "")

    def quiet(self, seconds: float = 0.15) -> None:
        """Read until nothing has been written for a while."""
        size = -1
        while size != len(self.raw):
            size = len(self.raw)
            self._read(seconds)

    def wait(self, patience: float = PATIENCE) -> int:
        """The program's exit code; minus a number when that signal ended it."""
        end = self._awaited("code", patience)
        while self._read(0):
            pass
        self.left, self.sane = str(end["left"]), bool(end["sane"])
        return int(end["code"])

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()

    @property
    def styled(self) -> list[Text]:
        """What is on the screen, line by line, with its colours."""
        lines = []
        for y in range(self._screen.lines):
            line = Text()
            for x in range(self._screen.columns):
                cell = self._screen.buffer[y][x]
                line.append(
                    cell.data, Style(color=_colour(cell.fg), bgcolor=_colour(cell.bg), bold=cell.bold)
                )
            lines.append(line)
        return lines

    @property
    def cooked(self) -> bool:
        """Whether the terminal echoes and edits lines right now."""
        flags = termios.tcgetattr(self.fd)[3]
        return bool(flags & termios.ECHO and flags & termios.ICANON)

    @property
    def cursor(self) -> bool:
        """Whether the cursor can be seen."""
        return not self._screen.cursor.hidden

    # ── within ──────────────────────────────────────────────────────────────────────────────────────

    def _size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self, seconds: float) -> bool:
        """Take in what the program wrote within `seconds`; False when nothing more can come."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return self._shell.poll() is None
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # every process that had the terminal open is gone
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)

    def _seen(self, what: Callable[[], bool], complaint: str) -> str:
        end = time.monotonic() + PATIENCE
        while not what():
            if not self._read(0.05) and not what():
                pytest.fail(f"{complaint}; the program ended:\n{self.text}")
            if time.monotonic() > end:
                pytest.fail(f"{complaint}:\n{self.text}")
        return self.text

    def _awaited(self, key: str, patience: float = PATIENCE) -> dict[str, Any]:
        """What the shell says of `key`, waited for; the screen is read meanwhile."""
        end = time.monotonic() + patience
        while True:
            for said in self._said:
                if key in said:
                    return said
            assert time.monotonic() < end, f"no {key} came:\n{self.text}"
            ready = select.select([self.fd, self._told], [], [], 0.1)[0]
            if self.fd in ready and not self._read(0) and self._told not in ready:
                time.sleep(0.005)  # the last writer is gone; the shell is about to say so
            if self._told in ready:
                self._heard += os.read(self._told, 4096)
                *lines, self._heard = self._heard.split(b"\n")
                self._said += [json.loads(line) for line in lines]
