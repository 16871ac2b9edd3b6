"""Faulty experiments on activations: each has the one part wrong that it names."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from dlprep.nn.activations import ACTIVATIONS
from dlprep.nn.faulty.activations import FAULTY, Parts

Z = np.array([-2.0, 0.5, 3.0])


@pytest.mark.parametrize("control", FAULTY)
def test_one_part_is_replaced(control: str) -> None:
    """And all others are the sound ones."""
    sound, faulty = Parts(), FAULTY[control]
    assert sum(getattr(faulty, part.name) is not getattr(sound, part.name) for part in fields(Parts)) == 1


def test_slopes_handed_the_wrong_thing() -> None:
    """Tanh's slope is 1 − h²; handed z it is 1 − z², and left out it is 1; the values stay right."""
    tanh = ACTIVATIONS["tanh"]
    for parts, slope in (
        (Parts(), 1 - np.tanh(Z) ** 2),
        (FAULTY["slope-of-z"], 1 - Z**2),
        (FAULTY["slope-left-out"], np.ones(3)),
    ):
        np.testing.assert_allclose(parts.by_z(tanh).slope(Z), slope)
        assert (parts.by_z(tanh).value(Z) == np.tanh(Z)).all()


def test_outputs_recentred() -> None:
    """The sigmoids' outputs then have a mean of 0, and those of tanh one sign."""
    sigmoids, tanh = FAULTY["outputs-recentred"].outputs
    assert sigmoids(Z[:, None]).mean() == pytest.approx(0)
    assert (tanh(Z) >= 0).all()
