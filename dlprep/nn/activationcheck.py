"""Measurements that hold activations to their definitions.

Throughout:
    z  (n,)  pre-activations        G  (n, d)  the gradient by d weights of one unit, for each of n inputs
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dlprep.nn.activations import Activation, Array
from dlprep.nn.gradcheck import central_differences, relative_error
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.mlp import Function, Layers, Objective
from dlprep.nn.smooth import Smooth


def slope_error(functions: Sequence[Smooth]) -> float:
    """How far their derivatives are from central differences, relative to the steepest of them."""
    z = np.subtract(np.linspace(0, 8, 36), 4)  # without 0, where some have a kink

    def measured(f: Smooth) -> Array:
        return central_differences(lambda: float(f.value(z).sum()), z, 1e-5)  # each z moves its own f(z) only

    pairs = [(f.slope(z), measured(f)) for f in functions]
    return max(relative_error(found, truth) for found, truth in pairs)


def sigmoid_error(sigmoid: Function) -> float:
    """The relative error of a sigmoid, by a formula in which no exponential exceeds 1; NaN on overflow."""
    z = np.subtract(np.arange(1701.0), 700)  # e⁻⁷⁰⁰ is a number, e¹⁰⁰⁰ is none
    stable = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
    return float(np.abs(sigmoid(z) / stable - 1).max())


def naive_sigmoid(z: Array) -> Array:
    """eᶻ / (1 + eᶻ): right on paper, infinity over infinity where z is large."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.divide(np.exp(z), np.add(1, np.exp(z))))


def one_sign(G: Array) -> float:
    """The share of the inputs for which all d weights are to move the same way."""
    return float(np.mean(np.ptp(np.sign(G), axis=1) == 0))


def first_gradient(layers: Layers, X: Array, y: Array, f: Activation) -> float:
    """The length of the loss's gradient by the first layer's weights; y (n, 1) holds labels 0 and 1."""
    _, ((dW, _), *_) = Objective(X, y, f, binary_cross_entropy).gradient(layers)
    return float(np.linalg.norm(dW))
