"""Scalers: fitted on some rows, applied to any, and undone; whitening; statistics in one pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dlprep.nn.scaling import Scaler, by_sums, minmax, per_sample, robust, welford, whitening, zscore

rng = np.random.default_rng(0)
X = rng.normal([5000, 0.03, -2], [1000, 0.01, 7], (40, 3))
NEW = rng.normal([5000, 0.03, -2], [1000, 0.01, 7], (9, 3))


@pytest.mark.parametrize("fit", [zscore, minmax, robust])
def test_transform_is_undone(fit: Callable[[Any], Scaler]) -> None:
    """Going there and back changes nothing, also for rows that were not fitted."""
    scaler = fit(X)
    assert np.allclose(scaler.undo(scaler.transform(NEW)), NEW)


def test_what_each_scaler_brings_about() -> None:
    """Mean 0 and deviation 1; from 0 to 1; median 0 and interquartile range 1."""
    Z = zscore(X).transform(X)
    assert np.allclose([Z.mean(axis=0), Z.std(axis=0)], [[0] * 3, [1] * 3])
    Z = minmax(X).transform(X)
    assert np.allclose([Z.min(axis=0), Z.max(axis=0)], [[0] * 3, [1] * 3])
    Z = robust(X).transform(X)
    assert np.allclose(
        np.percentile(Z, [50, 75], axis=0) - np.percentile(Z, [50, 25], axis=0), [[0] * 3, [1] * 3]
    )


def test_a_row_does_not_depend_on_the_rows_served_with_it() -> None:
    """One row alone is scaled as it is among others, unlike by statistics of its own batch."""
    scaler = zscore(X)
    assert np.array_equal(scaler.transform(NEW[:1]), scaler.transform(NEW)[:1])
    assert not zscore(NEW[:1]).transform(NEW[:1]).any()


@pytest.mark.parametrize("fit", [zscore, minmax, robust])
def test_a_column_without_spread_becomes_zero(fit: Callable[[Any], Scaler]) -> None:
    """A constant column is centred and divided by 1, even where rounding gives it a deviation."""
    constant = np.full((30, 1), 0.1)
    assert constant.std() > 0
    assert np.abs(fit(constant).transform(constant)).max() < 1e-15
    sparse = np.append(np.zeros((27, 1)), [[1.0], [2.0], [3.0]], axis=0)
    assert np.isfinite(fit(sparse).transform(sparse)).all()


def test_raw_weights_predict_the_same() -> None:
    """X·w + b = Z·β + bias, with w = β / σ."""
    scaler = zscore(X)
    beta = np.array([1.0, -2.0, 0.5])
    w, b = scaler.raw_weights(beta, 3.0)
    assert np.allclose(w, beta / X.std(axis=0))
    assert np.allclose(NEW @ w + b, scaler.transform(NEW) @ beta + 3.0)


def test_per_sample_forgets_offset_and_size_of_a_row() -> None:
    """A row louder and brighter comes out the same."""
    assert np.allclose(per_sample(X), per_sample(3 * X + 7))
    assert np.allclose(per_sample(X).std(axis=1), 1)


def test_whitening_gives_the_identity_and_drops_copies() -> None:
    """Covariance I; a copied column brings no axis of its own."""
    white = whitening(X)
    assert np.allclose(np.cov(white.transform(X).T, bias=True), np.eye(3))
    copied = np.column_stack([X, X[:, 0]])
    assert whitening(copied).transform(copied).shape == (40, 3)


def test_welford_agrees_with_two_passes() -> None:
    """Row by row, or in parts merged, the mean and variance are those of all rows."""
    whole, parts = welford(X), welford(X[:7]).merge(welford(X[7:]))
    for found in (whole, parts):
        assert found.seen == 40
        assert np.allclose(found.mean, X.mean(axis=0))
        assert np.allclose(found.variance, X.var(axis=0))


def test_welford_survives_a_large_mean() -> None:
    """Around 1e9, E[x²] − E[x]² is off by more than the variance itself; Welford's is not."""
    x = rng.normal(1e9, 1, (1000, 1))
    assert np.abs(welford(x).variance - x.var()) < 1e-6
    assert np.abs(by_sums(x).variance - x.var()) > 1
    assert np.allclose(by_sums(X).variance, X.var(axis=0))
