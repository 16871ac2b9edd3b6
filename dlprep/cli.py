"""The command line's way in: `main` turns arguments into an exit code, and every error into one sentence.

The only clock and the only source of seeds are in dlprep/app.py, which is imported unless the question is
just which version this is.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from dlprep import __version__

TYPE_CHECKING = False  # importing typing for it takes a tenth of the time of --version
if TYPE_CHECKING:
    from typing import TextIO

OK, FINDINGS, UNUSABLE, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the one place where an error becomes an exit code.

    0 done, 1 ran and found problems, 2 could not run, 130 interrupted, 143 terminated.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    _open_closed()
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    gc.set_threshold(100_000)  # start-up makes objects that stay: no use looking for garbage among them
    try:
        code = _version() if words in (["--version"], ["-V"]) else _run(words)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe left: nobody is there to be told
        _flush(sys.stdout)
        return FINDINGS
    except KeyboardInterrupt:
        if sys.stdout.isatty():
            print()  # the shell's prompt stands on a line of its own
        return INTERRUPTED
    except Exception as error:  # the last resort: a bug in one sentence
        if debug:
            raise
        code, told = _told(error)
        _flush(sys.stdout)
        _tell(told)
    return code


def _tell(told: str) -> None:
    try:  # noqa: SIM105  contextlib is not imported for one line that --version never reaches
        print(f"dlprep: {told}", file=sys.stderr)
    except OSError:
        pass  # nobody is there to be told
    _flush(sys.stderr)


def _flush(stream: TextIO) -> None:
    """Write what is left; where that cannot be, let it go nowhere, lest Python try again at its very end."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _open_closed() -> None:
    """Put the null device where a standard stream was closed, lest the next file opened become it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  it stays open


def _version() -> int:
    print(f"dlprep {__version__}")
    return OK


def _run(words: list[str]) -> int:
    from dlprep import app

    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                errors="replace"
            )  # ✓ on a terminal that has none becomes ?, not a crash; so does typed rubbish
    try:
        app.app(args=[_shown(word) for word in words], prog_name="dlprep")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else OK
    return OK


def _shown(word: str) -> str:
    """An argument whose option's name can be shown, for Typer repeats the name of an unknown one as it is."""
    from dlprep.clean import clean

    name, equals, value = word.partition("=")
    return clean(name) + equals + value if word.startswith("-") else word


def _told(error: Exception) -> tuple[int, str]:
    """The exit code and what went wrong: a user's mistake in a sentence, a bug with a way to find it."""
    from dlprep.clean import clean
    from dlprep.errors import DlprepError

    if isinstance(error, DlprepError):
        return UNUSABLE, clean(str(error))
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return UNUSABLE, clean(f"{place}{error.strerror or error}")
    return FINDINGS, f"a bug: {type(error).__name__}: {clean(str(error))}\n  hint: --debug shows where"
