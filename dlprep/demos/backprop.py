"""Every slope of the loss, for the price of two more forward passes.

A small network learns to tell two moons apart, which no straight line can. First its gradient is checked
against central differences: move one parameter up and down by ε and see what the loss does. Then it trains on
that gradient. Then ε is varied, because too large a step cuts the corner and too small a one drowns in
rounding. Last, matrix products are counted, not timed, in ever larger networks.

Throughout:
    n points   X (n, 2) inputs   y (n, 1) labels 0 or 1   f the activation   ε the step of a difference
    W1 (2, h), b1 (h,), W2 (h, h) … W (h, 1), b (1,)      parameters, p numbers in all
    logit (n, 1)                                          above 0 says class 1; the field shows tanh(logit)

Try: `--activation sigmoid` and watch W1's gradient shrink; `--rate 10`; `--depth 1 --width 2`.

Source: Rumelhart, Hinton and Williams 1986, Nature 323 (the algorithm); Baur and Strassen 1983, Theoretical
Computer Science 22, and Griewank and Walther 2008, Evaluating Derivatives (a gradient costs a small constant
times its function, however many the parameters).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from dlprep.demo import (
    Bars,
    Claim,
    Control,
    Curve,
    Dots,
    Event,
    Field,
    Frame,
    Line,
    Table,
    knob,
    row,
    rows,
    scene,
)
from dlprep.nn import mlp
from dlprep.nn.activations import ACTIVATIONS, LINEAR, Array
from dlprep.nn.checks import mlpcheck
from dlprep.nn.checks.gradcheck import central_differences, relative_error
from dlprep.nn.checks.mlpcheck import both_ways, cost, far_from_kinks, passes, told_apart
from dlprep.nn.data.points import circles, moons
from dlprep.nn.lattice import around, lattice
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.mlp import CountedMatMul, Function, Layer, Layers, MatMul, Objective

DATA = {"moons": moons, "circles": circles}
POINTS = 100
EPSILON = 1e-5  # near the cube root of float64's unit roundoff, where central differences err least
AGREES = 1e-7


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    width: int = knob(8, "units in each hidden layer", 1, 64)
    depth: int = knob(2, "hidden layers", 1, 4)
    activation: str = knob("tanh", "the hidden units' activation", choices=tuple(ACTIVATIONS))
    data: str = knob("moons", "the points to tell apart", choices=tuple(DATA))
    rate: float = knob(0.5, "learning rate", 0.0, 10.0)
    steps: int = knob(600, "updates, each on all the points", 1, 5000)


NEVER = ("slope-agrees", "one-update")  # what no wrong gradient satisfies
CONTROLS = (
    Control("flipped-sign", "every hidden layer flips the gradient's sign", (*NEVER, "step-size-v")),
    Control("dropped-derivative", "f′ is left out on the way down", (*NEVER, "step-size-v")),
    Control("early-update", "the last layer moves before the gradient passes through it", NEVER),
    Control("linear-units", "the hidden units have no activation", ("learns", "loss-falls")),
)


def flipped(layers: Layers, hs: list[Array], dlogits: Array, slope: Function, matmul: MatMul) -> Layers:
    """`mlp.backward` with a minus too many."""
    return mlp.backward(layers, hs, dlogits, lambda h: -slope(h), matmul)


def dropped(layers: Layers, hs: list[Array], dlogits: Array, _slope: Function, matmul: MatMul) -> Layers:
    """`mlp.backward` as if every activation had slope 1."""
    return mlp.backward(layers, hs, dlogits, np.ones_like, matmul)


def early(rate: float, layers: Layers, hs: list[Array], dlogits: Array, *how: Callable[..., Array]) -> Layers:
    """`mlp.backward` by someone who updates as they go: through a last layer that has already moved."""
    *below, last = layers
    *_, h, logits = hs
    moved = mlp.descend([last], mlp.backward([last], [h, logits], dlogits, *how), rate)
    return mlp.backward([*below, *moved], hs, dlogits, *how)


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Check the gradient, train on it, vary ε, and count what it costs."""
    X, y = DATA[knobs.data](seed, POINTS)
    backward = {"flipped-sign": flipped, "dropped-derivative": dropped}
    backward["early-update"] = partial(early, knobs.rate)
    f = LINEAR if control == "linear-units" else ACTIVATIONS[knobs.activation]
    task = Objective(X, y[:, None], f, binary_cross_entropy, backward.get(str(control), mlp.backward))
    rng = np.random.default_rng(seed)
    layers = mlp.init(rng, sizes(knobs.width, knobs.depth))
    yield from check(task, layers, knobs.rate)
    yield from train(task, layers, knobs)
    yield straight(task, mlp.init(rng, [2, 1]), knobs)
    yield from vary_epsilon(far_from_kinks(task, layers), layers)
    yield from count(task, rng, knobs)


