"""The session as data: what comes back, what is taken back, and how it went."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from dlprep import library, quiz
from dlprep.bank import Entry
from dlprep.choose import Pick
from dlprep.quiz import Asked, Told, Verdict
from dlprep.review import AGAIN, GOOD
from dlprep.session import GAP, RETURNS, Answered, Session
from tests.test_quiz_piped import ZOO

TOPIC = library.find([ZOO]).topic("zoo")


def entry(number: int) -> Entry:
    """One of the zoo's questions, as the index lists it."""
    question = TOPIC.questions[number]
    return Entry(question.topic, question.id, question.kind, question.level, question.core)


def session(count: int = 5) -> Session:
    """A session with so many questions of the zoo."""
    return Session([Pick(entry(number), "new") for number in range(count)], random.Random(1))


def answer(one: Session, rating: int | None, review: str = "") -> Asked:
    """Answer or skip the next question; what was asked."""
    turn = one.queue[0]
    question = next(each for each in TOPIC.questions if each.name == turn.pick.entry.name)
    asked = quiz.ask(question, turn.seed)
    verdict = Verdict(rating > AGAIN, float(rating > AGAIN)) if rating else None
    reply = Told("words", frozenset()) if rating else None
    one.add(Answered(asked, reply, verdict, turn, rating, 1.0, review))
    return asked


def names(one: Session) -> list[str]:
    """The questions still to come."""
    return [turn.pick.entry.name for turn in one.queue]


def test_a_missed_question_comes_back_after_a_few_others_with_a_new_seed() -> None:
    """It says that it comes again, and a numeric one will have new numbers."""
    one = session()
    missed = answer(one, AGAIN)
    back = one.queue[GAP]
    assert back.pick.entry.name == missed.question.name
    assert back.pick.why == "again"
    assert back.seed != missed.seed
    assert one.count == 6


def test_what_was_right_or_skipped_does_not_come_back() -> None:
    """The queue only gets shorter."""
    one = session(2)
    answer(one, GOOD)
    answer(one, None)
    assert not one.queue
    assert (one.place, one.count) == (3, 2)


def test_a_question_comes_back_so_often_and_no_more() -> None:
    """Whoever misses it each time is left in peace until tomorrow: no session is endless."""
    one = session(1)
    asked = 0
    while one.queue:
        answer(one, AGAIN)
        asked += 1
    assert asked == 1 + RETURNS


def test_undo_asks_the_question_again_and_withdraws_its_return() -> None:
    """The session is as it was before the answer, but for the seed."""
    one = session()
    before = names(one)
    seed = one.queue[0].seed
    answer(one, AGAIN, "id")
    taken = one.undo()
    assert taken
    assert taken.review == "id"
    assert names(one) == before
    assert one.queue[0].seed != seed
    assert one.answered == []


def test_undo_goes_back_over_skipped_questions() -> None:
    """The last answer is taken back; what was skipped after it is asked again too."""
    one = session()
    before = names(one)
    answer(one, GOOD)
    answer(one, None)
    answer(one, None)
    assert one.undo()
    assert names(one) == before
    answer(one, None)
    assert one.undo() is None
    assert names(one) == before[1:]


@given(st.lists(st.sampled_from(["right", "wrong", "skip", "undo"]), max_size=30))
def test_whatever_is_done_every_question_is_answered_skipped_or_still_to_come(deeds: list[str]) -> None:
    """No question is lost by answering and undoing, and none is there twice."""
    one = session()
    whole = set(names(one))
    for deed in deeds:
        if deed == "undo":
            one.undo()
        elif one.queue:
            answer(one, {"right": GOOD, "wrong": AGAIN, "skip": None}[deed])
        assert {each.asked.question.name for each in one.answered} | set(names(one)) == whole
        assert len(set(names(one))) == len(names(one))
        assert one.count == len(one.answered) + len(one.queue)


def test_another_rating_decides_about_the_return() -> None:
    """Again made Good withdraws it, Good made Again adds it, under the new id."""
    one = session()
    answer(one, AGAIN, "first")
    assert one.rate(GOOD, "second").review == "second"
    assert one.count == 5
    assert one.rate(AGAIN, "third").rating == AGAIN
    assert one.count == 6
    assert one.answered[-1].review == "third"


def test_scores_leave_out_what_was_skipped() -> None:
    """Right of answered per topic."""
    one = session()
    for rating in (GOOD, AGAIN, None):
        answer(one, rating)
    assert [(score.topic, score.right, score.answered) for score in one.scores()] == [("zoo", 1, 2)]


def test_reread_names_what_was_last_answered_wrong() -> None:
    """Once each, then what was skipped; not what was missed first and known when it came back."""
    one = session(3)
    for rating in (AGAIN, None, AGAIN, AGAIN, GOOD):
        answer(one, rating)
    assert [asked.question.name for asked in one.reread()] == [entry(0).name, entry(1).name]
