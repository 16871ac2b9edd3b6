"""When a question comes back, and why it came: the sentences around an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rich.segment import Segment

from dlprep import memory
from dlprep.choose import Desk, Why
from dlprep.draw.dates import dated
from dlprep.draw.palette import Look
from dlprep.draw.prose import prose
from dlprep.draw.strip import Strip
from dlprep.memory import State
from dlprep.number import counted
from dlprep.review import AGAIN, RATING_NAMES, RATINGS
from dlprep.session import Answered

MONTH = 30.4  # days
YEAR = 365.25


class Outlook(NamedTuple):
    """What the ratings of an answer come to.

    Attributes:
        rating: the one it has now.
        days: for each rating the days until the question is due.
        returns: whether Again brings it back in this session.
        left: the days until the interview; None without one.
    """

    rating: int
    days: Mapping[int, int]
    returns: bool
    left: int | None = None


def verdict(answered: Answered, outlook: Outlook | None, look: Look) -> Strip:
    """Right or wrong once more, below all the explaining, with what follows from it where that is known."""
    right = answered.verdict is not None and answered.verdict.right
    strip = [
        Segment(
            f" {look.sign(right)} {'right' if right else 'wrong'}", look.style("right" if right else "wrong")
        )
    ]
    return [*strip, Segment(f"  {told(outlook, look)}", look.style("dim"))] if outlook else strip


def told(outlook: Outlook, look: Look) -> str:
    """What follows from the answer: `Good: next in 4 days`."""
    rating = outlook.rating
    days = outlook.days[rating]
    if rating == AGAIN and outlook.returns:
        when = "it comes back in this session"
    elif _after(days, outlook.left):
        when = "not due again before the interview"
    else:
        when = f"next in {counted(days, 'day')}"
    sign = "->" if look.ascii else "→"
    return f"{sign} {RATING_NAMES[rating]}: {when}"


def keys(outlook: Outlook, look: Look) -> str:
    """The keys that rate, with what each comes to: `1 Again 1 d · 2 Hard 2 d · 3 Good ↵ 4 d · 4 Easy 9 d`."""
    kept = "[Enter]" if look.ascii else "↵"
    parts = []
    for rating in RATINGS:
        days = outlook.days[rating]
        soon = rating == AGAIN and outlook.returns
        when = "now" if soon else "–" if _after(days, outlook.left) else short(days)
        chosen = f" {kept}" if rating == outlook.rating else ""
        parts.append(f"{rating} {RATING_NAMES[rating]}{chosen} {when}")
    return " · ".join(parts)


def _after(days: int, left: int | None) -> bool:
    return left is not None and left > 0 and days > left


def short(days: float) -> str:
    """A stretch of days in few characters: 9 d, 3 mo, 1.5 y."""
    if days < 2 * MONTH:
        return f"{round(days)} d"
    return f"{round(days / MONTH)} mo" if days < YEAR else f"{days / YEAR:.1f} y"


def reason(why: Why, state: State | None, desk: Desk) -> str:
    """Why a question is asked now, of which this is remembered."""
    today = desk.today
    if state is None:
        return "new: never asked before"
    if why == "again":
        return "again: you missed it in this session"
    ago = (today - state.day).days
    when = {0: "today", 1: "yesterday"}.get(ago, f"{ago} days ago") if ago >= 0 else "earlier"
    how = "you missed it" if state.last == AGAIN else "you had it right"
    now = f"recall by now {memory.recall(state, today):.0%}"
    again = memory.due(state, desk.target)
    match why:
        case "ahead" if desk.goal:
            then = memory.recall(state, desk.goal.day)
            return f"ahead of time: by {dated(desk.goal.day, today)} its recall would be {then:.0%}"
        case "weak":
            misses = f"missed {state.misses} of {state.answers}"
            return f"weak: {misses}, {now}"
        case _ if again > today:
            return f"not due before {dated(again, today)}: {how} {when}"
        case _:
            return f"due: {how} {when}, {now}"


def warning(text: str, width: int, look: Look) -> list[Strip]:
    """A sentence that must not be overlooked, by a sign and a colour."""
    lines = prose(text, width - 2, look, first="! ", style=look.style("wrong"))
    return [[Segment(" "), *line] for line in lines]
