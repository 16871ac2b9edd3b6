"""Gradient descent: what its demo claims, what breaks the claims, and what its pictures show."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from dlprep.demo import Claim, Curve, Event, Field, Frame
from dlprep.demos.gradient_descent import CONTROLS, LEAST, START, Knobs, run

SEEDS = (0, 7, 42)
LESSONS = {"constant-rate-hovers"}  # false without noise: then even single samples agree on the minimum


def claims(events: list[Event]) -> dict[str, Claim]:
    """The claims among the events, by id."""
    return {event.id: event for event in events if isinstance(event, Claim)}


@cache
def broken(seed: int, knobs: Knobs, control: str | None = None) -> set[str]:
    """The ids of the claims that do not hold."""
    return {name for name, claim in claims(list(run(seed, knobs, control))).items() if not claim.holds}


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    """The frames of one run."""
    return [event for event in run(0, Knobs()) if isinstance(event, Frame)]


def test_every_claim_is_broken_by_some_control() -> None:
    """No claim is out of reach of all the sabotages."""
    reached = set().union(*(broken(0, Knobs(), control.id) for control in CONTROLS))
    assert reached == set(claims(list(run(0, Knobs()))))


@pytest.mark.parametrize(
    "knobs",
    [
        Knobs(kappa=2),
        Knobs(kappa=30),
        Knobs(near=0.02),
        Knobs(near=0.5),
        Knobs(off=1e-12),
        Knobs(off=0.1),
        Knobs(samples=64),
        Knobs(samples=4096),
        Knobs(noise=2),
        Knobs(kappa=30, near=0.5, samples=64, noise=0.1),
    ],
)
def test_theorems_hold_at_the_ends_of_the_knobs(knobs: Knobs) -> None:
    """Wherever the knobs stand nothing turns false."""
    assert broken(1, knobs) == set()


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_without_noise_single_samples_come_to_rest(seed: int) -> None:
    """Where every sample fits, a constant rate no longer hovers, and that is the only claim to fail."""
    assert broken(seed, Knobs(noise=0)) <= LESSONS


def test_same_seed_same_events() -> None:
    """The same arguments give the same events, another seed gives others."""
    first, again, other = (list(run(seed, Knobs())) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_five_scenes_with_a_key_frame_each(frames: list[Frame]) -> None:
    """It plays for a while, and what is printed is the end of every scene."""
    assert 40 <= len(frames) <= 120
    assert [frame.step for frame in frames if frame.key] == [24, 26, 25, 7, 9]
    assert all(frame.step == frame.steps for frame in frames if frame.key)
    assert all(frame.caption.endswith(".") for frame in frames)


def test_the_first_act_ends_below_at_and_above(frames: list[Frame]) -> None:
    """One rate has fallen far, one hangs between, one has climbed past the start."""
    *fields, curve = next(frame for frame in frames if frame.key).views
    assert [view.name for view in fields] == ["rate 1.9/L", "rate 2/L", "rate 2.1/L"]
    assert isinstance(curve, Curve)
    below, at, above = (line.ys for line in curve.lines)
    assert below[-1] < 0.01 * below[0]
    assert 0.05 * at[0] < at[-1] < at[0]
    assert above[-1] > 10 * above[0]


def test_blue_is_lower_than_the_start(frames: list[Frame]) -> None:
    """Cells below zero lie inside the ring through the start, and the deepest surround the minimum."""
    field = frames[0].views[0]
    assert isinstance(field, Field)
    left, right, bottom, top = field.extent
    Z = np.array(field.rows)
    x, y = np.linspace(left, right, Z.shape[1]), np.linspace(top, bottom, Z.shape[0])
    deepest = np.argwhere(Z.min() == Z).mean(axis=0)
    centre = np.interp(deepest[1], range(len(x)), x), np.interp(deepest[0], range(len(y)), y)
    assert np.allclose(centre, LEAST, atol=0.1)
    row, column = np.abs(y - START[1]).argmin(), np.abs(x - START[0]).argmin()
    around = Z[row - 1 : row + 2, column - 1 : column + 2]
    assert around.min() < 0 < around.max()


def test_no_view_is_too_large(frames: list[Frame]) -> None:
    """Every picture has a range of colours, and no more numbers than can be played."""
    fields = [view for frame in frames for view in frame.views if isinstance(view, Field)]
    assert all(min(map(min, field.rows)) < 0 < max(map(max, field.rows)) for field in fields)
    assert all(sum(map(len, field.rows)) <= 1700 for field in fields)
