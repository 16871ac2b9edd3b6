"""Answers given before: a line each, and one of them with the reply it was given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from rich.cells import chop_cells
from rich.segment import Segment

from dlprep.draw.dates import MONTHS
from dlprep.draw.palette import Look
from dlprep.draw.prose import WIDEST
from dlprep.draw.question import LETTERS
from dlprep.draw.strip import Strip, clip, words, wrap
from dlprep.number import show
from dlprep.quiz import Asked, Picked, Reply, Sorted, Told, Typed
from dlprep.review import EPOCH, RATING_NAMES, Review

SHORT = 8  # characters of an id, enough to name an answer by


def lines(reviews: Sequence[Review], today: date, width: int, look: Look) -> list[Strip]:
    """A line an answer, the oldest first."""
    return [_line(review, today, width, look) for review in reviews]


def head(review: Review, today: date, width: int, look: Look) -> list[Strip]:
    """Whose answer it was, and when."""
    return [[], _line(review, today, width, look)]


def _line(review: Review, today: date, width: int, look: Look) -> Strip:
    when = EPOCH + timedelta(microseconds=review.at, minutes=review.offset)
    sign = look.sign(review.right).ljust(2 if look.ascii else 1) + " "
    word = "right" if review.right else "wrong"
    rated = RATING_NAMES.get(review.rating or 0, "").ljust(5)
    start = f" {review.id[:SHORT]}  "
    told = f"{sign}{word}"
    year = f" {when.year}" if when.year != today.year else ""
    day = f"{when.day} {MONTHS[when.month - 1][:3]}{year}"
    rest = f"  {rated}  {day} {when:%H:%M}  {words(review.question, look)}"
    room = max(1, width - len(start) - len(told))
    return [
        Segment(start, look.style("dim")),
        Segment(told, look.style("right" if review.right else "wrong")),
        Segment(clip(rest, room, look)),
    ]


def reply(asked: Asked, given: Reply | None, width: int, look: Look) -> list[Strip]:
    """What was answered, as it was typed."""
    match given:
        case Picked(places):
            told = ", ".join(LETTERS[place] for place in sorted(places))
        case Typed(number):
            told = f"{show(number)} {asked.drawn.unit if asked.drawn else ''}".strip()
        case Told(said, _):
            told = said
        case Sorted(places):
            told = "".join(str(place + 1) for place in places)
        case _:
            told = ""
    first = "> " if look.ascii else "› "
    lines = _as_typed(told, width - 4, look)
    return [*([Segment(f" {first if k == 0 else '  '}{line}")] for k, line in enumerate(lines)), []]


def _as_typed(text: str, width: int, look: Look) -> list[str]:
    """Words of a user's own, of which no sign means anything, as lines."""
    room = min(width, WIDEST)
    filled = [line for part in text.split("\n") for line in wrap(part, room, look)]
    return [piece for line in filled for piece in chop_cells(line, room) or [""]]  # wide letters take two


def gone(review: Review, why: str, width: int, look: Look) -> list[Strip]:
    """An answer whose question cannot be shown as it was: why, and what was kept of the reply."""
    told = [why, f"what was replied: {review.reply}"]
    return [[Segment(f" {line}")] for text in told for line in _as_typed(text, width - 2, look)]
