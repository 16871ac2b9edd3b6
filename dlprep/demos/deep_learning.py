"""Depth folds: 16 ReLUs in eight layers make 256 straight pieces, in one layer at most 17.

A layer of two ReLUs folds the line: what the layers before it drew, it draws twice. Beside it one hidden
layer spends as many ReLUs, and as many parameters, on the same teeth; it could draw them all, with a ReLU for
each piece. Then three models learn two circles: a line (logistic regression), a network with a hidden layer,
and the line again, handed x₁² + x₂². So what counts is the representation, learnt or made by hand. Last come
two clouds, where the line alone will do.

Throughout:
    k  layers of two ReLUs in the deep network      m = 2·k  ReLUs, deep and shallow alike
    x  (n,)  places on the line, 0 … 1              y  (n,)  a network's output there
    X  (n, 2)  points of the plane                  labels (n, 1)  0 or 1
    logit  (n, 1)                                   above 0 says class 1; a field shows tanh(logit)

Try: `--depth 2`, where depth does not win yet; `--width 2`; `--control half-height`, which is deep and flat.

Source: Montúfar, Pascanu, Cho and Bengio 2014; Telgarsky 2016 (what depth buys); Cybenko 1989, Hornik 1991,
Leshno, Lin, Pinkus and Schocken 1993 (what one hidden layer can do, given units enough).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from dlprep.demo import Claim, Control, Curve, Dots, Event, Field, Frame, Line, knob, row, rows
from dlprep.nn import mlp
from dlprep.nn.activations import ACTIVATIONS, LINEAR, Activation, Array
from dlprep.nn.data.clouds import clouds
from dlprep.nn.data.points import Points, circles
from dlprep.nn.lattice import around, lattice
from dlprep.nn.learner import Features, Halves, Learner, halves, learner, with_radius
from dlprep.nn.mlp import Layer, Layers
from dlprep.nn.pieces import output, pieces, through
from dlprep.nn.rivals import Rivals, compete
from dlprep.nn.tent import KEEP, LOW_TENT, TENT, folded

RELU = ACTIVATIONS["relu"]
SHOWN = 33  # tips of teeth that a narrow screen can tell apart


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    depth: int = knob(8, "layers of two ReLUs in the deep network; below 3 depth does not win", 1, 10)
    nets: int = knob(30, "random networks of one hidden layer to count the pieces of", 1, 400)
    width: int = knob(32, "hidden units to learn circles with; few may not suffice", 1, 64)
    points: int = knob(100, "points to learn, and as many to be tested on", 20, 400)
    steps: int = knob(200, "training steps of each model; few may not suffice", 1, 3000)


DEEP = ("pieces-double", "teeth-exact", "depth-wins")  # what folding alone achieves
CONTROLS = (
    Control(
        "linear-units",
        "the ReLUs leave the networks that have them for the one that has none",
        (*DEEP, "linear-collapses", "width-suffices", "mlp-solves-circles"),
    ),
    Control("half-height", "each tent is half as high", (*DEEP, "bends-exact")),
    Control("second-layer", "the random networks have their ReLUs in two layers", ("shallow-bounded",)),
    Control(
        "wide-enough",
        "the one layer gets a ReLU for each piece",
        ("same-budget", "shallow-bounded", "shallow-misses", "depth-wins"),
    ),
    Control("radius-withheld", "x₁² + x₂² is left out after all", ("features-solve",)),
    Control("swapped-data", "circles and clouds change places", ("line-cannot", "line-suffices")),
    Control("no-biases", "the 784-128-10 network has no biases", ("parameters-counted",)),
)


def two_clouds(seed: int, n: int) -> Points:
    """Points (n, 2) that a line divides, and labels (n,)."""
    X, y = clouds(seed, n, margin=0.08)
    return X, np.maximum(y, 0)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run is made of; a control hands it another."""

    f: Activation = RELU
    without: Activation = LINEAR
    tent: Callable[[], Array] = TENT.copy
    widths: Callable[[int], list[int]] = lambda k: [2 * k]  # hidden, of the rivals of k layers
    bent: Callable[[int, int], Points] = circles
    straight: Callable[[int, int], Points] = two_clouds
    handed: Features = with_radius
    digits: Callable[[Layers], Layers] = list


