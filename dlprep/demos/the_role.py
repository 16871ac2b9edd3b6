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

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from dlprep.demo import (
    Claim,
    Control,
    Curve,
    Dots,
    Event,
    Field,
    Frame,
    Image,
    Line,
    Table,
    knob,
    row,
    rows,
    scene,
)
from dlprep.nn import mlp
from dlprep.nn.activations import Array
from dlprep.nn.gradcheck import central_differences, relative_error
from dlprep.nn.ingredients import Mathematics, elementwise, first, none, sorted_run
from dlprep.nn.lattice import around, lattice
from dlprep.nn.mlp import Layers
from dlprep.nn.points import Points, quadrants

TRAINING = 600
SHOWN = 36  # of the test sets, in the picture
SETS = 400  # fresh test sets, to see how far a measured accuracy strays
MIDDLE = 14  # the row of the true share in the picture …
ON_LINE = 0.15  # … and its shade
Z95 = 1.96  # standard deviations on either side that hold 95 % of a normal distribution
LINES = (
    ("tanh(X·W1)·W2", "linear algebra", "Every unit mixes both inputs: a matrix product."),
    ("mean(−ln p(y))", "expectation", "One number for a batch stands for the expected loss."),
    ("backward pass", "chain rule", "One backward pass gives the slope of every parameter."),
    ("p ± 1.96·error", "standard error", "A share of few samples strays: say by how much."),
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
    Control(
        "no-standard-error",
        "accuracy is reported as if it were exact",
        ("interval-covers", "error-predicts"),
    ),
)


