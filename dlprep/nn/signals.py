"""What becomes of a signal on its way up a deep stack, and of the gradient on its way down.

Throughout:
    n samples      d inputs      a  units of a layer      L  layers
    X  (n, d)  inputs      h  (n, a)  activations      z  (n, a)  pre-activations      p  (n, 1)  outputs
    E[…]  the mean over samples and units
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dlprep.nn import mlp
from dlprep.nn.activations import Activation, Array
from dlprep.nn.mlp import Function, Layers


def power(h: Array) -> float:
    """E[h²], the mean square of all entries."""
    return float((h * h).mean())


class Signals(NamedTuple):
    """What a stack with one output makes of inputs, and of ∂p/∂z."""

    hs: list[Array]  # the inputs X (n, d), then each hidden layer's activations (n, a)
    up: list[float]  # E[h²] of each of these
    down: list[float]  # E[(∂p/∂z)²] of each hidden layer's units, first layer first, for the first input


def signals(layers: Layers, X: Array, f: Activation) -> Signals:
    """Send inputs up through the layers, and the slope of the output for the first input down again."""
    *hs, p = mlp.forward(layers, X, f.value)
    first = [h[:1] for h in (*hs, p)]  # with one sample, a bias's gradient is that of its pre-activation
    *hidden, _ = mlp.backward(layers, first, np.ones((1, 1)), f.slope)
    return Signals(hs, [power(h) for h in hs], [power(db) for _, db in hidden])


def ratios(powers: Sequence[float]) -> Array:
    """E[h²] of each layer but the first (L − 1,), over that of the layer below."""
    E = np.array(powers)  # (L,)
    return np.asarray(E[1:] / E[:-1])


def growth(powers: Sequence[float]) -> float:
    """The factor from one layer's E[h²] to the next: the geometric mean of the ratios."""
    return float(np.exp(np.log(ratios(powers)).mean()))


def decades(powers: Sequence[float]) -> float:
    """How far E[h²] climbs from the first layer to the last, in powers of ten."""
    return float(np.log10(ratios(powers)).sum())


def likeness(rows: Array) -> Array:
    """The cosine between any two rows: (n, n), 1 where they point the same way; rows must not be zero."""
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)  # (n, a) of length 1
    return np.asarray(units @ units.T)


def stream(layers: Layers, X: Array, f: Function, gain: float) -> Array:
    """A residual stream: from h = X, each layer adds gain·f(h)·W to h; (n, d) throughout."""
    h = X
    for W, _ in layers:
        h = h + gain * (f(h) @ W)  # (n, d) + (n, d)·(d, d)
    return h
