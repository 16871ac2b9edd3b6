"""`check` proves content: what is wrong in a bank that reads well is found by asking and answering it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dlprep import check, quiz, reader
from dlprep.bank import Question, Topic
from dlprep.demo import Claim, Control
from dlprep.errors import Problem
from dlprep.evidence import Run
from dlprep.quiz import Asked, Reply, Verdict

NUMERIC = """
title: T
summary: S
questions:
  - id: q
    kind: numeric
    level: mid
    ask: What is {a} × {b}?
    why: It is {a * b}.
    given: {a: 2..9, b: 2..9}
    answer: a * b
    evidence: product
    slips:
      - answer: a + b + 100
        says: That adds.
"""


def topic(text: str = NUMERIC) -> Topic:
    """The topic in a bank without problems of form."""
    found, problems = reader.read(text.encode(), "coin.yaml", "backprop")
    assert problems == []
    assert found is not None
    return found


def proved(text: str) -> list[Problem]:
    """What `check` finds in it."""
    return list(check.prove(topic(text)))


def run(measured: float) -> Run:
    """A run of one claim."""
    claim = Claim("product", "a product", measured, "<=", 1.0)
    return Run("backprop", 0, None, (claim,), (Control("c", "says", ("product",)),), 0.1)


def test_a_sound_question_has_no_problem() -> None:
    """The template of this file passes as it stands."""
    assert proved(NUMERIC) == []


def test_a_slip_that_is_right_at_one_draw_is_found() -> None:
    """2 + 2 is 2 × 2, and among 200 draws that comes up."""
    found = proved(NUMERIC.replace("a + b + 100", "a + b"))
    assert [problem.code for problem in found] == ["slip"]
    assert "a = 2, b = 2" in found[0].message


def test_an_answer_that_cannot_be_typed_exactly_needs_a_tolerance() -> None:
    """What is shown as the answer must be accepted when typed."""
    found = proved(NUMERIC.replace("answer: a * b\n", "answer: a / (b + 5)\n"))
    assert [problem.code for problem in found] == ["tolerance"]
    assert proved(NUMERIC.replace("answer: a * b\n", "answer: a / (b + 5)\n    tolerance: 0.01\n")) == []


def test_a_division_by_zero_at_one_draw_is_found() -> None:
    """The draw that fails is named."""
    found = proved(NUMERIC.replace("answer: a * b\n", "answer: a / (b - 3)\n    tolerance: 0.01\n"))
    assert found[0].code == "draw"
    assert "divides by zero" in found[0].message


def test_a_marker_that_accepts_everything_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """`check` answers wrongly on purpose, so a broken marker cannot pass."""

    def generous(_asked: Asked, _reply: Reply) -> Verdict:
        return Verdict(right=True, share=1.0)

    order = NUMERIC.partition("  - id")[0] + (
        "  - {id: q, kind: order, level: mid, ask: Order these., why: So., steps: [one, two, three]}\n"
    )
    assert proved(order) == []
    monkeypatch.setattr(quiz, "mark", generous)
    assert [problem.code for problem in proved(order)] == ["marking"]


def test_a_claim_that_holds_is_evidence() -> None:
    """A cited claim that was measured and holds draws nothing."""
    assert list(check.prove_evidence([topic()], lambda _: run(0.5))) == []


@pytest.mark.parametrize(
    ("measured", "part"), [(run(2.0), "does not hold: measured 2, needs <= 1"), (run(float("nan")), "nan")]
)
def test_a_claim_that_fails_is_a_problem_where_it_is_cited(measured: Run, part: str) -> None:
    """The problem names the number and points at the line of the evidence."""
    (found,) = check.prove_evidence([topic()], lambda _: measured)
    assert found.code == "evidence"
    assert part in found.message
    assert NUMERIC.splitlines()[found.where.line - 1].strip() == "evidence: product"


def test_a_crash_of_the_demo_is_a_problem() -> None:
    """Evidence that could not be measured is no evidence."""
    (found,) = check.prove_evidence([topic()], lambda _: replace(run(0.5), claims=(), error="boom"))
    assert "boom" in found.message


def test_an_unknown_claim_lists_the_known_ones() -> None:
    """A misspelt claim can be mended from the message alone."""
    other = replace(run(0.5), claims=(Claim("other", "says", 0.0, "<=", 1.0),))
    (found,) = check.prove_evidence([topic()], lambda _: other)
    assert "other" in found.hint


def test_knobs_that_the_demo_does_not_have_are_found() -> None:
    """`try` offers only what can be typed."""
    tried = NUMERIC.replace("    slips:", "    try: --widht {a}\n    slips:")
    (found,) = check.prove_evidence([topic(tried)], lambda _: run(0.5))
    assert found.code == "try"
    assert "width" in found.hint


def test_every_shipped_question_is_proved() -> None:
    """The banks that come with dlprep pass, each question of them."""
    from dlprep import library

    for each in library.read_files(library.bank_files(library.shipped())).topics:
        questions: tuple[Question, ...] = each.questions
        assert len(questions) >= 14
        assert list(check.prove(each)) == []
