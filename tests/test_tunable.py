"""What is tuned: each model against a second route to it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.nn import tunable
from dlprep.nn.checks.gradcheck import central_differences
from dlprep.nn.quadratic import least_squares, walk
from dlprep.nn.tunable import Hill, Labelled

RNG = np.random.default_rng(0)
ROWS = tunable.linear_rows(RNG, np.array([1.0, -2, 0.5]), np.array([1.0, 0.5, 2]), 0.1, 24)


def test_a_hill_is_one_at_its_peak_and_flat_along_infinite_widths() -> None:
    """At one width from the peak it is 1/e; the other coordinate of a ridge makes no difference."""
    ridge = Hill(np.array([0.3, 0.6]), (0.1, math.inf))
    assert ridge.score(np.array([[0.3, 0.1], [0.4, 0.9], [0.2, 0.6]])) == pytest.approx(
        [1, 1 / math.e, 1 / math.e]
    )


def test_ridge_is_at_the_bottom_of_its_loss() -> None:
    """The slope of ‖X·w − y‖² + λ·‖w‖² there, measured by differences, is 0; λ = 0 is least squares."""
    X, y = ROWS
    for penalty, w in zip((0.1, 3.0), tunable.ridge(ROWS, np.array([0.1, 3.0])), strict=True):

        def loss(w: np.ndarray = w, penalty: float = penalty) -> float:
            return float(np.square(X @ w - y).sum() + penalty * np.square(w).sum())

        assert central_differences(loss, w, 1e-5) == pytest.approx(np.zeros(3), abs=1e-6)
    assert tunable.ridge(ROWS, np.zeros(1))[0] == pytest.approx(np.linalg.lstsq(X, y)[0])


def test_each_classifier_is_ridge_regression_on_its_own_few_inputs() -> None:
    """The same weights where a model has any, and zeros elsewhere."""
    rows = Labelled(RNG.normal(size=(30, 12)), np.sign(RNG.normal(size=30)))
    penalties = np.array([0.5, 2, 8])
    for w, penalty in zip(tunable.subset_classifiers(RNG, rows, penalties, 4), penalties, strict=True):
        (few,) = w.nonzero()
        assert few.size == 4
        alone = Labelled(rows.X[:, few], rows.y)
        assert w[few] == pytest.approx(tunable.ridge(alone, np.array([penalty]))[0])


def test_a_penalty_costs_on_the_rows_trained_on() -> None:
    """Their error only rises with λ; that of rows held out and of fresh ones is about the same."""
    seen, held_out, fresh = tunable.penalised_errors(np.random.default_rng(0), np.geomspace(0.1, 1000, 13))
    assert (np.diff(seen) > 0).all()
    assert held_out == pytest.approx(fresh, rel=0.5)


def test_coin_tosses_cannot_be_learnt() -> None:
    """All classifiers are right half of the time, on rows held out and on fresh ones."""
    tries = np.array([1, 30, 300])
    scores, fresh = tunable.coin_toss_scores(np.random.default_rng(0), 100, tries)
    assert (scores.shape, fresh.shape) == ((300,), (3,))
    assert scores.mean() == pytest.approx(0.5, abs=0.02)
    assert fresh == pytest.approx(np.full(3, 0.5), abs=0.03)


def test_accuracy_and_error_by_hand() -> None:
    """Two rows of one input."""
    rows = Labelled(np.array([[1.0], [2.0]]), np.array([1.0, -1.0]))
    assert tunable.accuracy(np.array([[3.0], [-1.0]]), rows).tolist() == [0.5, 0.5]
    assert tunable.squared_errors(np.array([[1.0], [0.0]]), rows).tolist() == [4.5, 1]


def test_one_batch_a_step_is_gradient_descent() -> None:
    """With a single batch the first step is that of descent on ‖X·w − y‖² / 2n, for each rate."""
    path = tunable.descents(ROWS, np.array([0.1, 0.3]), 1)
    bowl = least_squares(*ROWS)
    for k, rate in enumerate((0.1, 0.3)):
        assert path[:, k] == pytest.approx(walk(bowl.gradient, np.zeros(3), rate, 1))


def test_batches_are_used_in_order_and_once() -> None:
    """Two batches: the second step starts where the first has led, on the other half of the rows."""
    halves = [Labelled(X, y) for X, y in zip(np.split(ROWS.X, 2), np.split(ROWS.y, 2), strict=True)]
    w = tunable.descents(ROWS, np.array([0.1]), 2)[:, 0]
    for before, after, half in zip(w, w[1:], halves, strict=False):
        assert after == pytest.approx(before - 0.1 * least_squares(*half).gradient(before))


def test_a_race_starts_together_and_hopeless_rates_blow_up() -> None:
    """All losses are equal before the first step; a rate of 1,000 ends at the cap."""
    losses = tunable.race(np.random.default_rng(1), np.array([1e-4, 0.5, 1000.0, 0.1]), 0.1)
    assert losses.shape == (5, 4)
    assert np.ptp(losses[0]) == 0
    assert losses[-1, 2] == 1000
    assert losses[-1, 1] < losses[-1, 0] < losses[0, 0]


@pytest.mark.parametrize("k", [1, 4])
def test_a_step_that_is_the_same_misses_nothing(k: int) -> None:
    """With k = 1 the large step is the small one; a rate of 0 stays a whole way behind."""
    one, none = tunable.misses(np.random.default_rng(2), k, 0.01, np.array([0.01 * k, 0.0]))
    assert one == pytest.approx(0, abs=1e-12 if k == 1 else 0.05)
    assert none == pytest.approx(1)
