"""The straight boundary of a sigmoid unit, read from the field it draws and from nothing else.

Throughout:
    F  (33, 49)     the unit's output − ½ at the places of a lattice, the top row first
    P  (33, 49, 2)  those places
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, degrees, nan, radians, sin
from typing import NamedTuple

import numpy as np

from dlprep.nn.lattice import Array, Extent, lattice


class Boundary(NamedTuple):
    """Where a field is 0: a straight line, given by its unit normal, which points to where it is above 0.

    Attributes:
        angle: of the normal, in degrees, −180 … 180, counter-clockwise from the first axis.
        offset: how far along the normal, from the origin, the line is met; below 0 if it lies behind.
    """

    angle: float
    offset: float

    @property
    def normal(self) -> Array:
        """The unit normal (2,)."""
        return np.array([cos(radians(self.angle)), sin(radians(self.angle))])

    @property
    def foot(self) -> Array:
        """The boundary's point (2,) nearest the origin."""
        return self.offset * self.normal


def read(rows: Sequence[Sequence[float]] | Array, extent: Extent) -> Boundary:
    """The boundary of a drawn field: the line through all places where it changes sign; NaN if none does."""
    F, P = np.array(rows), lattice(extent)
    crossings = np.concatenate([_crossings(F, P), _crossings(F.T, P.swapaxes(0, 1))])  # (c, 2)
    if len(crossings) < 2:  # two points make a line
        return Boundary(nan, nan)
    middle = crossings.mean(axis=0)  # (2,)
    _, _, (_, normal) = np.linalg.svd(crossings - middle, full_matrices=False)  # across the line
    normal *= np.sign((P[F > 0].mean(axis=0) - middle) @ normal)
    x, y = normal
    return Boundary(degrees(atan2(y, x)), float(middle @ normal))


def _crossings(F: Array, P: Array) -> Array:
    """The points (c, 2) between neighbours in a row where F changes sign.

    A unit's log-odds ln(p/(1 − p)) = 2·artanh(2p − 1) climb evenly, so they place the zero exactly.
    """
    change = np.diff(F > 0, axis=1)  # (33, 48)
    a, b = (np.arctanh(2 * side[change]) for side in (F[:, :-1], F[:, 1:]))  # (c,) each
    start, end = P[:, :-1][change], P[:, 1:][change]  # (c, 2) each
    return np.asarray(start + (a / (a - b))[:, None] * (end - start))
