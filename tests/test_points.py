"""The point sets: shapes, labels, and the geometry each one promises."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from dlprep.nn.points import AND, OR, XOR, Points, blobs, circles, lattice, moons, read, truth_table

SEEDS = range(5)


def narrow(seed: int, n: int) -> Points:
    """Blobs, called as the other sets are."""
    return blobs(seed, n, 0.1)


@pytest.mark.parametrize("make", [moons, circles, narrow])
def test_same_seed_same_points(make: Callable[[int, int], Points]) -> None:
    """A set is its seed's: the same twice, another for another seed."""
    X, y = make(3, 50)
    assert X.shape == (50, 2)
    assert y.shape == (50,)
    assert np.array_equal(X, make(3, 50)[0])
    assert not np.array_equal(X, make(4, 50)[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_moons_are_half_circles(seed: int) -> None:
    """Undo the centring: the upper moon is a half circle around 0, the lower one around (1, ½)."""
    X, y = moons(seed, 400)
    upper = X[y == 0] + (0.5, 0.25)
    lower = X[y == 1] + (0.5, 0.25) - (1, 0.5)
    for arc in (upper, -lower):
        assert np.hypot(*arc.T).mean() == pytest.approx(1, abs=0.03)
        assert np.hypot(*arc.T).std() == pytest.approx(0.08, abs=0.02)
        assert arc[:, 1].min() > -0.4
        assert np.ptp(arc[:, 0]) > 1.9


@pytest.mark.parametrize("seed", SEEDS)
def test_circles_have_their_radii(seed: int) -> None:
    """The outer circle has radius 1 and label 0, the inner 0.4 and label 1, both all the way round."""
    X, y = circles(seed, 400)
    for label, radius in ((0, 1), (1, 0.4)):
        ring = X[y == label]
        assert len(ring) == 200
        assert np.hypot(*ring.T).mean() == pytest.approx(radius, abs=0.03)
        assert np.abs(ring.mean(axis=0)).max() < 0.25


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("margin", [0.02, 0.3])
def test_blobs_are_rigid_motions_of_their_plan(seed: int, margin: float) -> None:
    """Classes take turns, −1 first, and points lie within 1 of the line's middle and 1 of the margin."""
    X, y = blobs(seed, 200, margin)
    assert y[:4].tolist() == [-1, 1, -1, 1]
    furthest = np.hypot(0.5 + margin + 1, 1)
    assert np.hypot(*X.T).max() <= furthest
    assert np.hypot(*X.T).max() > 1 + margin


def test_truth_tables() -> None:
    """The gates, as ±1, over inputs in counting order."""
    X, y = truth_table(AND)
    assert X.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert [bool(v > 0) for v in y] == [bool(a) and bool(b) for a, b in X]
    assert [v > 0 for v in OR] == [a or b for a, b in X.astype(bool)]
    assert [v > 0 for v in XOR] == [a != b for a, b in X.astype(bool)]


def test_lattice_and_read_are_inverse() -> None:
    """A plane's weights come back from its heights over the lattice; the top row is the highest."""
    grid, extent = lattice(np.array([[0.0, 0.0], [2.0, 1.0]]))
    assert extent == pytest.approx((-0.3, 2.3, -0.3, 1.3))
    assert grid.shape == (33, 49, 2)
    assert grid[0, 0] == pytest.approx((-0.3, 1.3))
    assert grid[-1, -1] == pytest.approx((2.3, -0.3))
    heights = (3 * grid[..., 0] - 2 * grid[..., 1] + 5).tolist()
    assert read(heights, extent) == pytest.approx((3, -2, 5))
