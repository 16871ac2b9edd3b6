"""Without an activation any depth is one matrix; with one, its slope decides what gradient comes back.

First each activation is drawn with its slope, the factor by which it passes a gradient on. Then a stack of
layers, with nothing between them and with ReLU, is set against one affine layer, and a polynomial against
activations that are none. Last come four ways to hurt a gradient: outputs of one sign, units far from z = 0,
a deep stack of slopes below 1, and units that no input wakes.

Throughout:
    n inputs    X (n, d) inputs     W (d, k), b (k,) weights and biases     z = X·W + b (n, k) pre-activations
    f the activation    h = f(z)    f′ its slope     σ the sigmoid          Φ the normal distribution function
    G (n, d) the loss's gradient, on its way back layer by layer            δ (n,) the gradient at one unit

Try: `--gain 1.41` and see whose gradient survives; `--layers 30 --neck 1`; `--sink 2`.

Source: Leshno, Lin, Pinkus and Schocken 1993 (more units help unless the activation is a polynomial);
Hochreiter 1991 (vanishing gradients); LeCun, Bottou, Orr and Müller 1998 (outputs around zero); Maas, Hannun
and Ng 2013 (leaky ReLU); Hendrycks and Gimpel 2016 (GELU).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from math import nan, sqrt
from typing import TypeAlias

import numpy as np

from dlprep.demo import Bars, Claim, Control, Curve, Event, Frame, Image, Line, Rows, View, knob, row, rows
from dlprep.nn import mlp, stack
from dlprep.nn.activationcheck import first_gradient, naive_sigmoid, one_sign, sigmoid_error, slope_error
from dlprep.nn.activations import ACTIVATIONS, LEAKY_RELU, Activation, Array, relu, sigmoid
from dlprep.nn.mlp import Function, Layer
from dlprep.nn.smooth import ELU, GELU, GELU_TANH, SILU, Smooth, by_input, normal_share

Act: TypeAlias = Iterator[tuple[str, tuple[View, ...]] | Claim]  # captions with their views, then claims
Kinds: TypeAlias = dict[str, Smooth]
Random: TypeAlias = np.random.Generator
WIDTH = 12  # units in a layer of the stack
UNITS = (2, 4, 8, 16, 32, 64, 128)  # hidden units that fit a wave


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    layers: int = knob(10, "layers that are to fold into one", 2, 30)
    neck: int = knob(4, "units in the narrowest of them", 1, WIDTH)
    depth: int = knob(20, "layers that a gradient passes", 1, 60)
    gain: float = knob(1.0, "what their weights multiply a vector's length by", 0.1, 3.0)
    sink: float = knob(7.0, "how far the dying units' bias sinks, in standard deviations of z", 0.0, 30.0)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run is made of; a control hands it something else."""

    by_z: Callable[[Activation], Smooth] = by_input
    sigmoid: Function = sigmoid
    neck: Callable[[int], int] = int  # the narrowest layer, given the knob
    between: tuple[Function, ...] = (np.asarray, relu)  # the layers of the linear stack, and of the other
    hidden: tuple[Function, ...] = (np.square, relu, np.tanh, GELU.value)  # the units that fit a wave
    growing: Function = np.asarray  # the sizes of weights
    bias: float = 0.0  # of the units that have them
    outputs: tuple[Function, ...] = (np.asarray, np.asarray)  # what is done to what sigmoids and tanh put out
    scale: float = sqrt(2)  # of the weights that are to rescue ReLU
    passing: Callable[[Smooth], Smooth] = lambda f: f
    weights: Function = stack.unit_columns  # of the dying units
    dying: Function = np.asarray  # their biases
    leaky: Activation = LEAKY_RELU


