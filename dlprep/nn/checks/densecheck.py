"""Measurements that hold a dense layer to what is said of it.

Throughout, as in `dense`:
    X (n, a) inputs      W (a, m) weights      b (m,) biases      Z (n, m) pre-activations
    T (n, m) labels      0 or 1, for a sigmoid on Z
    affine    X, W, b → Z, and `backward` its gradients: those of `dense`, or others to put in their place
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np

from dlprep.nn import dense
from dlprep.nn.activations import Array
from dlprep.nn.checks.gradcheck import central_differences, relative_error
from dlprep.nn.losses import binary_cross_entropy

Affine: TypeAlias = Callable[[Array, Array, Array], Array]
Backward: TypeAlias = Callable[[Array, Array, Array], dense.Gradients]

EPSILON = 1e-5  # near the cube root of float64's unit roundoff, where central differences err least
RATE = 4.0  # below 8, for the loss of a bias bends by ¼ at most


def fold_gap(affine: Affine, X: Array, W: Array, b: Array) -> float:
    """How far the layer is from one without biases that reads an input more, always 1."""
    return float(np.abs(affine(X, W, b) - dense.with_ones(X) @ dense.fold(W, b)).max())


def gradient_error(
    affine: Affine, backward: Backward, X: Array, layer: tuple[Array, Array], T: Array
) -> float:
    """The greatest relative error of the gradients by X, W and b, against central differences."""
    W, b = layer

    def loss() -> float:
        return binary_cross_entropy(affine(X, W, b), T)[0]

    _, dZ = binary_cross_entropy(affine(X, W, b), T)
    pairs = zip(backward(X, W, dZ), (X, W, b), strict=True)
    return max(relative_error(found, central_differences(loss, array, EPSILON)) for found, array in pairs)


def norm_gap(standardise: Callable[[Array], Array], X: Array, W: Array, b: Array) -> float:
    """What the biases change once the layer's outputs have been normalised over the batch."""
    with_b, without = (standardise(dense.forward(X, W, bias)) for bias in (b, np.zeros_like(b)))
    return float(np.abs(with_b - without).max())


def bias_alone(affine: Affine, backward: Backward, y: Array) -> Iterator[tuple[float, float]]:
    """A unit's bias and its loss on labels y (n, 1), as the bias descends and the weights stay 0."""
    X, W, b = np.ones_like(y), np.zeros((1, 1)), np.zeros(1)
    while True:
        loss, dZ = binary_cross_entropy(affine(X, W, b), y)
        yield float(b[0]), loss
        b = b - RATE * backward(X, W, dZ).b
