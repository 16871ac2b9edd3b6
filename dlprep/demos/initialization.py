"""Random, so that units differ; of variance 2 / fan-in, so that fifty ReLU layers keep the signal.

The same random numbers, times four different σ, fill a deep ReLU stack: the signal fades, explodes or stays,
and so does the gradient on its way back. Next come units that start as copies of one another and stay so,
whatever is learnt. Last, what a start from zero really gives: with tanh a constant, with sigmoid one unit
many times, with logistic regression no harm at all. Smaller checks stand between: fan-in, orthogonal weights,
residual branches, the head, and five layers that learn from He's start but not from a tiny one.

Throughout:
    X  (n, d)  inputs          y  (n, 1)  targets or labels    p  (n, 1)  what a network makes of X
    W  (a, b)  weights, fan-in a, fan-out b                    σ  their standard deviation; biases start at 0
    h  (n, a)  activations     E[h²]  their mean square        z  (n, b)  pre-activations
    σ = √(2/a) is He's, σ = √(2/(a + b)) Xavier's

Try: `--sigma 0.14`, which is He's at width 100; `--depth 10`; `--units 2`; `--control linear-units`.

Source: Glorot and Bengio 2010 (Xavier); He, Zhang, Ren and Sun 2015 (ReLU); Saxe, McClelland and Ganguli
2014 (orthogonal); Radford et al. 2019 (branches × 1/√L); Cho and Saul 2009 (angles after ReLU).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import TypeAlias

import numpy as np

from dlprep.demo import Bars, Claim, Control, Curve, Event, Frame, Image, Line, View, knob, row, rows
from dlprep.nn import initcheck, initial, mlp
from dlprep.nn.activations import ACTIVATIONS, LINEAR, Activation, Array
from dlprep.nn.initcheck import Signals, decades, descent, explained, growth, likeness, signals, unlikeness
from dlprep.nn.initial import Draw, Spread, respread
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.mlp import Layer, Layers, Objective
from dlprep.nn.mlpcheck import told_apart
from dlprep.nn.points import circles

Rng: TypeAlias = np.random.Generator
Moment: TypeAlias = tuple[str, tuple[View, ...]]  # a caption and what it is about
ALIKE = 1e-9
STEPS, FITS = 100, 160  # of descent on two circles, and from zeros
SEEN = 16  # inputs of the deep stack, and units shown of each layer
DRAWS = (initial.normal, initial.uniform, initial.normal, initial.uniform)  # one draw alone wanders
TOWARDS = np.array([[0.8], [0.6], [0], [0]])  # (4, 1) of length 1: where the step to fit rises


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    width: int = knob(100, "units in each layer of the deep stack", 80, 256)
    depth: int = knob(50, "ReLU layers of the deep stack", 10, 50)
    sigma: float = knob(0.01, "a fixed σ, which knows nothing of fan-in", 0.001, 0.3)
    units: int = knob(16, "hidden units that learn two circles; 2 are too few", 2, 32)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run is made of; a control puts something else in its place."""

    relu: Activation = ACTIVATIONS["relu"]
    tanh: Activation = ACTIVATIONS["tanh"]
    sigmoid: Activation = ACTIVATIONS["sigmoid"]
    he: Spread = initial.he
    fixed: Callable[[float], Spread] = initial.fixed
    rotation: Draw = initial.orthogonal
    branch: Callable[[int], float] = initial.branch
    head: float = 0.01
    tied: Callable[[Layers], Layers] = initcheck.copies
    free: Callable[[Layers], Layers] = list
    zero: float = 0
    targets: Callable[[Array], Array] = np.asarray


