"""The backpropagation bank's numbers, recomputed by real passes, counted work and measured slopes."""

from __future__ import annotations

import re
from itertools import chain
from math import e
from typing import Any

import numpy as np
import pytest

from dlprep.bank import Choice, Question, Rubric
from dlprep.nn import dense, mlp
from dlprep.nn.activations import ACTIVATIONS, LINEAR, Activation, Array, relu, sigmoid, sigmoid_slope
from dlprep.nn.checks import mlpcheck
from dlprep.nn.checks.gradcheck import central_differences, relative_error
from dlprep.nn.losses import softmax_cross_entropy
from dlprep.nn.mlp import CountedMatMul, Layer, Layers, Objective
from dlprep.nn.quadratic import walk
from tests.banks import bank, draws

LISTING = re.compile(r"```python\n(.*?)```", re.DOTALL)
TANH = ACTIVATIONS["tanh"]


def question(name: str) -> Question:
    """One question of the bank."""
    [found] = [each for each in bank("backprop").questions if each.id == name]
    return found


def listings(name: str) -> list[str]:
    """The Python code in a question and in its model answer."""
    found = question(name)
    answer = found.body.answer if isinstance(found.body, Rubric) else ""
    return LISTING.findall(found.ask) + LISTING.findall(answer)


def half_square(p: Array, y: Array) -> tuple[float, Array]:
    """½·(p − y)² and its slope by p."""
    return float(((p - y) ** 2).sum() / 2), p - y


def total(p: Array, _: Array) -> tuple[float, Array]:
    """The output itself as the loss."""
    return float(p.sum()), np.ones_like(p)


def scalars(*weights: float) -> Layers:
    """A layer with one weight and no bias to speak of for each number."""
    return [Layer(np.array([[float(w)]]), np.zeros(1)) for w in weights]


def slopes_by_differences(task: Objective, layers: Layers, step: float = 1e-5) -> Array:
    """The slope of the loss by every parameter, measured."""
    arrays = chain(*layers)
    return np.concatenate([central_differences(lambda: task.value(layers), a, step).ravel() for a in arrays])


def step_cost(X: Array, layers: Layers) -> tuple[int, int]:
    """Multiply-adds of a forward pass, and of forward and backward together."""
    task = Objective(X, np.zeros((len(X), layers[-1].b.size)), LINEAR, half_square)
    once, both = CountedMatMul(), CountedMatMul()
    task.value(layers, once)
    task.gradient(layers, both)
    return once.multiply_adds, both.multiply_adds


def test_entries_in_weight_gradient() -> None:
    """A layer's backward pass gives that many for W; for X, for b as well, or for dZ it gives slips."""
    for drawn, v in draws("backprop/entries-in-weight-gradient"):
        X, dZ = np.ones((v["batch"], v["inputs"])), np.ones((v["batch"], v["outputs"]))
        found = dense.backward(X, np.ones((v["inputs"], v["outputs"])), dZ)
        assert drawn.accepts(found.W.size)
        assert all(map(drawn.slip, (found.X.size, dZ.size, found.W.size + found.b.size)))


def test_finite_difference_cost() -> None:
    """Central differences over a real network's parameters call the loss that often."""
    for drawn, v in draws("backprop/finite-difference-cost"):
        layers, calls = mlp.init(np.random.default_rng(0), (v["inputs"], v["hidden"], v["outputs"])), [0]

        def count(calls: list[int] = calls) -> float:
            calls[0] += 1
            return 0

        for array in chain(*layers):
            central_differences(count, array, 1e-5)
        assert drawn.accepts(calls[0])
        assert mlpcheck.passes(mlp.flat(layers).size) == calls[0]


def test_chain_by_hand() -> None:
    """Backpropagation and central differences on the network asked about."""
    leaky = Activation(lambda z: np.where(z > 0, z, 0.1 * z), lambda h: np.where(h > 0, 1, 0.1))
    for drawn, v in draws("backprop/chain-by-hand"):
        layers = scalars(v["w1"], v["w2"])
        task = Objective(np.array([[float(v["x"])]]), np.array([[v["y"]]]), leaky, half_square)
        assert drawn.accepts(task.gradient(layers)[1][0].W.item())
        assert drawn.answer == pytest.approx(slopes_by_differences(task, layers)[0])
        plain = Objective(task.X, task.y, ACTIVATIONS["relu"], half_square)
        assert drawn.slip(plain.gradient(layers)[1][0].W.item())


