"""Signals in deep stacks: each measurement against a case worked by hand or a second route."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.nn import initial, mlp
from dlprep.nn.activations import ACTIVATIONS, LINEAR, relu
from dlprep.nn.checks.gradcheck import central_differences
from dlprep.nn.mlp import Layer
from dlprep.nn.signals import decades, growth, likeness, power, signals, stream

RNG = np.random.default_rng(0)


def test_growth_and_decades_by_hand() -> None:
    """From 1 to 64 in three steps: fourfold each, and log₁₀ 64 in all."""
    assert growth([1, 8, 4, 64]) == pytest.approx(4)
    assert decades([1, 8, 4, 64]) == pytest.approx(math.log10(64))


def test_signals_by_hand() -> None:
    """Through z = 2x, ReLU, z = 3h, p = 5h for x = 1: E[h²] is 1, 4, 36; ∂p/∂z is 15 and 5."""
    layers = [Layer(np.array([[w]]), np.zeros(1)) for w in (2.0, 3.0, 5.0)]
    found = signals(layers, np.ones((4, 1)), ACTIVATIONS["relu"])
    assert found.up == [1, 4, 36]
    assert found.down == [225, 25]
    assert [h.shape for h in found.hs] == [(4, 1)] * 3


def test_slopes_going_down_are_measured_ones() -> None:
    """E[(∂p/∂z)²] of the first layer is what nudging its biases shows, for the first input."""
    layers, X = initial.start(RNG, [3, 5, 4, 1], initial.he), RNG.normal(size=(6, 3))
    f = ACTIVATIONS["tanh"]

    def output() -> float:
        return float(mlp.forward(layers, X[:1], f.value)[-1].item())

    slopes = central_differences(output, layers[0].b, 1e-6)
    assert signals(layers, X, f).down[0] == pytest.approx(power(slopes), rel=1e-6)


def test_likeness_by_hand() -> None:
    """Cosines of (1, 0), (3, 3) and (0, −2)."""
    cosines = likeness(np.array([[1.0, 0], [3, 3], [0, -2]]))
    half = math.sqrt(0.5)
    np.testing.assert_allclose(cosines, [[1, half, 0], [half, 1, -half], [0, -half, 1]], atol=1e-15)


def test_stream_of_equal_branches() -> None:
    """When each branch is a copy of the stream, L branches times s give (1 + s)ᴸ."""
    layers = [Layer(np.eye(2), np.zeros(2))] * 3
    end = stream(layers, np.ones((1, 2)), np.asarray, 0.5)
    np.testing.assert_allclose(end, 1.5**3)


def test_a_relu_layer_halves_what_a_linear_one_keeps() -> None:
    """With variance 1/a, one wide layer keeps E[h²] if linear and halves it if ReLU."""
    layers, X = initial.start(RNG, [400, 400, 1], initial.lecun), RNG.normal(size=(50, 400))
    [kept, halved] = (growth(signals(layers, X, f).up) for f in (LINEAR, ACTIVATIONS["relu"]))
    assert kept == pytest.approx(1, abs=0.05)
    assert halved == pytest.approx(0.5, abs=0.03)
    assert relu(np.array([-1.0])).item() == 0
