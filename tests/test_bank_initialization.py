"""The initialisation bank's numbers, recomputed from real weights and real networks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from dlprep.bank import Rubric
from dlprep.nn import initial, mlp
from dlprep.nn.activations import ACTIVATIONS, relu, sigmoid
from dlprep.nn.conv import conv2d, conv2d_backward
from dlprep.nn.losses import binary_cross_entropy, log_softmax, softmax_cross_entropy
from dlprep.nn.signals import decades, growth, likeness, power, signals, stream
from tests.banks import bank, draws

RELU = ACTIVATIONS["relu"]


def test_he_standard_deviation() -> None:
    """The answer is the rule's σ, which keeps E[h²] through a real ReLU layer; 0.0884 for 256 inputs."""
    for drawn, v in draws("initialization/he-standard-deviation"):
        assert drawn.accepts(initial.he(v["inputs"], v["outputs"]))
    rng = np.random.default_rng(0)
    layers = initial.start(rng, [256, 1000, 1], initial.he)
    assert growth(signals(layers, rng.normal(size=(64, 256)), RELU).up) == pytest.approx(1, rel=0.05)
    assert initial.he(256, 1) == pytest.approx(0.0884, abs=5e-5)


def test_xavier_limit() -> None:
    """A uniform draw within the answer has Xavier's standard deviation; 0.125 for 256 and 128."""
    for drawn, v in draws("initialization/xavier-limit"):
        even = np.linspace(-drawn.answer, drawn.answer, 10_001)
        assert even.std() == pytest.approx(initial.xavier(v["inputs"], v["outputs"]), rel=1e-3)
    assert initial.limit(initial.xavier(256, 128)) == pytest.approx(0.125)


def test_he_for_a_convolution() -> None:
    """A real convolution whose weights have the answer's σ has E[z²] = 2 for inputs with E[x²] = 1."""
    rng = np.random.default_rng(0)
    for drawn, v in draws("initialization/he-for-a-convolution"):
        C, k = v["channels"], v["kernel"]
        assert drawn.accepts(initial.he(C * k * k, v["filters"]))
    X, W = rng.normal(size=(8, 16, 9, 9)), rng.normal(0, initial.he(16 * 3 * 3, 96), (96, 16, 3, 3))
    assert power(relu(conv2d(X, W, np.zeros(96)))) == pytest.approx(1, rel=0.05)


def test_framework_default() -> None:
    """A real stack of uniform weights within ±1/√n loses a factor of 6 in each layer."""
    rng, n = np.random.default_rng(0), 600
    layers = initial.start(rng, [n, n, n, 1], lambda a, _b: 1 / math.sqrt(3 * a), initial.uniform)
    assert np.abs(layers[0].W).max() == pytest.approx(1 / math.sqrt(n), rel=1e-3)
    factor = growth(signals(layers, rng.normal(size=(32, n)), RELU).up)
    assert factor == pytest.approx(1 / 6, rel=0.05)
    for drawn, v in draws("initialization/framework-default"):
        assert drawn.answer == pytest.approx(factor ** v["layers"], rel=0.05 * v["layers"])


def test_default_biases_stop_the_fall() -> None:
    """With its biases PyTorch's default levels off near 1/(5n), where all inputs look the same."""
    rng, n = np.random.default_rng(0), 256
    h, r = rng.normal(size=(8, n)), 1 / math.sqrt(n)
    for _ in range(40):
        h = relu(h @ rng.uniform(-r, r, (n, n)) + rng.uniform(-r, r, n))
    assert power(h) == pytest.approx(1 / (5 * n), rel=0.5)
    assert np.ptp(h, axis=0).max() < 1e-12


def test_he_for_leaky_relu() -> None:
    """Weights of the answer's σ keep E[h²] through a real leaky ReLU layer."""
    rng = np.random.default_rng(0)
    for drawn, v in draws("initialization/he-for-leaky-relu"):
        z = rng.normal(size=(64, v["inputs"])) @ rng.normal(0, drawn.answer, (v["inputs"], 2000))
        assert power(np.where(z > 0, z, v["slope"] * z)) == pytest.approx(1, rel=0.05)


