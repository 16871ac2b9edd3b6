"""`dlprep quiz`: choose questions, ask them, mark the replies, show the evidence."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TextIO

from rich.console import Console

from dlprep import library, quiz
from dlprep.ask.keyed import Keyed
from dlprep.ask.leave import Leave
from dlprep.ask.lined import Lined
from dlprep.bank import Topic
from dlprep.clean import clean
from dlprep.draw import palette
from dlprep.draw.strip import Picture
from dlprep.draw.summary import summary
from dlprep.errors import DlprepError
from dlprep.keys import Keys, interactive
from dlprep.library import Library
from dlprep.prefetch import Prefetch
from dlprep.quiz import Answered, Asked, Session, Wanted

DEMO_SEED = 0  # of the evidence, so that the demo played after it shows the same numbers
USUAL = 10  # questions a session
PATIENCE = 20.0  # seconds to wait for evidence that is not yet measured


def run(
    topics: Sequence[str],
    wanted: Wanted,
    count: int | None,
    seed: int,
    banks: Sequence[Path],
    color: str,
    clock: Callable[[], float],
    *,
    plain: bool,
) -> int:
    """Run one session and print its summary. The exit code: 2 when there was nobody to answer."""
    found = library.find(banks)
    _warn(found)
    if count is None and not wanted.core:
        count = USUAL
    asked = quiz.choose(_topics(found, topics), wanted, count, seed)
    if not asked:
        raise DlprepError(
            "no question is left with these filters", hint="`dlprep topics` counts what there is"
        )
    session = Session(asked)
    console = palette.console(color)
    if interactive(sys.stdin, sys.stdout) and not plain:
        with Keys() as keys:
            front = Keyed(keys, console, lambda one: _play(one, console, clock, keys))
            _ask_all(session, front)
            keys.on_resume = lambda: None
            _end(session, console)
            keys.flush()
        return 0
    _ask_all(session, Lined(sys.stdin, console))
    _end(session, console)
    if not session.answered and not _talks(sys.stdin):
        hint = "run it in a terminal, or pipe one answer a line: printf 'b\\n42\\n' | dlprep quiz --seed 1"
        raise DlprepError("standard input holds no answer that can be read", hint=hint)
    return 0


def _ask_all(session: Session, front: Keyed | Lined) -> None:
    """Ask one question after another until they or the user end the session."""
    count = len(session.asked)
    with Prefetch(DEMO_SEED) as prefetch:
        for place, asked in enumerate(session.asked, 1):
            question = asked.question
            reply = front.ask(asked, place, count, partial(prefetch.want, question))
            if reply is Leave.QUIT:
                return
            if isinstance(reply, Leave):
                session.answered.append(Answered(asked, None, None))
                continue
            answered = Answered(asked, reply, quiz.mark(asked, reply))
            session.answered.append(answered)
            if not front.reveal(answered, partial(prefetch.measured, question, PATIENCE)):
                return


def _topics(found: Library, names: Sequence[str]) -> list[Topic]:
    """The topics named, one named `topic/id` with that question alone; all of them when none is named."""
    return [_topic(found, name) for name in names] if names else list(found.topics)


def _topic(found: Library, name: str) -> Topic:
    topic = found.topic(name.partition("/")[0])
    return replace(topic, questions=(found.question(name),)) if "/" in name else topic


def _warn(found: Library) -> None:
    """One line about faulty banks; the rest of them works."""
    if found.problems:
        files = sorted({problem.where.path for problem in found.problems})
        told = f"problems in {', '.join(files)}: what they touch is left out; `dlprep check` says more"
        print(f"dlprep: {clean(told)}", file=sys.stderr)


def _end(session: Session, console: Console) -> None:
    console.print(Picture(summary(session, console.width, palette.Look.of(console))), end="")


def _talks(stdin: TextIO | None) -> bool:
    return stdin is not None and not stdin.closed and stdin.isatty()


def _play(asked: Asked, console: Console, clock: Callable[[], float], keys: Keys) -> None:
    """Play the demo behind a question, its knobs turned as the question has them."""
    from dlprep.commands import demo as command

    options = asked.drawn.watch if asked.drawn else ""
    topic = asked.question.topic if options else asked.question.evidence[0].topic
    command.play(topic, options, DEMO_SEED, console, clock, keys)