def sizes(width: int, depth: int) -> list[int]:
    """The widths of all layers: a plane in, hidden layers, a logit out."""
    return [2, *[width] * depth, 1]


def check(task: Objective, layers: Layers, rate: float) -> Iterator[Event]:
    """Put the untrained network's loss, its gradient under every activation, and one update to the test."""
    silent = [Layer(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]
    gap = abs(task.value(silent) - math.log(2))
    yield Claim("starts-at-ln2", "|loss − ln 2| where all logits are 0, all p = ½", gap, "<=", 1e-12)
    gap = mlpcheck.loss_gap(np.logspace(0, 3, len(task.y))[:, None], task.y)
    says = "sigmoid loss of z = softmax loss of (0, z), z to 1000, error"
    yield Claim("sigmoid-is-softmax", says, gap, "<=", 1e-12)
    once, measuring = CountedMatMul(), CountedMatMul()
    functions = dict.fromkeys((task.f, *ACTIVATIONS.values()))  # each of them once
    tasks = [far_from_kinks(replace(task, f=f), layers) for f in functions]
    slopes = [both_ways(each, layers, EPSILON, measuring) for each in tasks]
    tasks[0].value(layers, once)
    yield from scene("every slope, found in two ways", tables(*slopes[0]))
    pairs = [(np.concatenate(found), np.concatenate(measured)) for found, measured in slopes]
    error = float(np.max([relative_error(a, b) for a, b in pairs]))
    yield Claim("slope-agrees", "backprop's slopes = measured ones, relative error", error, "<=", AGREES)
    p, spent = sum(a.size for a, _ in pairs), measuring.multiply_adds / once.multiply_adds
    yield Claim("two-passes-each", f"forward passes to measure {p} slopes, by count", spent, "==", passes(p))
    gap = mlpcheck.update_gap(task, layers, rate)
    yield Claim("one-update", "step = −rate × gradient at the old weights, error", gap, "<=", 1e-12)


def tables(found: list[Array], measured: list[Array]) -> Iterator[tuple[str, tuple[Table]]]:
    """The first slope of W1, of b1, of W2 and so on, found and measured: one more line each time."""
    caption = f"One backward pass finds all slopes; moving a weight by ±{EPSILON:g} measures one."
    names = (f"{kind}{l}" for l in itertools.count(1) for kind in "Wb")
    firsts = ([f"{slopes[0]:+.9f}".replace("-", "−") for slopes in side] for side in (found, measured))
    lines = tuple(zip(names, *firsts, strict=False))
    for i, _ in enumerate(lines, start=1):
        yield caption, (Table("∂loss by the first number of each", ("", "backprop", "measured"), lines[:i]),)


def train(task: Objective, layers: Layers, knobs: Knobs) -> Iterator[Event]:
    """Descend the gradient over all the points, with a frame now and then."""
    network = "-".join(map(str, sizes(knobs.width, knobs.depth)))
    title = f"a {network} {knobs.activation} network learns two {knobs.data}"
    names = tuple(f"W{l}" for l, _ in enumerate(layers, start=1))
    shown = {round(step) for step in np.linspace(0, knobs.steps, 49)}
    guessing = Line("guessing", (math.log(2), math.log(2)), (0, knobs.steps))
    losses: list[float] = []
    for step in range(knobs.steps + 1):
        loss, gradients = task.gradient(layers)
        losses.append(loss)
        if step in shown:
            norms = row(np.linalg.norm(dW) for dW, _ in gradients)
            curve = Curve("loss", (Line("training", tuple(losses)), guessing), x="step")
            views = field(task, layers), curve, Bars("gradients", names, norms, log=True)
            told = told_apart(task, layers)
            caption = f"{told:.0%} of the points right; smallest gradient: {names[np.argmin(norms)]}."
            yield Frame(title, step, knobs.steps, caption, views, key=step in (0, knobs.steps))
        layers = mlp.descend(layers, gradients, knobs.rate)
    yield Claim("learns", "share of the training points told apart", told, ">=", 0.95)
    says = f"training loss in nats, down from {losses[0]:.2f}"
    yield Claim("loss-falls", says, losses[knobs.steps], "<=", 0.1)


def straight(task: Objective, line: Layers, knobs: Knobs) -> Claim:
    """Train as long without a hidden layer, which is logistic regression: its boundary is a straight line."""
    line = mlp.trained(task, line, knobs.rate, knobs.steps)
    return Claim("line-cannot", "share told apart by a straight line", told_apart(task, line), "<", 0.95)


def field(task: Objective, layers: Layers) -> Field:
    """tanh(logit) over the plane, with the points."""
    extent = around(task.X)
    *_, logits = mlp.forward(layers, lattice(extent), task.f.value)  # (33, 49, 1)
    one = task.y[:, 0].astype(bool)  # (n,)
    (x0, y0), (x1, y1) = map(row, task.X[~one].T), map(row, task.X[one].T)
    dots = Dots("class 0", x0, y0, "low"), Dots("class 1", x1, y1, "high")
    return Field("decision field", rows(np.tanh(logits[:, :, 0])), extent, dots)


def vary_epsilon(task: Objective, layers: Layers) -> Iterator[Event]:
    """Measure how fast the loss falls along −gradient, which is ‖gradient‖², with ε from 1 down to 1e-13."""
    _, gradients = task.gradient(layers)
    slope = -np.square(mlp.flat(gradients)).sum()
    t = np.zeros(1)
    steps = row(np.logspace(0, -13, 27))
    errors: list[float] = []
    moments = []
    for i, step in enumerate(steps, start=1):
        measured = central_differences(lambda: task.value(mlp.descend(layers, gradients, t[0])), t, step)
        errors.append(relative_error(measured, slope))
        lines = (Line("along the gradient", tuple(errors), steps[:i]),)
        best = f"Best: {steps[np.argmin(errors)]:.0e}."
        caption = f"Large ε cuts the corner: ∝ ε². Small ε drowns in rounding: ∝ 1/ε. {best}"
        curve = Curve("relative error", lines, "ε", log_x=True, log_y=True, at=AGREES)
        moments.append((caption, (curve,)))
    yield from scene("how large a step?", moments)
    first, *_, last = errors
    gain = min(first, last) / max(min(errors), np.finfo(float).eps)
    yield Claim("step-size-v", "error at the better end of the V / at its bottom", gain, ">=", 100)


def count(task: Objective, rng: np.random.Generator, knobs: Knobs) -> Iterator[Event]:
    """Count the multiply-adds of a gradient: in the network of the knobs, then in wider and wider ones."""
    _, per_weight, ratio = cost(task, mlp.init(rng, sizes(knobs.width, knobs.depth)))
    yield Claim("pass-is-weights", "multiply-adds per weight and point, going forward", per_weight, "==", 1)
    yield Claim("cost-bounded", "forward + backward, in forward passes, by count", ratio, "<", 3)
    networks = [mlp.init(rng, sizes(width, knobs.depth)) for width in (2, 4, 8, 16, 32, 64, 128)]
    p, _, ratios = zip(*(cost(task, layers) for layers in networks), strict=True)
    differences = tuple(map(passes, p))
    moments = []
    for i, (x, ratio, dear) in enumerate(zip(p, ratios, differences, strict=True), start=1):
        lines = Line("backpropagation", ratios[:i], p[:i]), Line("differences", differences[:i], p[:i])
        curve = Curve("forward passes for a gradient", lines, "parameters", log_x=True, log_y=True, at=3)
        caption = f"{x:,} parameters: {ratio:.2f} forward passes by backprop, {dear:,} by differences."
        moments.append((caption, (curve,)))
    yield from scene("what a gradient costs", moments)
    yield Claim("cost-flat", f"the same, dearest network up to {max(p):,} parameters", max(ratios), "<", 3)
