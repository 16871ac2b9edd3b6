"""One session as it happens: each question asked, marked, saved before its verdict shows, and shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import final

from dlprep import memory, quiz
from dlprep.ask.keyed import Keyed
from dlprep.ask.leave import Leave, Spot
from dlprep.ask.lined import Lined
from dlprep.choose import Desk
from dlprep.draw import outlook
from dlprep.draw.outlook import Outlook
from dlprep.history import Unsaved
from dlprep.keeper import Keeper
from dlprep.library import Library
from dlprep.memory import State
from dlprep.number import counted
from dlprep.prefetch import Prefetch
from dlprep.quiz import Asked, Reply
from dlprep.review import AGAIN, Moment, Review
from dlprep.session import RETURNS, Answered, Session, Turn

DEMO_SEED = 0  # of the evidence, so that the demo played after it shows the same numbers
PATIENCE = 20.0  # seconds to wait for evidence that is not yet measured


@final
class Sitting:
    """A session, the front that asks, and the keeper that saves; without a keeper nothing is.

    Attributes:
        states: what is remembered, this session's answers included.
    """

    def __init__(
        self,
        session: Session,
        front: Keyed | Lined,
        found: Library,
        desk: Desk,
        keeper: Keeper | None,
        clock: Callable[[], float],
        now: Callable[[], Moment],
        *,
        timed: bool,
    ) -> None:
        self.session, self.front, self.keeper = session, front, keeper
        self.states = dict(desk.states)
        self._found, self._desk, self._clock, self._now, self._timed = found, desk, clock, now, timed
        self._before: list[tuple[str, State | None]] = []  # what each answer changed, for undo
        self._warned = False

    def go(self) -> None:
        """Ask one question after another until they or the user end the session."""
        self._warn()
        try:
            with Prefetch(DEMO_SEED) as prefetch:
                while self.session.queue and self._one(self.session.queue[0], prefetch):
                    pass
        except BaseException:  # also a signal: what is unsaved is rescued first
            self.finish()
            raise

    def finish(self) -> str:
        """Try once more to save what is not, else put it aside. What to say about it; "" when all is safe."""
        if not self.keeper:
            return ""
        if self.keeper.problem:
            self.keeper.add()
        if not self.keeper.problem:
            return ""
        count = len(self.keeper.unsaved)
        problem = self.keeper.problem
        told = (
            f"{counted(count, 'answer')} of this session not saved: {problem.message}\n{problem.hint}".strip()
        )
        aside = self.keeper.rescue() if count and self.keeper.worked else None
        return f"{told}\nUntil then they are here: `dlprep history merge {_quoted(aside)}`" if aside else told

    def tomorrow(self) -> int | None:
        """How many questions will be due tomorrow, as it looks now; None where nothing is saved."""
        if not self.keeper:
            return None
        day = self._desk.today + timedelta(days=1)
        names = {entry.name for entry in self._desk.entries}
        target = self._desk.target
        return sum(memory.due(state, target) <= day for name, state in self.states.items() if name in names)

    # ── one question ────────────────────────────────────────────────────────────────────────────────

    def _one(self, turn: Turn, prefetch: Prefetch) -> bool:
        """Ask the next question; False when the user ends the session."""
        name = turn.pick.entry.name
        question = self._found.question(name)
        asked = quiz.ask(question, turn.seed)
        why = outlook.reason(turn.pick.why, self.states.get(name), self._desk)
        start = 0.0

        def shown() -> None:
            nonlocal start
            prefetch.want(question)
            if not self.session.answered:
                self.back_up()
            start = self._clock()

        reply = self.front.ask(asked, Spot(self.session.place, self.session.count, why), shown)
        if reply is Leave.QUIT:
            return False
        if reply is Leave.UNDO:
            self._undo()
        elif isinstance(reply, Leave):
            self.session.add(Answered(asked, None, None, turn))
        else:
            answered = self._answer(asked, reply, turn, self._clock() - start)
            measured = partial(prefetch.measured, question, PATIENCE)
            after = self.front.reveal(answered, self._outlook(answered, turn), measured)
            if after is Leave.UNDO:
                self._undo()
            elif isinstance(after, int):
                self._rate(after)
            return after is not Leave.QUIT
        return True

    def _answer(self, asked: Asked, reply: Reply, turn: Turn, seconds: float) -> Answered:
        """Mark a reply and save it, before anything of it is shown."""
        verdict = quiz.mark(asked, reply)
        kind = asked.question.kind
        # a pipe answers fast without knowing anything, and so does who has just read the answer
        timed = seconds if self._timed and not turn.seen else None
        rating = memory.rating(kind, right=verdict.right, seconds=timed, words=asked.length)
        answered = Answered(asked, reply, verdict, turn, rating, seconds, _uuid())
        self._save(answered)
        self.session.add(answered)
        name = asked.question.name
        self._before.append((name, self.states.get(name)))
        self._learn(answered)
        return answered

    def _rate(self, rating: int) -> None:
        """Change the last answer's rating: a row that replaces the first."""
        old = self.session.answered[-1]
        if rating != old.rating:
            new = self.session.rate(rating, _uuid())
            self._save(new, replaces=old.review)
            self._learn(new)

    def _learn(self, answered: Answered) -> None:
        """Remember the last answer, on what was remembered before it."""
        name, before = self._before[-1]
        rating = answered.rating or AGAIN
        self.states[name] = memory.reviewed(before, rating, self._desk.today, answered.seconds)

    def _undo(self) -> None:
        """Take back the last answer: a row that says so."""
        taken = self.session.undo()
        if taken is None:
            self.front.note("there is no answer to take back in this session")
            return
        self._save(taken, undo=True)
        name, before = self._before.pop()
        if before:
            self.states[name] = before
        else:
            del self.states[name]
        self.front.note(f"taken back: your answer to {name}")

    def _outlook(self, answered: Answered, turn: Turn) -> Outlook | None:
        """When the question comes back; None where nothing is saved, for then it never knows."""
        if not self.keeper:
            return None
        _, before = self._before[-1]
        days = memory.intervals(before, self._desk.today, self._desk.target)
        left = self._desk.goal.left(self._desk.today) if self._desk.goal else None
        return Outlook(answered.rating or AGAIN, days, turn.misses < RETURNS, left)

    # ── saving ──────────────────────────────────────────────────────────────────────────────────────

    def _save(self, answered: Answered, *, replaces: str | None = None, undo: bool = False) -> None:
        if not self.keeper or answered.reply is None or answered.verdict is None:
            return
        from dlprep import replytext  # after the first question is on the screen

        now, question = self._now(), answered.asked.question
        row = Review(
            id=_uuid() if undo else answered.review,
            at=now.at,
            offset=now.offset,
            day=now.day,
            question=question.name,
            kind=question.kind,
            seed=answered.asked.seed,
            reply="" if undo else replytext.write(answered.reply),
            right=not undo and answered.verdict.right,
            share=0.0 if undo else answered.verdict.share,
            rating=None if undo else answered.rating,
            seconds=0.0 if undo else answered.seconds,
            replaces=answered.review if undo else replaces,
        )
        self.keeper.add(row)
        self._warn()

    def _warn(self) -> None:
        """Say once that nothing is saved, and once that it is again."""
        problem = self.keeper.problem if self.keeper else None
        if problem and not self._warned:
            told = f"not saved: {problem.message}. You can go on; saving is tried again with each answer"
            self.front.warn(told)
        elif self._warned and not problem:
            self.front.note("saved now, with everything before")
        self._warned = problem is not None

    def back_up(self, *, again: bool = False) -> None:
        """Once a day, while the first question is being read; and `again` when the session is over."""
        if not self.keeper or self.keeper.problem:
            return
        from dlprep import backup

        try:
            backup.daily(self.keeper.history.path, self._desk.today, again=again)
        except Unsaved as problem:
            self.front.warn(f"no backup today: {problem}")


def _uuid() -> str:
    """A new id for a row of the history."""
    from uuid import uuid4  # takes 2 ms to import: not before the first question is on the screen

    return str(uuid4())


def _quoted(file: Path) -> str:
    """A path as it may be typed in a shell."""
    from shlex import quote

    return quote(str(file))
