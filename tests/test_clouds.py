"""What a perceptron learns from: clouds that keep their distance, and truth tables."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn.data.clouds import AND, OR, XOR, clouds, truth_table
from dlprep.nn.perceptron import street


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("margin", [0.02, 0.3])
def test_clouds_keep_their_distance(seed: int, margin: float) -> None:
    """Classes take turns, −1 first; a street twice as wide as the margin runs between them, hardly wider."""
    X, y = clouds(seed, 301, margin)
    assert X.shape == (301, 2)
    assert y[:4].tolist() == [-1, 1, -1, 1]
    assert 2 * margin <= street(X[y > 0], X[y < 0]) < 2 * margin + 0.1
    assert np.array_equal(X, clouds(seed, 301, margin)[0])
    assert not np.array_equal(X, clouds(seed + 1, 301, margin)[0])


def test_truth_tables() -> None:
    """The gates, as ±1, over inputs in counting order."""
    X, y = truth_table(AND)
    assert X.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert [bool(v > 0) for v in y] == [bool(a) and bool(b) for a, b in X]
    assert [v > 0 for v in OR] == [a or b for a, b in X.astype(bool)]
    assert [v > 0 for v in XOR] == [a != b for a, b in X.astype(bool)]
