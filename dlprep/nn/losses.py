"""Losses of a classifier, each with its gradient at the logits: the mean over samples, and stable.

Throughout:
    n samples      k classes      Z  (n, k)  logits      y  (n,)  labels      p  probabilities
"""

from __future__ import annotations

import numpy as np

from dlprep.nn.activations import Array, sigmoid


def log_softmax(Z: Array) -> Array:
    """The logarithm of each row's softmax; shape (n, k) and dtype as Z."""
    Z = Z - Z.max(axis=1, keepdims=True)  # softmax ignores a shift; now no exponential exceeds 1
    return np.asarray(Z - np.log(np.exp(Z).sum(axis=1, keepdims=True)))


def softmax_cross_entropy(logits: Array, labels: Array) -> tuple[float, Array]:
    """The mean of −ln p[label], and its gradient (p − onehot(label)) / n.

    Args:
        logits: (n, k), floating.
        labels: (n,), integers in 0 … k − 1.

    Returns:
        The loss in nats, and its gradient by the logits: (n, k), of their dtype.
    """
    n = len(logits)
    log_p = log_softmax(logits)  # (n, k)
    chosen = np.arange(n), labels
    dlogits = np.exp(log_p)  # (n, k)
    dlogits[chosen] -= 1
    return -float(log_p[chosen].mean()), dlogits / n


def binary_cross_entropy(logits: Array, labels: Array) -> tuple[float, Array]:
    """The mean of −y·ln p − (1 − y)·ln(1 − p) with p = σ(logit), and its gradient (p − y) / n.

    Args:
        logits: any shape of n numbers, floating; it is logits, not probabilities, that keep it stable.
        labels: the same shape, in 0 … 1.

    Returns:
        The loss in nats, and its gradient by the logits: their shape and dtype.
    """
    y = np.asarray(labels, logits.dtype)
    loss = np.mean(np.logaddexp(0, logits) - y * logits)  # −ln σ(z) = ln(1 + eᶻ) − z
    return float(loss), (sigmoid(logits) - y) / logits.size
