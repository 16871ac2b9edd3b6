"""One sigmoid unit on a plane: its output, how steep it is, and where its boundary lies.

Throughout:
    X (…, 2)  inputs      w (2,), b  weights and bias; w (2, m) for m units at once      p = σ(w·x + b)
    affine    X, w, b → w·x + b: that of `dense`, or another to put in its place
"""

from __future__ import annotations

from collections.abc import Callable
from math import isnan, nan
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from dlprep.nn import dense
from dlprep.nn.activations import Array, sigmoid
from dlprep.nn.boundary import Boundary
from dlprep.nn.checks.gradcheck import central_differences
from dlprep.nn.lattice import Extent

Output: TypeAlias = Callable[[Array, Array, float], Array]

EPSILON = 1e-6
ABOVE_HALF = 0.500000001  # an output nearer to ½ than that is ½ but for rounding


def output(X: Array, w: Array, b: float, affine: Callable[..., Any] = dense.forward) -> Array:
    """The bias goes in before the activation: (…), or (…, m) of m units."""
    return sigmoid(affine(X, w, np.asarray(b)))


def right(p: Array, y: Array) -> Array:
    """Whether outputs p (n,) or (n, m), class 1 if above ½, are right about y (n,), true for class 1."""
    return np.asarray(((p.T > ABOVE_HALF) == y).T)  # (m, n) against (n,), then (n, m)


def steepness(of: Output, w: Array, b: float, at: Boundary) -> float:
    """The output's slope across the boundary, measured nearest the origin; NaN if there is none."""
    if isnan(at.offset):
        return nan
    s = np.array([at.offset])  # (1,) along the normal
    return float(central_differences(lambda: float(of(s * at.normal, w, b)), s, EPSILON)[0])


def clear_points(rng: np.random.Generator, w: Array, b: float, extent: Extent) -> tuple[Array, Array]:
    """Points (24, 2) of a square, clear of the boundary, and whether w·x + b > 0 (24,)."""
    X = rng.uniform(*extent[:2], (36, 2))
    z = dense.forward(X, w, np.array(b))  # (36,)
    clear = np.argsort(np.abs(z))[12:]  # (24,) all but the nearest third
    return X[clear], z[clear] > 0


def length(w: Array) -> float:
    """‖w‖."""
    return float(np.linalg.norm(w))


def directions(degrees: ArrayLike, reach: float = 1) -> Array:
    """Vectors (2,) or (2, m) of length `reach` at those angles from the first axis, counter-clockwise."""
    angles = np.radians(degrees)  # () or (m,)
    return reach * np.array([np.cos(angles), np.sin(angles)])
