"""A line that learns from a loud input which at times misleads, and so unlearns what it knew.

Throughout:
    X  (n, 2)  inputs, x₁ loud, x₂ soft and always right    y  (n,)  labels 0 and 1, in turn
    w  (2,)    weights; the logits are X·w                    rare     the share of points x₁ is wrong about

Source: Geirhos and others 2020, Nature Machine Intelligence 2 (shortcut learning).
"""

from __future__ import annotations

import numpy as np

from dlprep.nn.activations import Array
from dlprep.nn.quadratic import walk
from dlprep.nn.scores import Score, zero_one

START = np.array([0.0, 0.2])  # heeds x₂ only: right about every point, sure of none


def points(rng: np.random.Generator, n: int, rare: float) -> tuple[Array, Array]:
    """So many points and their labels; x₁ misleads on the first of them."""
    y = np.resize([0.0, 1.0], n)  # (n,)
    loud = np.where(np.arange(n) < rare * n, 1 - y, y)  # (n,) what x₁ says
    signs = 2 * np.column_stack([loud, y]) - 1  # (n, 2)
    return signs * rng.uniform((0.8, 0.2), (3, 1.2), (n, 2)), y


def judge(weights: Array, X: Array, y: Array, score: Score) -> tuple[Array, Array]:
    """The loss and the accuracy of each of the weights (m, 2), on those points: (m,) each."""
    losses = [score(X @ w, y)[0] for w in weights]
    return np.array(losses), np.array([1 - zero_one(X @ w, y)[0] for w in weights])


def learn(X: Array, y: Array, score: Score, rate: float, steps: int) -> Array:
    """The weights at the start and after each step of gradient descent on the mean loss: (steps + 1, 2)."""
    return walk(lambda w: X.T @ score(X @ w, y)[1], START, rate, steps)
