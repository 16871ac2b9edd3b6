"""Gradient descent walks down a bowl at rates below 2/L, bounces at 2/L, and climbs out above.

Its direction falls fastest, but only for a short step. A narrow valley slows it down in proportion to the
condition number κ. A saddle holds it until something pushes it off the stable axis. A mini-batch gives the
right direction on average, with a variance that falls as 1/B.

Throughout:
    w  (2,)    parameters: the plane of the pictures    m  (2,)  where the loss f is least
    L, μ       largest and least curvature of f         κ = L/μ  the condition number
    rate       the learning rate: w ← w − rate·∇f(w)    B        samples in a mini-batch
    X  (n, 2)  inputs and y (n,) targets of a linear model, whose squared error is the last act's loss

The pictures show the loss against that at the start: lower is blue, higher vermillion, a ring a factor of 3.

Try: `--kappa 30`; `--near 0.02`; `--off 1e-12`; `--noise 0`, where SGD comes to rest at a constant rate.

Source: Nesterov 2004, Introductory Lectures on Convex Optimization (rates).
Source: Armijo 1966, Pacific Journal of Mathematics 16 (backtracking).
Source: Robbins and Monro 1951, Annals of Mathematical Statistics 22 (noisy slopes, falling rates).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, repeat
from typing import TypeAlias

import numpy as np

from dlprep.demo import (
    Claim,
    Control,
    Curve,
    Dots,
    Event,
    Field,
    Frame,
    Line,
    Rows,
    Tone,
    View,
    knob,
    row,
    rows,
)
from dlprep.nn import descentcheck, linesearch, sgd
from dlprep.nn.lattice import Extent, lattice
from dlprep.nn.quadratic import Array, Quadratic, least_squares, walk
from dlprep.nn.terrain import saddle, saddle_curvature, saddle_slope, valley

Slope: TypeAlias = Callable[[Quadratic, Array], Array]  # ∇f of a bowl at w, or what stands in for it
Gradient: TypeAlias = Callable[[Array], Array]
Pick: TypeAlias = Callable[[int], sgd.Places]  # draws BATCHES batches of a size: (BATCHES, B)
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
EDGE, BEST, LOCAL, FAR = "threshold-is-2-over-l", "best-rate", "steepest-locally", "not-steepest-far"
STICKS, ESCAPES, SLOW, KAPPA = "saddle-sticks", "saddle-escapes", "steps-grow-with-kappa", "rate-is-kappa"
CONTROLS = (
    Control("ascent", "every step goes up the gradient", (BELOW, EDGE, BEST, LOCAL, ESCAPES, KAPPA)),
    Control("diagonal-for-l", "L is taken to be the largest number on H's diagonal", (BELOW, AT, EDGE)),
    Control("trace-for-l", "L is taken to be the sum of H's diagonal", (AT, ABOVE, EDGE)),
    Control("round-valley", "the first valley curves alike in all directions", (FAR,)),
    Control("any-step", "the line search takes the first rate it tries", ("backtracking-descends",)),
    Control("jostled", "noise of 1e-6 joins the saddle's gradient", (STICKS,)),
    Control("newton", "the inverse Hessian multiplies the gradient", (SLOW, KAPPA, ESCAPES)),
    Control("biased-sampling", "batches come from the half with the longer inputs", ("minibatch-unbiased",)),
    Control("no-repeats", "a batch holds no sample twice", ("noise-falls-as-1-over-b",)),
    Control("falling-rate", "the rate falls as 1/k after all", ("constant-rate-hovers",)),
    Control("starved", "the falling rate falls as 1/k² instead", ("falling-rate-settles",)),
    Control("last-dropped", "an epoch leaves out its last, smaller batch", ("epoch-is-n-over-b",)),
)

PLANE: Extent = (0.0, 6.0, 0.0, 4.0)
BASIN: Extent = (-1.8, 1.8, -1.2, 1.2)
START, LEAST = np.array([5.0, 3.4]), np.array([3.0, 2.0])
LEVELS = np.geomspace(0.0125, 80, 9)  # of the loss, against the start's: factors of 3
RUN, SWEEP = 150, 30  # steps of a walk that is judged, and of a walk at each of many rates
WAYS = 1000  # directions tried
KAPPAS = np.array([2, 4, 8, 16, 32, 64, 128])
SIZES = np.array([1, 2, 4, 8, 16, 32, 64, 128, 256])
BATCHES = 600  # of each size


def uphill(bowl: Quadratic, w: Array) -> Array:
    """Control: the gradient with its sign wrong."""
    return np.negative(bowl.gradient(w))


def solved(bowl: Quadratic, w: Array) -> Array:
    """Control: Newton's step, H⁻¹·∇f."""
    return np.linalg.solve(bowl.H, bowl.gradient(w))


