"""One sigmoid unit: outputs by hand, slopes against k‖w‖/4, and who counts as right."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.nn import unit
from dlprep.nn.boundary import Boundary
from dlprep.nn.faulty import nearly_dense


def test_output_by_hand() -> None:
    """The unit w = (2, 1), b = −1 at x = (1, 0) gives σ(1) = 0.731; at the boundary's foot it gives ½."""
    w = np.array([2.0, 1])
    assert unit.output(np.array([1.0, 0]), w, -1) == pytest.approx(1 / (1 + math.exp(-1)))
    assert unit.output(w / 5, w, -1) == pytest.approx(0.5)


def test_many_units_at_once() -> None:
    """Weights (2, m) are m units, each with the same bias."""
    X, W = np.eye(2), unit.directions([0, 30, 90], 2)
    together = unit.output(X, W, 0.5)
    assert together.shape == (2, 3)
    assert together[:, 1] == pytest.approx(unit.output(X, W[:, 1], 0.5))


@pytest.mark.parametrize(("k", "slope"), [(1, 0.559), (2, 1.118), (4, 2.236)])
def test_slope_is_a_quarter_of_the_length(k: float, slope: float) -> None:
    """For w = k·(2, 1) the output is k·√5/4 steep across the boundary: 0.559, 1.118, 2.236."""
    at = Boundary(math.degrees(math.atan2(1, 2)), -1 / 5**0.5)
    measured = unit.steepness(unit.output, k * np.array([2.0, 1]), k, at)
    assert measured == pytest.approx(slope, abs=5e-4)


def test_no_boundary_no_slope() -> None:
    """Where there is no boundary there is no slope across it."""
    assert math.isnan(unit.steepness(unit.output, np.ones(2), 0, Boundary(math.nan, math.nan)))


def test_half_is_not_above_half() -> None:
    """An output of ½, give or take rounding, names class 0."""
    p = np.array([0.5, 0.5 + 1e-15, 0.6, 0.4])
    assert unit.right(p, np.array([True, True, True, False])).tolist() == [False, False, True, True]
    assert unit.right(p[:, None], np.array([False] * 4)).tolist() == [[True], [True], [False], [True]]


def test_nearly_units() -> None:
    """The controls' units: b behind the activation can leave 0 … 1; b in a weight vanishes where x₁ = 0."""
    X, w = np.array([[0.0, 1], [1, 0]]), np.array([2.0, 1])
    assert nearly_dense.behind(X, w, 3).min() > 1
    assert nearly_dense.into_weight(X, w, 3) == pytest.approx(unit.output(X, np.array([5.0, 1]), 0))


def test_clear_points_are_told_apart_and_kept_clear() -> None:
    """Points lie in their square, on the side of the boundary their label names, and none is near it."""
    w, extent = np.array([2.0, 1]), (-3.0, 3.0, -3.0, 3.0)
    X, y = unit.clear_points(np.random.default_rng(0), w, 1, extent)
    assert X.shape == (24, 2)
    assert np.abs(X).max() <= 3
    assert unit.right(unit.output(X, w, 1), y).all()
    assert np.abs(X @ w + 1).min() > 0.5
