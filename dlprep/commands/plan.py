"""`dlprep plan`: fix the day of the interview, and see what keeping to it comes to."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from dlprep import library, plan
from dlprep.choose import MINUTES, Desk, Goal
from dlprep.commands.learner import Learner, all_entries, learner, seconds_left
from dlprep.draw import palette
from dlprep.draw import plan as drawn
from dlprep.draw.strip import Picture
from dlprep.errors import DlprepError
from dlprep.history import Plan
from dlprep.plan import Forecast
from dlprep.review import Moment, study_day

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FARTHEST = 366  # days a plan may look ahead


def run(
    day: str | None,
    minutes: int | None,
    banks: Sequence[Path],
    color: str,
    now: Moment,
    *,
    drop: bool,
    as_json: bool,
) -> int:
    """Make, give up or show the plan.

    Raises:
        DlprepError: the day is none, is past or too far; there is no plan to show or to give up.
    """
    if drop and (day is not None or minutes or as_json):
        raise DlprepError(
            "--drop stands alone", hint="first give the plan up, or make a new one in its place"
        )
    found = library.find(banks)
    who = learner(now)
    if drop:
        return _drop(who)
    if day is not None or minutes:
        who = _made(who, day, minutes)
    if not who.goal:
        hint = "fix the day of the interview with dlprep plan --date YYYY-MM-DD --minutes 20"
        raise DlprepError("there is no plan, or its day has come", hint=hint)
    desk = who.desk(found, all_entries(found))
    days = who.history.days()
    cast = plan.forecast(desk, who.goal, seconds_left(who.goal, days, now.day))
    missed = plan.missed(who.made or now.day, now.day, days)
    if as_json:
        json.dump(_document(cast, desk, who.goal, missed), sys.stdout, indent=2)
        print()
        return 0
    console = palette.console(color)
    look = palette.Look.of(console)
    strips = [
        *drawn.head(who.goal, now.day, missed, console.width, look),
        *drawn.page(cast, desk.entries, who.goal, now.day, console.width, look),
    ]
    console.print(Picture(strips), end="")
    print("\n Next: dlprep quiz")
    return 0


def _made(who: Learner, day: str | None, minutes: int | None) -> Learner:
    """The learner with a new plan, which is saved; what is not named stays as in the plan before."""
    old = who.goal
    if day is not None:
        goal = Goal(_date(day, who.now.day), minutes or (old.minutes if old else MINUTES))
    elif old:
        goal = old._replace(minutes=minutes or old.minutes)
    else:
        raise DlprepError("a plan needs a day", hint="add --date YYYY-MM-DD, the day of the interview")
    _keep(who, goal)
    return who._replace(goal=goal, made=who.now.day)


def _keep(who: Learner, goal: Goal | None) -> None:
    """Save a plan, or that there is none any more, as the newest there is even if the clock went back."""
    at = max([who.now.at, *(plan.at + 1 for plan in who.history.plans())])
    day = study_day(at, who.now.offset)
    named = (goal.day, goal.minutes) if goal else (None, None)
    who.history.set_plan(Plan(str(uuid4()), at, who.now.offset, day, *named))


def _date(text: str, today: date) -> date:
    hint = f"the day of the interview as YYYY-MM-DD, later than today ({today})"
    try:
        day = date.fromisoformat(text if DATE.fullmatch(text) else "")  # newer Pythons read more than this
    except ValueError:
        raise DlprepError(f"{text!r} is not a date", hint=hint) from None
    if day <= today:
        raise DlprepError(f"{day} is not in the future", hint=hint)
    if (day - today).days > FARTHEST:
        raise DlprepError(f"{day} is more than a year away", hint="plan the year before it")
    return day


def _drop(who: Learner) -> int:
    """Give the plan up: a row that says so."""
    if not who.goal:
        raise DlprepError("there is no plan to give up", hint="`dlprep plan --date YYYY-MM-DD` makes one")
    _keep(who, None)
    print("The plan is given up; what you answered stays. Next: dlprep quiz")
    return 0


def _document(cast: Forecast, desk: Desk, goal: Goal, missed: int) -> dict[str, Any]:
    return {
        "schema": 1,
        "date": goal.day.isoformat(),
        "minutes": goal.minutes,
        "days_left": goal.left(desk.today),
        "days_missed": missed,
        "target": desk.target,
        "days": [
            {"day": daily.day.isoformat(), "new": daily.new, "again": daily.again, "minutes": daily.minutes}
            for daily in cast.days
        ],
        "recall": {
            topic: {"today": cast.today[topic], "idle": cast.idle[topic], "planned": cast.followed[topic]}
            for topic in cast.followed
        },
        "overall": plan.overall(desk.entries, cast.followed),
        "never_asked": [entry.name for entry in cast.unseen],
        "minutes_to_ask_all": cast.enough,
    }
