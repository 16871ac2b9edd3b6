"""Measurements of a start: each against a case worked by hand or a second route."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.nn import initcheck, initial, mlp
from dlprep.nn.activations import ACTIVATIONS, LINEAR, relu
from dlprep.nn.gradcheck import central_differences, relative_error
from dlprep.nn.initcheck import copies, descent, signals
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.mlp import Layer, Objective
from dlprep.nn.points import circles

RNG = np.random.default_rng(0)


def test_growth_and_decades_by_hand() -> None:
    """From 1 to 64 in three steps: fourfold each, and log₁₀ 64 in all."""
    assert initcheck.growth([1, 8, 4, 64]) == pytest.approx(4)
    assert initcheck.decades([1, 8, 4, 64]) == pytest.approx(math.log10(64))


def test_signals_by_hand() -> None:
    """Through z = 2x, ReLU, z = 3h, p = 5h for x = 1: E[h²] is 1, 4, 36; ∂p/∂z is 15 and 5."""
    layers = [Layer(np.array([[w]]), np.zeros(1)) for w in (2.0, 3.0, 5.0)]
    found = signals(layers, np.ones((4, 1)), ACTIVATIONS["relu"])
    assert found.up == [1, 4, 36]
    assert found.down == [225, 25]
    assert [h.shape for h in found.hs] == [(4, 1)] * 3


def test_slopes_going_down_are_measured_ones() -> None:
    """E[(∂p/∂z)²] of the first layer is what nudging its biases shows, for the first input."""
    layers, X = initial.start(RNG, [3, 5, 4, 1], initial.he), RNG.normal(size=(6, 3))
    f = ACTIVATIONS["tanh"]

    def output() -> float:
        return float(mlp.forward(layers, X[:1], f.value)[-1].item())

    slopes = central_differences(output, layers[0].b, 1e-6)
    assert signals(layers, X, f).down[0] == pytest.approx(initcheck.power(slopes), rel=1e-6)


def test_likeness_by_hand() -> None:
    """Cosines of (1, 0), (3, 3) and (0, −2)."""
    cosines = initcheck.likeness(np.array([[1.0, 0], [3, 3], [0, -2]]))
    half = math.sqrt(0.5)
    np.testing.assert_allclose(cosines, [[1, half, 0], [half, 1, -half], [0, -half, 1]], atol=1e-15)


def test_stream_of_equal_branches() -> None:
    """When each branch is a copy of the stream, L branches times s give (1 + s)ᴸ."""
    layers = [Layer(np.eye(2), np.zeros(2))] * 3
    end = initcheck.stream(layers, np.ones((1, 2)), np.asarray, 0.5)
    np.testing.assert_allclose(end, 1.5**3)


def test_lengths_are_kept_by_orthogonal_weights_alone() -> None:
    """Orthogonal weights keep lengths to rounding; normal weights of variance 1 do not nearly."""
    assert initcheck.length_gap(np.random.default_rng(0), initial.orthogonal) < 1e-12
    assert initcheck.length_gap(np.random.default_rng(0), initial.normal) > 0.9


def test_a_silent_head_starts_at_ln_10() -> None:
    """With weights of zero the loss is ln 10; with σ = 1 it is about 15, far above."""
    assert initcheck.head_gap(np.random.default_rng(0), initial.fixed(0)) < 1e-12
    gaps = [initcheck.head_gap(np.random.default_rng(seed), initial.fixed(1)) for seed in range(20)]
    assert np.mean(gaps) + math.log(10) == pytest.approx(15, abs=0.5)


def test_fair_is_the_product() -> None:
    """The slow product is the fast one, but for rounding; equal columns come out equal to the last digit."""
    A, B = RNG.normal(size=(40, 7)), RNG.normal(size=(7, 1))
    same = initcheck.fair(A, np.repeat(B, 5, axis=1))  # (40, 5)
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
    U, same = initcheck.units(layers), initcheck.units(copies(layers))
    np.testing.assert_array_equal(same, np.repeat(U[:1], 5, axis=0))
    assert U.shape == (5, 5)
    assert initcheck.unlikeness(copies(layers)) == 0 < initcheck.unlikeness(layers)


@pytest.mark.parametrize("units", [5, 7, 16])
@pytest.mark.parametrize("name", ["tanh", "relu", "sigmoid"])
def test_copies_stay_copies(name: str, units: int) -> None:
    """Whatever the activation and the width, copies differ by nothing at all after training."""
    X, y = circles(1, 41)
    task = Objective(X, y[:, None], ACTIVATIONS[name], binary_cross_entropy)
    start = copies(initial.start(np.random.default_rng(units), [2, units, 1], initial.he))
    assert initcheck.unlikeness(descent(task, start, 0.5, 60)[-1].layers) == 0


def test_mean_square_and_its_slope() -> None:
    """The loss by hand, and its gradient by central differences."""
    p, y = np.array([[1.0], [2.0]]), np.array([[0.0], [4.0]])
    loss, slope = initcheck.mean_square(p, y)
    assert loss == 2.5
    measured = central_differences(lambda: initcheck.mean_square(p, y)[0], p, 1e-6)
    assert relative_error(slope, measured) < 1e-8


def test_explained_by_hand() -> None:
    """R² is 1 for the targets, 0 for their mean, and −3 for twice as far off as the mean."""
    y = np.array([[0.0], [2.0]])
    assert initcheck.explained(y, y) == 1
    assert initcheck.explained(np.full((2, 1), 1.0), y) == 0
    assert initcheck.explained(2 - y, y) == -3


def test_plane_is_found_again() -> None:
    """Linear regression recovers a plane, bias and all, and no other plane is nearer to noisy targets."""
    X = RNG.normal(size=(30, 3))
    w = np.array([[1.0], [-2.0], [0.5]])
    np.testing.assert_allclose(initcheck.fitted_plane(X, X @ w + 4)(X), X @ w + 4)
    y = X @ w + RNG.normal(size=(30, 1))
    best = initcheck.explained(initcheck.fitted_plane(X, y)(X), y)
    assert best > initcheck.explained(X @ w, y)


def test_step_is_smooth_and_five_high() -> None:
    """The step goes from 0 to 5, through 2.5 at 0."""
    np.testing.assert_allclose(initcheck.step(np.array([-9.0, 0, 9])), [0, 2.5, 5], atol=1e-9)


def test_a_relu_layer_halves_what_a_linear_one_keeps() -> None:
    """With variance 1/a, one wide layer keeps E[h²] if linear and halves it if ReLU."""
    layers, X = initial.start(RNG, [400, 400, 1], initial.lecun), RNG.normal(size=(50, 400))
    [kept, halved] = (initcheck.growth(signals(layers, X, f).up) for f in (LINEAR, ACTIVATIONS["relu"]))
    assert kept == pytest.approx(1, abs=0.05)
    assert halved == pytest.approx(0.5, abs=0.03)
    assert relu(np.array([-1.0])).item() == 0
