"""Asking questions and marking replies: pure, so that a scheduler can choose and a test can answer.

A question is *asked* with a seed: the seed draws a numeric question's numbers and shuffles options and
steps, so the same question and seed always look the same and a review can be shown again.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from dlprep import mentions, number, template
from dlprep.bank import Choice, Order, Question, Rubric
from dlprep.template import Drawn, Template

PASS = 2 / 3  # the share of a rubric that counts as right


# ── asking ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with everything its seed decides.

    `shown` says which option or step stands in each place: place p shows number `shown[p]` of the bank.
    """

    question: Question
    seed: int
    shown: tuple[int, ...] = ()
    drawn: Drawn | None = None

    @property
    def ask(self) -> str:
        """The question's text at this draw."""
        return self.drawn.ask if self.drawn else self.question.ask

    @property
    def why(self) -> str:
        """The explanation at this draw; a rubric's model answer stands before it elsewhere."""
        return self.drawn.why if self.drawn else self.question.why

    @property
    def length(self) -> int:
        """How many words there are to read before one can answer."""
        body = self.question.body
        texts = [option.text for option in body.options] if isinstance(body, Choice) else []
        texts += body.steps if isinstance(body, Order) else ()
        return sum(len(text.split()) for text in (self.ask, *texts))

    @property
    def right_number(self) -> str:
        """The right number of a numeric question with its unit, for reading."""
        return f"{number.show(self.drawn.answer)} {self.drawn.unit}".strip() if self.drawn else ""

    @property
    def right_places(self) -> frozenset[int]:
        """The places that show a right option of a choice."""
        body = self.question.body
        if not isinstance(body, Choice):
            return frozenset()
        return frozenset(place for place, number in enumerate(self.shown) if body.options[number].right)


def ask(question: Question, seed: int) -> Asked:
    """The question as this seed shows it.

    Raises:
        ExpressionError: a numeric question cannot be drawn, which `dlprep check` would have found.
    """
    match question.body:
        case Template() as body:
            return Asked(question, seed, drawn=template.draw(body, seed))
        case Choice(options):
            return Asked(question, seed, shown=_shuffled(len(options), seed))
        case Order(steps):
            return Asked(question, seed, shown=_mixed(len(steps), seed))
        case Rubric():
            return Asked(question, seed)


def _shuffled(count: int, seed: int) -> tuple[int, ...]:
    numbers = list(range(count))
    random.Random(seed).shuffle(numbers)
    return tuple(numbers)


def _mixed(count: int, seed: int) -> tuple[int, ...]:
    """A shuffle that is not already in order."""
    shuffled = _shuffled(count, seed)
    return shuffled if shuffled != tuple(range(count)) else (*shuffled[1:], shuffled[0])


# ── marking ─────────────────────────────────────────────────────────────────────────────────────────


class Picked(NamedTuple):
    """A reply to a choice: the places picked, counted from 0."""

    places: frozenset[int]


class Typed(NamedTuple):
    """A reply to a numeric question."""

    number: float


class Told(NamedTuple):
    """A reply in words, with the rubric points that were ticked."""

    words: str
    ticked: frozenset[int]


class Sorted(NamedTuple):
    """A reply to an order question: the places in the order given, counted from 0."""

    places: tuple[int, ...]


Reply: TypeAlias = Picked | Typed | Told | Sorted


class Verdict(NamedTuple):
    """Whether a reply is right, how much of it (0 … 1), and the sentence for the slip it shows."""

    right: bool
    share: float
    slip: str = ""


def mark(asked: Asked, reply: Reply) -> Verdict:
    """The verdict on a reply.

    Raises:
        TypeError: the reply is of another kind than the question.
    """
    match asked.question.body, reply:
        case Choice(options), Picked(places):
            agree = sum((place in places) == (place in asked.right_places) for place in range(len(options)))
            return Verdict(places == asked.right_places, agree / len(options))
        case Template(), Typed(number) if asked.drawn:
            right = asked.drawn.accepts(number)
            return Verdict(right, float(right), "" if right else asked.drawn.slip(number))
        case Rubric(points, _), Told(_, ticked):
            share = len(ticked & set(range(len(points)))) / len(points)
            return Verdict(share >= PASS, share)
        case Order(steps), Sorted(places):
            given = [asked.shown[place] for place in places]
            agree = sum(number == step for step, number in enumerate(given))
            return Verdict(given == list(range(len(steps))), agree / len(steps))
    raise TypeError(f"a {asked.question.kind} question cannot be answered by {type(reply).__name__}")


def fits(asked: Asked, reply: Reply) -> bool:
    """Whether a reply can be one to this question: of its kind, and of places that it has."""
    match asked.question.body, reply:
        case Choice(options), Picked(places):
            return places <= set(range(len(options)))
        case Order(steps), Sorted(places):
            return sorted(places) == list(range(len(steps)))
        case (Template(), Typed()) | (Rubric(), Told()):
            return True
    return False


def mentioned(asked: Asked, words: str) -> frozenset[int]:
    """The rubric points that typed words already mention, to be ticked beforehand."""
    body = asked.question.body
    if not isinstance(body, Rubric):
        return frozenset()
    return frozenset(i for i, point in enumerate(body.points) if mentions.mentions(words, point))
