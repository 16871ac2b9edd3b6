"""The hyperparameters demo: every claim holds, every control breaks what it says, the story is told."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.demo import Bars, Claim, Curve, Event, Field, Frame, Image
from dlprep.demos.hyperparameters import CONTROLS, SWAPS, Knobs, run

THEOREMS = {"trials-formula", "halving-budget", "steps-drawn", "hits-follow-formula", "log-uniform-covers"}


def broken(events: list[Event]) -> set[str]:
    """The ids of the claims that do not hold."""
    return {event.id for event in events if isinstance(event, Claim) and not event.holds}


def frames(events: list[Event], title: str = "") -> list[Frame]:
    """The frames whose title holds some words."""
    return [event for event in events if isinstance(event, Frame) and title in event.title]


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """One run as anybody sees it first."""
    return list(run(0, Knobs()))


def test_every_control_changes_something() -> None:
    """Each swaps a part, and no swap is left over."""
    assert set(SWAPS) == {control.id for control in CONTROLS}


def test_every_claim_but_the_picture_s_own_has_a_control(events: list[Event]) -> None:
    """Between them the controls break all claims about hyperparameters."""
    claims = {event.id for event in events if isinstance(event, Claim)}
    assert claims - {claim for control in CONTROLS for claim in control.breaks} == {"steps-drawn"}


@pytest.mark.parametrize(
    "knobs",
    [
        Knobs(side=2, ridge=0.01, configs=10, rows=20, noise=0),
        Knobs(side=8, ridge=1, configs=2000, rows=2000, noise=3),
        Knobs(side=3, configs=11, rows=21),
    ],
)
def test_what_is_a_theorem_stays_one(knobs: Knobs) -> None:
    """Wherever the knobs stand the run ends, and formulas agree with what is counted."""
    found = list(run(0, knobs))
    assert not broken(found) & THEOREMS
    assert len(frames(found, "one of two")) == knobs.side**2


def test_a_wide_ridge_takes_the_edge_away() -> None:
    """Where the score hardly depends on the place, there is nothing to win: that is the lesson."""
    assert "random-beats-grid" in broken(list(run(0, Knobs(ridge=1))))


def test_the_story_is_told_by_key_frames(events: list[Event]) -> None:
    """Five of some hundred: the penalty, the search, the trials, the coin tosses, the race."""
    found = frames(events)
    assert 40 <= len(found) <= 170
    assert [frame.title.split()[0] for frame in found if frame.key] == [
        "who",
        "one",
        "how",
        "tuning",
        "successive",
    ]
    assert all(1 <= frame.step <= frame.steps for frame in found)
    assert all(frame.caption.endswith(".") for frame in found)


def test_no_title_or_picture_is_too_large(events: list[Event]) -> None:
    """A title fits 80 cells beside the step, a picture has at most some 1,700 numbers."""
    for frame in frames(events):
        assert len(frame.title) <= 42
        for view in frame.views:
            if isinstance(view, Field | Image):
                assert sum(map(len, view.rows)) <= 1700
            if isinstance(view, Curve):
                assert sum(len(line.ys) for line in view.lines) <= 1700


def test_the_grid_repeats_itself_on_the_axis_that_matters(events: list[Event]) -> None:
    """After 25 trials the grid has tried 5 values and random search 25, and the dots show it."""
    field, bars, _ = frames(events, "one of two")[-1].views
    assert isinstance(field, Field)
    assert isinstance(bars, Bars)
    assert bars.values == (5, 25)
    assert [len(set(dots.xs)) for dots in field.dots] == [5, 25]
    assert [sum(y <= 1 for y in dots.ys) for dots in field.dots] == [25, 25]


def test_the_typical_ridge_is_shown(events: list[Event]) -> None:
    """On the median ridge random search has found more than the grid."""
    *_, curve = frames(events, "one of two")[-1].views
    assert isinstance(curve, Curve)
    grid, random = (line.ys for line in curve.lines)
    assert list(grid) == sorted(grid)
    assert list(random) == sorted(random)
    assert random[-1] > grid[-1]


def test_the_training_loss_only_ever_wants_less_penalty(events: list[Event]) -> None:
    """Its curve rises all the way, so it takes the least on offer; validation's has a valley."""
    curve, _ = frames(events, "penalty")[-1].views
    assert isinstance(curve, Curve)
    training, validation = (np.array(line.ys) for line in curve.lines)
    assert (np.diff(training) > 0).all()
    assert 0 < validation.argmin() < len(validation) - 1


def test_the_race_halves(events: list[Event]) -> None:
    """After 1, 2, 4, 8 and 16 steps half of the rows end; one goes on to step 32."""
    image, _ = frames(events, "halving")[-1].views
    assert isinstance(image, Image)
    lived = [sum(x == x for x in line) for line in image.rows]  # noqa: PLR0124  NaN, a void, differs from itself
    assert {steps: lived.count(steps) for steps in set(lived)} == {1: 16, 2: 8, 4: 4, 8: 2, 16: 1, 32: 1}


def test_same_seed_same_events(events: list[Event]) -> None:
    """The same arguments give the same events, voids and all."""
    assert list(run(0, Knobs())) == events