def test_tanh_started_too_large() -> None:
    """At ten times Xavier's σ units saturate, near inputs part, and gradients grow fivefold per layer."""
    rng, n = np.random.default_rng(0), 200
    x = rng.normal(size=(1, n))
    layers = initial.start(rng, [*[n] * 51, 1], lambda a, b: 10 * initial.xavier(a, b))
    found = signals(layers, np.vstack([x, x + 1e-3 * rng.normal(size=(1, n))]), ACTIVATIONS["tanh"])
    assert (np.abs(found.hs[-1]) > 0.9).mean() > 0.7
    assert abs(likeness(found.hs[-1])[0, 1]) < 0.4
    assert 1 / growth(found.down) == pytest.approx(5, rel=0.2)


def test_loud_head_starts_near_16() -> None:
    """Ten logits of standard deviation 10 start at a loss of about 16, the mean of many heads."""
    rng = np.random.default_rng(0)
    starts = [
        softmax_cross_entropy(
            rng.normal(size=(200, 100)) @ rng.normal(size=(100, 10)), rng.integers(10, size=200)
        )[0]
        for _ in range(40)
    ]
    assert np.mean(starts) == pytest.approx(15.6, abs=0.6)


def test_mean_square_after_layers() -> None:
    """One draw of the stack comes near the answer: within four standard deviations of its wandering."""
    for drawn, v in list(draws("initialization/mean-square-after-layers"))[:4]:
        n, L = v["width"], v["depth"]
        rng = np.random.default_rng(1)
        layers = initial.start(rng, [*[n] * (L + 1), 1], initial.fixed(v["sigma"]))
        measured = decades(signals(layers, rng.normal(size=(8, n)), RELU).up)
        drift, wander = -5 * L / (2 * n), math.sqrt(5 * L / n)  # in natural units
        assert abs((measured - drawn.answer) * math.log(10) - drift) < 4 * wander


def test_wandering_of_one_draw() -> None:
    """The logarithm of E[h²] spreads by √(5L/n) over L layers of width n: 1.6 for 50 layers of 100."""
    z = np.random.default_rng(0).normal(size=(1000, 50, 100))  # given h, pre-activations are normal
    climbs = np.log(2 * np.square(relu(z)).mean(axis=2)).sum(axis=1)  # of 1,000 stacks
    assert climbs.std() == pytest.approx(math.sqrt(5 * 50 / 100), rel=0.1)


def test_residual_projection() -> None:
    """So many branches of the answer's σ add up to the variance of one that is not scaled."""
    for drawn, v in draws("initialization/residual-projection"):
        assert 2 * v["blocks"] * drawn.answer**2 == pytest.approx(v["sigma"] ** 2)
        assert drawn.accepts(v["sigma"] * initial.branch(2 * v["blocks"]))


@pytest.mark.parametrize(("branches", "end"), [(50, 2.69), (64, 2.70)])
def test_scaled_branches_stay_below_e(branches: int, end: float) -> None:
    """When a branch's output is as large as the stream, N branches times 1/√N end at (1 + 1/N)ᴺ."""
    rng = np.random.default_rng(0)
    stack = [initial.start(rng, [100] * (branches + 1), initial.he) for _ in range(6)]
    gain, X = initial.branch(branches), rng.normal(size=(8, 100))
    ends = [power(stream(layers, X, relu, gain)) for layers in stack]
    assert np.mean(ends) == pytest.approx(end, rel=0.2)
    assert (1 + 1 / branches) ** branches == pytest.approx(end, abs=0.005)
    assert power(stream(stack[0], X, relu, 1)) == pytest.approx(2**branches, rel=0.95)


def test_output_bias() -> None:
    """A sigmoid of the answer is the share, and there the loss on such labels has no slope."""
    for drawn, v in draws("initialization/output-bias"):
        labels = np.arange(100) < v["percent"]
        loss, slope = binary_cross_entropy(np.full(100, drawn.answer), labels)
        assert sigmoid(np.array(drawn.answer)) == pytest.approx(v["percent"] / 100)
        assert slope.sum() == pytest.approx(0, abs=1e-12)
        assert loss < math.log(2)


