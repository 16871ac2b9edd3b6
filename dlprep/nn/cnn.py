"""A small convolutional network: convolution, ReLU, max pooling, and one dense layer that scores classes.

Throughout:
    X  (N, C, H, V)     images                    W  (O, C, k, k), b (O,)   filters and their biases
    Z  (N, O, OH, OW)   convolved                 A = max(Z, 0)             activations
    M  (N, O, PH, PW)   pooled feature maps       D  (O·PH·PW, classes), c (classes,)   dense layer
    S  (N, classes)     scores (logits)           d…   the loss's gradient by …

Source: LeCun, Bottou, Bengio and Haffner 1998; momentum: Polyak 1964.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np

from dlprep.nn.conv import Array, conv2d, conv2d_backward
from dlprep.nn.losses import softmax_cross_entropy
from dlprep.nn.pool import max_pool2d, max_pool2d_backward

PoolBackward: TypeAlias = Callable[[Array, Array, int], Array]


@dataclass(frozen=True, slots=True)
class Geometry:
    """How the filters move over the image, and the side of the pooling window; in pixels."""

    stride: int
    padding: int
    dilation: int
    pool: int


class Params(NamedTuple):
    """What is learned, or the loss's gradient by it: filters W, b and dense layer D, c."""

    W: Array
    b: Array
    D: Array
    c: Array


class Trace(NamedTuple):
    """Everything a forward pass computes: Z, A, M and S."""

    Z: Array
    A: Array
    M: Array
    S: Array


Course: TypeAlias = Iterator[tuple[float, Params]]  # the loss and the parameters of every step


def init(
    rng: np.random.Generator, image: Array, g: Geometry, *, filters: int, kernel: int, classes: int
) -> Params:
    """Normal weights of variance 2 / fan-in (He) before the ReLU, zeros behind it: all classes start even.

    Args:
        rng: where the weights come from.
        image: (C, H, V), one image such as the network will see.
        g: the geometry, which decides how many numbers reach the dense layer.
        filters: O.
        kernel: k, the side of a filter.
        classes: how many scores.

    Raises:
        DlprepError: the kernel or the pooling window does not fit.
    """
    shape = filters, len(image), kernel, kernel
    W = rng.normal(scale=np.sqrt(2 / np.prod(shape[1:])), size=shape)
    b = np.zeros(filters)
    Z = conv2d(image[None], W, b, g.stride, g.padding, g.dilation)  # (1, O, OH, OW), asked for its shape
    M = max_pool2d(Z, g.pool)  # (1, O, PH, PW)
    return Params(W, b, np.zeros((M.size, classes)), np.zeros(classes))


def forward(p: Params, X: Array, g: Geometry) -> Trace:
    """Every stage of the network for images X."""
    Z = conv2d(X, p.W, p.b, g.stride, g.padding, g.dilation)  # (N, O, OH, OW)
    A = np.maximum(Z, 0)
    M = max_pool2d(A, g.pool)  # (N, O, PH, PW)
    return Trace(Z, A, M, M.reshape(len(X), len(p.D)) @ p.D + p.c)  # S (N, classes)


def gradients(
    p: Params, X: Array, y: Array, g: Geometry, pool_backward: PoolBackward = max_pool2d_backward
) -> tuple[float, Params]:
    """The mean cross-entropy in nats for labels y (N,), and its gradient by each parameter."""
    t = forward(p, X, g)
    loss, dS = softmax_cross_entropy(t.S, y)  # (N, classes)
    dD = t.M.reshape(len(X), len(p.D)).T @ dS  # (O·PH·PW, classes)
    dM = (dS @ p.D.T).reshape(t.M.shape)  # (N, O, PH, PW)
    dA = pool_backward(dM, t.A, g.pool)  # (N, O, OH, OW)
    dZ = dA * (t.Z > 0)  # ReLU passes the gradient where it passed the number
    _, dW, db = conv2d_backward(dZ, X, p.W, g.stride, g.padding, g.dilation)
    return loss, Params(dW, db, dD, dS.sum(0))


def train(
    p: Params,
    X: Array,
    y: Array,
    g: Geometry,
    *,
    rng: np.random.Generator,
    steps: int,
    rate: float,
    pool_backward: PoolBackward = max_pool2d_backward,
) -> Course:
    """Gradient descent with momentum 0.9 on random batches of 32: the loss and parameters of every step."""
    momentum, batch = 0.9, 32
    v = Params(*(np.zeros_like(w) for w in p))  # a running sum of gradients that forgets
    for _ in range(steps):
        chosen = rng.integers(len(X), size=batch)
        loss, dp = gradients(p, X[chosen], y[chosen], g, pool_backward)
        v = Params(*(momentum * before + now for before, now in zip(v, dp, strict=True)))
        p = Params(*(w - rate * move for w, move in zip(p, v, strict=True)))
        yield loss, p


def named(p: Params, X: Array, g: Geometry) -> Array:
    """The class with the highest score for each image: (N,)."""
    return np.asarray(forward(p, X, g).S.argmax(1))
