"""Pooling: known values, gradients that go where they should, overlap, ties and leftovers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.errors import DlprepError
from dlprep.nn.checks.gradcheck import central_differences, relative_error
from dlprep.nn.conv import Array, conv2d
from dlprep.nn.pool import (
    avg_pool2d,
    avg_pool2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
    naive_max_pool2d_backward,
)

Pair = tuple[int, int]
pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))
sides = st.tuples(st.integers(3, 7), st.integers(3, 7))


def images(side: Pair, *, ties: bool = True) -> Array:
    """Two images of two channels: few different numbers, or all of them different."""
    rng, n = np.random.default_rng(side), 4 * side[0] * side[1]
    return np.asarray((rng.integers(-2, 2, n) if ties else rng.permutation(n)).reshape(2, 2, *side), float)


def test_known_values() -> None:
    """2×2 windows of 0 … 15 keep the lower right number, or the mean; a fifth row and column are ignored."""
    X = np.pad(np.arange(16.0).reshape(1, 1, 4, 4), ((0, 0), (0, 0), (0, 1), (0, 1)), constant_values=99)
    assert max_pool2d(X, 2).tolist() == [[[[5, 7], [13, 15]]]]
    assert avg_pool2d(X, 2).tolist() == [[[[2.5, 4.5], [10.5, 12.5]]]]
    assert global_avg_pool2d(X[:, :, :4, :4]).tolist() == [[7.5]]


def test_a_tie_goes_to_the_first_cell() -> None:
    """Among equal numbers the first in reading order takes the whole gradient, as in PyTorch."""
    dX = max_pool2d_backward(np.ones((1, 1, 1, 1)), np.zeros((1, 1, 2, 2)), 2)
    assert dX.tolist() == [[[[1, 0], [0, 0]]]]


def test_overlapping_windows_add_their_gradients() -> None:
    """One cell that wins two windows gets both their gradients."""
    X = np.array([[[[0.0, 5.0, 1.0]]]])
    assert max_pool2d_backward(np.array([[[[1.0, 10.0]]]]), X, (1, 2), 1).tolist() == [[[[0, 11, 0]]]]
    assert avg_pool2d_backward(np.array([[[[1.0, 10.0]]]]), X, (1, 2), 1).tolist() == [[[[0.5, 5.5, 5]]]]


@settings(max_examples=40, deadline=None)
@given(sides, pairs, pairs)
def test_max_pooling_routes_each_gradient_to_one_cell(side: Pair, size: Pair, stride: Pair) -> None:
    """Any window and stride: the same as one window at a time, and no gradient is lost."""
    X = images(side)
    dY = np.random.default_rng(0).normal(size=max_pool2d(X, size, stride).shape)
    dX = max_pool2d_backward(dY, X, size, stride)
    assert np.abs(dX - naive_max_pool2d_backward(dY, X, size, stride)).max() < 1e-12
    assert np.isclose(dX.sum(), dY.sum())


@settings(max_examples=20, deadline=None)
@given(sides, pairs, pairs)
def test_gradients_are_slopes(side: Pair, size: Pair, stride: Pair) -> None:
    """Where all numbers differ, pooling is linear nearby, and central differences are exact."""
    X = images(side, ties=False)
    for layer, backward in ((max_pool2d, max_pool2d_backward), (avg_pool2d, avg_pool2d_backward)):
        dY = np.random.default_rng(0).normal(size=layer(X, size, stride).shape)

        def loss(layer: object = layer, dY: Array = dY) -> float:
            return float((layer(X, size, stride) * dY).sum())  # type: ignore[operator]  # one of the two above

        at = range(0, X.size, 1 + X.size // 20)
        slope = backward(dY, X, size, stride).ravel()[at]
        assert relative_error(central_differences(loss, X, 0.1, at), slope) < 1e-9


@settings(max_examples=20, deadline=None)
@given(sides, pairs, pairs)
def test_average_pooling_is_a_convolution(side: Pair, size: Pair, stride: Pair) -> None:
    """Its filter holds 1 / (kh·kw) everywhere, one channel at a time."""
    X = images(side)[:, :1]
    W = np.full((1, 1, *size), 1 / (size[0] * size[1]))
    assert np.abs(avg_pool2d(X, size, stride) - conv2d(X, W, np.zeros(1), stride)).max() < 1e-12


def test_global_average_is_the_largest_window() -> None:
    """Forward and backward it is average pooling with a window as large as the image."""
    X, dY = images((5, 3)), np.array([[1.0, 2.0], [3.0, 4.0]])
    assert np.allclose(global_avg_pool2d(X), avg_pool2d(X, (5, 3))[:, :, 0, 0])
    whole = avg_pool2d_backward(dY[:, :, None, None], X, (5, 3))
    assert np.allclose(global_avg_pool2d_backward(dY, X), whole)


def test_dtype_is_kept() -> None:
    """Single precision in, single precision out, gradients included."""
    X = images((4, 4)).astype("f4")
    Y, G = max_pool2d(X, 2), global_avg_pool2d(X)
    made = Y, avg_pool2d(X, 2), G, max_pool2d_backward(Y, X, 2), avg_pool2d_backward(Y, X, 2)
    assert {a.dtype for a in (*made, global_avg_pool2d_backward(G, X))} == {X.dtype}


def test_a_window_that_does_not_fit_is_refused() -> None:
    """Pooling needs at least one window."""
    with pytest.raises(DlprepError, match="a window 3 pixels long does not fit the 2 pixels there are"):
        max_pool2d(np.ones((1, 1, 2, 5)), 3)