def whole(_bowl: Quadratic) -> float:
    """Control: Newton's rate."""
    return 1.0


def tuned(bowl: Quadratic) -> float:
    """The rate 2/(μ + L), at which the flattest and the steepest direction contract alike."""
    return float(2 / bowl.curvatures().sum())


def yes(*_: object) -> bool:
    """Control: the test that every step passes."""
    return True


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Three rates, all rates, all directions, a saddle, narrower and narrower valleys, and mini-batches."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0.25, 0.45)
    bowl = valley(1.0 if control == "round-valley" else knobs.kappa, angle, LEAST)
    slope: Slope = uphill if control == "ascent" else Quadratic.gradient
    guess = {"diagonal-for-l": bowl.H.diagonal().max(), "trace-for-l": bowl.H.trace()}
    L = float(guess.get(str(control), bowl.curvatures().max()))
    yield from three_rates(bowl, partial(slope, bowl), L, knobs.near)
    yield from all_rates(bowl, partial(slope, bowl), L)
    test = yes if control == "any-step" else linesearch.enough
    yield line_search(bowl, partial(slope, bowl), test)
    yield from all_directions(bowl, slope(bowl, START), descentcheck.directions(rng, WAYS, 2))
    yield from enter_saddle(rng, knobs.off, control)
    slope, rate = (solved, whole) if control == "newton" else (slope, tuned)
    yield from narrow(angle, slope, rate)
    X, y = sgd.noisy_plane(rng, knobs.samples, knobs.noise)
    yield from mini_batches(rng, X, y, control)
    yield from updates(rng, X, y, control)


def scene(title: str, moments: int, moment: Callable[[int], Moment]) -> Iterator[Frame]:
    """What there is to see at each of so many moments; the last is key."""
    for k in range(1, moments + 1):
        caption, views = moment(k)
        yield Frame(title, k, moments, caption, views, key=k == moments)


def rings(value: Callable[[Array], Array]) -> Rows:
    """The loss over the plane, in steps: below zero where lower than at the start, above where higher."""
    return rows(np.digitize(value(lattice(PLANE)), value(START) * LEVELS) - 4.5)


def plane(name: str, picture: Rows, *dots: Dots) -> Field:
    """A picture of the loss with dots on it."""
    return Field(name, picture, PLANE, dots, limit=4.5)


def marks(path: Array) -> tuple[Dots, Dots]:
    """The points that a walk has visited, and where it is now."""
    *_, end = path
    return dots("visited", path), dots("now", end[None], "accent")


def dots(label: str, points: Array, tone: Tone = "high") -> Dots:
    """Points (n, 2) on the plane."""
    x, y = points.T
    return Dots(label, row(x), row(y), tone)


