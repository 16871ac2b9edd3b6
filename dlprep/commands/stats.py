"""`dlprep stats`: where someone stands."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dlprep import library, stats
from dlprep.commands.learner import all_entries, learner
from dlprep.draw import palette
from dlprep.draw import stats as drawn
from dlprep.draw.strip import Picture
from dlprep.review import Moment
from dlprep.stats import Score, Stats


def run(topic: str | None, banks: Sequence[Path], color: str, now: Moment, *, as_json: bool) -> int:
    """Print where the learner stands, in everything or in one topic.

    Raises:
        DlprepError: there is no such topic, or the history cannot be used.
    """
    found = library.find(banks)
    if topic is not None:
        found.listed(topic)  # or say which was meant
    who = learner(now)
    desk = who.desk(found, all_entries(found))
    counted = stats.gather(who.history.reviews(), desk, now, topic)
    if as_json:
        json.dump(_document(counted), sys.stdout, indent=2)
        print()
        return 0
    console = palette.console(color)
    look = palette.Look.of(console)
    console.print(Picture(drawn.page(counted, console.width, look)), end="")
    return 0


def _document(counted: Stats) -> dict[str, Any]:
    """Exact numbers; seconds, and recall as a probability."""
    goal = counted.goal
    return {
        "schema": 1,
        "today": counted.today.isoformat(),
        "topic": counted.topic,
        "interview": goal.day.isoformat() if goal else None,
        **counted.score._asdict(),
        "seconds": counted.seconds,
        "streak": counted.streak,
        "longest_streak": counted.longest,
        "days": [
            {"day": day.day.isoformat(), "answers": day.answers, "right": day.right, "seconds": day.seconds}
            for day in counted.days
        ],
        "topics": [
            {
                "name": topic.name,
                "questions": topic.questions,
                "asked": topic.asked,
                "recall_today": topic.today,
                "recall_at_interview": topic.then,
                **topic.score._asdict(),
            }
            for topic in counted.topics
        ],
        "kinds": _scores(counted.kinds),
        "levels": _scores(counted.levels),
        "gone": counted.gone,
        "due": [{"day": due.day.isoformat(), "questions": due.questions} for due in counted.due],
        "leeches": [leech._asdict() for leech in counted.leeches],
        "foresight": counted.foresight._asdict(),
        "slowest": [slow._asdict() for slow in counted.slowest],
    }


def _scores(scores: Mapping[str, Score]) -> dict[str, dict[str, int]]:
    return {name: score._asdict() for name, score in scores.items()}
