"""Measuring a descent: the edge of its rates, its speed, and what beats its direction."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn.checks.descentcheck import contraction, directions, largest_rate, lowest, until_near
from dlprep.nn.quadratic import Quadratic

ROUND = Quadratic(2 * np.eye(2), np.array([1.0, 1.0]))
W = np.array([4.0, 5.0])  # 5 from the minimiser


@pytest.mark.parametrize("L", [0.03, 1.0, 77.0])
def test_the_largest_rate_is_found(L: float) -> None:
    """On f = ½·L·w² walks grow above 2/L, wherever the search begins below it."""
    line = Quadratic(L * np.eye(1), np.zeros(1))
    for low in (1e-3, 1e-2):
        assert largest_rate(line.value, line.gradient, np.ones(1), low) == pytest.approx(2 / L, rel=1e-6)


def test_a_walk_ends_near() -> None:
    """At half the best rate each step halves the distance: ten to fall below a thousandth."""
    path = until_near(ROUND.gradient, W, ROUND.m, 0.25, 1e-3)
    assert len(path) == 1 + 10
    assert contraction(path, ROUND.m) == pytest.approx(0.5)


def test_a_walk_that_flies_off_ends_too() -> None:
    """At rate 1.5 the distance doubles: ten steps to a thousand times the first."""
    path = until_near(ROUND.gradient, W, ROUND.m, 1.5, 1e-3)
    assert len(path) == 1 + 10
    assert contraction(path, ROUND.m) == pytest.approx(2)


def test_directions_are_unit_vectors_all_round() -> None:
    """Length 1, and about as many to each side."""
    ways = directions(np.random.default_rng(0), 1000, 3)
    assert np.allclose(np.linalg.norm(ways, axis=1), 1)
    assert np.abs(ways.mean(axis=0)).max() < 0.1


def test_the_lowest_step_leads_towards_the_minimum() -> None:
    """Of four ways in a round bowl the one that points home ends lowest."""
    ways = np.array([[1.0, 0], [0, 1], [-0.6, -0.8], [0, -1]])
    assert lowest(ROUND, W, ways, 5.0) == pytest.approx(ROUND.m)
