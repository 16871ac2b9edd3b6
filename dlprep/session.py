"""A session as data: what is still to be asked, what became of the rest, and what coming back means."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple, final

from dlprep.choose import Pick
from dlprep.quiz import Asked, Reply, Verdict
from dlprep.review import AGAIN

GAP = 3  # questions between a miss and its return, where there are as many
RETURNS = 2  # times a question comes back in one session: after that, tomorrow is better
SEEDS = 2**31


class Turn(NamedTuple):
    """A question to be asked.

    Attributes:
        pick: which one, and why.
        seed: of its numbers and its order.
        misses: how often it was missed before in this session.
        seen: whether its answer was shown in this session, so that knowing it now says little.
    """

    pick: Pick
    seed: int
    misses: int = 0
    seen: bool = False


class Answered(NamedTuple):
    """One question of a session with what became of it.

    Attributes:
        asked: the question as it was shown.
        reply: None when it was skipped; then there is no verdict either.
        verdict: right or wrong.
        turn: why it was asked.
        rating: 1 Again … 4 Easy.
        seconds: from the question to the reply.
        review: the id under which the history has it.
    """

    asked: Asked
    reply: Reply | None
    verdict: Verdict | None
    turn: Turn | None = None
    rating: int | None = None
    seconds: float = 0.0
    review: str = ""


class Score(NamedTuple):
    """How a topic went in a session."""

    topic: str
    right: int
    answered: int


@final
class Session:
    """What is to be asked, in order, and what was answered. A missed question comes back with a new seed.

    Attributes:
        queue: what is still to come, the next one first.
        answered: what was answered or skipped, in order.
    """

    def __init__(self, picks: Sequence[Pick], chance: random.Random) -> None:
        self._chance = chance
        self.queue = [self._turn(pick) for pick in picks]
        self.answered: list[Answered] = []

    @property
    def place(self) -> int:
        """The number of the question that is next, from 1."""
        return len(self.answered) + 1

    @property
    def count(self) -> int:
        """How many questions there will be in all, as it looks now."""
        return len(self.answered) + len(self.queue)

    def add(self, answered: Answered) -> None:
        """Take note of what became of the next question, and let it come back when it was missed."""
        self.queue.pop(0)
        self.answered.append(answered)
        self._return(answered)

    def rate(self, rating: int, review: str) -> Answered:
        """Give the last answer another rating, kept under a new id; whether it comes back follows from it."""
        old = self.answered[-1]
        self.answered[-1] = old._replace(rating=rating, review=review)
        self._forget(old)
        self._return(self.answered[-1])
        return self.answered[-1]

    def undo(self) -> Answered | None:
        """Take back the last answer: its question is next again, with a new seed, and skipped ones after it.

        Returns:
            The answer that was taken back; None when there is none.
        """
        if not self.marked():
            return None
        while True:
            last = self.answered.pop()
            if last.turn:
                self.queue.insert(
                    0, last.turn._replace(seed=self._chance.randrange(SEEDS), seen=last.verdict is not None)
                )
            if last.verdict:
                self._forget(last)
                return last

    def _turn(self, pick: Pick, misses: int = 0) -> Turn:
        return Turn(pick, self._chance.randrange(SEEDS), misses, seen=misses > 0)

    def _return(self, answered: Answered) -> None:
        turn = answered.turn
        if turn and answered.rating == AGAIN and turn.misses < RETURNS:
            again = self._turn(Pick(turn.pick.entry, "again"), turn.misses + 1)
            self.queue.insert(min(GAP, len(self.queue)), again)

    def _forget(self, answered: Answered) -> None:
        """Let an answer's question not come back on its account."""
        name = answered.asked.question.name
        misses = answered.turn.misses if answered.turn else 0
        self.queue = [turn for turn in self.queue if turn.pick.entry.name != name or turn.misses <= misses]

    # ── how it went ─────────────────────────────────────────────────────────────────────────────────

    def scores(self) -> list[Score]:
        """Right and answered per topic, skipped questions left out, in the order first met."""
        by_topic: dict[str, list[bool]] = {}
        for item in self.marked():
            by_topic.setdefault(item.asked.question.topic, []).append(
                item.verdict is not None and item.verdict.right
            )
        return [Score(topic, sum(marks), len(marks)) for topic, marks in by_topic.items()]

    def reread(self) -> list[Asked]:
        """The questions worth reading again: those last answered wrong, the worst first, then the skipped."""
        last = {item.asked.question.name: item for item in self.answered}.values()
        missed = [item for item in last if item.verdict and not item.verdict.right]
        missed.sort(key=lambda item: item.verdict.share if item.verdict else 0.0)
        return [item.asked for item in (*missed, *(item for item in last if item.verdict is None))]

    def marked(self) -> list[Answered]:
        """The answers that were marked."""
        return [item for item in self.answered if item.verdict is not None]
