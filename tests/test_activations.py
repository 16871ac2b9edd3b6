"""Activations: known values, and derivatives that central differences agree with."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn.activations import ACTIVATIONS, LEAKY_RELU, sigmoid, sigmoid_slope, tanh, tanh_slope


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_is_the_measured_one(name: str) -> None:
    """Each derivative, written by the output, is what a central difference measures away from a kink."""
    f, slope = ACTIVATIONS[name]
    z = np.array([-3.0, -0.7, -0.01, 0.02, 0.5, 4.0])
    measured = (f(z + 1e-6) - f(z - 1e-6)) / 2e-6
    np.testing.assert_allclose(slope(f(z)), measured, atol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_keeps_dtype_and_shape(name: str, dtype: type) -> None:
    """Float32 in, float32 out; and whatever shape came in."""
    f, slope = ACTIVATIONS[name]
    h = f(np.linspace(-2, 2, 12, dtype=dtype).reshape(2, 3, 2))
    for array in (h, slope(h)):
        assert array.dtype == dtype
        assert array.shape == (2, 3, 2)


def test_known_values() -> None:
    """At 0: tanh 0 with slope 1, sigmoid ½ with slope ¼, ReLU 0 with slope 0."""
    zero = np.zeros(1)
    known = {"tanh": (0, 1), "sigmoid": (0.5, 0.25), "relu": (0, 0)}
    assert {
        name: (f(zero).item(), slope(f(zero)).item()) for name, (f, slope) in ACTIVATIONS.items()
    } == known


def test_leaky_relu_never_stops_the_gradient() -> None:
    """Below 0 a leaky ReLU still has slope 0.01, and its derivative is the measured one."""
    z = np.array([-3.0, -0.5, 0.5])
    f, slope = LEAKY_RELU
    np.testing.assert_allclose(f(z), [-0.03, -0.005, 0.5])
    np.testing.assert_allclose(slope(f(z)), (f(z + 1e-6) - f(z - 1e-6)) / 2e-6)


def test_steepest_slopes() -> None:
    """The sigmoid is never steeper than ¼, tanh never steeper than 1, and both are so at 0 only."""
    z = np.linspace(-8, 8, 161)
    for f, slope, most in ((sigmoid, sigmoid_slope, 0.25), (tanh, tanh_slope, 1.0)):
        slopes = slope(f(z))
        assert slopes.max() == most
        assert z[slopes == most].tolist() == [0.0]


def test_tanh_is_a_stretched_sigmoid() -> None:
    """tanh(z) = 2σ(2z) − 1."""
    z = np.linspace(-5, 5, 41)
    np.testing.assert_allclose(tanh(z), 2 * sigmoid(2 * z) - 1, atol=1e-15)


def test_sigmoid_does_not_overflow() -> None:
    """At ±1000 the sigmoid is exactly 0 and 1, without a warning; at −700 it is still e⁻⁷⁰⁰."""
    with np.errstate(over="raise", invalid="raise"):
        assert sigmoid(np.array([-1000.0, 1000.0])).tolist() == [0.0, 1.0]
    np.testing.assert_allclose(sigmoid(np.array([-700.0])), np.exp(-700.0), rtol=1e-12)
