"""Training cannot choose hyperparameters, random beats grid, and the best of many scores flatters.

A penalty is chosen by the training loss, then by rows held out. A grid and a random search look for the
ridge of a score that hangs on one of two hyperparameters; the median one of a thousand is shown. A thousand
models are tuned on coin tosses. Learning rates race, and the worse half drops out again and again. One step
on a large batch takes the place of many steps on small ones.

Throughout:
    n trials or candidates   m searches, each on a ridge of its own   k models, or batches made one
    G, R  (n, 2)  trials in the unit square, on a grid and random, the useful hyperparameter first

Try: `--side 3`; `--rows 1000`; `--control test-reused`; `--noise 3`, where early ranks mislead.

Source: Bergstra and Bengio 2012, JMLR 13 (random search); Cawley and Talbot 2010, JMLR 11 (selection bias);
Jamieson and Talwalkar 2016, AISTATS (halving); Goyal et al. 2017, arXiv 1706.02677 (linear scaling).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf
from typing import Any, TypeAlias

import numpy as np

from dlprep import demo
from dlprep.demo import (
    Bars,
    Claim,
    Control,
    Curve,
    Dots,
    Event,
    Field,
    Image,
    knob,
    lines,
    row,
    rows,
    scene,
)
from dlprep.nn import search, tunable
from dlprep.nn.lattice import lattice
from dlprep.nn.search import Array
from dlprep.nn.tunable import Hill

Moments: TypeAlias = Iterator[tuple[str, tuple[demo.View, ...]]]  # captions, and what there is to see
RATES = (1e-4, 10.0)  # the least and the greatest learning rate of the race
PLANE = (0.0, 1.0, 0.0, 1.2)  # the unit square, and above it room for the trials' useful values alone


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    side: int = knob(5, "values of each hyperparameter on the grid; both searches have side² trials", 2, 8)
    ridge: float = knob(0.05, "width of the ridge along the hyperparameter that matters", 0.01, 1.0)
    configs: int = knob(1000, "configurations tried on labels that are coin tosses", 10, 2000)
    rows: int = knob(100, "validation rows that choose among them", 20, 2000)
    noise: float = knob(0.1, "noise of the targets in the race", 0.0, 3.0)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run is made of; a control hands it something else."""

    judge: Callable[..., Any] = lambda _training, held_out: held_out  # the errors that choose the penalty
    sample: Callable[..., Any] = search.random_points
    other: float = inf  # the ridge's width along the other hyperparameter, which makes no difference
    round: tuple[float, float] = (0.2, 0.2)  # the widths of a hill on which both matter alike
    trials: Callable[..., Any] = search.trials
    test: Callable[..., Any] = lambda _chosen, fresh: fresh  # the accuracies reported
    draw: Callable[..., Any] = search.log_uniform
    cost: Callable[..., Any] = search.cost
    scaled: Callable[..., Any] = lambda rate, k: rate * k  # the learning rate for a batch k times as large
    turned: Mapping[str, Any] = field(default_factory=dict)  # knobs


