"""Pictures with holes: numbers of which some are not there."""

from __future__ import annotations

from math import nan
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


def void_outside(where: Array, numbers: Array) -> Array:
    """Numbers (h, w), void where `where` (h, w) is false: an array of objects.

    Every void is the one object `math.nan`. Tuples of it compare equal, though NaN differs from itself, so
    the same picture drawn twice is the same.
    """
    return np.where(where, numbers.astype(object), np.array(nan, object))
