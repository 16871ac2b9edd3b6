"""Pictures with holes."""

from __future__ import annotations

import math

import numpy as np

from dlprep.demo import rows
from dlprep.nn.void import void_outside

NUMBERS = np.array([[1.0, 2.0], [3.0, 4.0]])


def test_what_is_outside_is_void() -> None:
    """The rest stays as it was."""
    (a, b), (c, d) = void_outside(NUMBERS > 1, NUMBERS).tolist()
    assert math.isnan(a)
    assert (b, c, d) == (2, 3, 4)


def test_the_same_picture_twice_is_equal() -> None:
    """As rows of floats, voids and all."""
    first, second = (rows(void_outside(NUMBERS > 2, NUMBERS)) for _ in range(2))
    assert first == second
