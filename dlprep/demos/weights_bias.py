"""Weights turn and sharpen a unit's boundary; its bias slides it, being the weight of a constant 1.

The bias slides the boundary of a sigmoid unit and never turns it; the weights turn it. Multiplying both by k
leaves it in place and makes the output k times as steep there. Without a bias the output at the origin is ½
whatever the weights, so AND and NOR are out of reach. Last, a bias learns by itself how common a class is.

Throughout:
    w (2,), b   a unit's weights and bias         output    σ(w·x + b); the field shows output − ½
    y (n,)      which points are of class 1       boundary  where the output is ½, read back from the field
    X (n, a), W (a, m), b (m,)                    a dense layer: X·W + b, (n, m)
    π                                             the share of class 1

Try: `--w1 0.5` and see the output flatten; `--bias 0`; `--prior 0.5`; `--control bias-not-scaled`.

Source: Rumelhart, Hinton and Williams 1986, Nature 323 (a bias is the weight of an input that is always 1);
Ioffe and Szegedy 2015, ICML (normalisation makes the bias before it redundant).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from math import atan2, degrees, log, remainder
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from dlprep.demo import Bars, Claim, Control, Curve, Dots, Event, Field, Line, View, knob, row, rows, scene
from dlprep.nn import boundary, dense, mlp, unit
from dlprep.nn.activations import Array
from dlprep.nn.checks import densecheck
from dlprep.nn.checks.gradcheck import relative_error
from dlprep.nn.data.clouds import AND, truth_table
from dlprep.nn.faulty import nearly_dense
from dlprep.nn.lattice import Extent, around, lattice
from dlprep.nn.unit import directions, length

Function: TypeAlias = Callable[..., Any]
GATES = {"AND": AND, "NOR": (1, -1, -1, -1)}


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    w1: float = knob(2.0, "weight of the first input", 0.5, 5)
    w2: float = knob(1.0, "weight of the second input", -5, 5)
    bias: float = knob(3.0, "how far the bias slides to either side of 0", 0, 5)
    scale: float = knob(4.0, "the greatest factor k on weights and bias", 1, 8)
    prior: float = knob(0.05, "share of class 1 among the labels that a bias alone learns", 0.01, 0.99)


FREES = ("offset-is-b-over-norm", "bias-frees")  # what only a bias before the activation does
LEARNS = ("ones-column", "bias-learns-log-odds")
CONTROLS = (
    Control("constant-input-zero", "the bias is the weight of an input x₀ = 0, not 1", FREES + LEARNS),
    Control("bias-after-activation", "the bias is added to the output", FREES),
    Control("bias-into-weight", "the bias is added to w₁", ("bias-keeps-angle", "slope-at-boundary")),
    Control("bias-not-scaled", "k multiplies the weights and leaves the bias", ("scaling-keeps-boundary",)),
    Control("weights-swapped", "each input meets the other's weight", ("weights-rotate", "ones-column")),
    Control("inputs-shifted", "the gates' inputs lie around ¾, not at 0 and 1", ("no-bias-capped",)),
    Control("bias-per-input", "a layer has a bias for each input, not each unit", ("shapes-and-counts",)),
    Control("gradient-averaged", "the bias's gradient is the mean over the batch", ("bias-gradient-sums",)),
    Control("mean-kept", "normalisation divides and does not centre", ("norm-cancels-bias",)),
)


class Parts(NamedTuple):
    """The functions a run is made of; a control hands it another one."""

    affine: Function = dense.forward
    output: Function = unit.output
    scaled: Function = lambda b, k: k * b  # the bias when the weights are multiplied by k
    corners: Function = np.asarray
    init: Function = mlp.init
    backward: Function = dense.backward
    standardise: Function = dense.standardise


PARTS = {
    "constant-input-zero": Parts(
        nearly_dense.times_zero, partial(unit.output, affine=nearly_dense.times_zero)
    ),
    "bias-after-activation": Parts(output=nearly_dense.behind),
    "bias-into-weight": Parts(output=nearly_dense.into_weight),
    "bias-not-scaled": Parts(scaled=lambda b, _: b),
    "weights-swapped": Parts(nearly_dense.swapped, partial(unit.output, affine=nearly_dense.swapped)),
    "inputs-shifted": Parts(corners=lambda X: X - 0.75),
    "bias-per-input": Parts(init=nearly_dense.per_input),
    "gradient-averaged": Parts(backward=nearly_dense.averaged),
    "mean-kept": Parts(standardise=nearly_dense.uncentred),
}


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Slide, turn and sharpen a boundary; forbid the bias, allow it, and let it learn."""
    parts, rng = PARTS[control] if control else Parts(), np.random.default_rng(seed)
    w, b = np.array([knobs.w1, knobs.w2]), knobs.bias
    reach = (b + 3) / length(w)  # the boundary stays within it
    extent = -reach, reach, -reach, reach
    plane = Plane(parts.output, *unit.clear_points(rng, w, 1, extent), extent)
    yield from slide(plane, w, b)
    yield from turn(plane, w, b)
    yield from sharpen(plane, w, b, np.geomspace(1, knobs.scale, 13), parts.scaled)
    yield from gates(parts)
    yield from layer(parts, rng)
    yield from base_rate(parts, round(100 * knobs.prior))


