"""Scaled inputs turn the loss's thin ellipses into circles, and descent walks straight down.

Two inputs of unlike spread make the loss a long valley, along which gradient descent creeps; dividing each
by its own standard deviation rounds it. A table then shows what that leaves alone, a typing error which
scalers survive it, batches of changing mix whose statistics to use, and four models which of them mind.

Throughout:
    X  (n, d)  raw inputs      Z  (n, d)  the same, scaled      y  (n,)  targets
    w  (d,)    weights         H = Zᵀ·Z / n  the loss's Hessian, L its largest curvature
    κ          L / the smallest curvature: the condition number of H
    excess     the loss above its least, as a share of what it is at w = 0

Try: `--ratio 2`; `--tilt 0.9`, where z-scores are not enough; `--typo 10`; `--control not-centred`.

Source: LeCun, Bottou, Orr and Müller 1998 (why inputs are normalised); Welford 1962 (one-pass variance).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from dlprep.demo import (
    Claim,
    Control,
    Curve,
    Dots,
    Event,
    Field,
    Image,
    Line,
    Row,
    knob,
    lines,
    row,
    rows,
    scene,
)
from dlprep.nn import scaling, serving
from dlprep.nn.checks import scalecheck
from dlprep.nn.checks.scalecheck import RawWeights, Stream, dependent, gap, skewness, spread_left, with_ones
from dlprep.nn.convergence import descend, excess, excess_after, steps_above, steps_until
from dlprep.nn.data import scaledata
from dlprep.nn.faulty import misscaled
from dlprep.nn.lattice import lattice
from dlprep.nn.quadratic import Quadratic, least_squares
from dlprep.nn.scaling import Array, Fit, Scaler, minmax, robust, whitening, zscore

VIEW = (-6.8, 6.8, -2.8, 2.8)  # of two weights, counted from the best ones
RINGS = np.linspace(0, 1.4, 8)  # drawn where √excess reaches these; it is 1 at the start
STEPS, GOAL = 20, 1e-3  # taken in each bowl, and the share of the excess loss to be reached
MIXES = range(20, 381, 30)  # loud rows in a batch of 400


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    ratio: float = knob(6.0, "spread of the second input; the first one's is 1", 1.0, 8.0)
    tilt: float = knob(0.0, "correlation of these two inputs", 0.0, 0.95)
    stray: float = knob(1200.0, "how far a balance strays from the income, standard deviation", 10.0, 1e5)
    rate: float = knob(0.3, "learning rate, in units of 1 / L of each bowl", 0.05, 1.9)
    typo: float = knob(1000.0, "how many times too large one income is typed", 2.0, 1e6)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run is made of; a control hands it another."""

    table: Callable[[np.random.Generator, float], tuple[Array, Array]] = scaledata.customers
    chords: Callable[[np.random.Generator, int], tuple[Array, Array]] = scaledata.chords
    fit: Fit = zscore
    whiten: Fit = whitening
    scalers: tuple[Fit, ...] = (minmax, zscore, robust)
    whose: serving.Whose = serving.of_training_rows
    raw_weights: RawWeights = Scaler.raw_weights
    stream: Stream = scaling.welford


