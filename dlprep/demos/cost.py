"""A loss can fall while accuracy falls with it: what a cost function rewards, and what it cannot see.

A line learns from two inputs, one loud but at times misleading: its loss falls, and accuracy with it. One
prediction gets worse and worse, and only cross-entropy keeps pulling. Each loss is asked for its cheapest
answer: a probability, then a constant despite an outlier. Last, logits grow until textbook softmax breaks.

Throughout:
    n examples   X (n, 2) inputs    w (2,) weights    z (n,) logits, p = σ(z)
    k classes    Z (n, k) logits    y (n,) labels, or targets to be met by one constant
    δ            the error from which Huber's loss is straight; all logarithms are natural

Try: `--rare 0`; `--truth 0.5`; `--outlier 200`; `--delta 100`; `--classes 100 --control double-softmax`.

Source: Bridle 1990, NIPS 2 (softmax with cross-entropy); Huber 1964, Annals of Mathematical Statistics
35; Gneiting and Raftery 2007, Journal of the American Statistical Association 102 (proper scores).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from dlprep.demo import Bars, Claim, Control, Curve, Dots, Event, Field, Line, Table, knob, row, rows, scene
from dlprep.nn import scores, shortcut
from dlprep.nn.activations import Array
from dlprep.nn.checks import losscheck
from dlprep.nn.checks.losscheck import costs, lopsided, slopes
from dlprep.nn.faulty.losses import FAULTY, Losses, doubled, naive, turned
from dlprep.nn.lattice import around, lattice
from dlprep.nn.scores import Score, of_logits


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    rare: float = knob(0.1, "share of points on which the loud input misleads", 0.0, 0.4)
    truth: float = knob(0.7, "share of the labels that are 1, to be predicted", 0.01, 0.99)
    outlier: float = knob(60.0, "the last of 21 targets; the others lie around 10", 0.0, 200.0)
    delta: float = knob(1.0, "the error from which Huber's loss is straight", 0.1, 100.0)
    classes: int = knob(4, "classes of the softmax", 2, 100)


SLOPES = "gradient-is-p-minus-y", "every-slope", "loss-falls-every-step"
LOG_LOSS = "confidently-wrong-still-learns", "convex-in-logit", "loss-at-init", "focal-quiets-easy"
SQUARED = "log-loss-proper", "brier-proper", "mse-minimised-by-mean", "outlier-drags-mean"
ABSOLUTE = "mae-minimised-by-median", "absolute-error-not-proper"
FLAT = "squared-error-saturates", "zero-one-has-no-slope"
CONTROLS = (
    Control("y-minus-p", "every gradient is negated", SLOPES),
    Control("summed", "the gradient is not divided by n", ("gradient-is-p-minus-y", "batch-size-cancels")),
    Control("naive-softmax", "eᶻ / Σeᶻ as in textbooks", ("stable-where-naive-fails", "shift-invariant")),
    Control("double-softmax", "the loss takes probabilities", ("sure-and-right-is-free", "entropy-plus-kl")),
    Control("squared-error", "squared in place of log loss and absolute error", (*LOG_LOSS, *ABSOLUTE)),
    Control("absolute-error", "absolute in place of log loss and squared error", SQUARED),
    Control("margins", "hinge in place of 0–1 loss; squared error of the logit, not of p", FLAT),
    Control(
        "honest-input", "the loud input is honest", ("accuracy-and-loss-disagree", "same-answers-dearer")
    ),
    Control("unclipped-huber", "Huber's loss never turns straight", ("huber-resists-outlier",)),
)
LOGITS = np.array([1, 10, 100, 500, 709, 710, 1000, 10000])


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Watch a loss fall, be wrong by more and more, ask for the cheapest answers, and overflow."""
    rng, losses = np.random.default_rng(seed), FAULTY.get(str(control), Losses())
    X, y = shortcut.points(rng, 200, 0 if control == "honest-input" else knobs.rare)
    path = shortcut.learn(X, y, losses.log_loss, rate=0.05, steps=60)  # (61, 2)
    yield from learn(X, y, path, losses.log_loss)
    yield from three_models(X, y, path, losses.log_loss)
    yield from further_wrong(losses)
    yield from cheapest_probability(knobs.truth, losses)
    yield from cheapest_constant(rng.normal(10, 1, 20), knobs.outlier, knobs.delta, losses)
    yield from overflow(losses.softmax, knobs.classes)
    yield from many_logits(rng, losses, knobs.classes)


