"""The deep learning demo: claims hold at every seed, sabotages break them, the pictures tell the story."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from dlprep.demo import Claim, Curve, Event, Field, Frame
from dlprep.demos.deep_learning import CONTROLS, Knobs, run

FOLDING = {  # what no setting of the knobs may break
    "pieces-double",
    "bends-exact",
    "teeth-exact",
    "linear-collapses",
    "same-budget",
    "shallow-bounded",
    "shallow-misses",
    "width-suffices",
    "parameters-counted",
}


@cache
def events(seed: int = 0, knobs: Knobs | None = None, control: str | None = None) -> tuple[Event, ...]:
    """One headless run."""
    return tuple(run(seed, knobs or Knobs(), control))


def claims(seed: int = 0, knobs: Knobs | None = None, control: str | None = None) -> dict[str, Claim]:
    """The claims of a run by id."""
    return {event.id: event for event in events(seed, knobs, control) if isinstance(event, Claim)}


def frames(knobs: Knobs | None = None) -> list[Frame]:
    """The frames of a run."""
    return [event for event in events(0, knobs) if isinstance(event, Frame)]


def test_every_claim_is_broken_by_some_control() -> None:
    """No claim is made that nothing can break."""
    assert {id_ for control in CONTROLS for id_ in control.breaks} == set(claims())


@pytest.mark.parametrize(
    "knobs",
    [
        *(Knobs(depth=k, nets=2, width=1, points=20, steps=1) for k in range(1, 11)),
        Knobs(nets=400, width=64, points=400, steps=1),
        Knobs(depth=1, nets=1, width=64, points=20, steps=500),
    ],
)
def test_knobs_may_spoil_learning_only(knobs: Knobs) -> None:
    """A network too small or too little trained may fail to learn; the folds stay exact."""
    assert {id_ for id_, claim in claims(2, knobs).items() if claim.holds} >= FOLDING


@pytest.mark.parametrize(("depth", "wins"), [(1, False), (2, False), (3, True), (10, True)])
def test_depth_wins_from_three_layers_on(depth: int, wins: bool) -> None:
    """Two layers of two make 4 pieces where one of four makes 5; three make 8 against 7."""
    assert claims(0, Knobs(depth=depth, steps=1))["depth-wins"].holds == wins


def test_two_units_cannot_close_a_ring() -> None:
    """Two ReLUs leave a boundary open that sixteen close."""
    assert not claims(0, Knobs(width=2))["mlp-solves-circles"].holds


def test_best_shallow_score_is_a_theorem() -> None:
    """With 16 ReLUs in one layer 137 of 257 tips can be right, 53 %, and no more."""
    claim = claims()["shallow-misses"]
    assert (claim.measured, claim.bound) == (137, 137)


def test_same_seed_same_events() -> None:
    """The same arguments give the same events, another seed gives others."""
    knobs = Knobs(depth=2, steps=3)
    assert list(run(5, knobs)) == list(run(5, knobs)) != list(run(6, knobs))


def test_story_in_key_frames() -> None:
    """Five frames tell the story: four folds, eight, the circles before and after, the clouds."""
    keys = [frame for frame in frames() if frame.key]
    titles = ["two ReLUs at a time"] * 2 + ["features learnt or given"] * 2 + ["two clouds: a line will do"]
    assert [frame.title for frame in keys] == titles
    assert [frame.step for frame in keys] == [20, 40, 0, 200, 1]
    assert 40 <= len(frames()) <= 120


def test_the_teeth_are_drawn_whole() -> None:
    """At the fourth layer's end the deep line goes up and down 16 times between 0 and 1."""
    curve, growth = frames()[19].views
    assert isinstance(curve, Curve)
    assert isinstance(growth, Curve)
    flat, deep = curve.lines
    assert list(deep.ys) == [0, 1] * 8 + [0]
    assert flat.ys[:8] == deep.ys[:8]
    assert flat.ys[8:] != deep.ys[8:]
    assert [line.ys for line in growth.lines] == [(3, 5, 7, 9), (2, 4, 8, 16)]


def test_a_fold_begins_with_what_it_reads() -> None:
    """While a layer folds, its teeth grow from those of the layer before to twice as many."""
    fifth = [frame.views[0] for frame in frames()[20:25]]
    heights = [view.lines[1].ys[1] for view in fifth if isinstance(view, Curve)]
    assert heights == pytest.approx([0.6, 0.7, 0.8, 0.9, 1])


def test_boundaries_are_as_told() -> None:
    """The line never closes; the other two fields are below 0 all around the picture and above within."""
    line, network, handed = (np.array(view.rows) for view in frames()[-2].views if isinstance(view, Field))
    rim = np.ones(line.shape, dtype=bool)
    rim[1:-1, 1:-1] = False
    assert (network[rim] < 0).all()
    assert (handed[rim] < 0).all()
    assert network[16, 24] > 0.9
    assert handed[16, 24] > 0.9
    ups = [float(line[r, c]) for r, c in ((0, 0), (0, -1), (-1, 0), (-1, -1))]
    assert min(ups) <= line.min() or max(ups) >= line.max()
