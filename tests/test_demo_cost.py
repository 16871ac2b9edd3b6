"""The cost demo: its claims hold at every seed, its sabotages break them, its pictures show what it says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.demo import Bars, Claim, Control, Curve, Field, Frame, Table
from dlprep.demos.cost import CONTROLS, Knobs, run

ALWAYS = {  # what no setting of the knobs may break
    "loss-falls-every-step",
    "confidently-wrong-still-learns",
    "squared-error-saturates",
    "zero-one-has-no-slope",
    "convex-in-logit",
    "every-slope",
    "focal-quiets-easy",
    "log-loss-proper",
    "brier-proper",
    "mse-minimised-by-mean",
    "mae-minimised-by-median",
    "sure-and-right-is-free",
    "stable-where-naive-fails",
    "gradient-is-p-minus-y",
    "check-misses-double",
    "shift-invariant",
    "batch-size-cancels",
    "entropy-plus-kl",
    "loss-at-init",
}


def claims(seed: int, knobs: Knobs, control: str | None = None) -> dict[str, Claim]:
    """The claims of a run by id."""
    return {event.id: event for event in run(seed, knobs, control) if isinstance(event, Claim)}


def frames(knobs: Knobs) -> list[Frame]:
    """The frames of a run."""
    return [event for event in run(0, knobs) if isinstance(event, Frame)]


def keys(knobs: Knobs) -> dict[str, Frame]:
    """The key frames of a run by title."""
    return {frame.title: frame for frame in frames(knobs) if frame.key}


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
@pytest.mark.parametrize("seed", range(4))
def test_controls_break(seed: int, control: Control) -> None:
    """Each control breaks every claim it says it breaks, and leaves focal loss's own slope alone."""
    held = {id_ for id_, claim in claims(seed, Knobs(), control.id).items() if claim.holds}
    assert not held & set(control.breaks)
    assert "check-misses-double" in held


@pytest.mark.parametrize(
    "knobs",
    [
        Knobs(rare=0.0, truth=0.01, outlier=0.0, delta=0.1, classes=2),
        Knobs(rare=0.4, truth=0.99, outlier=200.0, delta=100.0, classes=100),
        Knobs(rare=0.013, truth=0.5, outlier=10.0, delta=3.3, classes=7),
        Knobs(truth=0.333),
    ],
)
def test_knobs_may_spoil_the_examples_only(knobs: Knobs) -> None:
    """Without a misleading input or an outlier there is less to see; what is proved stays true."""
    for seed in range(3):
        assert {id_ for id_, claim in claims(seed, knobs).items() if claim.holds} >= ALWAYS


def test_lessons_of_the_knobs() -> None:
    """An honest input keeps accuracy; a wide δ turns Huber's loss into squared error."""
    assert not claims(0, Knobs(rare=0.0))["accuracy-and-loss-disagree"].holds
    assert not claims(0, Knobs(delta=100.0))["huber-resists-outlier"].holds


def test_double_softmax_starts_right_and_has_a_floor() -> None:
    """The loss at the start does not tell softmax applied twice; what a sure, right answer costs does."""
    found = claims(0, Knobs(classes=4), "double-softmax")
    assert found["loss-at-init"].holds
    assert found["sure-and-right-is-free"].measured == pytest.approx(math.log(1 + 3 / math.e))
    found = claims(0, Knobs(classes=10), "double-softmax")
    assert found["sure-and-right-is-free"].measured == pytest.approx(1.461, abs=5e-4)


def test_same_seed_same_events() -> None:
    """The same arguments give the same events, another seed gives others."""
    assert list(run(5, Knobs())) == list(run(5, Knobs())) != list(run(6, Knobs()))


def test_story_in_key_frames() -> None:
    """Six frames tell the story, and there are enough others to play."""
    assert list(keys(Knobs())) == [
        "the loss falls, and accuracy with it",
        "accuracy against loss",
        "the further wrong, the harder the pull",
        "70% of the labels are 1",
        "20 targets near 10, one of 60",
        "logits grow",
    ]
    assert 100 <= len(frames(Knobs())) <= 120


def test_three_models() -> None:
    """A is right about all at a high loss, B cheaper and wrong more often, C decides as B and is dearer."""
    picture, accuracy, loss = keys(Knobs())["accuracy against loss"].views
    assert isinstance(picture, Field)
    assert isinstance(accuracy, Bars)
    assert isinstance(loss, Bars)
    assert accuracy.labels == loss.labels == tuple("ABC")
    assert accuracy.values[0] == 1
    assert 0.85 < accuracy.values[1] == accuracy.values[2] < 0.95
    assert loss.values[2] > loss.values[0] > loss.values[1]


def test_fields_can_be_drawn() -> None:
    """A field is 33 × 49 numbers in −1 … +1; A's points lie on their own sides of 0."""
    first = frames(Knobs())[0].views[0]
    assert isinstance(first, Field)
    cells = np.array(first.rows)
    assert cells.shape == (33, 49)
    assert np.abs(cells).max() <= 1
    left, right, bottom, top = first.extent
    for dots, sign in zip(first.dots, (-1, 1), strict=True):
        columns = np.rint((np.array(dots.xs) - left) / (right - left) * 48).astype(int)
        lines = np.rint((top - np.array(dots.ys)) / (top - bottom) * 32).astype(int)
        assert (np.sign(cells[lines, columns]) == sign).all()


def test_valleys_are_whole() -> None:
    """At the end each curve is drawn to its last point, and the bars show where it is least."""
    shown = keys(Knobs())
    for title, points in (("70% of the labels are 1", 99), ("20 targets near 10, one of 60", 301)):
        curve, bars = shown[title].views
        assert isinstance(curve, Curve)
        assert isinstance(bars, Bars)
        for line, best in zip(curve.lines, bars.values, strict=False):
            assert len(line.xs) == len(line.ys) == points
            assert max(line.ys) == 1
            assert best == line.xs[int(np.argmin(line.ys))]


def test_overflow_is_shown() -> None:
    """The textbook's loss is a number up to z = 709 and none from 710 on; the stable one is about z/2."""
    table = keys(Knobs())["logits grow"].views[0]
    assert isinstance(table, Table)
    found = {int(z): (float(textbook), float(stable)) for z, textbook, stable in table.rows}
    assert len(found) == 8
    for z, (textbook, stable) in found.items():
        assert math.isnan(textbook) == (z >= 710)
        assert stable == pytest.approx(z / 2 + math.log(1 + 3 * math.exp(-z)), rel=1e-4)
