"""Activations with their derivatives written by the *input* z.

GELU and SiLU fall before they rise, so two inputs can share an output, and the output alone does not give the
slope: a backward pass has to keep z. `by_input` brings the activations of `dlprep.nn.activations`, whose
derivative is written by the output, to the same form. All work entry by entry and keep the dtype.

Throughout:
    z  (…)  pre-activations        h  (…)  activations, h = f(z)
    Φ, φ    distribution function and density of the standard normal

Source: Hendrycks and Gimpel 2016 (GELU); Elfwing, Uchibe and Doya 2018, Ramachandran, Zoph and Le 2017 (SiLU,
also called Swish); Clevert, Unterthiner and Hochreiter 2016 (ELU).
"""

from __future__ import annotations

from math import erfc, pi, sqrt
from typing import NamedTuple

import numpy as np

from dlprep.nn.activations import Activation, Array, sigmoid, sigmoid_slope
from dlprep.nn.mlp import Function

CUBIC = 0.044715  # the cubic term in the tanh approximation of GELU


class Smooth(NamedTuple):
    """A function f and its derivative f′, both by z."""

    value: Function
    slope: Function


def by_input(f: Activation) -> Smooth:
    """An activation whose derivative is written by its output, with that derivative by its input."""
    return Smooth(f.value, lambda z: f.slope(f.value(z)))


def normal_share(z: Array) -> Array:
    """Φ(z), the share of a standard normal below z: ½·erfc(−z/√2), exact in the lower tail too."""
    tails = np.frompyfunc(erfc, 1, 1)(-z / sqrt(2))  # NumPy has no error function
    return np.asarray(tails / 2, z.dtype)


def normal_density(z: Array) -> Array:
    """φ(z) = e^(−z²/2) / √(2π)."""
    return np.asarray(np.exp(-(z**2) / 2) / sqrt(2 * pi))


def gelu(z: Array) -> Array:
    """z·Φ(z): the input, weighted by the share of a standard normal below it."""
    return np.asarray(z * normal_share(z))


def gelu_slope(z: Array) -> Array:
    """Φ(z) + z·φ(z): from −0.13 to 1.13."""
    return np.asarray(normal_share(z) + z * normal_density(z))


def gelu_tanh(z: Array) -> Array:
    """GELU with Φ(z) ≈ ½·(1 + tanh u) = σ(2u), where u = √(2/π)·(z + 0.044715·z³)."""
    return np.asarray(z * sigmoid(_twice_u(z)))


def gelu_tanh_slope(z: Array) -> Array:
    """σ(2u) + z·σ′(2u)·2u′, where u′ = √(2/π)·(1 + 3·0.044715·z²)."""
    s = sigmoid(_twice_u(z))
    return np.asarray(s + z * sigmoid_slope(s) * sqrt(8 / pi) * (1 + 3 * CUBIC * z**2))


def _twice_u(z: Array) -> Array:
    return np.asarray(sqrt(8 / pi) * (z + CUBIC * z**3))


def silu(z: Array) -> Array:
    """z·σ(z)."""
    return np.asarray(z * sigmoid(z))


def silu_slope(z: Array) -> Array:
    """σ(z) + z·σ′(z): from −0.10 to 1.10."""
    s = sigmoid(z)
    return np.asarray(s + z * sigmoid_slope(s))


def elu(z: Array) -> Array:
    """The input where it is positive, eᶻ − 1 elsewhere: down to −1, with no kink at 0."""
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def elu_slope(z: Array) -> Array:
    """The slope: 1 where z is positive, eᶻ elsewhere."""
    return np.asarray(np.exp(np.minimum(z, 0)))


GELU = Smooth(gelu, gelu_slope)
GELU_TANH = Smooth(gelu_tanh, gelu_tanh_slope)
SILU = Smooth(silu, silu_slope)
ELU = Smooth(elu, elu_slope)
