"""What stays on the screen when a demo has ended: the last picture, claims, controls, what to try next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from rich.segment import Segment

from dlprep.demo import Claim, Control, Demo, Frame
from dlprep.draw import claims as claim_text
from dlprep.draw import frame as frame_text
from dlprep.draw import layout
from dlprep.draw.palette import Look
from dlprep.draw.strip import Strip, clip, wrap

WIDEST = 100  # columns of what stays in the scrollback
TALLEST = 18  # rows of a picture in the scrollback


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a run, or of as much of it as was watched.

    Attributes:
        claims: every claim measured, in order.
        control: the sabotage under which it ran.
        finished: whether the run was watched to its end.
    """

    claims: tuple[Claim, ...]
    control: Control | None = None
    finished: bool = True

    @property
    def as_it_should(self) -> bool:
        """Whether every claim holds, or the control broke what it says it breaks."""
        return claim_text.as_it_should(self.claims, self.control)


def picture(frame: Frame, width: int, look: Look, *, name: str = "", tallest: int = TALLEST) -> list[Strip]:
    """A frame outside the player: its header, its views, its caption, no taller than it needs."""
    inner = width - 2
    strips = [
        frame_text.header(frame, inner, look, name=name),
        [],
        *layout.draw(frame.views, inner, tallest, look),
        [],
    ]
    strips += [[Segment(line)] for line in wrap(frame.caption, min(inner, claim_text.WIDEST), look)]
    return [[Segment(" "), *strip] if strip else [] for strip in strips]


def verdicts(runs: Sequence[Played], width: int, look: Look) -> Iterator[Strip]:
    """The claims of each run: as it is, and under each control that was played."""
    for run in runs:
        measured = claim_text.latest(run.claims)
        if run.control is None:
            yield from _indented(claim_text.lines(measured, width - 2, look))
        else:
            strips = claim_text.control_lines(run.control, measured, width - 2, look, finished=run.finished)
            yield from _indented(strips)
        if not run.finished:
            yield [Segment(" stopped before the end; the rest was not measured", look.style("dim"))]


def _indented(strips: Sequence[Strip]) -> Iterator[Strip]:
    return ([Segment(" "), *strip] for strip in strips)


def suggestion(demo: Demo, look: Look, width: int) -> list[Strip]:
    """What to type next: another knob, another control, the source."""
    turns = [_turned(demo), *(f"--control {control.id}" for control in demo.controls[:1]), "--source"]
    lines = [f"dlprep demo {demo.name} {turn}" for turn in turns if turn]
    lines = [("try: " if k == 0 else "     ") + line for k, line in enumerate(lines)]
    return [[Segment(" " + clip(line, width - 1, look), look.style("dim"))] for line in lines]


def _turned(demo: Demo) -> str:
    """The first knob, set to another value that it allows."""
    for knob in fields(demo.knobs):
        value: Any = knob.default  # int, float or str, as `demo.knob` takes it
        says = knob.metadata
        if isinstance(value, str):
            other = next((choice for choice in says.get("choices", ()) if choice != value), None)
        else:
            high = says.get("high")
            other = value * 2 if high is None or value * 2 <= high else high
        if other not in {None, value}:
            return f"--{knob.name.replace('_', '-')} {other}"
    return ""
