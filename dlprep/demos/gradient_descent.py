"""Gradient descent walks down a bowl at rates below 2/L, bounces at 2/L, and climbs out above.

Its direction falls fastest, but only for a short step. A narrow valley slows it down in proportion to the
condition number κ. A saddle holds it until something pushes it off the stable axis. A mini-batch gives the
right direction on average, with a variance that falls as 1/B.

Throughout:
    w  (2,)    parameters: the plane of the pictures    f     the loss, and ∇f (2,) its gradient
    L, μ       largest and least curvature of f         κ = L/μ  the condition number
    rate       the learning rate: w ← w − rate·∇f(w)    B     samples in a mini-batch
    X  (n, 2)  inputs and y (n,) targets of a linear model, whose squared error is the last act's loss

The pictures show how much lower (blue) or higher (vermillion) the loss is than at the start.

Try: `--kappa 30`; `--near 0.02`; `--off 1e-12`; `--noise 0`, where SGD comes to rest at a constant rate.

Source: Nesterov 2004 (rates), Armijo 1966 (backtracking), Robbins and Monro 1951 (noise, falling rates).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise, repeat
from typing import NamedTuple, TypeAlias

import numpy as np

from dlprep.demo import Claim, Control, Curve, Dots, Event, Field, Line, Tone, View, knob, row, rows, scene
from dlprep.nn import sgd
from dlprep.nn.checks.descentcheck import contraction, directions, largest_rate, lowest, until_near
from dlprep.nn.lattice import Extent, lattice
from dlprep.nn.linesearch import backtracking
from dlprep.nn.quadratic import Array, Quadratic, least_squares, walk
from dlprep.nn.terrain import saddle, saddle_slope, valley

Moment: TypeAlias = tuple[str, tuple[View, ...]]  # a caption, and what there is to see


@dataclass(frozen=True, slots=True)
class Knobs:
    """What the user may turn."""

    kappa: float = knob(10.0, "condition number κ of the first valley", 2.0, 30.0)
    near: float = knob(0.05, "how far the other two rates lie from 2/L, as a share of it", 0.02, 0.5)
    off: float = knob(1e-6, "how far off its stable axis the saddle is entered", 1e-12, 0.1)
    samples: int = knob(512, "samples that mini-batches are drawn from", 64, 4096)
    noise: float = knob(0.5, "standard deviation of the noise in the targets", 0.0, 2.0)


BELOW, AT, ABOVE = "below-2-over-l-converges", "at-2-over-l-oscillates", "above-diverges"
EDGE, BEST, SEARCH, LOCAL = "threshold-is-2-over-l", "best-rate", "backtracking-descends", "steepest-locally"
FAR, STICKS, ESCAPES = "not-steepest-far", "saddle-sticks", "saddle-escapes"
KAPPA, SLOW, UNBIASED = "rate-is-kappa", "steps-grow-with-kappa", "minibatch-unbiased"
NOISE, HOVERS, SETTLES = "noise-falls-as-1-over-b", "constant-rate-hovers", "falling-rate-settles"
CONTROLS = (
    Control("ascent", "every step goes up the gradient", (BELOW, EDGE, BEST, SEARCH, LOCAL, ESCAPES)),
    Control("trace-for-l", "L is taken to be the sum of H's diagonal", (AT, ABOVE, EDGE)),
    Control("round-valley", "every valley curves alike in all directions", (FAR, KAPPA, SLOW)),
    Control("newton", "the inverse Hessian multiplies the gradient", (AT, ABOVE, EDGE, KAPPA, SLOW)),
    Control("off-axis", "the saddle's stable axis is missed by 1e-6", (STICKS,)),
    Control("biased-sampling", "batches come from the half with the shorter inputs", (UNBIASED,)),
    Control("no-repeats", "a batch holds no sample twice", (NOISE,)),
    Control("starved", "the falling rate falls as 1/k² instead", (HOVERS, SETTLES)),
    Control("last-dropped", "an epoch leaves out its last, smaller batch", ("epoch-is-n-over-b",)),
)

PLANE: Extent = (0.0, 6.0, 0.0, 4.0)
BASIN: Extent = (-1.8, 1.8, -1.2, 1.2)
START, LEAST = np.array([5.0, 3.4]), np.array([3.0, 2.0])  # where walks begin, and where valleys are lowest
KAPPAS, SIZES = 2 ** np.arange(1, 8), 2 ** np.arange(9)  # 2 … 128, 1 … 256
FALLING = 4 / np.arange(20, 620)  # (600,) rates


class Parts(NamedTuple):
    """What a run is made of; a control hands it another."""

    slope: Callable[[Quadratic, Array], Array] = Quadratic.gradient
    saddle_slope: Callable[[Array], Array] = saddle_slope
    axis: float = 0.0  # the saddle's stable one lies at x = 0
    L: Callable[[Quadratic], float] = lambda bowl: bowl.curvatures().max()
    best_rate: Callable[[Quadratic], float] = lambda bowl: 2 / bowl.curvatures().sum()  # 2/(μ + L)
    valley: Callable[[float, float, Array], Quadratic] = valley
    drawn: Callable[[np.random.Generator, int, int, int], sgd.Places] = sgd.drawn
    epoch: Callable[[np.random.Generator, int, int], list[sgd.Places]] = sgd.epoch
    falling: Array = FALLING


PARTS = {
    "ascent": Parts(slope=lambda bowl, w: -bowl.gradient(w), saddle_slope=lambda w: -saddle_slope(w)),
    "trace-for-l": Parts(L=lambda bowl: bowl.H.trace()),
    "round-valley": Parts(valley=lambda _, angle, m: valley(1, angle, m)),
    "newton": Parts(lambda bowl, w: np.linalg.solve(bowl.H, bowl.gradient(w)), best_rate=lambda _: 1.0),
    "off-axis": Parts(axis=1e-6),
    "biased-sampling": Parts(drawn=sgd.drawn_from_front),
    "no-repeats": Parts(drawn=sgd.drawn_once),
    "starved": Parts(falling=FALLING**2),
    "last-dropped": Parts(epoch=lambda rng, n, size: sgd.epoch(rng, n, size)[:-1]),
}


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Three rates, all rates, all directions, a saddle, narrower and narrower valleys, and mini-batches."""
    parts, rng = PARTS.get(str(control), Parts()), np.random.default_rng(seed)
    angle = rng.uniform(0.25, 0.45)  # by which the valleys are turned
    bowl = parts.valley(knobs.kappa, angle, LEAST)
    yield from three_rates(parts, bowl, knobs.near)
    yield from all_rates(parts, bowl)
    yield from all_directions(parts.slope(bowl, START), bowl, directions(rng, 1000, 2))
    yield from enter_saddle(parts, rng.uniform(0.7, 1), knobs.off)
    yield from narrow(parts, angle)
    X, y = sgd.noisy_plane(rng, knobs.samples, knobs.noise)
    yield from mini_batches(parts, rng, X, y)
    yield from updates(parts, rng, X, y)


