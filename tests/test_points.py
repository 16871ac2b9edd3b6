"""The point sets that no line divides: shapes, labels, and the geometry each one promises."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from dlprep.nn.data.points import Points, circles, moons

SEEDS = range(5)


@pytest.mark.parametrize("make", [moons, circles])
def test_same_seed_same_points(make: Callable[[int, int], Points]) -> None:
    """A set is its seed's: the same twice, another for another seed; labels take turns."""
    X, y = make(3, 50)
    assert X.shape == (50, 2)
    assert y.tolist() == [0, 1] * 25
    assert np.array_equal(X, make(3, 50)[0])
    assert not np.array_equal(X, make(4, 50)[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_moons_are_half_circles(seed: int) -> None:
    """The upper moon is a half circle around 0, the lower one, upside down, around (1, ½)."""
    X, y = moons(seed, 400)
    for arc in (X[y == 0], (1, 0.5) - X[y == 1]):
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
        assert np.abs(ring.mean(axis=0)).max() < 0.05
