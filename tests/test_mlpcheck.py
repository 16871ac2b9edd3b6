"""The measurements of a network: each says zero for what is right and more for what is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dlprep.nn import mlp
from dlprep.nn.activations import ACTIVATIONS, Array
from dlprep.nn.checks import mlpcheck
from dlprep.nn.checks.gradcheck import relative_error
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.mlp import CountedMatMul, Layer, Layers, Objective


def setting(name: str = "tanh") -> tuple[Objective, Layers]:
    """Twenty samples and a 2-5-1 network."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 2)), rng.integers(0, 2, (20, 1))
    return Objective(X, y, ACTIVATIONS[name], binary_cross_entropy), mlp.init(rng, [2, 5, 1])


def doubled(*args: object) -> Layers:
    """A backward pass that is wrong by a factor of 2."""
    return [Layer(2 * W, 2 * b) for W, b in mlp.backward(*args)]  # type: ignore[arg-type]


def test_told_apart_by_hand() -> None:
    """With logit x₁ − 1, of inputs 0, 2, 3 labelled 0, 1, 0 two thirds are told apart; 0 itself says 0."""
    layers = [Layer(np.array([[1.0], [0.0]]), np.array([-1.0]))]
    task = replace(setting()[0], X=np.array([[0.0, 9], [2, 9], [3, 9]]), y=np.array([[0], [1], [0]]))
    assert mlpcheck.told_apart(task, layers) == pytest.approx(2 / 3)
    assert mlpcheck.told_apart(replace(task, X=np.ones((3, 2)), y=np.zeros((3, 1))), layers) == 1


def test_far_from_kinks() -> None:
    """Half of the samples stay, and each of their units is farther from 0 than some unit of any that went."""

    def least(task: Objective) -> Array:
        W, b = layers[0]
        return np.asarray(np.abs(task.X @ W + b).min(axis=1))

    task, layers = setting("relu")
    far = mlpcheck.far_from_kinks(task, layers)
    assert len(far.X) == len(far.y) == 10
    assert sorted(least(far)) == sorted(least(task))[10:]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_both_ways(name: str) -> None:
    """Found and measured slopes agree for a right backward pass, and not for a wrong one."""
    task, layers = setting(name)
    task = mlpcheck.far_from_kinks(task, layers)
    for backward, agrees in ((mlp.backward, True), (doubled, False)):
        counted = CountedMatMul()
        ways = mlpcheck.both_ways(replace(task, backward=backward), layers, 1e-5, counted)
        found, measured = map(np.concatenate, ways)
        assert (relative_error(found, measured) < 1e-7) is agrees
        assert counted.multiply_adds == mlpcheck.passes(found.size) * 10 * 15


def test_update_gap() -> None:
    """Zero for the gradient's own update, rate × the largest slope when it is doubled."""
    task, layers = setting()
    assert mlpcheck.update_gap(task, layers, 0.5) < 1e-15
    largest = np.abs(mlp.flat(task.gradient(layers)[1])).max()
    assert mlpcheck.update_gap(replace(task, backward=doubled), layers, 0.5) == pytest.approx(0.5 * largest)


def test_loss_gap() -> None:
    """One logit is two with a zero, also where e to the logit overflows."""
    z = np.array([[-1000.0], [-3], [0.2], [1000]])
    assert mlpcheck.loss_gap(z, np.array([[0], [1], [0], [0]])) < 1e-12


def test_cost_by_hand() -> None:
    """A 2-5-1 network has 21 parameters and 15 weights; a gradient takes 15 + 15 + 5 products a sample."""
    p, per_weight, ratio = mlpcheck.cost(*setting())
    assert (p, per_weight) == (21, 1)
    assert ratio == pytest.approx(35 / 15)
