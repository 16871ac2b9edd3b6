"""The sentences around an answer: when it comes back, why it came, and what there is when nothing does."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from dlprep import choose, library, quiz
from dlprep.ask.leave import Leave, Spot
from dlprep.ask.lined import Lined
from dlprep.choose import Desk, Goal, Only, Pick, Why
from dlprep.draw import outlook as drawn
from dlprep.draw import palette
from dlprep.draw.foresight import foreseen
from dlprep.draw.outlook import Outlook
from dlprep.draw.palette import MANY, NONE, SIXTEEN, TRUE, Look
from dlprep.draw.strip import Strip, length, words
from dlprep.draw.summary import nothing, summary
from dlprep.memory import State
from dlprep.plan import Foresight
from dlprep.quiz import Told
from dlprep.review import AGAIN, EASY, GOOD, HARD, RATINGS
from dlprep.session import Answered, Session
from tests.reviews import DAY, days_after
from tests.test_quiz_piped import ZOO

PLAIN, ASCII = Look(NONE), Look(NONE, ascii=True)
LOOKS = [Look(TRUE), Look(MANY), Look(SIXTEEN), PLAIN, ASCII]
TOPIC = library.find([ZOO]).topic("zoo")
ENTRIES = [question.entry for question in TOPIC.questions]
OUTLOOK = Outlook(GOOD, {AGAIN: 1, HARD: 2, GOOD: 4, EASY: 90}, returns=True)
GOAL = Goal(days_after(10), 20)


def text(strips: list[Strip]) -> str:
    """The characters alone, ends of lines trimmed."""
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def state(ago: int, *, stability: float = 5.0, last: int = GOOD, misses: int = 0) -> State:
    """What is remembered of a question answered four times, last so many days ago."""
    return State(stability, 5.0, days_after(-ago), 4, misses, GOOD, last, 60.0)


# ── when it comes back ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("outlook", "told"),
    [
        (OUTLOOK, "→ Good: next in 4 days"),
        (OUTLOOK._replace(rating=AGAIN), "→ Again: it comes back in this session"),
        (OUTLOOK._replace(rating=AGAIN, returns=False), "→ Again: next in 1 day"),
        (OUTLOOK._replace(rating=EASY, left=90), "→ Easy: next in 90 days"),
        (OUTLOOK._replace(rating=EASY, left=89), "→ Easy: not due again before the interview"),
        (OUTLOOK._replace(rating=EASY, left=0), "→ Easy: next in 90 days"),
    ],
)
def test_what_follows_from_an_answer(outlook: Outlook, told: str) -> None:
    """In this session, in days, or not before the interview; an interview that is today counts no more."""
    assert drawn.told(outlook, PLAIN) == told
    assert drawn.told(outlook, ASCII) == told.replace("→", "->")


@pytest.mark.parametrize(
    ("outlook", "keys"),
    [
        (OUTLOOK, "1 Again now · 2 Hard 2 d · 3 Good ↵ 4 d · 4 Easy 3 mo"),
        (
            OUTLOOK._replace(returns=False, rating=HARD),
            "1 Again 1 d · 2 Hard ↵ 2 d · 3 Good 4 d · 4 Easy 3 mo",
        ),
        (OUTLOOK._replace(left=3), "1 Again now · 2 Hard 2 d · 3 Good ↵ – · 4 Easy –"),
    ],
)
def test_the_keys_that_rate_say_what_each_comes_to(outlook: Outlook, keys: str) -> None:
    """The one that Enter keeps is marked; nothing is said of what comes after the interview."""
    assert drawn.keys(outlook, PLAIN) == keys
    plain = words(drawn.keys(outlook, ASCII), ASCII)
    assert plain == keys.replace("↵", "[Enter]").replace("·", ".").replace("–", "-")


@given(st.sampled_from(RATINGS), st.integers(1, 36_500), st.booleans(), st.none() | st.integers(0, 366))
def test_sentence_and_keys_agree(rating: int, days: int, returns: bool, left: int | None) -> None:
    """What Enter would keep is told the same way by both."""
    outlook = Outlook(rating, dict.fromkeys(RATINGS, days), returns, left)
    told, keys = drawn.told(outlook, PLAIN), drawn.keys(outlook, PLAIN).split(" · ")
    kept = keys[rating - 1].partition(" ↵ ")[2]
    if "this session" in told:
        assert kept == "now"
    elif "interview" in told:
        assert kept == "–"
    else:
        assert kept == drawn.short(days)
        assert told.endswith((f"next in {days:,} day", f"next in {days:,} days"))
    assert sum("↵" in key for key in keys) == 1


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (1, "1 d"),
        (60, "60 d"),
        (60.8, "2 mo"),
        (90, "3 mo"),
        (365, "12 mo"),
        (365.25, "1.0 y"),
        (548, "1.5 y"),
    ],
)
def test_a_stretch_of_days_in_few_characters(days: float, told: str) -> None:
    """Days up to two months, months up to a year."""
    assert drawn.short(days) == told


def test_how_good_the_expectations_were() -> None:
    """Counted, expected, and what came of it."""
    assert foreseen(Foresight(1200, 0.876, 0.914)) == (
        "Of 1,200 answers to questions seen on a day before, 88% were expected right and 91% were."
    )


# ── why it came ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("why", "known", "goal", "told"),
    [
        ("new", None, None, "new: never asked before"),
        ("again", state(0), None, "again: you missed it in this session"),
        ("due", state(1, stability=1.0), None, "due: you had it right yesterday, recall by now 90%"),
        ("due", state(5, last=AGAIN), None, "due: you missed it 5 days ago, recall by now 90%"),
        ("all", state(-1), None, "not due before 29 November: you had it right earlier"),
        ("ahead", state(1), GOAL, "ahead of time: by 3 December its recall would be 84%"),
        ("weak", state(5, misses=3), None, "weak: missed 3 of 4, recall by now 90%"),
        ("all", state(0), None, "not due before 28 November: you had it right today"),
    ],
)
def test_why_a_question_is_asked_now(why: Why, known: State | None, goal: Goal | None, told: str) -> None:
    """What it is, when it was answered last and how, and what that comes to."""
    assert drawn.reason(why, known, desk({}, goal)) == told


def test_a_question_asked_by_name_that_is_overdue_says_so() -> None:
    """`dlprep quiz --only all` and a question by its name ask what is due as well."""
    told = drawn.reason("all", state(30), desk({}))
    assert told.startswith("due: you had it right 30 days ago, recall by now ")


@pytest.mark.parametrize("look", LOOKS)
@given(width=st.integers(20, 120), said=st.text(max_size=200))
def test_a_warning_fits_and_is_signed(look: Look, width: int, said: str) -> None:
    """An exclamation mark, whatever the colour; never wider than the screen, ASCII stays ASCII."""
    strips = drawn.warning(f"not {said}", width, look)
    assert max(map(length, strips)) <= width
    assert text(strips).startswith(" ! not")
    assert text(strips).isascii() or not look.ascii


# ── when there is nothing to ask ────────────────────────────────────────────────────────────────────


def desk(states: dict[str, State], goal: Goal | None = None) -> Desk:
    """A learner with the zoo before him."""
    return Desk(ENTRIES, states, DAY, goal, choose.paces(ENTRIES, states), {})


ALL = {entry.name: state(0) for entry in ENTRIES}


@pytest.mark.parametrize(
    ("states", "only", "spent", "told"),
    [
        ({}, "due", False, "Nothing was asked yet."),
        ({}, None, False, "Nothing to ask."),
        (ALL, "new", False, "No question here is new: each was asked before."),
        (ALL, None, False, "Nothing is due. The next question is due in 5 days."),
        ({**ALL, "zoo/one": state(4)}, "due", False, "Nothing is due. The next question is due in 1 day."),
        ({"gone/id": state(9)}, "due", False, "Nothing was asked yet."),
        (ALL, None, True, "Today's minutes are spent. To go on: dlprep quiz -n 10."),
        ({}, None, True, "Today's minutes are spent. To go on: dlprep quiz -n 10."),
    ],
)
def test_nothing_to_ask_says_why_and_how_to_go_on(
    states: dict[str, State], only: Only | None, spent: bool, told: str
) -> None:
    """One sentence for each reason, then two commands."""
    shown = " ".join(text(nothing(desk(states), only, spent, 80, PLAIN)).split())
    assert shown == f"{told} dlprep quiz --only weak asks what is shakiest, --only all whatever there is."


def test_what_is_due_after_the_interview_is_told_so() -> None:
    """As the sentence after an answer tells it; no days are counted beyond the plan."""
    tight = desk({"zoo/one": state(0)}, Goal(days_after(1), 1))
    shown = text(nothing(tight, "due", False, 80, PLAIN))
    assert "before the interview" in shown
    assert " days" not in shown


@pytest.mark.parametrize("look", LOOKS)
@given(width=st.integers(20, 120), only=st.sampled_from([None, "due", "new", "weak"]), seen=st.booleans())
def test_nothing_fits_the_screen(look: Look, width: int, only: Only | None, seen: bool) -> None:
    """At any width; ASCII stays ASCII."""
    strips = nothing(desk(ALL if seen else {}), only, seen, width, look)
    assert max(map(length, strips)) <= width
    assert text(strips).isascii() or not look.ascii


# ── at the end of a session ─────────────────────────────────────────────────────────────────────────


def session(rating: int) -> Session:
    """A session in which the words of a question were rated so."""
    question = TOPIC.questions[4]
    asked = quiz.ask(question, 1)
    reply = Told("words", frozenset({0, 1} if rating > AGAIN else ()))
    made = Session([Pick(question.entry, "new")], random.Random(1))
    made.add(Answered(asked, reply, quiz.mark(asked, reply), made.queue[0], rating, 1.0, "id"))
    return made


@pytest.mark.parametrize(
    ("tomorrow", "told"), [(0, "0 questions"), (1, "1 question"), (1200, "1,200 questions")]
)
@pytest.mark.parametrize("rating", [AGAIN, GOOD])
def test_the_end_says_what_is_due_tomorrow(tomorrow: int, told: str, rating: int) -> None:
    """Above the command to type next, whether or not there is something to read again."""
    *_, due, _, command = text(summary(session(rating), tomorrow, 80, PLAIN)).strip("\n").split("\n")
    assert due == f" Due tomorrow: {told}"
    assert command.startswith(" Next: dlprep ")


def test_where_nothing_is_saved_nothing_is_due() -> None:
    """No word of tomorrow."""
    assert "tomorrow" not in text(summary(session(GOOD), None, 80, PLAIN))


def test_who_answered_nothing_is_not_told_of_tomorrow() -> None:
    """Nothing changed."""
    strips = summary(Session([], random.Random(1)), 7, 80, PLAIN)
    assert text(strips) == "\n Nothing answered.\n\n Next: dlprep quiz\n"


@pytest.mark.parametrize("look", LOOKS)
@given(width=st.integers(20, 120), tomorrow=st.integers(0, 10**9), rating=st.sampled_from(RATINGS))
def test_the_end_fits_the_screen(look: Look, width: int, tomorrow: int, rating: int) -> None:
    """At any width; ASCII stays ASCII."""
    strips = summary(session(rating), tomorrow, width, look)
    assert max(map(length, strips)) <= width
    assert text(strips).isascii() or not look.ascii


# ── a rating by a person who answers in lines ───────────────────────────────────────────────────────


class Person(io.StringIO):
    """Lines typed on a terminal that reads no single keys."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def lined(*lines: str, person: bool = True) -> tuple[Lined, Console]:
    """A front that reads these lines, and where it writes."""
    stream = (Person if person else io.StringIO)("".join(f"{line}\n" for line in lines))
    console = palette.console("never", file=io.StringIO(), width=80)
    return Lined(stream, console), console


