"""Data sets of unlike scale, and the mistakes made on them."""

from __future__ import annotations

import numpy as np

from dlprep.nn.data import scaledata
from dlprep.nn.faulty import misscaled
from dlprep.nn.scaling import zscore


def test_pair_has_the_spreads_and_the_correlation_asked_for() -> None:
    """Within what 200 draws allow."""
    X = scaledata.pair(np.random.default_rng(0), 6.0, 0.9)
    assert np.allclose(X.std(axis=0), [1, 6], rtol=0.2)
    assert abs(np.corrcoef(X.T)[0, 1] - 0.9) < 0.05


def test_in_like_units_is_the_same_table() -> None:
    """Only the units differ: the target and the correlations are the same."""
    (X, y), (Z, z) = (
        made(np.random.default_rng(3), 1200.0) for made in (scaledata.customers, scaledata.in_like_units)
    )
    assert np.array_equal(y, z)
    assert np.allclose(np.corrcoef(X.T), np.corrcoef(Z.T))
    assert np.allclose(Z.std(axis=0), 1)


def test_what_tells_the_classes_apart() -> None:
    """Chords differ in size; inverted ones have the same."""
    for made, ratio in ((scaledata.chords, 2), (scaledata.inverted, 1)):
        X, y = made(np.random.default_rng(1), 400)
        assert abs(X[y == 1].mean() / X[y == 0].mean() - ratio) < 0.1


def test_each_mistake_is_a_mistake() -> None:
    """It differs from the right way in what its name says and nothing else."""
    X, _ = scaledata.customers(np.random.default_rng(0), 1200.0)
    right, wrong = zscore(X), misscaled.uncentred(X)
    assert np.array_equal(right.scale, wrong.scale)
    assert not wrong.centre.any()
    assert not np.isclose(misscaled.by_row(X).transform(X).std(axis=0), 1).all()
    Z = misscaled.unturned(right.transform(X)).transform(right.transform(X))
    assert abs(np.corrcoef(Z.T)[0, 2]) > 0.9
    w, _ = misscaled.undone_like_inputs(right, np.ones(3), 0.0)
    assert np.allclose(w, right.scale + right.centre)


def test_mixed_has_so_many_of_class_1_and_keeps_each_row_with_its_class() -> None:
    """400 rows; the first of them is the same for any mix."""
    X, y = scaledata.chords(np.random.default_rng(2), 1000)
    for loud in (1, 20, 380):
        batch, classes = scaledata.mixed(X, y, loud)
        assert batch.shape == (400, 3)
        assert classes.sum() == loud
        assert np.array_equal(batch[0], X[1])
        assert np.array_equal(batch[loud], X[2 * loud])


def test_mistyped_changes_the_largest_entry_only() -> None:
    """A sorted column for each size of the error."""
    X = scaledata.mistyped(np.array([3.0, 9.0, 1.0]), np.array([1, 10]))
    assert X.tolist() == [[1, 1], [3, 3], [9, 90]]
