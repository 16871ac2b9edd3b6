"""An answer in words: typed with readline, pasted as one piece, or written in an editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from dlprep.ask.leave import Leave
from dlprep.errors import DlprepError

PROMPT = " › "
COMMANDS = {"s": Leave.SKIP, "q": Leave.QUIT}


def typed(start: str = "") -> str | Leave:
    """Lines until a lone `.` or Ctrl-D. A first line of `s`, `q`, `e` or `?` alone is a command.

    Returns:
        The words; or what the user did instead; or "e" or "?" for the caller to act on.
    """
    import readline

    readline.parse_and_bind("set enable-bracketed-paste on")  # a pasted block is one line with newlines
    lines = [start] if start else []
    while True:
        try:
            line = input(PROMPT)
        except EOFError:
            print()  # noqa: T201  the terminal's own Ctrl-D leaves the cursor behind the prompt
            return "\n".join(lines) if lines else Leave.QUIT
        if line.strip() == ".":
            return "\n".join(lines)
        if not lines and line.strip() in COMMANDS:
            return COMMANDS[line.strip()]
        if line.strip() in ("e", "?") and (not lines or line.strip() == "e"):
            return line.strip()
        lines.append(line)


def edited(question: str) -> str:
    """What the user writes in $VISUAL or $EDITOR, lines that start with # left out.

    Raises:
        DlprepError: neither is set, or the editor failed.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise DlprepError("no editor is set", hint="export EDITOR, or type the answer here")
    note = "".join(f"# {line}\n" for line in question.strip().split("\n"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answer.txt"
        file.write_text(f"\n{note}", encoding="utf-8")
        file.chmod(0o600)
        try:
            words = [*shlex.split(command), str(file)]
            done = subprocess.run(words, check=False)  # noqa: S603  the user's own editor
        except (OSError, ValueError) as error:
            raise DlprepError(f"{command} could not be started: {error}") from None
        if done.returncode:
            raise DlprepError(f"{command} ended with code {done.returncode}", hint="type the answer here")
        lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
    return "\n".join(line for line in lines if not line.startswith("#")).strip()