def written(console: Console) -> str:
    """All that was written, in one line."""
    file = console.file
    assert isinstance(file, io.StringIO)
    return " ".join(file.getvalue().split())


def revealed(*lines: str, person: bool = True) -> tuple[Leave | int | None, str]:
    """What follows from these lines after an answer in words, and what was shown."""
    front, console = lined(*lines, person=person)
    (answered,) = session(GOOD).marked()
    return front.reveal(answered, OUTLOOK, lambda: ()), written(console)


@pytest.mark.parametrize(
    ("line", "rating", "told"),
    [
        ("", None, "→ Good: next in 4 days"),
        ("1", AGAIN, "→ Again: it comes back in this session"),
        (" 2 ", HARD, "→ Hard: next in 2 days"),
        ("3", GOOD, "→ Good: next in 4 days"),
        ("4", EASY, "→ Easy: next in 90 days"),
        ("u", Leave.UNDO, ""),
        ("q", Leave.QUIT, "→ Good: next in 4 days"),
    ],
)
def test_a_line_rates_words(line: str, rating: int | Leave | None, told: str) -> None:
    """Enter keeps the rating, a number changes it, u takes the answer back, q goes; then what follows."""
    result, shown = revealed(line)
    assert result == rating
    keys = "1 Again now · 2 Hard 2 d · 3 Good ↵ 4 d · 4 Easy 3 mo"
    assert f"Enter keeps the rating, or {keys}; u takes the answer back ›" in shown
    assert shown.endswith(told or "›")
    assert shown.count("→") == bool(told)


