"""Mini-batches: how they are drawn, what gradient they give, where descent by them leads."""

from __future__ import annotations

from itertools import repeat

import numpy as np
import pytest

from dlprep.nn import sgd
from dlprep.nn.quadratic import least_squares

RNG_SEEDS = (0, 1, 7)


def test_one_gradient_by_hand() -> None:
    """At w = (1, 1), x = (1, 2) with y = 1 errs by 2, so its gradient is (2, 4)."""
    assert sgd.gradient(np.array([[1.0, 2]]), np.array([1.0]), np.ones(2)).tolist() == [2, 4]


@pytest.mark.parametrize("seed", RNG_SEEDS)
def test_the_full_batch_gives_the_bowls_gradient(seed: int) -> None:
    """Over all samples at once the gradient is H·(w − m), found from the normal equations."""
    X, y = sgd.noisy_plane(np.random.default_rng(seed), 50, 0.5)
    w = np.array([1.0, -2])
    assert sgd.gradient(X, y, w) == pytest.approx(least_squares(X, y).gradient(w))


def test_several_batches_at_once_are_each_on_its_own() -> None:
    """A stack of batches gives a stack of gradients."""
    rng = np.random.default_rng(0)
    X, y = sgd.noisy_plane(rng, 50, 0.5)
    batches = sgd.drawn(rng, 50, 4, 3)
    assert batches.shape == (3, 4)
    stacked = sgd.gradient(X[batches], y[batches], np.ones(2))
    assert np.allclose(stacked, [sgd.gradient(X[batch], y[batch], np.ones(2)) for batch in batches])


@pytest.mark.parametrize(("n", "size", "sizes"), [(10, 4, [4, 4, 2]), (8, 4, [4, 4]), (3, 5, [3])])
def test_an_epoch_holds_every_sample_once(n: int, size: int, sizes: list[int]) -> None:
    """⌈n / B⌉ batches, the last as small as it must be, and in another order each time."""
    rng = np.random.default_rng(0)
    batches = sgd.epoch(rng, n, size)
    assert [len(batch) for batch in batches] == sizes
    assert sorted(np.concatenate(batches).tolist()) == list(range(n))
    assert len({tuple(np.concatenate(sgd.epoch(rng, 20, size)).tolist()) for _ in range(5)}) == 5


def test_without_replacement_no_sample_comes_twice() -> None:
    """Each batch holds as many samples as asked for, and no more than there are."""
    rng = np.random.default_rng(0)
    assert all(len(set(batch)) == 30 for batch in sgd.drawn_once(rng, 50, 30, 20).tolist())
    assert sgd.drawn_once(rng, 50, 80, 20).shape == (20, 50)


def test_the_front_holds_the_short_inputs() -> None:
    """Inputs come sorted by length, so that the first half of the samples is not like the rest."""
    rng = np.random.default_rng(0)
    X, _ = sgd.noisy_plane(rng, 50, 0.5)
    lengths = np.linalg.norm(X, axis=1)
    assert lengths[sgd.drawn_from_front(rng, 50, 30, 20)].max() <= np.median(lengths)


def test_an_epochs_batches_average_to_the_full_gradient() -> None:
    """At one w, weighted by their sizes, exactly."""
    rng = np.random.default_rng(0)
    X, y = sgd.noisy_plane(rng, 50, 0.5)
    w = np.ones(2)
    total = sum(len(b) * sgd.gradient(X[b], y[b], w) for b in sgd.epoch(rng, 50, 16))
    assert total / 50 == pytest.approx(sgd.gradient(X, y, w))


def test_one_update_for_each_batch_at_its_rate() -> None:
    """The path has a point for the start and one for each batch; rates may run out last."""
    rng = np.random.default_rng(0)
    X, y = sgd.noisy_plane(rng, 50, 0.5)
    batches, w = sgd.epoch(rng, 50, 20), np.zeros(2)
    path = sgd.descend(X, y, w, batches, repeat(0.1))
    assert path.shape == (4, 2)
    assert np.allclose(path[1], w - 0.1 * sgd.gradient(X[batches[0]], y[batches[0]], w))


def test_descent_finds_the_plane() -> None:
    """Without noise in the targets even single samples at a constant rate lead to (3, 2)."""
    rng = np.random.default_rng(0)
    X, y = sgd.noisy_plane(rng, 200, 0.0)
    path = sgd.descend(X, y, np.zeros(2), sgd.drawn(rng, 200, 1, 2000), repeat(0.1))
    assert path[-1] == pytest.approx([3, 2], abs=1e-6)
