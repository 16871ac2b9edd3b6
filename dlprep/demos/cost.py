"""A loss can fall while accuracy falls with it: what a cost function rewards, and what it cannot see.

A line learns from two inputs, one of them loud but at times misleading: its loss falls in every step, and its
accuracy falls too. Then one prediction gets worse and worse, and only cross-entropy keeps pulling at it. Then
each loss is asked for its cheapest answer: a probability, and a constant in spite of an outlier. Last, logits
grow until softmax as the textbook writes it breaks.

Throughout:
    n examples   X (n, 2) inputs    w (2,) weights    z (n,) logits, p = σ(z)
    k classes    Z (n, k) logits    y (n,) labels, or targets to be met by one constant
    δ            the error from which Huber's loss is straight; all logarithms are natural

Try: `--rare 0`; `--truth 0.5`; `--outlier 200`; `--delta 100`; `--classes 100 --control double-softmax`.

Source: Bridle 1990, Advances in Neural Information Processing Systems 2 (softmax with cross-entropy).
Source: Huber 1964, Annals of Mathematical Statistics 35 (between squared and absolute error).
Source: Gneiting and Raftery 2007, Journal of the American Statistical Association 102 (proper scores).
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TypeAlias

import numpy as np

from dlprep.demo import Bars, Claim, Control, Curve, Dots, Event, Field, Frame, Line, Table, knob, row, rows
from dlprep.nn import losscheck, scores, shortcut
from dlprep.nn.activations import Array
from dlprep.nn.faulty_losses import FAULTY, Losses, doubled, naive
from dlprep.nn.lattice import around, lattice
from dlprep.nn.losscheck import costs, lopsided, slopes
from dlprep.nn.scores import Score, of_logits

Scores: TypeAlias = Mapping[str, Score]
Named: TypeAlias = Mapping[str, Array]
Marks: TypeAlias = Mapping[str, float]
Film: TypeAlias = list[tuple[str, tuple[Field | Curve | Bars | Table, ...]]]


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    rare: float = knob(0.1, "share of points on which the loud input misleads", 0.0, 0.4)
    truth: float = knob(0.7, "share of the labels that are 1, to be predicted", 0.01, 0.99)
    outlier: float = knob(60.0, "the last of 21 targets; the others lie around 10", 0.0, 200.0)
    delta: float = knob(1.0, "the error from which Huber's loss is straight", 0.1, 100.0)
    classes: int = knob(4, "classes of the softmax", 2, 100)


GRADIENT, SURE, STABLE = "gradient-is-p-minus-y", "confidently-wrong-still-learns", "stable-where-naive-fails"
FREE, FLAT = "sure-and-right-is-free", "zero-one-has-no-slope"
DIES, NOT_PROPER = "squared-error-saturates", "absolute-error-not-proper"
LEARNT = "accuracy-and-loss-disagree", "same-answers-dearer"
SQUARED = SURE, "convex-in-logit", "loss-at-init", "focal-quiets-easy", "mae-minimised-by-median"
ABSOLUTE = SURE, "log-loss-proper", "brier-proper", "mse-minimised-by-mean", "outlier-drags-mean"
CONTROLS = (
    Control("y-minus-p", "every gradient is negated", (GRADIENT, "every-slope", "loss-falls-every-step")),
    Control("summed", "the gradient is not divided by n", (GRADIENT, "batch-size-cancels")),
    Control("naive-softmax", "eᶻ / Σeᶻ as textbooks write it", (STABLE, FREE, "shift-invariant")),
    Control("double-softmax", "the loss takes probabilities", (FREE, STABLE, GRADIENT, "entropy-plus-kl")),
    Control("squared-error", "squared error in place of log loss and absolute error", (*SQUARED, NOT_PROPER)),
    Control("absolute-error", "absolute error in place of log loss and squared error", ABSOLUTE),
    Control("margins", "hinge in place of 0–1 loss; squared error of the logit, not of p", (DIES, FLAT)),
    Control("honest-input", "the loud input never misleads", LEARNT),
    Control("unclipped-huber", "Huber's loss never turns straight", ("huber-resists-outlier",)),
)
MODELS = {  # how many steps they have learnt, and what to see in them
    "A": (0, "Right about every point, sure of none."),
    "B": (3, "It heeds the loud input, right or wrong."),
    "C": (20, "Fewer right than A, by wider margins."),
    "D": (60, "The loss hardly minds the misled points."),
    "E": (61, "D with weights × 10: sure, even where wrong."),
}
LOGITS = np.array([1, 10, 100, 500, 709, 710, 1000, 10000])


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Watch a loss fall, be wrong by more and more, ask for the cheapest answers, and overflow."""
    rng = np.random.default_rng(seed)
    losses = FAULTY.get(str(control), Losses())
    targets = np.append(rng.normal(10, 1, 20), knobs.outlier)
    acts = (
        learn(rng, 0 if control == "honest-input" else knobs.rare, losses.log_loss),
        further_wrong(losses),
        cheapest_probability(knobs.truth, losses),
        cheapest_constant(targets, losses, knobs.delta),
        overflow(losses.softmax, knobs.classes),
        many_classes(rng, losses, knobs.classes),
    )
    yield from map(plain, chain.from_iterable(acts))


