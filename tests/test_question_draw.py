"""A question on the screen: asked, answered and explained, at any width, with and without colour."""

from __future__ import annotations

import random
import re

import pytest

from dlprep.bank import Choice, Option, Order, Question, Rubric
from dlprep.demo import Claim, Control
from dlprep.draw import question as drawn
from dlprep.draw import reading
from dlprep.draw.evidence import evidence
from dlprep.draw.palette import NONE, TRUE, Look
from dlprep.draw.strip import Strip, length
from dlprep.draw.summary import summary
from dlprep.errors import Where
from dlprep.prefetch import Evidence
from dlprep.quiz import Asked, Picked, Sorted, Told, Verdict, ask, mark
from dlprep.session import Answered, Session
from dlprep.template import Drawn

HERE = Where("bank.yaml", 1, 1)
LOOKS = [Look(TRUE), Look(NONE), Look(NONE, ascii=True)]
HOSTILE = "a\x1b[31mb \x9b2J \x1b]0;x\x07 \u202egnp [/foo] <pad> __init__ a*b*c\rd"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]")
CHOICE = Choice(
    (Option("Yes", True, ""), Option("No", False, "Because not."), Option("Maybe", False, "Never."))
)
RUBRIC = Rubric(("The first point", "The second point", "The third point"), "The model answer.")
ORDER = Order(("First", "Second", "Third"))


def question(body: Choice | Rubric | Order, text: str = "What?", topic: str = "topic") -> Question:
    """A question with this body and this text in every field."""
    kind = {Choice: "choice", Rubric: "recall", Order: "order"}[type(body)]
    return Question(topic, "id", kind, "mid", False, text, text, (), text, body, HERE, {})  # type: ignore[arg-type]


def text(strips: list[Strip]) -> str:
    """The strips as lines."""
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def answered(body: Choice | Rubric | Order, reply: Picked | Told | Sorted) -> Answered:
    """A question with this body as answered; options and steps in the order of the bank."""
    asked = Asked(question(body), 0, tuple(range(3)))
    return Answered(asked, reply, mark(asked, reply))


def session(*done: Answered) -> Session:
    """A session in which that was answered."""
    made = Session([], random.Random(0))
    made.answered = list(done)
    return made


def test_the_header_says_where_we_are() -> None:
    """Topic, kind, level and progress; where it is narrow, only the count."""
    wide = text(drawn.header(question(CHOICE), 3, 10, 80, LOOKS[0]))
    assert wide.startswith(" topic · choice · mid ")
    assert wide.endswith("3 of 10  ▰▰▰▱▱▱▱▱▱▱")
    assert text(drawn.header(question(CHOICE), 3, 10, 30, LOOKS[0])).endswith(" 3/10")
    assert text(drawn.header(question(CHOICE), 3, 10, 80, LOOKS[2])).endswith("3 of 10  ###.......")
    assert len(text(drawn.header(question(CHOICE), 1, 10, 300, LOOKS[0]))) <= 88


def test_a_choice_marks_yours_and_the_right_one() -> None:
    """A sign and a word, never colour alone; each wrong option has its reason, also after a right answer."""
    right = text(drawn.verdict(answered(CHOICE, Picked(frozenset({0}))), 80, LOOKS[1]))
    assert "✓ right" in right
    assert "✓ a  Yes (yours)" in right
    assert "Because not." in right
    wrong = text(drawn.verdict(answered(CHOICE, Picked(frozenset({1}))), 80, LOOKS[1]))
    assert "✗ wrong" in wrong
    assert "✗ b  No (yours)" in wrong
    assert "✓ a  Yes\n" in wrong
    assert "Never." in wrong
    plain = text(drawn.verdict(answered(CHOICE, Picked(frozenset({1}))), 80, LOOKS[2]))
    assert "X wrong" in plain
    assert "OK a  Yes" in plain
    assert plain.isascii()


def test_an_order_marks_each_step() -> None:
    """The right order is shown, each step with the number it was asked under and whether it was in place."""
    told = text(drawn.verdict(answered(ORDER, Sorted((0, 2, 1))), 80, LOOKS[1]))
    assert "✗ wrong" in told
    assert re.findall(r"([✓✗]) (\d)  (\w+)", told) == [
        ("✓", "1", "First"),
        ("✗", "2", "Second"),
        ("✗", "3", "Third"),
    ]


def test_a_rubric_counts_points() -> None:
    """Two of three are enough; which ones is shown unless they have just been ticked."""
    two = answered(RUBRIC, Told("words", frozenset({0, 2})))
    told = text(drawn.verdict(two, 80, LOOKS[1]))
    assert "✓ 2 of 3 points" in told
    assert "· 2  The second point" in told
    assert "The second point" not in text(drawn.verdict(two, 80, LOOKS[1], points=False))
    assert "✗ 1 of 3 points" in text(drawn.verdict(answered(RUBRIC, Told("", frozenset({1}))), 80, LOOKS[1]))
    assert "Answer  The model answer." in text(drawn.explanation(two.asked, 80, LOOKS[1]))


