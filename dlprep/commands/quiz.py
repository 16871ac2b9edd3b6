"""`dlprep quiz`: choose questions, ask them, mark and save the replies, show the evidence."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from dlprep import choose, library
from dlprep.ask.keyed import Keyed
from dlprep.ask.lined import Lined
from dlprep.bank import Entry
from dlprep.choose import Only, Wanted
from dlprep.clean import clean
from dlprep.commands.learner import Learner, learner, nobody, seconds_left
from dlprep.commands.sitting import DEMO_SEED, Sitting
from dlprep.draw import palette
from dlprep.draw.strip import Picture, Strip
from dlprep.draw.summary import nothing, summary
from dlprep.errors import DlprepError
from dlprep.keeper import Keeper
from dlprep.keys import Keys, interactive
from dlprep.library import Library
from dlprep.quiz import Asked
from dlprep.remembered import remembered
from dlprep.review import Moment
from dlprep.session import Session

USUAL = 10  # questions a session, when no plan says otherwise


def run(
    topics: Sequence[str],
    wanted: Wanted,
    only: Only | None,
    count: int | None,
    seed: int,
    banks: Sequence[Path],
    color: str,
    clock: Callable[[], float],
    now: Callable[[], Moment],
    *,
    plain: bool,
    save: bool,
) -> int:
    """Run one session and print its summary. The exit code: 2 when nobody answered, or not all is saved."""
    found = library.find(banks, keep=save)
    _warn(found)
    entries = [entry for entry in _entries(found, topics) if wanted.allows(entry)]
    if not entries:
        raise DlprepError(
            "no question is left with these filters", hint="`dlprep topics` counts what there is"
        )
    who = learner(now()) if save else _practising(now())
    desk = who.desk(found, entries)
    named = wanted.core or any("/" in name for name in topics)
    if named and only is None:
        only = "all"  # whoever names questions wants these
    chance = random.Random(seed)
    spent = False
    if count is None and only is None and who.goal:
        left = seconds_left(who.goal, who.history.days(), who.now.day)
        picks = choose.choose(desk, only, chance, seconds=left)
        spent = not picks and choose.anything(desk)
    else:
        picks = choose.choose(desk, only, chance, count=count if count or named else USUAL)
    console = palette.console(color)
    if not picks:
        _print(console, nothing(desk, only, spent, console.width, palette.Look.of(console)))
        return 0
    session = Session(picks, chance)
    keeper = Keeper(who.history) if save else None
    if keeper:
        keeper.add()  # finds out whether anything can be saved, before it matters
    if interactive(sys.stdin, sys.stdout) and not plain:
        with Keys() as keys:
            front = Keyed(keys, console, lambda one: _play(one, console, clock, keys))
            sitting = Sitting(session, front, found, desk, keeper, clock, now, timed=True)
            sitting.go()
            keys.on_resume = lambda: None
            code = _end(sitting, console, who)
            keys.flush()
        return code
    lined = Lined(sys.stdin, console)
    sitting = Sitting(session, lined, found, desk, keeper, clock, now, timed=lined.talks)
    sitting.go()
    code = _end(sitting, console, who)
    if not lined.heard and not lined.talks:
        hint = "run it in a terminal, or pipe one answer a line: printf 'b\\n42\\n' | dlprep quiz --seed 1"
        raise DlprepError("standard input holds no answer that can be read", hint=hint)
    return code


def _practising(now: Moment) -> Learner:
    """The learner, of whom nothing need be known where nothing is saved."""
    try:
        return learner(now)
    except DlprepError as problem:
        print(f"dlprep: {clean(problem.message)}: asking as if nothing had been asked", file=sys.stderr)
        return nobody(now)


def _end(sitting: Sitting, console: Console, who: Learner) -> int:
    """Show how it went, and see to what is not saved. The exit code."""
    look = palette.Look.of(console)
    _print(console, summary(sitting.session, sitting.tomorrow(), console.width, look))
    unsaved = sitting.finish()
    if unsaved:
        sitting.front.warn(unsaved)
        return 2
    sitting.back_up(again=True)
    if sitting.keeper:
        remembered(who.history, library.cache_folder(), who.now.day)  # the next start need not replay
    return 0


def _entries(found: Library, names: Sequence[str]) -> list[Entry]:
    """The questions of the topics named, or those named `topic/id`; all of them when nothing is named."""
    if not names:
        return [entry for topic in found.topics for entry in topic.entries]
    once: dict[str, Entry] = {}
    for name in names:
        listed = found.listed(name.partition("/")[0]).entries
        if "/" in name:
            found.question(name)  # or say which was meant
        once |= {entry.name: entry for entry in listed if name in (entry.name, entry.topic)}
    return list(once.values())


def _warn(found: Library) -> None:
    """One line about faulty banks; the rest of them works."""
    if found.problems:
        files = sorted({problem.where.path for problem in found.problems})
        told = f"problems in {', '.join(files)}: what they touch is left out; `dlprep check` says more"
        print(f"dlprep: {clean(told)}", file=sys.stderr)


def _print(console: Console, strips: Sequence[Strip]) -> None:
    console.print(Picture(strips), end="")


def _play(asked: Asked, console: Console, clock: Callable[[], float], keys: Keys) -> None:
    """Play the demo behind a question, its knobs turned as the question has them."""
    from dlprep.commands import demo as command

    options = asked.drawn.watch if asked.drawn else ""
    topic = asked.question.topic if options else asked.question.evidence[0].topic
    command.play(topic, options, DEMO_SEED, console, clock, keys)
