"""Scalers: learn a statistic of each column from training rows, then map every later row by it alone.

Throughout:
    X  (n, d)  samples in rows, features in columns      Z  (n, d)  the same, scaled
    centre (d,), scale (d,)                              Z = (X − centre) / scale
    β  (d,)    a linear model's weights for Z            w  (d,)    its weights for X

Source: LeCun, Bottou, Orr and Müller 1998, Efficient BackProp (centred, scaled, decorrelated inputs).
Source: Welford 1962, Technometrics 4 (running variance); Chan, Golub and LeVeque 1983, The American
Statistician 37 (merging two of them).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


class Fitted(Protocol):
    """What has learnt from some rows how to scale any."""

    def transform(self, X: Array) -> Array:
        """Rows (n, d), scaled."""


Fit: TypeAlias = Callable[[Array], Fitted]  # from the rows (n, d) to learn from


class Scaler(NamedTuple):
    """Z = (X − centre) / scale, column by column: centre (d,), scale (d,), no scale of which is 0."""

    centre: Array
    scale: Array

    def transform(self, X: Array) -> Array:
        """Rows (…, d) scaled by the statistics of the rows that were fitted, whatever these rows are."""
        return np.asarray((X - self.centre) / self.scale)

    def undo(self, Z: Array) -> Array:
        """The rows (…, d) that `transform` maps to Z."""
        return Z * self.scale + self.centre

    def raw_weights(self, beta: Array, bias: float) -> tuple[Array, float]:
        """The w (d,) and b with X·w + b = Z·β + bias: w = β / scale, and b makes up for the centre."""
        w = beta / self.scale
        return w, bias - float(w @ self.centre)


def zscore(X: Array) -> Scaler:
    """Mean 0 and standard deviation 1 in each column of X."""
    return Scaler(X.mean(axis=0), divisors(X, X.std(axis=0)))


def minmax(X: Array) -> Scaler:
    """From 0 to 1 in each column of X; later rows may lie outside."""
    return Scaler(X.min(axis=0), divisors(X, np.ptp(X, axis=0)))


def robust(X: Array) -> Scaler:
    """Median 0 and interquartile range 1 in each column of X, whatever the largest values are."""
    quartiles = np.percentile(X, [25, 75], axis=0)  # (2, d)
    return Scaler(np.median(X, axis=0), divisors(X, np.ptp(quartiles, axis=0)))


def divisors(X: Array, spread: Array) -> Array:
    """The spread (d,) of each column of X, or 1 where the column is constant or its spread is 0.

    A constant column need not have a standard deviation of 0: rounding of the mean can leave 1e-17.
    """
    varies = np.ptp(X, axis=0) > 0
    return np.where(varies & (spread > 0), spread, 1.0)


def per_sample(X: Array) -> Array:
    """Each *row* of X brought to mean 0 and standard deviation 1; it needs no statistics of other rows."""
    return np.asarray(zscore(X.T).transform(X.T).T)


class Whitening(NamedTuple):
    """Z = (X − centre)·W, uncorrelated columns of standard deviation 1: centre (d,), W (d, k)."""

    centre: Array
    W: Array

    def transform(self, X: Array) -> Array:
        """Rows (n, d) centred, turned onto the principal axes of the fitted rows, and scaled: (n, k)."""
        return np.asarray((X - self.centre) @ self.W)


def whitening(X: Array) -> Whitening:
    """Whitening by principal components; k is the rank of the centred X, so no axis has zero variance."""
    centre = X.mean(axis=0)
    Y = X - centre
    _, lengths, axes = np.linalg.svd(Y, full_matrices=False)  # (d,) longest first, (d, d) an axis in each row
    k = np.linalg.matrix_rank(Y)
    deviations = lengths[:k] / np.sqrt(len(X))  # (k,) standard deviation along each axis
    return Whitening(centre, axes[:k].T / deviations)


class Running(NamedTuple):
    """What a stream of rows leaves behind: their number, mean (d,) and summed squared deviations (d,)."""

    seen: int
    mean: Array
    squares: Array

    @property
    def variance(self) -> Array:
        """The population variance (d,) of the rows so far."""
        return self.squares / self.seen

    def add(self, x: Array) -> Running:
        """With one more row x (d,): the deviation from the old mean times that from the new (Welford)."""
        seen, old = self.seen + 1, x - self.mean
        mean = self.mean + old / seen
        return Running(seen, mean, self.squares + old * (x - mean))

    def merge(self, other: Running) -> Running:
        """Both streams together, as if one had seen all rows (Chan, Golub and LeVeque)."""
        seen, gap = self.seen + other.seen, other.mean - self.mean
        mean = self.mean + gap * other.seen / seen
        between = gap**2 * self.seen * other.seen / seen
        return Running(seen, mean, self.squares + other.squares + between)


def welford(rows: Iterable[Array]) -> Running:
    """Mean and variance of rows (d,) in one pass; of no rows both are 0."""
    return reduce(Running.add, rows, Running(0, np.zeros(1), np.zeros(1)))


def by_sums(rows: Array) -> Running:
    """Mean and variance of rows (n, d) by E[x²] − E[x]², which rounding drowns when the mean is large."""
    mean = rows.mean(axis=0)  # (d,)
    variance = (rows**2).mean(axis=0) - mean**2  # (d,)
    return Running(len(rows), mean, len(rows) * variance)