STEEP = ("slopes-agree", "sigmoid-slope-quarter", "steepest-at-zero")
SIGNS = ("sigmoid-one-sign", "tanh-mixes-signs")
CONTROLS = (
    Control("slope-of-z", "h·(1 − h) and the like are handed z instead of h", STEEP),
    Control("naive-sigmoid", "σ is computed as eᶻ / (1 + eᶻ)", ("sigmoid-stable",)),
    Control("relu-in-stack", "ReLU stands in the linear stack", ("linear-collapses",)),
    Control("neck-widened", "the narrowest layer is as wide as all others", ("rank-bounded",)),
    Control("relu-left-out", "ReLU is left out of its own stack", ("relu-does-not-collapse",)),
    Control(
        "square-swapped", "the units with z² get ReLU, all others z²", ("polynomial-stuck", "others-fit")
    ),
    Control("far-bias", "the units with tiny weights have a bias of 8", ("steepest-at-zero",)),
    Control("weights-stay-tiny", "their weights do not grow", ("huge-weights-saturate",)),
    Control("outputs-recentred", "sigmoids' outputs lose their mean, those of tanh their sign", SIGNS),
    Control(
        "slope-left-out", "gradients go back without the slopes", ("sigmoid-vanishes", "relu-can-vanish")
    ),
    Control("scale-forgotten", "√2 is left out of the weights", ("scale-rescues",)),
    Control("any-length", "the dying units' weights keep their own lengths", ("active-share",)),
    Control("awake", "the biases stay at 0", ("dead-relu-zero",)),
    Control("leak-zero", "the leaky ReLU leaks nothing", ("leaky-alive",)),
)
SWAPS = {
    "slope-of-z": Parts(by_z=lambda f: Smooth(*f)),
    "naive-sigmoid": Parts(sigmoid=naive_sigmoid),
    "relu-in-stack": Parts(between=(relu, relu)),
    "neck-widened": Parts(neck=lambda _: WIDTH),
    "relu-left-out": Parts(between=(np.asarray, np.asarray)),
    "square-swapped": Parts(hidden=(relu, np.square, np.square, np.square)),
    "far-bias": Parts(bias=8.0),
    "weights-stay-tiny": Parts(growing=lambda sizes: np.full_like(sizes, sizes[0])),
    "outputs-recentred": Parts(outputs=(stack.centred, np.abs)),
    "slope-left-out": Parts(passing=lambda f: Smooth(f.value, np.ones_like)),
    "scale-forgotten": Parts(scale=1.0),
    "any-length": Parts(weights=np.asarray),
    "awake": Parts(dying=np.zeros_like),
    "leak-zero": Parts(leaky=ACTIVATIONS["relu"]),
}


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Draw the activations, stack layers, fit a wave, and send gradients back."""
    parts = SWAPS[control] if control else Parts()
    rng = np.random.default_rng(seed)
    kinds = {name: parts.by_z(ACTIVATIONS[name.lower()]) for name in ("sigmoid", "tanh", "ReLU")}
    yield from scene("what each activation passes back", slopes(kinds, parts))
    yield from scene("can one matrix do what the stack does?", collapse(rng, knobs, parts))
    yield from scene("a polynomial gains nothing from width", fit(rng, parts))
    yield from scene("tiny weights do not saturate a sigmoid", saturate(rng, kinds, parts))
    yield from scene("what comes back through many layers", vanish(rng, knobs, kinds, parts))
    yield from scene("units that no input wakes", die(rng, knobs, parts))


def scene(title: str, act: Act) -> Iterator[Event]:
    """A frame for each caption and its views, the last of them key; then the claims."""
    events = list(act)
    *_, last = moments = [event for event in events if isinstance(event, tuple)]
    for i, moment in enumerate(moments, start=1):
        caption, views = moment
        yield Frame(title, i, len(moments), caption.replace("-", "−"), views, key=moment is last)
    yield from (event for event in events if isinstance(event, Claim))


def lines(xs: Iterable[float], ys: Mapping[str, Iterable[float]]) -> tuple[Line, ...]:
    """A line for each name, as far as it has come."""
    return tuple(Line(name, row(line), row(xs)) for name, line in ys.items())


def part(shown: Array, *whole: int) -> Rows:
    """Rows of which some cells are still to come: `math.nan` itself, so that equal rows compare equal."""
    cells = np.full(whole, nan, object)
    cells[: len(shown), : len(shown.T)] = shown
    return rows(cells)


def slopes(kinds: Kinds, parts: Parts) -> Act:
    """Each activation, with a strip of its slope."""
    kinds = {**kinds, "GELU": GELU, "SiLU": SILU, "leaky ReLU": parts.by_z(LEAKY_RELU)}
    Z = np.linspace(-4.2, 4.2, 43)  # 0 in the middle
    slope = {name: f.slope(Z) for name, f in kinds.items()}  # (43,) each
    ends = {name: f"{s.min():.2f} … {s.max():.2f}".replace("-", "−") for name, s in slope.items()}
    values = lines(Z, {name: f.value(Z) for name, f in kinds.items()})
    for k in range(1, 44, 2):
        S = {name: np.stack([s, s])[:, :k] for name, s in slope.items()}  # (2, k) each
        strips = (Image(f"slope of {name} {ends[name]}", part(s, 2, 43), limit=1) for name, s in S.items())
        told = ", ".join(f"{name} {s[0, -1]:.2g}" for name, s in S.items())
        says = f"Bright where a gradient passes, dark where it stops. Slopes at z = {Z[:k][-1]:.1f}: {told}."
        yield says, (*strips, Curve("h = f(z)", values[:5], "z"))
    functions = [*kinds.values(), GELU_TANH, ELU]
    says = f"slopes of {len(functions)} activations = measured ones, relative error"
    yield Claim("slopes-agree", says, slope_error(functions), "<=", 1e-7)
    steepest, error = float(slope["sigmoid"].max()), sigmoid_error(parts.sigmoid)
    yield Claim("sigmoid-slope-quarter", "the sigmoid's largest slope", steepest, "==", 0.25)
    yield Claim("sigmoid-stable", "σ from z = −700 to z = 1000, relative error", error, "<=", 1e-12)


def collapse(rng: Random, knobs: Knobs, parts: Parts) -> Act:
    """Stack layer on layer, and let one affine layer do the same: it can if they are linear."""
    sizes = [WIDTH, *repeat(WIDTH, knobs.layers)]
    sizes[knobs.layers // 2] = parts.neck(knobs.neck)
    layers, X = mlp.init(rng, sizes), rng.normal(size=(200, WIDTH))
    missed: dict[str, list[float]] = {"linear": [], "with ReLU": []}
    for l, _ in enumerate(layers, start=1):
        (*_, linear), (*_, bent) = (mlp.forward(layers[:l], X, f) for f in parts.between)  # (200, k) each
        _, one = mlp.forward([stack.folded(layers[:l])], X, np.asarray)
        best, rank = stack.fitted(X, bent), stack.rank(stack.centred(linear))
        gap, off = stack.missed(linear, one), stack.missed(bent, best)
        missed["linear"].append(gap)
        missed["with ReLU"].append(off)
        images = *triple(f"{l} linear", linear, one), *triple(f"{l} with ReLU", bent, best)
        curve = Curve("missed by one matrix", lines(range(1, len(sizes)), missed), "layers", log_y=True)
        says = f"Linear layers: one matrix of rank {rank} does the same, the difference is blank."
        yield f"{says} With ReLU the best one is {off:.0%} off.", (*images, curve)
    says = f"{knobs.layers} linear layers less the one they fold into, over their spread"
    yield Claim("linear-collapses", says, gap, "<=", 1e-12)
    says = f"rank of the linear stack's outputs; its narrowest layer has {knobs.neck} units"
    yield Claim("rank-bounded", says, rank, "<=", knobs.neck)
    says = "the ReLU stack less the nearest affine layer, over its spread"
    yield Claim("relu-does-not-collapse", says, off, ">=", 0.2)


def triple(name: str, Y: Array, one: Array) -> Iterator[Image]:
    """What a stack and one matrix put out for the first inputs, less their means, and the difference."""
    shown = {name: stack.centred(Y), "one matrix": stack.centred(one), "difference": np.subtract(Y, one)}
    limit = float(np.quantile(np.abs(shown[name][:WIDTH]), 0.95))  # lest one large number pale the others
    for title, array in shown.items():
        yield Image(title, part(array[:WIDTH], WIDTH, WIDTH), signed=True, limit=limit)


def fit(rng: Random, parts: Parts) -> Act:
    """Fit a wave with more and more hidden units that lie at random; only the output layer is learnt."""
    x = np.linspace(-1, 1, 101)[:, None]  # (101, 1)
    y = np.sin(6 * x)
    z = np.multiply(4, x - rng.uniform(-1, 1, max(UNITS)))  # (101, 128)
    H = {name: f(z) for name, f in zip(("z²", "ReLU", "tanh", "GELU"), parts.hidden, strict=True)}
    missed: dict[str, list[float]] = {name: [] for name in H}
    for k in UNITS:
        fits = {"sin 6x": y, **{name: stack.fitted(h[:, :k], y) for name, h in H.items()}}  # (101, 1) each
        for name, line in missed.items():
            line.append(stack.missed(y, fits[name]))
        drawn = lines(x[:, 0], {name: fits[name][:, 0] for name in ("sin 6x", "z²", "ReLU")})
        errors = Curve("missed", lines(UNITS, missed), "hidden units", log_x=True, log_y=True)
        told = ", ".join(f"{name} misses {line[-1]:.2g}" for name, line in missed.items())
        yield f"{k} hidden units: {told} of the wave.", (Curve("fits", drawn, "x"), errors)
    says = f"of {max(UNITS)} units with z², how many are independent: 1, x and x²"
    yield Claim("polynomial-stuck", says, stack.rank(H["z²"]), "<=", 3)
    *_, worst = sorted(line[-1] for name, line in missed.items() if name != "z²")
    yield Claim("others-fit", "part missed by the worst of ReLU, tanh and GELU", worst, "<=", 0.2)


def saturate(rng: Random, kinds: Kinds, parts: Parts) -> Act:
    """A layer of sigmoids whose weights grow from tiny to huge."""
    X, W = rng.normal(size=(40, 16)), rng.normal(size=(16, 24))
    sizes = parts.growing(np.logspace(-2, 1, 16))
    means: dict[str, list[float]] = {"sigmoid": [], "tanh": []}
    for size in sizes:
        z = np.add(X @ (size * W), parts.bias)  # (40, 24)
        slope = {name: kinds[name].slope(z) for name in means}
        for name, line in means.items():
            line.append(float(slope[name].mean()))
        picture = Image("slopes, 24 units × 40 inputs", rows(slope["sigmoid"].T), limit=0.25)
        curve = Curve("mean slope", lines(sizes, means), "weights", log_x=True, log_y=True)
        says = f"Weights of size {size:.2g}: mean slope {means['sigmoid'][-1]:.3f}, at most 0.25."
        yield f"{says} Tiny ones keep z near 0, where σ is steepest.", (picture, curve)
    tiny, *_, huge = means["sigmoid"]
    says = "a sigmoid's mean slope at weights of size"
    yield Claim("steepest-at-zero", f"{says} {sizes[0]:g}", tiny, ">=", 0.2475)
    yield Claim("huge-weights-saturate", f"{says} {sizes[-1]:g}", huge, "<=", 0.025)
    delta = rng.normal(size=(40, 1))  # δ of a unit that reads the 24
    h = (out(kinds[name].value(X @ W)) for name, out in zip(means, parts.outputs, strict=True))
    alike, mixed = (one_sign(np.multiply(delta, each)) for each in h)
    says = "inputs for which the 24 weights of a unit above all move one way, after"
    yield Claim("sigmoid-one-sign", f"{says} sigmoids", alike, "==", 1)
    yield Claim("tanh-mixes-signs", f"{says} tanh", mixed, "<=", 0.1)


def vanish(rng: Random, knobs: Knobs, kinds: Kinds, parts: Parts) -> Act:
    """Send gradients of length 1 back through layers whose weights turn them and scale them by the gain."""
    W = knobs.gain * stack.orthogonal(rng, 32, knobs.depth)
    X, G = stack.orthogonal(rng, 32, 2)  # (32, 32) each, 32 vectors of length 1
    stacks = {name: (f, W) for name, f in kinds.items()}
    stacks["ReLU √2·W"] = kinds["ReLU"], np.multiply(parts.scale, W)
    seen, left = dict[str, Array](), dict[str, Array]()
    for name, (f, V) in stacks.items():
        zs = stack.pre_activations(V, X, f)  # (32, 32) each
        back = stack.passed_back(V, zs, parts.passing(f), G)  # (depth + 1, 32, 32)
        left[name] = np.linalg.norm(back, axis=2).mean(axis=1)  # (depth + 1,)
        seen[name] = np.abs(back[:, 0, :10])  # (depth + 1, 10): one input, ten units
    left["¼ a layer"] = bounds = np.cumprod([1, *repeat(np.divide(knobs.gain, 4), knobs.depth)])
    for l, _ in enumerate(bounds, start=1):
        strips = (Image(name, part(g[:l], *g.shape), limit=0.4) for name, g in seen.items())
        curve = Curve("gradient", lines(range(l), left), "layers passed", log_y=True)
        told = ", ".join(f"{name} {left[name][:l][-1]:.2g}" for name in stacks)
        yield f"Length of the gradient: {told}.", (*strips, curve)
    sigmoid, _, relu, scaled, bound = (float(line[-1]) for line in left.values())
    says = f"gradient left by {knobs.depth} layers of"
    yield Claim("sigmoid-vanishes", f"{says} sigmoids, against (gain/4)^{knobs.depth}", sigmoid, "<=", bound)
    yield Claim("relu-can-vanish", f"{says} ReLU", relu, "<=", 0.05)
    yield Claim("scale-rescues", f"{says} ReLU, weights √2 times as large", scaled, ">=", 0.05)


def die(rng: Random, knobs: Knobs, parts: Parts) -> Act:
    """Slide the biases of a layer down until no input wakes any of its units."""
    X, W = rng.normal(size=(1000, 6)), parts.weights(rng.normal(size=(6, 24)))  # z has mean b, deviation 1
    y, last = rng.integers(0, 2, (1000, 1)), mlp.init(rng, [24, 1])
    functions = {"ReLU": ACTIVATIONS["relu"], "leaky ReLU": parts.leaky}
    biases = parts.dying(np.linspace(0, -knobs.sink, 15))
    theory = normal_share(biases)
    active: list[float] = []
    for i, b in enumerate(biases, start=1):
        awake = X @ W + b > 0  # (1000, 24)
        active.append(float(awake.mean()))
        layers = [Layer(W, np.full(24, b)), *last]
        relu, leaky = left = [first_gradient(layers, X, y, f) for f in functions.values()]
        picture = Image("active: 24 units × 40 inputs", rows(awake[:40].T), limit=1)
        bars = Bars("length of ∂loss/∂W", tuple(functions), tuple(left))
        curve = Curve("share active", lines(biases[:i], {"measured": active, "Φ(b)": theory}), "b")
        says = f"Bias {b:.1f}: {active[-1]:.1%} active. The gradient of their weights"
        yield f"{says} is {relu:.2g}, were they leaky {leaky:.2g}.", (picture, bars, curve)
    gap = float(np.abs(theory - active).max())
    yield Claim("active-share", "share of z above 0, less Φ(mean / deviation)", gap, "<=", 0.04)
    yield Claim("dead-relu-zero", "gradient by the weights of dead ReLUs", relu, "==", 0)
    yield Claim("leaky-alive", "gradient by the same weights, leaky ReLU", leaky, ">", 0)