def chart(name: str, x: str, xs: Array, lines: Mapping[str, Array], n: int, *, log: bool = False) -> Curve:
    """The first n points of each line; a line may end sooner."""
    shown = (Line(label, row(ys[:n]), row(xs[: len(ys)][:n])) for label, ys in lines.items())
    return Curve(name, tuple(shown), x, log_x=log, log_y=log)


def field(X: Array, y: Array, w: Array) -> Field:
    """tanh(z) over the plane, with the points."""
    extent, one = around(X), y.astype(bool)
    (x0, y0), (x1, y1) = map(row, X[~one].T), map(row, X[one].T)
    dots = Dots("class 0", x0, y0, "low"), Dots("class 1", x1, y1, "high")
    return Field("tanh(logit)", rows(np.tanh(lattice(extent) @ w)), extent, dots)


def learn(X: Array, y: Array, path: Array, score: Score) -> Iterator[Event]:
    """Descend from weights that are right about every point by a hair."""
    loss, right = shortcut.judge(path, X, y, score)  # (61,) each
    steps = np.arange(0, 61, 2)
    lines = {"accuracy": right[steps], "loss": loss[steps]}
    moments = []
    for n, t in enumerate(steps, start=1):
        caption = f"After {t} steps the loss is {loss[t]:.2f}, and {right[t]:.1%} of the points are right."
        moments.append((caption, (field(X, y, path[t]), chart("as it learns", "step", steps, lines, n))))
    yield from scene("the loss falls, and accuracy with it", moments)
    rise = float(np.diff(loss).max())
    yield Claim("loss-falls-every-step", "greatest change of the loss in a training step", rise, "<", 0)
    least, most = right[[loss.argmin(), loss.argmax()]].tolist()
    yield Claim("accuracy-and-loss-disagree", "accuracy at the least loss, at the greatest", least, "<", most)


def three_models(X: Array, y: Array, path: Array, score: Score) -> Iterator[Event]:
    """Before learning, after it, and then with larger weights."""
    start, *_, end = path  # (2,) each
    models = {
        "A": (start, "Right about every point, sure of none."),
        "B": (end, "Fewer right, by wider margins: it heeds the loud input."),
        "C": (10 * end, "B with weights × 10: sure, even where wrong."),
    }
    loss, right = shortcut.judge(np.array([w for w, _ in models.values()]), X, y, score)  # (3,) each
    moments = []
    for n, (name, (w, says)) in enumerate(models.items(), start=1):
        names = tuple(models)[:n]
        bars = Bars("accuracy", names, row(right[:n])), Bars("loss", names, row(loss[:n]))
        caption = f"{name}: accuracy {right[n - 1]:.1%}, loss {loss[n - 1]:.2f}. {says}"
        moments.append((caption, (field(X, y, w), *bars)))
    yield from scene("accuracy against loss", moments)
    ratio = float(loss[2] / loss[right == right[2]].min())
    yield Claim("same-answers-dearer", "loss with logits × 10 / least at that accuracy", ratio, ">=", 2)


