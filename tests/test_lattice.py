"""Places to draw at, and a plane read back from its heights."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn.lattice import around, lattice, read


def test_lattice_and_read_are_inverse() -> None:
    """A plane's weights come back from its heights over the lattice; the top row is the highest."""
    extent = around(np.array([[0.0, 0.0], [2.0, 1.0]]))
    assert extent == pytest.approx((-0.3, 2.3, -0.3, 1.3))
    assert {type(end) for end in extent} == {float}
    grid = lattice(extent)
    assert grid.shape == (33, 49, 2)
    assert grid[0, 0] == pytest.approx((-0.3, 1.3))
    assert grid[-1, -1] == pytest.approx((2.3, -0.3))
    heights = (3 * grid[..., 0] - 2 * grid[..., 1] + 5).tolist()
    assert read(heights, extent) == pytest.approx((3, -2, 5))
