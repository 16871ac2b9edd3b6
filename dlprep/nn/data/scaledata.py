"""Data whose columns, or whose rows, differ in scale, and a like set without the difference.

Throughout:
    X  (n, d)  inputs      y  (n,)  targets, or classes 0 and 1 in turn
"""

from __future__ import annotations

import numpy as np

from dlprep.nn.scaling import Array, zscore

NOISE = 0.8  # of a chord's numbers


def pair(rng: np.random.Generator, ratio: float, correlation: float) -> Array:
    """Two normal inputs around 0 of standard deviation 1 and `ratio`: (200, 2)."""
    units = np.outer([1, ratio], [1, ratio])  # (2, 2)
    return rng.multivariate_normal([0, 0], units * [[1, correlation], [correlation, 1]], 200)


def customers(rng: np.random.Generator, stray: float) -> tuple[Array, Array]:
    """Income (skewed), interest rate, and a balance near the income: X (500, 3); and a target y (500,)."""
    income, rate = rng.lognormal(8.4, 0.6, 500), rng.normal(0.03, 0.01, 500)
    X = np.column_stack([income, rate, rng.normal(income, stray)])
    return X, rng.normal(X @ [0.002, 300, 0], 0.1)


def in_like_units(rng: np.random.Generator, stray: float) -> tuple[Array, Array]:
    """`customers` as if all columns had been measured in like units."""
    X, y = customers(rng, stray)
    return zscore(X).transform(X), y


def chords(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Noisy rows (n, 3), soft and loud in turn: the classes differ in size, not in pattern."""
    return _in_turn(rng, n, [[1, 2, 3], [2, 4, 6]])


def inverted(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Noisy rows (n, 3), upright and upside down in turn: the classes differ in pattern, not in size."""
    return _in_turn(rng, n, [[1, 2, 3], [3, 2, 1]])


def mixed(X: Array, y: Array, loud: int) -> tuple[Array, Array]:
    """A batch of 400 rows of X, so many of class 1 before the others, and its classes: (400, d), (400,)."""
    at = np.append(np.flatnonzero(y)[:loud], np.flatnonzero(y == 0)[loud:400])  # (400,)
    return X[at], y[at]


def mistyped(x: Array, times: Array) -> Array:
    """The column x (n,) sorted, its largest entry so many times (t,) too large: a column for each, (n, t)."""
    *others, largest = np.sort(x)
    return np.vstack([np.outer(others, np.ones(len(times))), largest * times])


def _in_turn(rng: np.random.Generator, n: int, centres: list[list[int]]) -> tuple[Array, Array]:
    """Rows around two centres in turn, and which of them it was."""
    y = np.resize([0, 1], n)
    return rng.normal(np.array(centres)[y], NOISE), y