def test_product_of_scalars() -> None:
    """The first weight's gradient in a chain of real layers; all uses of one shared weight make a slip."""
    for drawn, v in draws("backprop/product-of-scalars"):
        task = Objective(np.array([[float(v["x"])]]), np.zeros(1), LINEAR, total)
        value, gradients = task.gradient(scalars(*[v["a"]] * v["k"]))
        assert drawn.accepts(gradients[0].W.item())
        assert drawn.slip(sum(each.W.item() for each in gradients))
        assert drawn.slip(value)


def test_value_used_twice() -> None:
    """The graph's slope, measured; and by the bank's own automatic differentiation once it adds up."""
    value = automatic(fixed=True)
    for drawn, v in draws("backprop/value-used-twice"):
        a, b = np.array([float(v["a"])]), float(v["b"])

        def graph(a: Array = a, b: float = b) -> float:
            u = a[0] * b
            return float(u * (u + a[0]))

        assert drawn.answer == pytest.approx(central_differences(graph, a, 1e-4)[0])
        x, y = value(v["a"]), value(v["b"])
        u = x * y
        (u * (u + x)).backward()
        assert drawn.accepts(x.grad)


def automatic(*, fixed: bool) -> Any:
    """The class of tiny-autograd, as it stands or with its `+=`."""
    [code] = listings("tiny-autograd")
    names: dict[str, Any] = {}
    exec(code.replace("self.grad = g", "self.grad += g") if fixed else code, names)  # noqa: S102  our own bank's
    return names["Value"]


def test_the_listing_of_tiny_autograd_runs() -> None:
    """Right on chains; x·x + x at 3 leaves 1 where 7 is right; += gives 7, along 2ⁿ paths for squarings."""
    for fixed, expected in ((False, 1), (True, 7)):
        value = automatic(fixed=fixed)
        x = value(3.0)
        (x * x + x).backward()
        assert x.grad == expected
        straight = value(2.0)
        (straight * value(3.0) * value(4.0)).backward()
        assert straight.grad == 12
    y = x = value(1.0)
    for _ in range(6):
        y = y * y
    y.backward()
    assert x.grad == 2**6  # each of as many paths brings 1


def test_every_listing_is_run_or_torch() -> None:
    """No other question has Python code."""
    found = [each.id for each in bank("backprop").questions if listings(each.id)]
    assert found == ["tiny-autograd", "detach-or-overwrite"]
    assert "torch" in listings("detach-or-overwrite")[0]


def test_forward_and_backward_cost() -> None:
    """Counted in real passes; the slips are the passes by themselves."""
    rng = np.random.default_rng(0)
    for drawn, v in draws("backprop/forward-and-backward-cost"):
        layers = mlp.init(rng, (v["d"], v["h"], v["k"]))
        once, both = step_cost(np.ones((v["n"], v["d"])), layers)
        assert drawn.accepts(both)
        assert drawn.slip(once)
        assert drawn.slip(both - once)
    once, both = step_cost(np.ones((1, 784)), mlp.init(rng, (784, 128, 10)))
    assert both / once == pytest.approx(2.01, abs=5e-3)


def test_best_step() -> None:
    """Of many steps the answer's neighbours have the least error of that form."""
    steps = np.geomspace(1e-7, 1, 20_001)
    for drawn, v in draws("backprop/best-step"):
        errors = steps**2 * v["third"] / 6 + v["u"] * v["size"] / steps
        assert drawn.accepts(steps[errors.argmin()])


def test_best_step_of_a_real_difference() -> None:
    """For exp at 0, where F = T = 1, errors measured in float64 are least near 9e-6, in float32 near 7e-3."""
    for kind, best in ((np.float64, 9e-6), (np.float32, 7e-3)):
        near = np.geomspace(best / 3, best * 3, 60)
        far = np.concatenate([near / 100, near * 100])
        wrong = [
            np.mean([abs((np.exp(kind(s)) - np.exp(kind(-s))) / kind(2 * s) - 1) for s in steps])
            for steps in (near, far)
        ]
        assert wrong[0] < wrong[1] / 20
        assert (3 * np.finfo(kind).eps) ** (1 / 3) == pytest.approx(best, rel=0.06)