SHIFTS = ("redundancy-stays", "order-stays")  # what only holds if columns stay apart
SCALERS = ("minmax-bounded", "minmax-squeezed", "outlier-ceiling", "robust-keeps")
BY_ROW = ("rings-round", "condition-falls", "zscore-unbounded", "per-feature-keeps-signal", "fit-unmoved")
CONTROLS = (
    Control("rows-not-columns", "each row is normalised, not each column", (*SHIFTS, *BY_ROW)),
    Control("not-centred", "the mean is not subtracted", ("condition-falls", "steps-fall")),
    Control("whitened-instead", "inputs are whitened, not z-scored", (*SHIFTS, "rank-stays", "shape-stays")),
    Control("not-turned", "whitening scales but does not turn", ("whitening-decorrelates",)),
    Control("scalers-mixed-up", "each of three scalers is taken for another", SCALERS),
    Control("leaked", "the scaler is fitted before the split", ("train-statistics",)),
    Control("refitted", "each batch gets statistics of its own", ("train-statistics", "refit-hurts")),
    Control("pattern-not-size", "classes differ by pattern, not size", ("per-sample-loses-magnitude",)),
    Control("like-units", "the table has like units", ("raw-stuck", "ridge-moves", "nearest-moves")),
    Control("undone-like-inputs", "weights are undone as inputs are, β·σ + μ", ("coefficients-undone",)),
    Control("squares-minus-square", "variance is E[x²] − E[x]²", ("streaming-agrees",)),
)
PARTS = {
    "rows-not-columns": Parts(fit=misscaled.by_row),
    "not-centred": Parts(fit=misscaled.uncentred),
    "whitened-instead": Parts(fit=whitening),
    "not-turned": Parts(whiten=misscaled.unturned),
    "scalers-mixed-up": Parts(scalers=(zscore, robust, minmax)),
    "leaked": Parts(whose=serving.of_all_rows),
    "refitted": Parts(whose=serving.of_the_batch),
    "pattern-not-size": Parts(chords=scaledata.inverted),
    "like-units": Parts(table=scaledata.in_like_units),
    "undone-like-inputs": Parts(raw_weights=misscaled.undone_like_inputs),
    "squares-minus-square": Parts(stream=scaling.by_sums),
}


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Round the bowl and walk down it; then what scaling keeps, what spoils it, and who needs it."""
    plane, people, music, readings = np.random.default_rng(seed).spawn(4)
    parts = PARTS[control] if control else Parts()
    yield from rounded(scaledata.pair(plane, knobs.ratio, knobs.tilt), knobs.rate, parts.fit)
    X, y = parts.table(people, knobs.stray)  # (500, 3), (500,)
    Z = parts.fit(X).transform(X)  # (500, 3)
    yield from stairs(X, Z, y)
    yield from kept(X, Z, parts)
    yield from typed(X[:, 0], knobs.typo, parts.scalers)
    yield from batches(music, parts)
    yield from minded(X, Z, y, parts)
    off = scalecheck.streaming_error(readings.normal(1e8, 1, (300, 2)), parts.stream)
    yield Claim("streaming-agrees", "one-pass mean and variance, readings near 1e8: error", off, "<=", 1e-6)


def rounded(X: Array, rate: float, fit: Fit) -> Iterator[Event]:
    """Two inputs X (n, 2) from raw to scaled, bit by bit, and as many steps down the loss of each."""
    y = zscore(X).transform(X) @ [3, 2.5]  # (n,)
    blends = np.linspace(X, fit(X).transform(X), 25)  # (25, n, 2)
    raw, *_, scaled = bowls = [least_squares(Z, y) for Z in blends]
    slow, *_, fast = needed = [steps_until(GOAL, bowl, rate) for bowl in bowls]
    before, moments = valley("raw inputs", raw, rate), []
    for bowl, n in zip(bowls, needed, strict=True):
        now = valley("divided by σ, bit by bit", bowl, rate)
        falls = (row(excess(each, descend(each, rate, STEPS))) for each in (raw, bowl))
        lines = tuple(map(Line, ("raw", "now"), falls))
        caption = f"κ = {np.linalg.cond(bowl.H):.1f}. To 0.1 % of the excess loss: {slow} steps raw, {n} now."
        moments.append((caption, (before, now, Curve("excess loss", lines, "step", log_y=True, at=GOAL))))
    yield from scene("dividing by σ rounds the bowl", moments)
    long = scalecheck.length_over_width(lattice(VIEW)[np.array(now.rows) < 0.5])
    yield Claim("rings-round", "length / width of a drawn ring, inputs scaled", long, "<=", 1.5)
    above = steps_above(GOAL, raw, rate, slow) + steps_above(GOAL, scaled, rate, fast)
    yield Claim("lookup-agrees", "steps walked above 0.1 %, and steps looked up", above, "==", slow + fast)


def valley(name: str, bowl: Quadratic, rate: float) -> Field:
    """Rings of equal excess over two weights, and the first steps of descent through them."""
    x, y = (descend(bowl, rate, STEPS) - bowl.m).T  # (STEPS + 1,) each
    heights = np.sqrt(excess(bowl, lattice(VIEW) + bowl.m))  # (33, 49)
    dots = Dots("steps", row(x), row(y), "high"), Dots("now", row(x[STEPS:]), row(y[STEPS:]), "accent")
    return Field(name, rows(RINGS[np.digitize(heights, RINGS[1:])]), VIEW, dots, signed=False)


def grown(title: str, curve: Curve, xs: Row, named: dict[str, Row], captions: list[str]) -> Iterator[Event]:
    """A scene of lines over xs, drawn point by point, with a caption for each."""
    moments = []
    for n, caption in enumerate(captions, start=1):
        shown = lines({name: ys[:n] for name, ys in named.items()}, xs[:n])
        moments.append((caption, (replace(curve, lines=shown),)))
    return scene(title, moments)


def stairs(X: Array, Z: Array, y: Array) -> Iterator[Event]:
    """The table's loss over ever more steps: raw, each curvature has to wait its turn."""
    bowls = {name: least_squares(with_ones(A), y) for name, A in (("raw", X), ("z-scored", Z))}
    slow, fast = (steps_until(GOAL, bowl, 1) for bowl in bowls.values())
    before, after = (float(np.linalg.cond(bowl.H)) for bowl in bowls.values())
    steps = np.geomspace(1, 1e13, 27)
    left = {name: row(np.maximum(excess_after(steps, bowl, 1), 1e-5)) for name, bowl in bowls.items()}
    curve = Curve("excess loss, down to 1e-5", (), "step", log_x=True, log_y=True, at=GOAL)
    caption = f"To 0.1 %: raw, κ = {before:.0e}, {slow:.0e} steps; z-scored, κ = {after:.0f}, {fast} steps."
    yield from grown("income, rate and balance as inputs", curve, row(steps), left, [caption] * len(steps))
    yield Claim("condition-falls", f"κ of the scaled inputs; raw, {before:.0e}", after, "<=", 100)
    yield Claim("raw-stuck", "steps to 0.1 % of the excess loss, raw", slow, ">=", 20_000)
    yield Claim("steps-fall", "steps to 0.1 % of the excess loss, scaled", fast, "<=", 100)


