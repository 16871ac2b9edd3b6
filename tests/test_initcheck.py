"""Measurements of a start: each against a case worked by hand or a second route."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.nn import initial, mlp
from dlprep.nn.activations import ACTIVATIONS, LINEAR
from dlprep.nn.checks import initcheck
from dlprep.nn.data.points import circles
from dlprep.nn.initial import respread
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.mlp import Objective

RNG = np.random.default_rng(0)


def test_lengths_are_kept_by_orthogonal_weights_alone() -> None:
    """Orthogonal weights keep lengths to rounding; normal weights of variance 1 do not nearly."""
    assert initcheck.length_gap(np.random.default_rng(0), initial.orthogonal) < 1e-12
    assert initcheck.length_gap(np.random.default_rng(0), initial.normal) > 0.9


def test_a_silent_head_starts_at_ln_10() -> None:
    """With weights of zero the loss is ln 10; with σ = 1 it is about 15, far above."""
    assert initcheck.head_gap(np.random.default_rng(0), initial.fixed(0)) < 1e-12
    gaps = [initcheck.head_gap(np.random.default_rng(seed), initial.fixed(1)) for seed in range(20)]
    assert np.mean(gaps) + math.log(10) == pytest.approx(15, abs=0.5)


def test_draws_have_variance_one() -> None:
    """All four stacks have weights of variance 1; two of them stay within ±√3."""
    stacks = initcheck.draws(RNG, [80, 80, 1])
    most = [float(np.abs(W).max()) for (W, _), _ in stacks]
    assert [W.var() for (W, _), _ in stacks] == pytest.approx([1] * 4, rel=0.1)
    assert [top < math.sqrt(3) for top in most] == [False, True, False, True]


def test_climbs_of_linear_stacks() -> None:
    """A linear layer of variance 2 / fan-in doubles E[h²] going up, and E[(∂p/∂z)²] going down."""
    stacks = initcheck.draws(RNG, [*[200] * 9, 1])
    up, down = initcheck.climbs(stacks, initial.he, RNG.normal(size=(16, 200)), LINEAR)
    assert up == pytest.approx(8 * math.log10(2), abs=0.2)
    assert down == pytest.approx(-7 * math.log10(2), abs=0.2)


def test_a_narrowing_layer_keeps_size_by_fan_in_alone() -> None:
    """He's spread keeps E[h²] from 400 inputs to 100 units; with fan-out in fan-in's place it quadruples."""
    f = ACTIVATIONS["relu"]
    assert initcheck.narrowing_gap(RNG, 400, 100, initial.he, f) < 0.2
    wrong = initcheck.narrowing_gap(RNG, 400, 100, lambda a, b: initial.he(b, a), f)
    assert wrong == pytest.approx(math.log10(4), abs=0.2)


def test_five_layers_from_one_draw() -> None:
    """Each spread starts from the same draw, and ends where training takes it."""
    X, y = circles(0, 20)
    task = Objective(X, y[:, None], ACTIVATIONS["tanh"], binary_cross_entropy)
    once, again = initcheck.five_layers(np.random.default_rng(1), task, initial.he, initial.he)
    drawn = initial.start(np.random.default_rng(1), [2, *[24] * 5, 1], initial.fixed(1))
    np.testing.assert_array_equal(mlp.flat(once), mlp.flat(again))
    expected = mlp.trained(task, respread(drawn, initial.he), 0.2, 60)
    np.testing.assert_array_equal(mlp.flat(once), mlp.flat(expected))


def test_logistic_regression_finds_a_side() -> None:
    """Labels by one input's sign are learnt from zeros, labels by chance are not."""
    X = RNG.normal(size=(400, 3))
    assert initcheck.logistic(X, X[:, :1] > 0) > 0.95
    assert initcheck.logistic(X, RNG.random((400, 1)) > 0.5) < 0.65
