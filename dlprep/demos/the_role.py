"""One training step in four lines, and the mathematics without which each of them fails.

A deep-learning engineer need not be a mathematician, but four pieces of mathematics stand behind every
training step. A small network learns which quadrants two numbers lie in, from labels of which some are
wrong. Its forward pass is linear algebra, its loss an expectation, its gradient the chain rule, and what is
said of it afterwards is worth no more than its standard error. Take one away and watch what breaks.

Throughout:
    X  (n, 2)  inputs     y  (n,)  labels 0 or 1     B  samples in a batch      h  units, `width`
    W1 (2, h), b1 (h,), W2 (h, 1), b2 (1,)             parameters
    p  the share of unseen samples named correctly     √(p·(1 − p) / n)  its standard error over n of them

Try: `--batch 1`, and see the loss shake; `--tests 25`; `--control no-chain-factor`,
which raises no error and merely learns badly.

Source: Rumelhart, Hinton and Williams 1986, Nature 323 (the step).
Source: Wilson 1927, Journal of the American Statistical Association 22 (intervals for a share).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dlprep.demo import Claim, Control, Curve, Dots, Event, Field, Image, Line, Table, knob, row, rows, scene
from dlprep.nn import mlp
from dlprep.nn.activations import Array
from dlprep.nn.checks.gradcheck import central_differences, relative_error
from dlprep.nn.data.points import Points, quadrants
from dlprep.nn.ingredients import Mathematics, elementwise, first, none, sorted_run
from dlprep.nn.lattice import around, lattice
from dlprep.nn.mlp import Layers

Z95 = 1.96  # standard deviations on either side that hold 95 % of a normal distribution
SETS = 400  # fresh test sets, to see how far a measured accuracy strays …
SHOWN = 36  # … and those of them in the picture
LEVELS = 29  # its rows, the true share in the middle one …
ON_LINE = 0.15  # … in this shade
LINES = (
    ("tanh(X·W1)·W2", "linear algebra", "Every unit mixes both inputs: a matrix product."),
    ("mean(−ln p(y))", "expectation", "One number for a batch stands for the expected loss."),
    ("backward pass", "chain rule", "One backward pass gives the slope of every parameter."),
    ("p ± 1.96·error", "standard error", "Accuracy on few samples is chance in part: say how much."),
)


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    width: int = knob(16, "hidden units", 4, 64)
    batch: int = knob(32, "samples in a training batch", 1, 200)
    steps: int = knob(600, "training steps", 50, 3000)
    rate: float = knob(0.5, "learning rate", 0.01, 2.0)
    wrong: float = knob(0.15, "share of the labels that are wrong", 0.0, 0.3)
    tests: int = knob(100, "samples in a test set", 20, 1000)


CONTROLS = (
    Control("elementwise", "an elementwise product stands where the matrix product was", ("learns",)),
    Control("no-chain-factor", "the chain rule's factor tanh′ is left out", ("chain-rule",)),
    Control("one-sample", "one sample's loss stands for the mean over its batch", ("batch-steadies",)),
    Control("unshuffled", "a batch is a run of samples sorted by label", ("batch-steadies",)),
    Control("no-standard-error", "accuracy is given as if exact", ("interval-covers", "error-predicts")),
)
SABOTAGED = {
    "elementwise": Mathematics(product=elementwise),
    "no-chain-factor": Mathematics(factor=np.ones_like),
    "one-sample": Mathematics(mean_over=first),
    "unshuffled": Mathematics(pick=sorted_run),
    "no-standard-error": Mathematics(error=none),
}


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Walk through one step, weigh batches, train, and ask how sure the accuracy is."""
    maths, rng = SABOTAGED.get(str(control), Mathematics()), np.random.default_rng(seed)
    samples, layers = quadrants(rng, 600, knobs.wrong), mlp.init(rng, (2, knobs.width, 1))
    yield from one_step(maths, layers, samples, knobs)
    yield from steadiness(maths, layers, samples, rng)
    unseen = quadrants(rng, 2000, 0)
    path = list(maths.path(rng, layers, samples, knobs.batch, knobs.rate, knobs.steps))
    yield from training(maths, path, samples, unseen, knobs)
    yield from certainty(maths, path[knobs.steps], knobs, rng)


def one_step(maths: Mathematics, layers: Layers, samples: Points, knobs: Knobs) -> Iterator[Event]:
    """The four lines one by one, each with its mathematics and its number on the first batch."""
    X, y = (part[: knobs.batch] for part in samples)  # (B, 2), (B,)
    loss, gradients = maths.gradient(layers, X, y)
    p, slopes = float(maths.named(layers, X, y).mean()), mlp.flat(gradients)  # 0 … 1, (P,)
    now = (
        f"{knobs.batch}×2 · 2×{knobs.width}",
        f"{loss:.3f} nats",
        f"{slopes.size} slopes",
        f"{p:.2f} ± {Z95 * maths.error(p, len(y)):.2f}",
    )
    lines = [(line, piece, number) for (line, piece, _), number in zip(LINES, now, strict=True)]
    picture = field(maths, layers, samples)
    moments = []
    for n, (_, _, says) in enumerate(LINES, start=1):
        table = Table("one step", ("line", "mathematics", "now"), tuple(lines[:n]))
        moments.append((says, (picture, table)))
    yield from scene("four lines, four pieces of mathematics", moments)
    arrays = [array for layer in layers for array in layer]
    measured = [central_differences(lambda: maths.gradient(layers, X, y)[0], a, 1e-5).ravel() for a in arrays]
    error = relative_error(slopes, np.concatenate(measured))
    yield Claim("chain-rule", "gradient by chain rule against differences", error, "<=", 1e-7)


