"""The valley and the saddle are what they say."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn.checks.gradcheck import central_differences, relative_error
from dlprep.nn.terrain import saddle, saddle_slope, valley


@pytest.mark.parametrize("kappa", [1.0, 10, 128])
def test_a_valley_has_the_curvatures_asked_for(kappa: float) -> None:
    """μ = 1 along the angle, L = κ across it, and the minimum at m."""
    m = np.array([3.0, 2.0])
    bowl = valley(kappa, 0.4, m)
    assert bowl.curvatures() == pytest.approx([1, kappa])
    along = np.array([np.cos(0.4), np.sin(0.4)])
    assert bowl.gradient(m + along) == pytest.approx(along)
    assert bowl.value(m) == 0


def test_the_saddles_slope_is_its_slope() -> None:
    """The gradient agrees with central differences."""
    w = np.array([0.3, 0.7])
    measured = central_differences(lambda: float(saddle(w)), w, 1e-5)
    assert relative_error(saddle_slope(w), measured) < 1e-9


def test_level_places() -> None:
    """Level at 0, of height ½, down along x and up along y; level and least at (±1, 0)."""
    places = np.array([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0]])
    assert saddle(places).tolist() == [0.5, 0, 0]
    assert not np.any([saddle_slope(w) for w in places])
