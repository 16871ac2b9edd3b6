"""Measuring a slope without calculus, to check a gradient against.

Source: the central difference (f(x + ε) − f(x − ε)) / 2ε errs by O(ε²) from truncation and by
O(unit roundoff / ε) from rounding, so ε near the cube root of the unit roundoff is best: 1e-5 in float64.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


def central_differences(
    f: Callable[[], float], array: Array, step: float, at: Iterable[int] | None = None
) -> Array:
    """The slope of f by entries of `array`, each moved up and down by `step` *in place* and then restored.

    Args:
        f: takes nothing and reads `array`, usually a closure over a model whose parameter it is.
        array: floating, any shape; a view will do. Two calls of f for each of its entries.
        step: ε.
        at: flat indices of the entries wanted; all when left out.

    Returns:
        The slopes, in float64: the shape of `array`, or (len(at),) when `at` is given.
    """
    entries = array.flat

    def slope(i: int) -> float:
        kept = entries[i]
        entries[i] = kept + step
        above = f()
        entries[i] = kept - step
        below = f()
        entries[i] = kept
        return (above - below) / (2 * step)

    if at is None:
        return np.array([slope(i) for i in range(array.size)]).reshape(array.shape)
    return np.array([slope(i) for i in at])


def probes(array: Array) -> Array:
    """Flat indices worth measuring: all of a small array, 64 of a large one, evenly spread."""
    return np.unique(np.linspace(0, array.size - 1, 64, dtype=int))


def relative_error(a: Array, b: Array) -> float:
    """max|a − b| / (max|a| + max|b|): 0 when equal, 1 when opposite; 0 when both are zero.

    One scale serves the whole array: entry by entry, an entry near zero would report its rounding noise.
    """
    scale = np.abs(a).max() + np.abs(b).max()
    return float(np.abs(a - b).max() / scale) if scale else 0.0