def relief(f: Callable[[Array], Array], extent: Extent, w: Array) -> Field:
    """How much lower or higher the loss is than at w."""
    level = float(f(w))
    return Field("loss", rows(f(lattice(extent)) - level), extent, limit=level)


def dots(label: str, points: Array, tone: Tone = "high") -> Dots:
    """Points (n, 2) on the plane."""
    x, y = points.T
    return Dots(label, row(x), row(y), tone)


def walked(name: str, ground: Field, path: Array) -> Field:
    """The points (k, 2) that a walk has visited, and where it is now."""
    return replace(ground, name=name, dots=(dots("visited", path), dots("now", path[-1:], "accent")))


def three_rates(parts: Parts, bowl: Quadratic, near: float) -> Iterator[Event]:
    """Walk at a rate below 2/L, at it and above it; find by trying from which rate on walks grow."""
    L, gradient, ground = parts.L(bowl), partial(parts.slope, bowl), relief(bowl.value, PLANE, START)
    rates = np.array([1 - near, 1, 1 + near]) * 2 / L  # (3,)
    names = [f"rate {rate * L:.3g}/L" for rate in rates]
    paths = np.array([walk(gradient, START, rate, 150) for rate in rates])  # (3, 151, 2)
    losses = bowl.value(paths)  # (3, 151)
    moments: list[Moment] = []
    for k in range(1, 25):
        below, at, above = (f"{f[k - 1]:.3g}" for f in losses)
        fields = [walked(name, ground, path[:k]) for name, path in zip(names, paths, strict=True)]
        lines = tuple(Line(name, row(f[:k])) for name, f in zip(names, losses, strict=True))
        caption = f"{k - 1} steps took the loss from {losses[0, 0]:.3g} to {below}, {at} and {above}."
        moments.append((caption, (*fields, Curve("loss", lines, "step", log_y=True))))
    yield from scene("below 2/L, at it and above it", moments)
    shrunk, held, grown = row(losses[:, 150] / losses[:, 75])
    yield Claim(BELOW, f"loss after 150 steps at {names[0]}, over that after 75", shrunk, "<=", 0.01)
    yield Claim(AT, f"the same at {names[1]}, off 1", abs(held - 1), "<=", 1e-3)
    yield Claim(ABOVE, f"the same at {names[2]}", grown, ">=", 10)
    edge = float(largest_rate(bowl.value, gradient, START, 1e-3) / (2 / L))
    yield Claim(EDGE, "largest rate that does not grow, found by trying, off 2/L", abs(edge - 1), "<=", 0.01)


