"""The tent map in ReLUs: up from 0 to 1 and down again, and the same over and over, each time twice as fast.

Throughout:
    k  times the tent map is applied        x  (n,)  places on the line, 0 … 1
    weigh  (2, 1)  what a layer's two ReLUs, max(0, x) and max(0, x − ½), count for

Source: Telgarsky 2016, Conference on Learning Theory (the map, and why few layers cannot follow it).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dlprep.nn.activations import Array
from dlprep.nn.mlp import Layer, Layers

READ = Layer(np.ones((1, 2)), np.array([0, -0.5]))  # one ReLU wakes at 0, the other at ½
KEEP = np.array([[1.0], [0.0]])  # gives x back
TENT = np.array([[2.0], [-4.0]])  # up by 2 for each step to the right, and from ½ on down by 2
LOW_TENT = np.divide(TENT, 2)  # half as high


def folded(weights: Sequence[Array]) -> Layers:
    """The network with a layer of two ReLUs for each `weigh`: what it gives is what the next layer reads."""
    between = [Layer(weigh @ READ.W, READ.b) for weigh in weights[:-1]]  # (2, 2), (2,)
    return [READ, *between, Layer(weights[-1], np.zeros(1))]


def teeth(k: int, x: Array) -> Array:
    """What k tents in a row give, without a network: how far 2ᵏ·x is from the nearest even number, (n,)."""
    return np.asarray(1 - np.abs(1 - np.remainder(2**k * x, 2)))
