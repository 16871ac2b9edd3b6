"""Quadratic bowls and walking down them."""

from __future__ import annotations

import numpy as np

from dlprep.nn.checks.gradcheck import central_differences, relative_error
from dlprep.nn.quadratic import Quadratic, least_squares, walk

BOWL = Quadratic(np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([1.0, -2.0]))


def test_value_is_zero_at_the_minimiser_only() -> None:
    """f(m) = 0, and one unit along an axis costs half the curvature there."""
    assert BOWL.value(BOWL.m) == 0
    assert np.allclose(BOWL.value(BOWL.m + np.eye(2)), [1.5, 1.0])


def test_gradient_is_the_slope_of_the_value() -> None:
    """∇f agrees with central differences."""
    w = np.array([0.3, 0.7])
    measured = central_differences(lambda: float(BOWL.value(w)), w, 1e-5)
    assert relative_error(BOWL.gradient(w), measured) < 1e-9


def test_least_squares_measures_the_excess_loss() -> None:
    """The value is the loss less its least value, whatever w."""
    rng = np.random.default_rng(0)
    X, y, w = rng.normal(size=(20, 3)), rng.normal(size=20), rng.normal(size=3)
    bowl = least_squares(X, y)

    def loss(w: np.ndarray) -> float:
        return float(np.square(X @ w - y).mean() / 2)

    assert np.isclose(bowl.value(w), loss(w) - loss(bowl.m))


def test_walk_shrinks_each_mode_by_its_own_factor() -> None:
    """Along an eigenvector of curvature λ, a step multiplies the distance by 1 − rate·λ."""
    curvatures, modes = np.linalg.eigh(BOWL.H)
    assert np.allclose(curvatures, BOWL.curvatures())
    for curvature, mode in zip(curvatures, modes.T, strict=True):
        path = walk(BOWL.gradient, BOWL.m + mode, 0.3, 4)
        assert path.shape == (5, 2)
        assert np.allclose(path[-1] - BOWL.m, (1 - 0.3 * curvature) ** 4 * mode)
