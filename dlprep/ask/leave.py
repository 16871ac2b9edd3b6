"""What a user may do instead of answering."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Leave(Enum):
    """Skip the question, take back the last answer, or end the session."""

    SKIP = "skip"
    UNDO = "undo"
    QUIT = "quit"


class Spot(NamedTuple):
    """Where a question stands in its session, and why it is asked now."""

    place: int
    of: int
    why: str


HELP = """Keys
- a–i or 1–9 pick an option; where several may be right they mark, and Enter answers
- a number, or an order such as 3142, is typed and ends with Enter; 1e3, 1,024, 3/4, 12 px and 50% all count
- an answer in words ends with a lone `.` or Ctrl-D; a lone `e` opens $EDITOR; s, u, q and ? count before it
- s skips the question, u takes back the last answer, q or Esc or Ctrl-D ends the session
- after an answer, Enter goes on and d plays the demo behind it
- an answer in words can be rated: 1 Again, 2 Hard, 3 Good, 4 Easy; the better, the later it comes back"""
