"""A set of losses, and the same set with one thing wrong: what a control puts in its place.

Throughout:
    Z  (n, k)  logits      y  (n,)  labels      P  (n, k)  probabilities
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dlprep.nn import scores
from dlprep.nn.activations import Array
from dlprep.nn.losses import binary_cross_entropy, log_softmax, softmax_cross_entropy
from dlprep.nn.scores import Score, of_logits


def naive(Z: Array, y: Array) -> tuple[float, Array]:
    """Softmax cross-entropy as the formula has it, with no shift: eᶻ overflows float64 from z = 710 on."""
    chosen = np.arange(len(y)), y
    with np.errstate(all="ignore"):
        P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
        loss = -np.log(P[chosen]).mean()
    P[chosen] -= 1
    return float(loss), P / len(y)


def doubled(Z: Array, y: Array) -> tuple[float, Array]:
    """Softmax cross-entropy of probabilities taken for logits: softmax twice. Its gradient is right."""
    P = np.exp(log_softmax(Z))  # (n, k)
    loss, dP = softmax_cross_entropy(P, y)
    return loss, P * (dP - (dP * P).sum(axis=1, keepdims=True))


def turned(score: Score) -> Score:
    """The score with its gradient turned round, as if it were y − p."""

    def scored(Z: Array, y: Array) -> tuple[float, Array]:
        loss, dZ = score(Z, y)
        return loss, -dZ

    return scored


def summed(score: Score) -> Score:
    """The score whose gradient is that of the sum over examples, its value still the mean."""

    def scored(Z: Array, y: Array) -> tuple[float, Array]:
        loss, dZ = score(Z, y)
        return loss, dZ * len(y)

    return scored


@dataclass(frozen=True, slots=True)
class Losses:
    """The losses of a run: of many classes, of two classes by their logit, and of numbers."""

    softmax: Score = softmax_cross_entropy
    log_loss: Score = binary_cross_entropy
    brier: Score = scores.brier
    zero_one: Score = scores.zero_one
    squared: Score = scores.squared
    absolute: Score = scores.absolute
    huber: Callable[..., tuple[float, Array]] = scores.huber

    def of_numbers(self) -> tuple[Score, ...]:
        """Those whose predictions are one number for each example."""
        return self.log_loss, self.brier, self.zero_one, self.squared, self.absolute, self.huber


distance = of_logits(scores.absolute)
FAULTY = {
    "y-minus-p": Losses(turned(softmax_cross_entropy), turned(binary_cross_entropy)),
    "summed": Losses(summed(softmax_cross_entropy)),
    "naive-softmax": Losses(naive),
    "double-softmax": Losses(doubled),
    "squared-error": Losses(log_loss=scores.brier, absolute=scores.squared),
    "absolute-error": Losses(log_loss=distance, brier=distance, squared=scores.absolute),
    "margins": Losses(brier=scores.squared, zero_one=scores.hinge),
    "unclipped-huber": Losses(huber=lambda p, y, **_: scores.squared(p, y)),
}