CONTROLS = (
    Control("judged-on-training", "the rows trained on choose the penalty", ("training-cannot-choose",)),
    Control("both-matter", "the other hyperparameter matters as much", ("random-beats-grid",)),
    Control("one-matters", "the round hill is a ridge after all", ("equal-axes-no-edge",)),
    Control("near-the-first", "trials stay near the first", ("sixty-trials", "hits-follow-formula")),
    Control("no-logarithms", "the trials needed are taken to be c / q", ("trials-formula",)),
    Control("many-rows", "2,000 validation rows choose, not 100", ("tuning-inflates", "inflation-grows")),
    Control("test-reused", "the rows that chose are the test as well", ("fresh-test-honest",)),
    Control("linear-scale", "learning rates are drawn uniformly", ("log-uniform-covers",)),
    Control("noisy-race", "the targets are 30 times as noisy", ("halving-saves",)),
    Control("resumed", "the rounds resume from checkpoints", ("halving-budget",)),
    Control("rate-kept", "the large batch keeps the learning rate", ("linear-scaling", "scaling-ends")),
)
SWAPS = {
    "judged-on-training": Parts(judge=lambda training, _held_out: training),
    "both-matter": Parts(other=0.05),
    "one-matters": Parts(round=(0.05, inf)),
    "near-the-first": Parts(sample=search.clustered_points),
    "no-logarithms": Parts(trials=search.trials_by_adding),
    "many-rows": Parts(turned={"rows": 2000}),
    "test-reused": Parts(test=lambda chosen, _fresh: chosen),
    "linear-scale": Parts(draw=np.random.Generator.uniform),
    "noisy-race": Parts(turned={"noise": 3.0}),
    "resumed": Parts(cost=search.resumed_cost),
    "rate-kept": Parts(scaled=lambda rate, _k: rate),
}


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Choose a penalty, search a plane, tune on noise, let learning rates race, and enlarge the batch."""
    parts = SWAPS[control] if control else Parts()
    acts = choosing, searching, meeting, inflating, racing, scaling
    for act, rng in zip(acts, np.random.default_rng(seed).spawn(len(acts)), strict=True):
        yield from act(rng, replace(knobs, **parts.turned), parts)


def growing(name: str, xs: Array, numbers: Mapping[str, Array], **axes: str | float) -> Iterator[Curve]:
    """Lines over common places, one point longer each time."""
    for i, _ in enumerate(xs, start=1):
        shown = lines({label: ys[:i] for label, ys in numbers.items()}, xs[:i])
        yield Curve(name, shown, **axes)  # type: ignore[arg-type]  # a curve's own fields


def choosing(rng: np.random.Generator, _knobs: Knobs, parts: Parts) -> Iterator[Event]:
    """Let the training loss choose a ridge penalty, then rows held out."""
    penalties = np.geomspace(0.1, 1000, 13)  # (13,)
    training, held_out, fresh = tunable.penalised_errors(rng, penalties)  # (13,) each
    errors = {"training": training, "validation": parts.judge(training, held_out)}
    picks = [error.argmin() for error in errors.values()]
    (least, chosen), (ours, theirs) = penalties[picks], fresh[picks].tolist()
    bars = Bars("on fresh rows, the choice of", tuple(errors), row(fresh[picks]))
    caption = f"The training loss takes λ = {least:g}, the least on offer; held-out rows take {chosen:.2g}."
    curves = growing("squared error", penalties, errors, x="penalty λ", log_x=True)
    yield from scene("who chooses a penalty?", ((caption, (curve, bars)) for curve in curves))
    yield Claim("training-cannot-choose", "fresh error by training / by validation", ours / theirs, ">=", 1.1)


def searching(rng: np.random.Generator, knobs: Knobs, parts: Parts) -> Iterator[Event]:
    """Search a thousand ridges and a thousand round hills by grid and at random."""
    G = search.grid(knobs.side)  # (n, 2)
    peaks, R = rng.random((1000, 1, 2)), parts.sample(rng, 1000, len(G))  # (m, 1, 2), (m, n, 2)
    ridges, hills = Hill(peaks, (knobs.ridge, parts.other)), Hill(peaks, parts.round)
    edge, none = (hill.score(R).max(axis=1) - hill.score(G).max(axis=1) for hill in (ridges, hills))  # (m,)
    typical = edge.argsort()[500]  # the ridge to show: the median one
    moments = trial_by_trial(Hill(peaks[typical], ridges.width), G, R[typical])
    yield from scene("one of two matters: grid or random?", moments)
    yield Claim("random-beats-grid", "mean best on ridges, random − grid", float(edge.mean()), ">=", 0.3)
    yield Claim("equal-axes-no-edge", "mean best on round hills, random − grid", float(none.mean()), "<=", 0)


def trial_by_trial(ridge: Hill, G: Array, R: Array) -> Moments:
    """Both searches (n, 2) on a ridge; above the unit square stand the useful values alone."""
    places = lattice(PLANE)  # (33, 49, 2)
    score = rows(np.where(places[:, :, 1] <= 1, ridge.score(places).round(3), np.nan))
    found = {way: search.best_so_far(ridge.score(P)).round(3) for way, P in (("grid", G), ("random", R))}
    curves = growing("best so far", np.arange(1, 1 + len(G)), found, x="trials", at=1)
    for i, curve in enumerate(curves, start=1):
        (gx, gy), (rx, ry) = G[:i].T, R[:i].T  # (i,) each
        grid = Dots("grid", row([*gx, *gx]), row([*gy, *np.full(i, 1.06)]), "low")
        random = Dots("random", row([*rx, *rx]), row([*ry, *np.full(i, 1.15)]), "high")
        plane = Field("score", score, PLANE, (grid, random), signed=False)
        tried = len(set(gx)), len(set(rx))
        bars = Bars("values of the one that matters", tuple(found), row(tried))
        caption = f"Only the place across matters: {tried[0]} of them tried by grid, {tried[1]} at random."
        yield caption, (plane, bars, curve)


def meeting(rng: np.random.Generator, knobs: Knobs, parts: Parts) -> Iterator[Event]:
    """Count how many of 3,000 random searches have met the best 5 % of all trials."""
    ridge, n = Hill(rng.random(2), (knobs.ridge, parts.other)), np.arange(1, 61)
    scores = ridge.score(parts.sample(rng, 3000, 60))  # (m, 60)
    good = scores >= np.quantile(scores, 0.95)  # (m, 60)
    measured, formula = search.best_so_far(good).mean(axis=0), search.chance(0.05, n)  # (60,), (60,)
    fewest = {(c, q): search.counted_trials(c, q) for c in (0.5, 0.9, 0.95, 0.99) for q in (0.05, 0.01)}
    bars = Bars("fewest trials", tuple(f"{c:.0%} sure, top {q:.0%}" for c, q in fewest), row(fewest.values()))
    met = {"measured": measured, "formula": formula}
    curves = growing("have met the best 5 %", n, met, x="random trials", at=0.95)
    caption = f"{measured[-1]:.1%} of 3,000 random searches met the best 5 % within 60 trials."
    yield from scene("how many trials?", ((caption, (curve, bars)) for curve in curves))
    yield Claim("sixty-trials", "share that met the top 5 % in 60 trials", float(measured[-1]), ">=", 0.935)
    gap = float(abs(measured - formula).max())
    yield Claim("hits-follow-formula", "that share after 1 … 60 trials: gap to 1 − 0.95ⁿ", gap, "<=", 0.045)
    wrong = sum(parts.trials(*goal) != count for goal, count in fewest.items())
    yield Claim("trials-formula", "goals whose ⌈ln(1 − c)/ln(1 − q)⌉ is not the count", wrong, "==", 0)


def inflating(rng: np.random.Generator, knobs: Knobs, parts: Parts) -> Iterator[Event]:
    """Tune on labels that are coin tosses: the best score where it was chosen, and on fresh rows."""
    tries = np.unique(np.geomspace(1, knobs.configs, 24).astype(int))  # (t,)
    scores, fresh = tunable.coin_toss_scores(rng, knobs.rows, tries)  # (k,), (t,)
    chosen = search.best_so_far(scores)[tries - 1]  # (t,)
    test = parts.test(chosen, fresh)  # (t,)
    counts, edges = np.histogram(scores, np.linspace(0.3, 0.7, 9))  # (8,), (9,)
    bars = Bars(
        "configurations by accuracy", tuple(f"{a:.2f} to {b:.2f}" for a, b in pairwise(edges)), row(counts)
    )
    best = {"where chosen": chosen, "on fresh rows": test}
    curves = growing("accuracy of the best", tries, best, x="configurations", log_x=True, at=0.5)
    caption = f"Best of {knobs.configs:,}: {chosen[-1]:.2f} where chosen, {test[-1]:.2f} on fresh rows."
    yield from scene("tuning on coin tosses", ((caption, (curve, bars)) for curve in curves))
    yield Claim("tuning-inflates", "accuracy of the best, where it was chosen", float(chosen[-1]), ">=", 0.6)
    rise = np.diff([search.best_of(scores, k) for k in (1, 10, 100) if k <= knobs.configs]).min()
    yield Claim("inflation-grows", "what ten times as many tries add, at least", float(rise), ">=", 0.02)
    gap = float(abs(test - 0.5).max())
    yield Claim("fresh-test-honest", "every best one on fresh rows: distance from ½", gap, "<=", 0.035)


def racing(rng: np.random.Generator, knobs: Knobs, parts: Parts) -> Iterator[Event]:
    """Draw learning rates, and let them race by successive halving."""
    counts, _ = np.histogram(parts.draw(rng, *RATES, 20_000), np.geomspace(*RATES, 6))  # (5,)
    yield Claim("log-uniform-covers", "fewest of 20,000 draws in any decade", int(counts.min()), ">=", 3600)
    starts = [np.sort(parts.draw(rng, *RATES, 32)) for _ in range(25)]  # (n,) each
    courses = [tunable.race(rng, rates, knobs.noise) for rates in starts]  # (n + 1, n) each
    races = [search.halved(losses) for losses in courses]
    course = search.course(courses[0], races[0])  # (n, steps), NaN where a candidate was not trained
    yield from scene("successive halving", step_by_step(course))
    leads = [search.lead(rng, losses, rungs) for losses, rungs in zip(courses, races, strict=True)]
    says = "loss of the best of as many full runs as the same steps buy, over that of halving's pick"
    yield Claim("halving-saves", says, float(np.exp(np.mean(leads))), ">=", 2)
    drawn, paid = int(np.isfinite(course).sum()), search.resumed_cost(races[0])
    yield Claim("steps-drawn", "steps on the map, and those of rounds that resume", drawn, "==", paid)
    sizes = (32, 1, 2), (81, 1, 3), (64, 4, 4)  # n, r, η
    runs = {size: search.successive_halving(*size, lambda alive, _: alive) for size in sizes}
    wrong = sum(parts.cost(rungs) != search.budget(*size) for size, rungs in runs.items())
    yield Claim("halving-budget", "races whose steps, counted, are not n·r·(log_η n + 1)", wrong, "==", 0)


def step_by_step(course: Array) -> Moments:
    """The losses (n, n) as a map that loses half of its rows; the worst and the best still in the race."""
    n, steps = len(course), np.arange(1, len(course) + 1)
    ends = {"worst": np.nanmax(course, axis=0), "best": np.nanmin(course, axis=0)}  # (steps,) each
    for i, curve in enumerate(growing("loss", steps, ends, x="steps", log_y=True), start=1):
        trained = np.isfinite(course) & (steps <= i)  # (n, steps)
        heat = np.where(trained, np.log10(course), np.nan)[::-1]  # the largest rate on top
        left, spent = trained[:, i - 1].sum(), trained.sum()
        caption = f"{left} of {n} rates in the race after {spent} steps; all in full would take {n * n:,}."
        yield caption, (Image("loss, rate by step", rows(heat)), curve)


def scaling(rng: np.random.Generator, _knobs: Knobs, parts: Parts) -> Iterator[Event]:
    """Take one step on a batch k times as large in place of k steps, at k times the rate or at the same."""
    rate, sizes = 0.02, (8, 512)
    eight, most = (float(tunable.misses(rng, k, rate, np.array([parts.scaled(rate, k)]))[0]) for k in sizes)
    yield Claim("linear-scaling", "one step at 8 times the rate for 8: miss / their way", eight, "<=", 0.15)
    yield Claim("scaling-ends", "the same for 512: farther off than the start", most, ">", 1)
