"""Searching: where the trials lie, how many are needed, and what halving costs."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn import search


@pytest.mark.parametrize("side", [1, 2, 5, 8])
def test_a_grid_has_few_values_on_each_axis(side: int) -> None:
    """side² trials, but only `side` values of either hyperparameter, each at the middle of its cell."""
    P = search.grid(side)
    assert P.shape == (side**2, 2)
    for axis in P.T:
        assert np.unique(axis) == pytest.approx((np.arange(side) + 0.5) / side)
    assert np.unique(P[:side, 0]).size == 1, "the first coordinate changes slowest"


def test_random_trials_never_repeat_a_value() -> None:
    """Each trial is new on both axes, inside the unit square."""
    P = search.random_points(np.random.default_rng(0), 3, 25)
    assert P.shape == (3, 25, 2)
    assert np.unique(P).size == P.size
    assert 0 <= P.min() <= P.max() < 1


def test_clustered_trials_stay_near_one_place_of_their_own() -> None:
    """A search's trials spread by some 0.02 on each axis, while the searches' middles differ."""
    P = search.clustered_points(np.random.default_rng(0), 50, 400)
    assert P.shape == (50, 400, 2)
    assert P.std(axis=1) == pytest.approx(np.full((50, 2), 0.02), rel=0.2)
    assert (P.mean(axis=1).std(axis=0) > 0.2).all()


def test_log_uniform_is_uniform_in_the_logarithm() -> None:
    """The median is the geometric mean of the bounds, and all numbers keep to them."""
    found = search.log_uniform(np.random.default_rng(0), 1e-4, 1, 20_000)
    assert 1e-4 <= found.min() <= found.max() <= 1
    assert np.median(np.log10(found)) == pytest.approx(-2, abs=0.05)


def test_the_best_so_far_never_falls() -> None:
    """Along the last axis."""
    assert search.best_so_far(np.array([[1, 3, 2], [2, 1, 4]])).tolist() == [[1, 3, 3], [2, 2, 4]]


@pytest.mark.parametrize(
    ("c", "q", "n"), [(0.95, 0.05, 59), (0.99, 0.05, 90), (0.5, 0.05, 14), (0.95, 0.01, 299)]
)
def test_trials_by_hand(c: float, q: float, n: int) -> None:
    """That many trials reach the chance wanted, and one fewer does not."""
    assert search.trials(c, q) == n
    assert search.chance(q, n - 1) < c <= search.chance(q, n)


@pytest.mark.parametrize("c", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("q", [0.01, 0.05])
def test_counting_agrees_with_the_formula_and_adding_does_not(c: float, q: float) -> None:
    """Chances overlap, so that c / q trials are too few for a high chance and never the right number here."""
    assert search.counted_trials(c, q) == search.trials(c, q) != search.trials_by_adding(c, q)


def test_sixty_trials() -> None:
    """1 − 0.95⁶⁰ = 0.954."""
    assert float(search.chance(0.05, 60)) == pytest.approx(0.954, abs=5e-4)


def race(n: int, r: int, eta: int) -> list[search.Rung]:
    """Halving where a lower number is a better candidate."""
    return search.successive_halving(n, r, eta, lambda alive, _steps: alive)


@pytest.mark.parametrize(("n", "r", "eta", "budget"), [(32, 1, 2, 192), (81, 1, 3, 405), (64, 4, 4, 1024)])
def test_the_budget_is_what_it_costs(n: int, r: int, eta: int, budget: int) -> None:
    """n·r·(log_η n + 1), when n is a power of η and every round starts from scratch."""
    rungs = race(n, r, eta)
    assert search.cost(rungs) == search.budget(n, r, eta) == budget
    assert rungs[-1].alive.tolist() == [0]
    assert rungs[-1].steps == r * n


@pytest.mark.parametrize(("n", "r", "eta", "steps"), [(32, 1, 2, 112), (81, 1, 3, 297), (64, 4, 4, 832)])
def test_checkpoints_make_it_cheaper(n: int, r: int, eta: int, steps: int) -> None:
    """Later rounds pay only the part 1 − 1/η of their n·r steps."""
    rounds = len(race(n, r, eta)) - 1
    assert search.resumed_cost(race(n, r, eta)) == steps
    assert steps == pytest.approx(n * r * (1 + rounds * (1 - 1 / eta)))


def test_a_number_of_candidates_that_is_no_power() -> None:
    """20, 10, 5, 2, 1: what does not divide is rounded down."""
    assert [len(rung.alive) for rung in race(20, 1, 2)] == [20, 10, 5, 2, 1]


def test_a_loss_that_is_not_a_number_drops_out_first() -> None:
    """NaN is worse than any loss."""
    losses = np.array([np.nan, 3, np.inf, 2])
    rungs = search.successive_halving(4, 1, 2, lambda alive, _steps: losses[alive])
    assert [rung.alive.tolist() for rung in rungs] == [[0, 1, 2, 3], [3, 1], [3]]


def test_the_best_of_more_is_better() -> None:
    """Groups of one give the mean, a group of all gives the maximum."""
    scores = np.random.default_rng(0).random(60)
    assert search.best_of(scores, 1) == pytest.approx(scores.mean())
    assert search.best_of(scores, 60) == scores.max()
    assert search.best_of(scores, 1) < search.best_of(scores, 6) < search.best_of(scores, 60)


LOSSES = np.array([[9.0, 9, 9, 9], [1, 2, 3, 4], [2, 1, 5, 5], [3, 3, 5, 5], [4, 2, 1, 5]])


def test_a_race_with_known_losses_and_its_course() -> None:
    """Half drop out after 1 step, one more after 2; what was not trained has no loss."""
    rungs = search.halved(LOSSES)
    assert [rung.alive.tolist() for rung in rungs] == [[0, 1, 2, 3], [0, 1], [1]]
    course = search.course(LOSSES, rungs)
    assert np.nan_to_num(course).tolist() == [[1, 2, 0, 0], [2, 1, 3, 2], [3, 0, 0, 0], [4, 0, 0, 0]]
    assert np.isfinite(course).sum() == search.resumed_cost(rungs)


def test_the_lead_is_that_over_the_best_of_as_many_full_runs() -> None:
    """12 steps buy 3 full runs of 4 steps, one group of them here; their best is the third's loss of 1."""
    lead = search.lead(np.random.default_rng(0), LOSSES, search.halved(LOSSES))
    assert lead == pytest.approx(-np.log(2))
