"""A coin comes down heads about half the time, and heads and tails add up.

The smallest demo there can be: copied beside the others, it is one of them. It needs no NumPy.

Throughout:
    n  flips so far        h  heads among them

Source: none; everybody has a coin.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from dlprep.demo import Bars, Claim, Control, Curve, Event, Frame, Line, knob


@dataclass(frozen=True, slots=True)
class Knobs:
    """What can be turned."""

    flips: int = knob(400, "how often the coin is flipped", 40, 4000)
    heads: float = knob(0.5, "how likely heads are", 0.0, 1.0)
    metal: str = knob("copper", "what the coin is made of", choices=("copper", "gold"))


CONTROLS = (
    Control("two-headed", "there are heads on both sides", breaks=("fair",)),
    Control("on-edge", "one flip in ten is lost in the grass", breaks=("adds-up",)),
)
FRAMES = 8


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Flip the coin and count."""
    rng = random.Random(seed)
    chance = 1.0 if control == "two-headed" else knobs.heads
    heads = tails = 0
    shares = []
    for step in range(1, FRAMES + 1):
        for flip in range(knobs.flips // FRAMES):
            if control == "on-edge" and flip % 10 == 0:
                continue
            fell = rng.random() < chance
            heads, tails = heads + fell, tails + (not fell)
        shares.append(heads / max(heads + tails, 1))
        views = (
            Curve("share of heads", (Line("heads", tuple(shares)),), at=0.5),
            Bars("fell", ("heads", "tails"), (float(heads), float(tails))),
        )
        yield Frame("coin", step, FRAMES, f"{heads} heads of {knobs.metal}", views, key=step in {1, FRAMES})
    flips = knobs.flips // FRAMES * FRAMES
    yield Claim("fair", "heads are half of all", abs(shares[-1] - 0.5), "<=", 0.1)
    yield Claim("adds-up", "heads and tails are all there are", heads + tails - flips, "==", 0)