SABOTAGED = {
    "elementwise": Mathematics(product=elementwise),
    "no-chain-factor": Mathematics(factor=np.ones_like),
    "one-sample": Mathematics(mean_over=first),
    "unshuffled": Mathematics(pick=sorted_run),
    "no-standard-error": Mathematics(error=none),
}


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Walk through one step, train, weigh batches, and ask how sure the accuracy is."""
    maths, rng = SABOTAGED.get(str(control), Mathematics()), np.random.default_rng(seed)
    samples = quadrants(rng, TRAINING, knobs.wrong)
    layers = mlp.init(rng, (2, knobs.width, 1))
    yield from one_step(maths, layers, samples, knobs)
    yield from steadiness(maths, layers, samples, rng)
    layers = yield from train(maths, layers, samples, knobs, rng)
    yield from certainty(maths, layers, knobs, rng)


def one_step(maths: Mathematics, layers: Layers, samples: Points, knobs: Knobs) -> Iterator[Event]:
    """The four lines one by one, each with its mathematics and its number on the first batch."""
    X, y = (part[: knobs.batch] for part in samples)  # (B, 2), (B,)
    loss, gradients = maths.gradient(layers, X, y)
    p, slopes = float(maths.named(layers, X, y).mean()), mlp.flat(gradients)
    numbers = (
        f"{knobs.batch}×2 · 2×{knobs.width}",
        f"{loss:.3f} nats",
        f"{slopes.size} slopes",
        f"{p:.2f} ± {Z95 * maths.error(p, len(y)):.2f}",
    )
    steps = [(*line, number) for line, number in zip(LINES, numbers, strict=True)]
    picture = field(maths, layers, samples)
    header = "line", "mathematics", "now"
    moments = [
        (
            caption,
            (picture, Table("one step", header, tuple((*words, number) for *words, _, number in steps[:i]))),
        )
        for i, (_, _, caption, _) in enumerate(steps, start=1)
    ]
    yield from scene("four lines, four pieces of mathematics", moments)
    measured = [
        central_differences(lambda: maths.gradient(layers, X, y)[0], array, 1e-5) for array in chain(*layers)
    ]
    error = relative_error(slopes, np.concatenate([slope.ravel() for slope in measured]))
    yield Claim("chain-rule", "gradient by the chain rule against differences, relative", error, "<=", 1e-7)


def steadiness(
    maths: Mathematics, layers: Layers, samples: Points, rng: np.random.Generator
) -> Iterator[Event]:
    """How far the gradients of batches stray from their mean, batch size by batch size."""
    X, y = samples
    sizes = (1, 2, 4, 8, 16, 32, 64)
    spreads: list[float] = []
    moments = []
    for i, size in enumerate(sizes, start=1):
        batches = [maths.pick(rng, y, size) for _ in range(100)]
        gradients = np.array([mlp.flat(maths.gradient(layers, X[b], y[b])[1]) for b in batches])  # (100, p)
        spreads.append(float(np.linalg.norm(gradients.std(axis=0))))
        theory = row(spreads[0] / np.sqrt(sizes[:i]))
        lines = Line("measured", tuple(spreads), sizes[:i]), Line("∝ 1/√B", theory, sizes[:i])
        curve = Curve("how far the gradient of a batch strays", lines, "samples B", log_x=True, log_y=True)
        caption = f"B = {size}: it strays by {spreads[-1]:.3f}. Four times the samples, half of that."
        moments.append((caption, (curve,)))
    yield from scene("why a loss is a mean", moments)
    gap = abs(1 - spreads[-1] / theory[-1])
    yield Claim("batch-steadies", "straying of 64 samples' gradient against 1/√64 of one's", gap, "<=", 0.35)


def train(
    maths: Mathematics, layers: Layers, samples: Points, knobs: Knobs, rng: np.random.Generator
) -> Generator[Event, None, Layers]:
    """Take the steps, with a frame now and then; the trained layers come back."""
    X, y = samples
    unseen = quadrants(rng, 2000, 0)
    shown = {round(step) for step in np.linspace(0, knobs.steps, 41)}
    losses: list[float] = []
    for step in range(knobs.steps + 1):
        if step in shown:
            losses.append(maths.gradient(layers, X, y)[0])
            accuracy = float(maths.named(layers, *unseen).mean())
            xs = tuple(sorted(shown))[: len(losses)]
            chance = Line("guessing", (float(np.log(2)),) * 2, (0, knobs.steps))
            curve = Curve("loss in nats", (Line("training", tuple(losses), xs), chance), x="step")
            views = field(maths, layers, samples), curve
            caption = (
                f"{accuracy:.0%} of unseen points right, from labels of which {knobs.wrong:.0%} are wrong."
            )
            yield Frame(
                "the four lines, over and over",
                step,
                knobs.steps,
                caption,
                views,
                key=step in (0, knobs.steps),
            )
        batch = maths.pick(rng, y, knobs.batch)
        layers = mlp.descend(layers, maths.gradient(layers, X[batch], y[batch])[1], knobs.rate)
    yield Claim("learns", "share of unseen points on the right side", accuracy, ">=", 0.85)
    return layers


def certainty(maths: Mathematics, layers: Layers, knobs: Knobs, rng: np.random.Generator) -> Iterator[Event]:
    """Measure the accuracy on many test sets, and count how often the stated interval holds the truth."""
    X, y = quadrants(rng, SETS * knobs.tests, knobs.wrong)
    accuracies = maths.named(layers, X, y).reshape(SETS, knobs.tests).mean(axis=1)  # (SETS,)
    truth = float(accuracies.mean())
    errors = np.array([maths.error(p, knobs.tests) for p in accuracies])  # (SETS,)
    reach = Z95 * errors
    low, high = accuracies - reach, accuracies + reach  # (SETS,) each
    held = (low <= truth) & (truth <= high)
    moments = []
    for k, holding in enumerate(np.cumsum(held[:SHOWN]), start=1):
        picture = intervals(low[:k], accuracies[:k], high[:k], truth)
        caption = f"{holding} of {k} intervals hold the true share, {truth:.3f}; the red ones miss it."
        moments.append((caption, (picture,)))
    yield from scene("how sure is an accuracy?", moments)
    covered = float(held.mean())
    yield Claim("interval-covers", f"share of {SETS} intervals that hold the true share", covered, ">=", 0.87)
    crossing = np.signbit(picture.rows[MIDDLE]).sum()
    says = "intervals drawn across the true share, less those counted"
    yield Claim("drawn-as-counted", says, float(crossing - holding), "==", 0)
    strayed = float(np.quantile(np.abs(accuracies - truth), 0.95))
    gap = abs(float(reach.mean()) / strayed - 1)
    yield Claim(
        "error-predicts", "how far 95 % of them stray, against what was stated, relative", gap, "<=", 0.3
    )
    fourfold = float(accuracies.reshape(-1, 4).mean(axis=1).std())
    gap = abs(2 * fourfold / float(accuracies.std()) - 1)
    yield Claim("four-times-halves", "four times the samples against half the straying", gap, "<=", 0.3)


def intervals(low: Array, measured: Array, high: Array, truth: float) -> Image:
    """Intervals (k,) as columns, darkest where they were measured: red where they miss the truth."""
    levels = np.linspace(truth + 0.2, truth - 0.2, 29)[:, None]  # (29, 1)
    inside = (low <= levels) & (levels <= high)  # (29, k)
    sign = np.where(inside[MIDDLE], -1, 1)  # (k,)
    at = np.argmin(np.abs(levels - measured), axis=0)  # (k,)
    columns = np.where(inside, sign / 2, 0)  # (29, k)
    np.put_along_axis(columns, at[None], sign, axis=0)
    cells = np.zeros((29, SHOWN, 2))  # a column and a gap for each interval
    cells[MIDDLE] = ON_LINE
    cells[:, : len(low), 0] = np.where(columns, columns, cells[:, : len(low), 0])
    name = f"accuracy ± 1.96 errors on {SHOWN} test sets, around the true share"
    return Image(name, rows(cells.reshape(29, -1)), signed=True, limit=1.0)


def field(maths: Mathematics, layers: Layers, samples: Points) -> Field:
    """tanh(logit) over the square, with the samples under the labels they came with."""
    X, y = samples
    extent = around(X)
    places = lattice(extent)  # (33, 49, 2)
    heights = np.tanh(maths.logits(layers, places.reshape(-1, 2))).reshape(places.shape[:2])  # (33, 49)
    (x0, y0), (x1, y1) = (map(row, X[y == label][:40].T) for label in (0, 1))
    dots = Dots("0", x0, y0, "low"), Dots("1", x1, y1, "high")
    return Field("decision field", rows(heights), extent, dots)
