"""Losses: values worked out by hand, gradients that are measured, and logits of ±1000."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlprep.nn.activations import Array
from dlprep.nn.checks.gradcheck import central_differences
from dlprep.nn.losses import binary_cross_entropy, log_softmax, softmax_cross_entropy


def softmax(*logits: float) -> Array:
    """Softmax by way of its logarithm."""
    return np.asarray(np.exp(log_softmax(np.array([logits])))[0])


def test_softmax_by_hand() -> None:
    """Softmax of 2, 1, 0.1 is .659, .242, .099; the cross-entropy of the first is .417."""
    np.testing.assert_allclose(softmax(2, 1, 0.1), [0.659, 0.242, 0.099], atol=5e-4)
    loss, dlogits = softmax_cross_entropy(np.array([[2, 1, 0.1]]), np.array([0]))
    assert loss == pytest.approx(0.417, abs=5e-4)
    np.testing.assert_allclose(dlogits, [[0.659 - 1, 0.242, 0.099]], atol=5e-4)


@pytest.mark.parametrize("k", [2, 10, 1000])
def test_loss_of_knowing_nothing(k: int) -> None:
    """Equal logits cost ln k, whatever the labels."""
    loss, _ = softmax_cross_entropy(np.full((3, k), 7.0), np.array([0, 1, k - 1]))
    assert loss == pytest.approx(math.log(k), abs=1e-12)


def test_binary_loss_of_knowing_nothing() -> None:
    """A logit of 0 costs ln 2, and its gradient pulls by ½ towards either label."""
    loss, dlogits = binary_cross_entropy(np.zeros(2), np.array([0, 1]))
    assert loss == pytest.approx(math.log(2), abs=1e-15)
    assert dlogits.tolist() == [0.25, -0.25]


@given(st.integers(1, 7), st.integers(2, 6), st.floats(-50, 50), st.integers(0, 999))
def test_softmax_ignores_a_shift(n: int, k: int, shift: float, seed: int) -> None:
    """Adding one number to all of a sample's logits changes neither the loss nor its gradient."""
    rng = np.random.default_rng(seed)
    Z, y = rng.normal(size=(n, k)), rng.integers(0, k, n)
    (a, da), (b, db) = softmax_cross_entropy(Z, y), softmax_cross_entropy(Z + shift, y)
    assert a == pytest.approx(b, abs=1e-12)
    np.testing.assert_allclose(da, db, atol=1e-12)


@given(st.integers(1, 7), st.integers(2, 6), st.integers(0, 999))
def test_softmax_gradient_is_measured(n: int, k: int, seed: int) -> None:
    """(p − onehot) / n is what central differences measure, and each sample's row sums to 0."""
    rng = np.random.default_rng(seed)
    Z, y = 2 * rng.normal(size=(n, k)), rng.integers(0, k, n)
    _, dlogits = softmax_cross_entropy(Z, y)
    measured = central_differences(lambda: softmax_cross_entropy(Z, y)[0], Z, 1e-5)
    np.testing.assert_allclose(dlogits, measured, rtol=0, atol=1e-9)  # absolute: a sure p has tiny slopes
    np.testing.assert_allclose(dlogits.sum(axis=1), 0, atol=1e-15)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), st.integers(0, 999))
def test_binary_gradient_is_measured(shape: list[int], seed: int) -> None:
    """(p − y) / n is what central differences measure, on logits of any shape and labels between 0 and 1."""
    rng = np.random.default_rng(seed)
    z, y = 2 * rng.normal(size=shape), rng.random(shape)
    _, dlogits = binary_cross_entropy(z, y)
    measured = central_differences(lambda: binary_cross_entropy(z, y)[0], z, 1e-5)
    assert dlogits.shape == z.shape
    np.testing.assert_allclose(dlogits, measured, rtol=0, atol=1e-9)


def test_one_logit_is_two_with_a_zero() -> None:
    """Binary cross-entropy of z is softmax cross-entropy of (0, z)."""
    z, y = np.array([-3.0, 0.2, 5.0]), np.array([1, 0, 1])
    one, dz = binary_cross_entropy(z, y)
    two, dZ = softmax_cross_entropy(np.column_stack([np.zeros(3), z]), y)
    assert one == pytest.approx(two, abs=1e-15)
    np.testing.assert_allclose(dz, dZ[:, 1], atol=1e-15)


def test_stable_at_a_thousand() -> None:
    """Logits of ±1000 give a loss of 0 or 1000 and finite gradients, without a warning."""
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        right, wrong = np.array([[1000.0, -1000.0]]), np.array([[0.0, 1000.0]])
        assert softmax_cross_entropy(right, np.array([0]))[0] == 0
        assert softmax_cross_entropy(wrong, np.array([0]))[0] == 1000
        assert softmax_cross_entropy(wrong, np.array([0]))[1].tolist() == [[-1, 1]]
        loss, dlogits = binary_cross_entropy(np.array([1000.0, -1000.0]), np.array([1, 0]))
        assert (loss, dlogits.tolist()) == (0, [0, 0])
        assert binary_cross_entropy(np.array([-1000.0]), np.array([1]))[0] == 1000


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_dtype(dtype: type) -> None:
    """The gradient has the logits' dtype, though the labels are integers."""
    Z: Array = np.zeros((2, 3), dtype)
    y = np.array([0, 1])
    assert softmax_cross_entropy(Z, y)[1].dtype == dtype
    assert binary_cross_entropy(Z[:, 0], y)[1].dtype == dtype


def test_leaves_its_arguments_alone() -> None:
    """Neither loss writes into the logits it is given."""
    Z, y = np.ones((2, 2)), np.array([0, 1])
    softmax_cross_entropy(Z, y)
    binary_cross_entropy(Z[:, 0], y)
    assert Z.tolist() == [[1, 1], [1, 1]]
