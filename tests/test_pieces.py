"""Pieces of networks on a line, counted by their bends and, a second way, on a fine grid."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.nn import mlp
from dlprep.nn.activations import LINEAR, relu
from dlprep.nn.mlp import Layer
from dlprep.nn.pieces import follow, knots, most_pieces, output, pieces, through

ENDS = np.array([-3.0, 3.0])


def test_bends_of_one_layer_by_hand() -> None:
    """ReLUs of 2x − 1, −x and x + 5 bend at ½ and 0; the third wakes before −3."""
    layers = [Layer(np.array([[2.0, -1, 1]]), np.array([-1.0, 0, 5])), Layer(np.ones((3, 1)), np.zeros(1))]
    assert knots(layers, ENDS, relu).tolist() == [-3, 0, 0.5, 3]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("widths", [[6], [4, 4], [3, 5, 2]])
def test_bends_are_those_seen_on_a_grid(seed: int, widths: list[int]) -> None:
    """Away from the bends the output is straight, at whatever places it is looked at."""
    layers = mlp.init(np.random.default_rng(seed), [1, *widths, 1])
    x = knots(layers, ENDS, relu)
    fine = np.union1d(x, np.linspace(-3, 3, 5001))
    assert np.allclose(np.interp(fine, x, output(layers, x, relu)), output(layers, fine, relu), atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_one_layer_bends_where_its_units_wake(seed: int) -> None:
    """Unit i of one hidden layer wakes at −b/w."""
    layers = mlp.init(np.random.default_rng(seed), [1, 9, 1])
    wakes = np.sort(-layers[0].b / layers[0].W[0])
    assert knots(layers, ENDS, relu)[1:-1] == pytest.approx(wakes[np.abs(wakes) < 3])


def test_pieces_by_hand() -> None:
    """Equal slopes are one piece, however unevenly the places stand."""
    x = np.array([0.0, 1, 1.5, 4, 6])
    assert pieces(x, np.array([0.0, 2, 3, 3, 1])) == 3
    assert pieces(x, 7 * x - 2) == 1


def test_a_network_without_activation_is_one_piece() -> None:
    """Whatever its depth, a stack of affine maps is affine."""
    layers = mlp.init(np.random.default_rng(0), [1, 8, 8, 8, 1])
    assert most_pieces([layers], np.linspace(-3, 3, 9), LINEAR.value) == 1


@pytest.mark.parametrize("units", [1, 3, 6])
def test_through_joins_the_points(units: int) -> None:
    """It passes all points, is straight between them, and has a ReLU for each piece."""
    rng = np.random.default_rng(units)
    x, y = np.sort(rng.normal(size=units + 1)), rng.normal(size=units + 1)
    layers = through(x, y)
    between = np.linspace(x[0], x[-1], 101)
    assert layers[0].b.size == units
    assert output(layers, between, relu) == pytest.approx(np.interp(between, x, y))


def test_follow_spends_its_units_from_the_left() -> None:
    """Three ReLUs follow two pieces and then go straight to the end; five follow all five."""
    x, y = np.arange(6.0), np.array([0.0, 1, 0, 1, 0, 1])
    assert output(follow(x, y, 3), x, relu) == pytest.approx([0, 1, 0, 1 / 3, 2 / 3, 1])
    assert output(follow(x, y, 5), x, relu) == pytest.approx(y)


def test_units_that_bend_at_one_place_make_one_bend() -> None:
    """Proportional units turn on at the same place up to rounding, which is no piece of its own."""
    rng = np.random.default_rng(0)
    for _ in range(200):
        (w, b), scale = rng.normal(size=2), rng.uniform(0.5, 3)
        hidden = Layer(np.array([[w, scale * w]]), np.array([b, scale * b]))
        layers = [hidden, Layer(rng.normal(size=(2, 1)), np.zeros(1))]
        x = knots(layers, np.array([-100.0, 100.0]), relu)
        assert pieces(x, output(layers, x, relu)) <= 2
