"""A boundary read back from a drawn field is the one the unit was given."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.nn import boundary, unit
from dlprep.nn.lattice import lattice

EXTENT = (-2.0, 2.0, -1.5, 1.5)


def drawn(w: list[float], b: float) -> boundary.Boundary:
    """What is read from the field of a unit with these parameters."""
    return boundary.read(unit.output(lattice(EXTENT), np.array(w), b) - 0.5, EXTENT)


def test_by_hand() -> None:
    """x₁ + x₂ = 1 has its normal at 45° and passes 1/√2 from the origin, at (½, ½)."""
    line = drawn([3, 3], -3)
    assert line.angle == pytest.approx(45)
    assert line.offset == pytest.approx(0.5**0.5)
    assert line.foot == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    ("b", "offset"), [(2, -2 / 5**0.5), (0, 0), (-2, 2 / 5**0.5), (3, -3 / 5**0.5), (-1, 1 / 5**0.5)]
)
def test_distance_of_the_line_2_1(b: float, offset: float) -> None:
    """For w = (2, 1): 0.894 from the origin at |b| = 2, 1.342 at 3, against w when b is above 0."""
    line = drawn([2, 1], b)
    assert line.angle == pytest.approx(26.565, abs=1e-3)
    assert line.offset == pytest.approx(offset, abs=1e-12)


@pytest.mark.parametrize("angle", range(-175, 180, 14))
def test_every_direction(angle: float) -> None:
    """The normal points to where the output is above ½, whichever way that is."""
    line = drawn(list(unit.directions(angle, 4)), 1)
    assert line.angle == pytest.approx(angle)
    assert line.normal == pytest.approx(unit.directions(angle))


@pytest.mark.parametrize("b", [-50, 50])
def test_no_boundary_in_the_picture(b: float) -> None:
    """A field that keeps its sign shows no boundary."""
    line = drawn([2, 1], b)
    assert math.isnan(line.angle)
    assert math.isnan(line.offset)