def three_rates(bowl: Quadratic, gradient: Gradient, L: float, near: float) -> Iterator[Event]:
    """Walk at a rate below 2/L, at it and above it, and find by trying from which rate on walks grow."""
    rates = np.array([1 - near, 1, 1 + near]) * 2 / L  # (3,)
    names = [f"rate {rate * L:.3g}/L" for rate in rates]
    paths = np.array([walk(gradient, START, rate, RUN) for rate in rates])  # (3, RUN + 1, 2)
    losses, picture = bowl.value(paths), rings(bowl.value)  # (3, RUN + 1)

    def moment(k: int) -> Moment:
        fields = [plane(name, picture, *marks(path[:k])) for name, path in zip(names, paths, strict=True)]
        lines = tuple(Line(name, row(f[:k])) for name, f in zip(names, losses, strict=True))
        below, at, above = losses[:, :k][:, -1]
        caption = (
            f"{k - 1} steps took the loss from {losses[0, 0]:.3g} to {below:.3g}, {at:.3g} and {above:.3g}."
        )
        return caption, (*fields, Curve("loss", lines, "step", log_y=True))

    yield from scene("below 2/L, at it and above it", 24, moment)
    shrunk, _, grown = row(np.divide(losses[:, RUN], losses[:, 0]))
    yield Claim(BELOW, f"loss after {RUN} steps at {names[0]}, over the first", shrunk, "<=", 0.01)
    *_, half, end = losses[1, :: RUN // 2]
    says = f"loss after {RUN} steps at {names[1]}, change since half of them"
    yield Claim(AT, says, abs(float(end / half) - 1), "<=", 1e-3)
    yield Claim(ABOVE, f"loss after {RUN} steps at {names[2]}, over the first", grown, ">=", 10)

    def grows(rate: float) -> bool:
        _, half, end = bowl.value(walk(gradient, START, rate, 40)[::20])
        return bool(end > half)

    edge = descentcheck.largest_rate(grows, 1e-3) / (2 / L)
    yield Claim(EDGE, "largest rate that does not grow, found by trying, off 2/L", abs(edge - 1), "<=", 0.01)


def all_rates(bowl: Quadratic, gradient: Gradient, L: float) -> Iterator[Event]:
    """Walk at many rates for as long: low ones are slow, the best is near the edge, beyond it all climb."""
    rates = np.linspace(0.1, 2.1, 26)  # in units of 1/L
    paths = np.array([walk(gradient, START, rate / L, SWEEP) for rate in rates])  # (26, SWEEP + 1, 2)
    losses, start, picture = bowl.value(paths[:, -1]), float(bowl.value(START)), rings(bowl.value)

    def moment(k: int) -> Moment:
        line = Line("loss", row(losses[:k]), row(rates[:k]))
        curve = Curve(f"loss after {SWEEP} steps", (line,), "rate × L", log_y=True, at=start)
        best = f"Best so far: {rates[np.argmin(losses[:k])]:.2f}/L."
        caption = f"At {rates[k - 1]:.2f}/L {SWEEP} steps lead to a loss of {losses[k - 1]:.2g}. {best}"
        return caption, (plane("the walk", picture, *marks(paths[:k][-1])), curve)

    yield from scene(f"{SWEEP} steps at every rate", len(rates), moment)
    best = float(rates[np.argmin(losses)] / L / tuned(bowl))
    yield Claim(BEST, f"best of {len(rates)} rates, off 2/(μ + L)", abs(best - 1), "<=", 0.05)


def line_search(bowl: Quadratic, gradient: Gradient, test: linesearch.Test) -> Claim:
    """Let backtracking choose the rate of every step, trying one that is far too large first."""
    path = [START]
    for _ in range(20):
        path.append(linesearch.backtracked(bowl.value, gradient, path[-1], 100, test))
    worst = float(max(after / before for before, after in pairwise(bowl.value(np.array(path)))))
    says = "a step's loss over the one before, backtracking from a rate of 100"
    return Claim("backtracking-descends", says, worst, "<", 1)


def all_directions(bowl: Quadratic, g: Array, ways: Array) -> Iterator[Event]:
    """One step along −∇f, against the best of many directions, ever longer."""
    slope, start, picture = np.linalg.norm(g), float(bowl.value(START)), rings(bowl.value)
    names = "along −∇f", f"best of {WAYS:,} ways"

    def reached(length: float) -> tuple[Array, Array]:
        return START - length * g / slope, descentcheck.lowest(bowl, START, ways, length)

    lengths = np.geomspace(0.05, 2, 20)
    along, best = np.array([reached(length) for length in lengths]).swapaxes(0, 1)  # (20, 2) each

    def moment(k: int) -> Moment:
        spots = dots(names[0], along[:k], "high"), dots(names[1], best[:k], "low")
        falls = [bowl.value(ends[:k]) for ends in (along, best)]  # (k,) each
        lines = tuple(Line(name, row(f), row(lengths[:k])) for name, f in zip(names, falls, strict=True))
        curve = Curve("loss after one step", lines, "its length", log_x=True, at=start)
        ends = [f[-1] for f in falls]
        caption = (
            f"A step {lengths[k - 1]:.2f} long ends at {ends[0]:.3g} along −∇f, at {ends[1]:.3g} at best."
        )
        return caption, (plane("where one step leads", picture, *spots), curve)

    yield from scene("the steepest way, if the step is short", len(lengths), moment)
    short, short_best = np.subtract(start, bowl.value(np.array(reached(1e-4))))
    says = "fall at a step of 1e-4, best of 1,000 ways over −∇f's, off 1"
    yield Claim(LOCAL, says, abs(float(short_best / short) - 1), "<=", 1e-3)
    far, far_best = bowl.value(np.array(reached(1)))
    says = "loss after a step of 1 along −∇f, above that along the best way"
    yield Claim(FAR, says, float(far - far_best), ">=", 0.01)


def enter_saddle(rng: np.random.Generator, off: float, control: str | None) -> Iterator[Event]:
    """Enter a saddle along the axis on which it is a minimum, and a little beside it."""
    slopes: dict[str | None, Gradient] = {
        "ascent": lambda w: np.negative(saddle_slope(w)),
        "newton": lambda w: np.divide(saddle_slope(w), saddle_curvature(w)),
        "jostled": lambda w: rng.normal(saddle_slope(w), 1e-6),
    }
    slope, y = slopes.get(control, saddle_slope), rng.uniform(0.7, 1)
    names = "on the axis", f"{off:g} off it"
    paths = np.array([walk(slope, np.array([x, y]), 0.1, 249) for x in (0, off)])  # (2, 250, 2)
    losses, picture = saddle(paths), rows(saddle(lattice(BASIN)) - 0.5)  # (2, 250)

    def moment(k: int) -> Moment:
        stuck, free = losses[:, : 10 * k]
        lines = Line(names[0], row(stuck)), Line(names[1], row(free))
        spots = dots(names[0], paths[0, : 10 * k], "low"), dots(names[1], paths[1, : 10 * k], "high")
        caption = (
            f"Loss {stuck[-1]:.3f} on the axis, {free[-1]:.3f} off it; the saddle's is 0.5, the least is 0."
        )
        field = Field("loss less the saddle's", picture, BASIN, spots)
        return caption, (field, Curve("loss", lines, "step"))

    yield from scene("a saddle, entered in two ways", 25, moment)
    far, lost = float(np.linalg.norm(paths[0, -1])), float(losses[1, -1])
    yield Claim(STICKS, "distance from the saddle in the end, entered on its axis", far, "<=", 1e-9)
    yield Claim(ESCAPES, f"loss in the end, entered {names[1]}; the saddle's is 0.5", lost, "<=", 0.01)


def narrow(angle: float, slope: Slope, rate: Callable[[Quadratic], float]) -> Iterator[Event]:
    """Walk to a millionth of the distance, at the best rate, in ever narrower valleys."""
    bowls = [valley(kappa, angle, LEAST) for kappa in KAPPAS]
    paths = [descentcheck.until_near(partial(slope, b), START, b.m, rate(b), 1e-6) for b in bowls]
    steps = row(len(path[1:]) for path in paths)
    left = np.array([descentcheck.contraction(p, b.m) for p, b in zip(paths, bowls, strict=True)])
    fields = [
        plane(f"κ = {kappa}", rings(bowl.value), dots("first 200 steps", path[:200]))
        for kappa, bowl, path in zip(KAPPAS, bowls, paths, strict=True)
    ]

    def moment(k: int) -> Moment:
        line = Line("steps", steps[:k], row(KAPPAS[:k]))
        curve = Curve("steps to 1e-6 of the distance", (line,), "κ", log_x=True, log_y=True)
        caption = (
            f"κ = {KAPPAS[k - 1]}: {steps[k - 1]:.0f} steps; each leaves {left[k - 1]:.1%} of the distance."
        )
        return caption, (fields[0], fields[:k][-1], curve)

    yield from scene("ever narrower valleys", len(KAPPAS), moment)
    gap = float(np.abs(left - (KAPPAS - 1) / (KAPPAS + 1)).max())
    yield Claim(KAPPA, "part of the distance a step leaves, off (κ − 1)/(κ + 1)", gap, "<=", 1e-6)
    yield Claim(SLOW, "steps at κ = 128 over steps at κ = 16, off 8", abs(steps[6] / steps[3] - 8), "<=", 0.5)


def mini_batches(rng: np.random.Generator, X: Array, y: Array, control: str | None) -> Iterator[Event]:
    """The gradient by batches of all sizes at one place, and where walks by them end."""
    n = len(y)
    bowl, long = least_squares(X, y), np.array_split(np.argsort(np.linalg.norm(X, axis=1)), 2)[1]
    picks: dict[str | None, Pick] = {
        "biased-sampling": lambda size: long[sgd.drawn(rng, len(long), size, BATCHES)],
        "no-repeats": lambda size: rng.permuted(np.tile(np.arange(n), (BATCHES, 1)), axis=1)[:, :size],
    }
    pick = picks.get(control, partial(sgd.drawn, rng, n, count=BATCHES))
    batches = [pick(size) for size in SIZES]  # (BATCHES, B) each
    slopes = np.array([sgd.gradient(X[batch], y[batch], START) for batch in batches])  # (9, BATCHES, 2)
    spread = slopes.var(axis=1).sum(axis=1)  # (9,)
    paths = [sgd.descend(X, y, START, batch, repeat(0.2, 150)) for batch in batches]
    excess, picture = row(bowl.value(path[75:]).mean() for path in paths), rings(bowl.value)
    fields = [plane(f"B = {size}", picture, *marks(path)) for size, path in zip(SIZES, paths, strict=True)]

    def moment(k: int) -> Moment:
        sizes = row(SIZES[:k])
        lines = (
            Line("gradient's variance", row(spread[:k]), sizes),
            Line("loss above least", excess[:k], sizes),
        )
        caption = f"B = {SIZES[k - 1]}: the walk ends up {excess[k - 1]:.2g} above the least loss."
        return caption, (fields[0], fields[:k][-1], Curve("noise", lines, "B", log_x=True, log_y=True))

    yield from scene("150 steps with batches of every size", len(SIZES), moment)
    one = sgd.gradient(X[:, None], y[:, None], START).var(axis=0).sum()  # over the samples' own gradients
    gap = float(np.abs(spread * SIZES / one - 1).max())
    yield Claim("noise-falls-as-1-over-b", "B × variance of the gradient, off that at B = 1", gap, "<=", 0.33)
    errors = np.divide(slopes.std(axis=1), math.sqrt(BATCHES))  # (9, 2) standard errors of the means
    off = float(np.abs(np.divide(slopes.mean(axis=1) - bowl.gradient(START), errors)).max())
    yield Claim(
        "minibatch-unbiased", "mean of batches' gradients off the full one, in standard errors", off, "<=", 5
    )


def updates(rng: np.random.Generator, X: Array, y: Array, control: str | None) -> Iterator[Claim]:
    """Single samples at a constant rate and at a falling one; and how many updates an epoch makes."""
    bowl, constant, falling = least_squares(X, y), np.full(600, 0.2), 4 / np.arange(20, 620)
    rates = {"falling-rate": (falling, falling), "starved": (constant, np.square(falling))}
    singles = sgd.drawn(rng, len(y), 1, 600)  # (600, 1)
    paths = [sgd.descend(X, y, START, singles, rate) for rate in rates.get(str(control), (constant, falling))]
    hovers, settles = (bowl.value(path[300:]).mean() for path in paths)
    says = "excess loss at a constant rate, over that at a rate falling as 1/k"
    yield Claim("constant-rate-hovers", says, float(hovers / settles), ">=", 2)
    says = "excess loss at the falling rate, over that at the start"
    yield Claim("falling-rate-settles", says, float(settles / bowl.value(START)), "<=", 0.01)
    batches = sgd.epoch(rng, len(y), 100)
    if control == "last-dropped":
        batches.pop()
    made = len(sgd.descend(X, y, START, batches, repeat(0.2))[1:])
    says = f"updates in one epoch of {len(y)} samples, 100 to a batch"
    yield Claim("epoch-is-n-over-b", says, made, "==", math.ceil(len(y) / 100))
