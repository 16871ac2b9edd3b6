"""Activations and their derivatives, each derivative written by the activation's *output*.

A forward pass then has to keep outputs only. Every function works entry by entry on any shape and keeps
the dtype.

Throughout:
    z  (…)  pre-activations      h  (…)  activations, h = f(z)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]

LEAK = 0.01  # the slope of a leaky ReLU below 0


class Activation(NamedTuple):
    """A function f and its derivative f′(z), the latter as a function of h = f(z)."""

    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]


def tanh(z: Array) -> Array:
    """Hyperbolic tangent, in −1 … +1."""
    return np.asarray(np.tanh(z))


def tanh_slope(h: Array) -> Array:
    """tanh′ = 1 − h², at most 1."""
    return np.asarray(1 - h * h)


def sigmoid(z: Array) -> Array:
    """1 / (1 + e⁻ᶻ), in 0 … 1, without overflow: ln(1 + e⁻ᶻ) is computed stably, then negated and raised."""
    return np.asarray(np.exp(-np.logaddexp(0, -z)))


def sigmoid_slope(h: Array) -> Array:
    """σ′ = h·(1 − h), at most ¼."""
    return np.asarray(h * (1 - h))


def relu(z: Array) -> Array:
    """max(0, z)."""
    return np.asarray(np.maximum(z, 0))


def relu_slope(h: Array) -> Array:
    """1 where the unit is active, else 0 (at the kink too, as PyTorch has it)."""
    return (h > 0).astype(h.dtype)


def leaky_relu(z: Array) -> Array:
    """The input where it is positive, a hundredth of it elsewhere (Maas, Hannun and Ng 2013)."""
    return np.asarray(np.where(z > 0, z, LEAK * z))


def leaky_relu_slope(h: Array) -> Array:
    """1 where the unit is active, else 0.01: never 0."""
    return np.where(h > 0, 1.0, LEAK).astype(h.dtype)


LINEAR = Activation(np.asarray, np.ones_like)  # no activation at all
LEAKY_RELU = Activation(leaky_relu, leaky_relu_slope)
ACTIVATIONS = {
    "tanh": Activation(tanh, tanh_slope),
    "relu": Activation(relu, relu_slope),
    "sigmoid": Activation(sigmoid, sigmoid_slope),
}
