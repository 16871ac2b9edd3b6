"""Two landscapes to walk down: a valley as narrow as wanted, and a saddle between two minima.

Throughout:
    w  (2,)  a place, (x, y)       κ  the condition number
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dlprep.nn.quadratic import Quadratic

Array: TypeAlias = NDArray[np.floating[Any]]


def valley(kappa: float, angle: float, m: Array) -> Quadratic:
    """A bowl with curvatures μ = 1 and L = κ, least at m; its flat direction is turned from x by an angle."""
    c, s = np.cos(angle), np.sin(angle)
    axes = np.array([[c, s], [-s, c]])  # (2, 2) rows: the flat direction, the steep one
    return Quadratic(axes.T @ np.diag([1.0, kappa]) @ axes, m)


def saddle(w: Array) -> Array:
    """Height y² + (x² − 1)²/2 at each of the points (…, 2): a saddle of ½ at 0, minima of 0 at (±1, 0)."""
    x, y = w[..., 0], w[..., 1]
    return np.asarray(y**2 + (x**2 - 1) ** 2 / 2)


def saddle_slope(w: Array) -> Array:
    """The gradient of the saddle at w (2,)."""
    x, y = w
    return np.array([2 * x * (x**2 - 1), 2 * y])
