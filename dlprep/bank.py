"""Topics and questions, and the table of kinds and keys that says what a bank may contain.

The table is the one source: the reader (reader.py), the JSON Schema (schema.py), `dlprep new` and the
authoring guide are all made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from dlprep.errors import Where
from dlprep.template import Template

Kind: TypeAlias = Literal["choice", "numeric", "recall", "refute", "order"]
Level: TypeAlias = Literal["junior", "mid", "senior", "staff"]
Shape: TypeAlias = Literal[
    "text", "word", "flag", "kind", "level", "number", "expression", "texts", "given", "options", "slips"
]

KINDS: tuple[Kind, ...] = ("choice", "numeric", "recall", "refute", "order")
LEVELS: tuple[Level, ...] = ("junior", "mid", "senior", "staff")
WORD = "[a-z0-9]+(?:-[a-z0-9]+)*"  # an id, as a regular expression


# ── what a question is ──────────────────────────────────────────────────────────────────────────────


class Option(NamedTuple):
    """One option of a choice; a wrong one says why it is wrong."""

    text: str
    right: bool
    because: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Pick the right options; there may be several."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """Answer in words (recall, refute); `points` is what an interviewer would tick."""

    points: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Order:
    """Put the steps, given here in the right order, back into it."""

    steps: tuple[str, ...]


Body: TypeAlias = Choice | Template | Rubric | Order


class Cited(NamedTuple):
    """A claim that a question's answer rests on: the demo's topic, the claim's id, and where it is cited."""

    topic: str
    claim: str
    where: Where


class Entry(NamedTuple):
    """A question as the index lists it: enough to choose by."""

    topic: str
    id: str
    kind: Kind
    level: Level
    core: bool

    @property
    def name(self) -> str:
        """`topic/id`."""
        return f"{self.topic}/{self.id}"


@dataclass(frozen=True, slots=True)
class Question:
    """One entry of a bank. `topic` and `id` identify it for ever; everything else may be reworded.

    `ask` and `why` of a numeric question still have their holes; its template holds them ready to be
    filled. `at` says where the value of each key stands.
    """

    topic: str
    id: str
    kind: Kind
    level: Level
    core: bool
    ask: str
    why: str
    evidence: tuple[Cited, ...]
    source: str
    body: Body
    where: Where
    at: Mapping[str, Where]

    @property
    def name(self) -> str:
        """`topic/id`."""
        return f"{self.topic}/{self.id}"

    @property
    def entry(self) -> Entry:
        """What the index says of it."""
        return Entry(self.topic, self.id, self.kind, self.level, self.core)


@dataclass(frozen=True, slots=True)
class Topic:
    """One bank: a topic with its questions, in the order of the file.

    `asked` is the percent of interview questions that are about it; 0 where nobody counted.
    """

    name: str
    title: str
    summary: str
    questions: tuple[Question, ...]
    asked: float = 0.0


class Listed(NamedTuple):
    """A topic as the index lists it: its questions without their texts, in the order of the file."""

    name: str
    title: str
    summary: str
    asked: float
    entries: tuple[Entry, ...]


# ── the table ───────────────────────────────────────────────────────────────────────────────────────


class Key(NamedTuple):
    """A key of a bank: the shape of its value, whether it must be there, and what it is for.

    A number lies from 0 to `most`.
    """

    name: str
    shape: Shape
    required: bool
    says: str
    most: float = 1


BANK = (
    Key("title", "text", True, "The topic as a heading"),
    Key("summary", "text", True, "The topic in one sentence"),
    Key("asked", "number", False, "Percent of interview questions that are about the topic, if counted", 100),
)
QUESTION = (
    Key(
        "id",
        "word",
        True,
        "Stable name, unique in the bank; a learner's progress hangs on it, so never change it",
    ),
    Key("kind", "kind", True, "How it is asked and marked"),
    Key("level", "level", True, "Who should be able to answer it"),
    Key("core", "flag", False, "true for the questions of the founding article"),
    Key("ask", "text", True, "The question. In a numeric one, {expression} is replaced by its value"),
    Key(
        "why",
        "text",
        False,
        "The explanation, shown after every answer: mechanism, one number, when it fails",
    ),
    Key(
        "evidence",
        "texts",
        False,
        "Claims of the topic's demo that the answer rests on, or topic/claim of another",
    ),
    Key("source", "text", False, "Paper and year of a cited fact"),
)
WHY = Key("why", "text", True, QUESTION[5].says)
POINTS = Key("points", "texts", True, "The rubric: what an interviewer would tick")
ANSWER = Key("answer", "text", True, "The model answer, as a strong candidate would say it")
BODY: dict[Kind, tuple[Key, ...]] = {
    "choice": (WHY, Key("options", "options", True, "Two or more; at least one right and one wrong")),
    "numeric": (
        WHY,
        Key(
            "given",
            "given",
            False,
            "The numbers in the question: a list to draw from, or a range such as 2..64",
        ),
        Key("require", "expression", False, "Draws for which this is false are drawn again"),
        Key("answer", "expression", True, "The right number, from the given ones"),
        Key("unit", "text", False, "What the number counts or measures"),
        Key("tolerance", "number", False, "Relative; 0, the default, means exact", 0.5),
        Key("slips", "slips", False, "Wrong ways to compute that deserve their own sentence"),
        Key("try", "text", False, "Options for the topic's demo that show this case"),
    ),
    "recall": (POINTS, ANSWER),
    "refute": (POINTS, ANSWER),
    "order": (WHY, Key("steps", "texts", True, "In the right order; they are shuffled when asked")),
}
OPTION = (
    Key("text", "text", True, "What the option says"),
    Key("right", "flag", False, "true for a right option"),
    Key("because", "text", False, "Why a wrong option is wrong; each wrong one must say"),
)
SLIP = (
    Key("answer", "expression", True, "The number this slip comes to"),
    Key("says", "text", True, "What to tell somebody who made it"),
)


def keys_of(kind: Kind) -> dict[str, Key]:
    """The keys a question of this kind may have, the common ones first."""
    return {key.name: key for key in (*QUESTION, *BODY[kind])}