def kept(X: Array, Z: Array, parts: Parts) -> Iterator[Event]:
    """Correlations and shapes of the table: raw, scaled and whitened."""
    W = parts.whiten(X).transform(X)  # (n, 3)
    raw, scaled, white = (np.corrcoef(A.T) for A in (X, Z, W))  # (3, 3) each
    named = {"raw": raw, "z-scored": scaled, "whitened": white}
    images = tuple(Image(name, rows(C), signed=True, limit=1) for name, C in named.items())
    told = ", ".join(f"{abs(C[0, 2]):.2f} {name}" for name, C in named.items())
    caption = f"Income and balance correlate by {told}."
    yield from scene("correlations, which z-scores leave alone", [(caption, images)])
    yield Claim("redundancy-stays", "largest change of a correlation", gap(raw, scaled), "<=", 1e-12)
    copied = np.column_stack([X, X[:, 0]])  # (n, 4)
    left = dependent(parts.fit(copied).transform(copied))
    yield Claim("rank-stays", "columns that repeat others, one being a copy", left, "==", 1)
    says = f"change of skewness; income's stays {skewness(X)[0]:.1f}"
    yield Claim("shape-stays", says, gap(skewness(X), skewness(Z)), "<=", 1e-9)
    yield Claim("zscore-unbounded", "largest scaled input", float(np.abs(Z).max()), ">", 3)
    off = gap(np.cov(W.T, bias=True), np.eye(3))
    yield Claim("whitening-decorrelates", "whitened covariance, from the identity", off, "<=", 1e-8)