@pytest.mark.parametrize("line", ["5", "0", "x", "12"])
def test_what_is_no_rating_is_asked_again(line: str) -> None:
    """Nothing is guessed."""
    result, shown = revealed(line, "2")
    assert result == HARD
    assert "type 1, 2, 3 or 4, u or q, or just Enter" in shown


def test_an_answer_that_is_not_rated_says_nothing_of_its_return() -> None:
    """Where nothing is known of it."""
    front, console = lined("4")
    (answered,) = session(GOOD).marked()
    assert front.reveal(answered, None, lambda: ()) is None
    assert "→" not in written(console)


@pytest.mark.parametrize(("rating", "told"), [(GOOD, " ✓ right"), (AGAIN, " ✗ wrong")])
def test_the_verdict_stands_below_the_explaining_once_more(rating: int, told: str) -> None:
    """In a word and a sign, with what follows where that is known."""
    (answered,) = session(rating).marked()
    assert text([drawn.verdict(answered, None, PLAIN)]) == told
    assert text([drawn.verdict(answered, OUTLOOK, PLAIN)]) == f"{told}  → Good: next in 4 days"
    assert text([drawn.verdict(answered, OUTLOOK, ASCII)]).isascii()


def test_the_end_of_the_lines_keeps_the_rating() -> None:
    """Ctrl-D changes nothing."""
    assert revealed()[0] is None


