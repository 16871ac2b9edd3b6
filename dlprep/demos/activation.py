"""Without an activation any depth is one matrix; with one, its slope decides what gradient comes back.

Each activation is drawn with its slope, the factor by which it passes a gradient on. A stack of layers is set
against one affine layer, and z² against other bends. Then depth, signs and sleeping units hurt a gradient.

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

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import TypeAlias

import numpy as np

from dlprep.demo import (
    Bars,
    Claim,
    Control,
    Curve,
    Event,
    Image,
    Rows,
    View,
    knob,
    lines,
    rows,
    scene,
)
from dlprep.nn import mlp, stack
from dlprep.nn.activations import ACTIVATIONS, LEAKY_RELU, Array
from dlprep.nn.checks.activationcheck import first_gradient, one_sign, sigmoid_error, slope_error
from dlprep.nn.faulty.activations import FAULTY, Parts
from dlprep.nn.mlp import Layer
from dlprep.nn.smooth import ELU, GELU, GELU_TANH, SILU, Smooth, normal_share

Kinds: TypeAlias = dict[str, Smooth]
Moments: TypeAlias = list[tuple[str, tuple[View, ...]]]
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


STEEP = ("slopes-agree", "sigmoid-slope-quarter", "steepest-at-zero")
FADES = ("sigmoid-slope-quarter", "huge-weights-saturate", "sigmoid-vanishes", "relu-can-vanish")
FOLDS = ("linear-collapses", "rank-bounded", "relu-does-not-collapse")
SIGNS = ("sigmoid-one-sign", "tanh-mixes-signs")
CONTROLS = (
    Control("slope-of-z", "h·(1 − h) and the like are handed z instead of h", STEEP),
    Control("slope-left-out", "every slope is taken for 1", FADES),
    Control("naive-sigmoid", "σ is computed as eᶻ / (1 + eᶻ)", ("sigmoid-stable",)),
    Control("activation-misplaced", "tanh stands in the linear stack, nothing in ReLU's", FOLDS),
    Control("square-swapped", "units with z² get ReLU, all others z²", ("polynomial-stuck", "others-fit")),
    Control("outputs-recentred", "sigmoids' outputs lose their mean, those of tanh their sign", SIGNS),
    Control("scale-forgotten", "√2 is left out of the weights", ("scale-rescues",)),
    Control("bias-left-out", "the sinking bias is left out of z", ("active-share", "dead-relu-zero")),
    Control("leak-zero", "the leaky ReLU leaks nothing", ("leaky-alive",)),
)


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Draw the activations, stack layers, fit a wave, and send gradients back."""
    parts, rng = FAULTY.get(str(control), Parts()), np.random.default_rng(seed)
    kinds = {name: parts.by_z(ACTIVATIONS[name.lower()]) for name in ("sigmoid", "tanh", "ReLU")}
    yield from slopes(kinds, parts)
    yield from collapse(rng, knobs, parts)
    yield from fit(rng, parts)
    yield from sigmoids(rng, kinds, parts)
    yield from vanish(rng, knobs, kinds, parts)
    yield from die(rng, knobs, parts)


def filled(shown: Array, wide: int) -> Rows:
    """An image's rows, with holes beyond what is shown."""
    return rows(np.pad(shown.astype(float), ((0, 0), (0, wide - shown.shape[1])), constant_values=np.nan))


def slopes(kinds: Kinds, parts: Parts) -> Iterator[Event]:
    """Each activation, with a strip of its slope."""
    kinds = {**kinds, "GELU": GELU, "SiLU": SILU, "leaky ReLU": parts.by_z(LEAKY_RELU)}
    z = np.linspace(-4, 4, 41)  # (41,), 0 in the middle
    slope = {name: f.slope(z) for name, f in kinds.items()}  # (41,) each
    steepest = float(slope["sigmoid"].max())
    curve = Curve("h = f(z)", lines({name: f.value(z) for name, f in kinds.items()}, z)[:5], "z")
    strips = {f"slope of {name}, at most {s.max():.2f}": np.stack([s, s]) for name, s in slope.items()}
    says = f"Bright where a gradient passes, dark where not. A sigmoid passes {steepest:g} at most."
    moments: Moments = []
    for k in range(1, 42, 2):
        images = (Image(name, filled(strip[:, :k], 41), limit=1) for name, strip in strips.items())
        moments.append((says, (*images, curve)))
    yield from scene("what each activation passes back", moments)
    error = slope_error([*kinds.values(), GELU_TANH, ELU])
    yield Claim("slopes-agree", "slopes of 8 activations = measured ones, relative error", error, "<=", 1e-7)
    yield Claim("sigmoid-slope-quarter", "the sigmoid's largest slope", steepest, "==", 0.25)
    error = sigmoid_error(parts.sigmoid)
    yield Claim("sigmoid-stable", "σ from z = −700 to z = 1000, relative error", error, "<=", 1e-12)