def typed(incomes: Array, typo: float, scalers: tuple[Fit, ...]) -> Iterator[Event]:
    """The largest of the incomes (n,) typed too large: what is left of the others' differences."""
    sizes = np.geomspace(1, typo, 13)
    X = scaledata.mistyped(incomes, sizes)  # (n, 13)
    low, standard, _ = scaled = [fit(X).transform(X) for fit in scalers]  # (n, 13) each
    squeezed, shrunk, steady = shares = [row(spread_left(Z)) for Z in scaled]  # (13,) each
    left = dict(zip(("min–max", "z-score", "median, IQR"), shares, strict=True))
    curve = Curve("spread left", (), "times too large", log_x=True, log_y=True)
    caption = "At {:.0f} times min–max leaves the others {:.1%} of their spread, z-scores {:.1%}."
    captions = [caption.format(*each) for each in zip(sizes, squeezed, shrunk, strict=True)]
    yield from grown("one income is typed too large", curve, row(sizes), left, captions)
    off = max(gap(low.min(axis=0), 0), gap(low.max(axis=0), 1))
    yield Claim("minmax-bounded", "min–max of the fitted rows, from 0 … 1", off, "<=", 1e-12)
    last = len(X) - 1
    squeeze, z, ceiling = 1 / float(np.ptp(low[:last, 12])), float(standard.max()), float(np.sqrt(last))
    yield Claim("minmax-squeezed", "0 … 1 over what min–max leaves the other rows", squeeze, ">=", typo)
    yield Claim("outlier-ceiling", "largest z-score; its ceiling is √(n − 1)", z, "<=", ceiling)
    yield Claim("robust-keeps", "change of others' spread, by median and IQR", gap(steady, 1), "<=", 1e-12)


def batches(rng: np.random.Generator, parts: Parts) -> Iterator[Event]:
    """One model, served batches with ever more loud rows, under statistics from three places."""
    (train, y), pool = parts.chords(rng, 200), parts.chords(rng, 1000)
    served = {n: scaledata.mixed(*pool, n) for n in MIXES}  # (400, 3), (400,) each
    right = serving.Serving(parts.whose, parts.fit)
    ways = right, right._replace(whose=serving.of_the_batch), serving.Serving(fit=misscaled.by_row)
    own, refitted, by_row = ({n: way.accuracy(train, y, *served[n]) for n in MIXES} for way in ways)
    shares = {"training's": own, "the batch's": refitted, "each row's": by_row}
    lines = {name: row(share.values()) for name, share in shares.items()}
    curve = Curve("named rightly", (), "loud rows of 400")
    caption = "{} of 400 rows loud: training statistics get {:.0%} right, the batch's own {:.0%}."
    captions = [caption.format(n, own[n], refitted[n]) for n in MIXES]
    yield from grown("whose mean and deviation?", curve, row(MIXES), lines, captions)
    firsts = [right.scaled(train, batch)[1][0] for batch, _ in served.values()]  # (3,) each, of the same row
    yield Claim("train-statistics", "change of a row as its batch changes", gap(firsts, firsts[0]), "==", 0)
    yield Claim("refit-hurts", "accuracy lost to a batch's statistics", own[380] - refitted[380], ">=", 0.2)
    yield Claim("per-feature-keeps-signal", "accuracy, each column scaled", own[200], ">=", 0.95)
    yield Claim("per-sample-loses-magnitude", "accuracy, each row scaled", by_row[200], "<=", 0.75)


def minded(X: Array, Z: Array, y: Array, parts: Parts) -> Iterator[Claim]:
    """Four models on the raw table and on the scaled one; and weights for one made weights for the other."""
    free, held, ranks, near = scalecheck.moved(X, Z, y)
    yield Claim("fit-unmoved", "change of least squares' predictions, in σ of y", free, "<=", 1e-6)
    yield Claim("order-stays", "ranks that change in a column, all a tree sees", ranks, "==", 0)
    yield Claim("ridge-moves", "change of ridge's predictions, in σ of y", held, ">=", 0.5)
    yield Claim("nearest-moves", "share of rows with another nearest row", near, ">=", 0.5)
    off = scalecheck.undoing_error(X, y, parts.raw_weights)
    yield Claim("coefficients-undone", "X·(β/σ) + b = Z·β + bias, Z undone = X: error", off, "<=", 1e-9)
