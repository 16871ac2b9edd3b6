"""The gradient checker is itself checked on functions whose slopes are known."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn.checks.gradcheck import central_differences, probes, relative_error


def test_slope_of_a_parabola() -> None:
    """On x² a central difference is exact but for rounding, whatever the step; and it has x's shape."""
    x = np.array([[1.0, -2.0], [0.0, 3.0]])
    for step in (1.0, 1e-3):
        slopes = central_differences(lambda: float((x**2).sum()), x, step)
        np.testing.assert_allclose(slopes, 2 * x, atol=1e-10)


def test_error_of_a_cubic() -> None:
    """On x³ it errs by ε² exactly: that is the truncation side of the V."""
    x = np.array([2.0])
    error = central_differences(lambda: float(x[0] ** 3), x, 0.5)[0] - 12
    assert error == pytest.approx(0.25)


def test_only_the_entries_asked_for() -> None:
    """With `at`, the slopes at those flat indices in that order, for two calls of f each."""
    x, calls = np.arange(6.0).reshape(2, 3), []

    def f() -> float:
        calls.append(x.copy())
        return float((x**2).sum())

    np.testing.assert_allclose(central_differences(f, x, 1e-3, at=[4, 1]), [8, 2], atol=1e-9)
    assert len(calls) == 4


def test_restores_what_it_moved() -> None:
    """Afterwards every entry is bit for bit what it was, also through a view."""
    x = np.array([0.1, 0.2, 0.3, 1e-20])
    before = x.copy()
    central_differences(lambda: float(np.sin(x).sum()), x[::2], 1e-5)
    assert (x == before).all()


def test_relative_error() -> None:
    """0 for equal, 1 for opposite, 0 for zero and zero; one entry off counts against the largest."""
    a = np.array([3.0, 0.0])
    assert relative_error(a, a) == 0
    assert relative_error(a, -a) == 1
    assert relative_error(0 * a, 0 * a) == 0
    assert relative_error(a, np.array([3.0, 1.0])) == pytest.approx(1 / 6)


def test_relative_error_keeps_nan() -> None:
    """A gradient that is not a number is never called right."""
    assert np.isnan(relative_error(np.array([np.nan]), np.array([1.0])))


def test_probes() -> None:
    """All of a small array; 64 of a large one, first and last among them."""
    assert probes(np.zeros((8, 8))).tolist() == list(range(64))
    assert probes(np.zeros(1)).tolist() == [0]
    many = probes(np.zeros((100, 100)))
    assert (len(many), many[0], many[-1]) == (64, 0, 9999)
