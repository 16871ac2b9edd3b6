"""Random, so that units differ; of variance 2 / fan-in, so that fifty ReLU layers keep the signal.

The same random numbers, times four different σ, fill a deep ReLU stack: the signal fades, explodes or stays,
and so does the gradient on its way back. Next come units that start as copies of one another and stay so,
whatever is learnt. Last, what a start from zero really gives: with tanh a constant, with sigmoid one unit
many times, with logistic regression no harm at all. Between stand smaller checks, such as orthogonal weights.

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

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from dlprep.demo import (
    Bars,
    Claim,
    Control,
    Curve,
    Event,
    Frame,
    Image,
    View,
    knob,
    lines,
    row,
    rows,
    scene,
)
from dlprep.nn import initial
from dlprep.nn.activations import ACTIVATIONS, LINEAR, Activation, Array
from dlprep.nn.checks import initcheck
from dlprep.nn.checks.mlpcheck import told_apart
from dlprep.nn.copies import copies, cosines, descent, unlikeness
from dlprep.nn.data.points import circles
from dlprep.nn.losses import binary_cross_entropy
from dlprep.nn.mlp import Layer, Layers, Objective
from dlprep.nn.regression import along, explained, network, noisy_rise, plane, rise
from dlprep.nn.scores import squared
from dlprep.nn.signals import Signals, growth, likeness, power, signals, stream

STEPS, FITS = 100, 160  # of descent on two circles, and from zeros


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    width: int = knob(100, "units in each layer of the deep stack", 80, 256)
    depth: int = knob(50, "ReLU layers of the deep stack", 10, 50)
    sigma: float = knob(0.01, "a fixed σ, which knows nothing of fan-in", 0.001, 0.3)
    units: int = knob(16, "hidden units that learn two circles; 2 are too few", 2, 32)


SIGMA = ("twice-he-explodes", "tiny-vanishes", "tiny-start-stalls", "he-start-learns")
TIED = ("equal-units-stay-equal", "sign-steps-stay-equal", "random-breaks-symmetry", "sigmoid-zero-rank-one")
BENT = ("xavier-halves", "he-aligns-inputs", "zero-last-layer-trains", "sigmoid-zero-not-linear")
CONTROLS = (
    Control("fan-out-for-fan-in", "He's variance is 2 / fan-out", ("fan-in-counts",)),
    Control("no-factor-two", "He's variance is 1 / fan-in", ("he-holds-scale", "gradient-scale")),
    Control("sigmas-swapped", "He gets σ = 0.01, and the fixed σ is He's", SIGMA),
    Control("starts-traded", "equal and random starts swap", (*TIED, "tanh-zero-learns-nothing")),
    Control("linear-units", "tanh, sigmoid and the ReLU stack become linear", BENT),
    Control("not-orthogonal", "normal weights of the same variance", ("orthogonal-exact",)),
    Control("loud-ends", "branches at full size, a head of σ = 1", ("branches-hold", "quiet-head")),
    Control("targets-shuffled", "targets are shuffled", ("linear-regression-better", "zero-logistic-trains")),
)


class Parts(NamedTuple):
    """What a run is made of; a control puts something else in its place."""

    f: Mapping[str, Activation] = ACTIVATIONS
    he: initial.Spread = initial.he
    fixed: Callable[[float], initial.Spread] = initial.fixed
    rotation: initial.Draw = initial.orthogonal
    branch: Callable[[int], float] = initial.branch
    head: float = 0.01
    tied: Callable[[Layers], Layers] = copies
    free: Callable[[Layers], Layers] = list
    zero: float = 0
    targets: Callable[[Array], Array] = np.asarray


PARTS = {
    "fan-out-for-fan-in": Parts(he=lambda a, b: initial.he(b, a)),
    "no-factor-two": Parts(he=initial.lecun),
    "sigmas-swapped": Parts(he=initial.fixed(0.01), fixed=lambda _: initial.he),
    "starts-traded": Parts(tied=list, free=copies, zero=0.1),
    "linear-units": Parts(f=dict.fromkeys(ACTIVATIONS, LINEAR)),
    "not-orthogonal": Parts(rotation=lambda rng, a, b: initial.start(rng, [a, b], initial.lecun)[0].W),
    "loud-ends": Parts(branch=lambda _: 1, head=1),
    "targets-shuffled": Parts(targets=lambda y: np.random.default_rng(0).permutation(y)),
}


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Send signals through a deep stack, then train from several starts, equal and zero ones among them."""
    parts = PARTS[control] if control else Parts()
    deep, rest, hidden, fits = np.random.default_rng(seed).spawn(4)
    X, y = circles(seed, 40)
    task = Objective(X, y[:, None], parts.f["tanh"], binary_cross_entropy)
    yield from stack(deep, knobs, parts)
    yield from checks(rest, replace(task, f=ACTIVATIONS["relu"]), knobs, parts)
    yield from twins(hidden, task, knobs.units, parts)
    yield from zeros(fits, parts)


