"""The role's demo: one step, its mathematics, and what each piece is needed for."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.demo import Claim, Control, Field, Frame, Image
from dlprep.demos.the_role import CONTROLS, SHOWN, Knobs, run
from dlprep.nn.data.points import quadrants

NEVER = {"chain-rule", "drawn-as-counted"}  # what no setting of the knobs may break


def claims(seed: int, knobs: Knobs, control: str | None = None) -> dict[str, Claim]:
    """The claims of a run by id."""
    return {event.id: event for event in run(seed, knobs, control) if isinstance(event, Claim)}


def frames() -> list[Frame]:
    """The frames of a run."""
    return [event for event in run(0, Knobs()) if isinstance(event, Frame)]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
@pytest.mark.parametrize("seed", range(3))
def test_controls_break(seed: int, control: Control) -> None:
    """Each control breaks every claim it says it breaks; the picture shows what is counted all the same."""
    held = {id_ for id_, claim in claims(seed, Knobs(), control.id).items() if claim.holds}
    assert not held & set(control.breaks)
    assert "drawn-as-counted" in held


@pytest.mark.parametrize(
    "knobs",
    [Knobs(4, 1, 50, 2.0, 0.3, 20), Knobs(64, 200, 50, 0.01, 0.0, 1000)],
    ids=["least", "most"],
)
def test_knobs_may_spoil_learning_only(knobs: Knobs) -> None:
    """However the knobs are turned, the gradient stays right and the picture true."""
    assert {id_ for id_, claim in claims(1, knobs).items() if claim.holds} >= NEVER


def test_story_in_key_frames() -> None:
    """Four frames tell the story: the step, the mean, what is learnt and the intervals."""
    told = frames()
    assert [frame.title for frame in told if frame.key] == [
        "four lines, four pieces of mathematics",
        "why a loss is a mean",
        "the four lines, over and over",
        "how sure is an accuracy?",
    ]
    assert 60 <= len(told) <= 100


def test_field_ends_with_four_quadrants() -> None:
    """After training the corners of the plane have the signs of the product x₁·x₂."""
    field = [view for frame in frames() for view in frame.views if isinstance(view, Field)][-1]
    cells = np.array(field.rows)
    assert np.sign([cells[0, 0], cells[0, -1], cells[-1, 0], cells[-1, -1]]).tolist() == [-1, 1, 1, -1]


def test_intervals_are_drawn_a_column_each() -> None:
    """The last picture has a column and a gap for each test set, with one measured share in each."""
    [image] = frames()[-1].views
    assert isinstance(image, Image)
    columns = np.array(image.rows)[:, ::2]
    assert columns.shape[1] == SHOWN
    assert (np.abs(columns) == 1).sum(axis=0).tolist() == [1] * SHOWN


def test_neither_coordinate_tells_the_label() -> None:
    """Quadrants: each coordinate alone is worthless, both together tell all, but for the wrong labels."""
    X, y = quadrants(np.random.default_rng(0), 20_000, 0.15)
    for x in X.T:
        assert abs(np.mean((x > 0) == y) - 0.5) < 0.02
    assert abs(np.mean((X.prod(axis=1) > 0) == y) - 0.85) < 0.01
