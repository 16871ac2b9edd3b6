"""What a user may do instead of answering."""

from __future__ import annotations

from enum import Enum


class Leave(Enum):
    """Skip the question, or end the session."""

    SKIP = "skip"
    QUIT = "quit"


HELP = """Keys
- a–i or 1–9 pick an option; where several may be right they mark, and Enter answers
- a number, or an order such as 3142, is typed and ends with Enter; 1e3, 1,024, 3/4, 12 px and 50% all count
- an answer in words ends with a lone `.` or Ctrl-D; a lone `e` opens $EDITOR
- s skips the question, q or Esc or Ctrl-D ends the session
- after an answer, d plays the demo behind it and Enter goes on"""
