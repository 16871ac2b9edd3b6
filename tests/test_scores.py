"""Further losses: values worked out by hand, slopes that are measured, and what each is least at."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlprep.nn import scores
from dlprep.nn.activations import Array
from dlprep.nn.checks.gradcheck import central_differences
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.scores import Score

OF_LOGITS = (scores.zero_one, scores.hinge, scores.focal, scores.brier)
ALL = (*OF_LOGITS, scores.squared, scores.absolute, scores.huber)


def of(score: Score, prediction: float, target: float) -> tuple[float, float]:
    """The loss of one prediction, and its slope."""
    loss, slope = score(np.array([prediction]), np.array([target]))
    return loss, float(slope[0])


@pytest.mark.parametrize(
    ("score", "prediction", "target", "loss", "slope"),
    [
        (scores.squared, 5, 2, 9, 6),
        (scores.absolute, 5, 2, 3, 1),
        (scores.absolute, -5, 2, 7, -1),
        (scores.huber, 2.5, 2, 0.125, 0.5),
        (scores.huber, 5, 2, 2.5, 1),
        (scores.huber, -1, 2, 2.5, -1),
        (scores.zero_one, 0.1, 1, 0, 0),
        (scores.zero_one, 0.1, 0, 1, 0),
        (scores.hinge, 0, 1, 1, -1),
        (scores.hinge, 0, 0, 1, 1),
        (scores.hinge, 1.5, 1, 0, 0),
        (scores.hinge, -1.5, 1, 2.5, -1),
        (scores.brier, 0, 1, 0.25, -0.25),
        (scores.brier, -10, 1, 0.9999, -9.079e-5),
        (scores.focal, math.log(9), 1, -0.01 * math.log(0.9), -0.00289648),
        (scores.focal, 0, 0, math.log(2) / 4, (0.5 + math.log(2)) / 4),
    ],
)
def test_by_hand(score: Score, prediction: float, target: float, loss: float, slope: float) -> None:
    """One prediction, one target: loss and slope as worked out on paper."""
    found = of(score, prediction, target)
    assert found == pytest.approx((loss, slope), rel=1e-4)


@given(st.sampled_from(ALL), st.integers(1, 6), st.integers(0, 999))
def test_gradient_is_measured(score: Score, n: int, seed: int) -> None:
    """The gradient is what central differences measure, away from kinks, and has the predictions' shape."""
    rng = np.random.default_rng(seed)
    p, y = rng.choice([-2.3, -0.7, 0.4, 1.6], n), rng.choice([0.0, 1.0], n)
    _, gradient = score(p, y)
    measured = central_differences(lambda: score(p, y)[0], p, 1e-5)
    assert gradient.shape == p.shape
    np.testing.assert_allclose(gradient, measured, rtol=0, atol=1e-9)


def test_means() -> None:
    """A batch costs the mean of its examples, and its gradient is theirs divided by their number."""
    p, y = np.array([[0.3, -2.0], [1.7, 0.2]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    for score in ALL:
        loss, gradient = score(p, y)
        each = [of(score, a, b) for a, b in zip(p.ravel(), y.ravel(), strict=True)]
        assert loss == pytest.approx(np.mean([one for one, _ in each]))
        np.testing.assert_allclose(gradient.ravel() * 4, [slope for _, slope in each])


def test_huber_joins_squared_and_absolute() -> None:
    """With a wide delta it is half the squared error, with a narrow one delta × the absolute error."""
    p, y = np.array([-3.0, 0.5, 4.0]), np.zeros(3)
    assert scores.huber(p, y, delta=100)[0] == pytest.approx(scores.squared(p, y)[0] / 2)
    assert scores.huber(p, y, delta=1e-6)[0] == pytest.approx(1e-6 * scores.absolute(p, y)[0], rel=1e-5)


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=5), st.sampled_from([0.0, 1.0]))
def test_focal_at_gamma_0_is_cross_entropy(logits: list[float], label: float) -> None:
    """The loss and the gradient, with gamma 0."""
    z: Array = np.array(logits)
    focal, dfocal = scores.focal(z, np.full_like(z, label), gamma=0)
    loss, dz = binary_cross_entropy(z, np.full_like(z, label))
    assert focal == pytest.approx(loss, abs=1e-12)
    np.testing.assert_allclose(dfocal, dz, atol=1e-12)


@given(st.floats(-20, 20), st.sampled_from([0.0, 1.0]))
def test_surrogates_lie_above_the_error(z: float, label: float) -> None:
    """Hinge loss and cross-entropy in bits are never below the 0–1 loss, so being small they bound errors."""
    error, _ = of(scores.zero_one, z, label)
    assert of(scores.hinge, z, label)[0] >= error
    assert of(binary_cross_entropy, z, label)[0] / math.log(2) >= error - 1e-12


def test_finite_at_a_thousand() -> None:
    """Logits of ±1000 give finite losses and gradients, without a warning."""
    z, y = np.array([1000.0, -1000, 1000, -1000]), np.array([1.0, 0, 0, 1])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for score in OF_LOGITS:
            loss, gradient = score(z, y)
            assert np.isfinite([loss, *gradient]).all()
