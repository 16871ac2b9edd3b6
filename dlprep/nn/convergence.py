"""How fast gradient descent gets down a quadratic bowl: step by step, or looked up at once.

Throughout:
    w  (d,)  weights, 0 at the start      H  (d, d)  the bowl's Hessian, L its largest curvature
    rate     the learning rate in units of 1 / L; descent is stable below 2
"""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from dlprep.nn.quadratic import Quadratic, walk
from dlprep.nn.scaling import Array

ROUNDING = 1e-12  # no smaller share of the excess loss is to be trusted


def descend(bowl: Quadratic, rate: float, steps: int) -> Array:
    """All points visited from w = 0 on: (steps + 1, d)."""
    largest = float(bowl.curvatures().max())
    return walk(bowl.gradient, np.zeros_like(bowl.m), rate / largest, steps)


def excess(bowl: Quadratic, w: Array) -> Array:
    """The loss at each of the points (…, d), above its least and as a share of that at w = 0: (…).

    Less than `ROUNDING` is told as that, so that a logarithm or a root can be taken.
    """
    share = bowl.value(w) / bowl.value(np.zeros_like(bowl.m))  # (…)
    return np.maximum(share, ROUNDING)


def excess_after(steps: Array, bowl: Quadratic, rate: float) -> Array:
    """The share of the excess loss that is left after each number of steps (t,): shape (t,).

    Along the eigenvector of curvature λ a step multiplies the excess by (1 − rate·λ/L)², so that any step,
    however late, can be looked up without taking those before it.
    """
    curvatures, modes = np.linalg.eigh(bowl.H)  # (d,), (d, d) an eigenvector in each column
    start = curvatures * (bowl.m @ modes) ** 2  # (d,) twice the excess along each
    kept = (1 - rate * curvatures / curvatures.max()) ** 2  # (d,)
    return np.asarray(start @ kept[:, None] ** steps / start.sum())


def steps_until(share: float, bowl: Quadratic, rate: float) -> int:
    """The first step with at most `share` of the excess loss left, found by halving."""

    def there(step: int) -> bool:
        return bool(excess_after(np.array([step]), bowl, rate)[0] <= share)

    return bisect_left(range(10**15), True, key=there)


def steps_above(share: float, bowl: Quadratic, rate: float, steps: int) -> int:
    """The same counted on foot: how many points of a walk of so many steps have more than `share` left."""
    return int(np.sum(excess(bowl, descend(bowl, rate, steps)) > share))
