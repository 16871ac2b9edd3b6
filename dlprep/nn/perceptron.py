"""The perceptron: its inputs, its rule, and Novikoff's bound on its mistakes.

Throughout:
    X  (n, d)  inputs, the last column 1        y  (n,)  labels −1 and +1
    w  (d,)    weights, the last one the bias   η  learning rate, `rate`
    R  the longest input                        γ  the widest margin, `gamma`
    u  (d,)    the unit vector with y·(u·x) ≥ γ for all inputs

Source: Rosenblatt 1958, Psychological Review 65 (the rule).
Source: Novikoff 1962, Symposium on the Mathematical Theory of Automata 12 (the bound).
Source: Wolfe 1976, Mathematical Programming 11 (the shortest vector of a hull, a few rows at a time).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from math import inf
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Update: TypeAlias = Callable[[Array, Array, float, float], Array]
Features: TypeAlias = Callable[[Array], Array]


class Learning(NamedTuple):
    """All that happened: the weights before and after each mistake, on whom, and how many a pass."""

    weights: list[Array]  # k + 1 of (d,), after k mistakes
    wrong: list[int]  # k
    passes: list[int]  # sums to k

    @property
    def final(self) -> Array:
        """The weights (d,) after the last mistake."""
        return self.weights[-1]

    @property
    def last(self) -> int:
        """The mistakes of the last pass; 0 means it has learnt."""
        return self.passes[-1]


def affine(points: Array) -> Array:
    """Points (n, 2) as inputs (n, 3): x₁, x₂, 1."""
    return np.column_stack([points, np.ones(len(points))])


def with_product(points: Array) -> Array:
    """Points (n, 2) as inputs (n, 4): x₁, x₂, x₁·x₂, 1."""
    return affine(np.column_stack([points, points.prod(axis=1)]))


def add(w: Array, x: Array, y: float, rate: float) -> Array:
    """Rosenblatt's rule: the weights (d,) after a mistake on the example (x, y)."""
    return w + y * rate * x


def learn(
    X: Array, y: Array, rate: float, passes: int, *, start: Array, most: float = inf, update: Update = add
) -> Learning:
    """Pass over the examples until a pass has no mistake, or after `passes`, or more than `most` mistakes."""
    w, done = start, Learning([start], [], [])
    for _ in range(passes):
        before = len(done.wrong)
        for i, (x, t) in enumerate(zip(X, y, strict=True)):
            if t * (w @ x) <= 0:  # zero counts as wrong, or zero weights would never learn
                w = update(w, x, t, rate)  # (d,)
                done.weights.append(w)
                done.wrong.append(i)
        done.passes.append(len(done.wrong) - before)
        if done.last == 0:
            break
        if len(done.wrong) > most:
            break
    return done


class Margin(NamedTuple):
    """What the bound is made of."""

    R: float
    gamma: float
    u: Array  # (d,)

    @property
    def bound(self) -> float:
        """(R/γ)², the most mistakes from zero weights, whatever the order of the examples."""
        return (self.R / self.gamma) ** 2


def margin(X: Array, y: Array) -> Margin:
    """R, γ and u of examples that some w separates."""
    p = shortest(y[:, None] * X)  # (d,)
    gamma = length(p)
    return Margin(max(map(length, X)), gamma, p / gamma)


class Squeeze(NamedTuple):
    """What holds w after k mistakes, in units of η: least ≤ along ≤ length ≤ most."""

    k: Array  # 1 … k
    least: Array  # (k,) k·γ, for each mistake adds at least γ along u
    along: Array  # (k,) w·u
    length: Array  # (k,) ‖w‖
    most: Array  # (k,) √k·R, for each mistake adds at most R² to ‖w‖²


def squeeze(learning: Learning, known: Margin, rate: float) -> Squeeze:
    """Novikoff's two bounds, and what lies between them."""
    w = np.array(learning.weights[1:]) / rate  # (k, d)
    k = np.arange(1, len(w) + 1)  # (k,)
    return Squeeze(k, k * known.gamma, w @ known.u, np.array([*map(length, w)]), np.sqrt(k) * known.R)


def street(A: Array, B: Array) -> float:
    """The width of the widest street between points A (a, d) and B (b, d)."""
    return length(shortest(np.concatenate([A - b for b in B])))


def length(v: Array) -> float:
    """‖v‖."""
    return float(np.linalg.norm(v))


def shortest(Z: Array) -> Array:
    """The shortest vector p (d,) in the convex hull of the rows of Z (n, d), which must not hold 0.

    Of all directions p's has the greatest least z·u, and ‖p‖ is that least. p is found exactly among a
    few rows; while some other row comes nearer to 0 along it, that row joins them.
    """
    few: tuple[int, ...] = (0,)
    while True:
        p, few = min(_mixtures(Z, few), key=lambda found: float(found[0] @ found[0]))
        nearest = int(np.argmin(Z @ p))
        if Z[nearest] @ p >= p @ p * (1 - 1e-9):
            return p
        few = (*few, nearest)


def _mixtures(Z: Array, few: tuple[int, ...]) -> Iterator[tuple[Array, tuple[int, ...]]]:
    """For each choice of at most d of the rows: the shortest vector of their plane, if they enclose it."""
    for size in range(1, Z.shape[1] + 1):
        for chosen in combinations(few, size):
            V = Z[list(chosen)]  # (size, d)
            shares = np.linalg.solve(V @ V.T, np.ones(size))  # (size,)
            if (shares > 0).all():
                yield shares @ V / shares.sum(), chosen
