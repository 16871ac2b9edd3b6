"""The command line's way in: `main` turns arguments into an exit code, and every error into one sentence.

The only clock and the only source of seeds are in dlprep/app.py, which is imported unless the question is
just which version this is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from dlprep import __version__

OK, FINDINGS, UNUSABLE, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the one place where an error becomes an exit code.

    0 done, 1 ran and found problems, 2 could not run, 130 interrupted, 143 terminated.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if words in (["--version"], ["-V"]):
        print(f"dlprep {__version__}")
        return OK
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]
    try:
        code = _run(words)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of a pipe left: nobody is there to be told
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINDINGS
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # the last resort: a bug in one sentence
        if debug:
            raise
        return _told(error)
    return code


def _run(words: list[str]) -> int:
    from dlprep import app

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # ✓ on a terminal that has none becomes ?, not a crash
    try:
        app.app(args=words, prog_name="dlprep")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else OK
    return OK


def _told(error: Exception) -> int:
    """Say what went wrong on standard error: a user's mistake in a sentence, a bug with a way to find it."""
    from dlprep.clean import clean
    from dlprep.errors import DlprepError

    if isinstance(error, (DlprepError, OSError)):
        print(f"dlprep: {clean(str(error))}", file=sys.stderr)
        return UNUSABLE
    kind = type(error).__name__
    print(f"dlprep: a bug: {kind}: {clean(str(error))}\n  hint: --debug shows where", file=sys.stderr)
    return FINDINGS
