"""Points with a loud input that misleads, and the line that learns from it."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn import shortcut
from dlprep.nn.losses import binary_cross_entropy


@pytest.mark.parametrize("rare", [0.0, 0.1, 0.4])
def test_points(rare: float) -> None:
    """x₂ is right about all points, x₁ about all but the share that it misleads on, and is louder."""
    X, y = shortcut.points(np.random.default_rng(3), 200, rare)
    assert ((X[:, 1] > 0) == y).all()
    assert ((X[:, 0] > 0) == y).mean() == pytest.approx(1 - rare)
    assert np.abs(X[:, 0]).mean() > 2 * np.abs(X[:, 1]).mean()


def test_the_start_is_right_by_a_hair() -> None:
    """Accuracy 1, and a loss near ln 2."""
    X, y = shortcut.points(np.random.default_rng(0), 200, 0.1)
    weights = np.array([shortcut.START, 100 * shortcut.START])
    losses, accuracies = shortcut.judge(weights, X, y, binary_cross_entropy)
    assert accuracies.tolist() == [1, 1]
    assert 0.6 < losses[0] < np.log(2)
    assert losses[1] < 0.01


def test_learning_descends() -> None:
    """Steps + 1 weights, the start first, each a step down the gradient."""
    X, y = shortcut.points(np.random.default_rng(0), 50, 0.1)
    first, second, _ = shortcut.learn(X, y, binary_cross_entropy, rate=0.1, steps=2)
    gradient = X.T @ binary_cross_entropy(X @ first, y)[1]
    assert first.tolist() == shortcut.START.tolist()
    np.testing.assert_allclose(second, first - 0.1 * gradient)
