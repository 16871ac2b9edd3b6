"""The numeric answers on cost functions, recomputed from losses, gradients and searches."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dlprep.nn import scores
from dlprep.nn.activations import Array
from dlprep.nn.checks.losscheck import costs, lopsided
from dlprep.nn.faulty.losses import doubled
from dlprep.nn.losses import binary_cross_entropy, log_softmax, softmax_cross_entropy
from dlprep.nn.mlp import Layer, forward
from tests.banks import bank, draws


def logit(p: float) -> Array:
    """The logit of one probability."""
    return np.array([math.log(p / (1 - p))])


def test_cross_entropy_by_hand() -> None:
    """The library's loss of those logits is the answer; the probability of the right class is a slip."""
    for drawn, v in draws("cost/cross-entropy-by-hand"):
        Z = np.array([[v["a"], v["b"], v["c"]]])
        assert drawn.accepts(softmax_cross_entropy(Z, np.array([0]))[0])
        assert drawn.slip(float(np.exp(log_softmax(Z))[0, 0]))


def test_published_softmax() -> None:
    """The figures in an explanation: softmax of 2, 1, 0.1 is .659, .242, .099 and costs .417."""
    Z = np.array([[2, 1, 0.1]])
    np.testing.assert_allclose(np.exp(log_softmax(Z))[0], [0.659, 0.242, 0.099], atol=5e-4)
    assert softmax_cross_entropy(Z, np.array([0]))[0] == pytest.approx(0.417, abs=5e-4)


def test_loss_before_training() -> None:
    """A real last layer of zeros costs the answer, whatever it is given and whatever the labels."""
    rng = np.random.default_rng(0)
    for drawn, v in draws("cost/loss-before-training"):
        layer = Layer(np.zeros((3, v["k"])), np.zeros(v["k"]))
        *_, Z = forward([layer], rng.normal(size=(4, 3)), np.tanh)
        assert drawn.accepts(softmax_cross_entropy(Z, rng.integers(0, v["k"], 4))[0])


@pytest.mark.parametrize(("k", "loss"), [(10, 2.303), (1000, 6.908), (50257, 10.825)])
def test_published_losses_at_the_start(k: int, loss: float) -> None:
    """Ten classes, ImageNet's, GPT-2's tokens."""
    assert lopsided(softmax_cross_entropy, 0, k, 0) == pytest.approx(loss, abs=5e-4)


def test_best_constant() -> None:
    """Of all constants to two decimals, the answer has the least squared error, 11 the least absolute."""
    for drawn, v in draws("cost/best-constant"):
        y, c = np.array([9, 10, 11, 12, v["far"]], float), np.arange(900, 5001) / 100
        assert drawn.accepts(float(c[np.argmin(costs(scores.squared, c, y))]))
        assert drawn.slip(float(c[np.argmin(costs(scores.absolute, c, y))]))


def test_slope_at_the_logit() -> None:
    """The library's gradient of one example is the answer; squared error's is a slip."""
    for drawn, v in draws("cost/slope-at-the-logit"):
        z, y = np.array([v["z"]], float), np.ones(1)
        assert drawn.accepts(float(binary_cross_entropy(z, y)[1][0]))
        assert drawn.slip(float(scores.brier(z, y)[1][0]))


def test_published_slopes() -> None:
    """At logit −10, label 1: −0.99995 by cross-entropy, −9.1e-5 by squared error, 11,000 times less."""
    steep, flat = (
        float(score(np.array([-10.0]), np.ones(1))[1][0]) for score in (binary_cross_entropy, scores.brier)
    )
    assert steep == pytest.approx(-0.99995, abs=1e-5)
    assert flat == pytest.approx(-9.1e-5, abs=5e-7)
    assert steep / flat == pytest.approx(11_000, rel=0.01)


def test_triplet_by_hand() -> None:
    """Scaled by the margin, the triplet is a hinge at the logit (far − near) / margin."""
    for drawn, v in draws("cost/triplet-by-hand"):
        score = np.array([(v["far"] - v["near"]) / v["margin"]])
        assert drawn.accepts(v["margin"] * scores.hinge(score, np.ones(1))[0])


def test_hinge_and_log_loss() -> None:
    """At s·z = −10 both slopes are about −1, at 2 they are 0 and −.12; the hinge is least at 1 or −1."""
    z, s = np.array([-10.0, 2.0]), np.ones(2)
    np.testing.assert_allclose(2 * scores.hinge(z, s)[1], [-1, 0])
    np.testing.assert_allclose(2 * binary_cross_entropy(z, s)[1], [-1, -0.12], atol=1e-3)
    c = np.linspace(-3, 3, 61)
    for ones, best in ((51, 1), (99, 1), (49, -1), (1, -1)):
        y = np.repeat([1.0, 0.0], [ones, 100 - ones])
        assert c[np.argmin(costs(scores.hinge, c, y))] == pytest.approx(best)


