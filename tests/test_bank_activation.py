"""The activation bank's numbers, recomputed by the activations, networks and losses they are about."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlprep.bank import Order, Rubric
from dlprep.demo import Claim
from dlprep.demos.activation import Knobs, run
from dlprep.nn import mlp, stack
from dlprep.nn.activations import (
    ACTIVATIONS,
    LEAKY_RELU,
    Array,
    relu,
    relu_slope,
    sigmoid,
    sigmoid_slope,
    tanh,
    tanh_slope,
)
from dlprep.nn.checks.gradcheck import central_differences
from dlprep.nn.losses import log_softmax
from dlprep.nn.smooth import GELU, GELU_TANH, SILU, by_input, silu
from tests.banks import bank, draws


def slope_at(f: object, z: float) -> float:
    """The slope at z, measured by a central difference."""
    assert callable(f)
    return float((f(np.array([z + 1e-6])) - f(np.array([z - 1e-6])))[0] / 2e-6)


def test_rank_of_a_linear_stack() -> None:
    """The one matrix that a real stack of those widths folds into has that rank."""
    for drawn, v in draws("activation/rank-of-a-linear-stack"):
        layers = mlp.init(np.random.default_rng(0), [v["d"], v["h"], v["neck"], v["h"], v["k"]])
        assert drawn.answer == stack.rank(stack.folded(layers).W)


def test_slope_from_output() -> None:
    """The library's backward step gives it, and so does a central difference at the z that puts out h."""
    for drawn, v in draws("activation/slope-from-output"):
        z = np.log(v["h"] / (1 - v["h"]))
        assert drawn.answer == pytest.approx(v["g"] * sigmoid_slope(np.array(v["h"])).item())
        assert drawn.answer == pytest.approx(v["g"] * slope_at(sigmoid, z), rel=1e-6)


def chain(z: float, w: float, layers: int) -> float:
    """∂h_last/∂h₀ along a chain of sigmoids whose biases put every pre-activation at z."""
    weights = np.full((layers, 1, 1), float(w))
    f, zs = by_input(ACTIVATIONS["sigmoid"]), [np.full((1, 1), z)] * layers
    return float(stack.passed_back(weights, zs, f, np.ones((1, 1)))[-1].item())


def test_quarter_a_layer() -> None:
    """A chain with every unit at z = 0 reaches it, and no other z exceeds it; 20 layers leave 9.1e-13."""
    for drawn, v in draws("activation/quarter-a-layer"):
        assert drawn.answer == pytest.approx(chain(0, v["w"], v["layers"]))
        assert max(chain(z, v["w"], v["layers"]) for z in (-3, -0.1, 0.1, 1)) < drawn.answer
    assert chain(0, 1, 20) == pytest.approx(9.1e-13, rel=2e-3)


def test_inactive_share() -> None:
    """Of a million normal pre-activations so many have ReLU slope 0."""
    z = np.random.default_rng(0).normal(size=1_000_000)
    for drawn, v in draws("activation/inactive-share"):
        slopes = relu_slope(relu(v["sd"] * z - v["k"] * v["sd"]))
        assert drawn.answer == pytest.approx(100 * (slopes == 0).mean(), rel=0.02)


def test_gelu_slope() -> None:
    """The library's slope and a measured one agree with the tables' four digits."""
    for drawn, v in draws("activation/gelu-slope"):
        assert drawn.accepts(GELU.slope(np.array([float(v["x"])])).item())
        assert drawn.accepts(slope_at(GELU.value, v["x"]))


def test_softmax_temperature() -> None:
    """The library's softmax of the divided logits, and .659, .242, .099 for 2, 1, 0.1 at T = 1."""

    def softmax(*logits: float) -> Array:
        return np.asarray(np.exp(log_softmax(np.array([logits])))[0])

    for drawn, v in draws("activation/softmax-temperature"):
        first, *_ = softmax(v["a"] / v["T"], v["b"] / v["T"], v["c"] / v["T"])
        assert drawn.answer == pytest.approx(first)
    assert softmax(2, 1, 0.1).round(3).tolist() == [0.659, 0.242, 0.099]
    shown = sigmoid(np.array([2, 1, 0.1])).round(3).tolist()  # sigmoids-as-a-distribution
    assert shown == [0.881, 0.731, 0.525]
    assert sum(shown) == pytest.approx(2.137)


def test_relu_depth() -> None:
    """Wide random layers, half of whose units are active, leave so much of the root mean square length."""
    rng = np.random.default_rng(0)
    f, G = by_input(ACTIVATIONS["relu"]), np.eye(128)
    for drawn, v in draws("activation/relu-depth"):
        weights = v["g"] * stack.orthogonal(rng, 128, 6)
        back = stack.passed_back(weights, list(rng.normal(size=(6, 128, 128))), f, G)
        a_layer = np.square(back[-1]).sum(axis=1).mean() ** (1 / 12)
        assert drawn.answer ** (1 / v["layers"]) == pytest.approx(a_layer, rel=0.01)


