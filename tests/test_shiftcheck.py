"""Shifts: what moves along, what stays and what does neither; and layers that are nearly convolutions."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn.checks.shiftcheck import Gap, Shifting
from dlprep.nn.conv import conv2d
from dlprep.nn.faulty import nearly_conv

X = np.random.default_rng(0).integers(-3, 4, (1, 2, 8, 9)).astype(float)
W = np.random.default_rng(1).integers(-3, 4, (3, 2, 3, 3)).astype(float)


@pytest.mark.parametrize(
    ("moving", "by", "zero"),
    [
        (Shifting(), (0, 0), {"moved", "map", "pooled", "summary"}),
        (Shifting(), (1, 0), {"moved", "summary"}),
        (Shifting(edge="constant"), (1, 0), set()),
        (Shifting(layer=nearly_conv.unshared), (1, 0), set()),
        (Shifting(summary=np.asarray), (1, 0), {"moved"}),
    ],
)
def test_what_a_shift_leaves_as_it_was(moving: Shifting, by: tuple[int, int], zero: set[str]) -> None:
    """Shared weights and a wrapped edge make the maps move along; only averages do not change at all."""
    moved, Z, M, gap = moving.compare(X, W, by)
    assert (moved == np.roll(X, by, (2, 3))).all()
    assert (Z.shape, M.shape) == ((1, 3, 8, 9), (1, 3, 4, 4))
    assert {name for name, size in zip(Gap._fields, gap, strict=True) if size < 1e-12} == zero


def test_nearly_convolutions_differ_from_one_in_one_thing() -> None:
    """Without padding there is no frame; a filter turned back is the filter; equal strengths are shared."""
    b, none = np.zeros(3), (0, 0)
    Y = conv2d(X, W, b, (2, 1), none, (1, 2))
    assert (nearly_conv.padded_with_ones(X, W, b, (2, 1), none, (1, 2)) == Y).all()
    assert (nearly_conv.flipped(X, W[:, :, ::-1, ::-1], b, (2, 1), none, (1, 2)) == Y).all()
    ratio = nearly_conv.unshared(X, W, b + 99) / conv2d(X, W, b + 99)
    assert np.allclose(ratio, ratio[:1, :1])
    assert np.unique(ratio[0, 0].round(9)).size == 6 * 7
    ones = np.ones_like(X)
    assert (
        nearly_conv.padded_with_ones(ones, W, b, (1, 1), (1, 1), (1, 1)) == W.sum((1, 2, 3))[:, None, None]
    ).all()