def scene(title: str, film: Film) -> Iterator[Frame]:
    """A frame for each caption and its views; the last is key."""
    *_, (_, last) = film
    for i, (caption, views) in enumerate(film, start=1):
        yield Frame(title, i, len(film), caption.replace(" -", " −"), views, key=views is last)


def chart(name: str, x: str, xs: Array, lines: Named, last: int, *, log: bool = False) -> Curve:
    """The lines up to a last point; one that has fewer numbers than `xs` ends early."""
    drawn = slice(last + 1)
    shown = (Line(label, row(ys[drawn]), row(xs[: len(ys)][drawn])) for label, ys in lines.items())
    return Curve(name, tuple(shown), x, log_x=log, log_y=log)


def plain(event: Event) -> Event:
    """A claim in Python's numbers, not NumPy's; a frame as it is."""
    if isinstance(event, Frame):
        return event
    return replace(event, measured=float(event.measured), bound=float(event.bound))


def learn(rng: np.random.Generator, rare: float, score: Score) -> Iterator[Event]:
    """Descend from weights that are right about every point by a hair; then look at five models."""
    X, y = shortcut.points(rng, 200, rare)
    *path, end = shortcut.learn(X, y, score, rate=0.05, steps=60)  # 61 of (2,)
    weights = [*path, end, 10 * end]
    loss, right = shortcut.judge(weights, X, y, score)  # (62,) each
    pictures = [field(X, y, w) for w in weights]
    lines, steps = {"accuracy": right, "loss": loss}, np.arange(61)
    film: Film = []
    for t in steps[::2]:
        caption = f"After {t} steps the loss is {loss[t]:.2f}, and {right[t]:.1%} of the points are right."
        film.append((caption, (pictures[t], chart("as it learns", "step", steps, lines, t))))
    yield from scene("the loss falls, and accuracy with it", film)
    change = np.diff(loss[steps]).max()
    yield Claim("loss-falls-every-step", "greatest change of the loss in a training step", change, "<", 0)
    models: Film = []
    at: list[int] = []
    for name, (t, says) in MODELS.items():
        at.append(t)
        bars = (Bars(word, tuple(MODELS)[: len(at)], row(ys[at])) for word, ys in lines.items())
        models.append((f"{name}: accuracy {right[t]:.1%}, loss {loss[t]:.2f}. {says}", (pictures[t], *bars)))
    yield from scene("accuracy against loss", models)
    fall = np.subtract((right[0], loss[0]), (right[60], loss[60])).min()
    yield Claim("accuracy-and-loss-disagree", "both fall in training: the lesser fall", fall, ">=", 0.05)
    ratio = loss[61] / loss[60]
    yield Claim("same-answers-dearer", "loss with all logits × 10 / loss: same decisions", ratio, ">=", 2)


def field(X: Array, y: Array, w: Array) -> Field:
    """tanh(z) over the plane, with the points."""
    extent, one = around(X), y.astype(bool)
    (x0, y0), (x1, y1) = map(row, X[~one].T), map(row, X[one].T)
    dots = Dots("class 0", x0, y0, "low"), Dots("class 1", x1, y1, "high")
    return Field("tanh(logit)", rows(np.tanh(lattice(extent) @ w)), extent, dots)