def test_swiglu_hidden_size() -> None:
    """Three matrices of that width hold as many numbers as two of 4d, to within one row of each."""
    for drawn, v in draws("activation/swiglu-hidden-size"):
        d, h = v["d"], int(drawn.answer)
        plain = np.empty((d, 4 * d)).size + np.empty((4 * d, d)).size
        W, V, U = np.empty((d, h)), np.empty((d, h)), np.empty((h, d))
        assert abs(W.size + V.size + U.size - plain) <= 3 * d / 2
        if d == 4096:
            assert h == 10_923
    X, (W, V), U = np.ones((2, 6)), np.ones((2, 6, 16)), np.ones((16, 6))
    assert (silu(X @ W) * (X @ V) @ U).shape == (2, 6)  # and the shapes fit: 16 = ⅔ · 4 · 6


def test_order_of_slopes() -> None:
    """The steps stand in the order of the slopes measured at −2."""
    [body] = [each.body for each in bank("activation").questions if each.id == "order-of-slopes"]
    assert isinstance(body, Order)
    named = {
        "GELU": GELU.value,
        "ReLU": relu,
        "Leaky ReLU with slope 0.01 below 0": LEAKY_RELU.value,
        "tanh": tanh,
        "sigmoid": sigmoid,
    }
    measured = [slope_at(named[step], -2.0) for step in body.steps]
    assert np.diff(measured).min() > 0.005
    np.testing.assert_allclose(measured, [-0.085, 0, 0.01, 0.071, 0.105], atol=6e-4)


def test_numbers_in_the_text() -> None:
    """Tanh 3, the least values of SiLU and GELU, how near GELU's tanh form is, where exp overflows, σ(40)."""
    z = np.linspace(-8, 8, 160_001)
    assert tanh(np.array(3.0)).item() == pytest.approx(0.995, abs=5e-4)
    for f, least, at in ((SILU, -0.28, -1.28), (GELU, -0.17, -0.75)):
        assert f.value(z).min() == pytest.approx(least, abs=5e-3)
        assert z[f.value(z).argmin()] == pytest.approx(at, abs=5e-3)
    assert np.abs(GELU.value(z[::50]) - GELU_TANH.value(z[::50])).max() < 0.0005
    assert GELU.slope(z).max() == pytest.approx(1.13, abs=5e-3)
    largest = [float(info.max) for info in (np.finfo(np.float64), np.finfo(np.float32), np.finfo(np.float16))]
    np.testing.assert_allclose(np.log(largest), [709.8, 88.7, 11.1], atol=0.05)
    assert sigmoid(np.array(40.0)) == 1
    np.testing.assert_allclose(tanh_slope(tanh(z)), 4 * sigmoid_slope(sigmoid(2 * z)), atol=1e-12)
    np.testing.assert_allclose(sigmoid_slope(sigmoid(np.array([-5.0, 5.0]))), 0.0066, atol=5e-5)  # why-relu
    assert chain(0, 2**0.5, 20) == pytest.approx(9.3e-10, rel=2e-3)


@pytest.mark.parametrize("seed", range(5))
def test_measured_numbers_in_the_text(seed: int) -> None:
    """What the texts say the demo measures."""
    found = {e.id: e.measured for e in run(seed, Knobs()) if isinstance(e, Claim)}
    assert 2e-16 < found["linear-collapses"] < 5e-15
    assert found["relu-does-not-collapse"] > 0.2
    assert found["steepest-at-zero"] == pytest.approx(0.2499, abs=1e-4)
    assert 0.005 < found["huge-weights-saturate"] < 0.015
    assert 1e-4 < found["relu-can-vanish"] < 1e-3
    assert found["scale-rescues"] == pytest.approx(1024 * found["relu-can-vanish"], rel=1e-9)


def test_the_listing_of_softmax_backward_runs() -> None:
    """It equals the library's softmax, J·g with J written out, and p − y for cross-entropy."""
    [body] = [each.body for each in bank("activation").questions if each.id == "softmax-backward"]
    assert isinstance(body, Rubric)
    names: dict[str, Any] = {}
    exec(body.answer.split("```python\n")[1].split("```")[0], names)  # noqa: S102  the bank's own text
    rng = np.random.default_rng(0)
    Z, G = rng.normal(size=(3, 5)), rng.normal(size=(3, 5))
    P, dZ = names["softmax"](Z), names["softmax_backward"](names["softmax"](Z), G)
    np.testing.assert_allclose(P, np.exp(log_softmax(Z)))
    for p, g, dz in zip(P, G, dZ, strict=True):
        np.testing.assert_allclose(dz, (np.diag(p) - np.outer(p, p)) @ g)
    np.testing.assert_allclose(dZ.sum(axis=1), 0, atol=1e-15)

    def loss() -> float:
        return float((names["softmax"](Z) * G).sum())

    np.testing.assert_allclose(dZ, central_differences(loss, Z, 1e-5), atol=1e-9)
    Y = np.eye(5)[[0, 3, 1]]
    np.testing.assert_allclose(names["softmax_backward"](P, -Y / P), P - Y, atol=1e-15)
    assert np.isfinite(names["softmax"](1000 * Z)).all()
    assert 50_000**2 * np.dtype(np.float32).itemsize == 10e9


def test_the_figures_of_gates_of_an_lstm() -> None:
    """A ReLU state with gain 1.1 grows 13,781-fold in 100 steps, a tanh state stays below 1."""
    h, bounded = np.ones(1), np.ones(1)
    for _ in range(100):
        h, bounded = relu(1.1 * h), tanh(1.1 * bounded)
    assert round(h.item()) == 13_781
    assert 0 < bounded.item() < 1