def collapse(rng: np.random.Generator, knobs: Knobs, parts: Parts) -> Iterator[Event]:
    """Stack layer on layer, and let one affine layer do the same: it can if they are linear."""
    sizes = [WIDTH] * (knobs.layers + 1)
    sizes[knobs.layers // 2] = knobs.neck
    layers, X = mlp.init(rng, sizes), rng.normal(size=(200, WIDTH))
    missed: dict[str, list[float]] = {"linear": [], "with ReLU": []}
    moments: Moments = []
    for l, _ in enumerate(layers, start=1):
        linear, bent = (mlp.forward(layers[:l], X, f)[-1] for f in parts.between)  # (200, k) each
        W, b = stack.folded(layers[:l])
        pairs = {"linear": (linear, X @ W + b), "with ReLU": (bent, stack.fitted(X, bent))}
        for name, pair in pairs.items():
            missed[name].append(stack.missed(*pair))
        images = (image for name, pair in pairs.items() for image in triple(f"{l} {name}", *pair))
        gap, off, rank = missed["linear"][-1], missed["with ReLU"][-1], stack.rank(stack.centred(linear))
        curve = Curve("missed by one matrix", lines(missed, range(1, len(sizes))), "layers", log_y=True)
        says = f"Linear layers: one matrix of rank {rank} does the same, the difference is blank."
        moments.append((f"{says} With ReLU the best one is {off:.0%} off.", (*images, curve)))
    yield from scene("can one matrix do what the stack does?", moments)
    yield Claim("linear-collapses", "linear stack less its one matrix, over its spread", gap, "<=", 1e-12)
    yield Claim("rank-bounded", "rank of the linear stack, against its neck's units", rank, "<=", knobs.neck)
    yield Claim("relu-does-not-collapse", "ReLU stack less its best matrix, over its spread", off, ">=", 0.2)


def triple(name: str, Y: Array, one: Array) -> Iterator[Image]:
    """What a stack and one matrix put out for the first inputs, less their means, and the difference."""
    shown = {name: stack.centred(Y), "one matrix": stack.centred(one), "difference": Y - one}
    limit = float(np.quantile(np.abs(shown[name][:WIDTH]), 0.95))  # lest one large number pale the others
    for title, array in shown.items():
        yield Image(title, filled(array[:WIDTH], WIDTH), signed=True, limit=limit)


def fit(rng: np.random.Generator, parts: Parts) -> Iterator[Event]:
    """Fit a wave with more and more hidden units that lie at random; only the output layer is learnt."""
    x = np.linspace(-1, 1, 101)[:, None]  # (101, 1)
    y, z = np.sin(6 * x), 4 * (x - rng.uniform(-1, 1, max(UNITS)))  # (101, 1), (101, 128)
    H = {name: f(z) for name, f in zip(("z²", "ReLU", "tanh", "GELU"), parts.hidden, strict=True)}
    missed: dict[str, list[float]] = {name: [] for name in H}
    moments: Moments = []
    for k in UNITS:
        fits = {"sin 6x": y, **{name: stack.fitted(h[:, :k], y) for name, h in H.items()}}  # (101, 1) each
        for name, line in missed.items():
            line.append(stack.missed(y, fits[name]))
        drawn = lines({name: fits[name][:, 0] for name in ("sin 6x", "z²", "ReLU")}, x[:, 0])
        curve = Curve("missed", lines(missed, UNITS), "hidden units", log_x=True, log_y=True)
        told = ", ".join(f"{name} misses {line[-1]:.2g}" for name, line in missed.items())
        moments.append((f"{k} hidden units: {told} of the wave.", (Curve("fits", drawn, "x"), curve)))
    yield from scene("a polynomial gains nothing from width", moments)
    says = f"independent ones of {max(UNITS)} units with z²: 1, x and x²"
    yield Claim("polynomial-stuck", says, stack.rank(H["z²"]), "<=", 3)
    worst = max(missed[name][-1] for name in ("ReLU", "tanh", "GELU"))
    yield Claim("others-fit", "part missed by the worst of ReLU, tanh and GELU", worst, "<=", 0.2)


def sigmoids(rng: np.random.Generator, kinds: Kinds, parts: Parts) -> Iterator[Claim]:
    """A layer of sigmoids: its slopes at tiny and huge weights, and the signs that a unit above it reads."""
    X, W = rng.normal(size=(40, 16)), rng.normal(size=(16, 24))
    tiny, huge = (float(kinds["sigmoid"].slope(X @ (size * W)).mean()) for size in (0.01, 10))
    yield Claim("steepest-at-zero", "a sigmoid's mean slope at weights of size 0.01", tiny, ">=", 0.2475)
    yield Claim("huge-weights-saturate", "a sigmoid's mean slope at weights of size 10", huge, "<=", 0.025)
    delta = rng.normal(size=(40, 1))  # δ of a unit that reads the 24
    h = (out(kinds[name].value(X @ W)) for name, out in zip(("sigmoid", "tanh"), parts.outputs, strict=True))
    alike, mixed = (one_sign(delta * each) for each in h)  # δ·h (40, 24), by the weights of that unit
    says = "inputs for which the 24 weights of a unit above all move one way, after"
    yield Claim("sigmoid-one-sign", f"{says} sigmoids", alike, "==", 1)
    yield Claim("tanh-mixes-signs", f"{says} tanh", mixed, "<=", 0.1)


def vanish(rng: np.random.Generator, knobs: Knobs, kinds: Kinds, parts: Parts) -> Iterator[Event]:
    """Send gradients of length 1 back through layers whose weights turn them and scale them by the gain."""
    W = knobs.gain * stack.orthogonal(rng, 32, knobs.depth)  # (depth, 32, 32)
    X, G = stack.orthogonal(rng, 32, 2)  # (32, 32) each, 32 vectors of length 1
    stacks = {name: (f, W) for name, f in kinds.items()}
    stacks["ReLU √2·W"] = kinds["ReLU"], W * parts.scale
    seen, left = dict[str, Array](), dict[str, Array]()
    for name, (f, V) in stacks.items():
        back = stack.passed_back(V, stack.pre_activations(V, X, f), f, G)  # (depth + 1, 32, 32)
        left[name] = np.linalg.norm(back, axis=2).mean(axis=1)  # (depth + 1,)
        seen[name] = np.abs(back[:, 0, :10]).T  # (10, depth + 1): ten units, one input
    left["¼ a layer"] = bounds = np.cumprod([1, *repeat(knobs.gain / 4, knobs.depth)])  # (depth + 1,)
    moments: Moments = []
    for l, _ in enumerate(bounds, start=1):
        strips = (Image(name, filled(g[:, :l], len(bounds)), limit=0.4) for name, g in seen.items())
        curve = Curve("gradient", lines(left, range(l)), "layers passed", log_y=True)
        told = ", ".join(f"{name} {left[name][l - 1]:.2g}" for name in stacks)
        moments.append((f"Length of the gradient: {told}.", (*strips, curve)))
    yield from scene("what comes back through many layers", moments)
    sigmoid, _, relu, scaled, bound = (float(line[-1]) for line in left.values())
    says = f"gradient left by {knobs.depth} layers of"
    yield Claim("sigmoid-vanishes", f"{says} sigmoids, against (gain/4)^{knobs.depth}", sigmoid, "<=", bound)
    yield Claim("relu-can-vanish", f"{says} ReLU", relu, "<=", 0.05)
    yield Claim("scale-rescues", f"{says} ReLU, weights √2 times as large", scaled, ">=", 0.05)


def die(rng: np.random.Generator, knobs: Knobs, parts: Parts) -> Iterator[Event]:
    """Slide the biases of a layer down until no input wakes any of its units."""
    X, W = rng.normal(size=(1000, 6)), stack.unit_columns(rng.normal(size=(6, 24)))  # X·W has deviation 1
    y, last = rng.integers(0, 2, (1000, 1)), mlp.init(rng, [24, 1])
    sinking = np.linspace(0, -knobs.sink, 15)  # (15,) in deviations of z
    biases = parts.sinking(sinking)
    awake = X @ W + biases[:, None, None] > 0  # (15, 1000, 24)
    shares = {"measured": awake.mean(axis=(1, 2)), "Φ(b)": normal_share(sinking)}  # (15,) each
    moments: Moments = []
    for i, (b, on) in enumerate(zip(biases, awake, strict=True), start=1):  # on (1000, 24)
        layers = [Layer(W, np.full(24, b)), *last]
        relu, leaky = (first_gradient(layers, X, y, f) for f in (ACTIVATIONS["relu"], parts.leaky))
        picture = Image("active: 24 units × 40 inputs", rows(on[:40].T), limit=1)
        bars = Bars("length of ∂loss/∂W", ("ReLU", "leaky ReLU"), (relu, leaky))
        curve = Curve("share active", lines(shares, sinking[:i]), "b")
        says = f"Biases sunk by {abs(b):.1f}: {on.mean():.1%} active. Their weights' gradient"
        moments.append((f"{says} is {relu:.2g}, if leaky {leaky:.2g}.", (picture, bars, curve)))
    yield from scene("units that no input wakes", moments)
    gap = float(np.abs(shares["measured"] - shares["Φ(b)"]).max())
    yield Claim("active-share", "share of z above 0, less Φ(mean / deviation)", gap, "<=", 0.04)
    yield Claim("dead-relu-zero", "gradient by the weights of dead ReLUs", relu, "==", 0)
    yield Claim("leaky-alive", "gradient by the same weights, leaky ReLU", leaky, ">", 0)
