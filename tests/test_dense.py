"""A dense layer: shapes, the fold of its biases, its gradients, and what normalisation leaves of a bias."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from dlprep.nn import dense, mlp
from dlprep.nn.activations import Array
from dlprep.nn.checks import densecheck
from dlprep.nn.faulty import nearly_dense


def made(seed: int, n: int = 7, a: int = 5, m: int = 3) -> tuple[Array, Array, Array]:
    """X (n, a), W (a, m) and b (m,)."""
    rng = np.random.default_rng(seed)
    ((W, b),) = mlp.init(rng, [a, m])
    return rng.normal(size=(n, a)), W, b


def test_forward_by_hand() -> None:
    """(1, 2)·W + b, with W = [[1, 0], [−1, 3]] and b = (½, −1), is (−½, 5)."""
    Z = dense.forward(np.array([[1.0, 2]]), np.array([[1.0, 0], [-1, 3]]), np.array([0.5, -1]))
    assert Z.tolist() == [[-0.5, 5]]


def test_backward_by_hand() -> None:
    """Two samples: the bias's gradient adds up both rows of dZ."""
    X, dZ = np.array([[1.0, 2], [3, 4]]), np.array([[1.0], [10]])
    found = dense.backward(X, np.array([[5.0], [7]]), dZ)
    assert found.b.tolist() == [11]
    assert found.W.tolist() == [[31], [42]]
    assert found.X.tolist() == [[5, 7], [50, 70]]


@pytest.mark.parametrize("seed", range(4))
def test_a_folded_layer_is_the_same_layer(seed: int) -> None:
    """Forward and backward: the folded weights' gradient has the bias's as its last row."""
    X, W, b = made(seed)
    assert densecheck.fold_gap(dense.forward, X, W, b) <= 1e-12
    dZ = np.random.default_rng(seed).normal(size=(7, 3))
    folded = dense.backward(dense.with_ones(X), dense.fold(W, b), dZ)
    assert pytest.approx(np.vstack([dense.backward(X, W, dZ).W, dZ.sum(axis=0)])) == folded.W


def test_the_network_agrees() -> None:
    """`mlp` computes a single layer as `dense` does, forwards and backwards."""
    X, W, b = made(1)
    layers = [mlp.Layer(W, b)]
    hs = mlp.forward(layers, X, np.tanh)
    assert hs[-1] == pytest.approx(dense.forward(X, W, b))
    (gradient,) = mlp.backward(layers, hs, hs[-1], np.ones_like)
    found = dense.backward(X, W, hs[-1])
    assert pytest.approx(found.W) == gradient.W
    assert gradient.b == pytest.approx(found.b)


@pytest.mark.parametrize("seed", range(4))
def test_gradients_agree_with_differences(seed: int) -> None:
    """The true ones do, averaged ones do not."""
    X, W, b = made(seed)
    T = np.random.default_rng(seed).integers(0, 2, (7, 3))
    assert densecheck.gradient_error(dense.forward, dense.backward, X, (W, b), T) <= 1e-7
    assert densecheck.gradient_error(dense.forward, nearly_dense.averaged, X, (W, b), T) >= 0.1


def test_normalisation_takes_a_bias_away() -> None:
    """Centred over the batch, a layer's outputs are the same with and without b; uncentred they are not."""
    X, W, b = made(2)
    assert densecheck.norm_gap(dense.standardise, X, W, b) <= 1e-12
    assert densecheck.norm_gap(nearly_dense.uncentred, X, W, b) >= 0.1
    Z = dense.standardise(dense.forward(X, W, b))
    assert Z.mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert Z.std(axis=0) == pytest.approx(1)


def test_a_bias_alone_learns_the_log_odds() -> None:
    """With one positive in five, b starts at loss ln 2 and ends at ln(¼), where the loss is 0.5004."""
    y = np.array([[1.0], [0], [0], [0], [0]])
    steps = list(islice(densecheck.bias_alone(dense.forward, dense.backward, y), 200))
    assert np.array(steps[0]) == pytest.approx([0, np.log(2)])
    assert np.array(steps[-1]) == pytest.approx([np.log(0.25), 0.5004], abs=1e-4)


def test_nearly_dense_layers() -> None:
    """The controls' layers: without biases, with rows swapped, with a bias per input."""
    X, W, b = made(3)
    assert nearly_dense.times_zero(X, W, b) == pytest.approx(X @ W)
    assert nearly_dense.swapped(X, W, b) == pytest.approx(X[:, ::-1] @ W + b)
    ((W, b),) = nearly_dense.per_input(np.random.default_rng(0), [5, 3])
    assert (W.shape, b.shape) == ((5, 3), (5,))
