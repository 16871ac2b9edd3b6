"""Layers and units that are nearly right: what a control puts in the place of `dense` and `unit`.

Throughout, as in `dense`:
    X (n, a) inputs      W (a, m) weights      b (m,) biases      dZ (n, m) ∂loss/∂Z
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dlprep.nn import dense, mlp, unit
from dlprep.nn.activations import Array


def times_zero(X: Array, W: Array, b: Array) -> Array:
    """A layer whose biases are the weights of an input that is always 0."""
    return dense.forward(X, W, np.zeros_like(b))


def swapped(X: Array, W: Array, b: Array) -> Array:
    """A layer whose inputs meet its weights in reverse order."""
    return dense.forward(X, np.flip(W, axis=0), b)


def behind(X: Array, w: Array, b: float) -> Array:
    """A sigmoid unit whose bias is added to its output."""
    return unit.output(X, w, 0) + b


def into_weight(X: Array, w: Array, b: float) -> Array:
    """A sigmoid unit whose bias is added to its first weight."""
    first, second = w
    return unit.output(X, np.array([first + b, second]), 0)


def averaged(X: Array, W: Array, dZ: Array) -> dense.Gradients:
    """A backward pass that takes the mean over the batch for the biases."""
    return dense.backward(X, W, dZ)._replace(b=dZ.mean(axis=0))


def per_input(rng: np.random.Generator, sizes: Sequence[int]) -> mlp.Layers:
    """Layers with as many biases as they have inputs."""
    return [mlp.Layer(W, W[:, 0]) for W, _ in mlp.init(rng, sizes)]


def uncentred(Z: Array) -> Array:
    """Each column over its standard deviation, its mean left in."""
    return np.asarray(Z / Z.std(axis=0))
