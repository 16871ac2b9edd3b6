"""What a loss is made to answer for: its slopes, its shifts, its batches, its entropy, its overflow.

Throughout:
    n examples   k classes   Z (n, k) logits   y (n,) labels or targets   f (k,) frequencies of the labels
    score        a loss: predictions and targets to the mean loss and its gradient by the predictions
"""

from __future__ import annotations

import numpy as np

from dlprep.nn.activations import Array
from dlprep.nn.checks.gradcheck import central_differences, probes, relative_error
from dlprep.nn.losses import log_softmax
from dlprep.nn.scores import Score

STEP = 1e-5  # of a central difference


def costs(score: Score, guesses: Array, y: Array) -> Array:
    """The mean loss of predicting each of the guesses (m,) for all of the targets (n,): (m,)."""
    return np.array([score(np.full(y.shape, guess), y)[0] for guess in guesses])


def slopes(score: Score, guesses: Array, y: Array) -> Array:
    """How fast those costs change, by central differences: (m,)."""
    return (costs(score, guesses + STEP, y) - costs(score, guesses - STEP, y)) / (2 * STEP)


def slope_error(score: Score, predictions: Array, y: Array) -> float:
    """The relative error between the gradient and central differences, at up to 64 of the predictions."""
    at = probes(predictions)
    measured = central_differences(lambda: score(predictions, y)[0], predictions, STEP, at)
    return relative_error(score(predictions, y)[1].flat[at], measured)


def greatest_slope_error(*each: Score) -> float:
    """The greatest of those errors among several losses, at a dozen logits that no kink is near."""
    z, y = np.log(np.linspace(0.05, 20, 12)), np.resize([0.0, 1.0], 12)  # (12,) each
    return float(np.max([slope_error(score, z, y) for score in each]))  # not max(), which may hide a NaN


def easy_ratio(score: Score, log_loss: Score) -> float:
    """A loss against log loss on an easy example of each class, whose label has probability .9."""
    z, y = np.log([9, 1 / 9]), np.array([1.0, 0.0])
    return score(z, y)[0] / log_loss(z, y)[0]


def p_minus_y_gap(score: Score, Z: Array, y: Array) -> float:
    """How far (softmax(Z) − onehot(y)) / n is from the gradient, and from central differences."""
    at = probes(Z)
    truth = (np.exp(log_softmax(Z)) - np.eye(Z.shape[1])[y]).flat[at] / len(y)
    measured = central_differences(lambda: score(Z, y)[0], Z, STEP, at)
    return float(np.abs([truth - score(Z, y)[1].flat[at], truth - measured]).max())


def shift_gap(score: Score, Z: Array, y: Array, shift: float) -> float:
    """How much loss and gradient change when one number is added to all logits; NaN where they break."""
    (loss, dZ), (moved, dmoved) = score(Z, y), score(Z + shift, y)
    return float(np.abs([loss - moved, *(dZ - dmoved).flat]).max())


def batch_gap(score: Score, Z: Array, y: Array) -> float:
    """How much the summed gradient changes when every example comes twice."""
    once, twice = score(Z, y)[1], score(np.vstack([Z, Z]), np.append(y, y))[1]
    return float(np.abs(once.sum(axis=0) - twice.sum(axis=0)).max())


def entropy_gap(score: Score, z: Array, y: Array) -> float:
    """How far the mean loss of giving every example the logits z (k,) is from H(f) + KL(f ‖ softmax(z))."""
    f = np.bincount(y, minlength=z.size) / y.size  # (k,)
    log_q = log_softmax(z[None])[0]  # (k,)
    seen = f > 0  # 0·ln 0 counts as 0
    entropy = -(f[seen] @ np.log(f[seen]))
    divergence = f[seen] @ (np.log(f[seen]) - log_q[seen])
    loss, _ = score(np.tile(z, (y.size, 1)), y)
    return float(abs(loss - entropy - divergence))


def init_gap(softmax: Score, log_loss: Score) -> float:
    """How far the losses of knowing nothing, all logits being 0, are from ln K, for a K of 2 to 50257."""
    sizes = (2, 10, 1000, 50257)  # two classes; digits; ImageNet's classes; GPT-2's tokens
    losses = [log_loss(np.zeros(1), np.ones(1))[0], *(lopsided(softmax, 0, k, 0) for k in sizes)]
    return float(np.abs(losses - np.log([2, *sizes])).max())


def lopsided(score: Score, z: float, k: int, *labels: int) -> float:
    """The mean loss of examples with those labels, whose logits are z for the first class, 0 for others."""
    return score(np.tile(np.eye(1, k) * z, (len(labels), 1)), np.array(labels))[0]
