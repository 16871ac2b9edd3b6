"""Further losses, each with its gradient: the mean over examples, like those of `losses`.

Throughout:
    p  predictions, z  logits    any shape of n numbers, floating; `y`, the targets, have that shape
    returned                     the mean loss, and its gradient by p (or z), in the shape of p (or z)

Targets of the losses of logits are the classes 0 and 1.

Source: Huber 1964, Annals of Mathematical Statistics 35; Brier 1950, Monthly Weather Review 78; Cortes and
Vapnik 1995, Machine Learning 20 (hinge); Lin, Goyal, Girshick, He and Dollár 2017, ICCV (focal).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from dlprep.nn.activations import Array, sigmoid, sigmoid_slope

Score: TypeAlias = Callable[[Array, Array], tuple[float, Array]]


def squared(p: Array, y: Array) -> tuple[float, Array]:
    """(p − y)², the cost of Gaussian noise; least at the mean of the targets."""
    e = p - y
    return _mean(e * e, 2 * e)


def absolute(p: Array, y: Array) -> tuple[float, Array]:
    """|p − y|, the cost of Laplace noise; least at the median of the targets."""
    e = p - y
    return _mean(np.abs(e), np.sign(e))


def huber(p: Array, y: Array, delta: float = 1.0) -> tuple[float, Array]:
    """½·e² for an error e = p − y within ±delta, delta·(|e| − ½·delta) beyond: no target pulls harder."""
    e = p - y
    pull = np.clip(e, -delta, delta)
    return _mean(pull * (e - pull / 2), pull)


def zero_one(z: Array, y: Array) -> tuple[float, Array]:
    """1 where the logit is on the wrong side of 0: the error rate. Its gradient is 0 wherever it has one."""
    return _mean((z > 0) != y, np.zeros_like(z))


def hinge(z: Array, y: Array) -> tuple[float, Array]:
    """max(0, 1 − s·z) with s = ±1 for class 1 or 0: nothing to pay once the margin is 1."""
    s = 2 * y - 1
    short = np.maximum(1 - s * z, 0)
    return _mean(short, -s * (short > 0))


def focal(z: Array, y: Array, gamma: float = 2.0) -> tuple[float, Array]:
    """−(1 − q)^gamma · ln q, where q is the probability of the true class: cross-entropy at gamma 0."""
    s = 2 * y - 1
    q, rest = sigmoid(s * z), sigmoid(-s * z)  # each precise where it is small
    log_q = -np.logaddexp(0, -s * z)
    weight = rest**gamma
    return _mean(-weight * log_q, s * weight * (gamma * q * log_q - rest))


def of_logits(score: Score) -> Score:
    """The score of p = σ(z) as a score of z: the chain rule brings in σ′, which dies as z grows."""

    def scored(z: Array, y: Array) -> tuple[float, Array]:
        p = sigmoid(z)
        loss, dp = score(p, y)
        return loss, dp * sigmoid_slope(p)

    return scored


def _mean(losses: Array, slopes: Array) -> tuple[float, Array]:
    """The mean of n losses, and its gradient given each one's own slope."""
    return float(np.mean(losses)), np.asarray(slopes / losses.size)


brier = of_logits(squared)  # squared error of a probability, by its logit
