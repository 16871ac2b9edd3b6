"""Measurements that hold activations to their definitions.

Throughout:
    z  (n,)  pre-activations        G  (n, d)  the gradient by d weights of one unit, for each of n inputs
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dlprep.nn.activations import Activation, Array
from dlprep.nn.checks.gradcheck import central_differences, relative_error
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.mlp import Function, Layers, Objective
from dlprep.nn.smooth import Smooth


def slope_error(functions: Sequence[Smooth]) -> float:
    """How far their derivatives are from central differences, relative to the steepest of each."""
    z = np.linspace(-4, 4, 36)  # (36,), without 0, where some have a kink

    def measured(f: Smooth) -> Array:
        return central_differences(lambda: float(f.value(z).sum()), z, 1e-5)  # each z moves its own f(z) only

    return max(relative_error(f.slope(z), measured(f)) for f in functions)


def naive_sigmoid(z: Array) -> Array:
    """eᶻ / (1 + eᶻ): right on paper, and below 0, but infinity over infinity where z is large."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.exp(z) / (1 + np.exp(z)))


def sigmoid_error(sigmoid: Function) -> float:
    """The relative error of a sigmoid, against one in which no exponential exceeds 1; NaN on overflow."""
    z = np.arange(-700.0, 1001)  # (1701,); e⁻⁷⁰⁰ is a number, e¹⁰⁰⁰ is none
    lower = naive_sigmoid(-np.abs(z))  # σ(−|z|)
    truth = np.where(z < 0, lower, 1 - lower)  # σ(z) = 1 − σ(−z)
    return float(np.abs(sigmoid(z) / truth - 1).max())


def one_sign(G: Array) -> float:
    """The share of the inputs for which all d weights are to move the same way."""
    return float(np.mean(np.ptp(np.sign(G), axis=1) == 0))


def first_gradient(layers: Layers, X: Array, y: Array, f: Activation) -> float:
    """The length of the loss's gradient by the first layer's weights; y (n, 1) holds labels 0 and 1."""
    _, ((dW, _), *_) = Objective(X, y, f, binary_cross_entropy).gradient(layers)
    return float(np.linalg.norm(dW))
