"""What a session on a terminal leaves in the history, and what the next one makes of it."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from pathlib import Path

import pytest

from dlprep.history import History
from dlprep.review import AGAIN, EASY, GOOD, HARD, Review, standing
from tests.terminal import Terminal, piped
from tests.test_quiz_piped import ZOO


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    """The history of a home that is not there yet."""
    monkeypatch.setenv("DLPREP_HOME", str(tmp_path / "home"))
    return History(tmp_path / "home" / "history.db")


def quiz(*args: str, now: str = "2026-12-01T20:00", rows: int = 40) -> Terminal:
    """A session on the zoo, at a time of its own."""
    return Terminal("quiz", "--bank", str(ZOO), *args, env={"DLPREP_NOW": now}, rows=rows)


def answers(*lines: str, args: tuple[str, ...] = (), now: str = "2026-12-01T20:00") -> str:
    """What a piped session prints."""
    command = ("quiz", "--bank", str(ZOO), *args)
    done = piped(*command, stdin="".join(f"{line}\n" for line in lines), env={"DLPREP_NOW": now})
    assert done.returncode == 0, done.stderr
    return done.stdout


def kept(history: History) -> list[Review]:
    """The reviews that stand."""
    return standing(history.reviews())


def test_an_answer_is_kept_with_all_that_it_was(history: History) -> None:
    """Time, zone, study day, question, seed, reply, verdict, rating and seconds, before Enter is pressed."""
    with quiz("zoo/parameters", now="2026-12-02T03:30+02:00") as t:
        t.until("›  parameters")
        t.send("990\r")
        t.until("✗ wrong")
        (review,) = kept(history)
        t.until("Enter next")
        t.send("q")
        t.wait()
    when = datetime(2026, 12, 2, 1, 30, tzinfo=timezone.utc).timestamp()
    assert 0 <= review.at / 1e6 - when < 60
    assert (review.offset, review.day.isoformat()) == (120, "2026-12-01")
    assert (review.question, review.kind) == ("zoo/parameters", "numeric")
    assert (review.right, review.share, review.rating) == (False, 0.0, AGAIN)
    assert json.loads(review.reply) == {"typed": 990.0}
    assert 0 < review.seconds < 20
    assert kept(history) == [review]


def test_right_and_fast_is_easy_on_a_terminal_only(history: History) -> None:
    """A pipe answers at once without knowing anything."""
    with quiz("zoo/parameters") as t:
        t.until("›  parameters")
        t.send("1000\r")
        assert "→ Easy: next in 8 days" in t.until("Enter next")
        t.send("q")
        t.wait()
    answers("1000", args=("zoo/parameters",), now="2026-12-01T21:00")
    assert [review.rating for review in kept(history)] == [EASY, GOOD]


def test_the_rating_of_words_is_shown_confirmed_or_changed(history: History) -> None:
    """It follows from the ticks; a key changes it, each key with the interval it comes to."""
    for hour, (key, rating) in enumerate((("\r", GOOD), ("4", EASY), ("2", HARD), ("1", AGAIN)), 10):
        with quiz("zoo/why-share", now=f"2026-12-01T{hour}:00") as t:
            t.until("›")
            t.quiet()
            t.send("fewer parameters, equivariant to shifts\n.\n")
            points = t.until("Enter accepts")
            t.quiet()
            t.send("".join(re.findall(r"  · (\d)  ", points)) + "\r")
            screen = t.until("Enter next")
            assert re.search(r"1 Again now · 2 Hard \d+ d · 3 Good ↵ \d+ d · 4 Easy \d+ d", screen)
            t.quiet()
            t.send(key)
            t.quiet()
            t.send("q\n")
            t.wait()
        assert kept(history)[-1].rating == rating
    assert len(kept(history)) == 4
    assert len(history.reviews()) == 7  # a changed rating is a row of its own, and none was overwritten


def test_u_takes_the_last_answer_back_and_asks_again(history: History) -> None:
    """After the verdict, and from the next question; the row stays, and one more says it does not count."""
    with quiz("zoo", "--kind", "numeric", "--seed", "3") as t:
        t.until("1 of 2")
        t.until("›")
        t.send("1\r")
        t.until("Enter next")
        t.send("u")
        t.until("taken back: your answer to zoo/")
        t.until("1 of 2")
        assert kept(history) == []
        t.quiet()
        t.send("1\r")
        t.until("Enter next")
        t.send("\r")
        t.until("2 of 3")
        t.quiet()
        t.send("u")
        t.wrote("1 of 2", len(t.raw) - 200)
        t.quiet()
        t.send("u")
        t.until("there is no answer to take back in this session")
        t.quiet()
        t.send("q")
        t.wait()
    assert kept(history) == []
    assert len(history.reviews()) == 4


def test_a_missed_question_comes_back_with_new_numbers(history: History) -> None:
    """In the same session, under a header that says so; the seed of each asking is kept."""
    out = answers("1", "s", args=("cnn/valid-width", "--seed", "8"))
    assert "again: you missed it in this session" in out
    asked = re.findall(r"An image of (\d+)×\d+ meets a kernel of (\d+)×", out)
    assert len(asked) == 3  # the third is in the summary
    assert asked[0] != asked[1]
    shown = piped("history", "show", kept(history)[0].id[:8]).stdout
    assert f"An image of {asked[0][0]}×{asked[0][0]} meets a kernel of {asked[0][1]}×" in shown
    assert "› 1" in shown
    assert "✗ wrong" in shown


def test_what_was_missed_is_due_tomorrow_and_says_why(history: History) -> None:
    """The next day it is the first question; the day after that it says how long ago it was."""
    answers("1", "q", args=("zoo/parameters",))
    assert "due: you missed it yesterday, recall by now" in answers("q", now="2026-12-02T09:00")
    assert "due: you missed it 3 days ago, recall by now" in answers("q", now="2026-12-04T09:00")
    assert len(kept(history)) == 1


def test_the_study_day_changes_at_four(history: History) -> None:
    """Missed late at night: at 3:59 nothing is due, at 4:00 it is."""
    late = "2026-12-02T02:00"
    answers("1", "q", args=("zoo/parameters",), now=late)
    told = answers("q", args=("--only", "due"), now="2026-12-02T03:59")
    assert "Nothing is due. The next question is due in 1 day." in told
    assert "zoo · numeric" in answers("q", args=("--only", "due"), now="2026-12-02T04:00")
    assert kept(history)[0].day.isoformat() == "2026-12-01"


def test_no_save_leaves_no_trace(history: History) -> None:
    """Answers are marked and come back, and no file says so."""
    out = answers("1", "1000", args=("zoo/parameters", "--no-save"))
    assert "✗ wrong" in out
    assert "again: you missed it in this session" in out
    assert not history.path.exists()


def test_where_nothing_can_be_saved_the_quiz_says_so_and_goes_on() -> None:
    """A banner before the first question, verdicts as ever, and exit code 2 at the end."""
    with Terminal(
        "quiz", "zoo/parameters", "--bank", str(ZOO), env={"DLPREP_HOME": "/dev/null/x"}, rows=40
    ) as t:
        assert "not saved: /dev/null/x/history.db cannot be written" in t.until("›  parameters")
        t.send("1000\r")
        t.until("✓ right")
        t.until("Enter next")
        t.send("\r")
        assert t.wait() == 2
        assert t.sane
        assert "1 answer of this session not saved" in t.text


def test_a_history_deleted_meanwhile_gets_the_whole_session(history: History) -> None:
    """Nothing that was answered is lost with the file."""
    with quiz("zoo", "--kind", "numeric", "--seed", "3") as t:
        t.until("›")
        t.send("1\r")
        t.until("Enter next")
        history.path.unlink()
        t.send("\r")
        t.until("2 of 3")
        t.quiet()
        t.send("1\r")
        t.until("Enter next")
        assert len(kept(history)) == 2
        t.send("q")
        assert t.wait() == 0


def test_only_and_the_end_of_what_is_due(history: History) -> None:
    """When all was asked, it says when there will be something, and how to go on."""
    answers("1000", args=("zoo/parameters",))
    assert "Nothing is due. The next question is due in 2 days." in answers(
        args=("zoo/parameters", "--only", "due")
    )
    assert "No question here is new" in answers(args=("zoo/parameters", "--only", "new"))
    assert "weak: missed 0 of 1, recall by now 100%" in answers("q", args=("--only", "weak"))
    assert "not due before 3 December: you had it right today" in answers("q", args=("zoo/parameters",))
    assert len(kept(history)) == 1