def steadiness(
    maths: Mathematics, layers: Layers, samples: Points, rng: np.random.Generator
) -> Iterator[Event]:
    """How far the gradients of batches stray from their mean, batch size by batch size."""
    sizes = np.array([1, 2, 4, 8, 16, 32, 64])
    strays = np.array([maths.straying(rng, layers, samples, size) for size in sizes])  # (7,)
    theory = strays[0] / np.sqrt(sizes)  # (7,)
    moments = []
    for n in range(2, len(sizes) + 1):
        xs, size, stray = row(sizes[:n]), sizes[n - 1], strays[n - 1]
        lines = Line("measured", row(strays[:n]), xs), Line("∝ 1/√B", row(theory[:n]), xs)
        curve = Curve("how far the gradient of a batch strays", lines, "samples B", log_x=True, log_y=True)
        caption = f"B = {size}: it strays by {stray:.3f}. Four times the samples, half of that."
        moments.append((caption, (curve,)))
    yield from scene("why a loss is a mean", moments)
    gap = abs(float(strays[-1] / theory[-1]) - 1)
    yield Claim("batch-steadies", "64 samples stray 1/√64 as far as one: relative gap", gap, "<=", 0.35)


def training(
    maths: Mathematics, path: list[Layers], samples: Points, unseen: Points, knobs: Knobs
) -> Iterator[Event]:
    """The decision field and the loss now and then; at last, how good it has become."""
    shown = np.linspace(0, knobs.steps, 41).astype(int)
    losses = [maths.gradient(path[t], *samples)[0] for t in shown]
    accuracies = [float(maths.named(path[t], *unseen).mean()) for t in shown]
    chance = Line("guessing", row(np.full(2, np.log(2))), (0, knobs.steps))
    moments = []
    for n, (t, accuracy) in enumerate(zip(shown, accuracies, strict=True), start=1):
        line = Line("training", row(losses[:n]), row(shown[:n]))
        says = f"{accuracy:.0%} of unseen points right, from labels of which {knobs.wrong:.0%} are wrong."
        views = field(maths, path[t], samples), Curve("loss in nats", (line, chance), "step")
        moments.append((f"Step {t}: {says}", views))
    yield from scene("the four lines, over and over", moments)
    yield Claim("learns", "share of unseen points on the right side", accuracies[-1], ">=", 0.85)


def certainty(maths: Mathematics, layers: Layers, knobs: Knobs, rng: np.random.Generator) -> Iterator[Event]:
    """Measure the accuracy on many test sets, and count how often the stated interval holds the truth."""
    X, y = quadrants(rng, SETS * knobs.tests, knobs.wrong)
    p = maths.named(layers, X, y).reshape(SETS, knobs.tests).mean(axis=1)  # (SETS,), an accuracy each
    truth = float(p.mean())
    reach = Z95 * np.array([maths.error(share, knobs.tests) for share in p])  # (SETS,)
    held = (p - reach <= truth) & (truth <= p + reach)  # (SETS,)
    moments = []
    for k, holding in enumerate(np.cumsum(held[:SHOWN]), start=1):
        picture = intervals(p[:k], reach[:k], held[:k], truth)
        caption = f"{holding} of {k} intervals hold the true share, {truth:.3f}; the others, in red, miss it."
        moments.append((caption, (picture,)))
    yield from scene("how sure is an accuracy?", moments)
    covered = float(held.mean())
    yield Claim("interval-covers", f"share of {SETS} intervals that hold the true share", covered, ">=", 0.87)
    crossing = sum(shade < 0 for shade in picture.rows[LEVELS // 2])
    says = "intervals drawn across the truth, those counted"
    yield Claim("drawn-as-counted", says, crossing, "==", int(holding))
    strayed = np.quantile(np.abs(p - truth), 0.95)
    gap = abs(float(reach.mean() / strayed) - 1)
    yield Claim("error-predicts", "how far 95 % stray, against what was stated", gap, "<=", 0.3)
    fourfold = p.reshape(-1, 4).mean(axis=1)  # (SETS / 4,), of four test sets each
    gap = abs(float(2 * fourfold.std() / p.std()) - 1)
    yield Claim("four-times-halves", "four times the samples against half the straying", gap, "<=", 0.3)


def intervals(p: Array, reach: Array, held: Array, truth: float) -> Image:
    """Intervals p ± reach, (k,) each, as columns, darkest at p: blue if they held the truth, else red."""
    levels = np.linspace(truth + 0.2, truth - 0.2, LEVELS)[:, None]  # (29, 1)
    line = np.zeros((LEVELS, 1))
    line[LEVELS // 2] = ON_LINE
    colour = np.where(held, -1, 1)  # (k,)
    distance = np.abs(levels - p)  # (29, k)
    columns = np.where(distance <= reach, colour / 2, line)  # (29, k)
    columns[distance.argmin(axis=0), np.arange(p.size)] = colour
    cells = np.tile(line, 2 * SHOWN)  # (29, 72), a column and a gap for each interval
    cells[:, : 2 * p.size : 2] = columns
    name = f"accuracy ± 1.96 standard errors on {SHOWN} test sets"
    return Image(name, rows(cells), signed=True, limit=1.0)


def field(maths: Mathematics, layers: Layers, samples: Points) -> Field:
    """tanh(logit) over the square, with the samples under the labels they came with."""
    X, y = samples
    extent, one = around(X), y.astype(bool)
    places = lattice(extent)  # (33, 49, 2)
    heights = np.tanh(maths.logits(layers, places.reshape(-1, 2))).reshape(places.shape[:2])  # (33, 49)
    (x0, y0), (x1, y1) = map(row, X[~one][:40].T), map(row, X[one][:40].T)
    dots = Dots("0", x0, y0, "low"), Dots("1", x1, y1, "high")
    return Field("decision field", rows(heights), extent, dots)
