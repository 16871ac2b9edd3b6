"""Copies of a hidden unit, and the descent that keeps them copies."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn import initial, mlp
from dlprep.nn.activations import ACTIVATIONS
from dlprep.nn.copies import copies, cosines, descent, fair, units, unlikeness
from dlprep.nn.data.points import circles
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.mlp import Layer, Objective

RNG = np.random.default_rng(0)


def test_fair_is_the_product() -> None:
    """The slow product is the fast one, but for rounding; equal columns come out equal to the last digit."""
    A, B = RNG.normal(size=(40, 7)), RNG.normal(size=(7, 1))
    same = fair(A, np.repeat(B, 5, axis=1))  # (40, 5)
    np.testing.assert_allclose(same, A @ np.repeat(B, 5, axis=1), rtol=1e-12)
    assert np.ptp(same, axis=1).max() == 0


def test_descent_is_what_training_does() -> None:
    """It ends where `mlp.trained` ends, and tells the loss of every state."""
    X, y = circles(0, 20)
    task = Objective(X, y[:, None], ACTIVATIONS["tanh"], binary_cross_entropy)
    layers = initial.start(np.random.default_rng(1), [2, 4, 1], initial.lecun)
    states = descent(task, layers, 0.5, 12)
    np.testing.assert_allclose(mlp.flat(states[-1].layers), mlp.flat(mlp.trained(task, layers, 0.5, 12)))
    assert [loss for loss, _ in states] == pytest.approx([task.value(layers) for _, layers in states])
    assert len(states) == 13


def test_sign_descent_moves_every_weight_alike() -> None:
    """A step along the signs moves each parameter by the rate."""
    X, y = circles(0, 20)
    task = Objective(X, y[:, None], ACTIVATIONS["tanh"], binary_cross_entropy)
    layers = initial.start(np.random.default_rng(1), [2, 4, 1], initial.lecun)
    (_, before), (_, after) = descent(task, layers, 0.25, 1, np.sign)
    np.testing.assert_allclose(np.abs(mlp.flat(after) - mlp.flat(before)), 0.25)


def test_copies_are_all_the_first_unit() -> None:
    """Every row of U is the first one of the network given; its size and output bias stay."""
    layers = initial.start(RNG, [3, 5, 1], initial.he)
    U, same = units(layers), units(copies(layers))
    np.testing.assert_array_equal(same, np.repeat(U[:1], 5, axis=0))
    assert U.shape == (5, 5)
    assert unlikeness(copies(layers)) == 0 < unlikeness(layers)


@pytest.mark.parametrize("count", [5, 7, 16])
@pytest.mark.parametrize("name", ["tanh", "relu", "sigmoid"])
def test_copies_stay_copies(name: str, count: int) -> None:
    """Whatever the activation and the width, copies differ by nothing at all after training."""
    X, y = circles(1, 41)
    task = Objective(X, y[:, None], ACTIVATIONS[name], binary_cross_entropy)
    start = copies(initial.start(np.random.default_rng(count), [2, count, 1], initial.he))
    assert unlikeness(descent(task, start, 0.5, 60)[-1].layers) == 0


def test_cosines_by_hand() -> None:
    """Units with the weights (1, 0, 0) and (−2, 0, 2), a bias between, have cosine −1/√2."""
    layers = [Layer(np.array([[1.0, -2.0]]), np.zeros(2)), Layer(np.array([[0.0], [2.0]]), np.zeros(1))]
    np.testing.assert_allclose(cosines(layers), [[1, -(0.5**0.5)], [-(0.5**0.5), 1]])
