"""The backprop demo: its claims hold at every seed, its sabotages break them, its frames can be drawn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.demo import Claim, Control, Curve, Field, Frame
from dlprep.demos.backprop import CONTROLS, Knobs, run

ALWAYS = {  # what no setting of the knobs may break
    "starts-at-ln2",
    "sigmoid-is-softmax",
    "line-cannot",
    "slope-agrees",
    "two-passes-each",
    "one-update",
    "step-size-v",
    "pass-is-weights",
    "cost-bounded",
    "cost-flat",
}


def claims(seed: int, knobs: Knobs, control: str | None = None) -> dict[str, Claim]:
    """The claims of a run by id."""
    return {event.id: event for event in run(seed, knobs, control) if isinstance(event, Claim)}


def frames(knobs: Knobs) -> list[Frame]:
    """The frames of a run."""
    return [event for event in run(0, knobs) if isinstance(event, Frame)]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
@pytest.mark.parametrize("seed", range(4))
def test_controls_break(seed: int, control: Control) -> None:
    """Each control breaks every claim it says it breaks, and leaves the counting alone."""
    held = {id_ for id_, claim in claims(seed, Knobs(), control.id).items() if claim.holds}
    assert not held & set(control.breaks)
    assert {"starts-at-ln2", "two-passes-each", "pass-is-weights"} <= held


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize(("width", "depth", "rate"), [(1, 4, 0.0), (2, 1, 10.0), (32, 3, 5.0)])
def test_knobs_may_spoil_learning_only(activation: str, width: int, depth: int, rate: float) -> None:
    """Dead, saturated or diverging, a network may fail to learn; its gradient and its cost stay true."""
    knobs = Knobs(width, depth, activation, "circles", rate, steps=30)
    assert {id_ for id_, claim in claims(3, knobs).items() if claim.holds} >= ALWAYS


def test_same_seed_same_events() -> None:
    """The same arguments give the same events, another seed gives others."""
    knobs = Knobs(steps=20)
    assert list(run(5, knobs)) == list(run(5, knobs)) != list(run(6, knobs))


def test_story_in_key_frames() -> None:
    """Five frames tell the story: the slopes, the start, the end, the V and the cost."""
    titles = [frame.title for frame in frames(Knobs()) if frame.key]
    assert len(titles) == 5
    assert titles[1] == titles[2] == "a 2-8-8-1 tanh network learns two moons"
    assert titles[0] == "every slope, found in two ways"
    assert 60 <= len(frames(Knobs())) <= 100


def test_fields_can_be_drawn() -> None:
    """A field is 33 × 49 numbers in −1 … +1 over the points; they lie on their own sides of 0."""
    last = [view for frame in frames(Knobs()) for view in frame.views if isinstance(view, Field)][-1]
    cells = np.array(last.rows)
    assert cells.shape == (33, 49)
    assert np.abs(cells).max() <= 1
    left, right, bottom, top = last.extent
    for dots, sign in zip(last.dots, (-1, 1), strict=True):
        columns = np.rint((np.array(dots.xs) - left) / (right - left) * 48).astype(int)
        lines = np.rint((top - np.array(dots.ys)) / (top - bottom) * 32).astype(int)
        assert (np.sign(cells[lines, columns]) == sign).mean() > 0.9


def test_best_epsilon_is_where_theory_has_it() -> None:
    """The V's bottom is within two decades of the cube root of the unit roundoff."""
    curves = [view for frame in frames(Knobs()) for view in frame.views if isinstance(view, Curve)]
    line = next(curve for curve in reversed(curves) if curve.x == "ε").lines[0]
    best = line.xs[int(np.argmin(line.ys))]
    assert abs(math.log10(best) - math.log10(9e-6)) < 2


def test_early_update_still_learns() -> None:
    """The mistake of updating as you go trains almost as well, so only the check finds it."""
    assert claims(0, Knobs(), "early-update")["learns"].holds
