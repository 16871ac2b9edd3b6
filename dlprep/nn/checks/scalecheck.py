"""Measurements of what the scale of inputs does to a model, and of what it leaves alone.

Throughout:
    X  (n, d)  inputs      y  (n,)  targets      w  (d,)  weights, b the bias
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from dlprep.nn.scaling import Array, Running, Scaler, robust, zscore

RawWeights: TypeAlias = Callable[[Scaler, Array, float], tuple[Array, float]]
Stream: TypeAlias = Callable[[Array], Running]


def gap(a: Any, b: Any) -> float:  # noqa: ANN401  arrays, lists or numbers that broadcast
    """The largest |a − b|."""
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())


def with_ones(X: Array) -> Array:
    """X with a column of ones, whose weight is the bias: (n, d + 1)."""
    return np.column_stack([X, np.ones(len(X))])


def ridge(X: Array, y: Array, penalty: float) -> Array:
    """Weights and bias (d + 1,) that minimise Σ (X·w + b − y)² + penalty·Σ w²; the bias is free.

    Each penalised weight is one more equation, √penalty · w = 0; with penalty 0 this is least squares.
    """
    tall = np.vstack([with_ones(X), np.sqrt(penalty) * np.eye(X.shape[1], X.shape[1] + 1)])  # (n + d, d + 1)
    w, *_ = np.linalg.lstsq(tall, np.append(y, np.zeros(X.shape[1])), rcond=None)
    return np.asarray(w)


def predicted(X: Array, y: Array, penalty: float, new: Array) -> Array:
    """What ridge regression, fitted to X and y, makes of new rows (m, d): shape (m,)."""
    return np.asarray(with_ones(new) @ ridge(X, y, penalty))


def neighbours(X: Array) -> Array:
    """The index (n,) of the row nearest to each row of X, by Euclidean distance."""
    distances = np.linalg.norm(X[:, None] - X, axis=2)  # (n, n)
    np.fill_diagonal(distances, np.inf)  # no row is its own neighbour
    return np.asarray(distances.argmin(axis=1))


def ranks(X: Array) -> Array:
    """The place (n, d) of each entry in its sorted column: all that a decision tree sees of it."""
    return np.argsort(np.argsort(X, axis=0), axis=0)


def skewness(X: Array) -> Array:
    """The mean cube (d,) of each column's standard scores: 0 for a symmetric column."""
    scores = (X - X.mean(axis=0)) / X.std(axis=0)  # (n, d)
    return np.asarray((scores**3).mean(axis=0))


def dependent(X: Array) -> int:
    """How many columns of X are linear combinations of the others and of a constant."""
    correlations = np.corrcoef(X.T)  # (d, d)
    return len(correlations) - int(np.linalg.matrix_rank(correlations))


def spread_left(Z: Array) -> Array:
    """The interquartile range (t,) of each column of Z (n, t) but for its last row; the first one's is 1."""
    *others, _ = Z
    spread = robust(np.array(others)).scale  # (t,)
    return np.asarray(spread / spread[0])


class Moved(NamedTuple):
    """What changes when the same rows are scaled otherwise, model by model."""

    least_squares: float  # largest change of a prediction, in σ of y
    ridge: float  # likewise, with penalty 1
    tree: int  # rows whose rank in a column changes
    nearest: float  # share of the first 200 rows with another nearest row


def moved(X: Array, Z: Array, y: Array) -> Moved:
    """Four models on inputs X (n, d) and on Z (n, d)."""
    t = zscore(y).transform(y)  # (n,)
    free, held = (gap(predicted(X, t, penalty, X), predicted(Z, t, penalty, Z)) for penalty in (0, 1))
    ranked = int(np.sum(ranks(X) != ranks(Z)))
    near = float(np.mean(neighbours(X[:200]) != neighbours(Z[:200])))
    return Moved(free, held, ranked, near)


def undoing_error(X: Array, y: Array, raw_weights: RawWeights) -> float:
    """How far weights for z-scores, made weights for X, predict otherwise; and how far Z undone is from X."""
    scaler = zscore(X)
    Z = scaler.transform(X)  # (n, d)
    *beta, bias = ridge(Z, y, 0)
    w, b = raw_weights(scaler, np.array(beta), bias)
    return max(gap(X @ w + b, Z @ beta + bias), gap(scaler.undo(Z) / X, 1))


def streaming_error(X: Array, stream: Stream) -> float:
    """How far mean and variance of X, seen in two parts and merged, are from those of all rows at once."""
    both = stream(X[:100]).merge(stream(X[100:]))
    return max(gap(both.mean, X.mean(axis=0)), gap(both.variance, X.var(axis=0)))


def length_over_width(places: Array) -> float:
    """How much longer than wide a set of points (n, 2) is: 1 for a disc, infinite for a line."""
    width, length = np.sqrt(np.abs(np.linalg.eigvalsh(np.cov(places.T))))  # standard deviations
    return float(length / width) if width else np.inf
