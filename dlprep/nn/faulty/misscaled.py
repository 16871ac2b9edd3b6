"""Scaling gone wrong, one mistake a function.

Throughout:
    X  (n, d)  samples in rows, features in columns
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dlprep.nn.scaling import Array, Scaler, Whitening, per_sample, whitening, zscore


def uncentred(X: Array) -> Scaler:
    """A z-score that forgets to subtract the mean."""
    return zscore(X)._replace(centre=np.zeros(X.shape[1]))


class ByRow(NamedTuple):
    """What looks like a scaler but normalises every row by itself."""

    def transform(self, X: Array) -> Array:
        """Rows (n, d) of mean 0 and standard deviation 1."""
        return per_sample(X)


def by_row(_rows: Array) -> ByRow:
    """Rows in place of columns; nothing is learnt from the rows to fit."""
    return ByRow()


def unturned(X: Array) -> Whitening:
    """A whitening that scales along the principal axes' lengths but never turns onto them."""
    centre, W = whitening(X)
    return Whitening(centre, np.diag(np.linalg.norm(W, axis=0)))


def undone_like_inputs(scaler: Scaler, beta: Array, bias: float) -> tuple[Array, float]:
    """Raw weights by the map that undoes inputs, β·σ + μ, where β/σ is right; the bias forgotten."""
    return scaler.undo(beta), bias
