"""The demo of weights and bias: claims hold, sabotages break them, pictures show what they say."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.demo import Bars, Claim, Control, Curve, Field, Frame
from dlprep.demos.weights_bias import CONTROLS, Knobs, run
from dlprep.nn import boundary

THROUGHOUT = "the bias slides the boundary", "the weights turn it", "multiplied by k, it stays and sharpens"
ENDS = [
    Knobs(w1=0.5, w2=0, bias=0, scale=1, prior=0.01),
    Knobs(w1=0.5, w2=-5, bias=5, scale=8, prior=0.99),
    Knobs(w1=5, w2=5, bias=5, scale=8, prior=0.5),
    Knobs(w1=5, w2=-5, bias=0, scale=8),
    Knobs(w1=0.5, w2=0.0, bias=5, scale=8),
]


def claims(seed: int, knobs: Knobs, control: str | None = None) -> dict[str, Claim]:
    """The claims of a run by id."""
    return {event.id: event for event in run(seed, knobs, control) if isinstance(event, Claim)}


def frames(knobs: Knobs, control: str | None = None) -> list[Frame]:
    """The frames of a run."""
    return [event for event in run(0, knobs, control) if isinstance(event, Frame)]


@pytest.mark.parametrize("knobs", ENDS)
def test_no_setting_of_the_knobs_breaks_a_claim(knobs: Knobs) -> None:
    """Where a unit has a boundary at all, everything said of it is true."""
    assert [claim for claim in claims(3, knobs).values() if not claim.holds] == []


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
@pytest.mark.parametrize("seed", [0, 5, 40])
def test_controls_break(seed: int, control: Control) -> None:
    """Each control breaks every claim it says it breaks, and makes the same claims."""
    found = claims(seed, Knobs(), control.id)
    assert [name for name in control.breaks if found[name].holds] == []
    assert found.keys() == claims(seed, Knobs()).keys()


def test_every_claim_can_be_broken() -> None:
    """No claim is out of every control's reach."""
    assert {name for control in CONTROLS for name in control.breaks} == set(claims(0, Knobs()))


def test_same_seed_same_events() -> None:
    """The same arguments give the same events, another seed other points."""
    assert list(run(5, Knobs())) == list(run(5, Knobs())) != list(run(6, Knobs()))


def test_story_in_key_frames() -> None:
    """Six frames tell it: slid, turned, sharpened, capped, freed, learnt; about a hundred play it."""
    told = frames(Knobs())
    assert [frame.title for frame in told if frame.key] == [
        *THROUGHOUT,
        "AND and NOR without a bias",
        "AND and NOR with a bias",
        "what a bias learns first",
    ]
    assert 90 <= len(told) <= 120
    assert max(len(frame.caption) for frame in told) <= 100


@pytest.mark.parametrize("title", THROUGHOUT)
def test_captions_give_the_distance(title: str) -> None:
    """At b = 3 and w = (2, 1) the last caption of each act says 3/√5."""
    *_, last = (frame for frame in frames(Knobs()) if frame.title == title)
    assert "1.342" in last.caption


def test_the_marked_point_lies_on_the_boundary() -> None:
    """The accent is the point of the drawn boundary that is nearest the origin."""
    for frame in frames(Knobs()):
        field = frame.views[0]
        if frame.title in THROUGHOUT and isinstance(field, Field):
            (mark,) = (dots for dots in field.dots if dots.tone == "accent")
            line = boundary.read(field.rows, field.extent)
            assert (mark.xs[0], mark.ys[0]) == pytest.approx(line.foot)


def test_tangent_touches_the_output() -> None:
    """Half way up its tangent meets the curve, and is as steep as k‖w‖/4 of the parameters shown."""
    for frame in frames(Knobs()):
        _, cut, bars = (*frame.views, *[None] * 3)[:3]
        if frame.title in THROUGHOUT and isinstance(cut, Curve) and isinstance(bars, Bars):
            output, tangent = cut.lines
            slope = 1 / np.ptp(tangent.xs)
            assert slope == pytest.approx(np.linalg.norm(bars.values[:2]) / 4)
            assert np.interp(np.mean(tangent.xs), output.xs, output.ys) == pytest.approx(0.5, abs=0.01)


def test_points_lie_inside_and_one_bias_tells_all_apart() -> None:
    """At b = 1, for which the points are labelled, all 24 are right."""
    told = [frame for frame in frames(Knobs()) if frame.title == THROUGHOUT[0]]
    assert "24 of 24 right" in next(frame for frame in told if frame.caption.startswith("b = +1.00")).caption


def test_gates_without_a_bias_stay_below_three_in_four() -> None:
    """The curves of AND and NOR touch 0.75 and never pass it; with a bias both reach 1."""
    last = {frame.title: frame for frame in frames(Knobs())}
    curve = last["AND and NOR without a bias"].views[1]
    assert isinstance(curve, Curve)
    assert [max(line.ys) for line in curve.lines] == [0.75, 0.75]
    freed = [f.views[1] for f in frames(Knobs()) if f.title == "AND and NOR with a bias"]
    tops = {view.lines[0].label: max(view.lines[0].ys) for view in freed if isinstance(view, Curve)}
    assert tops == {"NOR": 1, "AND": 1}


def test_controls_can_be_drawn() -> None:
    """A sabotage that leaves no boundary still gives frames."""
    assert len(frames(Knobs(), "bias-after-activation")) == len(frames(Knobs()))