def held(layers: int) -> int:
    """The most activations held at once: a checkpoint a segment, and the segment recomputed."""
    segment = round(layers**0.5)
    checkpoints = range(0, layers, segment)
    most = 0
    for start in reversed(checkpoints):
        recomputed = [*range(start, min(start + segment, layers))]
        most = max(most, len(checkpoints) + len(recomputed))  # both parts counted in full
    return most


def test_checkpoint_memory() -> None:
    """The peak of a schedule carried out layer by layer."""
    for drawn, v in draws("backprop/checkpoint-memory"):
        assert drawn.accepts(held(v["layers"]) * v["each"])


def test_checkpoint_bill() -> None:
    """The recomputed share of a forward pass, as counted multiply-adds of a deep network's step."""
    layers = mlp.init(np.random.default_rng(0), [4] * 401)
    _, both = step_cost(np.ones((1, 4)), layers)  # 3 forward passes, but for the inputs' gradient
    for drawn, v in draws("backprop/checkpoint-bill"):
        again, _ = step_cost(np.ones((1, 4)), layers[: 4 * v["share"]])
        assert drawn.accepts(v["gpus"] * v["days"] * 24 * v["price"] * again / both)


def test_published_check_values() -> None:
    """2P forward passes; ε ≈ 9e-6; ∂L/∂w₁ = (p − y)·w₂·act′(z)·x for single digits."""
    layers = mlp.init(np.random.default_rng(0), (9, 32, 3))
    assert mlp.flat(layers).size == 419
    assert mlpcheck.passes(419) == 838
    task = Objective(np.array([[2.0]]), np.array([[1.0]]), TANH, half_square)
    z = 2 * 0.3
    expected = (3 * np.tanh(z) - 1) * 3 * (1 - np.tanh(z) ** 2) * 2
    assert task.gradient(scalars(0.3, 3))[1][0].W.item() == pytest.approx(expected)


def test_figures_of_updating_too_early() -> None:
    """∂L/∂w₁ is 4; with w₂ moved to 1 in the middle of the backward pass it comes out as 2."""

    def early(layers: Layers, hs: list[Array], dlogits: Array, slope: Any, matmul: Any) -> Layers:
        last = mlp.backward(layers, hs, dlogits, slope, matmul)[-1]
        moved = [layers[0], Layer(layers[1].W - 0.5 * last.W, layers[1].b)]
        assert moved[1].W.item() == 1
        return mlp.backward(moved, hs, dlogits, slope, matmul)

    for backward, expected in ((mlp.backward, 4), (early, 2)):
        task = Objective(np.ones((1, 1)), np.zeros((1, 1)), LINEAR, half_square, backward)
        assert task.gradient(scalars(1, 2))[1][0].W.item() == expected


def test_figures_of_until_the_minimum() -> None:
    """On w² at rate 1.1 an update multiplies w by −1.2."""
    assert walk(lambda w: 2 * w, np.ones(1), 1.1, 2)[:, 0] == pytest.approx([1, -1.2, 1.44])


def test_figures_of_the_kink() -> None:
    """At 0 a central difference of ReLU is 0.5 at any step; ReLU(x) − ReLU(−x) has measured slope 1."""
    x = np.zeros(1)
    for step in (1e-1, 1e-5):
        assert central_differences(lambda: float(relu(x)[0]), x, step) == pytest.approx(0.5)
    assert central_differences(lambda: float((relu(x) - relu(-x))[0]), x, 1e-3) == pytest.approx(1)


def test_figures_of_a_float32_check() -> None:
    """To the order of magnitude 1e-2 at 1e-5 and 3e-5 at 7e-3 in float32; 4e-11 at 1e-5 in float64."""

    def error(kind: type, step: float) -> float:
        found = []
        for seed in range(5):
            rng = np.random.default_rng(seed)
            X: Array = rng.normal(size=(20, 4)).astype(kind)
            y = rng.integers(3, size=20)
            layers = [Layer(W.astype(kind), b.astype(kind)) for W, b in mlp.init(rng, (4, 6, 3))]
            task = Objective(X, y, TANH, softmax_cross_entropy)
            slopes = slopes_by_differences(task, layers, step)
            found.append(relative_error(slopes, mlp.flat(task.gradient(layers)[1])))
        return float(np.median(found))

    measured = [error(np.float32, 1e-5), error(np.float32, 7e-3), error(np.float64, 1e-5)]
    assert np.log10(measured) == pytest.approx(np.log10([1e-2, 3e-5, 4e-11]), abs=0.7)


