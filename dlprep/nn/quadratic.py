"""A quadratic bowl, and gradient descent on any function, step by step.

Throughout:
    w  (d,)    parameters              m  (d,)    the minimiser
    H  (d, d)  the Hessian, symmetric  f(w) = ½ (w − m)ᵀ H (w − m), so ∇f(w) = H·(w − m)
    L, μ       the largest and the smallest eigenvalue of H; κ = L / μ its condition number

Source: Nesterov 2004, Introductory Lectures on Convex Optimization (rates of gradient descent).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]


class Quadratic(NamedTuple):
    """f(w) = ½ (w − m)ᵀ H (w − m): its Hessian H (d, d) and its minimiser m (d,)."""

    H: Array
    m: Array

    def value(self, w: Array) -> Array:
        """The value at each of the points (…, d): shape (…)."""
        v = w - self.m  # (…, d)
        return np.asarray(np.sum(v @ self.H * v, axis=-1) / 2)

    def gradient(self, w: Array) -> Array:
        """∇f at each of the points: shape as w."""
        return np.asarray((w - self.m) @ self.H)

    def curvatures(self) -> Array:
        """The eigenvalues (d,) of H, smallest first: μ … L."""
        return np.linalg.eigvalsh(self.H)


def least_squares(X: Array, y: Array) -> Quadratic:
    """What the loss ‖X·w − y‖² / 2n of a linear model exceeds its least value by; X is (n, d), y (n,)."""
    w, *_ = np.linalg.lstsq(X, y, rcond=None)  # (d,)
    return Quadratic(X.T @ X / len(X), w)


def walk(gradient: Callable[[Array], Array], w: Array, rate: float, steps: int) -> Array:
    """Gradient descent from w: all points visited, (steps + 1, d), the start first."""
    path = [w]
    for _ in range(steps):
        path.append(path[-1] - rate * gradient(path[-1]))
    return np.array(path)
