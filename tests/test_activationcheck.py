"""The checks of activations: they pass what is right and find what is wrong."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.nn import mlp
from dlprep.nn.activations import ACTIVATIONS, LEAKY_RELU, Activation, sigmoid
from dlprep.nn.checks.activationcheck import (
    first_gradient,
    naive_sigmoid,
    one_sign,
    sigmoid_error,
    slope_error,
)
from dlprep.nn.checks.gradcheck import central_differences
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.mlp import Layer, Objective
from dlprep.nn.smooth import GELU, SILU, Smooth, by_input


def test_slope_error_finds_one_wrong_slope_among_many() -> None:
    """Right slopes err by less than 1e-8; a slope handed z instead of h by much."""
    right = [GELU, SILU, *map(by_input, ACTIVATIONS.values())]
    assert slope_error(right) < 1e-8
    assert slope_error([*right, Smooth(*ACTIVATIONS["tanh"])]) > 0.1


def test_sigmoid_error() -> None:
    """The library's sigmoid is right to rounding; the naive one is NaN; one without its tail is found."""
    assert sigmoid_error(sigmoid) < 1e-14
    assert math.isnan(sigmoid_error(naive_sigmoid))
    assert sigmoid_error(lambda z: np.maximum(sigmoid(z), 1e-300)) > 0.1
    z = np.linspace(-5, 5, 11)
    np.testing.assert_allclose(naive_sigmoid(z), sigmoid(z))


def test_one_sign() -> None:
    """Of four inputs two want all weights to move one way."""
    assert one_sign(np.array([[1, 2], [-1, -3], [1, -1], [0, 1]])) == 0.5


@pytest.mark.parametrize("f", [ACTIVATIONS["tanh"], LEAKY_RELU], ids=["tanh", "leaky"])
def test_first_gradient_is_the_measured_one(f: Activation) -> None:
    """It is the length of the slopes by the first layer's weights."""
    rng = np.random.default_rng(0)
    layers, X, y = mlp.init(rng, [3, 4, 1]), rng.normal(size=(5, 3)), rng.integers(0, 2, (5, 1))
    task = Objective(X, y, f, binary_cross_entropy)
    measured = central_differences(lambda: task.value(layers), layers[0].W, 1e-5)
    assert first_gradient(layers, X, y, f) == pytest.approx(float(np.linalg.norm(measured)), rel=1e-6)


def test_dead_units_get_nothing() -> None:
    """A bias far below every w·x gives ReLU a gradient of exactly 0, and leaky ReLU a small one."""
    rng = np.random.default_rng(0)
    (W, _), last = mlp.init(rng, [3, 4, 1])
    layers, X, y = [Layer(W, np.full(4, -50.0)), last], rng.normal(size=(9, 3)), np.ones((9, 1))
    assert first_gradient(layers, X, y, ACTIVATIONS["relu"]) == 0
    assert 0 < first_gradient(layers, X, y, LEAKY_RELU) < 0.1
