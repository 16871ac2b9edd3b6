"""Point sets that no straight line divides, each made from its seed or generator.

Throughout:
    X  (n, 2)  points          y  (n,)  labels 0 and 1, in turn
"""

from __future__ import annotations

from math import pi, tau
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Points: TypeAlias = tuple[Array, Array]

NOISE = 0.08  # standard deviation, in each coordinate


class Arc(NamedTuple):
    """Part of a circle, run through from one angle to another, in radians."""

    centre: tuple[float, float]
    radius: float
    start: float
    end: float


def moons(seed: int, n: int) -> Points:
    """Two half circles of radius 1 that reach into each other; y is 0 on the upper, 1 on the lower."""
    return _arcs(seed, n, Arc((0, 0), 1, 0, pi), Arc((1, 0.5), 1, pi, tau))


def circles(seed: int, n: int) -> Points:
    """A circle of radius 1 around one of radius 0.4; y is 0 on the outer, 1 on the inner."""
    return _arcs(seed, n, Arc((0, 0), 1, 0, tau), Arc((0, 0), 0.4, 0, tau))


def quadrants(rng: np.random.Generator, n: int, wrong: float) -> Points:
    """Points around 0; y is 1 where both coordinates have one sign, but a share `wrong` of it is flipped.

    Neither coordinate alone says anything about the label.
    """
    X = rng.uniform(-1, 1, (n, 2))
    same = np.signbit(X[:, 0]) == np.signbit(X[:, 1])  # (n,)
    return X, np.where(rng.random(n) < wrong, ~same, same).astype(float)


def _arcs(seed: int, n: int, *classes: Arc) -> Points:
    """Noisy points, spread evenly over an arc for each class."""
    rng = np.random.default_rng(seed)
    order, y = np.arange(n), np.resize([0, 1], n)  # (n,) each
    centre, radius, start, end = (np.array(part) for part in zip(*classes, strict=True))  # (2, 2), (2,) …
    angle = np.linspace(start, end, n)[order, y]  # (n,) of the two arcs' angles, each point takes its own
    towards = np.column_stack([np.cos(angle), np.sin(angle)])  # (n, 2)
    return rng.normal(centre[y] + radius[y, None] * towards, NOISE), y.astype(float)
