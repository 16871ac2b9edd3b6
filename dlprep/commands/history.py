"""`dlprep history`: where answers are, taking them elsewhere, merging others', looking at them again."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from dlprep import backup, exchange, library, quiz, replytext
from dlprep.clean import clean
from dlprep.commands import learner
from dlprep.draw import palette
from dlprep.draw import past as drawn
from dlprep.draw import question as page
from dlprep.draw.strip import Picture, Strip
from dlprep.errors import DlprepError
from dlprep.history import Unsaved
from dlprep.number import counted
from dlprep.review import Moment, Review, standing
from dlprep.session import Answered


def path() -> int:
    """Print where the history is, or would be."""
    print(clean(str(learner.history().path)))
    return 0


def export(file: str, *, force: bool) -> int:
    """Write the history to a file, or as lines to standard output for `-`."""
    kept = learner.history()
    if file == "-":
        if kept.end() is None and not kept.plans():
            raise DlprepError(f"there is no history yet at {kept.path}", hint="answer a question first")
        for line in exchange.lines(kept):
            print(line)
        return 0
    exchange.export(kept, Path(file), force=force)
    print(clean(f"wrote {counted(len(kept.reviews()), 'review')} to {file}"))
    return 0


def merge(file: Path, now: Moment) -> int:
    """Add the reviews of another history, and back up what that comes to."""
    kept = learner.history()
    merged = exchange.merge(kept, file)
    plans = f", {counted(merged.plans, 'plan')}" if merged.plans else ""
    print(clean(f"{counted(merged.new, 'new review')}{plans}, {merged.known} known already, in {kept.path}"))
    if merged.new or merged.plans:
        try:
            backup.daily(kept.path, now.day, again=True)
        except Unsaved as problem:  # what was merged is saved
            print(clean(f"dlprep: no backup today: {problem}"), file=sys.stderr)
    return 0


def show(name: str | None, count: int, banks: Sequence[Path], color: str, now: Moment) -> int:
    """List the last answers, those to one topic or question, or show the one whose id begins so."""
    reviews = standing(learner.history().reviews())
    if not reviews:
        raise DlprepError("there is no history yet", hint="answer a question first: dlprep quiz")
    console = palette.console(color)
    look = palette.Look.of(console)
    about = [
        review
        for review in reviews
        if not name or name in (review.question, review.question.partition("/")[0])
    ]
    if not about:
        one = _named(reviews, name or "")
        console.print(Picture(_again(one, banks, now, console.width, look)), end="")
        return 0
    console.print(Picture(drawn.lines(about[-count:], now.day, console.width, look)), end="")
    sys.stdout.flush()
    print(f"\n Next: dlprep history show {about[-1].id[: drawn.SHORT]}")
    return 0


def _named(reviews: Sequence[Review], start: str) -> Review:
    """The one review whose id begins so."""
    found = [review for review in reviews if review.id.startswith(start)]
    if len(found) == 1:
        return found[0]
    if found:
        raise DlprepError(f"{len(found)} answers begin with {start!r}", hint="give more of the id")
    hint = "name a topic, a topic/id, or the start of an id that `dlprep history show` lists"
    raise DlprepError(f"no answer is known by {start!r}", hint=hint)


def _again(review: Review, banks: Sequence[Path], now: Moment, width: int, look: palette.Look) -> list[Strip]:
    """An answer as it was: the question with its numbers and order, the reply, and the verdict."""
    head = drawn.head(review, now.day, width, look)
    found = library.find(banks)
    try:
        question = found.question(review.question)
    except DlprepError:
        return [*head, *drawn.gone(review, "this question is in no bank any more", width, look)]
    asked, reply = quiz.ask(question, review.seed), replytext.read(review.reply)
    if reply is None or not quiz.fits(asked, reply):
        return [*head, *drawn.gone(review, "this question was changed since", width, look)]
    answered = Answered(asked, reply, quiz.mark(asked, reply))
    return [
        *head,
        *page.ask(asked, width, look),
        *drawn.reply(asked, reply, width, look),
        *page.verdict(answered, width, look),
    ]
