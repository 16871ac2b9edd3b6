"""Models of points in the plane: what they are handed, what they learn, what they are tested on."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn.activations import LINEAR
from dlprep.nn.learner import halves, learner, with_radius


def test_halves_share_no_point_and_lose_none() -> None:
    """Every point is either learnt or unseen, and keeps its label."""
    X = np.arange(20.0).reshape(10, 2)
    (learnt, y), (unseen, z) = halves(np.random.default_rng(0), X, X[:, 0])
    assert len(learnt) == len(unseen) == 5
    assert sorted(np.vstack([learnt, unseen]).tolist()) == X.tolist()
    assert learnt[:, 0].tolist() == y.tolist()
    assert unseen[:, 0].tolist() == z.tolist()


def test_with_radius_by_hand() -> None:
    """(3, 4) comes with 25, in any arrangement of points."""
    assert with_radius(np.array([[[3.0, 4]]])).tolist() == [[[3, 4, 25]]]


def test_a_line_learns_what_a_line_divides() -> None:
    """Logistic regression has a parameter for each input and one more, and learns the sign of x₁."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 2))
    data = halves(rng, X, (X[:, 0] > 0).astype(float))
    model = learner(rng, "a line", data, LINEAR).trained(1, 200)
    assert [array.size for layer in model.layers for array in layer] == [2, 1]
    assert model.unseen() >= 0.9
    W, b = model.layers[0]
    assert model.logits(X) == pytest.approx(X @ W[:, 0] + b[0])