class Plane(NamedTuple):
    """Part of the plane, labelled points on it, and how a unit's output is computed there."""

    output: Function
    points: Array  # (n, 2)
    y: Array  # (n,) true for class 1
    extent: Extent

    def field(self, w: Array, b: float, *marks: Dots) -> Field:
        """The unit's output − ½, with the points."""
        F = self.output(lattice(self.extent), w, b) - 0.5  # (33, 49)
        (x0, y0), (x1, y1) = map(row, self.points[~self.y].T), map(row, self.points[self.y].T)
        classes = Dots("0", x0, y0, "low"), Dots("1", x1, y1, "high")
        return Field("output − ½", rows(F), self.extent, (*classes, *marks), limit=0.5)

    def right(self, w: Array, b: float) -> Array:
        """Whether the unit names the class of each point: (n,), or (n, m) of m units."""
        return unit.right(self.output(self.points, w, b), self.y)

    def seen(self, w: Array, b: float, *marks: Dots) -> tuple[boundary.Boundary, float, tuple[View, ...]]:
        """The boundary and the slope there, read from what is drawn: field, cut along w, parameters."""
        line = boundary.read(self.field(w, b).rows, self.extent)
        s = np.linspace(*self.extent[:2], 61)  # (61,) from the origin, in w's direction
        output = Line("output", row(self.output(np.outer(s, w / length(w)), w, b)), row(s))
        left, right = line.offset + np.array([-0.5, 0.5]) / unit.steepness(self.output, w, b, line)
        tangent = Line("tangent", (0, 1), row([left, right]))
        cut = Curve("output along w", (output, tangent), "distance from the origin", at=0.5)
        nearest = Dots("nearest the origin", row(line.foot[:1]), row(line.foot[1:]), "accent")
        return line, 1 / (right - left), (self.field(w, b, *marks, nearest), cut, parameters(w, b))


def parameters(w: Array, b: float) -> Bars:
    """A unit's three numbers."""
    return Bars("parameters", ("w₁", "w₂", "b"), row([*w, b]))


def slide(plane: Plane, w: Array, reach: float) -> Iterator[Event]:
    """The bias from one end to the other, the weights fixed."""
    biases = np.linspace(-reach, reach, 19)  # (19,)
    lines, moments = [], []
    for b in biases:
        line, _, views = plane.seen(w, b)
        right = f"{plane.right(w, b).sum()} of {len(plane.y)} right"
        where = f"{abs(line.offset):.3f} from the origin, normal at {line.angle:.1f}°"
        moments.append((f"b = {b:+.2f}: {where}, {right}.".replace("-", "−"), views))
        lines.append(line)
    yield from scene("the bias slides the boundary", moments)
    angles, offsets = np.array(lines).T  # (19,) each
    turned, missed = float(np.ptp(angles)), float(np.abs(offsets + biases / length(w)).max())
    yield Claim("bias-keeps-angle", "degrees that the boundary turned as b slid", turned, "<=", 1e-6)
    yield Claim("offset-is-b-over-norm", "boundary's place along w against −b/‖w‖: error", missed, "<=", 1e-9)


def turn(plane: Plane, w: Array, b: float) -> Iterator[Event]:
    """The weights in other directions, their length and the bias fixed."""
    start, _, _ = plane.seen(w, b)
    x, y = map(row, directions(range(0, 360, 6), start.offset))  # (60,) each
    misses, moments = [], []
    for angle in np.arange(degrees(atan2(w[1], w[0])), 270, 10):
        v = length(w) * directions(angle)  # (2,)
        line, _, views = plane.seen(v, b, Dots("|b|/‖w‖", x, y))
        caption = f"w at {angle:.1f}°: the boundary turns too, still {abs(line.offset):.3f} from the origin."
        moments.append((caption.replace("-", "−"), views))
        misses += [abs(remainder(line.angle - angle, 360)), abs(line.offset - start.offset)]
    yield from scene("the weights turn it", moments)
    gap = max(misses)
    yield Claim("weights-rotate", "boundary's angle and distance as w turns: largest error", gap, "<=", 1e-6)


