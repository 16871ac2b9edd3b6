"""The dense network: its gradients are measured, its work is counted, and its arguments stay as they are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.nn import mlp
from dlprep.nn.activations import ACTIVATIONS, Array
from dlprep.nn.checks.gradcheck import central_differences, relative_error
from dlprep.nn.losses import binary_cross_entropy, softmax_cross_entropy

SMOOTH = ("tanh", "sigmoid")


def objective(
    seed: int, sizes: list[int], n: int, name: str, *, binary: bool
) -> tuple[mlp.Objective, mlp.Layers]:
    """A random network and a random data set for it."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, sizes[0]))
    y = rng.integers(0, 2, (n, sizes[-1])) if binary else rng.integers(0, sizes[-1], n)
    loss = binary_cross_entropy if binary else softmax_cross_entropy
    return mlp.Objective(X, y, ACTIVATIONS[name], loss), mlp.init(rng, sizes)


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 6), min_size=2, max_size=5),
    st.integers(1, 9),
    st.sampled_from(SMOOTH),
    st.booleans(),
    st.integers(0, 999),
)
def test_gradient_along_a_random_direction(
    sizes: list[int], n: int, name: str, binary: bool, seed: int
) -> None:
    """For any depth, widths and batch, gradient · direction is the slope that is measured along it."""
    task, layers = objective(seed, sizes, n, name, binary=binary)
    rng, t = np.random.default_rng(seed), np.zeros(1)
    direction = [mlp.Layer(*(rng.normal(size=a.shape) for a in layer)) for layer in layers]
    measured = central_differences(lambda: task.value(mlp.descend(layers, direction, t[0])), t, 1e-5)
    gradient = task.gradient(layers)[1]
    assert measured[0] == pytest.approx(-(mlp.flat(gradient) @ mlp.flat(direction)), rel=1e-6, abs=1e-9)


def test_relu_gradient_of_every_parameter() -> None:
    """With ReLU too, away from its kinks: every slope of a 3-7-5-4 network equals the measured one."""
    task, layers = objective(1, [3, 7, 5, 4], 6, "relu", binary=False)
    gradient = task.gradient(layers)[1]
    for arrays, slopes in zip(layers, gradient, strict=True):
        for array, slope in zip(arrays, slopes, strict=True):
            measured = central_differences(lambda: task.value(layers), array, 1e-6)
            assert relative_error(slope, measured) < 1e-7


def test_two_weights_by_hand() -> None:
    """With x = 2, w₁ = ½, w₂ = 3, tanh: ∂L/∂w₁ = (p − y)·w₂·(1 − h²)·x and ∂L/∂w₂ = (p − y)·h."""
    layers = [mlp.Layer(np.array([[w]]), np.zeros(1)) for w in (0.5, 3.0)]
    task = mlp.Objective(np.array([[2.0]]), np.array([[0]]), ACTIVATIONS["tanh"], binary_cross_entropy)
    h = np.tanh(1.0)
    p = 1 / (1 + np.exp(-3 * h))
    (dw1, db1), (dw2, db2) = task.gradient(layers)[1]
    assert [dw1.item(), db1.item()] == pytest.approx([p * 3 * (1 - h**2) * 2, p * 3 * (1 - h**2)])
    assert [dw2.item(), db2.item()] == pytest.approx([p * h, p])


def test_forward_is_affine_without_hidden_layers() -> None:
    """Two sizes make one affine map: no activation touches the logits."""
    _, layers = objective(0, [3, 2], 4, "relu", binary=False)
    X = np.arange(12.0).reshape(4, 3)
    hs = mlp.forward(layers, X, ACTIVATIONS["relu"].value)
    assert len(hs) == 2
    np.testing.assert_allclose(hs[1], X @ layers[0].W + layers[0].b)


def test_gradients_have_the_parameters_shapes() -> None:
    """A gradient for each parameter, of its shape."""
    task, layers = objective(0, [5, 4, 3], 2, "tanh", binary=False)
    gradient = task.gradient(layers)[1]
    assert [[a.shape for a in layer] for layer in gradient] == [[(5, 4), (4,)], [(4, 3), (3,)]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_keeps_dtype(name: str, dtype: type) -> None:
    """Float32 parameters and inputs make float32 activations, gradients and updates."""
    task, layers = objective(0, [3, 4, 2], 5, name, binary=False)
    single = [mlp.Layer(W.astype(dtype), b.astype(dtype)) for W, b in layers]
    hs = mlp.forward(single, task.X.astype(dtype), task.f.value)
    gradient = mlp.backward(single, hs, softmax_cross_entropy(hs[-1], task.y)[1], task.f.slope)
    updated = mlp.descend(single, gradient, 0.1)
    assert {a.dtype for a in [*hs, mlp.flat(gradient), mlp.flat(updated)]} == {np.dtype(dtype)}


def test_descend_leaves_the_old_layers() -> None:
    """An update makes new layers: new = old − rate × gradient."""
    task, layers = objective(0, [2, 3, 2], 4, "tanh", binary=False)
    before, gradient = mlp.flat(layers), task.gradient(layers)[1]
    after = mlp.flat(mlp.descend(layers, gradient, 0.5))
    assert (mlp.flat(layers) == before).all()
    np.testing.assert_allclose(after, before - 0.5 * mlp.flat(gradient), atol=1e-15)


def test_init_scales_with_fan_in() -> None:
    """Weights have variance 1 / fan-in, and the same generator gives the same layers."""
    W, b = mlp.init(np.random.default_rng(3), [400, 300])[0]
    assert W.var() * 400 == pytest.approx(1, abs=0.02)
    assert b.shape == (300,)
    assert (W == mlp.init(np.random.default_rng(3), [400, 300])[0].W).all()


@settings(deadline=None)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=5), st.integers(1, 9))
def test_multiply_adds(sizes: list[int], n: int) -> None:
    """Forward: one per weight and sample. Backward: twice that, less the inputs' gradient, never needed."""
    task, layers = objective(0, sizes, n, "tanh", binary=True)
    once, both = mlp.CountedMatMul(), mlp.CountedMatMul()
    task.value(layers, once)
    task.gradient(layers, both)
    weights = sum(a * b for a, b in pairwise(sizes))
    assert once.multiply_adds == n * weights
    assert both.multiply_adds == n * (3 * weights - sizes[0] * sizes[1])


def test_counted_product_is_the_product() -> None:
    """Counting changes nothing: A·B, with m·k·n multiply-adds for (m, k)·(k, n)."""
    counted = mlp.CountedMatMul()
    A: Array = np.arange(6.0).reshape(2, 3)
    B: Array = np.arange(12.0).reshape(3, 4)
    assert (counted(A, B) == A @ B).all()
    assert counted.multiply_adds == 2 * 3 * 4
