"""Small sets of points in the plane, and truth tables, each made from its seed.

A point is written as the complex number z = x₁ + i·x₂, because turning a shape is then one product.

Throughout:
    X  (n, 2)  points          y  (n,)  labels, as floats: 0 and 1, or −1 and +1 where it says so
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Points: TypeAlias = tuple[Array, Array]
Extent: TypeAlias = tuple[float, float, float, float]  # left, right, bottom, top
Plane: TypeAlias = NDArray[np.complex128]  # the plane, a complex number a point

NOISE = 0.08  # standard deviation, in each coordinate


def moons(seed: int, n: int) -> Points:
    """Two half circles of radius 1 that reach into each other; y is 0 for the upper, 1 for the lower.

    The set is centred on the origin: one moon is the other turned by half a turn, before the noise.
    """
    rng = np.random.default_rng(seed)
    y = _alternating(n)
    arc = np.exp(1j * np.pi * rng.random(n))  # (n,) the upper half of the unit circle
    return _plane((1 - 2 * y) * (arc - (0.5 + 0.25j)) + _noise(rng, n)), y


def circles(seed: int, n: int) -> Points:
    """A circle of radius 1 around one of radius 0.4; y is 0 for the outer, 1 for the inner."""
    rng = np.random.default_rng(seed)
    y = _alternating(n)
    ring = np.exp(2j * np.pi * rng.random(n))  # (n,) the unit circle
    return _plane((1 - 0.6 * y) * ring + _noise(rng, n)), y


def blobs(seed: int, n: int, margin: float) -> Points:
    """Two clouds on either side of a line that misses the origin; y is −1 and +1.

    No point is nearer to that line than `margin`, so the classes are separable by at least that much.
    """
    rng = np.random.default_rng(seed)
    y = 2 * _alternating(n) - 1
    across = y * (margin + rng.random(n))  # (n,) signed distance from the line
    along = rng.uniform(-1, 1, n)
    turn = complex(*rng.standard_normal(2))
    return _plane((across + 0.5 + 1j * along) * turn / abs(turn)), y


def truth_table(outputs: tuple[int, int, int, int]) -> Points:
    """The four inputs 00, 01, 10, 11 and their outputs, each −1 or +1."""
    return np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float), np.array(outputs, float)


def lattice(X: Array) -> tuple[Array, Extent]:
    """Places (33, 49, 2) evenly over the points' part of the plane, top row first, and its extent."""
    (left, bottom), (right, top) = (X.min(axis=0) - 0.3).tolist(), (X.max(axis=0) + 0.3).tolist()
    across, up = np.meshgrid(np.linspace(left, right, 49), np.linspace(top, bottom, 33))  # (33, 49) each
    return np.dstack([across, up]), (left, right, bottom, top)


def read(rows: Sequence[Sequence[float]], extent: Extent) -> Array:
    """The weights (3,) of a plane known by its heights over a lattice.

    Its climb to the right and upwards, and its height at the origin. `rows[0]` is the top.
    """
    left, right, bottom, top = extent
    (corner, *_, east), (south, *_) = rows[0], rows[-1]
    w1, w2 = (east - corner) / (right - left), (corner - south) / (top - bottom)
    return np.array([w1, w2, corner - w1 * left - w2 * top])


AND = (-1, -1, -1, 1)
OR = (-1, 1, 1, 1)
XOR = (-1, 1, 1, -1)


def _alternating(n: int) -> Array:
    """0, 1, 0, 1 …: classes of equal size, met in turn."""
    return (np.arange(n) % 2).astype(np.float64)


def _noise(rng: np.random.Generator, n: int) -> Plane:
    right, up = NOISE * rng.standard_normal((2, n))
    noise: Plane = right + 1j * up
    return noise


def _plane(z: Plane) -> Array:
    """Complex numbers (n,) as points (n, 2)."""
    return np.column_stack([z.real, z.imag])
