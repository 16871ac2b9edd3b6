"""Faulty losses: each is wrong in the one way it says, and right in all others."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.nn.checks.gradcheck import central_differences
from dlprep.nn.faulty.losses import FAULTY, Losses, doubled, naive, summed, turned
from dlprep.nn.losses import softmax_cross_entropy

Z = np.array([[2.0, 1.0, 0.1], [-1.0, 0.5, 3.0]])
Y = np.array([0, 1])


def test_naive_is_right_while_it_lasts() -> None:
    """The textbook formula gives the loss and the gradient of the stable one, up to a logit of 709."""
    for logits in (Z, np.array([[709.0, 0, 0]])):
        labels = Y[: len(logits)]
        (loss, dZ), (right, dright) = naive(logits, labels), softmax_cross_entropy(logits, labels)
        assert loss == pytest.approx(right, abs=1e-12)
        np.testing.assert_allclose(dZ, dright, atol=1e-12)


def test_naive_overflows_at_710() -> None:
    """One logit of 710 makes it NaN if its class is right, infinite if another one is."""
    logits = np.array([[710.0, 0, 0]])
    assert math.isnan(naive(logits, np.array([0]))[0])
    assert naive(logits, np.array([1]))[0] == math.inf


@pytest.mark.parametrize("k", [2, 4, 10])
def test_doubled_has_a_floor(k: int) -> None:
    """Softmax applied twice never costs less than ln(1 + (k − 1)/e): .744 for 4 classes, 1.461 for 10."""
    loss, _ = doubled(1000 * np.eye(k), np.arange(k))
    assert loss == pytest.approx(math.log(1 + (k - 1) / math.e), abs=1e-12)
    assert doubled(np.zeros((1, k)), np.array([0]))[0] == pytest.approx(math.log(k))


def test_doubled_passes_a_gradient_check() -> None:
    """Its gradient is the right one of the wrong loss."""
    logits = Z.copy()
    measured = central_differences(lambda: doubled(logits, Y)[0], logits, 1e-5)
    np.testing.assert_allclose(doubled(logits, Y)[1], measured, atol=1e-10)


def test_turned_and_summed() -> None:
    """One negates the gradient, one multiplies it by n; both keep the loss."""
    loss, dZ = softmax_cross_entropy(Z, Y)
    for score, factor in ((turned, -1), (summed, 2)):
        found, gradient = score(softmax_cross_entropy)(Z, Y)
        assert found == loss
        np.testing.assert_allclose(gradient, factor * dZ)


def test_each_set_differs_from_the_right_one() -> None:
    """No control is handed the losses it is to break."""
    assert all(losses != Losses() for losses in FAULTY.values())


def test_losses_of_numbers() -> None:
    """All but softmax take one number for each example, and give as many slopes."""
    z, y = np.array([0.5, -2.0]), np.array([1.0, 0.0])
    each = Losses().of_numbers()
    assert len(set(each)) == 6
    assert all(score(z, y)[1].shape == (2,) for score in each)
