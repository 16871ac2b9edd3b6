"""Every slope of the loss, for the price of two more forward passes.

A small network learns to tell two moons apart. First its gradient is checked against central differences:
move one parameter up and down by ε and see what the loss does. Then it trains on that gradient. Then ε is
varied, because too large a step cuts the corner and too small a one drowns in rounding. Last, matrix products
are counted, not timed, in ever larger networks.

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

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

import numpy as np

from dlprep.demo import Bars, Claim, Control, Curve, Dots, Event, Field, Frame, Line, Table, knob, row, rows
from dlprep.nn import mlp
from dlprep.nn.activations import ACTIVATIONS, Array
from dlprep.nn.gradcheck import central_differences, probes, relative_error
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.mlp import CountedMatMul, Function, Layer, Layers, MatMul, Objective
from dlprep.nn.points import circles, moons

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
)


def flipped(layers: Layers, hs: list[Array], dlogits: Array, slope: Function, matmul: MatMul) -> Layers:
    """`mlp.backward` with a minus too many."""
    return mlp.backward(layers, hs, dlogits, lambda h: -slope(h), matmul)


def dropped(layers: Layers, hs: list[Array], dlogits: Array, _slope: Function, matmul: MatMul) -> Layers:
    """`mlp.backward` as if every activation had slope 1."""
    return mlp.backward(layers, hs, dlogits, np.ones_like, matmul)


def early(rate: float, layers: Layers, hs: list[Array], dlogits: Array, *how: Callable[..., Array]) -> Layers:
    """`mlp.backward` by someone who updates as they go: through a last layer that has already moved."""
    last = mlp.backward(layers[-1:], hs[-2:], dlogits, *how)
    return mlp.backward(layers[:-1] + mlp.descend(layers[-1:], last, rate), hs, dlogits, *how)


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Check the gradient, train on it, vary ε, and count what it costs."""
    X, y = DATA[knobs.data](seed, POINTS)
    backward = {None: mlp.backward, "flipped-sign": flipped, "dropped-derivative": dropped}
    backward["early-update"] = partial(early, knobs.rate)
    task = Objective(X, y[:, None], ACTIVATIONS[knobs.activation], binary_cross_entropy, backward[control])
    rng = np.random.default_rng(seed)
    layers = mlp.init(rng, sizes(knobs.width, knobs.depth))
    yield from check(task, layers, knobs.rate)
    yield from train(task, layers, knobs)
    yield from vary_epsilon(far_from_kinks(task, layers), layers)
    yield from count(task, rng, knobs)


def sizes(width: int, depth: int) -> list[int]:
    """The widths of all layers: a plane in, hidden layers, a logit out."""
    return [2, *[width] * depth, 1]


def passes(slopes: int) -> int:
    """Forward passes that central differences need: each parameter is moved up, then down."""
    return 2 * slopes


def far_from_kinks(task: Objective, layers: Layers) -> Objective:
    """`task` on half of its points: where all units are farthest from z = 0, where ReLU has no slope."""
    distances: list[Array] = []

    def noting(z: Array) -> Array:
        distances.append(np.abs(z).min(axis=1))  # (n,)
        return task.f.value(z)

    mlp.forward(layers, task.X, noting)
    _, far = np.split(np.argsort(np.min(distances, axis=0)), 2)
    return replace(task, X=task.X[far], y=task.y[far])


def both_ways(task: Objective, layers: Layers, matmul: MatMul) -> tuple[list[Array], list[Array]]:
    """Slopes by backpropagation and by central differences: an array for each of W1, b1, W2 and so on."""
    found, measured = [], []
    for array, gradient in zip(chain(*layers), chain(*task.gradient(layers)[1]), strict=True):
        at = probes(array)
        found.append(gradient.ravel()[at])
        measured.append(central_differences(lambda: task.value(layers, matmul), array, EPSILON, at))
    return found, measured


