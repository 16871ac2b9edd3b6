"""What stats count, on small made-up histories."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from pathlib import Path

import pytest

from dlprep import library, memory
from dlprep.bank import Entry
from dlprep.choose import SECONDS, Desk, Goal
from dlprep.commands import stats as command
from dlprep.errors import DlprepError
from dlprep.history import History, Plan
from dlprep.memory import LEECH
from dlprep.review import PATIENT, Review
from dlprep.stats import DAYS, SLOWEST, Due, Leech, Score, Slow, Stats, gather
from tests.reviews import DAY, days_after, moment, noon, review

ONE = Entry("zoo", "one", "choice", "junior", core=True)
TWO = Entry("zoo", "two", "numeric", "senior", core=False)
THREE = Entry("ark", "three", "recall", "mid", core=False)
ENTRIES = (ONE, TWO, THREE)


def gathered(*rows: Review, topic: str | None = None, goal: Goal | None = None) -> Stats:
    """The stats of these reviews on `DAY`."""
    desk = Desk(ENTRIES, memory.replay(rows, DAY), DAY, goal, SECONDS, {})
    return gather(rows, desk, moment(DAY), topic)


def made_up(seed: int) -> list[Review]:
    """Reviews of two weeks up to today: of known and gone questions, some taken back."""
    chance = random.Random(seed)
    rows = []
    for turn in range(60):
        name = chance.choice([*(entry.name for entry in ENTRIES), "zoo/gone", "old/gone"])
        day = DAY - timedelta(days=chance.randrange(14))
        back = chance.random() < 0.1 and turn
        rows.append(
            review(
                f"r{turn}",
                question=name,
                day=day,
                at=noon(day) + turn,
                rating=None if back else chance.randint(1, 4),
                kind=chance.choice(["choice", "order"]),
                replaces=f"r{chance.randrange(turn)}" if back else None,
            )
        )
    return rows


@pytest.mark.parametrize("seed", range(5))
def test_every_answer_is_counted_once(seed: int) -> None:
    """Days, kinds, and levels with the gone ones come to the same answers, in whatever order given."""
    rows = made_up(seed)
    stats = gathered(*rows)
    assert stats == gathered(*reversed(rows))
    assert stats.score.answers == sum(score.answers for score in stats.kinds.values())
    assert stats.score.right == sum(score.right for score in stats.kinds.values())
    assert stats.gone > 0
    assert stats.score.answers == stats.gone + sum(score.answers for score in stats.levels.values())
    assert stats.score.answers == stats.gone + sum(topic.score.answers for topic in stats.topics)


@pytest.mark.parametrize("seed", range(5))
def test_the_topics_add_up(seed: int) -> None:
    """What the topics have one by one, and the answers of a topic that is gone, come to all there is."""
    rows = made_up(seed)
    whole = gathered(*rows)
    parts = [gathered(*rows, topic=topic) for topic in ("zoo", "ark", "old")]
    assert sum(part.score.answers for part in parts) == whole.score.answers
    assert sum(part.gone for part in parts) == whole.gone
    assert [topic for part in parts for topic in part.topics] == list(whole.topics)
    assert [sum(due.questions for due in each) for each in zip(*(p.due for p in parts), strict=True)] == [
        due.questions for due in whole.due
    ]


def test_an_answer_taken_back_or_from_the_future_does_not_count() -> None:
    """Neither shows anywhere: not in the days, not in a share."""
    late = review("c", day=days_after(2))
    stats = gathered(review("a"), review("b", at=noon(DAY) + 1, rating=None, replaces="a"), late)
    assert stats.days == ()
    assert stats.score == Score(0, 0)
    assert stats.kinds == stats.levels == {}


def test_a_corrected_answer_counts_once() -> None:
    """The row that replaces another stands for both."""
    stats = gathered(review("a"), review("b", at=noon(DAY) + 1, rating=1, replaces="a"))
    assert stats.score == Score(1, 0)


def test_nothing_answered() -> None:
    """Without a history there are topics, nobody knows anything of them, and nothing is due."""
    stats = gathered()
    assert (stats.streak, stats.longest, stats.seconds) == (0, 0, 0)
    assert [(topic.name, topic.questions, topic.asked, topic.today) for topic in stats.topics] == [
        ("zoo", 2, 0, 0.0),
        ("ark", 1, 0, 0.0),
    ]
    assert [due.day for due in stats.due] == [days_after(ahead) for ahead in range(DAYS)]
    assert sum(due.questions for due in stats.due) == 0
    assert stats.score.share == 0


def test_the_longest_streak_may_be_over() -> None:
    """Two days in a row now, four once."""
    ago = [0, 1, 3, 5, 6, 7, 8, 20]
    stats = gathered(*(review(str(days), day=days_after(-days)) for days in ago))
    assert (stats.streak, stats.longest) == (2, 4)


def test_a_streak_that_ended_is_none() -> None:
    """Nothing yesterday nor today: no streak, and the longest stays."""
    stats = gathered(review("a", day=days_after(-2)), review("b", day=days_after(-3)))
    assert (stats.streak, stats.longest) == (0, 2)


def test_days_hold_what_was_done_on_them() -> None:
    """Answers, right ones, and the time, of which no answer takes more than ten minutes."""
    rows = [review("a", seconds=30), review("b", at=noon(DAY) + 5, rating=1, seconds=4000)]
    [day] = gathered(*rows).days
    assert (day.day, day.answers, day.right, day.seconds) == (DAY, 2, 1, 30 + PATIENT)
    assert (day.first.at, day.last.at) == (noon(DAY), noon(DAY) + 5)


def test_recall_is_expected_of_what_was_never_asked_too() -> None:
    """One of two questions of a topic was answered today: half is known."""
    zoo, ark = gathered(review("a")).topics
    assert (zoo.asked, zoo.questions, zoo.today, zoo.then) == (1, 2, 0.5, None)
    assert (ark.asked, ark.today) == (0, 0.0)


def test_recall_on_the_day_of_the_interview_is_that_of_the_state_then() -> None:
    """If nothing more is done it falls, as far as memory says."""
    goal = Goal(days_after(30), 20)
    zoo, _ = gathered(review("a"), goal=goal).topics
    state = memory.replay([review("a")], DAY)["zoo/one"]
    assert zoo.then == memory.recall(state, goal.day) / 2
    assert zoo.then < zoo.today


def test_what_is_overdue_counts_today() -> None:
    """Answered long ago: due today and on no other day."""
    stats = gathered(review("a", day=days_after(-300)))
    assert stats.due[0] == Due(DAY, 1)
    assert sum(due.questions for due in stats.due) == 1


def test_what_comes_counts_on_its_day() -> None:
    """The day is that of `memory.due`."""
    rows = [review("a", rating=2), review("b", question="ark/three", rating=3)]
    states = memory.replay(rows, DAY)
    days = [memory.due(states[name]) for name in ("zoo/one", "ark/three")]
    due = {due.day: due.questions for due in gathered(*rows).due if due.questions}
    assert due == {day: days.count(day) for day in days}


def test_a_question_missed_again_and_again_is_a_leech() -> None:
    """From the eighth miss on, and not before."""
    rows = [review(str(turn), day=days_after(turn - 20), rating=1) for turn in range(LEECH)]
    right = review("right", day=days_after(-2))
    assert gathered(*rows, right).leeches == (Leech("zoo/one", LEECH, LEECH + 1),)
    assert gathered(*rows[1:], right).leeches == ()
    assert gathered(*rows, right, topic="ark").leeches == ()


def test_the_slowest_are_those_of_the_largest_mean() -> None:
    """By the mean of at least two timed answers; one that was not timed does not count."""
    took = {"zoo/one": (10, 30), "zoo/two": (50, 0, 40), "ark/three": (90, 0), "zoo/gone": (99, 99)}
    rows = [
        review(f"{name}{turn}", question=name, at=noon(DAY) + turn, seconds=seconds)
        for name, each in took.items()
        for turn, seconds in enumerate(each)
    ]
    assert gathered(*rows).slowest == (Slow("zoo/two", 45, 2), Slow("zoo/one", 20, 2))


def test_only_the_slowest_five() -> None:
    """However many questions there are."""
    entries = [Entry("zoo", f"q{turn}", "choice", "mid", core=False) for turn in range(9)]
    rows = [
        review(f"{entry.id}{turn}", question=entry.name, at=noon(DAY) + turn, seconds=place + 1)
        for place, entry in enumerate(entries)
        for turn in range(2)
    ]
    desk = Desk(entries, {}, DAY, None, SECONDS, {})
    slowest = gather(rows, desk, moment(DAY)).slowest
    assert [slow.name for slow in slowest] == [f"zoo/q{k}" for k in (8, 7, 6, 5, 4)][:SLOWEST]


def test_kinds_and_levels_come_in_their_order() -> None:
    """Choice before numeric, junior before senior; an unknown kind last; a gone question has no level."""
    rows = [
        review("a", question="zoo/two", kind="numeric"),
        review("b", question="zoo/gone", kind="code", rating=1),
        review("c", rating=1),
    ]
    stats = gathered(*rows)
    assert list(stats.kinds.items()) == [
        ("choice", Score(1, 0)),
        ("numeric", Score(1, 1)),
        ("code", Score(1, 0)),
    ]
    assert list(stats.levels.items()) == [("junior", Score(1, 0)), ("senior", Score(1, 1))]
    assert stats.gone == 1


# ── the command ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without banks or history, 80 columns wide."""
    for name in ("NO_COLOR", "FORCE_COLOR", "DLPREP_BANKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DLPREP_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def test_the_document(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exact numbers, dates in ISO, and every topic whether answered or not."""
    topics = library.find().topics
    entry = topics[0].entries[0]
    day = days_after(-30)
    rows = [
        review("a", question=entry.name, day=day, seconds=12.345),
        review("b", question="old/gone", rating=1),
    ]
    History(folder / "history.db").add(rows, [Plan("p", noon(DAY), 0, DAY, days_after(22), 20)])
    assert command.run(None, [], "never", moment(DAY), as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    assert (found["today"], found["interview"], found["topic"]) == ("2026-11-23", "2026-12-15", None)
    assert (found["answers"], found["right"], found["seconds"], found["gone"]) == (2, 1, 22.345, 1)
    assert found["days"][0] == {"day": "2026-10-24", "answers": 1, "right": 1, "seconds": 12.345}
    assert [topic["name"] for topic in found["topics"]] == [topic.name for topic in topics]
    state = memory.replay(rows, DAY)[entry.name]
    assert found["topics"][0] == {
        "name": topics[0].name,
        "questions": len(topics[0].entries),
        "asked": 1,
        "recall_today": memory.recall(state, DAY) / len(topics[0].entries),
        "recall_at_interview": memory.recall(state, days_after(22)) / len(topics[0].entries),
        "answers": 1,
        "right": 1,
    }
    assert len(found["due"]) == DAYS
    assert found["kinds"] == {"choice": {"answers": 2, "right": 1}}
    assert found["levels"] == {entry.level: {"answers": 1, "right": 1}}
    assert found["leeches"] == found["slowest"] == []


def test_one_topic_on_the_screen(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only its answers; where it has none, what to type."""
    one, other = library.find().topics[:2]
    History(folder / "history.db").append([review("a", question=one.entries[0].name)])
    assert command.run(one.name, [], "never", moment(DAY), as_json=False) == 0
    out = capsys.readouterr().out
    assert out.startswith(f" {one.name} · 1 answer on 1 day · 100% right")
    assert other.name not in out
    assert command.run(other.name, [], "never", moment(DAY), as_json=False) == 0
    out = capsys.readouterr().out
    assert out == f" Nothing answered in {other.name} yet. Next: dlprep quiz {other.name}\n"


@pytest.mark.usefixtures("folder")
def test_a_topic_that_is_not_there() -> None:
    """It says which was meant."""
    with pytest.raises(DlprepError, match="there is no topic 'backprob'") as raised:
        command.run("backprob", [], "never", moment(DAY), as_json=False)
    assert raised.value.hint == "did you mean backprop?"
