"""The role's numeric answers, recomputed from a network, a gradient and simulated test sets."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from dlprep.bank import Rubric
from dlprep.nn import mlp
from dlprep.nn.activations import Array, tanh
from dlprep.nn.checks.gradcheck import central_differences
from dlprep.nn.ingredients import standard_error
from dlprep.nn.losses import binary_cross_entropy, softmax_cross_entropy
from tests.banks import bank, draws


def test_two_layer_parameter_count() -> None:
    """A real network has as many numbers."""
    for drawn, v in draws("the_role/two-layer-parameter-count"):
        layers = mlp.init(np.random.default_rng(0), (v["inputs"], v["width"], v["outputs"]))
        assert drawn.answer == mlp.flat(layers).size


def test_derivative_of_a_unit() -> None:
    """A central difference of the unit measures the same slope."""
    for drawn, v in draws("the_role/derivative-of-a-unit"):
        w = np.array([float(v["w"])])

        def unit(w: Array = w, x: float = v["x"], b: float = v["b"]) -> float:
            return float(tanh(w * x + b)[0])

        [slope] = central_differences(unit, w, 1e-5)
        assert drawn.accepts(slope)


def test_standard_error_of_accuracy() -> None:
    """Accuracies of simulated test sets stray as far as the answer says, and as the library computes."""
    rng = np.random.default_rng(0)
    for drawn, v in draws("the_role/standard-error-of-accuracy"):
        p, n = v["p"], v["n"]
        assert drawn.accepts(standard_error(p, n))
        shares = rng.binomial(n, p, 20_000) / n
        assert abs(shares.std() / drawn.answer - 1) < 0.03


def test_samples_to_halve_the_error() -> None:
    """With the answer's number of samples the library's standard error has shrunk by the factor."""
    for drawn, v in draws("the_role/samples-to-halve-the-error"):
        n, factor = v["n"], v["factor"]
        assert np.isclose(standard_error(0.8, n), factor * standard_error(0.8, int(drawn.answer)))


def test_expected_loss() -> None:
    """The mean cross-entropy of samples in those shares is the answer."""
    for drawn, v in draws("the_role/expected-loss"):
        q, p = v["q"], v["p"]
        labels = (np.arange(1000) >= round(1000 * q)).astype(float)  # a share q of zeros
        loss, _ = binary_cross_entropy(np.full(1000, np.log(p / (1 - p))), labels)
        assert drawn.accepts(loss)


def test_bugs_in_a_training_loop() -> None:
    """Both listings parse, the second without the bugs; softmax twice costs ten classes 1.46 at the least."""
    [question] = [each for each in bank("the_role").questions if each.id == "bugs-in-a-training-loop"]
    assert isinstance(question.body, Rubric)
    listings = [text.split("```python\n")[1].split("```")[0] for text in (question.ask, question.body.answer)]
    called = [
        {ast.unparse(node.func) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)}
        for text in listings
    ]
    repairs = {"optimiser.zero_grad", "model.train", "model.eval", "torch.no_grad", "loss.item"}
    assert repairs & called[0] == set()
    assert repairs <= called[1]
    assert "torch.softmax" in called[0] - called[1]
    sure = np.eye(10)[:1]  # what the first softmax gives at best, taken for logits
    loss, _ = softmax_cross_entropy(sure, np.array([0]))
    assert loss == pytest.approx(1.46, abs=5e-3)
    assert np.exp(-loss) == pytest.approx(0.232, abs=5e-4)
