"""Backtracking: a learning rate found anew at every step, by trying.

Throughout:
    w  (d,)  parameters        f(w)  the loss        g = ∇f(w)  (d,)

Source: Armijo 1966, Pacific Journal of Mathematics 16 (the test of sufficient decrease).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
Function: TypeAlias = Callable[[Array], Array]
Test: TypeAlias = Callable[[Function, Array, Array, float], bool]

SHARE = 0.5  # of the fall that the slope promises, ‖g‖² per unit of rate; Armijo has ½, others 1e-4


def enough(f: Function, w: Array, g: Array, rate: float) -> bool:
    """Armijo's test: the step falls by at least a share of what the slope promises."""
    return bool(f(w - rate * g) <= f(w) - SHARE * rate * (g @ g))


def backtracked(f: Function, slope: Function, w: Array, trial: float, test: Test = enough) -> Array:
    """The point after one step: the rate starts at `trial` and is halved until the test is passed."""
    g, rate = slope(w), trial
    while not test(f, w, g, rate):
        rate /= 2
    return np.asarray(w - rate * g)


def backtracking(f: Function, slope: Function, w: Array, trial: float, steps: int) -> Array:
    """Descent by backtracking: all points visited, (steps + 1, d), the start first."""
    path = [w]
    for _ in range(steps):
        path.append(backtracked(f, slope, path[-1], trial))
    return np.array(path)
