"""Pooling: each channel shrinks by keeping the maximum or the mean of every window; and the gradients.

A window's `size` and `stride` are one int or a pair (rows, columns); without `stride` windows lie side by
side. Windows may overlap, and what is left over at the right and the bottom is ignored.

Throughout:
    X  (N, C, H, V)      N images of C channels, H rows and V columns
    Y  (N, C, OH, OW)    what pooling keeps       d…   the loss's gradient by …

Source: Fukushima 1980; LeCun, Bottou, Bengio and Haffner 1998.
"""

from __future__ import annotations

import numpy as np

from dlprep.nn.conv import Array, Pair, Size, output_size, pair, taps


def max_pool2d(X: Array, size: Size, stride: Size | None = None) -> Array:
    """The largest number of each window: (N, C, OH, OW).

    Raises:
        DlprepError: the window does not fit the image.
    """
    kernel, steps, out = _layout(X, size, stride)
    Y = np.full((*X.shape[:2], *out), -np.inf, X.dtype)
    for _, _, rows, columns in taps(kernel, out, steps):
        np.maximum(Y, X[:, :, rows, columns], out=Y)
    return Y


def max_pool2d_backward(dY: Array, X: Array, size: Size, stride: Size | None = None) -> Array:
    """Each window's gradient goes to its largest cell alone, on a tie to the first: dX (N, C, H, V)."""
    kernel, steps, out = _layout(X, size, stride)
    Y = max_pool2d(X, size, stride)
    dX = np.zeros(X.shape, dY.dtype)
    waiting = np.ones(Y.shape, np.bool_)  # windows whose winner is not yet found
    for _, _, rows, columns in taps(kernel, out, steps):
        wins = waiting & (X[:, :, rows, columns] == Y)
        dX[:, :, rows, columns] += dY * wins
        waiting &= ~wins
    return dX


def naive_max_pool2d_backward(dY: Array, X: Array, size: Size, stride: Size | None = None) -> Array:
    """The definition of `max_pool2d_backward`, one window at a time: slow, and the one to compare with."""
    (kh, kw), (sh, sw), _ = _layout(X, size, stride)
    dX = np.zeros(X.shape, dY.dtype)
    for n, c, i, j in np.ndindex(*dY.shape):
        top, left = i * sh, j * sw
        winner = X[n, c, top:, left:][:kh, :kw].argmax()  # the first, in reading order
        row, column = divmod(int(winner), kw)
        dX[n, c, top + row, left + column] += dY[n, c, i, j]
    return dX


def avg_pool2d(X: Array, size: Size, stride: Size | None = None) -> Array:
    """The mean of each window: (N, C, OH, OW).

    Raises:
        DlprepError: the window does not fit the image.
    """
    kernel, steps, out = _layout(X, size, stride)
    Y = np.zeros((*X.shape[:2], *out), X.dtype)
    for _, _, rows, columns in taps(kernel, out, steps):
        Y += X[:, :, rows, columns]
    Y /= kernel[0] * kernel[1]
    return Y


def avg_pool2d_backward(dY: Array, X: Array, size: Size, stride: Size | None = None) -> Array:
    """Each window's gradient goes to all its cells in equal shares: dX (N, C, H, V)."""
    kernel, steps, out = _layout(X, size, stride)
    share = dY / (kernel[0] * kernel[1])
    dX = np.zeros(X.shape, dY.dtype)
    for _, _, rows, columns in taps(kernel, out, steps):
        dX[:, :, rows, columns] += share
    return dX


def global_avg_pool2d(X: Array) -> Array:
    """The mean of each whole channel: (N, C)."""
    return np.asarray(X.mean((2, 3)))


def global_avg_pool2d_backward(dY: Array, X: Array) -> Array:
    """Each channel's gradient dY (N, C) goes to all its cells in equal shares: dX (N, C, H, V)."""
    H, V = X.shape[2:]
    share = dY[:, :, None, None] / (H * V)  # (N, C, 1, 1)
    return np.array(np.broadcast_to(share, X.shape))


def _layout(X: Array, size: Size, stride: Size | None) -> tuple[Pair, Pair, Pair]:
    """The window, its stride, and how many positions it takes, each as (rows, columns)."""
    (H, V), (kh, kw) = X.shape[2:], pair(size)
    sh, sw = pair(size if stride is None else stride)
    return (kh, kw), (sh, sw), (output_size(H, kh, sh), output_size(V, kw, sw))