def all_rates(parts: Parts, bowl: Quadratic) -> Iterator[Event]:
    """Walk at many rates for as long, and let backtracking choose the rate of every step."""
    L, gradient, ground = parts.L(bowl), partial(parts.slope, bowl), relief(bowl.value, PLANE, START)
    rates = np.linspace(0.1, 2.1, 26)  # in units of 1/L
    paths = np.array([walk(gradient, START, rate / L, 30) for rate in rates])  # (26, 31, 2)
    losses, moments = bowl.value(paths[:, 30]), []  # (26,)
    for k, path in enumerate(paths, start=1):
        line = Line("loss", row(losses[:k]), row(rates[:k]))
        curve = Curve("loss after 30 steps", (line,), "rate × L", log_y=True, at=ground.limit)
        best = f"Best so far: {rates[np.argmin(losses[:k])]:.2f}/L."
        caption = f"At {rates[k - 1]:.2f}/L 30 steps lead to a loss of {losses[k - 1]:.2g}. {best}"
        moments.append((caption, (walked("the walk", ground, path), curve)))
    yield from scene("30 steps at every rate", moments)
    ratio = float(rates[np.argmin(losses)] / L / parts.best_rate(bowl))
    yield Claim(BEST, f"best of {len(rates)} rates, off 2/(μ + L)", abs(ratio - 1), "<=", 0.05)
    path = backtracking(bowl.value, gradient, START, 100, 20)  # (21, 2)
    worst = float(max(after / before for before, after in pairwise(bowl.value(path))))
    yield Claim(SEARCH, "a step's loss over the one before, backtracking from a rate of 100", worst, "<", 1)


def all_directions(g: Array, bowl: Quadratic, ways: Array) -> Iterator[Claim]:
    """One step along −∇f, short and long, against the best of many directions (n, 2)."""
    down, start = -g / np.linalg.norm(g), bowl.value(START)  # (2,), ()

    def share(length: float) -> float:
        best = bowl.value(lowest(bowl, START, ways, length))
        return float((start - bowl.value(START + length * down)) / (start - best))

    says = f"fall along −∇f, over that along the best of {len(ways):,} ways"
    yield Claim(LOCAL, f"{says}, step of 1e-4, off 1", abs(share(1e-4) - 1), "<=", 1e-3)
    yield Claim(FAR, f"{says}, step of 1", share(1), "<=", 0.99)


def enter_saddle(parts: Parts, y: float, off: float) -> Iterator[Event]:
    """Enter a saddle along the axis on which it is a minimum, and a little beside it."""
    names = "on the axis", f"{off:g} off it"
    ground = replace(relief(saddle, BASIN, np.zeros(2)), name="loss, less the saddle's")
    starts = np.array([[parts.axis, y], [off, y]])  # (2, 2)
    paths = np.array([walk(parts.saddle_slope, w, 0.1, 249) for w in starts])  # (2, 250, 2)
    losses, moments = saddle(paths), []  # (2, 250)
    for k in range(10, 251, 10):
        spots = dots(names[0], paths[0, :k], "low"), dots(names[1], paths[1, :k])
        lines = tuple(Line(name, row(f[:k])) for name, f in zip(names, losses, strict=True))
        ends = f"Loss {losses[0, k - 1]:.3f} on the axis, {losses[1, k - 1]:.3f} off it"
        caption = f"{ends}; the saddle's is 0.5, the least is 0."
        moments.append((caption, (replace(ground, dots=spots), Curve("loss", lines, "step"))))
    yield from scene("a saddle, entered in two ways", moments)
    stuck, free = row(losses[:, 249])
    yield Claim(STICKS, "loss in the end, on the axis, off the saddle's 0.5", abs(stuck - 0.5), "<=", 1e-9)
    yield Claim(ESCAPES, f"loss in the end, entered {names[1]}", free, "<=", 0.01)


