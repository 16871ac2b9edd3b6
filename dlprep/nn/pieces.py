"""Networks on a line: where they bend, how many straight pieces they have, and one made to bend where told.

Throughout:
    layers     one number in, one number out, as in `dlprep.nn.mlp`; f is straight on either side of 0
    x  (n,)    places on the line, ascending        y  (n,)  a network's output there

Source: Montúfar, Pascanu, Cho and Bengio 2014 (pieces as a measure of what depth buys).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from dlprep.nn import mlp
from dlprep.nn.activations import Array
from dlprep.nn.mlp import Function, Layer, Layers

NEAR = 1e-9  # of the whole stretch: places nearer than that are one


def output(layers: Layers, x: Array, f: Function) -> Array:
    """The network's output (n,) at each place."""
    *_, y = mlp.forward(layers, x[:, None], f)  # (n, 1)
    return y[:, 0]


def knots(layers: Layers, x: Array, f: Function) -> Array:
    """The places x, and all those between them where a hidden unit turns on or off: every possible bend.

    Layer by layer: between two neighbouring places a unit's pre-activation is straight by now, so where it
    changes sign, it passes 0 where the straight line does.
    """
    for l, _ in enumerate(layers[1:], start=1):
        *_, z = mlp.forward(layers[:l], x[:, None], f)  # (n, h) pre-activations of hidden layer l
        i, unit = np.nonzero(np.diff(z > 0, axis=0))  # (c,) each: a change of sign after place i
        rise = np.diff(z, axis=0)[i, unit] / np.diff(x)[i]  # (c,)
        x = np.union1d(x, x[i] - z[i, unit] / rise)
        x = x[np.diff(x, prepend=-np.inf) > NEAR * np.ptp(x)]  # one bend of two units is one place
    return x


def pieces(x: Array, y: Array) -> int:
    """How many straight pieces join the points; neighbours of equal slope are one piece.

    These are a function's own pieces when it bends at none but these places.
    """
    slopes = np.diff(y) / np.diff(x)  # (n − 1,)
    return 1 + int(np.count_nonzero(~np.isclose(slopes[1:], slopes[:-1])))


def most_pieces(networks: Iterable[Layers], x: Array, f: Function) -> int:
    """The pieces, from the first to the last of these places, of the network that has most."""
    bends = ((layers, knots(layers, x, f)) for layers in networks)
    return max(pieces(at, output(layers, at, f)) for layers, at in bends)


def through(x: Array, y: Array) -> Layers:
    """The network of one hidden layer that joins the points, with a ReLU for each of the n − 1 pieces.

    Each unit wakes where its piece begins, and adds what the slope changes by there.
    """
    turns = np.diff(np.diff(y) / np.diff(x), prepend=0)  # (n − 1,) the first slope, then its changes
    return [Layer(np.ones((1, turns.size)), -x[:-1]), Layer(turns[:, None], y[:1])]


def follow(x: Array, y: Array, units: int) -> Layers:
    """The network of one hidden layer that joins the points from the left while its ReLUs last.

    The last ReLU's piece goes straight from where the others end to the last point.
    """
    *_, last = points = np.column_stack([x, y])  # (n, 2)
    return through(*np.vstack([points[:units], last]).T)
