"""Small things with hyperparameters to tune: a hill of scores, ridge regression, descent in batches.

Throughout:
    P  (…, 2)  trials in the unit square
    X  (n, d)  inputs     y  (n,)  targets, or labels −1 and +1     W  (k, d)  weights of k linear models

Source: Bergstra and Bengio 2012, JMLR 13 (scores that hang on few hyperparameters).
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dlprep.nn.search import log_uniform

Array: TypeAlias = NDArray[Any]


class Labelled(NamedTuple):
    """Inputs X (n, d) and what belongs to them, y (n,)."""

    X: Array
    y: Array


class Hill(NamedTuple):
    """A score over two hyperparameters, 1 at its peak (…, 2); one of width ∞ makes no difference to it."""

    peak: Array
    width: tuple[float, float]

    def score(self, P: Array) -> Array:
        """exp(−Σ ((P − peak) / width)²): shape (…)."""
        return np.asarray(np.exp(-np.square((P - self.peak) / self.width).sum(axis=-1)))


def linear_rows(rng: np.random.Generator, w: Array, scale: Array, noise: float, n: int) -> Labelled:
    """Make n rows: inputs of standard deviations `scale` (d,), targets X·w plus that much noise."""
    X = rng.normal(0, scale, (n, len(w)))
    return Labelled(X, rng.normal(X @ w, noise))


def coin_tosses(rng: np.random.Generator, d: int, n: int) -> Labelled:
    """Make n rows of d inputs whose labels, −1 or +1, have nothing to do with them."""
    return Labelled(rng.normal(size=(n, d)), np.sign(rng.normal(size=n)))


def ridge(rows: Labelled, penalties: Array) -> Array:
    """The W (k, d) that minimise ‖X·w − y‖² + λ·‖w‖², one for each λ of penalties (k,).

    X is (n, d), or (k, n, d) where each λ has inputs of its own.
    """
    X, y = rows
    gram = X.swapaxes(-2, -1) @ X + penalties[:, None, None] * np.eye(X.shape[-1])  # (k, d, d)
    return np.linalg.solve(gram, (y @ X)[..., None]).squeeze(-1)


def squared_errors(W: Array, rows: Labelled) -> Array:
    """The mean squared error (k,) of each of the models."""
    return np.asarray(np.square(W @ rows.X.T - rows.y).mean(axis=1))


def penalised_errors(rng: np.random.Generator, penalties: Array) -> Array:
    """Squared errors (3, k) of ridge regression, 30 inputs: on its 40 rows, 100 held out, 2,000 fresh."""
    w = rng.normal(0, 0.1, 30)
    seen, *others = (linear_rows(rng, w, np.ones(30), 0.5, n) for n in (40, 100, 2000))
    W = ridge(seen, penalties)  # (k, 30)
    return np.array([squared_errors(W, rows) for rows in (seen, *others)])


def subset_classifiers(rng: np.random.Generator, rows: Labelled, penalties: Array, size: int) -> Array:
    """W (k, d): ridge regression on the labels, each model with a λ and a random few inputs of its own."""
    W = np.zeros((len(penalties), rows.X.shape[1]))
    chosen = rng.random(W.shape).argpartition(size)[:, :size]  # (k, s)
    few = Labelled(np.moveaxis(rows.X[:, chosen], 1, 0), rows.y)  # X (k, n, s)
    np.put_along_axis(W, chosen, ridge(few, penalties), axis=1)
    return W


def accuracy(W: Array, rows: Labelled) -> Array:
    """The share (k,) of labels whose sign each of the models gets right."""
    return np.asarray((np.sign(W @ rows.X.T) == rows.y).mean(axis=1))


def coin_toss_scores(rng: np.random.Generator, n: int, tries: Array) -> tuple[Array, Array]:
    """Scores of k classifiers of coin tosses on n rows held out (k,), and of the best on fresh rows (t,).

    The best is that of the first so many, for each number of `tries` (t,); the last number is k.
    """
    seen, held, fresh = (coin_tosses(rng, 100, n) for n in (100, n, 4000))
    W = subset_classifiers(rng, seen, log_uniform(rng, 0.1, 1000, tries[-1]), 5)  # (k, 100)
    scores = accuracy(W, held)  # (k,)
    return scores, accuracy(W[[scores[:k].argmax() for k in tries]], fresh)


def descents(rows: Labelled, rates: Array, batches: int) -> Array:
    """Descent on the mean squared error / 2 from zero, a step for each batch: all W, (batches + 1, k, d).

    The rows are used once, in order, cut into equal batches; `rates` (k,) are the models' learning rates.
    """
    d = rows.X.shape[1]
    path = [np.zeros((len(rates), d))]
    with np.errstate(over="ignore", invalid="ignore"):  # a rate too large blows up, as it should
        for X, y in zip(rows.X.reshape(batches, -1, d), rows.y.reshape(batches, -1), strict=True):
            W = path[-1]
            path.append(W - rates[:, None] * ((W @ X.T - y) @ X) / len(X))
    return np.array(path)


def race(rng: np.random.Generator, rates: Array, noise: float) -> Array:
    """Losses (n + 1, n) of n learning rates before and after each of n steps on batches of 8 rows.

    A loss is the expected squared error without the noise, for inputs whose standard deviations run
    from 1 down to 0.3. One that blows up, even to NaN, counts as 1,000.
    """
    w, scale, n = rng.normal(size=20), np.logspace(0, -0.5, 20), len(rates)
    path = descents(linear_rows(rng, w, scale, noise, 8 * n), rates, n)  # (n + 1, n, 20)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.fmin(np.square((path - w) * scale).sum(axis=-1), 1000))


def misses(rng: np.random.Generator, k: int, rate: float, large: Array) -> Array:
    """How far one step on a batch of 8·k rows misses where k steps at `rate` on 8 rows each lead.

    One number for each of the large step's learning rates (m,), in units of the way the k steps go. The
    rows are the same; the loss is nowhere steeper than a curvature of about 1.
    """
    rows = linear_rows(rng, rng.normal(size=10), np.logspace(0, -0.5, 10), 0.1, 8 * k)
    small, once = descents(rows, np.array([rate]), k)[-1], descents(rows, large, 1)[-1]  # (1, 10), (m, 10)
    return np.asarray(np.linalg.norm(once - small, axis=1) / np.linalg.norm(small))
