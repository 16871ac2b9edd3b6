"""What to measure of a descent: from which rate it grows, how fast it nears, what beats its direction.

Throughout:
    w  (d,)  parameters        m  (d,)  the minimiser        path  (k + 1, d)  points visited, the start first
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dlprep.nn.quadratic import Quadratic, walk

Array: TypeAlias = NDArray[np.floating[Any]]
Function: TypeAlias = Callable[[Array], Array]


def largest_rate(f: Function, gradient: Function, w: Array, low: float, steps: int = 40) -> float:
    """The largest rate at which a walk from w does not grow: doubled from `low`, then bisected.

    A walk grows when it ends higher than it was at half its steps.
    """

    def grows(rate: float) -> bool:
        _, half, end = f(walk(gradient, w, rate, steps)[:: steps // 2])
        return bool(end > half)

    high = low
    while not grows(high):
        low, high = high, 2 * high
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (low, middle) if grows(middle) else (middle, high)
    return low


def until_near(gradient: Function, w: Array, m: Array, rate: float, share: float) -> Array:
    """Gradient descent until the distance to m is `share` < 1 of the first, or 1 / share of it: the path."""
    path, first = [w], np.linalg.norm(w - m)
    while share < np.linalg.norm(path[-1] - m) / first < 1 / share:
        path.append(path[-1] - rate * gradient(path[-1]))
    return np.array(path)


def contraction(path: Array, m: Array) -> float:
    """By what factor the last step changed the distance to m."""
    before, after = np.linalg.norm(path[-2:] - m, axis=1)  # (2,)
    return float(after / before)


def directions(rng: np.random.Generator, count: int, d: int) -> Array:
    """Unit vectors in random directions, (count, d)."""
    v = rng.normal(size=(count, d))
    return np.asarray(v / np.linalg.norm(v, axis=1, keepdims=True))


def lowest(bowl: Quadratic, w: Array, ways: Array, length: float) -> Array:
    """The lowest point (d,) that a step of this length along one of the unit vectors (n, d) leads to."""
    reached = w + length * ways  # (n, d)
    return np.asarray(reached[np.argmin(bowl.value(reached))])