def test_a_pipe_is_not_asked_to_rate() -> None:
    """Its next line is the next answer."""
    result, shown = revealed("4", person=False)
    assert result is None
    assert "Enter keeps" not in shown
    assert shown.endswith("→ Good: next in 4 days")


@pytest.mark.parametrize(
    ("line", "ticked"), [("", {0}), ("2", {1}), ("1, 2", {0, 1}), ("12", {0, 1}), ("0", set()), ("9", set())]
)
def test_a_person_says_which_points_were_made(line: str, ticked: set[int]) -> None:
    """Enter keeps those that the words mention; numbers are instead of them, 0 is none."""
    front, console = lined("fewer parameters than a dense layer", line)
    reply = front.ask(quiz.ask(TOPIC.questions[4], 1), Spot(1, 1, "new"), lambda: None)
    assert reply == Told("fewer parameters than a dense layer\n", frozenset(ticked))
    assert "which points did you make? their numbers, or Enter for those ticked" in written(console)


def test_the_points_of_a_pipe_are_counted_by_its_words() -> None:
    """It is told so, and the next line stays where it is."""
    front, console = lined("fewer parameters than a dense layer", "2", person=False)
    reply = front.ask(quiz.ask(TOPIC.questions[4], 1), Spot(1, 1, "new"), lambda: None)
    assert reply == Told("fewer parameters than a dense layer\n", frozenset({0}))
    assert "counted are the points that your words mention" in written(console)
    assert front.stdin is not None
    assert front.stdin.read() == "2\n"
