"""An answer in words: typed with readline, pasted as one piece, or written in an editor."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from dlprep.ask.leave import Leave
from dlprep.errors import DlprepError

PROMPT = " › "
COMMANDS = {"s": Leave.SKIP, "u": Leave.UNDO, "q": Leave.QUIT}


def typed(said: list[str]) -> str | Leave:
    """Add lines to `said` until a lone `.` or Ctrl-D. A first line of `s`, `u`, `q` or `?` is a command.

    Returns:
        "." when that is all; "e" or "?" for the caller to act on; or what the user did instead.
    """
    import readline

    readline.parse_and_bind("set enable-bracketed-paste on")  # a pasted block is one line with newlines
    while True:
        try:
            line = input(PROMPT)
        except EOFError:
            print()  # noqa: T201  the terminal's own Ctrl-D leaves the cursor behind the prompt
            return "." if said else Leave.QUIT
        word = line.strip()
        if word in (".", "e"):
            return word
        if not said and word == "?":
            return word
        if not said and word in COMMANDS:
            return COMMANDS[word]
        said.append(line)


def again() -> None:
    """Show the line that is being typed again, below what a shell wrote while we were stopped."""
    import readline

    os.write(1, f"\x1b[?2004h{PROMPT}{readline.get_line_buffer()}".encode())  # not print: this is a handler


def edited(question: str, said: Sequence[str]) -> list[str]:
    """What the user makes of `said` in $VISUAL or $EDITOR, lines that start with # left out.

    Raises:
        DlprepError: neither is set, or the editor failed.
    """
    import shlex
    import subprocess
    import tempfile

    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise DlprepError("no editor is set", hint="export EDITOR, or type the answer here")
    note = "".join(f"# {line}\n" for line in question.strip().split("\n"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answer.txt"
        file.write_text("\n".join([*said, "", note]), encoding="utf-8")
        file.chmod(0o600)
        try:
            words = [*shlex.split(command), str(file)]
            done = subprocess.run(words, check=False)  # noqa: S603  the user's own editor
        except (OSError, ValueError) as error:
            raise DlprepError(f"{command} could not be started: {error}") from None
        if done.returncode:
            raise DlprepError(f"{command} ended with code {done.returncode}", hint="type the answer here")
        lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
    return "\n".join(line for line in lines if not line.startswith("#")).strip().split("\n")
