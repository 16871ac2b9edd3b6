"""The numeric answers on weights and bias, recomputed from units, fields, layers and losses."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from dlprep.bank import Choice
from dlprep.nn import boundary, dense, mlp, unit
from dlprep.nn.boundary import Boundary
from dlprep.nn.checks import densecheck
from dlprep.nn.checks.gradcheck import central_differences
from dlprep.nn.lattice import lattice
from dlprep.nn.losses import binary_cross_entropy
from tests.banks import bank, draws


def drawn_boundary(w: list[float], b: float) -> Boundary:
    """The boundary of a unit, read from its field around the origin."""
    r = 2 * abs(b) / unit.length(np.array(w))
    extent = -r, r, -r, r
    return boundary.read(unit.output(lattice(extent), np.array(w, float), b) - 0.5, extent)


def test_output_of_a_unit() -> None:
    """A sigmoid unit puts out the answer; one whose bias comes late, or has none, shows a slip."""
    for drawn, v in draws("weights_bias/output-of-a-unit"):
        x, w = np.array([v["x1"], v["x2"]]), np.array([v["w1"], v["w2"]])
        assert drawn.accepts(float(unit.output(x, w, v["b"])))
        assert drawn.slip(float(unit.output(x, w, 0)))
        assert drawn.slip(float(unit.output(x, w, 0)) + v["b"])


def test_count_parameters() -> None:
    """A real network has as many numbers."""
    for drawn, v in draws("weights_bias/count-parameters"):
        layers = mlp.init(np.random.default_rng(0), (v["d"], v["h"], v["k"]))
        assert drawn.answer == mlp.flat(layers).size


def test_784_128_10() -> None:
    """The network everyone knows has 101,770."""
    assert mlp.flat(mlp.init(np.random.default_rng(0), (784, 128, 10))).size == 101_770


def test_where_it_crosses() -> None:
    """On the x₁ axis, at the answer, the output is ½."""
    for drawn, v in draws("weights_bias/where-it-crosses"):
        p = unit.output(np.array([drawn.answer, 0]), np.array([v["w1"], v["w2"]]), v["b"])
        assert p == pytest.approx(0.5)


def test_distance_of_the_boundary() -> None:
    """The boundary in the unit's drawn field is that far from the origin."""
    for drawn, v in draws("weights_bias/distance-of-the-boundary"):
        assert drawn.accepts(abs(drawn_boundary([v["w1"], v["w2"]], v["b"]).offset))


def test_slope_across_the_boundary() -> None:
    """A real unit, its weights and bias multiplied, is that steep by central differences."""
    for drawn, v in draws("weights_bias/slope-across-the-boundary"):
        w, b = v["k"] * np.array([v["w1"], v["w2"]], float), v["k"] * 1.0
        at = drawn_boundary(w.tolist(), b)
        assert drawn.accepts(unit.steepness(unit.output, w, b, at))


def test_gradient_of_a_bias() -> None:
    """The backward pass of a layer gives the answer, and as the weight's gradient a slip."""
    for drawn, v in draws("weights_bias/gradient-of-a-bias"):
        X, dZ = np.array([[v["x1"]], [v["x2"]], [v["x3"]]]), np.array([[v["d1"]], [v["d2"]], [v["d3"]]])
        found = dense.backward(X, np.ones((1, 1)), dZ)
        assert drawn.accepts(float(found.b[0]))
        assert drawn.slip(float(found.W[0, 0]))


def test_back_to_raw_units() -> None:
    """With the answer as bias, the raw and the standardised model say the same."""
    for drawn, v in draws("weights_bias/back-to-raw-units"):
        x = np.linspace(-3, 90, 7)[:, None]  # (7, 1)
        standardised = dense.forward((x - v["mu"]) / v["s"], np.array([[v["w"]]]), np.array([v["b"]]))
        raw = dense.forward(x, np.array([[v["w"] / v["s"]]]), np.array([drawn.answer]))
        assert raw == pytest.approx(standardised)


def test_cost_of_a_zero_start() -> None:
    """A bias that learns by itself lowers the real loss by that much."""
    for drawn, v in draws("weights_bias/cost-of-a-zero-start"):
        y = (np.arange(100) < v["p"])[:, None]
        (_, before), *_, (b, after) = islice(densecheck.bias_alone(dense.forward, dense.backward, y), 300)
        assert drawn.accepts(before - after)
        assert drawn.slip(b)