PARTS = {
    "linear-units": Parts(f=LINEAR, without=RELU),
    "half-height": Parts(tent=LOW_TENT.copy),
    "second-layer": Parts(widths=lambda k: [k, k]),
    "wide-enough": Parts(widths=lambda k: [1 << k]),
    "radius-withheld": Parts(handed=np.asarray),
    "swapped-data": Parts(bent=two_clouds, straight=circles),
    "no-biases": Parts(digits=lambda layers: [Layer(W, b[:0]) for W, b in layers]),
}


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Fold a line and count its pieces; learn circles, and clouds; count the parameters of a real network."""
    parts, rng = PARTS.get(str(control), Parts()), np.random.default_rng(seed)
    depths = range(1, knobs.depth + 1)
    rivals = [compete(rng, k, parts.tent(), parts.widths(k), parts.f.value, knobs.nets) for k in depths]
    yield from fold(rivals, parts)
    yield from compare(rivals[-1], knobs.depth, parts)
    yield from learn(parts, knobs, seed, rng)
    p = mlp.flat(parts.digits(mlp.init(rng, [784, 128, 10]))).size
    yield Claim("parameters-counted", "parameters of a dense 784-128-10 network", p, "==", 101_770)


def fold(rivals: list[Rivals], parts: Parts) -> Iterator[Frame]:
    """Add two ReLUs at a time: to the deep network as a layer, to the shallow one side by side."""
    f, tent = parts.f.value, parts.tent()
    weights = np.linspace(KEEP, tent, 6)[1:]  # (5, 2, 1) of the newest layer, as it starts to fold
    moments = []
    for each in rivals:
        k, x = each.k, each.x[::2][:SHOWN]
        flat = Line("one layer", row(output(each.shallow, x, f)), row(x))
        says = f"Layer {k} folds the line once more: {each.made} pieces. One layer makes {each.most} at most."
        for weigh, key in zip(weights, (*[False] * 4, k in {4, len(rivals)}), strict=True):
            *earlier, _ = [tent] * k
            deep = Line("deep", row(output(folded([*earlier, weigh]), x, f)), row(x))
            curve = Curve(f"{each.units} ReLUs", (flat, deep), f"{len(x[1:])} of {2**k} pieces")
            moments.append((says, (curve, grown(rivals[:k])), key))
    for step, (says, views, key) in enumerate(moments, start=1):
        yield Frame("two ReLUs at a time", step, len(moments), says, views, key)


def grown(rivals: list[Rivals]) -> Curve:
    """How many pieces the rivals had, by ReLUs."""
    units = row(each.units for each in rivals)
    flat = Line("one layer", row(each.most for each in rivals), units)
    deep = Line("deep", row(each.made for each in rivals), units)
    return Curve("pieces", (flat, deep), "ReLUs", log_y=True)


def compare(rivals: Rivals, k: int, parts: Parts) -> Iterator[Claim]:
    """Count pieces and parameters, hold the teeth drawn to the true ones, give one layer what it needs."""
    _, x, truth, deep, bends, made, shallow, random, most = rivals
    m, f, tips, up = 2 * k, parts.f.value, x[::2], truth[::2] > 0.5
    yield Claim("pieces-double", f"straight pieces of {k} layers of two ReLUs each", made, "==", 2**k)
    odd = np.setxor1d(bends, tips).size
    yield Claim("bends-exact", f"wrong or missing bends of {k} layers of two ReLUs each", odd, "==", 0)
    error = float(np.abs(output(deep, x, f) - truth).max())
    yield Claim("teeth-exact", f"{k} tent layers against the same teeth by division, error", error, "==", 0)
    left = pieces(x, output(deep, x, parts.without.value))
    yield Claim("linear-collapses", f"straight pieces of the same {k} layers without ReLUs", left, "==", 1)
    more = mlp.flat(shallow).size - mlp.flat(deep).size
    says = f"parameters of one layer of {m} ReLUs, less those of {k} layers of two"
    yield Claim("same-budget", says, more, "==", 0)
    says = f"most pieces of {len(random)} random layers of {m} ReLUs"
    yield Claim("shallow-bounded", says, most, "<=", m + 1)
    says = f"pieces of {k} layers of two ReLUs, against one layer of {m}"
    yield Claim("depth-wins", says, made, ">", most)
    onward = through(tips[: m + 1], truth[::2][: m + 1])  # m pieces, and the last goes on for ever
    right = max(int(np.sum((output(net, tips, f) > 0.5) == up)) for net in (shallow, onward, *random))
    best = (tips.size + m + 2) // 2  # m + 1 pieces pass ½ once each, and of a run on one side half is right
    says = f"of {tips.size} tips, those on their side of ½ with {m} ReLUs in one layer, at best"
    yield Claim("shallow-misses", says, right, "==", best)
    error = float(np.abs(output(through(tips, truth[::2]), x, f) - truth).max())
    says = f"one layer of {2**k} ReLUs against the same teeth, error"
    yield Claim("width-suffices", says, error, "<=", 1e-9)


def learn(parts: Parts, knobs: Knobs, seed: int, rng: np.random.Generator) -> Iterator[Event]:
    """Three models learn the circles side by side; then two of them learn the clouds."""
    ring, pair = (halves(rng, *data(seed, 2 * knobs.points)) for data in (parts.bent, parts.straight))

    def untrained(data: Halves) -> list[Learner]:
        network = learner(rng, f"{knobs.width} hidden ReLUs", data, parts.f, [knobs.width])
        return [learner(rng, "a line", data, parts.f), network]

    models = [*untrained(ring), learner(rng, "a line with x₁² + x₂²", ring, parts.f, features=parts.handed)]
    shown = np.linspace(0, knobs.steps, 31, dtype=int)
    for step, more in zip(shown.tolist(), np.diff(shown, prepend=0).tolist(), strict=True):
        models = [model.trained(1, more) for model in models]
        line, network, handed = (model.unseen() for model in models)
        says = (
            f"Unseen points: a line gets {line:.0%}, learnt bends {network:.0%}, the bend given {handed:.0%}."
        )
        key = step in {0, knobs.steps}
        yield Frame("features learnt or given", step, knobs.steps, says, fields(models, ring), key)
    yield Claim("line-cannot", "share of unseen circle points told apart by a line", line, "<", 0.75)
    p = mlp.flat(models[1].layers).size
    says = f"share of unseen circle points told apart by {models[1].name}, {p} parameters"
    yield Claim("mlp-solves-circles", says, network, ">=", 0.95)
    says = "share of unseen circle points told apart by a line with x₁² + x₂²"
    yield Claim("features-solve", says, handed, ">=", 0.95)
    easy = [model.trained(1, knobs.steps) for model in untrained(pair)]
    few, many = (f"{mlp.flat(m.layers).size} parameters get {m.unseen():.0%}" for m in easy)
    caption = f"Two clouds: {few} of the unseen points, {many}."
    yield Frame("two clouds: a line will do", 1, 1, caption, fields(easy, pair), key=True)
    says = "share of unseen cloud points told apart by a line"
    yield Claim("line-suffices", says, easy[0].unseen(), ">=", 0.95)


def fields(models: list[Learner], data: Halves) -> tuple[Field, ...]:
    """What each model makes of the plane, tanh(logit), with the points it learns."""
    X, y = data.learnt
    extent = around(X)
    one = y.astype(bool)  # (n,)
    (x0, y0), (x1, y1) = map(row, X[~one].T), map(row, X[one].T)
    dots = Dots("class 0", x0, y0, "low"), Dots("class 1", x1, y1, "high")
    return tuple(Field(m.name, rows(np.tanh(m.logits(lattice(extent)))), extent, dots) for m in models)
