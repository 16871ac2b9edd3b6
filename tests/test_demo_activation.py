"""The activation demo: claims hold, controls break what they say, pictures show what they claim."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.demo import Bars, Claim, Control, Curve, Event, Frame, Image
from dlprep.demos.activation import CONTROLS, Knobs, run

NEVER = {  # what no setting of the knobs may break
    "slopes-agree",
    "sigmoid-slope-quarter",
    "sigmoid-stable",
    "linear-collapses",
    "rank-bounded",
    "polynomial-stuck",
    "others-fit",
    "steepest-at-zero",
    "huge-weights-saturate",
    "sigmoid-one-sign",
    "tanh-mixes-signs",
    "sigmoid-vanishes",
    "active-share",
    "leaky-alive",
}


def broken(events: list[Event]) -> set[str]:
    """The ids of the claims that do not hold."""
    return {event.id for event in events if isinstance(event, Claim) and not event.holds}


def scene(title: str, knobs: Knobs | None = None) -> list[Frame]:
    """The frames of one scene."""
    frames = [event for event in run(0, knobs or Knobs()) if isinstance(event, Frame)]
    return [frame for frame in frames if frame.title == title]


@pytest.mark.parametrize("seed", [*range(6), 41, 12345])
def test_every_claim_holds(seed: int) -> None:
    """At any seed."""
    events = list(run(seed, Knobs()))
    assert broken(events) == set()
    assert sum(isinstance(event, Claim) for event in events) == 18


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
@pytest.mark.parametrize("seed", range(3))
def test_controls_break_what_they_say(seed: int, control: Control) -> None:
    """A sabotage turns its claims false; others turn false only where they rest on the same thing."""
    also = {"slope-of-z": {"sigmoid-vanishes"}, "slope-left-out": {"slopes-agree"}}
    found = broken(list(run(seed, Knobs(), control.id)))
    assert set(control.breaks) <= found <= set(control.breaks) | also.get(control.id, set())


def test_every_claim_has_a_control() -> None:
    """Between them the controls break all claims."""
    claims = {event.id for event in run(0, Knobs()) if isinstance(event, Claim)}
    assert {claim for control in CONTROLS for claim in control.breaks} == claims


@pytest.mark.parametrize(
    "knobs",
    [
        Knobs(layers=2, neck=1, depth=1, gain=0.1, sink=0.0),
        Knobs(layers=30, neck=12, depth=60, gain=3.0, sink=30.0),
        Knobs(layers=30, neck=1, depth=60, gain=0.1, sink=2.0),
        Knobs(layers=3, neck=3, depth=5, gain=1.41, sink=7.0),
    ],
)
def test_knobs_may_break_only_what_they_are_about(knobs: Knobs) -> None:
    """Gain and depth decide what ReLU passes back, the neck what is left to bend, the sink who dies."""
    assert broken(list(run(1, knobs))).isdisjoint(NEVER)


def test_same_seed_same_events() -> None:
    """The same arguments give the same events, another seed gives others."""
    assert list(run(5, Knobs())) == list(run(5, Knobs())) != list(run(6, Knobs()))


def test_the_story_in_key_frames() -> None:
    """Five frames tell it, in at most 120 altogether."""
    frames = [event for event in run(0, Knobs()) if isinstance(event, Frame)]
    assert [frame.title for frame in frames if frame.key] == [
        "what each activation passes back",
        "can one matrix do what the stack does?",
        "a polynomial gains nothing from width",
        "what comes back through many layers",
        "units that no input wakes",
    ]
    assert 60 <= len(frames) <= 120
    assert all(len(frame.title) <= 40 for frame in frames)


def test_strips_fill_from_left_to_right() -> None:
    """The first strip shows one slope, the last all 41; the sigmoid's never exceeds ¼, ReLU's is 0 or 1."""
    first, *_, last = scene("what each activation passes back")
    for frame, count in ((first, 1), (last, 41)):
        strips = [np.array(view.rows) for view in frame.views if isinstance(view, Image)]
        assert [np.isfinite(strip[0]).sum() for strip in strips] == [count] * 6
    sigmoid, _, relu, *_ = strips
    assert sigmoid.max() == 0.25
    assert sigmoid.argmax() == 20  # the middle, z = 0
    assert set(np.unique(relu)) == {0, 1}


def test_difference_is_blank_without_relu_only() -> None:
    """The third picture is the first less the second; it is 0 for linear layers, and not with ReLU."""
    *_, last = scene("can one matrix do what the stack does?")
    pictures = [np.array(view.rows) for view in last.views if isinstance(view, Image)]
    for i, blank in ((0, True), (3, False)):
        stack, one, difference = pictures[i : i + 3]
        np.testing.assert_allclose(difference, stack - one, atol=1e-12)
        assert (np.abs(difference).max() < 1e-12) == blank


def test_the_narrow_layer_is_seen() -> None:
    """Where the stack ends at its neck, only as many columns are filled."""
    fifth = scene("can one matrix do what the stack does?")[4]
    assert isinstance(fifth.views[0], Image)
    assert np.isfinite(np.array(fifth.views[0].rows)).sum(axis=1).tolist() == [4] * 12


def test_one_layer_is_affine_with_relu_too() -> None:
    """ReLU stands between layers, so a single one has none, and the curve starts at rounding."""
    first, *_ = scene("can one matrix do what the stack does?")
    curve = first.views[-1]
    assert isinstance(curve, Curve)
    assert max(line.ys[0] for line in curve.lines) < 1e-13


def test_gradients_fade_layer_by_layer() -> None:
    """Each sigmoid layer leaves at most a quarter, and no line of the sigmoid's exceeds the bound's."""
    *_, last = scene("what comes back through many layers", Knobs(depth=12))
    curve = last.views[-1]
    assert isinstance(curve, Curve)
    lines = {line.label: np.array(line.ys) for line in curve.lines}
    assert len(lines["sigmoid"]) == 13
    assert (lines["sigmoid"] <= lines["¼ a layer"] * (1 + 1e-12)).all()
    assert (lines["sigmoid"][1:] <= lines["sigmoid"][:-1] / 4).all()


def test_units_fall_asleep() -> None:
    """About half are active at first, none at the end, where only the leaky gradient has a bar."""
    first, *_, last = scene("units that no input wakes")
    awake = [
        np.array(frame.views[0].rows).mean() for frame in (first, last) if isinstance(frame.views[0], Image)
    ]
    assert awake == [pytest.approx(0.5, abs=0.08), 0]
    bars = last.views[1]
    assert isinstance(bars, Bars)
    assert bars.labels == ("ReLU", "leaky ReLU")
    assert bars.values[0] == 0 < bars.values[1]
