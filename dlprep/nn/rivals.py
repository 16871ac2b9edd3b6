"""The same number of ReLUs put to two uses: in layers of two, each reading the last, or side by side in one.

Throughout:
    k  layers of two ReLUs      n = 2ᵏ⁺¹ + 1 places      x (n,)  places on the line, 0 … 1

Source: Telgarsky 2016, Conference on Learning Theory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dlprep.nn import mlp
from dlprep.nn.activations import Array
from dlprep.nn.mlp import Function, Layers
from dlprep.nn.pieces import follow, knots, most_pieces, output, pieces
from dlprep.nn.tent import folded, teeth

FAR = np.linspace(-1000, 1000, 5)  # nearly every bend of a random network lies between


class Rivals(NamedTuple):
    """A deep network, its shallow rivals, and what they make of the line."""

    k: int
    x: Array  # (n,) the tips of the teeth, and half-way between them
    truth: Array  # (n,) the teeth
    deep: Layers
    bends: Array  # where it bends, 0 and 1 included
    made: int  # its straight pieces
    shallow: Layers  # one hidden layer, made to follow the teeth
    random: list[Layers]  # one hidden layer, drawn at random
    most: int  # pieces of any of these

    @property
    def units(self) -> int:
        """The ReLUs of the deep network."""
        *hidden, _ = self.deep
        return sum(b.size for _, b in hidden)


def compete(
    rng: np.random.Generator, k: int, tent: Array, widths: Sequence[int], f: Function, nets: int
) -> Rivals:
    """Put k layers that weigh their two ReLUs by `tent` (2, 1) against hidden layers of these widths."""
    x = np.linspace(0, 1, 2 ** (k + 1) + 1)
    truth, deep = teeth(k, x), folded([tent] * k)
    bends = knots(deep, np.array([0.0, 1.0]), f)
    made = pieces(bends, output(deep, bends, f))
    shallow = follow(x[::2], truth[::2], sum(widths))
    random = [mlp.init(rng, [1, *widths, 1]) for _ in range(nets)]
    return Rivals(k, x, truth, deep, bends, made, shallow, random, most_pieces(random, FAR, f))