def further_wrong(losses: Losses) -> Iterator[Event]:
    """Three losses of one prediction whose label is 1, as its logit goes from right to wrong."""
    z, one = np.linspace(4, -10, 34), np.ones(1)  # (34,), never 0, where the 0–1 loss jumps
    three = {"cross-entropy": losses.log_loss, "squared": losses.brier, "0–1": losses.zero_one}
    cost = {name: costs(score, z, one) for name, score in three.items()}  # (34,) each
    slope = {name: slopes(score, z, one) for name, score in three.items()}  # (34,) each
    moments = []
    for n, logit in enumerate(z, start=1):
        pulls = ", ".join(f"{name} {ys[n - 1]:.2g}" for name, ys in slope.items())
        caption = f"Label 1, logit {logit:.1f}. Slopes: {pulls}.".replace(" -", " −")
        charts = chart("loss", "logit", z, cost, n), chart("its slope", "logit", z, slope, n)
        moments.append((caption, charts))
    yield from scene("the further wrong, the harder the pull", moments)
    steep, weak, none = (np.abs(ys).tolist() for ys in slope.values())
    at = "logit −10, label 1"
    yield Claim("confidently-wrong-still-learns", f"steepness of cross-entropy, {at}", steep[-1], ">=", 0.999)
    yield Claim("squared-error-saturates", f"steepness of squared error, {at}", weak[-1], "<=", 1e-4)
    yield Claim("zero-one-has-no-slope", "greatest steepness of 0–1 loss, z = −10 … 4", max(none), "==", 0)
    bend = float(np.diff(cost["cross-entropy"], 2).min())
    yield Claim("convex-in-logit", "least second difference of cross-entropy by logit", bend, ">", 0)


def cheapest_probability(truth: float, losses: Losses) -> Iterator[Event]:
    """Three mean losses of one probability given for a hundred labels, of which the share `truth` are 1."""
    p = np.linspace(0.01, 0.99, 99)
    y = (np.linspace(0.005, 0.995, 100) < truth).astype(float)  # (100,)
    three = {"log loss": losses.log_loss, "squared": losses.brier, "absolute": of_logits(losses.absolute)}
    cost = {name: costs(score, np.log(p / (1 - p)), y) for name, score in three.items()}  # (99,) each
    yield from valley(f"{y.mean():.0%} of the labels are 1", p, cost, {"truth": truth})
    log_loss, brier, mae = (abs(float(p[ys.argmin()]) - truth) for ys in cost.values())
    yield Claim("log-loss-proper", "|cheapest p by log loss − share of ones|", log_loss, "<=", 0.01)
    yield Claim("brier-proper", "|cheapest p by squared error − share of ones|", brier, "<=", 0.01)
    yield Claim("absolute-error-not-proper", "|cheapest p by absolute error − share of ones|", mae, ">=", 0.2)


def cheapest_constant(usual: Array, outlier: float, delta: float, losses: Losses) -> Iterator[Event]:
    """Three mean losses of one number predicted for all targets, one of which is far off."""
    c, y = np.linspace(5, 20, 301), np.append(usual, outlier)  # (301,), (21,)
    huber: Score = partial(losses.huber, delta=delta)
    three = {"squared": losses.squared, "Huber": huber, "absolute": losses.absolute}
    cost = {name: costs(score, c, y) for name, score in three.items()}  # (301,) each
    mean, median, clean = float(y.mean()), float(np.median(y)), float(usual.mean())
    marks = {"mean": mean, "median": median, "mean of 20": clean}
    yield from valley(f"20 targets near 10, one of {outlier:g}", c, cost, marks)
    mse, hub, mae = (float(c[ys.argmin()]) for ys in cost.values())
    yield Claim("mse-minimised-by-mean", "|cheapest by squared − mean|", abs(mse - mean), "<=", 0.05)
    yield Claim("mae-minimised-by-median", "|cheapest by absolute − median|", abs(mae - median), "<=", 0.05)
    yield Claim("outlier-drags-mean", "|cheapest by squared − mean of the 20|", abs(mse - clean), ">=", 1)
    yield Claim("huber-resists-outlier", "|cheapest by Huber − mean of the 20|", abs(hub - clean), "<=", 0.5)


