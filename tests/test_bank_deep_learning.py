"""The deep learning bank's numbers, recomputed from real networks instead of from the formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from dlprep.bank import Rubric
from dlprep.demo import Claim
from dlprep.demos.deep_learning import Knobs, run
from dlprep.nn import mlp
from dlprep.nn.activations import Array, relu
from dlprep.nn.mlp import CountedMatMul
from dlprep.nn.pieces import knots, output, pieces, through
from dlprep.nn.tent import TENT, folded, teeth
from tests.banks import bank, draws

UNIT = np.array([0.0, 1.0])


def network(*sizes: int) -> mlp.Layers:
    """A network of those widths."""
    return mlp.init(np.random.default_rng(0), sizes)


def test_parameters_of_an_mlp() -> None:
    """A real network has as many numbers, and the one in the text has 101,770."""
    for drawn, v in draws("deep_learning/parameters-of-an-mlp"):
        layers = network(v["inputs"], v["first"], v["second"], v["classes"])
        assert drawn.answer == mlp.flat(layers).size
    assert mlp.flat(network(784, 128, 10)).size == 101_770


def test_output_units() -> None:
    """A head for the tags and one for the scene give as many logits."""
    for drawn, v in draws("deep_learning/output-units"):
        heads = [
            mlp.forward(network(7, units), np.zeros((1, 7)), relu)[-1] for units in (v["tags"], v["scenes"])
        ]
        assert drawn.answer == np.hstack(heads).size


def test_fold_by_hand() -> None:
    """A real stack of tents gives the answer."""
    for drawn, v in draws("deep_learning/fold-by-hand"):
        [y] = output(folded([TENT] * v["k"]), np.array([v["x"]]), relu)
        assert drawn.accepts(float(y))


def test_pieces_of_folds() -> None:
    """A real stack of tents has as many pieces; eight have 256."""
    for drawn, v in [*draws("deep_learning/pieces-of-folds"), (None, {"k": 8})]:
        layers = folded([TENT] * v["k"])
        x = knots(layers, UNIT, relu)
        assert pieces(x, output(layers, x, relu)) == (drawn.answer if drawn else 256)


def test_width_for_pieces() -> None:
    """A random layer of that many ReLUs reaches the pieces, one of a ReLU fewer does not."""
    for drawn, v in draws("deep_learning/width-for-pieces"):
        if v["k"] > 8:
            continue
        for units, enough in ((int(drawn.answer), True), (int(drawn.answer) - 1, False)):
            hidden = mlp.Layer(np.ones((1, units)), -np.arange(1.0, units + 1))
            layers = [hidden, mlp.Layer(np.ones((units, 1)), np.zeros(1))]
            x = knots(layers, np.array([0.0, units + 1]), relu)
            assert (pieces(x, output(layers, x, relu)) >= 2 ** v["k"]) == enough


def test_best_shallow_score() -> None:
    """A layer that follows m teeth and goes on downwards gets as many points right as the answer says."""
    for drawn, v in draws("deep_learning/best-shallow-score"):
        k, m = v["k"], v["m"]
        x = np.linspace(0, 1, 2**k + 1)
        labels = np.arange(x.size) % 2
        layers = through(x[: m + 1], teeth(k, x)[: m + 1])
        assert layers[0].b.size == m
        assert drawn.answer == np.sum((output(layers, x, relu) > 0.5) == labels)


def test_no_answer_with_so_few_changes_does_better() -> None:
    """By dynamic programming over all answers with at most m + 2 runs, the best is the answer."""
    for drawn, v in draws("deep_learning/best-shallow-score"):
        runs, n = v["m"] + 2, 2 ** v["k"] + 1
        best = np.full((runs, 2), -np.inf)  # by number of runs so far, and by the answer given last
        best[0] = 0
        for j in range(n):
            changed = np.vstack([[-np.inf, -np.inf], best[:-1, ::-1]])
            best = np.maximum(best, changed if j else best)
            best[:, j % 2] += 1
        assert best.max() == drawn.answer


def test_parameters_you_can_serve() -> None:
    """The multiply-adds of a real forward pass, twice over, fill half of the cores."""
    per_weight = CountedMatMul()
    layers = network(30, 20, 5)
    mlp.forward(layers, np.zeros((1, 30)), relu, per_weight)
    flops = 2 * per_weight.multiply_adds / sum(W.size for W, _ in layers)  # for each weight and prediction
    for drawn, v in draws("deep_learning/parameters-you-can-serve"):
        spent = flops * drawn.answer * 1e6 * v["rate"]
        assert spent == pytest.approx(0.5 * v["cores"] * v["gigaflops"] * 1e9)


def test_the_printed_function_counts_pieces() -> None:
    """The code of the model answer runs, and agrees with the library on tents and on random networks."""
    [question] = [each for each in bank("deep_learning").questions if each.name.endswith("count-the-pieces")]
    assert isinstance(question.body, Rubric)
    [code] = re.findall(r"```python\n(.*?)```", str(question.body.answer), re.DOTALL)
    names: dict[str, Any] = {"np": np}
    exec(code, names)  # noqa: S102  our own answer
    count: Callable[[Sequence[tuple[Array, Array]], float, float], int] = names["count_pieces"]
    assert [count(folded([TENT] * k), 0.0, 1.0) for k in (1, 5, 8)] == [2, 32, 256]
    for sizes in ((1, 9, 1), (1, 4, 4, 1)):
        layers = network(*sizes)
        x = knots(layers, np.array([-5.0, 5.0]), relu)
        assert count(layers, -5.0, 5.0) == pieces(x, output(layers, x, relu))


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_random_networks_have_about_a_piece_for_each_unit(depth: int) -> None:
    """However many layers the 64 ReLUs are dealt to; Hanin and Rolnick 2019."""
    rng = np.random.default_rng(0)
    sizes = [1, *[64 // depth] * depth, 1]
    counts = []
    for _ in range(40):
        layers = [
            mlp.Layer(rng.normal(0, np.sqrt(2 / a), (a, b)), rng.normal(0, 0.5, b))
            for a, b in pairwise(sizes)
        ]
        x = knots(layers, np.array([-1000.0, 1000.0]), relu)
        counts.append(pieces(x, output(layers, x, relu)))
    assert np.mean(counts) == pytest.approx(64, abs=5)


def test_layers_of_eight_multiply_the_pieces_by_eight() -> None:
    """So eight of them could have 8⁸; three are counted."""
    kinks = np.arange(8) / 8
    zigzag = 16.0 * (-1.0) ** np.arange(8)[:, None]  # (8, 1) what each ReLU adds to the slope
    zigzag[0] = 8
    first, again = mlp.Layer(np.ones((1, 8)), -kinks), mlp.Layer(zigzag @ np.ones((1, 8)), -kinks)
    layers = [first, again, again, mlp.Layer(zigzag, np.zeros(1))]
    x = knots(layers, UNIT, relu)
    assert pieces(x, output(layers, x, relu)) == 8**3


def test_figures_in_the_text() -> None:
    """129 and 257 parameters for circles, 49 for teeth; 20 points are few for 32 ReLUs, not for x₁² + x₂²."""
    assert [mlp.flat(network(2, width, 1)).size for width in (32, 64)] == [129, 257]
    assert mlp.flat(folded([TENT] * 8)).size == mlp.flat(network(1, 16, 1)).size == 49
    events = [
        event for seed in range(24) for event in run(seed, Knobs(points=20)) if isinstance(event, Claim)
    ]
    handed = [claim.measured for claim in events if claim.id == "features-solve"]
    learnt = [claim.measured for claim in events if claim.id == "mlp-solves-circles"]
    assert np.mean(handed) > 0.99
    assert 0.93 < np.mean(learnt) < 0.97
    assert 0.7 <= min(learnt) <= 0.8


def test_the_figures_of_which_architecture_when() -> None:
    """Products counted: a dense layer, a convolution, a plain recurrence and attention at n = 2d."""
    n, d, k = 16, 8, 3
    X, W = np.zeros((n, d)), np.zeros((d, d))
    dense, slide, recur, project, mix = (CountedMatMul() for _ in range(5))
    dense(X.reshape(1, -1), np.zeros((n * d, n * d)))
    assert dense.multiply_adds == n**2 * d**2  # for one sample: each weight once
    slide(np.zeros((n, k * d)), np.zeros((k * d, d)))  # a window of k positions at each
    assert slide.multiply_adds == k * n * d**2
    state = np.zeros((1, d))
    for x in X:
        state = recur(state, W) + recur(x[None], W)
    assert recur.multiply_adds == 2 * n * d**2
    Q, K, V = (project(X, W) for _ in range(3))
    project(mix(mix(Q, K.T), V), W)
    assert project.multiply_adds == 4 * n * d**2
    assert mix.multiply_adds == 2 * n**2 * d
    assert mix.multiply_adds == project.multiply_adds  # as n = 2d


def test_the_figures_of_ninety_nine_and_sixty() -> None:
    """60 % of 100 samples strays by 4.9 points."""
    shares = np.random.default_rng(0).binomial(100, 0.6, 100_000) / 100
    assert shares.std() == pytest.approx(0.049, abs=5e-4)