HE = ("he-holds-scale", "gradient-scale", "fan-in-counts", "twice-he-explodes")
FIXED = ("tiny-vanishes", "tiny-start-stalls", "he-start-learns")
LEARN = ("random-breaks-symmetry", "zero-last-layer-trains")
TIES = ("equal-units-stay-equal", "sign-steps-stay-equal", *LEARN)
ZEROS = ("tanh-zero-learns-nothing", "sigmoid-zero-rank-one")
BENT = ("xavier-halves", "he-aligns-inputs", "sigmoid-zero-not-linear", *LEARN)
FIT = ("linear-regression-better", "zero-logistic-trains")
CONTROLS = (
    Control("fan-out-for-fan-in", "He's variance is 2 / fan-out", ("fan-in-counts",)),
    Control("no-factor-two", "He's variance is 1 / fan-in", HE),
    Control("sigmas-swapped", "He gets σ = 0.01, and the fixed σ is He's", (*HE, *FIXED)),
    Control("starts-traded", "copies and zeros start at random, random units as copies", (*TIES, *ZEROS)),
    Control("linear-units", "tanh, sigmoid and the ReLU stack give back what they get", BENT),
    Control("not-orthogonal", "normal weights of the same variance", ("orthogonal-exact",)),
    Control("loud-ends", "branches at full size, a head of σ = 1", ("branches-hold", "quiet-head")),
    Control("targets-shuffled", "the targets of the fits are dealt out at random", FIT),
)
SWAPS = {  # what each control puts in the place of a true part
    "fan-out-for-fan-in": Parts(he=lambda a, b: initial.he(b, a)),
    "no-factor-two": Parts(he=initial.lecun),
    "sigmas-swapped": Parts(he=initial.fixed(0.01), fixed=lambda _: initial.he),
    "linear-units": Parts(relu=LINEAR, tanh=LINEAR, sigmoid=LINEAR),
    "not-orthogonal": Parts(rotation=lambda rng, a, b: initial.start(rng, [a, b], initial.lecun)[0].W),
    "loud-ends": Parts(branch=lambda _: 1, head=1),
    "starts-traded": Parts(tied=list, free=initcheck.copies, zero=0.1),
    "targets-shuffled": Parts(targets=lambda y: np.random.default_rng(0).permutation(y)),
}


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Send signals through a deep stack, then train from several starts, equal and zero ones among them."""
    parts = SWAPS[control] if control else Parts()
    stack, rest, hidden, fits = np.random.default_rng(seed).spawn(4)
    points, labels = circles(seed, 40)
    task = Objective(points, labels[:, None], parts.tanh, binary_cross_entropy)
    yield from scale(stack, knobs, parts)
    yield from others(rest, knobs, parts)
    yield from deep(rest, replace(task, f=ACTIVATIONS["relu"]), knobs, parts)
    yield from twins(hidden, task, knobs, parts)
    yield from zeros(fits, parts)


def scale(rng: Rng, knobs: Knobs, parts: Parts) -> Iterator[Event]:
    """One stack of layers under four spreads: signals go up, then gradients down; then what held."""
    X, f = rng.normal(size=(SEEN, knobs.width)), parts.relu
    sizes = [knobs.width, *repeat(knobs.width, knobs.depth), 1]
    draws = [initial.start(rng, sizes, initial.fixed(1), draw) for draw in DRAWS]
    tiny, layers = f"σ={knobs.sigma:g}", f"{knobs.depth} ReLU layers"
    spreads = {tiny: parts.fixed(knobs.sigma), "Xavier": initial.xavier, "He": parts.he}
    spreads["2×He"] = lambda a, b: 2 * parts.he(a, b)
    found = {name: signals(respread(draws[0], spread), X, f) for name, spread in spreads.items()}
    yield from passes(found, layers)
    held = [respread(draw, parts.he) for draw in draws]
    sent = [signals(net, X, f) for net in held]
    climb = abs(np.mean([decades(s.up) for s in sent]))
    fall = abs(np.mean([decades(s.down) for s in sent]))
    says = f"He: |log₁₀ E[h²]| after {layers}, mean of {len(draws)} draws"
    yield Claim("he-holds-scale", says, float(climb), "<=", 2)
    yield Claim("gradient-scale", "He: the same of ∂p/∂z, going back", float(fall), "<=", 2)
    off = abs(growth(found["Xavier"].up) - 1 / 2)
    yield Claim("xavier-halves", "Xavier: E[h²] times ½ in each ReLU layer, |factor − ½|", off, "<=", 0.1)
    off = abs(growth(found["2×He"].up) - 4)
    yield Claim("twice-he-explodes", "2 × He: E[h²] times 4 in each layer, |factor − 4|", off, "<=", 1)
    yield Claim("tiny-vanishes", f"{tiny}: E[h²] after {layers}", found[tiny].up[-1], "<=", 1e-9)
    off = abs(1 - float(np.median(likeness(found["He"].hs[-1]))))
    yield Claim("he-aligns-inputs", f"He: 1 − cosine of two inputs after {layers}", off, "<=", 0.3)
    (*branches, _), *_ = held
    end = initcheck.power(initcheck.stream(branches, X, f.value, parts.branch(knobs.depth)))
    off = abs(math.log(end) - 1)
    says = f"{knobs.depth} residual branches times 1/√{knobs.depth}: |ln E[h²] − 1|"
    yield Claim("branches-hold", says, off, "<=", 0.8)


def passes(found: Mapping[str, Signals], layers: str) -> Iterator[Frame]:
    """The signal layer by layer, with pictures of the activations; then the gradient, down to layer 1."""
    axis = [l for l, _ in enumerate(found["He"].down, start=1)]
    shown = np.unique(np.linspace(1, len(axis), 21, dtype=int)).tolist()
    moments: list[Moment] = []
    for l in shown:
        images = [Image(name, rows(s.hs[l][:12, :SEEN]), limit=2) for name, s in found.items()]
        up = {name: s.up[1:][:l] for name, s in found.items()}
        curve = Curve("E[h²]", lines(up, axis), "layer", log_y=True)
        moments.append((f"Layer {l}: E[h²] is {last(up)}. Rows are inputs, columns units.", (*images, curve)))
    yield from scene(f"one signal, up through {layers}", moments)
    whole, moments = Curve("E[h²], going up", lines(up, axis), "layer", log_y=True), []
    axis.reverse()
    for count in shown:
        down = {name: list(reversed(s.down))[:count] for name, s in found.items()}
        curve = Curve("E[(∂p/∂z)²], going down", lines(down, axis), "layer", log_y=True)
        caption = f"Layer {axis[count - 1]}: the mean square of ∂p/∂z is {last(down)}."
        moments.append((caption, (whole, curve)))
    yield from scene("the gradient, down again", moments)


def lines(named: Mapping[str, Iterable[float]], xs: Iterable[float] = ()) -> tuple[Line, ...]:
    """A line for each name, over common places."""
    return tuple(Line(name, row(ys), row(xs)) for name, ys in named.items())


def last(named: Mapping[str, Sequence[float]]) -> str:
    """The last number of each name."""
    return ", ".join(f"{ys[-1]:.2g} ({name})" for name, ys in named.items()).replace("e-", "e−")


def scene(title: str, moments: Sequence[Moment]) -> Iterator[Frame]:
    """A frame for each caption and its views; the last is key."""
    *_, end = moments
    for step, moment in enumerate(moments, start=1):
        yield Frame(title, step, len(moments), *moment, key=moment is end)


def others(rng: Rng, knobs: Knobs, parts: Parts) -> Iterator[Claim]:
    """What else a start must get right: fan-in, rotations, and the head."""
    wide, narrow = 4 * knobs.width, knobs.width
    net, X = initial.start(rng, [wide, narrow, 1], parts.he), rng.normal(size=(SEEN, wide))
    off = abs(decades(signals(net, X, parts.relu).up))
    yield Claim("fan-in-counts", f"He: |log₁₀ E[h²]| after a layer from {wide} to {narrow}", off, "<=", 0.2)
    gap = initcheck.length_gap(rng, parts.rotation)
    yield Claim("orthogonal-exact", "50 linear orthogonal layers keep lengths, error", gap, "<=", ALIKE)
    gap = initcheck.head_gap(rng, initial.fixed(parts.head))
    yield Claim("quiet-head", f"head of σ={parts.head:g} on 10 classes: |loss − ln 10|", gap, "<=", 0.05)


def deep(rng: Rng, task: Objective, knobs: Knobs, parts: Parts) -> Iterator[Claim]:
    """Five ReLU layers learn two circles, or do not."""
    unit = initial.start(rng, [2, *[24] * 5, 1], initial.fixed(1))
    starts = (respread(unit, spread) for spread in (parts.fixed(knobs.sigma), parts.he))
    tiny, he = (mlp.trained(task, start, 0.2, 60) for start in starts)
    moved, told = abs(task.value(tiny) - math.log(2)), told_apart(task, he)
    says = f"σ={knobs.sigma:g}, five ReLU layers: |loss − ln 2| after 60 steps"
    yield Claim("tiny-start-stalls", says, moved, "<=", 1e-6)
    yield Claim("he-start-learns", "He, the same layers and steps: points told apart", told, ">=", 0.9)


def twins(rng: Rng, task: Objective, knobs: Knobs, parts: Parts) -> Iterator[Event]:
    """Units that start as copies of one, next to units that start apart; and a last layer of zeros."""
    drawn = initial.start(rng, [2, knobs.units, 1], initial.lecun)
    copied, (first, second) = parts.tied(drawn), parts.free(drawn)
    silent = Layer(*map(np.zeros_like, second))
    starts = {"copies": copied, "random": [first, second], "last layer zero": [first, silent]}
    paths = {name: descent(task, start, 2, STEPS) for name, start in starts.items()}
    moments: list[Moment] = []
    for step in np.linspace(0, STEPS, 21, dtype=int).tolist():
        now = {name: path[step].layers for name, path in paths.items()}
        alike = {name: rows(likeness(initcheck.units(layers))) for name, layers in now.items()}
        images = [Image(name, cosines, signed=True, limit=1) for name, cosines in alike.items()]
        losses = {name: [s.loss for s in (*path[:step], path[step])] for name, path in paths.items()}
        told = {name: told_apart(task, layers) for name, layers in now.items()}
        right = ", ".join(f"{share:.0%} ({name})" for name, share in told.items())
        caption = f"Each cell is the cosine of two hidden units. Points told apart: {right}."
        moments.append((caption, (*images, Curve("loss", lines(losses), "step"))))
    yield from scene("units that start as copies", moments)
    says = f"{knobs.units} units start equal: difference after {STEPS} steps"
    yield Claim("equal-units-stay-equal", says, unlikeness(now["copies"]), "<=", ALIKE)
    *_, (_, signed) = descent(task, copied, 0.05, STEPS, np.sign)
    says = "the same by sign descent, which is Adam with β = ε = 0"
    yield Claim("sign-steps-stay-equal", says, unlikeness(signed), "<=", ALIKE)
    says = "random weights, biases zero: points told apart"
    yield Claim("random-breaks-symmetry", says, told["random"], ">=", 0.95)
    says = "random weights, last layer zero: points told apart"
    yield Claim("zero-last-layer-trains", says, told["last layer zero"], ">=", 0.95)


def zeros(rng: Rng, parts: Parts) -> Iterator[Event]:
    """A smooth step in four inputs, fitted by a plane, and from zeros by tanh and by sigmoid units."""
    X = rng.normal(size=(100, 4))
    x = np.sort(X @ TOWARDS, axis=0)  # (n, 1) places along the step
    places, y = np.outer(x, TOWARDS), parts.targets(rng.normal(initcheck.step(X @ TOWARDS), 0.2))
    plane, fs = initcheck.fitted_plane(X, y), {"tanh": parts.tanh, "sigmoid": parts.sigmoid}
    shown, fits = {"target": initcheck.step(x), "plane": plane(places)}, {"plane": explained(plane(X), y)}
    tasks = {name: Objective(X, y, f, initcheck.mean_square) for name, f in fs.items()}
    start = initial.start(rng, [4, 4, 1], initial.fixed(parts.zero))
    paths = {name: descent(task, start, 0.25, FITS) for name, task in tasks.items()}
    moments: list[Moment] = []
    for step in np.linspace(0, FITS, 21, dtype=int).tolist():
        for name, f in fs.items():
            *_, p = mlp.forward(paths[name][step].layers, X, f.value)
            *_, shown[name] = mlp.forward(paths[name][step].layers, places, f.value)
            fits[name] = explained(p, y)
        (W, _), _ = paths["sigmoid"][step].layers
        curve = Curve("prediction", lines({name: ys[:, 0] for name, ys in shown.items()}, x[:, 0]), "x")
        views = Image("W, sigmoid", rows(W), signed=True), curve, Bars("R²", tuple(fits), row(fits.values()))
        rank = int(np.linalg.matrix_rank(W, tol=ALIKE))
        told = ", ".join(f"{fit:.2f} ({name})" for name, fit in fits.items())
        caption = f"R² after {step} steps: {told}. The sigmoid units' weights W have rank {rank}."
        moments.append((caption, views))
    yield from scene("what a start from zero learns", moments)
    says = "tanh from zeros: |R²|, which is 0 for a constant"
    yield Claim("tanh-zero-learns-nothing", says, abs(fits["tanh"]), "<=", ALIKE)
    yield Claim("linear-regression-better", "linear regression, same data: R²", fits["plane"], ">=", 0.5)
    yield Claim("sigmoid-zero-rank-one", "sigmoid from zeros: rank of its 4 × 4 weights", rank, "==", 1)
    says = "sigmoid from zeros: R², above that of any linear model"
    yield Claim("sigmoid-zero-not-linear", says, fits["sigmoid"], ">", fits["plane"])
    sides = Objective(X, np.greater(y, np.median(y)), LINEAR, binary_cross_entropy)
    line = mlp.trained(sides, initial.start(rng, [4, 1], initial.fixed(0)), 2, 60)
    says = "logistic regression from zeros: points told apart"
    yield Claim("zero-logistic-trains", says, told_apart(sides, line), ">=", 0.9)
