"""The tent map in ReLUs, against the tent map itself."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn import mlp
from dlprep.nn.activations import relu
from dlprep.nn.pieces import output
from dlprep.nn.rivals import compete
from dlprep.nn.tent import KEEP, LOW_TENT, TENT, folded, teeth


def tent(x: float) -> float:
    """Up to ½, then down."""
    return 2 * x if x <= 0.5 else 2 - 2 * x


@pytest.mark.parametrize("k", range(1, 9))
def test_layers_are_the_tent_map_applied_again_and_again(k: int) -> None:
    """By iteration, by the network and by the distance to an even number: the same."""
    x = np.linspace(0, 1, 97)
    by_hand = x
    for _ in range(k):
        by_hand = np.array([tent(each) for each in by_hand])
    assert teeth(k, x) == pytest.approx(by_hand)
    assert output(folded([TENT] * k), x, relu) == pytest.approx(by_hand)


def test_keep_hands_on_and_low_tent_reaches_half() -> None:
    """A layer that has not begun to fold changes nothing; a low tent's tip is at ½."""
    x = np.linspace(0, 1, 9)
    assert output(folded([KEEP]), x, relu).tolist() == x.tolist()
    assert output(folded([LOW_TENT] * 5), x, relu).max() == 0.5


@pytest.mark.parametrize("k", [1, 3, 6])
def test_rivals_have_the_same_budget(k: int) -> None:
    """As many ReLUs and as many parameters, 6k + 1; 2ᵏ pieces against at most 2k + 1."""
    rivals = compete(np.random.default_rng(0), k, TENT, [2 * k], relu, nets=10)
    assert rivals.units == 2 * k == rivals.shallow[0].b.size
    assert mlp.flat(rivals.deep).size == mlp.flat(rivals.shallow).size == 6 * k + 1
    assert rivals.made == 2**k
    assert rivals.most <= 2 * k + 1