def further_wrong(losses: Losses) -> Iterator[Event]:
    """Three losses of one prediction whose label is 1, as its logit goes from right to wrong."""
    z, one = np.linspace(6, -10, 34), np.ones(1)  # (34,), never 0, where the 0–1 loss jumps
    three = {"cross-entropy": losses.log_loss, "squared": losses.brier, "0–1": losses.zero_one}
    cost = {name: costs(score, z, one) for name, score in three.items()}
    slope = {name: slopes(score, z, one) for name, score in three.items()}
    film: Film = []
    for i, logit in enumerate(z):
        pulls = ", ".join(f"{name} {ys[i]:.2g}" for name, ys in slope.items())
        charts = chart("loss", "logit", z, cost, i), chart("its slope", "logit", z, slope, i)
        film.append((f"Label 1, logit {logit:.1f}. Slopes: {pulls}.", charts))
    yield from scene("the further wrong, the harder the pull", film)
    (*_, sure), (*_, dying), flat = np.abs(list(slope.values()))  # (34,) each
    yield Claim(SURE, "steepness of cross-entropy, logit −10, label 1", sure, ">=", 0.999)
    yield Claim(DIES, "steepness of squared error, logit −10, label 1", dying, "<=", 1e-4)
    yield Claim(FLAT, "greatest steepness of 0–1 loss, logits −10 to 6", flat.max(), "==", 0)
    bend = np.diff(cost["cross-entropy"], 2).min()
    yield Claim("convex-in-logit", "least second difference of cross-entropy by logit", bend, ">", 0)
    z, y = np.log(np.linspace(0.05, 20, 12)), np.resize([0.0, 1.0], 12)
    each = (*three.values(), scores.squared, scores.absolute, scores.huber, scores.hinge, scores.focal)
    error = np.max([losscheck.slope_error(score, z, y) for score in each])
    yield Claim("every-slope", "eight losses' gradients against differences, error", error, "<=", 1e-7)
    easy, y = np.log([9, 1 / 9]), np.array([1.0, 0.0])  # p of the label is .9
    ratio = scores.focal(easy, y)[0] / losses.log_loss(easy, y)[0]
    says = "|focal loss / cross-entropy − .01| at p = .9, γ = 2"
    yield Claim("focal-quiets-easy", says, abs(ratio - 0.01), "<=", 1e-12)


def cheapest_probability(truth: float, losses: Losses) -> Iterator[Event]:
    """Three mean losses of one probability given for a hundred labels, of which the share `truth` are 1."""
    p, y = np.linspace(0.01, 0.99, 99), (np.linspace(0.005, 0.995, 100) < truth).astype(float)
    three = {"log loss": losses.log_loss, "squared": losses.brier, "absolute": of_logits(losses.absolute)}
    cost = {name: costs(score, np.log(p / (1 - p)), y) for name, score in three.items()}
    best = yield from valley(f"{y.mean():.0%} of the labels are 1", "mean loss", p, cost, {"truth": truth})
    log_loss, brier, absolute = np.abs(best - truth)
    yield Claim("log-loss-proper", "|cheapest p by log loss − share of ones|", log_loss, "<=", 0.01)
    yield Claim("brier-proper", "|cheapest p by squared error − share of ones|", brier, "<=", 0.01)
    yield Claim(NOT_PROPER, "|cheapest p by absolute error − share of ones|", absolute, ">=", 0.2)


def cheapest_constant(y: Array, losses: Losses, delta: float) -> Iterator[Event]:
    """Three mean losses of one number predicted for all targets, the last of which is far off."""
    c, huber = np.linspace(5, 20, 301), partial(losses.huber, delta=delta)
    three: Scores = {"squared": losses.squared, "Huber": huber, "absolute": losses.absolute}
    cost = {name: costs(score, c, y) for name, score in three.items()}
    scaled = {name: np.interp(ys, (ys.min(), ys.max()), (0, 1)) for name, ys in cost.items()}
    *others, far = y
    marks = {"mean": y.mean(), "median": np.median(y), "mean of 20": np.mean(others)}
    best = yield from valley(f"20 targets near 10, one of {far:g}", "mean loss, scaled", c, scaled, marks)
    mean, _, median = np.abs(best - [y.mean(), 0, np.median(y)])
    yield Claim("mse-minimised-by-mean", "|cheapest by squared error − mean|", mean, "<=", 0.05)
    yield Claim("mae-minimised-by-median", "|cheapest by absolute error − median|", median, "<=", 0.05)
    drag, pull, _ = np.abs(best - np.mean(others))
    yield Claim("outlier-drags-mean", "|cheapest by squared error − mean without outlier|", drag, ">=", 1)
    yield Claim("huber-resists-outlier", "|cheapest by Huber's loss − mean without outlier|", pull, "<=", 0.5)


