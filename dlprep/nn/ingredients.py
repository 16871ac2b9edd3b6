"""One training step of a small classifier, each piece of its mathematics replaceable.

Throughout:
    X  (n, 2)  inputs     y  (n,)  labels 0 or 1     B  samples in a batch
    layers     W1 (2, h), b1 (h,), W2 (h, 1), b2 (1,)     P  their numbers
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from dlprep.nn import mlp
from dlprep.nn.activations import Array, tanh, tanh_slope
from dlprep.nn.data.points import Points
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.mlp import Function, Layers, MatMul


def elementwise(A: Array, B: Array) -> Array:
    """Control: column j is one column of A (n, a) times one number of B (a, b): (n, b), nothing mixed."""
    outputs = B.shape[1]
    return np.asarray(np.resize(A.T, (outputs, len(A))).T * np.resize(B.diagonal(), outputs))


def at_random(rng: np.random.Generator, y: Array, size: int) -> Array:
    """Which of the samples make a batch: any, with replacement; shape (size,)."""
    return rng.integers(len(y), size=size)


def sorted_run(rng: np.random.Generator, y: Array, size: int) -> Array:
    """Control: neighbours in a file that is sorted by label; shape (size,)."""
    return np.roll(np.argsort(y, kind="stable"), rng.integers(len(y)))[:size]


def first(batch: Array) -> Array:
    """Control: of a batch (B, …) only its first sample (1, …)."""
    return batch[:1]


def standard_error(p: float, n: int) -> float:
    """How far a share p measured on n samples strays: one standard deviation."""
    return float(np.sqrt(p * (1 - p) / n))


def none(_p: float, _n: int) -> float:
    """Control: no error at all."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Mathematics:
    """The ingredients; a control takes one away."""

    product: MatMul = np.matmul
    mean_over: Callable[[Array], Array] = np.asarray
    factor: Function = tanh_slope
    error: Callable[[float, int], float] = standard_error
    pick: Callable[[np.random.Generator, Array, int], Array] = at_random

    def logits(self, layers: Layers, X: Array) -> Array:
        """Linear algebra: the last layer's output (n, 1)."""
        return mlp.forward(layers, X, tanh, self.product)[-1]

    def gradient(self, layers: Layers, X: Array, y: Array) -> tuple[float, Layers]:
        """The mean loss in nats over a batch X (B, 2), y (B,), and its gradient by the chain rule."""
        hs = mlp.forward(layers, self.mean_over(X), tanh, self.product)
        loss, dlogits = binary_cross_entropy(hs[-1], self.mean_over(y)[:, None])  # dlogits (B, 1)
        return loss, mlp.backward(layers, hs, dlogits, self.factor, self.product)

    def named(self, layers: Layers, X: Array, y: Array) -> Array:
        """Which samples have the logit on their label's side of 0: booleans (n,)."""
        return np.asarray((self.logits(layers, X)[:, 0] > 0) == y)

    def straying(self, rng: np.random.Generator, layers: Layers, samples: Points, size: int) -> float:
        """How far the gradients of a hundred batches of that size stray from their mean."""
        X, y = samples
        batches = [self.pick(rng, y, size) for _ in range(100)]
        gradients = np.array([mlp.flat(self.gradient(layers, X[b], y[b])[1]) for b in batches])  # (100, P)
        return float(np.linalg.norm(gradients.std(axis=0)))

    def path(
        self, rng: np.random.Generator, layers: Layers, samples: Points, size: int, rate: float, steps: int
    ) -> Iterator[Layers]:
        """The layers at the start and after each step of gradient descent on batches of that size."""
        X, y = samples
        yield layers
        for _ in range(steps):
            batch = self.pick(rng, y, size)
            layers = mlp.descend(layers, self.gradient(layers, X[batch], y[batch])[1], rate)
            yield layers
