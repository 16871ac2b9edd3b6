"""The cnn demo: every claim holds, every control breaks exactly what it says, the knobs are sound."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from dlprep.demo import Claim, Control, Event, Frame, Image
from dlprep.demos import cnn
from dlprep.errors import DlprepError


def broken(events: list[Event]) -> set[str]:
    """The ids of the claims that do not hold."""
    return {event.id for event in events if isinstance(event, Claim) and not event.holds}


@pytest.mark.parametrize("seed", [0, 1, 2, 7, 60])
def test_every_claim_holds(seed: int) -> None:
    """At any seed; and the same seed gives the same events."""
    events = list(cnn.run(seed, cnn.Knobs()))
    assert broken(events) == set()
    assert sum(isinstance(event, Claim) for event in events) == 11
    if seed == 0:
        assert events == list(cnn.run(seed, cnn.Knobs()))


@pytest.mark.parametrize("control", cnn.CONTROLS, ids=lambda control: control.id)
def test_a_control_breaks_what_it_says_and_nothing_else(control: Control) -> None:
    """A claim that no sabotage can break would be no evidence."""
    for seed in (0, 3):
        assert broken(list(cnn.run(seed, cnn.Knobs(), control.id))) == set(control.breaks)


def test_every_claim_has_a_control() -> None:
    """Between them the controls break all claims."""
    claims = {event.id for event in cnn.run(0, cnn.Knobs()) if isinstance(event, Claim)}
    assert {broken for control in cnn.CONTROLS for broken in control.breaks} == claims


def test_events_are_plain_data() -> None:
    """Frames and claims hold Python's own numbers, so they compare and turn into JSON."""
    events = list(cnn.run(0, cnn.Knobs()))
    json.dumps([dataclasses.asdict(event) for event in events])
    frames = [event for event in events if isinstance(event, Frame)]
    assert 60 <= len(frames) <= 120
    assert 4 <= sum(frame.key for frame in frames) <= 12
    assert all(1 <= frame.step <= frame.steps for frame in frames)


@pytest.mark.parametrize(
    ("knobs", "side"),
    [
        (cnn.Knobs(size=28, kernel=5, steps=30), 24),
        (cnn.Knobs(size=12, kernel=3, stride=2, padding=1, steps=30), 6),
        (cnn.Knobs(size=8, kernel=7, steps=30), 2),
        (cnn.Knobs(size=32, kernel=1, pool=4, steps=30), 32),
        (cnn.Knobs(kernel=4, dilation=3, filters=2, steps=30), 3),
    ],
)
def test_the_walk_shows_the_map_the_knobs_make(knobs: cnn.Knobs, side: int) -> None:
    """Whatever the geometry, the map on screen has the size of the formula, and the layers stay true."""
    events = list(cnn.run(0, knobs))
    image, _, feature_map = next(event for event in events if isinstance(event, Frame)).views
    assert isinstance(image, Image)
    assert isinstance(feature_map, Image)
    assert len(image.rows) == knobs.size + 2 * knobs.padding
    assert len(feature_map.rows) == len(feature_map.rows[0]) == side
    assert broken(events) <= {"accuracy"}


def test_knobs_that_cannot_be_are_refused() -> None:
    """A 7×7 filter spread by 3 is 19 pixels long and does not fit 12."""
    with pytest.raises(DlprepError, match="a window 19 pixels long does not fit the 12 pixels there are"):
        next(cnn.run(0, cnn.Knobs(kernel=7, dilation=3)))


@pytest.mark.parametrize(("size", "kernel"), [(8, 7), (15, 3), (20, 5), (28, 5)])
def test_every_claim_holds_whatever_the_size(size: int, kernel: int) -> None:
    """The default step and number of steps suit small images and large ones."""
    assert broken(list(cnn.run(0, cnn.Knobs(size=size, kernel=kernel)))) == set()


def test_what_is_not_filled_yet_is_void() -> None:
    """The first frame shows one number, the last of the kind all of them."""
    frames = [event for event in cnn.run(0, cnn.Knobs()) if isinstance(event, Frame)]
    maps = [frame.views[2] for frame in frames if frame.title == "a filter slides over the image"]
    filled = [sum(x == x for line in view.rows for x in line) for view in maps if isinstance(view, Image)]  # noqa: PLR0124  NaN differs from itself
    assert filled[0] == 1
    assert filled[-1] == 100


def test_names_under_pictures_are_short() -> None:
    """A sign and the class the network named, in at most 12 cells; the wrong ones come first."""
    frames = [event for event in cnn.run(0, cnn.Knobs(steps=60, rate=0.2)) if isinstance(event, Frame)]
    (shown,) = (frame.views for frame in frames if frame.title == "unseen images")
    signs = [view.name[:2] for view in shown]
    assert signs == sorted(signs, reverse=True)
    assert {"✗ "} <= set(signs) <= {"✓ ", "✗ "}
    assert all(len(view.name) <= 12 for view in shown)


def test_the_wrong_pool_gradient_still_learns() -> None:
    """Accuracy alone does not show a wrong gradient: the gradient check does."""
    events = list(cnn.run(0, cnn.Knobs(), "pool-gradient-everywhere"))
    measured = {event.id: event.measured for event in events if isinstance(event, Claim)}
    assert measured["accuracy"] > 0.9
    assert measured["gradient-agrees"] > 0.01
    assert np.isfinite(measured["pool-routes-gradient"])
