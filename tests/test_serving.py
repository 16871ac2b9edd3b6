"""Whose statistics scale what a model learns from and what it serves."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn.data.scaledata import chords, mixed
from dlprep.nn.scaling import zscore
from dlprep.nn.serving import Serving, Whose, of_all_rows, of_the_batch, of_training_rows

rng = np.random.default_rng(0)
TRAIN, Y = chords(rng, 200)
BATCH, CLASSES = mixed(*chords(rng, 1000), 380)


@pytest.mark.parametrize("whose", [of_training_rows, of_the_batch])
def test_training_rows_are_scaled_by_themselves(whose: Whose) -> None:
    """Whatever the batch is; only a leak lets it in."""
    Z, _ = Serving(whose).scaled(TRAIN, BATCH)
    assert np.array_equal(Z, zscore(TRAIN).transform(TRAIN))
    assert not np.allclose(Serving(of_all_rows).scaled(TRAIN, BATCH)[0], Z)


def test_whose_statistics_the_batch_gets() -> None:
    """The training rows' tell that it is loud; its own hide it; all rows' scale both sets alike."""
    assert Serving().scaled(TRAIN, BATCH)[1].mean() > 0.5
    assert abs(Serving(of_the_batch).scaled(TRAIN, BATCH)[1].mean()) < 1e-12
    both = np.vstack(Serving(of_all_rows).scaled(TRAIN, BATCH))
    assert abs(both.mean()) < 1e-12


def test_accuracy_falls_with_the_batches_own_statistics() -> None:
    """Almost all rows are loud, and their own mean calls half of them soft."""
    assert Serving().accuracy(TRAIN, Y, BATCH, CLASSES) > 0.95
    assert Serving(of_the_batch).accuracy(TRAIN, Y, BATCH, CLASSES) < 0.75
