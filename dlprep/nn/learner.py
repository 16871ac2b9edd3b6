"""Models of points in the plane that learn on one half of the points and are tested on the other.

Throughout:
    n points   X (n, 2)   y (n,)  labels 0 and 1      features  what a model is handed of X: (…, 2) → (…, d)
    logit (n, 1)          above 0 says class 1        f         the hidden units' activation
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from dlprep.nn import mlp
from dlprep.nn.activations import Activation, Array
from dlprep.nn.checks.mlpcheck import told_apart
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.mlp import Layers, Objective

Features: TypeAlias = Callable[[Array], Array]
Points: TypeAlias = tuple[Array, Array]


class Halves(NamedTuple):
    """Points to learn and as many to be tested on, each X (n, 2) with labels y (n,)."""

    learnt: Points
    unseen: Points


def halves(rng: np.random.Generator, X: Array, y: Array) -> Halves:
    """An even number of points (2n, 2) and labels (2n,), dealt out at random."""
    learnt, unseen = np.split(rng.permutation(len(X)), 2)
    return Halves((X[learnt], y[learnt]), (X[unseen], y[unseen]))


def with_radius(X: Array) -> Array:
    """The points (…, 2), and x₁² + x₂² as a third number of each: (…, 3)."""
    return np.concatenate([X, np.square(X).sum(axis=-1, keepdims=True)], axis=-1)


class Learner(NamedTuple):
    """A model: its name, what it is handed, its layers so far, what it learns and what it is tested on."""

    name: str
    features: Features
    layers: Layers
    task: Objective
    test: Objective

    def trained(self, rate: float, steps: int) -> Learner:
        """So many steps of gradient descent later, each on all the points to learn."""
        return self._replace(layers=mlp.trained(self.task, self.layers, rate, steps))

    def logits(self, X: Array) -> Array:
        """The logit of each point (…, 2): shape (…)."""
        *_, logits = mlp.forward(self.layers, self.features(X), self.task.f.value)  # (…, 1)
        return logits[..., 0]

    def unseen(self) -> float:
        """The share of the test's points told apart."""
        return told_apart(self.test, self.layers)


def learner(
    rng: np.random.Generator,
    name: str,
    data: Halves,
    f: Activation,
    hidden: Sequence[int] = (),
    features: Features = np.asarray,
) -> Learner:
    """An untrained model with hidden layers of those widths; with none it is logistic regression."""
    task, test = (Objective(features(X), y[:, None], f, binary_cross_entropy) for X, y in data)
    _, d = task.X.shape
    return Learner(name, features, mlp.init(rng, [d, *hidden, 1]), task, test)