def test_figures_of_the_hockey_stick() -> None:
    """At 1 % positives: loss ln 2 = 0.693 at b = 0, 0.056 at −4.595, slope of the bias 0.49 and 0."""
    y = (np.arange(100) < 1)[:, None]
    for b, loss, slope in ((0, 0.693, 0.49), (-4.595, 0.056, 0)):
        measured, dZ = binary_cross_entropy(np.full((100, 1), float(b)), y)
        assert measured == pytest.approx(loss, abs=5e-4)
        assert dZ.sum() == pytest.approx(slope, abs=1e-4)


def test_published_check_values() -> None:
    """For w = (2, 1): 0.894 away at b = 2, and k‖w‖/4 steep, 0.559 at k = 1."""
    at = drawn_boundary([2, 1], 2)
    assert abs(at.offset) == pytest.approx(0.894, abs=5e-4)
    assert unit.steepness(unit.output, np.array([2.0, 1]), 2, at) == pytest.approx(0.559, abs=5e-4)


@pytest.mark.parametrize(
    ("gate", "labels"),
    [("OR", "0111"), ("AND", "0001"), ("x₁ AND NOT x₂", "0010"), ("NOR", "1000"), ("NAND", "1110")],
)
def test_gates_without_a_bias(gate: str, labels: str) -> None:
    """Of all directions of w none, or some, gets all four cases right, as the options say."""
    [question] = [q for q in bank("weights_bias").questions if q.id == "gates-without-a-bias"]
    y = np.array([label == "1" for label in labels])
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    hits = unit.right(unit.output(X, unit.directions(range(360), 6), 0), y)  # (4, 360)
    solved = bool(hits.all(axis=0).any())
    assert isinstance(question.body, Choice)
    marked = {option.text.partition(" (")[0]: option.right for option in question.body.options}
    assert marked[gate] == solved


def test_biases_of_a_transformer() -> None:
    """Six matrices a block, as real dense layers in small, have 12·d² weights and 9·d biases."""
    d, rng = 16, np.random.default_rng(0)
    shapes = [(d, d)] * 4 + [(d, 4 * d), (4 * d, d)]
    layers = [layer for shape in shapes for layer in mlp.init(rng, shape)]
    assert sum(W.size for W, _ in layers) == 12 * d**2
    assert sum(b.size for _, b in layers) == 9 * d


def test_same_function_other_weights() -> None:
    """Of the changes, in the options' order, only the swap and the scaling of all three keep the function."""
    [question] = [q for q in bank("weights_bias").questions if q.id == "same-function-other-weights"]
    rng = np.random.default_rng(0)
    X, W1, b1 = rng.normal(size=(50, 3)), rng.normal(size=(3, 4)), rng.normal(size=4)
    W2, b2 = rng.normal(size=(4, 2)), rng.normal(size=2)
    sign, scale, one = np.array([-1, 1, 1, 1]), np.array([4, 1, 1, 1]), np.array([1, 0, 0, 0])
    changed = (
        (W1[:, [1, 0, 2, 3]], b1[[1, 0, 2, 3]], W2[[1, 0, 2, 3]], b2),
        (W1 * scale, b1, W2 / scale[:, None], b2),
        (W1 * sign, b1 * sign, W2 * sign[:, None], b2),
        (W1 * scale, b1 * scale, W2 / scale[:, None], b2),
        (W1, b1 + one, W2, b2 - W2[0]),
    )
    before, *after = (np.maximum(X @ V + c, 0) @ U + d for V, c, U, d in ((W1, b1, W2, b2), *changed))
    assert isinstance(question.body, Choice)
    assert [option.right for option in question.body.options] == [np.allclose(Y, before) for Y in after]


def test_the_figures_of_sharing_and_tying() -> None:
    """V·d is 38.6 million in GPT-2 small, of 124.4 that remain; a shared weight's gradient adds its uses."""
    V, d, context, blocks = 50_257, 768, 1024, 12
    block = sum(dense.fold(np.empty((d, k * d)), np.empty(k * d)).size for k in (3, 1, 4))  # qkv, out, up
    block += dense.fold(np.empty((4 * d, d)), np.empty(d)).size + 4 * d  # down, and two layer norms
    assert V * d == pytest.approx(38.6e6, abs=5e4)
    assert V * d + context * d + blocks * block + 2 * d == pytest.approx(124.4e6, abs=5e4)
    rng = np.random.default_rng(0)
    X, E = rng.normal(size=(5, 3)), rng.normal(size=(3, 4))

    def loss() -> float:
        return float(np.square(X @ E @ E.T).sum() / 2)  # in by E, out by the same E

    H = X @ E
    D = H @ E.T
    into, out = dense.backward(X, E, D @ E).W, dense.backward(H, E.T, D).W
    assert into + out.T == pytest.approx(central_differences(loss, E, 1e-5), rel=1e-6)
