"""Measurements of a start: what becomes of signals in deep stacks, and of units that start alike.

Throughout:
    n  samples      X  (n, d)  inputs      h  (n, a)  activations
    U  (units, d + 2)  one row for each hidden unit: its incoming weights, its bias, its outgoing weight
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from dlprep.nn import initial, mlp
from dlprep.nn.activations import Activation, Array, sigmoid
from dlprep.nn.gradcheck import relative_error
from dlprep.nn.initial import Draw, Spread
from dlprep.nn.losses import softmax_cross_entropy
from dlprep.nn.mlp import Function, Layer, Layers, Objective


class State(NamedTuple):
    """Where a descent has got to."""

    loss: float
    layers: Layers


def power(h: Array) -> float:
    """E[h²], the mean square of all entries."""
    return float(np.square(h).mean())


class Signals(NamedTuple):
    """What becomes of inputs on their way up a stack with one output p, and of ∂p/∂z on its way down."""

    hs: list[Array]  # the inputs X (n, d), then each hidden layer's activations (n, a)
    up: list[float]  # E[h²] of each of these
    down: list[float]  # E[(∂p/∂z)²] of each hidden layer's units, first layer first, for the first input


def signals(layers: Layers, X: Array, f: Activation) -> Signals:
    """Send inputs up through the layers, and the slope of the output for the first input down again."""
    *hs, p = mlp.forward(layers, X, f.value)
    first = [h[:1] for h in (*hs, p)]  # with one sample, a bias's gradient is that of its pre-activation
    *hidden, _ = mlp.backward(layers, first, np.ones((1, 1)), f.slope)
    return Signals(hs, [power(h) for h in hs], [power(db) for _, db in hidden])


def growth(powers: Sequence[float]) -> float:
    """The factor from one layer's E[h²] to the next, as a geometric mean."""
    return float(np.exp2(np.diff(np.log2(powers)).mean()))


def decades(powers: Sequence[float]) -> float:
    """How far E[h²] climbs from the first layer to the last, in powers of ten."""
    return float(np.diff(np.log10(powers)).sum())


def likeness(rows: Array) -> Array:
    """The cosine between any two rows: (n, n), 1 where they point the same way; rows must not be zero."""
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(units @ units.T)


def stream(layers: Layers, X: Array, f: Function, gain: float) -> Array:
    """A residual stream: from h = X, each layer adds gain·f(h)·W to h; shape (n, d) throughout."""
    return reduce(lambda h, layer: h + gain * (f(h) @ layer.W), layers, X)


def length_gap(rng: np.random.Generator, draw: Draw) -> float:
    """How far 50 linear layers of 16 units are from keeping the length of what they are given."""
    X = rng.normal(size=(16, 16))
    *_, h = mlp.forward(initial.start(rng, [16] * 51, initial.fixed(1), draw), X, np.asarray)
    return relative_error(np.linalg.norm(h, axis=1), np.linalg.norm(X, axis=1))


def head_gap(rng: np.random.Generator, spread: Spread) -> float:
    """|loss − ln 10| of an untrained layer that tells 10 classes apart by 100 inputs of variance 1."""
    X, labels = rng.normal(size=(200, 100)), rng.integers(10, size=200)
    *_, logits = mlp.forward(initial.start(rng, [100, 10], spread), X, np.asarray)
    return float(abs(softmax_cross_entropy(logits, labels)[0] - np.log(10)))


def fair(A: Array, B: Array) -> Array:
    """A·B, every entry summed in the same order, so that rounding cannot tell equal units apart.

    The libraries behind `@` may take blocks of columns in different ways, and a difference in the last
    digit grows as the network trains.
    """
    return np.asarray((A[:, :, None] * B).sum(axis=1))  # (m, k, 1)·(k, n) → (m, n)


def descent(
    task: Objective, layers: Layers, rate: float, steps: int, follow: Function = np.asarray
) -> list[State]:
    """The loss and the layers at the start and after each step along −`follow`(gradient): steps + 1 of them.

    With `np.sign` to follow, this is Adam without its averages: both β are 0, and so is ε.
    """
    states = []
    for _ in range(steps):
        loss, gradients = task.gradient(layers, fair)
        states.append(State(loss, layers))
        layers = mlp.descend(layers, [Layer(*map(follow, layer)) for layer in gradients], rate)
    return [*states, State(task.value(layers), layers)]


def copies(layers: Layers) -> Layers:
    """A one-hidden-layer network whose units all start as copies of its first."""
    (W1, b1), (W2, b2) = layers
    first = np.zeros_like(b1, int)
    return [Layer(W1[:, first], b1[first]), Layer(W2[first], b2)]


def units(layers: Layers) -> Array:
    """U of a network with one hidden layer and one output."""
    (W1, b1), (W2, _) = layers
    return np.column_stack([W1.T, b1, W2])  # (units, d), (units,), (units, 1)


def unlikeness(layers: Layers) -> float:
    """How far apart any two units are in any weight: 0 for copies."""
    return float(np.ptp(units(layers), axis=0).max())


def mean_square(p: Array, y: Array) -> tuple[float, Array]:
    """The mean of (p − y)², and its gradient by the predictions p (n, 1)."""
    off = p - y
    return power(off), 2 * off / len(off)


def explained(p: Array, y: Array) -> float:
    """R², the share of y's variance that p explains: 0 for the mean, 1 for y itself."""
    return 1 - power(p - y) / float(y.var())


def step(x: Array) -> Array:
    """A smooth step from 0 to 5, to be fitted."""
    return 5 * sigmoid(6 * x)


def fitted_plane(X: Array, y: Array) -> Function:
    """Linear regression: of all functions X·w + b, the one whose (p − y)² has the least mean."""
    (b, *w), *_ = np.linalg.lstsq(np.insert(X, 0, 1, axis=1), y, rcond=None)  # (1,), d times (1,)
    return lambda X: X @ w + b
