"""`dlprep` by itself: what there is, where the learner stands, and what to type."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from dlprep import choose, demo, library, memory, plan
from dlprep.bank import Entry
from dlprep.choose import Desk, Pick
from dlprep.commands.learner import Learner, all_entries, history, learner, seconds_left
from dlprep.database import writable
from dlprep.draw import home as drawn
from dlprep.draw import palette
from dlprep.draw.home import Home, Stand
from dlprep.draw.strip import Picture
from dlprep.errors import DlprepError
from dlprep.review import Moment
from dlprep.streak import streak

SEED = 0  # of the choice that today's questions are counted by
DEMO = "backprop"  # to watch where no topic is weak
WEAKEST = 2  # topics


def run(banks: Sequence[Path], color: str, now: Moment) -> int:
    """Print the first screen. The exit code: 2 when the history is there but cannot be used."""
    found = library.find(banks)
    entries = all_entries(found)
    path = history().path
    stand, weakest, problem, hint = None, [], "", ""
    try:
        who = learner(now)
        desk = who.desk(found, entries)
        weakest = _weakest(desk)
        stand = _stand(who, desk, weakest) if who.memory.states or who.goal else None
    except DlprepError as error:
        problem, hint = error.message, error.hint
    demos = demo.names()
    watch = next((topic for topic, _ in weakest if topic in demos), DEMO)
    home = Home(
        now.day,
        len(found.topics),
        len(entries),
        sum(entry.core for entry in entries),
        len(demos),
        watch,
        demo.headline(watch),
        stand,
        problem,
        hint,
        unsaved="" if writable(path) else str(path),
    )
    console = palette.console(color)
    console.print(Picture(drawn.page(home, console.width, palette.Look.of(console))), end="")
    return 2 if problem else 0


def _weakest(desk: Desk) -> list[tuple[str, float]]:
    """Topics and the expected recall today of what was asked of them, the weakest first."""
    recalls = plan.recalls(_seen(desk), desk.states, desk.today)
    return sorted(recalls.items(), key=lambda one: (one[1], one[0]))


def _stand(who: Learner, desk: Desk, weakest: Sequence[tuple[str, float]]) -> Stand:
    days = who.history.days()
    left = seconds_left(who.goal, days, desk.today) if who.goal else 0.0
    picks = _today(desk, left)
    new = sum(pick.why == "new" for pick in picks)
    missed = plan.missed(who.made, desk.today, days) if who.made else 0
    coming = [memory.due(desk.states[each.name], desk.target) for each in _seen(desk)]
    return Stand(
        who.goal,
        missed,
        streak(days, who.now),
        len(picks) - new,
        sum(desk.seconds(pick.entry) for pick in picks),
        new if who.goal else _unseen(desk),
        weakest[:WEAKEST],
        min(coming) if coming and len(picks) == new else None,
        spent=who.goal is not None and not picks and choose.anything(desk),
        today=who.interview == desk.today,
    )


def _seen(desk: Desk) -> list[Entry]:
    return [entry for entry in desk.entries if entry.name in desk.states]


def _unseen(desk: Desk) -> int:
    return len(desk.entries) - len(_seen(desk))


def _today(desk: Desk, left: float) -> list[Pick]:
    """What is due; under a plan what fits the seconds that are left of the day, new questions among it."""
    chance = random.Random(SEED)
    if desk.goal:
        return choose.choose(desk, None, chance, seconds=left)
    return choose.choose(desk, "due", chance)