def stack(rng: np.random.Generator, knobs: Knobs, parts: Parts) -> Iterator[Event]:
    """One deep stack under four spreads: signals go up, then gradients down; then what held."""
    X, f = rng.normal(size=(16, knobs.width)), parts.f["relu"]
    draws = initcheck.draws(rng, [knobs.width] * (knobs.depth + 1) + [1])
    tiny, L = f"σ={knobs.sigma:g}", knobs.depth
    spreads = {tiny: parts.fixed(knobs.sigma), "Xavier": initial.xavier, "He": parts.he}
    spreads["2×He"] = lambda a, b: 2 * parts.he(a, b)
    nets = {name: initial.respread(draws[0], spread) for name, spread in spreads.items()}
    found = {name: signals(net, X, f) for name, net in nets.items()}
    yield from passes(found, L)
    up, down = initcheck.climbs(draws, parts.he, X, f)
    yield Claim("he-holds-scale", f"He: |log₁₀ E[h²]| after {L} ReLU layers, mean of 4", abs(up), "<=", 2)
    yield Claim("gradient-scale", "He: |log₁₀ E[(∂p/∂z)²]| back in layer 1, mean of 4", abs(down), "<=", 2)
    off = abs(growth(found["Xavier"].up) - 1 / 2)
    yield Claim("xavier-halves", "Xavier: E[h²] times ½ in each ReLU layer, |factor − ½|", off, "<=", 0.1)
    off = abs(growth(found["2×He"].up) - 4)
    yield Claim("twice-he-explodes", "2 × He: E[h²] times 4 in each layer, |factor − 4|", off, "<=", 1)
    yield Claim("tiny-vanishes", f"{tiny}: E[h²] after {L} ReLU layers", found[tiny].up[-1], "<=", 1e-9)
    off = abs(1 - float(np.median(likeness(found["He"].hs[-1]))))
    yield Claim("he-aligns-inputs", f"He: 1 − cosine of two inputs after {L} ReLU layers", off, "<=", 0.3)
    off = float(abs(np.log(power(stream(nets["He"][:-1], X, f.value, parts.branch(L)))) - 1))
    yield Claim("branches-hold", f"{L} residual branches times 1/√{L}: |ln E[h²] − 1|", off, "<=", 0.8)


def passes(found: Mapping[str, Signals], depth: int) -> Iterator[Frame]:
    """The signal layer by layer, with pictures of the activations; then the gradient, down to layer 1."""
    layers, shown = range(1, depth + 1), [*range(1, depth, 3), depth]
    up = {name: s.up[1:] for name, s in found.items()}
    moments = []
    for l in shown:
        images: list[View] = [Image(name, rows(s.hs[l][:12, :16]), limit=2) for name, s in found.items()]
        seen = {name: powers[:l] for name, powers in up.items()}
        curve = Curve("E[h²]", lines(seen, layers), "layer", log_y=True)
        ends = told({name: powers[-1] for name, powers in seen.items()}, ".2g")
        moments.append((f"Layer {l}: E[h²] is {ends}. Rows are inputs, columns units.", (*images, curve)))
    yield from scene(f"one signal, up through {depth} ReLU layers", moments)
    whole = Curve("E[h²], going up", lines(up, layers), "layer", log_y=True)
    down = {name: list(reversed(s.down)) for name, s in found.items()}
    moments = []
    for count in shown:
        seen = {name: powers[:count] for name, powers in down.items()}
        curve = Curve("E[(∂p/∂z)²], going down", lines(seen, layers[::-1]), "layer", log_y=True)
        ends = told({name: powers[-1] for name, powers in seen.items()}, ".2g")
        moments.append((f"Layer {layers[-count]}: the mean square of ∂p/∂z is {ends}.", (whole, curve)))
    yield from scene("the gradient, down again", moments)


def told(named: Mapping[str, float], how: str) -> str:
    """Numbers for a caption, with their names."""
    return ", ".join(f"{number:{how}} ({name})" for name, number in named.items())


def checks(rng: np.random.Generator, task: Objective, knobs: Knobs, parts: Parts) -> Iterator[Claim]:
    """What else a start must get right: fan-in, rotations, the head, and that five ReLU layers learn."""
    gap = initcheck.narrowing_gap(rng, 4 * knobs.width, knobs.width, parts.he, parts.f["relu"])
    yield Claim("fan-in-counts", "He: |log₁₀ E[h²]| after a layer four times as narrow", gap, "<=", 0.2)
    gap = initcheck.length_gap(rng, parts.rotation)
    yield Claim("orthogonal-exact", "50 linear orthogonal layers keep lengths, error", gap, "<=", 1e-9)
    gap = initcheck.head_gap(rng, initial.fixed(parts.head))
    yield Claim("quiet-head", f"head of σ={parts.head:g} on 10 classes: |loss − ln 10|", gap, "<=", 0.05)
    tiny, he = initcheck.five_layers(rng, task, parts.fixed(knobs.sigma), parts.he)
    gap, says = float(abs(task.value(tiny) - np.log(2))), "five ReLU layers: |loss − ln 2| after 60 steps"
    yield Claim("tiny-start-stalls", f"σ={knobs.sigma:g}, {says}", gap, "<=", 1e-6)
    yield Claim("he-start-learns", "He, five ReLU layers: points told apart", told_apart(task, he), ">=", 0.9)


