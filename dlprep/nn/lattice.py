"""Places to draw a function of the plane at, and the weights of a drawn plane, read back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Extent: TypeAlias = tuple[float, float, float, float]  # left, right, bottom, top


def around(points: Array) -> Extent:
    """The part of the plane where the points (n, 2) lie, and a little more on each side."""
    left, bottom = (points.min(axis=0) - 0.3).tolist()
    right, top = (points.max(axis=0) + 0.3).tolist()
    return left, right, bottom, top


def lattice(extent: Extent) -> Array:
    """Places (33, 49, 2), evenly over an extent, the top row first."""
    left, right, bottom, top = extent
    across, up = np.meshgrid(np.linspace(left, right, 49), np.linspace(top, bottom, 33))  # (33, 49) each
    return np.dstack([across, up])


def read(rows: Sequence[Sequence[float]], extent: Extent) -> Array:
    """The weights (3,) of a plane known by its heights: its climb to the right and upwards, its height at 0.

    It is read from three corners; `rows[0]` is the top.
    """
    left, right, bottom, top = extent
    (corner, *_, east), *_, (south, *_) = rows
    w1, w2 = (east - corner) / (right - left), (corner - south) / (top - bottom)
    return np.array([w1, w2, corner - w1 * left - w2 * top])
