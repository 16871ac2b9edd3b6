"""Convolution as deep learning means it: shared filters slid over an image, its gradients and its sizes.

It is a cross-correlation: the filter is not flipped. Stride, padding and dilation are one int or a pair
(rows, columns). Results keep the dtype of what goes in.

Throughout:
    X  (N, C, H, V)      N images of C channels, H rows and V columns
    W  (O, C, kh, kw)    O filters            b  (O,)   their biases
    Y  (N, O, OH, OW)    feature maps         d…        the loss's gradient by …
    P                    N·OH·OW, the positions a filter takes in all images
    K                    C·kh·kw, the numbers a filter sees at one position

Source: LeCun, Bottou, Bengio and Haffner 1998; Dumoulin and Visin 2016 (sizes); Araujo et al. 2019
(receptive fields).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from dlprep.errors import DlprepError

Array: TypeAlias = npt.NDArray[Any]
Pair: TypeAlias = tuple[int, int]
Size: TypeAlias = int | Pair


def pair(size: Size) -> Pair:
    """One number for rows and columns alike, or the pair as given."""
    return (size, size) if isinstance(size, int) else size


def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many positions a window takes along one axis: ⌊(I + 2P − D(K − 1) − 1)/S⌋ + 1, in pixels.

    Raises:
        DlprepError: a setting is out of range, or the window is larger than the padded image.
    """
    if min(kernel, stride, dilation) < 1 or padding < 0:
        message = f"kernel {kernel}, stride {stride}, padding {padding}, dilation {dilation}: no such window"
        raise DlprepError(message, hint="kernel, stride and dilation start at 1, padding at 0")
    span = dilation * (kernel - 1) + 1
    room = size + 2 * padding - span
    if room < 0:
        message = f"a window {span} pixels long does not fit the {size + 2 * padding} pixels there are"
        raise DlprepError(message, hint="use a larger image, more padding, a smaller kernel or less dilation")
    return room // stride + 1


def receptive_field(kernels: Sequence[int], strides: Sequence[int], dilations: Sequence[int]) -> int:
    """How many input pixels along one axis reach one unit of the last layer: 1 + Σᵢ dᵢ(kᵢ − 1)·Πⱼ﹤ᵢ sⱼ."""
    field, jump = 1, 1  # jump: input pixels between neighbouring units
    for kernel, stride, dilation in zip(kernels, strides, dilations, strict=True):
        field += dilation * (kernel - 1) * jump
        jump *= stride
    return field


def taps(
    kernel: Pair, out: Pair, stride: Pair, dilation: Pair = (1, 1)
) -> Iterator[tuple[int, int, slice, slice]]:
    """Each cell (i, j) of a window, and the rows and columns it meets while the window takes `out` places."""
    for i, j in np.ndindex(*kernel):
        top, left = i * dilation[0], j * dilation[1]
        rows = slice(top, top + stride[0] * out[0], stride[0])
        columns = slice(left, left + stride[1] * out[1], stride[1])
        yield i, j, rows, columns


def conv2d(X: Array, W: Array, b: Array, stride: Size = 1, padding: Size = 0, dilation: Size = 1) -> Array:
    """Y[n, o, i, j] = b[o] + Σ W[o]·(the window of X[n] at i, j): (N, O, OH, OW), C-contiguous.

    Raises:
        DlprepError: the kernel does not fit the padded image.
        ValueError: X and W have different numbers of channels.
    """
    windows = _windows(X, W, pair(stride), pair(padding), pair(dilation))
    C, kh, kw, N, OH, OW = windows.shape
    K, P = C * kh * kw, N * OH * OW
    Y = W.reshape(-1, K) @ windows.reshape(K, P)  # (O, K) @ (K, P) -> (O, P)
    Y += b[:, None]
    return np.ascontiguousarray(Y.reshape(-1, N, OH, OW).swapaxes(0, 1))  # (N, O, OH, OW)


def conv2d_backward(
    dY: Array, X: Array, W: Array, stride: Size = 1, padding: Size = 0, dilation: Size = 1
) -> tuple[Array, Array, Array]:
    """(dX, dW, db), shaped like X, W and b, from dY (N, O, OH, OW).

    Raises:
        DlprepError: the kernel does not fit the padded image.
        ValueError: X and W have different numbers of channels.
    """
    windows = _windows(X, W, pair(stride), pair(padding), pair(dilation))
    C, kh, kw, N, OH, OW = windows.shape
    K, P = C * kh * kw, N * OH * OW
    dZ = dY.swapaxes(0, 1).reshape(-1, P)  # (O, P)
    dW = dZ @ windows.reshape(K, P).T  # (O, P) @ (P, K) -> (O, K)
    np.matmul(W.reshape(-1, K).T, dZ, out=windows.reshape(K, P))  # (K, O) @ (O, P): now dwindows

    padded, dX = _bordered(X, pair(padding))
    for i, j, rows, columns in taps((kh, kw), (OH, OW), pair(stride), pair(dilation)):
        padded[:, :, rows, columns] += windows[:, i, j]  # windows overlap, so gradients add up
    return dX.swapaxes(0, 1), dW.reshape(W.shape), dZ.sum(1)


def naive_conv2d(
    X: Array, W: Array, b: Array, stride: Size = 1, padding: Size = 0, dilation: Size = 1
) -> Array:
    """The definition of `conv2d` as loops over single numbers: slow, obvious, and the one to compare with."""
    (N, C, H, V), (O, _, kh, kw) = X.shape, W.shape
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    Y = np.zeros((N, O, output_size(H, kh, sh, ph, dh), output_size(V, kw, sw, pw, dw)), X.dtype)
    for n, o, i, j in np.ndindex(*Y.shape):
        Y[n, o, i, j] = b[o]
        for c, p, q in np.ndindex(C, kh, kw):
            row, column = i * sh + p * dh - ph, j * sw + q * dw - pw
            if 0 <= row < H and 0 <= column < V:  # beyond the border the padding is zero
                Y[n, o, i, j] += W[o, c, p, q] * X[n, c, row, column]
    return Y


def _windows(X: Array, W: Array, stride: Pair, padding: Pair, dilation: Pair) -> Array:
    """What every filter cell meets at every position (im2col), copied: (C, kh, kw, N, OH, OW)."""
    (N, C, H, V), (_, expected, kh, kw) = X.shape, W.shape
    (sh, sw), (ph, pw), (dh, dw) = stride, padding, dilation
    if expected != C:
        raise ValueError(f"X has {C} channels but W expects {expected}")
    shape = C, kh, kw, N, output_size(H, kh, sh, ph, dh), output_size(V, kw, sw, pw, dw)
    padded, inside = _bordered(X, padding)
    inside[:] = X.swapaxes(0, 1)
    channel, image, row, column = padded.strides  # bytes from one to the next
    steps = channel, row * dh, column * dw, image, row * sh, column * sw
    return np.ascontiguousarray(as_strided(padded, shape, steps))


def _bordered(X: Array, padding: Pair) -> tuple[Array, Array]:
    """Zeros for the images and their padding, channels first: (C, N, H + 2·ph, V + 2·pw); their inside."""
    (N, C, H, V), (ph, pw) = X.shape, padding
    padded = np.zeros((C, N, H + 2 * ph, V + 2 * pw), X.dtype)
    return padded, padded[:, :, ph:, pw:][:, :, :H, :V]
