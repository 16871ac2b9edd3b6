"""Fitting numbers: targets with a smooth step in them, models of them, and how well a model explains them.

Throughout:
    X  (n, d)  inputs      y  (n, 1)  targets      p  (n, 1)  predictions
"""

from __future__ import annotations

import numpy as np

from dlprep.nn import mlp
from dlprep.nn.activations import Activation, Array, sigmoid
from dlprep.nn.dense import with_ones
from dlprep.nn.mlp import Function, Layers

AXIS = np.array([[0.8], [0.6], [0], [0]])  # (4, 1) of length 1: targets rise along it
NOISE = 0.2  # standard deviation


def rise(x: Array) -> Array:
    """A smooth step from 0 to 5 around x = 0."""
    return 5 * sigmoid(6 * x)


def noisy_rise(rng: np.random.Generator, X: Array) -> Array:
    """Targets (n, 1) of inputs (n, 4): they rise along the axis, with noise."""
    return rng.normal(rise(X @ AXIS), NOISE)


def along(x: Array) -> Array:
    """The inputs (n, 4) at places x (n, 1) of the axis."""
    return np.asarray(x @ AXIS.T)  # (n, 1)·(1, 4)


def plane(X: Array, y: Array) -> Function:
    """Linear regression: the function X·w + b, of all such, whose mean of (p − y)² is least."""
    w, *_ = np.linalg.lstsq(with_ones(X), y, rcond=None)  # (d + 1, 1), the last of them b
    return lambda X: with_ones(X) @ w  # (n, d + 1)·(d + 1, 1)


def network(layers: Layers, f: Activation) -> Function:
    """The function that a network of one output computes."""

    def predicted(X: Array) -> Array:
        *_, p = mlp.forward(layers, X, f.value)
        return p

    return predicted


def explained(p: Array, y: Array) -> float:
    """R², the share of y's variance that p explains: 0 for the mean, 1 for y itself."""
    return float(1 - ((p - y) ** 2).mean() / y.var())