def sharpen(plane: Plane, w: Array, b: float, factors: Array, scaled: Function) -> Iterator[Event]:
    """Weights and bias times k."""
    lines, slopes, moments = [plane.seen(w, b)[0]], [], []
    for k in factors:
        line, slope, views = plane.seen(k * w, scaled(b, k))
        where = f"{abs(line.offset):.3f} from the origin, {slope:.3f} steep: k‖w‖/4"
        moments.append((f"w and b times {k:.2f}: boundary {where}.", views))
        lines.append(line)
        slopes.append(slope)
    yield from scene("multiplied by k, it stays and sharpens", moments)
    moved = float(np.ptp(lines, axis=0).max())
    yield Claim("scaling-keeps-boundary", "what k changes of angle (degrees) or distance", moved, "<=", 1e-6)
    error = relative_error(np.array(slopes), length(w) / 4 * factors)
    yield Claim("slope-at-boundary", "slope at the boundary against k‖w‖/4, relative", error, "<=", 1e-6)


def gates(parts: Parts) -> Iterator[Event]:
    """NOR and AND: without a bias, w in every direction; then with a bias."""
    X = parts.corners(truth_table(AND)[0])  # (4, 2)
    planes = {name: Plane(parts.output, X, np.array(y) > 0, around(X)) for name, y in GATES.items()}
    angles = np.arange(-240, 121, 3)  # (121,)
    fan = directions(angles, 6)  # (2, 121): a unit for each direction
    shares = {name: plane.right(fan, 0).mean(axis=0) for name, plane in planes.items()}  # (121,) each
    capped = float(np.max(list(shares.values())))
    moments: list[tuple[str, tuple[View, ...]]] = []
    for n in range(1, 122, 5):
        *_, w = fan.T[:n]
        lines = tuple(Line(name, row(share[:n]), row(angles[:n])) for name, share in shares.items())
        curve = Curve("share right", lines, "direction of w in degrees", at=0.75)
        caption = f"AND: every boundary passes through the origin, {capped:.0%} right at best."
        moments.append((caption, (planes["AND"].field(w, 0), curve, parameters(w, 0))))
    yield from scene("AND and NOR without a bias", moments)
    yield Claim("no-bias-capped", "best share of AND or NOR right without a bias", capped, "<=", 0.75)
    w, freed, moments = np.array([4, 4]), [], []
    for name, v, biases in (("NOR", -w, range(3)), ("AND", w, range(0, -7, -1))):
        right = [float(planes[name].right(v, b).mean()) for b in biases]
        freed.append(max(right))
        for n, b in enumerate(biases, start=1):
            curve = Curve("share right", (Line(name, row(right[:n]), row(biases[:n])),), "bias", at=0.75)
            caption = f"{name}, b = {b}: {right[n - 1]:.0%} right, {capped:.0%} at best without a bias."
            moments.append((caption.replace("-", "−"), (planes[name].field(v, b), curve, parameters(v, b))))
    yield from scene("AND and NOR with a bias", moments)
    yield Claim("bias-frees", "share of AND and of NOR right with a bias, the lesser", min(freed), "==", 1)


def layer(parts: Parts, rng: np.random.Generator) -> Iterator[Claim]:
    """What is true of the biases of a dense layer."""
    X, T = rng.normal(size=(8, 12)), rng.integers(0, 2, (8, 5))
    [(W, b)] = mlp.init(rng, [12, 5])
    gap = densecheck.fold_gap(parts.affine, X, W, b)
    yield Claim("ones-column", "X·W + b against (X, 1)·(W over b): largest difference", gap, "<=", 1e-12)
    count = mlp.flat(parts.init(rng, [784, 128])).size
    yield Claim("shapes-and-counts", "parameters of a dense layer, 784 to 128", count, "==", (784 + 1) * 128)
    error = densecheck.gradient_error(parts.affine, parts.backward, X, (W, b), T)
    yield Claim("bias-gradient-sums", "gradients, that of b a sum, against differences", error, "<=", 1e-7)
    gap = densecheck.norm_gap(parts.standardise, X, W, b)
    yield Claim("norm-cancels-bias", "what b changes behind batch normalisation", gap, "<=", 1e-9)


def base_rate(parts: Parts, percent: int) -> Iterator[Event]:
    """A bias learns, with all weights 0, how common class 1 is."""
    y, best = (np.arange(100) < percent)[:, None], log(percent / (100 - percent))  # (100, 1)
    biases, losses = zip(*islice(densecheck.bias_alone(parts.affine, parts.backward, y), 400), strict=True)
    moments = []
    for n in range(1, 26, 2):
        b = Curve("bias", (Line("b", biases[:n]),), "step", at=best)
        loss = Curve("loss", (Line("training", losses[:n]),), "step")
        caption = f"π = {percent}% are 1: b tends to ln(π/(1 − π)) = {best:.3f}, loss {losses[n - 1]:.3f}."
        moments.append((caption.replace("-", "−"), (b, loss)))
    yield from scene("what a bias learns first", moments)
    gap = abs(biases[-1] - best)
    yield Claim("bias-learns-log-odds", "bias learnt, all weights 0, against ln(π/(1 − π))", gap, "<=", 1e-5)
