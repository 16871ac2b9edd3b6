"""Hidden units that start as copies of one another, and a descent that rounding cannot tell them apart by.

Throughout, for a network with one hidden layer and one output:
    d inputs      k hidden units      X  (n, d)  inputs
    W1 (d, k), b1 (k,)  first layer      W2 (k, 1), b2 (1,)  second layer
    U  (k, d + 2)  a row for each hidden unit: its incoming weights, its bias, its outgoing weight
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dlprep.nn import mlp
from dlprep.nn.activations import Array
from dlprep.nn.mlp import Function, Layer, Layers, Objective
from dlprep.nn.signals import likeness


class State(NamedTuple):
    """Where a descent has got to."""

    loss: float
    layers: Layers


def copies(layers: Layers) -> Layers:
    """The network with its first hidden unit in the place of every one."""
    (W1, b1), (W2, b2) = layers
    k = len(b1)
    first = Layer(np.repeat(W1[:, :1], k, axis=1), np.repeat(b1[:1], k))  # (d, k), (k,)
    return [first, Layer(np.repeat(W2[:1], k, axis=0), b2)]  # (k, 1), (1,)


def units(layers: Layers) -> Array:
    """U, of a network with one hidden layer and one output."""
    (W1, b1), (W2, _) = layers
    return np.column_stack([W1.T, b1, W2])  # (k, d), (k,), (k, 1) → (k, d + 2)


def unlikeness(layers: Layers) -> float:
    """How far apart any two hidden units are in any weight: 0 for copies."""
    return float(np.ptp(units(layers), axis=0).max())


def cosines(layers: Layers) -> Array:
    """The cosine between any two hidden units' rows of U: (k, k)."""
    return likeness(units(layers))


def fair(A: Array, B: Array) -> Array:
    """A·B, every entry summed in the same order, so that rounding cannot tell equal units apart.

    The libraries behind `@` may take blocks of columns in different ways, and a difference in the last
    digit grows as the network trains.
    """
    return np.asarray((A[:, :, None] * B).sum(axis=1))  # (m, j, 1)·(j, n) → (m, n)


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
        layers = mlp.descend(layers, [Layer(follow(dW), follow(db)) for dW, db in gradients], rate)
    return [*states, State(task.value(layers), layers)]