def test_a_skipped_question_is_said_to_be() -> None:
    """Without a verdict there is no sign."""
    assert (
        text(drawn.verdict(Answered(ask(question(CHOICE), 0), None, None), 80, LOOKS[0])).strip() == "skipped"
    )


def test_evidence_shows_numbers_and_sabotage() -> None:
    """The claim against its bound, the control that breaks it, and why something was not measured."""
    claim, broken = (Claim("fair", "heads are half", x, "<=", 0.1) for x in (0.02, 0.5))
    control = Control("two-headed", "heads on both sides", ("fair",))
    told = text(evidence([Evidence("coin", "fair", claim, control, broken)], 80, LOOKS[0]))
    assert "Evidence measured just now" in told
    assert "✓ heads are half" in told
    assert "0.02 ≤ 0.1 holds" in told
    assert "under control “two-headed”: 0.5 > 0.1, broken, as it must be" in told
    unbroken = text(evidence([Evidence("coin", "fair", claim, control, claim)], 80, LOOKS[0]))
    assert "still holds" in unbroken
    late = text(evidence([Evidence("coin", "fair", None, error="still being measured")], 80, LOOKS[0]))
    assert "coin/fair: still being measured" in late
    assert evidence([], 80, LOOKS[0]) == []


def test_the_summary_shows_a_numeric_question_as_it_was_asked() -> None:
    """With the numbers that were drawn, not with the holes of its template."""
    drawn_at = Drawn({"size": 12}, "12 wide?", 12.0, "", 0.0, (), "", "")
    asked = Asked(question(CHOICE, "{size} wide?"), 0, (), drawn_at)
    done = session(Answered(asked, Picked(frozenset({1})), Verdict(False, 0)))
    told = text(summary(done, 0, 80, LOOKS[0]))
    assert "12 wide?" in told
    assert "{size}" not in told


def test_the_summary_counts_and_sends_on() -> None:
    """Right of answered per topic, the worst two to read again, the command to type; skipped do not count."""
    asked = [Asked(question(CHOICE, f"Question {k}?", topic), 0, (0, 1, 2)) for k, topic in enumerate("aab")]
    assert "Nothing answered." in text(summary(session(), 0, 80, LOOKS[0]))
    done = session(
        Answered(asked[0], Picked(frozenset({0})), Verdict(True, 1)),
        Answered(asked[1], Picked(frozenset({1})), Verdict(False, 0)),
        Answered(asked[2], None, None),
    )
    told = text(summary(done, 3, 80, LOOKS[0]))
    assert "Due tomorrow: 3 questions" in told
    assert re.search(r"a  ▰▰▰▰▰▱▱▱▱▱  1 of 2 right", told)
    assert "b  " not in told.split("Read again")[0]
    assert told.index("Question 1?") < told.index("Question 2?")
    assert "Next: dlprep show a/id" in told


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", [20, 40, 80, 500])
def test_hostile_text_is_shown_whole_and_harmless(look: Look, width: int) -> None:
    """In every field, on every screen: nothing a terminal obeys, nothing lost, nothing too wide."""
    pairs: list[tuple[Choice | Rubric | Order, Picked | Told | Sorted]] = [
        (Choice((Option(HOSTILE, True, ""), Option(HOSTILE, False, HOSTILE))), Picked(frozenset({1}))),
        (Rubric((HOSTILE,), HOSTILE), Told(HOSTILE, frozenset())),
        (Order((HOSTILE, "b", "c")), Sorted((0, 1, 2))),
    ]
    for body, reply in pairs:
        asked = ask(question(body, HOSTILE, topic=HOSTILE), 0)
        done = Answered(asked, reply, mark(asked, reply))
        for strips in (
            drawn.header(asked.question, 1, 2, width, look),
            drawn.ask(asked, width, look),
            drawn.verdict(done, width, look),
            drawn.explanation(asked, width, look),
            reading.page(asked, width, look),
            summary(session(done), 1, width, look),
        ):
            told = text(strips)
            assert not OBEYED.search(told)
            assert max(map(length, strips), default=0) <= width, told
        shown = re.sub(r"\s+", "", text(drawn.ask(asked, width, look)))
        for part in ("[/foo]", "<pad>", "__init__", "a*b*c", r"\x1b[31m"):
            assert part in shown
    claim = Claim(HOSTILE, HOSTILE, 1, "<=", 2)
    found = Evidence(HOSTILE, HOSTILE, claim, Control(HOSTILE, HOSTILE, ()), claim)
    for item in (found, Evidence(HOSTILE, HOSTILE, None, error=HOSTILE)):
        strips = evidence([item], width, look)
        assert not OBEYED.search(text(strips))
        assert width < 40 or max(map(length, strips)) <= width
