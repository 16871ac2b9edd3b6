"""Measurements that hold convolution and pooling to their definitions, whoever's functions they are given.

Throughout:
    X  (N, C, H, V)  images        W, b  filters and biases        dY  the loss's gradient by a layer's output
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

from dlprep.errors import DlprepError
from dlprep.nn import pool
from dlprep.nn.cnn import Geometry, Params, forward, gradients
from dlprep.nn.conv import Array, Size, conv2d, conv2d_backward, naive_conv2d
from dlprep.nn.gradcheck import central_differences
from dlprep.nn.losses import softmax_cross_entropy

Function: TypeAlias = Callable[..., Any]
WINDOW = ((3, 2), (2, 1))  # size and stride of windows that overlap
STEP = 1e-7  # so small that hardly ever a step turns a ReLU on or changes a window's winner


def loop_gap(rng: np.random.Generator, convolve: Function) -> float:
    """The largest difference between `convolve` and plain loops, for layers drawn at random."""
    gap = 0.0
    for X, W, b, *settings in _layers(rng, 4):
        difference = convolve(X, W, b, *settings) - naive_conv2d(X, W, b, *settings)
        gap = max(gap, float(np.abs(difference).max()))
    return gap


def _layers(rng: np.random.Generator, count: int) -> Iterator[tuple[Any, ...]]:
    """Layers of random shapes: images, filters, biases; stride, padding, dilation, each (rows, columns)."""
    for _ in range(count):
        (C, O), kernel, *settings = rng.integers(1, 4, (5, 2)).tolist()
        X = rng.normal(size=(2, C, *rng.integers(5, 8, 2)))
        W = rng.normal(size=(O, C, *kernel))
        yield X, W, rng.normal(size=O), *(tuple(pair) for pair in settings)


def size_misses(rng: np.random.Generator, formula: Function) -> int:
    """In how many random settings `formula` or `conv2d` miss the number of windows, counted one by one."""
    misses = 0
    for I, K, S, P, D in rng.integers(1, 5, (100, 5)).tolist():
        counted = sum(start + D * (K - 1) < I + 2 * P for start in range(0, I + 2 * P, S))
        try:
            Y = conv2d(np.ones((1, 1, I, I)), np.ones((1, 1, K, 1)), np.ones(1), (S, 1), (P, 0), (D, 1))
            sizes = {formula(I, K, S, P, D), Y.shape[2]}
        except DlprepError:
            sizes = {0}
        misses += sizes != {counted}
    return misses


def gradient_errors(
    rng: np.random.Generator, p: Params, images: Array, g: Geometry, pool_backward: Function
) -> dict[str, float]:
    """The relative error of every backward pass: single layers, and network p on noise like `images`."""
    X, W, b, *settings = next(_layers(rng, 1))
    return _network_errors(rng, p, rng.normal(size=images.shape), g, pool_backward) | {
        "convolution": _layer_error(rng, conv2d, conv2d_backward, (X, W, b), *settings),
        "max pooling": _layer_error(rng, pool.max_pool2d, pool_backward, (X,), *WINDOW),
        "average pooling": _layer_error(rng, pool.avg_pool2d, pool.avg_pool2d_backward, (X,), *WINDOW),
        "global average": _layer_error(rng, pool.global_avg_pool2d, pool.global_avg_pool2d_backward, (X,)),
    }


def _layer_error(
    rng: np.random.Generator, layer: Function, backward: Function, arrays: tuple[Array, ...], *settings: Size
) -> float:
    """The largest relative error of a layer's gradients, for a loss that weighs its outputs at random."""
    dY = rng.normal(size=layer(*arrays, *settings).shape)
    found = backward(dY, *arrays[:2], *settings)  # from X and W, or from X alone
    found = found if isinstance(found, tuple) else (found,)

    def loss() -> float:
        return float((layer(*arrays, *settings) * dY).sum())

    return max(_slope_error(rng, loss, *pair) for pair in zip(arrays, found, strict=True))


def _network_errors(
    rng: np.random.Generator, p: Params, X: Array, g: Geometry, pool_backward: Function
) -> dict[str, float]:
    """The relative error of the gradient of each of a network's parameters."""
    p = Params(*(rng.normal(scale=0.1, size=w.shape) for w in p))  # zeros would let no gradient through
    y = rng.integers(len(p.c), size=len(X))
    _, slopes = gradients(p, X, y, g, pool_backward)

    def loss() -> float:
        return softmax_cross_entropy(forward(p, X, g).S, y)[0]

    named = zip(p._fields, p, slopes, strict=True)
    return {f"network, {name}": _slope_error(rng, loss, w, dw) for name, w, dw in named}


def _slope_error(rng: np.random.Generator, loss: Callable[[], float], array: Array, found: Array) -> float:
    """The error of `found`, the loss's gradient by `array`, at some entries, over its largest entry."""
    at = rng.permutation(array.size)[:12]
    error = central_differences(loss, array, STEP, at) - found.ravel()[at]
    return float(np.abs(error).max() / np.abs(found).max())


def reach(stack: Sequence[tuple[int, int, int]], side: int) -> Iterator[Array]:
    """After each layer (kernel, stride, dilation): how much every pixel moves the middle unit (side, side).

    Each pixel is lit in an image of its own; all weights are 1, so the number counts the paths.
    """
    X = np.eye(side * side).reshape(-1, 1, side, side)
    for kernel, stride, dilation in stack:
        X = conv2d(X, np.ones((1, 1, kernel, kernel)), np.zeros(1), stride, 0, dilation)
        middle = X.shape[2] // 2
        yield X[:, 0, middle, middle].reshape(side, side)
