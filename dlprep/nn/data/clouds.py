"""Points that a line divides with room to spare, and truth tables: what a perceptron learns from.

Throughout:
    X  (n, 2)  points          y  (n,)  labels −1 and +1, as floats
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Outputs: TypeAlias = tuple[int, int, int, int]

AND = (-1, -1, -1, 1)
OR = (-1, 1, 1, 1)
XOR = (-1, 1, 1, -1)


def clouds(seed: int, n: int, margin: float) -> tuple[Array, Array]:
    """Two clouds on either side of a line, in turn; no point is nearer to the line than `margin` < 1."""
    rng = np.random.default_rng(seed)
    positive = np.resize([False, True], n)  # (n,)
    upright = np.column_stack([rng.uniform(margin, 1, n), rng.normal(0, 0.5, n)])  # (n, 2) right of x₁ = 0
    turn, _ = np.linalg.qr(rng.normal(size=(2, 2)))  # (2, 2) orthogonal
    side, middle = upright @ turn, rng.uniform(0.3, 0.7, 2)  # (n, 2), (2,) off the origin: w needs a bias
    X = np.where(positive[:, None], middle + side, middle - side)  # (n, 2)
    return X, np.where(positive, 1.0, -1.0)


def truth_table(outputs: Outputs) -> tuple[Array, Array]:
    """The four inputs 00, 01, 10, 11 and their outputs."""
    return np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float), np.array(outputs, float)