def test_figures_of_a_check_that_passes() -> None:
    """Softmax twice passes the check, and with 10 classes its loss is never below ln(1 + 9/e) = 1.46."""

    def twice(logits: Array, labels: Array) -> tuple[float, Array]:
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        value, dp = softmax_cross_entropy(p, labels)
        return value, p * (dp - (p * dp).sum(axis=1, keepdims=True))

    sure = 99 * np.eye(10)
    assert twice(sure, np.arange(10))[0] == pytest.approx(np.log(1 + 9 / e)) == pytest.approx(1.461, abs=5e-4)
    assert softmax_cross_entropy(np.zeros((1, 10)), np.zeros(1, int))[0] == pytest.approx(2.30, abs=5e-3)
    rng = np.random.default_rng(0)
    task = Objective(rng.normal(size=(6, 3)), rng.integers(10, size=6), TANH, twice)
    layers = mlp.init(rng, (3, 5, 10))
    assert relative_error(slopes_by_differences(task, layers), mlp.flat(task.gradient(layers)[1])) < 1e-7


def test_figures_of_find_the_bug() -> None:
    """Without tanh′ the ratio is 1/(1 − h²) for all weights into a unit; 9.3 means |h| = 0.94."""
    rng = np.random.default_rng(0)
    layers = mlp.init(rng, (3, 5, 1))
    broken = Activation(TANH.value, np.ones_like)
    X, y = rng.normal(size=(1, 3)), np.ones((1, 1))
    right, wrong = (Objective(X, y, f, half_square).gradient(layers)[1] for f in (TANH, broken))
    h = mlp.forward(layers, X, TANH.value)[1]
    assert np.array_equal(wrong[1].W, right[1].W)
    factors = wrong[0].W / right[0].W  # (3, 5)
    assert factors == pytest.approx(np.tile(1 / (1 - h**2), (3, 1)))
    assert np.sqrt(1 - 1 / 9.3) == pytest.approx(0.94, abs=5e-3)


def test_options_of_the_lines_of_a_dense_layer() -> None:
    """Exactly the right options are the measured gradients of W, W, X, b and X."""
    rng = np.random.default_rng(0)
    X, W, b, T = (rng.normal(size=shape) for shape in ((4, 3), (3, 2), (2,), (4, 2)))

    def loss() -> float:
        return float(((np.tanh(X @ W + b) - T) ** 2).sum() / len(X))

    A = np.tanh(X @ W + b)
    G = 2 * (A - T) / len(X)
    D = G * (1 - A * A)
    said = [(W, X.T @ D), (W, X.T @ G), (X, D @ W.T), (b, D.mean(axis=0)), (X, G @ W.T)]
    body = question("lines-of-a-dense-layer").body
    assert isinstance(body, Choice)
    for option, (array, claimed) in zip(body.options, said, strict=True):
        assert (relative_error(central_differences(loss, array, 1e-5), claimed) < 1e-7) == option.right


def test_figures_of_through_time() -> None:
    """Over 100 steps 0.9 leaves 3e-5 and 1.1 makes 14,000; a shared weight gets 2·w·x from two uses."""

    def reached(factor: float, steps: int) -> float:
        task = Objective(np.ones((1, 1)), np.zeros(1), LINEAR, total)
        return float(task.gradient(scalars(1, *[factor] * steps))[1][0].W.item())

    assert reached(0.5, 50) == pytest.approx(9e-16, rel=0.02)  # product-of-scalars
    assert reached(0.9, 100) == pytest.approx(3e-5, rel=0.15)
    assert reached(1.1, 100) == pytest.approx(14_000, rel=0.02)
    assert reached(1.5, 50) == pytest.approx(6e8, rel=0.1)  # exploding-gradients
    both = Objective(np.full((1, 1), 3.0), np.zeros(1), LINEAR, total).gradient(scalars(0.7, 0.7))[1]
    assert sum(each.W.item() for each in both) == pytest.approx(2 * 0.7 * 3)


def norm_clipped(layers: Layers, c: float) -> Layers:
    """Every gradient times min(1, c/‖g‖), g being all of them."""
    factor = min(1, c / float(np.linalg.norm(mlp.flat(layers))))
    return [Layer(factor * W, factor * b) for W, b in layers]


