"""What losses answer for: the right ones pass, the faulty ones are told from them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.nn import scores
from dlprep.nn.checks import losscheck
from dlprep.nn.faulty.losses import doubled, naive, summed, turned
from dlprep.nn.losses import binary_cross_entropy, softmax_cross_entropy

RNG = np.random.default_rng(0)
Z, Y = RNG.normal(0, 2, (6, 4)), RNG.integers(0, 4, 6)


def test_costs_and_slopes() -> None:
    """One guess for all targets costs the mean of its losses; the slope of squared error is 2·(c − mean)."""
    y, c = np.array([1.0, 2.0, 6.0]), np.array([0.0, 3.0])
    np.testing.assert_allclose(losscheck.costs(scores.squared, c, y), [41 / 3, 14 / 3])
    np.testing.assert_allclose(losscheck.slopes(scores.squared, c, y), [-6, 0], atol=1e-8)


def test_slope_error_finds_a_wrong_sign() -> None:
    """A gradient against its own loss errs by rounding, one turned round by all of it."""
    assert losscheck.slope_error(softmax_cross_entropy, Z, Y) < 1e-9
    assert losscheck.slope_error(turned(softmax_cross_entropy), Z, Y) == pytest.approx(1)


def test_one_wrong_slope_among_right_ones_is_found() -> None:
    """The greatest error is that of the one loss whose gradient is turned round, or is not a number."""
    right = (binary_cross_entropy, scores.hinge, scores.focal)
    assert losscheck.greatest_slope_error(*right) < 1e-9
    assert losscheck.greatest_slope_error(*right, turned(scores.hinge)) == pytest.approx(1)
    assert math.isnan(losscheck.greatest_slope_error(lambda p, y: (math.nan, p * y), *right))


def test_easy_examples() -> None:
    """At p = .9 focal loss is (1 − .9)² of log loss, and the Brier score .01 against −ln .9."""
    assert losscheck.easy_ratio(scores.focal, binary_cross_entropy) == pytest.approx(0.01)
    assert losscheck.easy_ratio(scores.brier, binary_cross_entropy) == pytest.approx(-0.01 / math.log(0.9))


@pytest.mark.parametrize("fault", [turned(softmax_cross_entropy), summed(softmax_cross_entropy), doubled])
def test_p_minus_y(fault: scores.Score) -> None:
    """Cross-entropy has the gradient (p − y)/n, also as textbooks write it; the faulty ones have not."""
    assert losscheck.p_minus_y_gap(softmax_cross_entropy, Z, Y) < 1e-9
    assert losscheck.p_minus_y_gap(naive, Z, Y) < 1e-9
    assert losscheck.p_minus_y_gap(fault, Z, Y) > 0.01


def test_shift() -> None:
    """A shift of 1000 changes nothing, and breaks the textbook's formula."""
    assert losscheck.shift_gap(softmax_cross_entropy, Z, Y, 1000) < 1e-10
    assert math.isnan(losscheck.shift_gap(naive, Z, Y, 1000))


def test_batch() -> None:
    """Showing all examples twice keeps the mean's gradient and doubles the sum's."""
    total = np.abs(softmax_cross_entropy(Z, Y)[1].sum(axis=0)).max() * len(Y)
    assert losscheck.batch_gap(softmax_cross_entropy, Z, Y) < 1e-12
    assert losscheck.batch_gap(summed(softmax_cross_entropy), Z, Y) == pytest.approx(total)


@pytest.mark.parametrize("k", [2, 5, 300])
def test_entropy_plus_divergence(k: int) -> None:
    """Cross-entropy of frequencies is their entropy plus KL, also where some class is never seen."""
    z, y = RNG.normal(size=k), RNG.integers(0, k, 40)
    assert losscheck.entropy_gap(softmax_cross_entropy, z, y) < 1e-12
    assert losscheck.entropy_gap(doubled, z, y) > 0.001


def test_knowing_nothing_costs_ln_k() -> None:
    """The losses at zero logits are ln 2, ln 10, ln 1000 and ln 50257; squared error's is ¼."""
    assert losscheck.init_gap(softmax_cross_entropy, binary_cross_entropy) < 1e-12
    assert losscheck.init_gap(softmax_cross_entropy, scores.brier) == pytest.approx(math.log(2) - 0.25)


def test_lopsided() -> None:
    """A logit of 1000 is free for its own class and costs 1000 for another; the mean of both is 500."""
    found = [losscheck.lopsided(softmax_cross_entropy, 1000, 3, *labels) for labels in ((0,), (1,), (0, 2))]
    assert found == [0, 1000, 500]