def test_dice_by_hand() -> None:
    """The loss of two drawn masks is the answer, one minus their intersection over union a slip."""
    for drawn, v in draws("cost/dice-by-hand"):
        pixel = np.arange(10_000)
        thing, start = pixel < v["size"], v["size"] - v["found"]
        mask = (pixel >= start) & (pixel < v["size"] + v["extra"])
        both, either = np.sum(thing & mask), np.sum(thing | mask)
        assert drawn.accepts(float(1 - 2 * both / (thing.sum() + mask.sum())))
        assert drawn.slip(float(1 - both / either))


def test_weight_on_positives() -> None:
    """With positives repeated w times, the loss has no slope at the answer, and costs more on both sides."""
    for drawn, v in draws("cost/weight-on-positives"):
        ones, zeros = round(1000 * v["q"]) * v["w"], round(1000 * (1 - v["q"]))
        y = np.repeat([1.0, 0.0], [ones, zeros])
        z = np.full(y.size, logit(drawn.answer)[0])
        assert binary_cross_entropy(z, y)[1].sum() == pytest.approx(0, abs=1e-12)
        here, below, above = costs(binary_cross_entropy, z[0] + np.array([0, -0.1, 0.1]), y)
        assert here < min(below, above)


def test_floor_under_smoothing() -> None:
    """At the logits of the smoothed target the expected loss is the answer; no other logits go below."""
    rng = np.random.default_rng(0)
    for drawn, v in draws("cost/floor-under-smoothing"):
        k = v["k"]
        target = np.full(k, v["e"] / k) + (1 - v["e"]) * np.eye(1, k)[0]  # (k,)
        best, *others = (
            -float(target @ log_softmax(np.log(target)[None] + shift)[0])
            for shift in (0, *rng.normal(0, 0.3, (3, 1, k)))
        )
        assert drawn.accepts(best)
        assert min(others) > best


def test_price_of_a_review() -> None:
    """The dearest of the best automatic decisions, over a fine grid of p, costs the answer."""
    p = np.linspace(0, 1, 100_001)
    for drawn, v in draws("cost/price-of-a-review"):
        best = np.minimum(v["fraud"] * p, v["good"] * (1 - p))
        assert drawn.accepts(float(best.max()))
        assert drawn.slip(float(p[best.argmax()]))


def test_floor_of_softmax_applied_twice() -> None:
    """Certain and right, it costs 1.461 with 10 classes and .744 with 4, as the bank says."""
    for k, floor in ((10, 1.461), (4, 0.744)):
        assert lopsided(doubled, 1000, k, 0) == pytest.approx(floor, abs=5e-4)


def test_code_in_the_bank_runs() -> None:
    """The cross-entropy that a candidate should write is the library's."""
    [question] = [each for each in bank("cost").questions if each.name == "cost/implement-cross-entropy"]
    code = question.body.answer.split("```")[1].removeprefix("python\n")  # type: ignore[union-attr]  # a rubric
    names: dict[str, object] = {"np": np}
    exec(code, names)  # noqa: S102  our own bank
    rng = np.random.default_rng(0)
    Z, y = 300 * rng.normal(size=(5, 4)), rng.integers(0, 4, 5)
    loss, dZ = names["cross_entropy"](Z, y)  # type: ignore[operator]  # the function just defined
    right, dright = softmax_cross_entropy(Z, y)
    assert loss == pytest.approx(right, abs=1e-12)
    np.testing.assert_allclose(dZ, dright, atol=1e-15)


def test_pinball_at_a_half_is_absolute_error() -> None:
    """A fifth of the dollars lost is the pinball loss at .8; its least constant is the 80 % quantile."""
    y = np.arange(1.0, 11)
    c = np.arange(0, 12, 0.5)
    dollars = [np.mean(np.where(y > each, 4 * (y - each), each - y)) for each in c]
    pinball = [np.mean(np.maximum(0.8 * (y - each), 0.2 * (each - y))) for each in c]
    np.testing.assert_allclose(dollars, 5 * np.array(pinball))
    assert np.mean(y <= c[int(np.argmin(dollars))]) == pytest.approx(0.8)


def test_the_figures_of_validation_below_training() -> None:
    """A loss falling from 1 to 0.6 reads 0.8 on average; ε = 0.1 over 10 classes costs 0.50 at the least."""
    assert np.linspace(1, 0.6, 101).mean() == pytest.approx(0.8)
    labels = np.array([0.91, *[0.01] * 9])
    losses = [float(-labels @ log_softmax(np.array([[z, *[0] * 9]]))[0]) for z in np.linspace(0, 10, 1001)]
    assert min(losses) == pytest.approx(0.50, abs=5e-4)


def test_the_figures_of_two_tasks_one_network() -> None:
    """Thousands as units cost a million; L/(2σ²) + ln σ is least at σ² = L, where it is ½ + ½·ln L."""
    errors = np.random.default_rng(0).normal(size=100)
    assert np.mean((1000 * errors) ** 2) == pytest.approx(1e6 * np.mean(errors**2))
    sigma = np.linspace(0.05, 5, 100_000)
    for loss in (0.02, 0.7, 9.0):
        total = loss / (2 * sigma**2) + np.log(sigma)
        assert sigma[total.argmin()] ** 2 == pytest.approx(loss, rel=1e-2)
        assert total.min() == pytest.approx(0.5 + 0.5 * np.log(loss), abs=1e-5)
