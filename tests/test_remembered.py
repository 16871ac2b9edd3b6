"""What is remembered equals a replay of every review, whatever became of the file that saves the time."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from dlprep import cache, database, memory, saving
from dlprep.history import History
from dlprep.memory import State
from dlprep.remembered import NAME, Remembered, _code, remembered
from dlprep.review import RATINGS, Review
from tests.reviews import DAY, days_after, noon, review
from tests.test_cache import Evil
from tests.test_exchange import hasty, uid

QUESTIONS = ("zoo/one", "zoo/two", "cnn/one", "cnn/two")
FUTURE = 5  # days by which a clock that is wrong goes ahead


def truth(history: History, today: date) -> tuple[dict[str, State], set[str]]:
    """The states and the waiting questions, from all reviews."""
    reviews = history.reviews()
    return memory.replay(reviews, today), memory.waiting(reviews, today)


def found(history: History, folder: Path, today: date) -> tuple[dict[str, State], set[str]]:
    """The same, as the commands get it."""
    result = remembered(history, folder, today)
    return dict(result.states), set(result.waiting)


# ── the law ─────────────────────────────────────────────────────────────────────────────────────────


class Walk(RuleBasedStateMachine):
    """All that can happen to a history and to the file beside it, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(saving, "_settle", lambda _: None)  # nothing here need reach the disk
        self.patch.setattr(database, "_connect", hasty)
        self.folder = Path(mkdtemp())
        self.history = History(self.folder / "history.db")
        self.today, self.number = DAY, 0

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.patch.undo()
        shutil.rmtree(self.folder)

    def add(self, question: str, day: date, rating: int | None, replaces: str | None = None) -> None:
        """Append a row."""
        self.number += 1
        at = noon(day) + self.number
        row = review(uid(self.number), question=question, day=day, at=at, rating=rating, replaces=replaces)
        self.history.append([row])

    @rule(
        question=st.sampled_from(QUESTIONS),
        rating=st.sampled_from(RATINGS),
        ahead=st.sampled_from([0, 0, 0, 1]),
    )
    def answer(self, question: str, rating: int, ahead: int) -> None:
        """An answer of today, or of tomorrow after a flight west."""
        self.add(question, self.today + timedelta(days=ahead), rating)

    @rule(question=st.sampled_from(QUESTIONS), rating=st.sampled_from(RATINGS))
    def answer_of_the_future(self, question: str, rating: int) -> None:
        """An answer by a clock that was wrong."""
        self.add(question, self.today + timedelta(days=FUTURE), rating)

    @rule(question=st.sampled_from(QUESTIONS), ago=st.integers(1, 40), rating=st.sampled_from(RATINGS))
    def merge_an_older_answer(self, question: str, ago: int, rating: int) -> None:
        """An answer of another machine that arrives late."""
        self.add(question, self.today - timedelta(days=ago), rating)

    @rule(chance=st.integers(0, 2**16), rating=st.none() | st.sampled_from(RATINGS))
    def take_back_or_rate_anew(self, chance: int, rating: int | None) -> None:
        """A row that replaces one of those there are."""
        reviews = self.history.reviews()
        if reviews:
            old = reviews[chance % len(reviews)]
            self.add(old.question, old.day, rating, old.id)

    @rule(days=st.integers(-3, FUTURE + 2))
    def days_pass(self, days: int) -> None:
        """The clock goes on, or back."""
        self.today += timedelta(days=days)

    @rule()
    def look(self) -> None:
        """What is remembered is the truth; the second look sees the same."""
        for _ in range(2):
            assert found(self.history, self.folder, self.today) == truth(self.history, self.today)

    @rule()
    def the_file_vanishes(self) -> None:
        """As caches do."""
        (self.folder / NAME).unlink(missing_ok=True)

    @rule(place=st.integers(0, 2**16), how=st.sampled_from(["cut", "turn", "junk"]))
    def the_file_rots(self, place: int, how: str) -> None:
        """It is cut short, a bit turns, or it is another's altogether."""
        file = self.folder / NAME
        data = (file.read_bytes() if file.exists() else b"") or b"?"
        place %= len(data)
        rot = {
            "cut": data[:place],
            "turn": data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :],
            "junk": b"junk",
        }
        file.write_bytes(rot[how])

    @rule()
    def back_up(self) -> None:
        """Keep the history as it is."""
        if self.history.path.exists():
            shutil.copy(self.history.path, self.folder / "backup.db")

    @rule()
    def restore(self) -> None:
        """An older history takes its place."""
        if (self.folder / "backup.db").exists():
            shutil.copy(self.folder / "backup.db", self.history.path)

    @rule()
    def the_history_vanishes(self) -> None:
        """And a new one begins with the next answer."""
        self.history.path.unlink(missing_ok=True)