def narrow(parts: Parts, angle: float) -> Iterator[Event]:
    """Walk to a millionth of the distance, at the best rate, in ever narrower valleys."""
    steps, left, fields, moments = [], [], [], []
    for kappa in KAPPAS.tolist():
        bowl = parts.valley(kappa, angle, LEAST)
        path = until_near(partial(parts.slope, bowl), START, LEAST, parts.best_rate(bowl), 1e-6)
        steps.append(len(path) - 1)
        left.append(contraction(path, LEAST))
        spots = (dots("first 200 steps", path[:200]),)
        fields.append(replace(relief(bowl.value, PLANE, START), name=f"κ = {kappa}", dots=spots))
        line = Line("steps", row(steps), row(KAPPAS[: len(steps)]))
        curve = Curve("steps to 1e-6 of the distance", (line,), "κ", log_x=True, log_y=True)
        caption = f"κ = {kappa}: {steps[-1]} steps; each leaves {left[-1]:.1%} of the distance."
        moments.append((caption, (fields[0], fields[-1], curve)))
    yield from scene("ever narrower valleys", moments)
    gap = float(np.abs(left - (KAPPAS - 1) / (KAPPAS + 1)).max())
    yield Claim(KAPPA, "part of the distance a step leaves, off (κ − 1)/(κ + 1)", gap, "<=", 1e-6)
    gap = abs(steps[6] / steps[3] - 8)  # whole steps: one more or less at κ = 16 is worth 0.07
    yield Claim(SLOW, "steps at κ = 128 over steps at κ = 16, off 8", gap, "<=", 0.1)


def mini_batches(parts: Parts, rng: np.random.Generator, X: Array, y: Array) -> Iterator[Event]:
    """The gradient by batches of all sizes at one place, and where walks by them end."""
    bowl, spread, excess, scores, fields, moments = least_squares(X, y), [], [], [], [], []
    ground = relief(bowl.value, PLANE, START)
    for size in SIZES.tolist():
        batches = parts.drawn(rng, len(y), size, 600)  # (600, B)
        slopes = sgd.gradient(X[batches], y[batches], START)  # (600, 2)
        spread.append(slopes.var(axis=0).sum())
        error = slopes.std(axis=0) / math.sqrt(600)  # (2,) of their mean
        scores.append((slopes.mean(axis=0) - bowl.gradient(START)) / error)  # (2,)
        path = sgd.descend(X, y, START, batches, repeat(0.2, 150))  # (151, 2)
        excess.append(bowl.value(path[75:]).mean())
        fields.append(walked(f"B = {size}", ground, path))
        sizes = row(SIZES[: len(fields)])
        lines = Line("gradient's variance", row(spread), sizes), Line("loss above least", row(excess), sizes)
        caption = f"B = {size}: the walk ends up {excess[-1]:.2g} above the least loss."
        curve = Curve("noise", lines, "B", log_x=True, log_y=True)
        moments.append((caption, (fields[0], fields[-1], curve)))
    yield from scene("150 steps with batches of every size", moments)
    one = sgd.gradient(X[:, None], y[:, None], START).var(axis=0).sum()  # over the samples' own gradients
    gap = float(np.abs(spread * SIZES / one - 1).max())
    yield Claim(NOISE, "B × variance of the gradient, off that at B = 1", gap, "<=", 0.33)
    off = float(np.abs(scores).max())
    yield Claim(UNBIASED, "mean of batches' gradients off the full one, in standard errors", off, "<=", 5)


def updates(parts: Parts, rng: np.random.Generator, X: Array, y: Array) -> Iterator[Claim]:
    """Single samples at a constant rate and at a falling one; and how many updates an epoch makes."""
    bowl, singles = least_squares(X, y), sgd.drawn(rng, len(y), 1, 600)  # (600, 1)
    paths = (sgd.descend(X, y, START, singles, rates) for rates in (repeat(0.2), parts.falling))
    hovers, settles = (float(bowl.value(path[300:]).mean()) for path in paths)
    says = "excess loss at a constant rate, over that at a rate falling as 1/k"
    yield Claim(HOVERS, says, hovers / settles, ">=", 2)
    yield Claim(SETTLES, "excess loss at a rate falling as 1/k", settles, "<=", 0.05)
    made = len(sgd.descend(X, y, START, parts.epoch(rng, len(y), 100), repeat(0.2))) - 1
    says = f"updates in one epoch of {len(y)} samples, 100 to a batch"
    yield Claim("epoch-is-n-over-b", says, made, "==", math.ceil(len(y) / 100))
