"""How fast descent gets down a bowl: walked and looked up."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn.convergence import ROUNDING, descend, excess, excess_after, steps_above, steps_until
from dlprep.nn.quadratic import Quadratic

BOWL = Quadratic(np.diag([1.0, 20.0]) + 0.5, np.array([3.0, -1.0]))


def test_descend_takes_the_rate_in_units_of_the_largest_curvature() -> None:
    """At rate 1 the steepest direction is done in one step; at 2 it stands still but for its sign."""
    bowl = Quadratic(np.diag([1.0, 10.0]), np.array([1.0, 1.0]))
    assert np.allclose(descend(bowl, 1.0, 1)[1], [0.1, 1])
    assert np.allclose(descend(bowl, 2.0, 2)[:, 1], [0, 2, 0])


def test_excess_is_1_at_the_start_and_never_below_rounding() -> None:
    """Its logarithm can always be taken, also at the best weights."""
    assert excess(BOWL, np.zeros(2)) == 1
    assert excess(BOWL, BOWL.m) == ROUNDING
    assert excess(BOWL, BOWL.m / 2) == pytest.approx(0.25)


@pytest.mark.parametrize("share", [0.5, 0.01, 1e-5])
@pytest.mark.parametrize("rate", [0.2, 1.0, 1.9])
def test_steps_looked_up_are_steps_walked(share: float, rate: float) -> None:
    """The first step below the share is where a real descent gets there."""
    walked = excess(BOWL, descend(BOWL, rate, 20))
    assert np.allclose(excess_after(np.arange(21), BOWL, rate), walked)
    assert steps_until(share, BOWL, rate) == steps_above(share, BOWL, rate, 1000)
