"""A dense layer by itself: forward, backward, and its biases as one more row of weights.

Throughout:
    n samples, a inputs, m units      X  (n, a)  inputs          Z  (n, m)  pre-activations
    W  (a, m)  weights                b  (m,)    biases          dZ (n, m)  ∂loss/∂Z

PyTorch keeps the transpose of this W: (out, in), that is (m, a).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dlprep.nn.activations import Array


class Gradients(NamedTuple):
    """The loss's gradient by the inputs X (n, a), the weights W (a, m) and the biases b (m,)."""

    X: Array
    W: Array
    b: Array


def forward(X: Array, W: Array, b: Array) -> Array:
    """Z = X·W + b: every sample meets the same weights, and every unit has one bias for all samples."""
    return np.asarray(X @ W + b)  # (n, a)·(a, m) + (m,) → (n, m)


def backward(X: Array, W: Array, dZ: Array) -> Gradients:
    """The gradients, given the loss's by Z. A bias reaches every sample, so its gradient sums over them."""
    return Gradients(dZ @ W.T, X.T @ dZ, dZ.sum(axis=0))  # (n, a), (a, m), (m,)


def with_ones(X: Array) -> Array:
    """The inputs (n, a + 1) with a last column of ones."""
    return np.column_stack([X, np.ones(len(X))])


def fold(W: Array, b: Array) -> Array:
    """The weights (a + 1, m) of the layer that reads `with_ones(X)`: the biases are the last row."""
    return np.vstack([W, b])


def standardise(Z: Array) -> Array:
    """Z (n, m) less each column's mean, over its standard deviation: batch norm without γ, β and ε."""
    return np.asarray((Z - Z.mean(axis=0)) / Z.std(axis=0))