def turned(a: Array, b: Array) -> float:
    """The angle between two vectors, in degrees."""
    return float(np.degrees(np.arccos(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))))


def test_figures_of_exploding_gradients() -> None:
    """At c = 1 (100, 1) is cut to (1.00, 0.01) by norm and (1, 1) by value, 44° off; ∞ · 0 is NaN."""
    gradient = [Layer(np.array([[100.0]]), np.array([1.0]))]
    by_norm, by_value = mlp.flat(norm_clipped(gradient, 1)), mlp.flat(gradient).clip(-1, 1)
    assert by_norm.round(2).tolist() == [1, 0.01]
    assert by_value.tolist() == [1, 1]
    assert turned(by_norm, mlp.flat(gradient)) == pytest.approx(0, abs=1e-4)
    assert turned(by_value, mlp.flat(gradient)) == pytest.approx(44, abs=0.5)
    with np.errstate(invalid="ignore"):
        broken = norm_clipped([Layer(np.array([[np.inf]]), np.array([1.0]))], 1)
    assert np.isnan(broken[0].W).all()
    assert broken[0].b.tolist() == [0]
    rng = np.random.default_rng(0)
    task = Objective(rng.normal(size=(8, 3)), rng.integers(4, size=8), TANH, softmax_cross_entropy)
    layers = mlp.init(rng, (3, 5, 4))
    clipped = norm_clipped(task.gradient(layers)[1], 0.1)
    moved = mlp.flat(mlp.descend(layers, clipped, 2)) - mlp.flat(layers)
    assert np.linalg.norm(moved) == pytest.approx(2 * 0.1)  # rate × c, and never more


def test_figures_of_detach_or_overwrite() -> None:
    """The slope from the sigmoid's output at 0 is 0.25, from what += leaves there 0.24."""
    p = sigmoid(np.zeros(1))
    assert sigmoid_slope(p).item() == pytest.approx(0.25)
    p += 0.1
    assert sigmoid_slope(p).item() == pytest.approx(0.24)


def test_figures_of_the_checkpoint_decision() -> None:
    """75 GB with two micro-batches, 34 GB left of the activations, at most 23 in segments, a fifth more."""
    blocks, bytes_each = 64, 90 / 64
    halves = 30 + 90 / 2
    assert halves == pytest.approx(75)
    assert (blocks - 40) * bytes_each == pytest.approx(34, abs=0.5)
    assert held(blocks) * bytes_each == pytest.approx(23, abs=0.6)
    layers = mlp.init(np.random.default_rng(0), [4] * 641)
    again, _ = step_cost(np.ones((1, 4)), layers[:400])
    assert again / step_cost(np.ones((1, 4)), layers)[1] == pytest.approx(1 / 5, abs=0.01)


def test_figures_of_the_curvature_budget() -> None:
    """A product of differences of the gradient finds the largest eigenvalue of a real network's Hessian."""
    rng = np.random.default_rng(0)
    task = Objective(rng.normal(size=(20, 2)), rng.integers(2, size=20), TANH, softmax_cross_entropy)
    layers = mlp.init(rng, (2, 3, 2))

    def gradient(at: Array) -> Array:
        return mlp.flat(task.gradient(unflat(at, layers))[1])

    at = mlp.flat(layers)
    H = np.column_stack([(gradient(at + d) - gradient(at - d)) / 2e-5 for d in 1e-5 * np.eye(at.size)])
    v = rng.normal(size=at.size)
    times = (gradient(at + 1e-5 * v) - gradient(at - 1e-5 * v)) / 2e-5
    assert times == pytest.approx(H @ v, abs=1e-6)
    assert np.diag(H).max() < np.linalg.eigvalsh(H).max()  # the diagonal is a lower bound
    assert 30 * np.broadcast_to(np.float32(0), 10**8).nbytes == pytest.approx(12e9)


def unflat(numbers: Array, like: Layers) -> Layers:
    """The layers whose parameters, in one vector, are those numbers."""
    found, at = [], 0
    for W, b in like:
        weights, biases, rest = np.split(numbers[at:], [W.size, W.size + b.size])
        found.append(Layer(weights.reshape(W.shape), biases))
        at = numbers.size - rest.size
    return found
