"""Backtracking: how far it goes back, and that it always goes down."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn.linesearch import backtracked, backtracking, enough
from dlprep.nn.quadratic import Quadratic

BOWL = Quadratic(np.diag([1.0, 25.0]), np.zeros(2))


@pytest.mark.parametrize(("trial", "rate"), [(1.0, 1.0), (8.0, 1.0), (1.5, 0.75), (0.1, 0.1)])
def test_the_rate_is_halved_until_the_fall_is_enough(trial: float, rate: float) -> None:
    """On f = ½x² half the promised fall is reached at a rate of 1 and below, not above."""
    line = Quadratic(np.eye(1), np.zeros(1))
    w = np.array([4.0])
    assert backtracked(line.value, line.gradient, w, trial) == pytest.approx((1 - rate) * w)


@pytest.mark.parametrize("trial", [1e-3, 1.0, 1e6])
def test_no_step_climbs(trial: float) -> None:
    """Whatever the first trial, every step falls."""
    path = backtracking(BOWL.value, BOWL.gradient, np.array([2.0, 1.0]), trial, 20)
    assert path.shape == (21, 2)
    assert np.all(np.diff(BOWL.value(path)) < 0)


def test_at_the_minimum_it_stays() -> None:
    """Where the gradient is 0 any rate will do, and nothing moves."""
    assert backtracked(BOWL.value, BOWL.gradient, np.zeros(2), 1.0).tolist() == [0, 0]


def test_a_step_that_only_just_falls_is_not_enough() -> None:
    """On f = ½x² a rate of 1.9 still falls, but by too little."""
    line = Quadratic(np.eye(1), np.zeros(1))
    w = np.array([1.0])
    assert line.value(w - 1.9 * w) < line.value(w)
    assert not enough(line.value, w, line.gradient(w), 1.9)
