"""Measurements that hold a network's gradient to its definition, and count what it costs.

Throughout:
    n  samples      p  parameters      X  (n, d)  inputs      z  (n, h)  pre-activations
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import NamedTuple

import numpy as np

from dlprep.nn import mlp
from dlprep.nn.activations import Array
from dlprep.nn.checks.gradcheck import central_differences, probes
from dlprep.nn.losses import binary_cross_entropy, softmax_cross_entropy
from dlprep.nn.mlp import CountedMatMul, Layers, MatMul, Objective


def told_apart(task: Objective, layers: Layers) -> float:
    """The share of the samples whose one logit lies on their label's side of 0."""
    *_, logits = mlp.forward(layers, task.X, task.f.value)  # (n, 1)
    return float(np.mean((logits > 0) == task.y))


def far_from_kinks(task: Objective, layers: Layers) -> Objective:
    """`task` on half of its samples: where all units are farthest from z = 0, where ReLU has no slope."""
    distances: list[Array] = []

    def noting(z: Array) -> Array:
        distances.append(np.abs(z).min(axis=1))  # (n,)
        return task.f.value(z)

    mlp.forward(layers, task.X, noting)
    _, far = np.split(np.argsort(np.min(distances, axis=0)), 2)
    return replace(task, X=task.X[far], y=task.y[far])


def both_ways(
    task: Objective, layers: Layers, step: float, matmul: MatMul
) -> tuple[list[Array], list[Array]]:
    """Slopes by backpropagation and by central differences: an array for each of W1, b1, W2 and so on."""
    found, measured = [], []
    for array, gradient in zip(chain(*layers), chain(*task.gradient(layers)[1]), strict=True):
        at = probes(array)
        found.append(gradient.ravel()[at])
        measured.append(central_differences(lambda: task.value(layers, matmul), array, step, at))
    return found, measured


def passes(slopes: int) -> int:
    """Forward passes that central differences need: each parameter is moved up, then down."""
    return 2 * slopes


def update_gap(task: Objective, layers: Layers, rate: float) -> float:
    """How far one update is from −rate × the gradient at the weights it starts from."""
    moved = mlp.flat(mlp.descend(layers, task.gradient(layers)[1], rate)) - mlp.flat(layers)  # (p,)
    truth = replace(task, backward=mlp.backward).gradient(layers)[1]
    return float(np.abs(moved + rate * mlp.flat(truth)).max())


def loss_gap(z: Array, y: Array) -> float:
    """How far the sigmoid's loss of z (n, 1) is from the softmax's of (0, z), or its slopes are."""
    one, dz = binary_cross_entropy(z, y)
    two, dZ = softmax_cross_entropy(np.hstack([np.zeros_like(z), z]), y[:, 0].astype(int))  # dZ (n, 2)
    return max(abs(one - two), float(np.abs(dz - dZ[:, 1:]).max()))


class Cost(NamedTuple):
    """What a gradient costs, in multiply-adds."""

    p: int
    per_weight: float  # of a forward pass, per weight and sample
    ratio: float  # of a gradient, in forward passes


def cost(task: Objective, layers: Layers) -> Cost:
    """Count the multiply-adds of a forward pass, and of a gradient."""
    once, both = CountedMatMul(), CountedMatMul()
    task.value(layers, once)
    task.gradient(layers, both)
    per_weight = once.multiply_adds / (len(task.X) * sum(W.size for W, _ in layers))
    return Cost(mlp.flat(layers).size, per_weight, both.multiply_adds / once.multiply_adds)
