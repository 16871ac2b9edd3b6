"""What the scale of inputs does to models, measured."""

from __future__ import annotations

import numpy as np

from dlprep.nn.checks.scalecheck import (
    dependent,
    gap,
    length_over_width,
    moved,
    neighbours,
    predicted,
    ranks,
    ridge,
    skewness,
    spread_left,
    streaming_error,
    undoing_error,
    with_ones,
)
from dlprep.nn.lattice import lattice
from dlprep.nn.scaling import Scaler, by_sums, welford

rng = np.random.default_rng(0)
X = rng.normal(size=(30, 3))
y = X @ [1.0, -2.0, 0.5] + 4 + rng.normal(size=30)


def test_ridge_solves_its_normal_equations() -> None:
    """(XᵀX + λI)·w = Xᵀy on centred data, and the bias is free; with λ = 0 it is least squares."""
    C, t = X - X.mean(axis=0), y - y.mean()
    w = np.linalg.solve(C.T @ C + 2 * np.eye(3), C.T @ t)
    assert np.allclose(ridge(X, y, 2.0), [*w, y.mean() - X.mean(axis=0) @ w])
    assert np.allclose(ridge(X, y, 0.0), np.linalg.lstsq(with_ones(X), y, rcond=None)[0])


def test_predicted_is_ridge_on_new_rows() -> None:
    """With no penalty and no noise it continues the line."""
    line = np.array([[0.0], [1.0], [2.0]])
    assert np.allclose(predicted(line, 3 * line[:, 0] + 1, 0, np.array([[10.0]])), [31])


def test_neighbours_of_points_on_a_line() -> None:
    """Each point's nearest other point."""
    assert neighbours(np.array([[0.0], [1.0], [5.0], [4.5]])).tolist() == [1, 0, 3, 2]


def test_ranks_are_places_in_the_sorted_column() -> None:
    """Any strictly increasing map leaves them."""
    assert ranks(np.array([[3.0], [1.0], [2.0]])).ravel().tolist() == [2, 0, 1]
    assert np.array_equal(ranks(X), ranks(np.exp(7 * X)))


def test_skewness_of_a_symmetric_and_of_a_lopsided_column() -> None:
    """0, and (1 − 2p)/√(p(1 − p)) for a share p of ones."""
    column = np.array([[0, -1.0], [0, 0], [0, 0], [1, 1]])
    assert np.allclose(skewness(column), [0.5 / np.sqrt(0.1875), 0])


def test_dependent_columns_are_counted() -> None:
    """A copy and a sum each add one."""
    assert dependent(X) == 0
    assert dependent(np.column_stack([X, X[:, 0], X @ [1, 2, 3]])) == 2


def test_gap_is_the_largest_difference() -> None:
    """Of arrays, lists or numbers."""
    assert gap([1, 5], [2, 3]) == 2
    assert gap(X, X) == gap(1, 1) == 0


def test_spread_left_counts_all_rows_but_the_last() -> None:
    """The interquartile range, over that of the first column."""
    column = np.array([1.0, 2.0, 3.0, 1e9])
    assert spread_left(np.column_stack([column, column / 4])).tolist() == [1, 0.25]


def test_moved_when_only_a_unit_changes() -> None:
    """Least squares and a tree stay; ridge and nearest neighbours do not."""
    changed = moved(X, X * [1, 1000, 1], y)
    assert changed.least_squares < 1e-9
    assert changed.tree == 0
    assert changed.ridge > 0.01
    assert changed.nearest > 0.1
    assert moved(X, X, y) == (0, 0, 0, 0)


def test_errors_of_the_right_way_are_rounding() -> None:
    """Weights undone as β / σ, statistics by Welford; each is told from a wrong one."""
    rows = rng.normal(3, 1, (300, 2))
    assert undoing_error(rows, rows[:, 0], Scaler.raw_weights) < 1e-12
    assert undoing_error(rows, rows[:, 0], lambda scaler, beta, bias: (beta * scaler.scale, bias)) > 0.1
    assert streaming_error(rows, welford) < 1e-12
    assert streaming_error(rows + 1e9, by_sums) > 1


def test_length_over_width_of_discs_ellipses_and_lines() -> None:
    """1, the ratio of the axes, and infinity."""
    places = lattice((-3, 3, -2, 2)).reshape(-1, 2)
    for ratio in (1.0, 2.0, 3.0):
        inside = places[np.square(places @ np.diag([1 / ratio, 1])).sum(axis=1) < 0.8]
        assert abs(length_over_width(inside) - ratio) < 0.1
    assert length_over_width(np.array([[0.0, 1], [1, 1], [2, 1]])) == np.inf
