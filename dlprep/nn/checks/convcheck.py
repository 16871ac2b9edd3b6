"""Measurements that hold convolution and pooling to their definitions, whoever's functions they are given.

Throughout:
    X  (N, C, H, V)  images        W, b  filters and biases        dY  the loss's gradient by a layer's output
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, TypeAlias

import numpy as np

from dlprep.errors import DlprepError
from dlprep.nn import pool
from dlprep.nn.checks.gradcheck import central_differences, relative_error
from dlprep.nn.cnn import Geometry, Params, forward, gradients
from dlprep.nn.conv import Array, Size, conv2d, conv2d_backward, naive_conv2d
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
    return sum(_misses(formula, *how) for how in rng.integers(1, 5, (100, 5)).tolist())


def _misses(formula: Function, I: int, K: int, S: int, P: int, D: int) -> bool:
    counted = sum(start + D * (K - 1) < I + 2 * P for start in range(0, I + 2 * P, S))
    try:
        Y = conv2d(np.ones((1, 1, I, I)), np.ones((1, 1, K, 1)), np.ones(1), (S, 1), (P, 0), (D, 1))
        return {formula(I, K, S, P, D), Y.shape[2]} != {counted}
    except DlprepError:
        return bool(counted)


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
    """The relative error of `found`, the loss's gradient by `array`, at some entries."""
    at = rng.permutation(array.size)[:12]
    return relative_error(central_differences(loss, array, STEP, at), found.ravel()[at])


def routes(rng: np.random.Generator, pool_backward: Function) -> tuple[Array, Array, float]:
    """An image X full of ties, max pooling's dX for gradients of 1, and how much of that goes astray."""
    X = rng.integers(4, size=(1, 1, 6, 7)).astype(float)
    dY = np.ones_like(pool.max_pool2d(X, *WINDOW))
    dX = pool_backward(dY, X, *WINDOW)
    return X, dX, float(np.abs(dX - pool.naive_max_pool2d_backward(dY, X, *WINDOW)).sum())


def slide(
    image: Array, kernel: int, stride: int, dilation: int, value: Callable[[Array], float]
) -> Iterator[tuple[int, float, tuple[int, int, int, int], Array]]:
    """Fill a map window by window; at 24 moments: windows done, the last one's value and box, the map so far.

    Where the map is still empty it is NaN.
    """
    span = dilation * (kernel - 1) + 1
    starts = range(0, len(image) - span + 1, stride)
    filled = np.full((len(starts), len(starts)), np.nan)
    shown = np.linspace(1, filled.size, 24, dtype=int).tolist()
    windows = zip(np.ndindex(filled.shape), product(starts, repeat=2), strict=True)
    for n, (cell, (top, left)) in enumerate(windows, start=1):
        filled[cell] = value(image[top:, left:][:span:dilation, :span:dilation])
        if n in shown:
            yield n, filled[cell], (top, left, span, span), filled


def as_matrix(layer: Function, W: Array, side: int) -> Array:
    """The matrix (outputs, pixels) that `layer` with filter W multiplies an image of that side by."""
    pixels = np.eye(side * side).reshape(-1, 1, side, side)  # each image lights one pixel
    return np.asarray(layer(pixels, W, np.zeros(1)).reshape(len(pixels), -1).T)


def reach(stack: Sequence[tuple[int, int, int]], side: int) -> Iterator[Array]:
    """After each layer (kernel, stride, dilation): how much every pixel moves the middle unit (side, side).

    Each pixel is lit in an image of its own; all weights are 1, so the number counts the paths.
    """
    X = np.eye(side * side).reshape(-1, 1, side, side)
    for kernel, stride, dilation in stack:
        X = conv2d(X, np.ones((1, 1, kernel, kernel)), np.zeros(1), stride, 0, dilation)
        middle = X.shape[2] // 2
        yield X[:, 0, middle, middle].reshape(side, side)
