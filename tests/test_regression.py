"""Targets, models and how well they fit: by hand and against second routes."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn import initial, mlp
from dlprep.nn.activations import ACTIVATIONS
from dlprep.nn.regression import AXIS, NOISE, along, explained, network, noisy_rise, plane, rise

RNG = np.random.default_rng(0)


def test_explained_by_hand() -> None:
    """R² is 1 for the targets, 0 for their mean, and −3 for twice as far off as the mean."""
    y = np.array([[0.0], [2.0]])
    assert explained(y, y) == 1
    assert explained(np.full((2, 1), 1.0), y) == 0
    assert explained(2 - y, y) == -3


def test_plane_is_found_again() -> None:
    """Linear regression recovers a plane, bias and all, and no other plane is nearer to noisy targets."""
    X = RNG.normal(size=(30, 3))
    w = np.array([[1.0], [-2.0], [0.5]])
    np.testing.assert_allclose(plane(X, X @ w + 4)(X), X @ w + 4)
    y = X @ w + RNG.normal(size=(30, 1))
    best = explained(plane(X, y)(X), y)
    assert best > explained(X @ w, y)


def test_step_is_smooth_and_five_high() -> None:
    """The step goes from 0 to 5, through 2.5 at 0."""
    np.testing.assert_allclose(rise(np.array([-9.0, 0, 9])), [0, 2.5, 5], atol=1e-9)


def test_noisy_targets_rise_along_the_axis() -> None:
    """What is left of the targets after the step is noise of the spread that is said."""
    X = RNG.normal(size=(4000, 4))
    rest = noisy_rise(RNG, X) - rise(X @ AXIS)
    assert rest.std() == pytest.approx(NOISE, rel=0.05)
    assert np.linalg.norm(AXIS) == pytest.approx(1)


def test_network_is_a_forward_pass() -> None:
    """The function of a network gives its last outputs."""
    layers, X = initial.start(RNG, [3, 4, 1], initial.he), RNG.normal(size=(5, 3))
    f = ACTIVATIONS["tanh"]
    np.testing.assert_array_equal(network(layers, f)(X), mlp.forward(layers, X, f.value)[-1])


def test_places_along_the_axis_project_back() -> None:
    """An input at place x of the axis has x as its projection."""
    x = np.array([[-2.0], [0.5]])
    np.testing.assert_allclose(along(x) @ AXIS, x)
