"""Layers that are nearly convolutions: what a control puts in the place of `conv2d`.

Throughout:
    X  (N, C, H, V)  images        W  (O, C, kh, kw), b (O,)  filters and their biases
"""

from __future__ import annotations

import numpy as np

from dlprep.nn.conv import Array, Pair, conv2d


def flipped(X: Array, W: Array, b: Array, stride: Pair, padding: Pair, dilation: Pair) -> Array:
    """Convolution in the mathematician's sense: the filters are turned by 180°."""
    return conv2d(X, np.flip(W, (2, 3)), b, stride, padding, dilation)


def padded_with_ones(X: Array, W: Array, b: Array, stride: Pair, padding: Pair, dilation: Pair) -> Array:
    """Convolution of images that stand in a frame of ones."""
    (rows, columns), none = padding, (0, 0)
    X = np.pad(X, (none, none, (rows, rows), (columns, columns)), constant_values=1)
    return conv2d(X, W, b, stride, none, dilation)


def unshared(X: Array, W: Array, b: Array) -> Array:
    """A locally connected layer: every position has a filter of its own, differing in strength."""
    Y = conv2d(X, W, b)  # (N, O, OH, OW)
    return np.asarray(Y * np.random.default_rng(0).random(Y.shape[2:]))
