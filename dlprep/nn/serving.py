"""Whose statistics scale the rows that a model learns from, and whose the rows that it then serves.

Throughout:
    train  (n, d)  rows to learn from      batch  (m, d)  rows served together      y  (n,)  classes 0 and 1
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from dlprep.nn.checks.scalecheck import predicted
from dlprep.nn.scaling import Array, Fit, zscore

Whose: TypeAlias = Callable[
    [Array, Array], tuple[Array, Array]
]  # rows to fit to: to train with, to serve with


def of_training_rows(train: Array, _batch: Array) -> tuple[Array, Array]:
    """Both times those of the training rows, which is right."""
    return train, train


def of_the_batch(train: Array, batch: Array) -> tuple[Array, Array]:
    """Those of the training rows to train with, and those of each batch to serve it."""
    return train, batch


def of_all_rows(train: Array, batch: Array) -> tuple[Array, Array]:
    """Those of all rows together: the batch to be tested helps to scale what is trained on."""
    both = np.vstack([train, batch])  # (n + m, d)
    return both, both


class Serving(NamedTuple):
    """A way to scale: whose statistics, and which ones."""

    whose: Whose = of_training_rows
    fit: Fit = zscore

    def scaled(self, train: Array, batch: Array) -> tuple[Array, Array]:
        """The training rows and the batch as a model gets to see them."""
        learnt, served = map(self.fit, self.whose(train, batch))
        return learnt.transform(train), served.transform(batch)

    def accuracy(self, train: Array, y: Array, batch: Array, classes: Array) -> float:
        """The share of the batch, of these classes (m,), that least squares calls rightly."""
        Z, served = self.scaled(train, batch)
        return float(np.mean((predicted(Z, y, 0, served) > 0.5) == classes))
