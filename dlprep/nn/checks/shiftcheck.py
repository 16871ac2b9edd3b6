"""What a shift of the image changes: in a convolution's maps, after max pooling, and in a summary of them.

Throughout:
    X  (1, C, H, V)  an image        W  (O, C, 3, 3)  filters
    Z  (1, O, H, V)  feature maps    M  (1, O, ⌊H/2⌋, ⌊V/2⌋)  the same after max pooling
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from dlprep.nn.conv import Array, Pair, conv2d
from dlprep.nn.pool import global_avg_pool2d, max_pool2d

Function: TypeAlias = Callable[..., Any]
AXES = (2, 3)  # rows and columns


class Gap(NamedTuple):
    """The largest differences a shift makes."""

    moved: float  # between the shifted image's maps and the original's maps shifted
    map: float  # between the maps
    pooled: float  # between the max-pooled maps
    summary: float  # between the summaries


@dataclass(frozen=True, slots=True)
class Shifting:
    """How an image is shifted, and the layers that see it before and after."""

    layer: Function = conv2d
    edge: Literal["wrap", "constant"] = "wrap"  # what lies beyond the right and the lower edge
    shift: Function = np.roll
    summary: Function = global_avg_pool2d

    def maps(self, X: Array, W: Array) -> Array:
        """Z, as large as X, with a bias of 1."""
        X = np.pad(X, ((0, 0), (0, 0), (0, 2), (0, 2)), mode=self.edge)  # (1, C, H + 2, V + 2)
        return np.asarray(self.layer(X, W, np.ones(len(W))))

    def compare(self, X: Array, W: Array, by: Pair) -> tuple[Array, Array, Array, Gap]:
        """X after a shift by (rows, columns), its Z and M, and how far from the original's they are."""
        moved = self.shift(X, by, AXES)
        Y, Z = self.maps(X, W), self.maps(moved, W)
        M = max_pool2d(Z, 2)
        pairs = (Z, np.roll(Y, by, AXES)), (Z, Y), (M, max_pool2d(Y, 2)), (self.summary(Z), self.summary(Y))
        return moved, Z, M, Gap(*(float(np.abs(a - b).max()) for a, b in pairs))
