"""The initialisation demo: its claims hold at every seed, its controls break them, its pictures are true."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.demo import Claim, Control, Curve, Frame, Image
from dlprep.demos.initialization import CONTROLS, Knobs, run

LESSONS = {  # what a knob may spoil: a σ that is no longer tiny, and too few units
    "tiny-vanishes",
    "tiny-start-stalls",
    "random-breaks-symmetry",
    "zero-last-layer-trains",
}


def claims(seed: int, knobs: Knobs, control: str | None = None) -> dict[str, Claim]:
    """The claims of a run by id."""
    return {event.id: event for event in run(seed, knobs, control) if isinstance(event, Claim)}


def broken(seed: int, knobs: Knobs, control: str | None = None) -> set[str]:
    """The ids of the claims that do not hold."""
    return {id_ for id_, claim in claims(seed, knobs, control).items() if not claim.holds}


def frames(title: str, control: str | None = None) -> list[Frame]:
    """The frames of one act."""
    found = [e for e in run(0, Knobs(), control) if isinstance(e, Frame)]
    return [frame for frame in found if frame.title == title]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
@pytest.mark.parametrize("seed", [0, 23])
def test_controls_break(seed: int, control: Control) -> None:
    """Each control breaks every claim it says it breaks, and leaves those of other acts alone."""
    found = broken(seed, Knobs(), control.id)
    assert set(control.breaks) <= found
    assert ("orthogonal-exact" in found) == (control.id == "not-orthogonal")
    assert ("quiet-head" in found) == (control.id == "loud-ends")


def test_every_claim_is_broken_by_some_control() -> None:
    """No claim is true whatever one does."""
    assert set().union(*(control.breaks for control in CONTROLS)) == set(claims(0, Knobs()))


@pytest.mark.parametrize(
    "knobs",
    [Knobs(80, 10, 0.001, 2), Knobs(80, 50, 0.3, 32), Knobs(256, 10, 0.3, 2), Knobs(100, 50, 0.14, 4)],
)
def test_knobs_may_spoil_lessons_only(knobs: Knobs) -> None:
    """A σ near He's does not vanish and two units cannot learn circles; all else stays true."""
    assert broken(3, knobs) <= LESSONS


def test_a_fixed_sigma_works_where_it_is_hes() -> None:
    """With σ = √(2/100) the fixed start is He's at width 100: the signal no longer vanishes."""
    assert "tiny-vanishes" in broken(0, Knobs(sigma=0.1414))
    assert claims(0, Knobs(sigma=0.1414))["tiny-vanishes"].measured > 1e-3


def test_a_linear_stack_under_he_doubles() -> None:
    """Without ReLU He is a factor 2 per layer too much: 50 layers climb 15 decades, and Xavier holds."""
    found = claims(0, Knobs(), "linear-units")
    assert found["he-holds-scale"].measured == pytest.approx(15, abs=1.5)
    assert found["xavier-halves"].measured == pytest.approx(0.5, abs=0.06)


def test_same_seed_same_events() -> None:
    """The same arguments give the same events, another seed gives others."""
    knobs = Knobs(depth=10)
    assert list(run(5, knobs)) == list(run(5, knobs)) != list(run(6, knobs))


def test_story_in_key_frames() -> None:
    """Four frames tell the story: the signal, the gradient, the copies, the zeros."""
    found = [event for event in run(0, Knobs()) if isinstance(event, Frame)]
    assert [frame.title for frame in found if frame.key] == [
        "one signal, up through 50 ReLU layers",
        "the gradient, down again",
        "units that start as copies",
        "what a start from zero learns",
    ]
    assert 40 <= len(found) <= 120
    assert {frame.step for frame in found} == set(range(1, 22))


def test_pictures_of_the_activations() -> None:
    """At the top the tiny and Xavier's activations are dark, He's are not, those of twice He's are bright."""
    dark, xavier, he, bright = (v for v in frames("one signal, up through 50 ReLU layers")[-1].views[:4])
    brightest = [np.max(image.rows) for image in (dark, xavier, he, bright) if isinstance(image, Image)]
    assert brightest[0] < brightest[1] < 1e-6
    assert 0.5 < brightest[2] < 1e6 < brightest[3]


def test_curves_end_where_the_claim_measures() -> None:
    """The last point of the σ = 0.01 line is the number of `tiny-vanishes`; each line has 50 points."""
    *_, curve = frames("one signal, up through 50 ReLU layers")[-1].views
    assert isinstance(curve, Curve)
    assert curve.lines[0].ys[-1] == claims(0, Knobs())["tiny-vanishes"].measured
    assert {len(line.ys) for line in curve.lines} == {50}
    assert curve.lines[0].xs == tuple(range(1, 51))


def test_gradients_are_drawn_from_the_top_down() -> None:
    """The first frame shows layer 50 only, the last all 50, down to layer 1."""
    act = frames("the gradient, down again")
    first, last = (frame.views[1] for frame in (act[0], act[-1]))
    assert isinstance(first, Curve)
    assert isinstance(last, Curve)
    assert (len(first.lines[0].ys), first.lines[0].xs[0]) == (1, 50)
    assert (len(last.lines[0].ys), last.lines[0].xs[-1]) == (50, 1)


def test_heat_maps_of_units() -> None:
    """Copies have cosine 1 in every frame; random units never do, and their loss falls by far more."""
    for frame in frames("units that start as copies"):
        copies, random, *_ = (np.array(v.rows) for v in frame.views if isinstance(v, Image))
        np.testing.assert_allclose(copies, 1)
        assert random.min() < 0
    *_, curve = frame.views
    assert isinstance(curve, Curve)
    same, free, _ = (line.ys for line in curve.lines)
    assert same[-1] > 0.6
    assert free[-1] < 0.2


def test_fits_from_zero() -> None:
    """In the end tanh's line is flat, the plane's straight, and sigmoid's bends towards the target."""
    _, curve, _ = frames("what a start from zero learns")[-1].views
    assert isinstance(curve, Curve)
    x = np.array(curve.lines[0].xs)
    target, plane, flat, bent = (np.array(line.ys) for line in curve.lines)
    assert np.ptp(flat) == 0
    np.testing.assert_allclose(np.diff(plane) * np.ptp(x), np.ptp(plane) * np.diff(x), atol=1e-9)
    assert np.abs(bent - target).mean() < 0.5 < np.abs(plane - target).mean()
