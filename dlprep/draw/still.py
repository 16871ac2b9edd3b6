"""A demo where nothing can move: its key frames, a sentence for each, its claims, as plain text."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.segment import Segment

from dlprep.demo import Claim, Control, Demo, Event, Frame
from dlprep.draw.ending import WIDEST, Played, picture, suggestion, verdicts
from dlprep.draw.palette import Look
from dlprep.draw.strip import Picture, Strip, wrap


def show(
    demo: Demo,
    events: Iterable[Event],
    console: Console,
    *,
    seed: int,
    control: Control | None = None,
    pictures: bool = True,
) -> Played:
    """Print the events of a run as they come; without `pictures`, the words of each key frame alone.

    Returns:
        What was measured, and whether the run did as it should.
    """
    look = Look.of(console)
    width = min(console.width, WIDEST)
    _print(console, _head(demo, seed, control, width, look))
    measured: list[Claim] = []
    last: Frame | None = None
    for event in events:
        if isinstance(event, Claim):
            measured.append(event)
            continue
        last = event
        if event.key:
            _print(console, _frame(event, width, look, pictures=pictures))
    if last and not last.key:
        _print(console, _frame(last, width, look, pictures=pictures))
    played = Played(tuple(measured), control)
    _print(console, [*verdicts([played], width, look), [], *suggestion(demo, look, width)])
    return played


def _head(demo: Demo, seed: int, control: Control | None, width: int, look: Look) -> list[Strip]:
    text = f"{demo.name} · {demo.headline}"
    strips = [[Segment(" " + line, look.style("strong"))] for line in wrap(text, width - 2, look)]
    under = f"seed {seed}" + (f" · control {control.id}: {control.says}" if control else "")
    style = look.style("wrong" if control else "dim")
    return [*strips, *([Segment(" " + line, style)] for line in wrap(under, width - 2, look)), []]


def _frame(frame: Frame, width: int, look: Look, *, pictures: bool) -> list[Strip]:
    if pictures:
        return [*picture(frame, width, look), []]
    text = f"step {frame.step} of {frame.steps}: {frame.caption}"
    return [[Segment(" " + line)] for line in wrap(text, width - 2, look)]


def _print(console: Console, strips: list[Strip]) -> None:
    console.print(Picture(strips), end="", crop=False, no_wrap=True)
