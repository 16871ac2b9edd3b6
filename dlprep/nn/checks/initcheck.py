"""Measurements of a start: what a deep stack keeps, how loud a head is, and what learns from there.

Throughout:
    n samples      X  (n, a)  inputs, normal of variance 1      p, logits  (n, k)  outputs
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from dlprep.nn import initial, mlp
from dlprep.nn.activations import LINEAR, Activation, Array
from dlprep.nn.checks.gradcheck import relative_error
from dlprep.nn.checks.mlpcheck import told_apart
from dlprep.nn.initial import Draw, Spread, respread
from dlprep.nn.losses import binary_cross_entropy, softmax_cross_entropy
from dlprep.nn.mlp import Layer, Layers, Objective
from dlprep.nn.signals import decades, signals


def draws(rng: np.random.Generator, sizes: Sequence[int]) -> list[Layers]:
    """Four stacks of variance 1, normal and uniform in turn: one deep stack alone wanders."""
    kinds = [initial.normal, initial.uniform] * 2
    return [initial.start(rng, sizes, initial.fixed(1), draw) for draw in kinds]


def climbs(stacks: Sequence[Layers], spread: Spread, X: Array, f: Activation) -> tuple[float, float]:
    """log₁₀ of the factor from first layer to last, of E[h²] and of E[(∂p/∂z)²]: means over stacks."""
    sent = [signals(respread(layers, spread), X, f) for layers in stacks]
    return float(np.mean([decades(s.up) for s in sent])), float(np.mean([decades(s.down) for s in sent]))


def narrowing_gap(rng: np.random.Generator, wide: int, narrow: int, spread: Spread, f: Activation) -> float:
    """|log₁₀ E[h²]| of 16 inputs after one layer of other width than they have."""
    layers, X = initial.start(rng, [wide, narrow, 1], spread), rng.normal(size=(16, wide))
    return abs(decades(signals(layers, X, f).up))


def length_gap(rng: np.random.Generator, draw: Draw) -> float:
    """How far 50 linear layers of 16 units are from keeping the length of what they are given."""
    X = rng.normal(size=(16, 16))
    *_, p = mlp.forward(initial.start(rng, [16] * 51, initial.fixed(1), draw), X, np.asarray)  # (16, 16)
    return relative_error(np.linalg.norm(p, axis=1), np.linalg.norm(X, axis=1))


def head_gap(rng: np.random.Generator, spread: Spread) -> float:
    """|loss − ln 10| of an untrained layer that tells 10 classes apart by 100 inputs."""
    X, labels = rng.normal(size=(200, 100)), rng.integers(10, size=200)
    _, logits = mlp.forward(initial.start(rng, [100, 10], spread), X, np.asarray)  # (200, 10)
    loss, _ = softmax_cross_entropy(logits, labels)
    return abs(loss - math.log(10))


def five_layers(rng: np.random.Generator, task: Objective, *spreads: Spread) -> list[Layers]:
    """Five layers of 24 units after 60 steps: one draw of inputs (n, 2) to a logit, from each spread."""
    drawn = initial.start(rng, [2, *[24] * 5, 1], initial.fixed(1))
    return [mlp.trained(task, respread(drawn, spread), 0.2, 60) for spread in spreads]


def logistic(X: Array, y: Array) -> float:
    """The share of labels y (n, 1) that logistic regression gets right after 60 steps from zeros."""
    task = Objective(X, y, LINEAR, binary_cross_entropy)
    start = [Layer(np.zeros((X.shape[1], 1)), np.zeros(1))]
    return told_apart(task, mlp.trained(task, start, 2, 60))