def valley(title: str, name: str, xs: Array, cost: Named, marks: Marks) -> Generator[Frame, None, Array]:
    """The costs from left to right, and where each has been least so far; at last, where each is least."""
    film: Film = []
    for last in np.linspace(4, len(xs), 20).astype(int):
        curve = chart(name, "prediction", xs, cost, last)
        best = np.array([line.xs[np.argmin(line.ys)] for line in curve.lines])
        said = ", ".join(f"{loss} {b:.3g}" for loss, b in zip(cost, best, strict=True))
        bars = Bars("cheapest so far", (*cost, *marks), row([*best, *marks.values()]))
        film.append((f"Cheapest so far: {said}.", (curve, bars)))
    yield from scene(title, film)
    return best


def overflow(score: Score, k: int) -> Iterator[Event]:
    """Two examples with ever larger logits (z, 0, 0 …), one of the first class and one of the second."""
    two = {"textbook": naive, "stable": score}
    cost = {name: np.array([lopsided(each, z, k, 0, 1) for z in LOGITS]) for name, each in two.items()}
    lines = tuple((str(z), f"{a:.6g}", f"{b:.6g}") for z, a, b in zip(LOGITS, *cost.values(), strict=True))
    finite = {name: ys[np.isfinite(ys)] for name, ys in cost.items()}
    film: Film = []
    for i, (z, a, b) in enumerate(lines):
        caption = f"Logits ({z}, 0 …), one label right, one wrong: textbook {a}, stable {b}."
        curve = chart("mean loss", "z", LOGITS, finite, i, log=True)
        film.append((caption, (Table("mean of both losses", ("z", *cost), lines[: i + 1]), curve)))
    yield from scene("logits grow", film)
    free, dear = (lopsided(score, 1000, k, label) for label in (0, 1))
    yield Claim(FREE, "loss of a logit of 1000 for the right class", abs(free), "<=", 1e-9)
    yield Claim(STABLE, "|loss of a logit of 1000 for a wrong class − 1000|", abs(dear - 1000), "<=", 1e-9)


def many_classes(rng: np.random.Generator, losses: Losses, k: int) -> Iterator[Claim]:
    """What cross-entropy must satisfy, whatever the logits."""
    score, Z, y = losses.softmax, rng.normal(0, 2, (6, k)), rng.integers(0, k, 6)
    gap = np.max([losscheck.p_minus_y_gap(each, Z, y) for each in (score, naive)])
    yield Claim(GRADIENT, "(p − y)/n, gradient, differences: greatest gap", gap, "<=", 1e-8)
    error = losscheck.slope_error(doubled, Z, y)
    yield Claim(
        "check-misses-double", "softmax twice: relative error of its gradient check", error, "<=", 1e-5
    )
    gap = losscheck.shift_gap(score, Z, y, 1000)
    yield Claim("shift-invariant", "change of loss and slopes when logits gain 1000", gap, "<=", 1e-9)
    gap = losscheck.batch_gap(score, Z, y)
    yield Claim("batch-size-cancels", "change of the gradient when each example doubles", gap, "<=", 1e-12)
    gap = losscheck.entropy_gap(score, rng.normal(size=k), rng.integers(0, k, 200))
    yield Claim("entropy-plus-kl", "|cross-entropy − entropy of the labels − KL|", gap, "<=", 1e-12)
    gap = losscheck.init_gap(score, losses.log_loss)
    yield Claim("loss-at-init", "|loss of zero logits − ln K|, K = 2, 10, 1000, 50257", gap, "<=", 1e-12)
