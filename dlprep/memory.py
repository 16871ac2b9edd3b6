"""What is remembered of each question, from its reviews alone: pure, by the `fsrs` library.

Throughout:
    S  stability: the days after which recall has fallen to 0.9
    D  difficulty, 1 … 10
    R  recall: the probability of answering right now
    t  study days since the last answer

Time is counted in study days, as FSRS was fitted to: two answers of one study day are 0 days apart, however
many hours lie between them. There are no learning steps and no fuzz, so the same reviews always come to the
same state.

Source: Ye, Su and Cao 2022, "A stochastic shortest path algorithm for optimizing spaced repetition
scheduling", KDD; the version and its weights are the library's (FSRS-6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from dlprep.review import AGAIN, EASY, GOOD, PATIENT, RATINGS, Review, standing

if TYPE_CHECKING:  # fsrs is imported with the first answer or replay: it takes a tenth of the start
    from fsrs import Card, Rating, Scheduler

DECAY = 0.1542  # of FSRS-6's forgetting curve
FACTOR = 0.9 ** (-1 / DECAY) - 1  # makes R = 0.9 at t = S
RETENTION = 0.9  # the recall at which a question is due when no interview is near
LONGEST = 36_500  # days
LEECH = 8  # misses after which asking again is not what helps
AHEAD = timedelta(days=1)  # how far a flight west may put an answer ahead of today
READ = 0.25  # seconds a word
THINK = {"choice": 3.0, "numeric": 10.0, "order": 8.0}  # seconds to answer at once, once it is read


class State(NamedTuple):
    """What is remembered of one question.

    Attributes:
        stability: S, days.
        difficulty: D, 1 … 10.
        day: the study day of the last answer.
        answers: how often it was answered.
        misses: how often it was answered wrong.
        first: the rating of the first answer.
        last: the rating of the last answer.
        seconds: spent on it in all, no answer counted for more than ten minutes.
        repeats: answers a day or more after the one before.
        foreseen: the sum of R at the times of these.
        recalled: how many of them were right.
    """

    stability: float
    difficulty: float
    day: date
    answers: int
    misses: int
    first: int
    last: int
    seconds: float
    repeats: int = 0
    foreseen: float = 0.0
    recalled: int = 0

    @property
    def leech(self) -> bool:
        """Whether it was missed so often that asking again does not help."""
        return self.misses >= LEECH


# ── from reviews to states ──────────────────────────────────────────────────────────────────────────


def replay(reviews: Iterable[Review], today: date) -> dict[str, State]:
    """The state of every question that was answered; answers dated later than tomorrow do not count yet."""
    last = today + AHEAD
    by_question: defaultdict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        if review.day <= last:
            by_question[review.question].append(review)
    found = {name: standing(rows) for name, rows in by_question.items()}
    return {name: _replayed(rows) for name, rows in found.items() if rows}


def waiting(reviews: Iterable[Review], today: date) -> set[str]:
    """The questions with answers dated later than tomorrow, which a clock that was wrong leaves behind."""
    return {review.question for review in reviews if review.day > today + AHEAD}


def _replayed(reviews: Sequence[Review]) -> State:
    """The state after the reviews of one question, given in the order of time."""
    answer, ratings = _scheduler().review_card, _ratings()
    card, day, misses, seconds = _card(), reviews[0].day, 0, 0.0
    repeats, foreseen, recalled = 0, 0.0, 0
    for review in reviews:
        rated = review.rating or AGAIN
        if review.day > day:  # a clock that was set back takes no day away
            repeats += 1
            foreseen += _curve((review.day - day).days, card.stability or 0.0)
            recalled += rated > AGAIN
            day = review.day
        card, _ = answer(card, ratings[rated - 1], _noon(day))
        misses += rated == AGAIN
        seconds += min(review.seconds, PATIENT)
    first = reviews[0].rating or AGAIN
    counts = (len(reviews), misses, first, rated, seconds, repeats, foreseen, recalled)
    return State(card.stability or 0.0, card.difficulty or 0.0, day, *counts)


def reviewed(state: State | None, rating: int, day: date, seconds: float = 0.0) -> State:
    """The state after one more answer; `state` is None before the first."""
    old = state or State(0.0, 0.0, day, 0, 0, rating, rating, 0.0)
    day = max(day, old.day)
    card, _ = _scheduler().review_card(_card(state), _ratings()[rating - 1], _noon(day))
    again = day > old.day
    return State(
        card.stability or 0.0,
        card.difficulty or 0.0,
        day,
        old.answers + 1,
        old.misses + (rating == AGAIN),
        old.first,
        rating,
        old.seconds + min(seconds, PATIENT),
        old.repeats + again,
        old.foreseen + (recall(old, day) if again else 0.0),
        old.recalled + (again and rating > AGAIN),
    )


def _card(state: State | None = None) -> Card:
    """The library's card in this state. Without an id and a due date it would read the clock, and sleep."""
    from fsrs import Card
    from fsrs import State as Phase

    if state is None:
        return Card(card_id=0, due=_noon(date.min))
    return Card(0, Phase.Review, None, state.stability, state.difficulty, _noon(state.day), _noon(state.day))


@cache
def _scheduler() -> Scheduler:
    from fsrs import Scheduler

    return Scheduler(
        desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )


@cache
def _ratings() -> tuple[Rating, ...]:
    from fsrs import Rating

    return tuple(Rating(number) for number in RATINGS)


@cache
def _noon(day: date) -> datetime:
    """A study day as the library counts days: all answers of one day at one time."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=timezone.utc)


# ── from a state to what it means today ─────────────────────────────────────────────────────────────


def recall(state: State, day: date) -> float:
    """R on a study day: (1 + FACTOR · t / S) ^ −DECAY."""
    return _curve(max(0, (day - state.day).days), state.stability)


def _curve(t: int, S: float) -> float:
    return float((1 + FACTOR * t / S) ** -DECAY)


def interval(stability: float, retention: float = RETENTION) -> int:
    """The whole days, 1 at least, until R falls to `retention`."""
    if retention <= 0:
        return LONGEST
    days: float = stability / FACTOR * (retention ** (-1 / DECAY) - 1)
    return max(1, round(min(days, LONGEST)))


def due(state: State, retention: float = RETENTION) -> date:
    """The study day on which R will have fallen to `retention`."""
    return state.day + timedelta(days=interval(state.stability, retention))


def intervals(state: State | None, day: date, retention: float = RETENTION) -> dict[int, int]:
    """For each rating the days until the question would come back."""
    return {rating: interval(reviewed(state, rating, day).stability, retention) for rating in RATINGS}


# ── rating ──────────────────────────────────────────────────────────────────────────────────────────


def rating(kind: str, *, right: bool, seconds: float | None, words: int) -> int:
    """The rating of an answer: Again when wrong, Good when right, Easy when right and fast.

    Fast is reading `words` words and answering at once. Kinds that are ticked by hand are never Easy by
    themselves, nor is an answer that was not timed (`seconds` is None), such as a piped one.
    """
    if not right:
        return AGAIN
    quick = kind in THINK and seconds is not None and seconds <= READ * words + THINK[kind]
    return EASY if quick else GOOD