def valley(title: str, xs: Array, cost: Mapping[str, Array], marks: dict[str, float]) -> Iterator[Event]:
    """The costs from left to right, and where each has been least so far."""
    share = {loss: ys / ys.max() for loss, ys in cost.items()}  # so that one chart suits all
    moments = []
    for n in np.linspace(5, len(xs), 20).astype(int):
        best = [float(xs[ys[:n].argmin()]) for ys in cost.values()]
        said = ", ".join(f"{loss} {x:.3g}" for loss, x in zip(cost, best, strict=True))
        bars = Bars("cheapest so far", (*cost, *marks), (*best, *marks.values()))
        curve = chart("mean loss / its greatest", "prediction", xs, share, n)
        moments.append((f"Cheapest so far: {said}.", (curve, bars)))
    yield from scene(title, moments)


def overflow(score: Score, k: int) -> Iterator[Event]:
    """Two examples with ever larger logits (z, 0, 0 …), one of the first class and one of the second."""
    two = {"textbook": naive, "stable": score}
    cost = {name: np.array([lopsided(each, z, k, 0, 1) for z in LOGITS]) for name, each in two.items()}
    finite = {name: ys[np.isfinite(ys)] for name, ys in cost.items()}
    lines = [(str(z), f"{a:.6g}", f"{b:.6g}") for z, a, b in zip(LOGITS, *cost.values(), strict=True)]
    moments = []
    for n, (z, textbook, stable) in enumerate(lines, start=1):
        caption = f"Logits ({z}, 0 …), one label right, one wrong: textbook {textbook}, stable {stable}."
        table = Table("mean of both losses", ("z", *cost), tuple(lines[:n]))
        moments.append((caption, (table, chart("mean loss", "z", LOGITS, finite, n, log=True))))
    yield from scene("logits grow", moments)
    free, gap = abs(lopsided(score, 1000, k, 0)), abs(lopsided(score, 1000, k, 1) - 1000)
    yield Claim("sure-and-right-is-free", "loss of a logit of 1000 for the right class", free, "<=", 1e-9)
    yield Claim("stable-where-naive-fails", "|loss of a logit of 1000, wrong class, − 1000|", gap, "<=", 1e-9)


def many_logits(rng: np.random.Generator, losses: Losses, k: int) -> Iterator[Claim]:
    """What losses must satisfy, whatever the logits."""
    score, Z, y = losses.softmax, rng.normal(0, 2, (6, k)), rng.integers(0, k, 6)  # (6, k), (6,)
    gap = max(losscheck.p_minus_y_gap(each, Z, y) for each in (score, naive))
    yield Claim("gradient-is-p-minus-y", "(p − y)/n, gradient, differences: greatest gap", gap, "<=", 1e-8)
    error = losscheck.greatest_slope_error(*losses.of_numbers(), scores.hinge, scores.focal)
    yield Claim("every-slope", "eight losses' gradients against differences, error", error, "<=", 1e-7)
    sign, twice = (losscheck.slope_error(each, Z, y) for each in (turned(doubled), doubled))
    says = "gradient-check error: softmax twice / wrong sign"
    yield Claim("check-misses-double", says, twice / sign, "<=", 1e-5)
    shift, batch = losscheck.shift_gap(score, Z, y, 1000), losscheck.batch_gap(score, Z, y)
    yield Claim("shift-invariant", "change of loss and slopes when logits gain 1000", shift, "<=", 1e-9)
    yield Claim("batch-size-cancels", "change of the gradient when examples double", batch, "<=", 1e-12)
    gap = losscheck.entropy_gap(score, rng.normal(size=k), rng.integers(0, k, 200))
    yield Claim("entropy-plus-kl", "|cross-entropy − entropy of the labels − KL|", gap, "<=", 1e-12)
    gap = losscheck.init_gap(score, losses.log_loss)
    yield Claim("loss-at-init", "|loss of zero logits − ln K|, K = 2, 10, 1000, 50257", gap, "<=", 1e-12)
    gap = abs(losscheck.easy_ratio(scores.focal, losses.log_loss) - 0.01)
    yield Claim("focal-quiets-easy", "|focal loss / cross-entropy − .01| at p = .9, γ = 2", gap, "<=", 1e-12)
