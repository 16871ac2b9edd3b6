"""The normalization demo: its claims hold at every seed, its sabotages break them, its pictures are true."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.demo import Claim, Control, Curve, Field, Frame, Image
from dlprep.demos.normalization import CONTROLS, Knobs, run

LESSONS = {"rings-round", "condition-falls", "steps-fall"}  # what correlated inputs are meant to spoil


def claims(seed: int, knobs: Knobs, control: str | None = None) -> dict[str, Claim]:
    """The claims of a run by id."""
    return {event.id: event for event in run(seed, knobs, control) if isinstance(event, Claim)}


def frames(title: str) -> list[Frame]:
    """The frames of one act of a run at seed 0."""
    return [event for event in run(0, Knobs()) if isinstance(event, Frame) and event.title == title]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
@pytest.mark.parametrize("seed", range(4))
def test_controls_break(seed: int, control: Control) -> None:
    """Each control breaks every claim it says it breaks, and leaves the counting alone."""
    held = {id_ for id_, claim in claims(seed, Knobs(), control.id).items() if claim.holds}
    assert not held & set(control.breaks)
    assert "lookup-agrees" in held


@pytest.mark.parametrize(
    "knobs",
    [
        Knobs(ratio=1.0, rate=1.9),
        Knobs(ratio=8.0, rate=0.05),
        Knobs(tilt=0.95, stray=10.0),
        Knobs(stray=1e5, typo=2.0),
        Knobs(typo=1e6),
    ],
)
def test_knobs_may_spoil_the_lessons_only(knobs: Knobs) -> None:
    """Correlated inputs keep their condition number, whatever their scale; all else stays true."""
    assert {id_ for id_, claim in claims(3, knobs).items() if not claim.holds} <= LESSONS


def test_scaling_does_not_cure_correlation() -> None:
    """With a balance that is almost the income, z-scores alone leave κ large."""
    assert claims(0, Knobs(stray=10.0))["condition-falls"].measured > 1e4


def test_same_seed_same_events() -> None:
    """The same arguments give the same events, another seed gives others."""
    assert list(run(5, Knobs())) == list(run(5, Knobs())) != list(run(6, Knobs()))


def test_story_in_key_frames() -> None:
    """Five frames tell the story, the two bowls first."""
    shown = [event for event in run(0, Knobs()) if isinstance(event, Frame)]
    titles = [frame.title for frame in shown if frame.key]
    assert len(titles) == 5
    assert titles[0] == "dividing by σ rounds the bowl"
    assert titles[-1] == "whose mean and deviation?"
    assert 60 <= len(shown) <= 120


def test_the_drawn_ellipse_becomes_a_circle() -> None:
    """The inner rings are long and thin in the raw picture and round at last in the other."""
    for frame in frames("dividing by σ rounds the bowl"):
        long = []
        for field in (view for view in frame.views if isinstance(view, Field)):
            down, across = np.nonzero(np.array(field.rows) < 0.5)
            long.append(np.ptp(across) * 13.6 / 49 / (np.ptp(down) * 5.6 / 33))
        assert long[0] > 4
        assert long[1] < long[0] * 1.01
    assert 0.7 < long[1] < 1.4


def test_the_same_steps_are_drawn_and_counted() -> None:
    """The last dot stands where the curve ends: near the best weights when scaled, far off when raw."""
    *_, last = frames("dividing by σ rounds the bowl")
    places = [view.dots[1] for view in last.views if isinstance(view, Field)]
    far, near = (np.linalg.norm([*dot.xs, *dot.ys]) for dot in places)
    assert near < 0.1
    assert far > 2
    raw, now = next(view for view in last.views if isinstance(view, Curve)).lines
    assert len(raw.ys) == len(now.ys) == 21
    assert now.ys[13] <= 1e-3 < now.ys[12]
    assert "396 steps raw, 13 now" in last.caption


def test_z_scores_show_the_correlations_of_the_raw_table() -> None:
    """Two of three heat maps never differ; the third ends as the identity."""
    for frame in frames("correlations, which z-scores leave alone"):
        raw, scaled, white = (np.array(view.rows) for view in frame.views if isinstance(view, Image))
        assert np.allclose(raw, scaled)
    assert np.allclose(white, np.eye(3))


def test_a_leak_does_not_show_in_the_score() -> None:
    """Fitted on all rows, the model scores as well; only looking at whose statistics they are finds it."""
    leaked = claims(0, Knobs(), "leaked")
    assert leaked["per-feature-keeps-signal"].holds
    assert leaked["train-statistics"].measured > 0.1
