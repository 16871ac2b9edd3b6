"""Activations by input: known values, slopes that central differences agree with, dtype and shape kept."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.nn.activations import ACTIVATIONS, LEAKY_RELU, Array
from dlprep.nn.smooth import (
    ELU,
    GELU,
    GELU_TANH,
    SILU,
    Smooth,
    by_input,
    normal_density,
    normal_share,
)

ALL = {"gelu": GELU, "gelu-tanh": GELU_TANH, "silu": SILU, "elu": ELU, "leaky": by_input(LEAKY_RELU)}
ALL |= {name: by_input(f) for name, f in ACTIVATIONS.items()}


@pytest.mark.parametrize("f", ALL.values(), ids=ALL)
def test_slope_is_the_measured_one(f: Smooth) -> None:
    """Each derivative is what a central difference measures away from a kink."""
    z = np.array([-6.0, -3.0, -0.7, -0.01, 0.02, 0.5, 4.0])
    measured = (f.value(z + 1e-6) - f.value(z - 1e-6)) / 2e-6
    np.testing.assert_allclose(f.slope(z), measured, atol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("f", ALL.values(), ids=ALL)
def test_keeps_dtype_and_shape(f: Smooth, dtype: type) -> None:
    """Float32 in, float32 out; and whatever shape came in."""
    z: Array = np.linspace(-2, 2, 12, dtype=dtype).reshape(2, 3, 2)
    for array in (f.value(z), f.slope(z)):
        assert array.dtype == dtype
        assert array.shape == (2, 3, 2)


def test_values_by_hand() -> None:
    """GELU(1) = Φ(1) = 0.8413, SiLU(1) = σ(1) = 0.7311, ELU(−1) = e⁻¹ − 1 = −0.6321; all are 0 at 0."""
    one = np.ones(1)
    assert GELU.value(one).item() == pytest.approx(0.8413447, abs=1e-7)
    assert SILU.value(one).item() == pytest.approx(0.7310586, abs=1e-7)
    assert ELU.value(-one).item() == pytest.approx(-0.6321206, abs=1e-7)
    assert [f.value(0 * one).item() for f in (GELU, GELU_TANH, SILU, ELU)] == [0, 0, 0, 0]


def test_the_tanh_form_is_near_the_exact_one() -> None:
    """It differs by less than 0.0005 anywhere, and does differ."""
    z = np.linspace(-8, 8, 1601)
    assert 0.0004 < np.abs(GELU.value(z) - GELU_TANH.value(z)).max() < 0.0005


def test_output_does_not_tell_the_slope() -> None:
    """GELU and SiLU put out the same number at two inputs where their slopes differ in sign."""
    z = np.linspace(-6, -0.01, 2000)
    for f in (GELU, SILU):
        h, slope = f.value(z), f.slope(z)
        left, right = z < z[h.argmin()], z > z[h.argmin()]
        assert slope[left].max() <= 0 <= slope[right].min()
        assert h[left].max() > h[right].min()


def test_normal_tail_is_exact() -> None:
    """Φ(−7) = 1.28e-12, where 1 − Φ(7) would have lost four digits; Φ is what φ adds up to."""
    z = np.linspace(-8, 8, 16001)
    assert normal_share(np.array([-7.0])).item() == pytest.approx(1.279812543886e-12, rel=1e-10)
    summed = np.cumsum(normal_density(z)) * (z[1] - z[0])
    np.testing.assert_allclose(normal_share(z), summed, atol=1e-3)
    assert normal_density(np.zeros(1)).item() == pytest.approx(1 / math.sqrt(2 * math.pi))


def test_no_overflow() -> None:
    """At ±1000 every value and slope is finite, without a warning."""
    z = np.array([-1000.0, 1000.0])
    with np.errstate(over="raise", invalid="raise"):
        for f in ALL.values():
            assert np.isfinite(f.value(z)).all()
            assert np.isfinite(f.slope(z)).all()
