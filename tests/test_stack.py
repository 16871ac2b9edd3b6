"""Stacks of layers: what they fold into, what an affine layer misses, and gradients on their way back."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn import mlp, stack
from dlprep.nn.activations import ACTIVATIONS, relu
from dlprep.nn.checks.gradcheck import central_differences
from dlprep.nn.smooth import GELU, Smooth, by_input


def test_folds_by_hand() -> None:
    """(x·2 + 1)·3 + 4 = x·6 + 7."""
    W, b = stack.folded(
        [mlp.Layer(np.array([[2.0]]), np.ones(1)), mlp.Layer(np.array([[3.0]]), np.array([4.0]))]
    )
    assert (W.item(), b.item()) == (6, 7)


@pytest.mark.parametrize("depth", [1, 2, 7, 30])
def test_a_linear_stack_is_the_layer_it_folds_into(depth: int) -> None:
    """At any depth, up to rounding; the layers stay as they are."""
    rng = np.random.default_rng(depth)
    layers, X = mlp.init(rng, [5, *[8] * (depth - 1), 3]), rng.normal(size=(40, 5))
    before = mlp.flat(layers)
    W, b = stack.folded(layers)
    assert stack.missed(mlp.forward(layers, X, np.asarray)[-1], X @ W + b) < 1e-13
    assert (mlp.flat(layers) == before).all()


def test_fitted_finds_an_affine_map() -> None:
    """An affine map is fitted exactly; of |x| on −1 … 1 only its mean is found."""
    X = np.linspace(-1, 1, 101)[:, None]
    np.testing.assert_allclose(stack.fitted(X, 3 * X - 2), 3 * X - 2, atol=1e-12)
    found = stack.fitted(X, np.abs(X))
    np.testing.assert_allclose(found, np.abs(X).mean(), atol=1e-12)
    assert stack.missed(np.abs(X), found) == pytest.approx(1)
    assert stack.missed(X, X) == 0


@pytest.mark.parametrize("r", [1, 3, 6])
def test_rank(r: int) -> None:
    """A product through r numbers has rank r, whatever its scale."""
    rng = np.random.default_rng(r)
    A = rng.normal(size=(20, r)) @ rng.normal(size=(r, 6))
    assert stack.rank(A) == stack.rank(1e-20 * A) == r


def test_orthogonal_weights_keep_lengths() -> None:
    """W·Wᵀ is the identity, for every layer."""
    W = stack.orthogonal(np.random.default_rng(0), 6, 4)
    np.testing.assert_allclose(W @ W.transpose(0, 2, 1), np.broadcast_to(np.eye(6), (4, 6, 6)), atol=1e-12)


def test_unit_columns() -> None:
    """Each unit's weights have length 1 and point where they did."""
    W = np.array([[3.0, 0.0], [4.0, -2.0]])
    assert stack.unit_columns(W).tolist() == [[0.6, 0], [0.8, -1]]


@pytest.mark.parametrize("f", [by_input(ACTIVATIONS["tanh"]), GELU], ids=["tanh", "gelu"])
def test_gradient_is_the_measured_one(f: Smooth) -> None:
    """What comes back at the input is the slope of ⟨G, output⟩ by the input."""
    rng = np.random.default_rng(0)
    weights, X, G = rng.normal(size=(3, 4, 4)), rng.normal(size=(2, 4)), rng.normal(size=(2, 4))
    back = stack.passed_back(weights, stack.pre_activations(weights, X, f), f, G)
    assert back.shape == (4, 2, 4)
    assert (back[0] == G).all()

    def value() -> float:
        return float((f.value(stack.pre_activations(weights, X, f)[-1]) * G).sum())

    np.testing.assert_allclose(back[-1], central_differences(value, X, 1e-5), atol=1e-8)


def test_scale_passes_through_relu() -> None:
    """Weights twice as large give a gradient 2^L times as large: which units are active does not change."""
    rng = np.random.default_rng(1)
    weights, X, G = rng.normal(size=(5, 6, 6)), rng.normal(size=(3, 6)), rng.normal(size=(3, 6))
    f = by_input(ACTIVATIONS["relu"])
    once, twice = (stack.passed_back(W, stack.pre_activations(W, X, f), f, G) for W in (weights, 2 * weights))
    np.testing.assert_allclose(twice[-1], 32 * once[-1])
    assert relu(np.array([-1.0])).item() == 0