def twins(rng: np.random.Generator, task: Objective, count: int, parts: Parts) -> Iterator[Event]:
    """Units that start as copies of one, next to units that start apart; and a last layer of zeros."""
    drawn = initial.start(rng, [2, count, 1], initial.lecun)
    copied, (first, second) = parts.tied(drawn), parts.free(drawn)
    silent = Layer(np.zeros_like(second.W), np.zeros_like(second.b))
    starts = {"copies": copied, "random": [first, second], "last layer zero": [first, silent]}
    paths = {name: descent(task, start, 2, STEPS) for name, start in starts.items()}
    moments = []
    for step in np.linspace(0, STEPS, 21, dtype=int):
        now = {name: path[step].layers for name, path in paths.items()}
        alike = {name: rows(cosines(layers)) for name, layers in now.items()}
        images: list[View] = [Image(name, cells, signed=True, limit=1) for name, cells in alike.items()]
        losses = {name: [state.loss for state in path[: step + 1]] for name, path in paths.items()}
        right = {name: told_apart(task, layers) for name, layers in now.items()}
        caption = f"Each cell is the cosine of two hidden units. Points told apart: {told(right, '.0%')}."
        moments.append((caption, (*images, Curve("loss", lines(losses), "step"))))
    yield from scene("units that start as copies", moments)
    gap = unlikeness(now["copies"])
    yield Claim("equal-units-stay-equal", f"{count} units start equal: difference", gap, "<=", 1e-9)
    *_, (_, signed) = descent(task, copied, 0.05, STEPS, np.sign)
    says = "equal units, sign descent, which is Adam with β = ε = 0: difference"
    yield Claim("sign-steps-stay-equal", says, unlikeness(signed), "<=", 1e-9)
    yield Claim("random-breaks-symmetry", "random start: points told apart", right["random"], ">=", 0.95)
    says = "random start, but the last layer zero: points told apart"
    yield Claim("zero-last-layer-trains", says, right["last layer zero"], ">=", 0.95)


def zeros(rng: np.random.Generator, parts: Parts) -> Iterator[Event]:
    """A smooth step in four inputs, fitted by a plane, and from zeros by tanh and by sigmoid units."""
    X = rng.normal(size=(100, 4))
    y = parts.targets(noisy_rise(rng, X))  # (100, 1)
    x = np.linspace(-2.5, 2.5, 51)[:, None]  # (51, 1) places along the axis on which y rises
    start = initial.start(rng, [4, 4, 1], initial.fixed(parts.zero))
    paths = {f: descent(Objective(X, y, parts.f[f], squared), start, 0.25, FITS) for f in ("tanh", "sigmoid")}
    models = {"plane": plane(X, y)}
    moments = []
    for step in np.linspace(0, FITS, 21, dtype=int):
        models |= {f: network(path[step].layers, parts.f[f]) for f, path in paths.items()}
        fits = {name: explained(model(X), y) for name, model in models.items()}
        drawn = {"target": rise(x)} | {name: model(along(x)) for name, model in models.items()}
        curve = Curve("prediction", lines({name: p[:, 0] for name, p in drawn.items()}, x[:, 0]), "x")
        (W, _), _ = paths["sigmoid"][step].layers  # (4, 4)
        rank = int(np.linalg.matrix_rank(W, tol=1e-9))
        caption = f"R² after {step} steps: {told(fits, '.2f')}. Rank of the sigmoid units' W: {rank}."
        bars = Bars("R²", tuple(fits), row(fits.values()))
        moments.append((caption, (Image("W, sigmoid", rows(W), signed=True), curve, bars)))
    yield from scene("what a start from zero learns", moments)
    yield Claim("tanh-zero-learns-nothing", "tanh from zeros: |R²|", abs(fits["tanh"]), "<=", 1e-9)
    yield Claim("linear-regression-better", "linear regression, same data: R²", fits["plane"], ">=", 0.5)
    yield Claim("sigmoid-zero-rank-one", "sigmoid from zeros: rank of its 4 × 4 weights", rank, "==", 1)
    yield Claim("sigmoid-zero-not-linear", "sigmoid from zeros: R²", fits["sigmoid"], ">", fits["plane"])
    right = initcheck.logistic(X, y > np.median(y))
    yield Claim("zero-logistic-trains", "logistic regression from zeros: points told apart", right, ">=", 0.9)
