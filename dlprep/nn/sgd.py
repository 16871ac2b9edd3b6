"""Mini-batches of a linear model: how they are drawn, the gradient each gives, and descent by them.

Throughout:
    X  (n, d)  inputs          y  (n,)  targets          w  (d,)  parameters
    B          samples in a batch                        batch  (B,)  their places in X and y
    loss       ‖X·w − y‖² / 2n, a mean over the samples, so that batches of any size compare

Source: Robbins and Monro 1951, Annals of Mathematical Statistics 22 (descent by noisy slopes).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
Places: TypeAlias = NDArray[np.integer[Any]]


def noisy_plane(rng: np.random.Generator, n: int, noise: float) -> tuple[Array, Array]:
    """Two correlated inputs (n, 2), the short ones first, and targets (n,): 3·x₁ + 2·x₂ and normal noise."""
    X = rng.uniform(-2, 2, (n, 2)) @ np.array([[1.0, 0.3], [0.0, 0.6]])  # (n, 2)
    X = X[
        np.argsort(np.linalg.norm(X, axis=1))
    ]  # (n, 2) sorted as files often are, so that shuffling matters
    return X, rng.normal(X @ np.array([3.0, 2.0]), noise)


def gradient(X: Array, y: Array, w: Array) -> Array:
    """The mean loss's gradient by w over a batch, or each of several: X (…, B, d), y (…, B) → (…, d)."""
    error = X @ w - y  # (…, B)
    return np.asarray((error[..., None] * X).mean(axis=-2))


def epoch(rng: np.random.Generator, n: int, size: int) -> list[Places]:
    """All n samples once, in random order, cut into ⌈n / size⌉ batches; the last may be smaller."""
    return np.split(rng.permutation(n), range(size, n, size))


def drawn(rng: np.random.Generator, n: int, size: int, count: int) -> Places:
    """`count` batches, each of `size` samples drawn with replacement from n: (count, size)."""
    return rng.integers(n, size=(count, size))


def drawn_once(rng: np.random.Generator, n: int, size: int, count: int) -> Places:
    """The same without replacement: no sample twice in a batch, so at most n, (count, size)."""
    return rng.permuted(np.tile(np.arange(n), (count, 1)), axis=1)[:, :size]


def drawn_from_front(rng: np.random.Generator, n: int, size: int, count: int) -> Places:
    """The same from the first half of the samples only: biased, if they are sorted."""
    return drawn(rng, n // 2, size, count)


def descend(X: Array, y: Array, w: Array, batches: Iterable[Places], rates: Iterable[float]) -> Array:
    """One update for each batch, at its own rate: all points visited, the start first, (updates + 1, d)."""
    path = [w]
    for batch, rate in zip(batches, rates, strict=False):
        path.append(path[-1] - rate * gradient(X[batch], y[batch], path[-1]))
    return np.array(path)
