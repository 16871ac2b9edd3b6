"""Deep stacks of layers: the one layer they fold into, if any, and the gradient that comes back through them.

Throughout:
    X  (n, d)  inputs        Y  (n, k)  outputs       W (a, b), b (b,)  weights and biases of a layer
    z  (n, d)  pre-activations of one of several layers, all d units wide and without biases
    G  (n, d)  the loss's gradient by what a layer puts out

Source: Saxe, McClelland and Ganguli 2014 (stacks of linear layers, orthogonal weights).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from dlprep.nn.activations import Array
from dlprep.nn.mlp import Layer, Layers
from dlprep.nn.smooth import Smooth


def folded(layers: Layers) -> Layer:
    """The one affine layer that does what the layers do in turn, with nothing between them."""
    (W, b), *rest = layers
    for V, c in rest:
        W, b = W @ V, b @ V + c  # (X·W + b)·V + c = X·(W·V) + (b·V + c)
    return Layer(W, b)


def fitted(X: Array, Y: Array) -> Array:
    """The outputs (n, k) of the affine layer that comes nearest to Y, by least squares."""
    A = np.hstack([X, np.ones((len(X), 1))])  # (n, d + 1)
    return np.asarray(A @ np.linalg.lstsq(A, Y, rcond=None)[0])


def centred(Y: Array) -> Array:
    """The outputs less their mean over the inputs."""
    return np.asarray(Y - Y.mean(axis=0))


def missed(Y: Array, found: Array) -> float:
    """The distance of `found` from Y, over how far Y spreads about its mean: 1 if no better than the mean."""
    return float(np.linalg.norm(Y - found) / np.linalg.norm(centred(Y)))


def rank(A: Array) -> int:
    """How many singular values exceed a billionth of the largest; rounding leaves far less than that."""
    values = np.linalg.svd(A, compute_uv=False)
    return int((values / values[0] > 1e-9).sum())


def orthogonal(rng: np.random.Generator, width: int, depth: int) -> Array:
    """Weights (depth, width, width) that turn a vector and keep its length."""
    return np.linalg.qr(rng.normal(size=(depth, width, width)))[0]


def unit_columns(W: Array) -> Array:
    """Weights (d, k), each unit's of length 1: X·W then spreads as far as X does along any line."""
    return np.asarray(W / np.linalg.norm(W, axis=0))


def pre_activations(weights: Iterable[Array], X: Array, f: Smooth) -> list[Array]:
    """What every layer makes of the activations of the one before; the first reads X."""
    zs, h = [], X
    for W in weights:
        zs.append(h @ W)
        h = f.value(zs[-1])
    return zs


def passed_back(weights: Array, zs: list[Array], f: Smooth, G: Array) -> Array:
    """G, then the gradient by each layer's input, the last layer's first: (depth + 1, n, d)."""
    gradients = [G]
    for W, z in zip(reversed(weights), reversed(zs), strict=True):
        gradients.append((gradients[-1] * f.slope(z)) @ W.T)
    return np.array(gradients)