def check(task: Objective, layers: Layers, rate: float) -> Iterator[Event]:
    """Put the untrained network's gradient to the test, under every activation, and one update with it."""
    silent = [Layer(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]
    gap = abs(task.value(silent) - math.log(2))
    yield Claim("starts-at-ln2", "|loss − ln 2| where all logits are 0, all p = ½", gap, "<=", 1e-12)
    once, measuring = CountedMatMul(), CountedMatMul()
    tasks = {f: far_from_kinks(replace(task, f=f), layers) for f in ACTIVATIONS.values()}
    tasks[task.f].value(layers, once)
    slopes = {f: both_ways(tasks[f], layers, measuring) for f in tasks}
    names = (f"{kind}{l}" for l, _ in enumerate(layers, start=1) for kind in "Wb")
    firsts = ([f"{array[0]:+.9f}" for array in side] for side in slopes[task.f])
    lines = tuple(zip(names, *firsts, strict=True))
    table = Table("∂loss by the first number of each", ("", "backprop", "measured"), lines)
    caption = f"One backward pass finds all slopes; moving a weight by ±{EPSILON:g} measures one."
    yield Frame("every slope, found in two ways", 1, 1, caption, (table,), key=True)
    pairs = [(np.concatenate(found), np.concatenate(measured)) for found, measured in slopes.values()]
    error = float(np.max([relative_error(a, b) for a, b in pairs]))
    yield Claim("slope-agrees", "backprop's slopes = measured ones, relative error", error, "<=", AGREES)
    p, spent = sum(a.size for a, _ in pairs), measuring.multiply_adds / once.multiply_adds
    yield Claim("two-passes-each", f"forward passes to measure {p} slopes, by count", spent, "==", passes(p))
    moved = mlp.flat(mlp.descend(layers, task.gradient(layers)[1], rate)) - mlp.flat(layers)  # (p,)
    truth = replace(task, backward=mlp.backward).gradient(layers)[1]
    gap = float(np.abs(moved + rate * mlp.flat(truth)).max())
    yield Claim("one-update", "step = −rate × gradient at the old weights, error", gap, "<=", 1e-12)


def train(task: Objective, layers: Layers, knobs: Knobs) -> Iterator[Event]:
    """Descend the gradient over all the points, with a frame now and then."""
    network = "-".join(map(str, sizes(knobs.width, knobs.depth)))
    title = f"a {network} {knobs.activation} network learns two {knobs.data}"
    names = tuple(f"W{l}" for l, _ in enumerate(layers, start=1))
    shown = {round(step) for step in np.linspace(0, knobs.steps, 49)}
    losses: list[float] = []
    for step in range(knobs.steps + 1):
        loss, gradients = task.gradient(layers)
        losses.append(loss)
        if step in shown:
            right = float(np.mean((mlp.forward(layers, task.X, task.f.value)[-1] > 0) == task.y))
            norms = row(np.linalg.norm(dW) for dW, _ in gradients)
            curve = Curve("loss", (Line("training loss", tuple(losses)),), x="step")
            views = field(task, layers), curve, Bars("gradient by layer", names, norms, log=True)
            caption = f"{right:.0%} of the points right; smallest gradient: {names[np.argmin(norms)]}."
            yield Frame(title, step, knobs.steps, caption, views, key=step in (0, knobs.steps))
        layers = mlp.descend(layers, gradients, knobs.rate)
    yield Claim("learns", "share of the training points told apart", right, ">=", 0.95)
    says = f"training loss in nats, down from {losses[0]:.2f}"
    yield Claim("loss-falls", says, losses[knobs.steps], "<=", 0.1)


def field(task: Objective, layers: Layers) -> Field:
    """tanh(logit) over the plane, with the points."""
    left, bottom = row(task.X.min(axis=0))
    right, top = row(task.X.max(axis=0))
    plane = np.meshgrid(np.linspace(left, right, 49), np.linspace(top, bottom, 33))  # two of (33, 49)
    logits = mlp.forward(layers, np.stack(plane, axis=2), task.f.value)[-1]  # (33, 49, 1)
    one = task.y[:, 0].astype(bool)  # (n,)
    (x0, y0), (x1, y1) = map(row, task.X[~one].T), map(row, task.X[one].T)
    dots = Dots("class 0", x0, y0, "low"), Dots("class 1", x1, y1, "high")
    return Field("decision field", rows(np.tanh(logits[:, :, 0])), (left, right, bottom, top), dots)


def vary_epsilon(task: Objective, layers: Layers) -> Iterator[Event]:
    """Measure how fast the loss falls along −gradient, which is ‖gradient‖², with ε from 1 down to 1e-13."""
    _, gradients = task.gradient(layers)
    slope = -np.square(mlp.flat(gradients)).sum()
    t = np.zeros(1)
    steps = row(np.logspace(0, -13, 27))
    errors: list[float] = []
    for i, step in enumerate(steps, start=1):
        measured = central_differences(lambda: task.value(mlp.descend(layers, gradients, t[0])), t, step)
        errors.append(relative_error(measured, slope))
        lines = (Line("along the gradient", tuple(errors), steps[:i]),)
        curve = Curve("relative error", lines, "ε", log_x=True, log_y=True, at=AGREES)
        best = f"Best: {steps[np.argmin(errors)]:.0e}."
        caption = f"Large ε cuts the corner: ∝ ε². Small ε drowns in rounding: ∝ 1/ε. {best}"
        yield Frame("how large a step?", i, len(steps), caption, (curve,), key=i == len(steps))
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
    for i, (x, ratio, dear) in enumerate(zip(p, ratios, differences, strict=True), start=1):
        lines = Line("backpropagation", ratios[:i], p[:i]), Line("differences", differences[:i], p[:i])
        curve = Curve("forward passes for a gradient", lines, "parameters", log_x=True, log_y=True, at=3)
        caption = f"{x:,} parameters: {ratio:.2f} forward passes by backprop, {dear:,} by differences."
        yield Frame("what a gradient costs", i, len(networks), caption, (curve,), key=i == len(networks))
    yield Claim("cost-flat", f"the same, dearest network up to {max(p):,} parameters", max(ratios), "<", 3)


def cost(task: Objective, layers: Layers) -> tuple[int, float, float]:
    """Parameters; a forward pass's multiply-adds per weight and point; a gradient's per forward pass's."""
    once, both = CountedMatMul(), CountedMatMul()
    task.value(layers, once)
    task.gradient(layers, both)
    per_weight = once.multiply_adds / (POINTS * sum(W.size for W, _ in layers))
    return mlp.flat(layers).size, per_weight, both.multiply_adds / once.multiply_adds