TestWalk = Walk.TestCase
TestWalk.settings = settings(deadline=None, max_examples=50, stateful_step_count=25)


# ── one by one ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def history(tmp_path: Path) -> History:
    """Three answers to each of four questions."""
    made = History(tmp_path / "history.db")
    made.append([row for day in range(3) for row in answers(day)])
    return made


def answers(day: int, questions: Collection[str] = QUESTIONS) -> list[Review]:
    """An answer to each question on a day."""
    return [review(f"{day}{name}", question=name, day=days_after(day)) for name in questions]


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that are replayed from now on, in order."""
    names: list[str] = []
    plain = memory.replay

    def counted(reviews: Iterable[Review], today: date) -> dict[str, State]:
        rows = list(reviews)
        names.extend(sorted({row.question for row in rows}))
        return plain(rows, today)

    monkeypatch.setattr(memory, "replay", counted)
    return names


def test_without_a_history_nothing_is_remembered_and_nothing_written(tmp_path: Path) -> None:
    """Not even a folder."""
    assert remembered(History(tmp_path / "none.db"), tmp_path / "cache", DAY) == Remembered()
    assert list(tmp_path.iterdir()) == []


def test_the_second_look_replays_nothing(history: History, tmp_path: Path, replayed: list[str]) -> None:
    """And leaves the file as it is."""
    first = remembered(history, tmp_path, days_after(3))
    assert replayed == sorted(QUESTIONS)
    before = (tmp_path / NAME).stat()
    replayed.clear()
    assert remembered(history, tmp_path, days_after(9)) == first
    assert replayed == []
    assert (tmp_path / NAME).stat() == before


def test_only_questions_with_new_rows_are_replayed(
    history: History, tmp_path: Path, replayed: list[str]
) -> None:
    """An answer, one taken back, one that a merge brings late: each wakes its own question alone."""
    today = days_after(3)
    remembered(history, tmp_path, today)
    for row in (
        *answers(3, ["zoo/two"]),
        review("undo", question="cnn/one", day=days_after(2), rating=None, replaces="2cnn/one"),
        review("late", question="cnn/two", day=days_after(-30)),
    ):
        history.append([row])
        replayed.clear()
        result = found(history, tmp_path, today)
        assert replayed == [row.question]
        assert result == truth(history, today)


def test_what_waits_is_looked_at_until_its_day(history: History, tmp_path: Path, replayed: list[str]) -> None:
    """On the day before its own it counts, and is not looked at any more."""
    history.append(answers(9, ["zoo/two"]))
    for day, waits in ((3, True), (7, True), (8, False)):
        replayed.clear()
        result = remembered(history, tmp_path, days_after(day))
        assert set(replayed) == (set(QUESTIONS) if day == 3 else {"zoo/two"})
        assert result.waiting == ({"zoo/two"} if waits else set())
        assert result.states["zoo/two"].answers == (3 if waits else 4)
    replayed.clear()
    remembered(history, tmp_path, days_after(20))
    assert replayed == []


def test_another_history_is_replayed_whole(history: History, tmp_path: Path, replayed: list[str]) -> None:
    """Though it has more rows than the one before, and one of them of the same number."""
    remembered(history, tmp_path, days_after(3))
    history.path.unlink()
    history.append([review(f"other{day}", question="zoo/one", day=days_after(day)) for day in range(20)])
    replayed.clear()
    assert found(history, tmp_path, days_after(30)) == truth(history, days_after(30))
    assert set(replayed) == {"zoo/one"}


def test_all_taken_back_is_nothing_remembered(tmp_path: Path) -> None:
    """And what is answered after it is."""
    history = History(tmp_path / "history.db")
    history.append(
        [review("a", question="zoo/one"), review("b", question="zoo/one", rating=None, replaces="a")]
    )
    assert remembered(history, tmp_path, DAY).states == {}
    history.append([review("c", question="zoo/one"), review("d", question="zoo/two")])
    assert found(history, tmp_path, DAY) == truth(history, DAY)


def test_what_was_stored_and_is_taken_back_is_forgotten(history: History, tmp_path: Path) -> None:
    """A question without an answer that stands is one never asked; the others stay."""
    history.append([review("only", question="rnn/one")])
    assert "rnn/one" in remembered(history, tmp_path, days_after(3)).states
    history.append([review("undo", question="rnn/one", rating=None, replaces="only")])
    assert set(remembered(history, tmp_path, days_after(3)).states) == set(QUESTIONS)


def test_a_file_of_other_code_is_not_used(history: History, tmp_path: Path, replayed: list[str]) -> None:
    """States of another scheduler are none of ours."""
    right = remembered(history, tmp_path, days_after(3))
    wrong = right._replace(
        states={name: state._replace(stability=1.0) for name, state in right.states.items()}
    )
    cache.save(tmp_path / NAME, (("other code",), *wrong))
    replayed.clear()
    assert remembered(history, tmp_path, days_after(3)) == right
    assert replayed == sorted(QUESTIONS)
    cache.save(tmp_path / NAME, (_code(), *wrong))
    assert remembered(history, tmp_path, days_after(3)) == wrong  # this is what the check above is for


@pytest.mark.parametrize("place", range(5))
def test_nothing_in_a_foreign_file_is_run(place: int, history: History, tmp_path: Path) -> None:
    """A pickle that names a function is refused before it is called, wherever in it that stands."""
    right = remembered(history, tmp_path, days_after(3))
    forged: list[object] = [_code(), *right]
    forged[place] = Evil(tmp_path / "owned")
    cache.save(tmp_path / NAME, tuple(forged))
    assert remembered(history, tmp_path, days_after(3)) == right
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("forged", [(), (1,), 7, {}, ((), 1, "x", frozenset(), {}, 9), None])
def test_a_file_of_another_shape_is_not_used(forged: object, history: History, tmp_path: Path) -> None:
    """Whatever a sound pickle holds."""
    cache.save(tmp_path / NAME, forged)
    assert found(history, tmp_path, days_after(3)) == truth(history, days_after(3))


def test_where_nothing_can_be_stored_it_only_takes_longer(history: History, replayed: list[str]) -> None:
    """Every look replays everything."""
    for _ in range(2):
        replayed.clear()
        assert found(history, Path(os.devnull) / "cache", DAY) == truth(history, DAY)
        assert set(replayed) == set(QUESTIONS)


def test_the_order_in_which_rows_arrive_is_no_matter(tmp_path: Path) -> None:
    """Two machines that have the same rows remember the same, row by row or at once."""
    rows = [row for day in range(4) for row in answers(day, QUESTIONS[:2])]
    results = []
    for turn in range(4):
        history = History(tmp_path / f"{turn}.db")
        random.Random(turn).shuffle(rows)
        for row in rows:
            history.append([row])
            if turn % 2:
                remembered(history, tmp_path / str(turn), days_after(5))
        results.append(found(history, tmp_path / str(turn), days_after(5)))
    assert all(result == results[0] for result in results)


def test_a_clock_set_back_makes_no_difference_to_what_is_stored(history: History, tmp_path: Path) -> None:
    """The file only saves time: what was answered later does not count, as without it."""
    remembered(history, tmp_path, days_after(3))
    assert found(history, tmp_path, days_after(-1)) == truth(history, days_after(-1))
