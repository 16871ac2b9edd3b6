"""What must be true of the banks that dlprep ships, taken together."""

from __future__ import annotations

from collections import Counter

import pytest

from dlprep import demo, library, template
from dlprep.bank import Question
from dlprep.demo import Claim
from dlprep.draw.palette import Look
from dlprep.draw.strip import words
from dlprep.template import Template
from tests.banks import bank

ASCII = Look(depth=0, ascii=True)
TOPICS = sorted(file.stem for file in library.shipped().glob("*.yaml"))
ARTICLE = {  # the founding article: eleven questions, and three FAQs on the role
    "activation": 1,
    "backprop": 1,
    "cnn": 1,
    "cost": 1,
    "deep_learning": 1,
    "gradient_descent": 1,
    "hyperparameters": 1,
    "initialization": 1,
    "normalization": 1,
    "perceptron": 1,
    "the_role": 3,
    "weights_bias": 1,
}


def questions() -> list[Question]:
    """Every question of every shipped bank."""
    return [question for topic in TOPICS for question in bank(topic).questions]


def test_core_is_the_article() -> None:
    """`quiz --core` asks what the founding article asks, and nothing else."""
    assert Counter(question.topic for question in questions() if question.core) == ARTICLE


@pytest.mark.parametrize("topic", TOPICS)
def test_a_bank_has_a_demo_and_most_of_its_answers_cite_it(topic: str) -> None:
    """At least six questions in ten rest on measured claims."""
    assert topic in demo.names()
    cited = [bool(question.evidence) for question in bank(topic).questions]
    assert sum(cited) >= 0.6 * len(cited)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_bank_has_enough_of_each(topic: str) -> None:
    """Fourteen questions or more (the role: eight), every level, every kind, and five numeric ones."""
    asked = bank(topic).questions
    assert len(asked) >= (8 if topic == "the_role" else 14)
    assert {question.level for question in asked} == {"junior", "mid", "senior", "staff"}
    kinds = Counter(question.kind for question in asked)
    assert kinds["numeric"] >= 5
    assert {"refute", "recall", "choice", "order"} <= set(kinds)


def test_every_refuted_mistake_is_quoted() -> None:
    """A refute question quotes the mistake, so that nobody takes it for our own statement."""
    for question in questions():
        if question.kind == "refute":
            assert "“" in question.ask, question.name
            assert "”" in question.ask, question.name


def test_no_sentence_is_used_twice() -> None:
    """Two questions do not explain themselves in the same words."""
    why = Counter(question.why for question in questions())
    assert [text for text, times in why.items() if times > 1] == []


def test_every_sign_can_be_spelled_in_ascii() -> None:
    """No bank shows a question mark for a sign where the terminal knows ASCII only."""
    signs = {sign for topic in TOPICS for sign in (library.shipped() / f"{topic}.yaml").read_text("utf-8")}
    drawn = {sign for sign in signs if not sign.isascii() and sign != "─"}  # the rule is a comment
    assert {sign for sign in drawn if "?" in words(sign, ASCII)} == set()


TRIES = [q for q in questions() if isinstance(q.body, Template) and q.body.watch]


@pytest.mark.parametrize("question", TRIES, ids=lambda question: question.name)
def test_what_a_question_says_to_try_shows_what_it_says(question: Question) -> None:
    """The demo runs with the knobs turned so, and breaks no claim but one that the explanation announces."""
    assert isinstance(question.body, Template)
    for seed in range(2):
        drawn = template.draw(question.body, seed)
        shown = demo.load(question.topic)
        events = shown.run(0, demo.turned(shown, drawn.watch), None)
        broken = {event.id for event in events if isinstance(event, Claim) and not event.holds}
        assert {claim for claim in broken if f"`{claim}` breaks" not in drawn.why.replace("\n", " ")} == set()
