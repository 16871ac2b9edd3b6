"""Asking and marking: the same seed asks the same, and exactly the right answers are right."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep import quiz, reader
from dlprep.bank import Choice, Kind, Level, Option, Order, Question, Rubric
from dlprep.errors import Where
from dlprep.quiz import Picked, Sorted, Told, Typed

GOOD = Path(__file__).parent / "good"
SEEDS = st.integers(0, 2**31)


def made(
    body: Choice | Rubric | Order,
    kind: Kind = "choice",
    name: str = "q",
    topic: str = "t",
    level: Level = "mid",
    *,
    core: bool = False,
) -> Question:
    """A question with nothing but what marking needs."""
    return Question(topic, name, kind, level, core, "What?", "So.", (), "", body, Where("bank.yaml"), {})


def choice(rights: list[bool]) -> Question:
    """A choice whose right options are given."""
    return made(Choice(tuple(Option(f"option {i}", right, "") for i, right in enumerate(rights))))


def numeric() -> Question:
    """The numeric question of the good bank."""
    topic, _ = reader.read((GOOD / "every_key.yaml").read_bytes(), "bank.yaml", "t")
    assert topic is not None
    return topic.questions[1]


RIGHTS = st.lists(st.booleans(), min_size=2, max_size=6).filter(lambda rights: 0 < sum(rights) < len(rights))


@settings(deadline=None, max_examples=150)
@given(RIGHTS, SEEDS)
def test_a_choice_is_right_for_exactly_the_right_options(rights: list[bool], seed: int) -> None:
    """Of all sets of places, one is right, whatever the shuffle; and only it has the whole share."""
    asked = quiz.ask(choice(rights), seed)
    assert sorted(asked.shown) == list(range(len(rights)))
    for bits in range(2 ** len(rights)):
        places = frozenset(place for place in range(len(rights)) if bits >> place & 1)
        verdict = quiz.mark(asked, Picked(places))
        picked = {asked.shown[place] for place in places}
        assert verdict.right == (picked == {i for i, right in enumerate(rights) if right})
        assert verdict.right == (verdict.share == 1)
        assert 0 <= verdict.share <= 1


@settings(deadline=None, max_examples=60)
@given(st.integers(3, 5), SEEDS)
def test_an_order_is_right_for_exactly_one_order(count: int, seed: int) -> None:
    """Of all orders of the places one is right, and it is never the one shown."""
    asked = quiz.ask(made(Order(tuple("abcdefg"[:count])), "order"), seed)
    right = [p for p in permutations(range(count)) if quiz.mark(asked, Sorted(p)).right]
    assert len(right) == 1
    assert [asked.shown[place] for place in right[0]] == list(range(count))
    assert not quiz.mark(asked, Sorted(tuple(range(count)))).right


@settings(deadline=None, max_examples=100)
@given(st.integers(1, 9), st.data())
def test_a_rubric_is_right_from_two_thirds_on(count: int, data: st.DataObject) -> None:
    """Ticking two points of three is enough, one of two is not; ticks of no point count nothing."""
    ticked = data.draw(st.frozensets(st.integers(0, count - 1)))
    asked = quiz.ask(made(Rubric(tuple("abcdefghi"[:count]), "all"), "recall"), 0)
    verdict = quiz.mark(asked, Told("", ticked | {count, 99}))
    assert verdict.right == (3 * len(ticked) >= 2 * count)
    assert verdict.share == len(ticked) / count


@settings(deadline=None, max_examples=100)
@given(SEEDS, st.integers(-60, 60))
def test_a_number_is_right_when_it_is_the_answer(seed: int, reply: int) -> None:
    """An exact question takes its answer only; the slip's number gets the slip's sentence."""
    asked = quiz.ask(numeric(), seed)
    assert asked.drawn is not None
    right = int(asked.drawn.answer)
    verdict = quiz.mark(asked, Typed(reply))
    assert verdict.right == (reply == right)
    assert verdict.slip == (f"That forgets the first of {right} places." if reply == right - 1 else "")


def test_the_texts_of_a_numeric_question_follow_its_draw() -> None:
    """Question, explanation and the right number with its unit show the same numbers."""
    asked = quiz.ask(numeric(), 3)
    assert asked.drawn is not None
    size, kernel = asked.drawn.values["size"], asked.drawn.values["kernel"]
    assert asked.ask == (
        f"A {size}×{size} image meets a {kernel}×{kernel} kernel. How wide is the output? {{not a hole}}"
    )
    assert asked.why == f"The window has {asked.drawn.answer} places."
    assert asked.right_number == f"{asked.drawn.answer} pixels"
    assert asked.right_places == frozenset()
    assert asked.drawn.watch == f"--size {size} --kernel {kernel}"


def test_a_reply_of_another_kind_is_a_bug() -> None:
    """Marking never guesses what a reply might have meant."""
    with pytest.raises(TypeError, match="a choice question cannot be answered by Typed"):
        quiz.mark(quiz.ask(choice([True, False]), 0), Typed(1))


@pytest.mark.parametrize(
    ("words", "ticked"),
    [("", set()), ("Zero is even since two divides it", {0, 1}), ("0 is even!", {0}), ("2 divides 0", {1})],
)
def test_typed_words_tick_the_points_they_mention(words: str, ticked: set[int]) -> None:
    """Only rubrics have points to tick."""
    asked = quiz.ask(made(Rubric(("Zero is even", "Two divides it"), "even"), "refute"), 0)
    assert quiz.mentioned(asked, words) == ticked
    assert quiz.mentioned(quiz.ask(choice([True, False]), 0), words) == frozenset()
