"""Starting weights: their spread, their shape, and what they keep."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.nn import initial
from dlprep.nn.mlp import flat

SHAPES = [(30, 30), (50, 20), (20, 50)]


@pytest.mark.parametrize("draw", [initial.normal, initial.uniform])
@pytest.mark.parametrize("spread", [initial.lecun, initial.xavier, initial.he, initial.fixed(0.02)])
def test_weights_have_the_spread_asked_for(draw: initial.Draw, spread: initial.Spread) -> None:
    """Whatever they are drawn from, weights have mean 0 and the standard deviation of their rule."""
    [(W, b)] = initial.start(np.random.default_rng(0), [200, 400], spread, draw)
    assert W.shape == (200, 400)
    assert W.std() == pytest.approx(spread(200, 400), rel=0.02)
    assert abs(W.mean()) < 0.02 * W.std()
    assert not b.any()


def test_rules_by_hand() -> None:
    """With fan-in 8 and fan-out 24: LeCun 1/√8, Xavier 1/4, He 1/2; twice the fan-in halves He's variance."""
    assert [initial.lecun(8, 24), initial.xavier(8, 24), initial.he(8, 24)] == pytest.approx(
        [8**-0.5, 0.25, 0.5]
    )
    assert initial.he(16, 24) ** 2 == pytest.approx(0.125)
    assert initial.branch(64) == 1 / 8


def test_limit_of_a_uniform_draw() -> None:
    """Numbers evenly spread within the limit have the standard deviation it was made from, and reach it."""
    r = initial.limit(0.25)
    assert np.linspace(-r, r, 100_001).std() == pytest.approx(0.25, rel=1e-4)
    most = np.abs(initial.uniform(np.random.default_rng(0), 100, 100)).max()
    assert most == pytest.approx(math.sqrt(3), rel=1e-3)


@pytest.mark.parametrize(("a", "b"), SHAPES)
def test_orthogonal_on_the_smaller_side(a: int, b: int) -> None:
    """All singular values are 1; W·Wᵀ or WᵀW, whichever is smaller, is the identity."""
    W = initial.orthogonal(np.random.default_rng(1), a, b)
    assert W.shape == (a, b)
    small = W @ W.T if a <= b else W.T @ W
    np.testing.assert_allclose(small, np.eye(min(a, b)), atol=1e-12)


def test_orthogonal_prefers_no_direction() -> None:
    """Over many draws every entry has mean 0 and mean square 1/n."""
    rng = np.random.default_rng(2)
    draws = np.array([initial.orthogonal(rng, 4, 4) for _ in range(3000)])
    assert np.abs(draws.mean(axis=0)).max() < 0.05
    np.testing.assert_allclose(np.square(draws).mean(axis=0), 0.25, atol=0.03)


def test_respread_is_the_same_draw() -> None:
    """A draw of variance 1, spread afterwards, is the draw that was spread at once."""
    sizes = [5, 7, 3]
    unit = initial.start(np.random.default_rng(3), sizes, initial.fixed(1))
    spread = initial.start(np.random.default_rng(3), sizes, initial.he)
    np.testing.assert_array_equal(flat(initial.respread(unit, initial.he)), flat(spread))