def test_forget_gate() -> None:
    """The answer is the product of the gates of a real sigmoid; 2.5e-14 after 100 steps at bias 1."""
    for drawn, v in draws("initialization/forget-gate"):
        gates = sigmoid(np.full(v["steps"], float(v["bias"])))
        assert drawn.answer == pytest.approx(gates.prod())
    assert sigmoid(np.ones(100)).prod() == pytest.approx(2.5e-14, rel=0.01)


@pytest.mark.parametrize(("classes", "loss"), [(10, 2.303), (20, 2.996), (50257, 10.825)])
def test_loss_at_step_zero(classes: int, loss: float) -> None:
    """Equal logits have the loss ln K."""
    assert softmax_cross_entropy(np.zeros((2, classes)), np.array([0, 7]))[0] == pytest.approx(loss, abs=5e-4)


def test_unrelated_inputs_after_one_relu_layer() -> None:
    """Two orthogonal inputs have cosine 1/π after a wide ReLU layer."""
    [(W, _)] = initial.start(np.random.default_rng(0), [2, 200_000], initial.he)
    cosines = likeness(relu(np.eye(2) @ W))
    assert cosines[0, 1] == pytest.approx(1 / math.pi, abs=0.005)


def test_a_silent_first_layer_gets_no_gradient() -> None:
    """A first ReLU layer of zeros gets a gradient of exactly 0, however random the other layers are."""
    rng = np.random.default_rng(0)
    layers = initial.start(rng, [3, 8, 8, 1], initial.he)
    layers[0] = mlp.Layer(*map(np.zeros_like, layers[0]))
    task = mlp.Objective(rng.normal(size=(20, 3)), rng.integers(0, 2, (20, 1)), RELU, binary_cross_entropy)
    assert not task.gradient(layers)[1][0].W.any()


def test_the_listing_runs() -> None:
    """The bank's own code: its matrix is orthogonal, its draws have their σ, its probe is flat."""
    [listing] = [q.body for q in bank("initialization").questions if q.id == "implement-and-probe"]
    assert isinstance(listing, Rubric)
    space: dict[str, Any] = {"np": np}
    exec(listing.answer.split("```python\n")[1].split("```")[0], space)  # noqa: S102  the bank's own text
    rng = np.random.default_rng(0)
    Q = space["orthogonal"](rng, 20)
    np.testing.assert_allclose(Q @ Q.T, np.eye(20), atol=1e-12)
    assert space["xavier"](rng, 300, 100).std() == pytest.approx(initial.xavier(300, 100), rel=0.02)
    weights = [space["he"](rng, 200, 200) for _ in range(5)]
    for square, zeros in space["probe"](weights, rng.normal(size=(64, 200))):
        assert 0.4 < square < 2.5
        assert zeros == pytest.approx(0.5, abs=0.1)


def test_five_channels_for_three() -> None:
    """Zeros leave the output as it was and still learn; means times 3/5 keep it where channels are alike."""
    rng = np.random.default_rng(0)
    W, b, X = rng.normal(size=(4, 3, 3, 3)), rng.normal(size=4), rng.normal(size=(2, 5, 6, 6))
    before = conv2d(X[:, :3], W, b)
    wider = np.concatenate([W, np.zeros((4, 2, 3, 3))], axis=1)
    np.testing.assert_allclose(conv2d(X, wider, b), before, atol=1e-12)
    _, dW, _ = conv2d_backward(before, X, wider)
    assert np.all(np.abs(dW[:, 3:]).max(axis=(1, 2, 3)) > 0)  # the new weights of every filter
    mean = W.mean(axis=1, keepdims=True)
    scaled = np.concatenate([W, mean, mean], axis=1) * 3 / 5
    alike = np.repeat(X[:, :1], 5, axis=1)
    np.testing.assert_allclose(conv2d(alike, scaled, b), conv2d(alike[:, :3], W, b), atol=1e-12)


def test_new_tokens_at_the_mean() -> None:
    """Each of k tokens whose vector is the mean of V others has a probability of at most 1/(V + k)."""
    rng = np.random.default_rng(0)
    for scale in (0, 0.1, 3):
        E, H = scale * rng.normal(size=(50, 8)) + 1, rng.normal(size=(200, 8))
        logits = H @ np.concatenate([E, np.tile(E.mean(axis=0), (4, 1))]).T
        chances = np.exp(log_softmax(logits))[:, 50:]
        assert chances.max() <= 1 / 54 + 1e-12
