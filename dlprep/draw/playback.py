"""The state of a demo that is played, what each key does to it, and what the screen then shows."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from rich.segment import Segment

from dlprep.demo import Control, Demo
from dlprep.draw.frame import Shot, compose, keys
from dlprep.draw.palette import Look
from dlprep.draw.strip import Strip, beside, fit, wrap
from dlprep.draw.tape import Tape

FASTEST = 20  # frames a second; more is not seen, and takes the core from the demo
LINGER = 1.2  # seconds that a key frame stays longer than any other: it is there to be read
SIDE_BY_SIDE = 100  # columns from which a control is shown beside the run as it is
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0)

HELP = (
    ("space", "pause, go on"),
    ("← →", "one frame back, one on"),
    ("0 $", "first frame, last frame"),
    ("+ −", "faster, slower"),
    ("c", "replay under the next control, which must break a claim"),
    ("r", "restart from the first frame"),
    ("q Esc", "quit; what was measured stays on the screen"),
    ("?", "this help, and away again"),
)
LEGEND = "A number beside a line's name is its last value. Claims: ✓ holds, ✗ does not hold, … to come."


@dataclass(slots=True)
class Player:
    """The state of a player: the runs, where they stand, and what the keys have asked for.

    Attributes:
        tapes: each run that was begun, by the id of its control; None is the run as it is.
        asked: the control the player was started with; `control` is the one looked at.
    """

    demo: Demo
    knobs: Any
    seed: int
    look: Look
    tapes: dict[str | None, Tape] = field(default_factory=dict)
    asked: Control | None = None
    control: Control | None = None
    paused: bool = False
    helping: bool = False
    speed: int = SPEEDS.index(1.0)

    @property
    def tape(self) -> Tape:
        """The run to look at."""
        return self.run(self.control)

    def run(self, control: Control | None) -> Tape:
        """The run under a control, begun when it is first asked for."""
        name = control.id if control else None
        if name not in self.tapes:
            self.tapes[name] = Tape(self.demo.run(self.seed, self.knobs, name), control)
            self.tapes[name].go(0)
        return self.tapes[name]

    def go(self, at: int) -> None:
        """Look at the frame of that index, in each run on the screen."""
        self.tape.go(at)
        if self.control:
            self.run(None).follow(self.tape)

    def press(self, key: str) -> bool:
        """Do what a key asks; False when it asks to quit."""
        at = self.tape.at
        match key:
            case "q" | "escape":
                return False
            case " ":
                if self.tape.ended:
                    self.go(0)
                self.paused = not self.paused if not self.tape.ended else False
            case "left" | "right":
                self.paused = True
                self.go(at + (1 if key == "right" else -1))
            case "0" | "r":
                self.go(0)
                self.paused = self.paused and key == "0"
            case "$":
                self.tape.finish()
                self.go(len(self.tape.frames) - 1)
            case "c":
                self.next_control()
            case "+" | "=":
                self.speed = min(self.speed + 1, len(SPEEDS) - 1)
            case "-" | "−":
                self.speed = max(self.speed - 1, 0)
            case "?":
                self.helping = not self.helping
        return True

    def next_control(self) -> None:
        """Replay under the next control; after the last, as it is."""
        order = [None, *self.demo.controls]
        self.control = order[(order.index(self.control) + 1) % len(order)]
        self.paused = False
        self.go(0)

    @property
    def status(self) -> str:
        """What the player does, in a word."""
        if self.tape.ended:
            return "■ end"
        return "‖ paused" if self.paused else f"▶ {SPEEDS[self.speed]:g}×"

    @property
    def moving(self) -> bool:
        """Whether there is a next frame to come by itself."""
        return not (self.paused or self.helping or self.tape.ended)

    def rhythm(self, pace: float) -> tuple[int, float]:
        """How many frames to go on at a time, and how many seconds from one time to the next."""
        rate = pace * SPEEDS[self.speed]
        stride = max(math.ceil(rate / FASTEST), 1)
        lingers = self.tape.frame is not None and self.tape.frame.key
        return stride, stride / rate + (LINGER / SPEEDS[self.speed] if lingers else 0.0)

    def advance(self, stride: int) -> None:
        """Go on by that many frames, but never past a key frame unseen."""
        for _ in range(stride):
            self.go(self.tape.at + 1)
            if self.tape.frame is None or self.tape.frame.key:
                return

    # ── drawing ─────────────────────────────────────────────────────────────────────────────────────

    def draw(self, width: int, height: int) -> list[Strip]:
        """The whole screen."""
        if self.helping:
            return self._help(width, height)
        footer = [keys(self._keys(), width, self.look)] if height > 2 else []
        rows = height - len(footer)
        if self.control and width >= SIDE_BY_SIDE:
            left = (width - 1) // 2
            pair = [
                self._shot(self.run(None), left, rows, "as it is, no control"),
                self._shot(self.tape, width - 1 - left, rows),
            ]
            strips = beside(pair, [left, width - 1 - left], 1)
        else:
            strips = self._shot(self.tape, width, rows)
        return [fit(strip, width) for strip in [*strips, *footer]]

    def _shot(self, tape: Tape, width: int, height: int, note: str = "") -> list[Strip]:
        if tape.frame is None:
            return [[Segment("nothing to show")]] + [[]] * (height - 1)
        awaited = tuple(dict.fromkeys(name for control in self.demo.controls for name in control.breaks))
        shot = Shot(tape.frame, self.demo.name, tape.measured, awaited, tape.control, note)
        return compose(shot, width, height, self.look, self.status if tape is self.tape else "")

    def _keys(self) -> list[tuple[str, str]]:
        middle = ("r", "replay") if self.tape.ended else ("space", "go on" if self.paused else "pause")
        control = [("c", "control")] if self.demo.controls else []
        restart = [] if self.tape.ended else [("r", "restart")]
        return [("q", "quit"), middle, ("←→", "step"), *control, *restart, ("?", "keys")]

    def _help(self, width: int, height: int) -> list[Strip]:
        strong = self.look.style("strong")
        shows = wrap(f"{self.demo.name} · {self.demo.headline}", width - 2, self.look)
        strips: list[Strip] = [*([Segment(" " + line, strong)] for line in shows), []]
        for key, says in HELP:
            strips.append([Segment(f" {key.rjust(8)}  ", strong), Segment(says)])
        strips += [[], *([Segment(" " + line)] for line in wrap(LEGEND, width - 2, self.look))]
        strips.append([])
        for control in self.demo.controls:
            lines = wrap(f"control {control.id}: {control.says}", width - 2, self.look)
            strips += [[Segment(" " + line)] for line in lines]
        return [fit(strip, width) for strip in strips[:height]] + [fit([], width)] * (height - len(strips))
