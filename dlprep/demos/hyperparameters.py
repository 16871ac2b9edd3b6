"""Training cannot choose hyperparameters, random beats grid, and the best of many scores flatters.

A penalty is chosen by the training loss, then by rows held out. A grid and a random search look for the
ridge of a score that hangs on one of two hyperparameters; of a thousand ridges the median one is shown. A
thousand models are tuned on labels that are coin tosses. Learning rates race, and the worse half drops out
again and again. Last, one step on a large batch takes the place of many steps on small ones.

Throughout:
    P  (n, 2)  trials in the unit square, the useful hyperparameter first     λ  (l,)  penalties
    W  (k, d)  weights of k linear models     rates (n,)  learning rates      m  searches, each on a ridge

Try: `--side 3`; `--ridge 0.3`; `--rows 1000`; `--control test-reused`; and `--noise 3`, for the race as it
stands suits halving: there is little noise, so early ranks predict the last ones.

Source: Bergstra and Bengio 2012, JMLR 13 (random search); Cawley and Talbot 2010, JMLR 11 (selection bias);
Jamieson and Talwalkar 2016, AISTATS (halving); Goyal et al. 2017, arXiv 1706.02677 (linear scaling).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, count, pairwise, product, starmap
from operator import ne
from typing import Any, TypeAlias

import numpy as np

from dlprep import demo
from dlprep.demo import Bars, Claim, Control, Curve, Dots, Field, Frame, Image, Line, View, knob, row, rows
from dlprep.nn import search, tunable
from dlprep.nn.lattice import lattice
from dlprep.nn.search import Array, Rung
from dlprep.nn.tunable import Hill, Labelled, linear_rows

Function: TypeAlias = Callable[..., Any]
Moment: TypeAlias = tuple[str, tuple[View, ...]]  # a caption and what there is to see
RATES = (1e-4, 10.0)  # the least and the greatest learning rate of the race
PLANE = (0.0, 1.0, 0.0, 1.2)  # the unit square, and above it room for the trials' useful values alone
COUNT = row(range(1, 65))  # 1, 2, 3 … where an axis counts trials
TONES: dict[str, demo.Tone] = {"grid": "low", "random": "high"}


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    side: int = knob(5, "values of each hyperparameter on the grid; both searches have side² trials", 2, 8)
    ridge: float = knob(0.05, "width of the ridge along the hyperparameter that matters", 0.01, 1.0)
    configs: int = knob(1000, "configurations tried on labels that are coin tosses", 10, 2000)
    rows: int = knob(100, "validation rows that choose among them", 20, 2000)
    candidates: int = knob(32, "learning rates that start the race", 4, 64)
    noise: float = knob(0.1, "noise of the targets in the race", 0.0, 3.0)


@dataclass(frozen=True, slots=True)
class Parts:
    """The functions and shapes a run is made of; a control hands it another one."""

    judge: Function = lambda _seen, held: held  # the rows that choose the penalty
    sample: Function = search.random_points
    other: float = math.inf  # the ridge's width along the other hyperparameter, which makes no difference
    round: tuple[float, float] = (0.2, 0.2)  # the widths of a hill on which both matter alike
    trials: Function = search.trials
    labels: Function = lambda _X, coins: coins
    test: Function = lambda _held, fresh: fresh  # the rows that test the configuration chosen
    draw: Function = search.log_uniform
    cost: Function = search.cost
    scaled: Function = np.multiply  # the learning rate for a batch so many times as large


def near_the_first(rng: np.random.Generator, m: int, n: int) -> Array:
    """Control: the trials (m, n, 2) of somebody who only ever turns the first one's knobs a little."""
    return rng.normal(rng.random((m, 1, 2)), 0.02, (m, n, 2))


def grid_values(rng: np.random.Generator, m: int, n: int) -> Array:
    """Control: trials (m, n, 2) drawn from the grid of as many."""
    return rng.choice(search.grid(math.isqrt(n)), (m, n))


CLUSTERED = ("random-beats-grid", "sixty-trials", "hits-follow-formula")
CONTROLS = (
    Control("judged-on-training", "the rows trained on choose the penalty", ("training-cannot-choose",)),
    Control("grid-values", "random search draws from the grid's own trials", ("random-beats-grid",)),
    Control("both-matter", "the other hyperparameter matters as much", ("random-beats-grid",)),
    Control("one-matters", "the round hill is a ridge after all", ("equal-axes-no-edge",)),
    Control("near-the-first", "every trial stays near the first", CLUSTERED),
    Control("no-logarithms", "the trials needed are taken to be c / q", ("trials-formula",)),
    Control("many-rows", "2,000 validation rows choose, not 100", ("tuning-inflates", "inflation-grows")),
    Control("test-reused", "the rows that chose are the test as well", ("fresh-test-honest",)),
    Control("real-signal", "the labels are the sign of the first input", ("fresh-test-honest",)),
    Control("linear-scale", "learning rates are drawn uniformly", ("log-uniform-covers",)),
    Control("noisy-race", "the targets are 30 times as noisy", ("halving-saves",)),
    Control("resumed", "the rounds resume from checkpoints", ("halving-budget",)),
    Control("rate-kept", "the large batch keeps the learning rate", ("linear-scaling", "scaling-ends")),
)
SWAPS: dict[str, dict[str, Any]] = {  # what each control puts in the place of a true part
    "judged-on-training": {"judge": lambda seen, _held: seen},
    "grid-values": {"sample": grid_values},
    "both-matter": {"other": 0.05},
    "one-matters": {"round": (0.05, math.inf)},
    "near-the-first": {"sample": near_the_first},
    "no-logarithms": {"trials": np.divide},
    "test-reused": {"test": lambda held, _fresh: held},
    "real-signal": {"labels": lambda X, _coins: np.sign(X[:, 0])},
    "linear-scale": {"draw": np.random.Generator.uniform},
    "resumed": {"cost": search.resumed_cost},
    "rate-kept": {"scaled": min},
}
TURNS: dict[str, dict[str, Any]] = {"many-rows": {"rows": 2000}, "noisy-race": {"noise": 3.0}}


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[demo.Event]:
    """Choose a penalty, search a plane, tune on noise, let learning rates race, and enlarge the batch."""
    parts, knobs = Parts(**SWAPS.get(str(control), {})), replace(knobs, **TURNS.get(str(control), {}))
    acts = choosing, searching, meeting, inflating, drawing, racing, scaling
    for act, rng in zip(acts, np.random.default_rng(seed).spawn(len(acts)), strict=True):
        yield from act(rng, knobs, parts)


def film(title: str, moments: Iterable[Moment], *, key: bool = True) -> Iterator[Frame]:
    """A frame for each caption and its views; the last is key."""
    *_, last = moments = list(moments)
    for i, moment in enumerate(moments, start=1):
        caption, views = moment
        yield Frame(title, i, len(moments), caption, views, key and moment is last)


def lines(shown: dict[str, Array], xs: demo.Row, n: int) -> tuple[Line, ...]:
    """The first n numbers of each line."""
    return tuple(Line(name, row(ys[:n]), xs[:n]) for name, ys in shown.items())


def choosing(rng: np.random.Generator, _knobs: Knobs, parts: Parts) -> Iterator[demo.Event]:
    """Let the training loss choose a ridge penalty, then rows held out."""
    w, penalties = rng.normal(0, 0.4, 30), np.geomspace(0.1, 1000, 13)
    seen, held, fresh = (linear_rows(rng, w, np.ones(30), 2, n) for n in (40, 100, 2000))
    W = tunable.ridge(seen, penalties)  # (l, 30)
    judges = {"training": seen, "validation": parts.judge(seen, held)}
    errors = {name: tunable.squared_errors(W, judge) for name, judge in judges.items()}  # (l,) each
    test = tunable.squared_errors(W, fresh)  # (l,)
    moments: list[Moment] = []
    for i, _ in enumerate(penalties, start=1):
        picks = [error[:i].argmin() for error in errors.values()]
        curve = Curve("squared error", lines(errors, row(penalties), i), "penalty λ", log_x=True)
        bars = Bars("on fresh rows, the choice of", tuple(errors), row(test[picks]))
        least, chosen = penalties[picks]
        caption = (
            f"The training loss takes λ = {least:g}, the least on offer; held-out rows take {chosen:.2g}."
        )
        moments.append((caption, (curve, bars)))
    yield from film("who chooses a penalty?", moments)
    says = "fresh error of the training loss's choice, over that of validation's"
    yield Claim("training-cannot-choose", says, float(np.divide(*test[picks])), ">=", 1.1)


def searching(rng: np.random.Generator, knobs: Knobs, parts: Parts) -> Iterator[demo.Event]:
    """Search a ridge by grid and at random, trial by trial; then a thousand ridges and a thousand hills."""
    G = search.grid(knobs.side)  # (n, 2)
    peaks, R = rng.random((1000, 1, 2)), parts.sample(rng, 1000, len(G))  # (m, 1, 2), (m, n, 2)
    widths = (knobs.ridge, parts.other), parts.round
    scores = np.array([[Hill(peaks, width).score(P) for P in (G, R)] for width in widths])  # (2, 2, m, n)
    best = scores.max(axis=3)  # (2, 2, m) on ridge and hill, by grid and at random
    leads = np.diff(best, axis=1).squeeze()  # (2, m) of random search over the grid
    typical = leads[0].argsort()[500]  # the ridge to show: the median one
    P = {"grid": G, "random": R[typical]}
    found = dict(zip(P, search.best_so_far(scores[0, :, typical].round(3)), strict=True))  # (n,) each
    ridge, hill = (plane(Hill(peaks[typical], width)) for width in widths)
    moments: list[Moment] = []
    for i, _ in enumerate(G, start=1):
        values = [len(np.unique(p[:i, 0])) for p in P.values()]
        bars = Bars("values of the one that matters", tuple(P), row(values))
        curve = Curve("best so far", lines(found, COUNT, i), "trials", at=1)
        caption = f"Only the place across matters: {values[0]} of them tried by grid, {values[1]} at random."
        moments.append((caption, (trials(ridge, P, i), bars, curve)))
    yield from film("one of two matters: grid or random?", moments)
    names = "ridge, grid", "ridge, random", "hill, grid", "hill, random"
    bars = Bars("mean best of 1,000", names, row(best.mean(axis=2).ravel()))
    caption = "Random search wins on ridges. On round hills no trial of the grid repeats another."
    yield from film(
        "both matter alike: grid or random?", [(caption, (trials(hill, P, len(G)), bars))], key=False
    )
    edge, none = leads.mean(axis=1).tolist()
    says = f"mean best of {len(G)} trials, random − grid, where"
    yield Claim("random-beats-grid", f"{says} one of two matters", edge, ">=", 0.3)
    yield Claim("equal-axes-no-edge", f"{says} both matter alike", none, "<=", 0)


def plane(hill: Hill) -> demo.Rows:
    """The score over the unit square, and nothing above it."""
    places = lattice(PLANE)  # (33, 49, 2)
    return void(hill.score(places).round(3), np.greater(places[:, :, 1], 1))


def void(numbers: Array, where: Array) -> demo.Rows:
    """Numbers (h, w) as rows, void in some cells by `math.nan` itself, so that equal rows compare equal."""
    cells = numbers.astype(object)
    cells[where] = math.nan
    return rows(cells)


def trials(score: demo.Rows, P: dict[str, Array], i: int) -> Field:
    """The first i trials of both searches over the plane, and above it their useful values alone."""
    dots = []
    for (name, p), height in zip(P.items(), (1.06, 1.15), strict=True):
        x, y = p[:i].T  # (i,) each
        dots.append(Dots(name, row([*x, *x]), row([*y, *np.full(i, height)]), TONES[name]))
    return Field("score", score, PLANE, tuple(dots), signed=False)


def meeting(rng: np.random.Generator, knobs: Knobs, parts: Parts) -> Iterator[demo.Event]:
    """Count how many of 3,000 random searches have met the best 5 % of all trials."""
    ridge = Hill(rng.random(2), (knobs.ridge, parts.other))
    scores = ridge.score(parts.sample(rng, 3000, 60))  # (m, 60)
    good = np.greater_equal(scores, np.quantile(scores, 0.95))  # (m, 60)
    met = {"measured": search.best_so_far(good).mean(axis=0)}  # (60,)
    met["formula"] = search.chance(0.05, np.array(COUNT[:60]))  # (60,)
    measured, formula = met.values()
    goals = list(product((0.5, 0.9, 0.95, 0.99), (0.05, 0.01)))  # (c, q)
    fewest = [next(n for n in count(1) if search.chance(q, n) >= c) for c, q in goals]
    bars = Bars("fewest trials", tuple(f"{c:.0%} sure, best {q:.0%}" for c, q in goals), row(fewest))
    moments: list[Moment] = []
    for i in range(6, 61, 6):
        curve = Curve("have met the best 5 %", lines(met, COUNT, i), "random trials", at=0.95)
        *_, (share, theory) = zip(measured[:i], formula, strict=False)
        caption = f"{share:.1%} of 3,000 searches met the best 5 % in {i} trials; 1 − 0.95ⁿ is {theory:.1%}."
        moments.append((caption, (curve, bars)))
    yield from film("how many trials?", moments)
    says = "share of 3,000 searches that met the best 5 % within 60 random trials"
    yield Claim("sixty-trials", says, float(share), ">=", 0.935)
    gap = float(np.ptp([measured, formula], axis=0).max())
    yield Claim("hits-follow-formula", "that share after 1 … 60 trials: gap to 1 − 0.95ⁿ", gap, "<=", 0.045)
    wrong = int(sum(map(ne, starmap(parts.trials, goals), fewest)))
    yield Claim("trials-formula", "goals whose ⌈ln(1 − c)/ln(1 − q)⌉ is not the count", wrong, "==", 0)


def inflating(rng: np.random.Generator, knobs: Knobs, parts: Parts) -> Iterator[demo.Event]:
    """Tune on labels that are coin tosses: the best score where it was chosen, and on fresh rows."""
    X = [rng.normal(size=(n, 100)) for n in (100, knobs.rows, 4000)]
    seen, held, fresh = (Labelled(x, parts.labels(x, np.sign(rng.normal(size=len(x))))) for x in X)
    penalties = search.log_uniform(rng, 0.1, 1000, knobs.configs)  # (k,)
    W = tunable.subset_classifiers(rng, seen, penalties, 5)  # (k, 100)
    scores = tunable.accuracy(W, held)  # (k,)
    tries = np.unique(np.geomspace(1, knobs.configs, 24).astype(int))  # (t,)
    best = [scores[:k].argmax() for k in tries]
    shares = {
        "where chosen": scores[best],
        "on fresh rows": tunable.accuracy(W[best], parts.test(held, fresh)),
    }
    bins = np.linspace(0.3, 0.7, 9)
    names = tuple(f"{low:.2f} to {high:.2f}" for low, high in pairwise(bins))
    moments: list[Moment] = []
    for i, (k, chosen, test) in enumerate(zip(tries, *shares.values(), strict=True), start=1):
        curve = Curve(
            "accuracy of the best", lines(shares, row(tries), i), "configurations", log_x=True, at=0.5
        )
        bars = Bars("validation scores", names, row(np.histogram(scores[:k], bins)[0]))
        scored = f"{chosen:.2f} on the {knobs.rows:,} rows that chose it, {test:.2f} on fresh ones"
        moments.append((f"The best of {k:,} scores {scored}.", (curve, bars)))
    yield from film("tuning on coin tosses", moments)
    says = f"validation accuracy of the best of {knobs.configs:,} on coin tosses"
    yield Claim("tuning-inflates", says, float(chosen), ">=", 0.6)
    rise = float(np.diff([search.best_of(scores, k) for k in (1, 10, 100) if k <= knobs.configs]).min())
    yield Claim("inflation-grows", "what ten times as many tries add to it, at least", rise, ">=", 0.02)
    gap = float(np.ptp([test, 0.5]))
    yield Claim("fresh-test-honest", "its accuracy on fresh rows: distance from ½", gap, "<=", 0.035)


def drawing(rng: np.random.Generator, _knobs: Knobs, parts: Parts) -> Iterator[demo.Event]:
    """Show into which decades learning rates fall, drawn on a linear scale and on a logarithmic one."""
    edges = np.geomspace(*RATES, 6)
    names = tuple(f"{low:g} to {high:g}" for low, high in pairwise(edges))
    ways: dict[str, Function] = {"drawn uniformly": np.random.Generator.uniform, "log-uniformly": parts.draw}
    counts = [np.histogram(way(rng, *RATES, 20_000), edges)[0] for way in ways.values()]  # (5,) each
    bars = tuple(Bars(name, names, row(found)) for name, found in zip(ways, counts, strict=True))
    low, fair = (found[0] for found in counts)
    caption = f"Of 20,000 learning rates drawn on each scale, {low:,} and {fair:,} are below 0.001."
    yield from film("on which scale to draw a learning rate?", [(caption, bars)], key=False)
    says = "draws in the emptiest of five decades, of 20,000"
    yield Claim("log-uniform-covers", says, int(counts[1].min()), ">=", 3600)


def racing(rng: np.random.Generator, knobs: Knobs, parts: Parts) -> Iterator[demo.Event]:
    """Let learning rates race by successive halving, and spend as many steps on training a few in full."""
    races = [np.sort(parts.draw(rng, *RATES, knobs.candidates)) for _ in range(25)]  # (n,) each
    courses = [tunable.race(rng, rates, knobs.noise) for rates in races]  # (n + 1, n) each
    searches = [search.successive_halving(knobs.candidates, 1, 2, known(losses)) for losses in courses]
    drawn = yield from rounds(courses[0], searches[0])
    leads: list[float] = []
    for losses, rungs in zip(courses, searches, strict=True):
        *_, last = rungs
        scores = np.negative(np.log(losses[last.steps]))  # (n,) of candidates trained in full
        rivals = search.best_of(rng.permutation(scores), search.cost(rungs) // last.steps)
        leads.append(np.subtract(scores[last.alive[0]], rivals))
    says = "loss of the best of as many full runs as the same steps buy, over that of halving's pick"
    yield Claim("halving-saves", says, float(np.exp(np.mean(leads))), ">=", 2)
    paid = search.resumed_cost(searches[0])
    yield Claim(
        "steps-drawn", "steps on the map, counted, and those of rounds that resume", drawn, "==", paid
    )
    sizes = (32, 1, 2), (81, 1, 3), (64, 4, 4)  # n, r, η
    blind = (search.successive_halving(*size, lambda alive, _: rng.random(len(alive))) for size in sizes)
    wrong = sum(map(ne, map(parts.cost, blind), starmap(search.budget, sizes)))
    yield Claim("halving-budget", "races whose steps, counted, are not n·r·(log_η n + 1)", wrong, "==", 0)


def known(losses: Array) -> Function:
    """Of all losses (steps + 1, n), those (m,) of some candidates after so many steps."""
    return lambda alive, steps: losses[steps, alive]


def rounds(losses: Array, rungs: list[Rung]) -> Generator[Frame, None, int]:
    """The race, step by step: the losses as a map that loses half of its rows, and the learning curves."""
    lived = np.zeros(losses.shape[1], int)  # (n,) steps that each is trained for
    for rung in rungs:
        lived[rung.alive] = rung.steps
    (_, *course), steps = losses, COUNT[: max(lived)]
    heat = np.log10(course[: len(steps)]).T  # (n, steps)
    moments: list[Moment] = []
    for step in map(int, steps):
        ran, left = np.minimum(lived, step), np.greater_equal(lived, step)  # (n,) each
        shown = void(np.flipud(heat), np.flipud(np.greater(steps, ran[:, None])))  # the largest rate on top
        groups = {"racing": left, "dropped": ~left}
        curves = tuple(trace(name, losses, ran, who) for name, who in groups.items())
        views = Image("loss, rate by step", shown), Curve("loss", curves, "steps", log_y=True)
        spent = f"{ran.sum()} steps so far, of {heat.size:,} to train all in full"
        moments.append((f"{left.sum()} of {len(left)} learning rates in the race; {spent}.", views))
    yield from film("successive halving", moments)
    return sum(number == number for line in shown for number in line)  # noqa: PLR0124  NaN, a void, does not


def trace(name: str, losses: Array, ran: Array, who: Array) -> Line:
    """Learning curves as one line: out along each and back to its start; out along the best comes last."""
    some = np.flatnonzero(who)
    worst_first = some[np.flip(losses[ran[some], some].argsort())]
    out = [list(enumerate(losses[: np.add(ran[i], 1), i])) for i in worst_first]
    back = chain.from_iterable((*along, *reversed(along)) for along in out)
    *_, ahead = [], *out
    path = [*back, *ahead]
    return Line(name, row(loss for _, loss in path), row(step for step, _ in path))


def scaling(rng: np.random.Generator, _knobs: Knobs, parts: Parts) -> Iterator[demo.Event]:
    """Take one step on a batch k times as large in place of k steps, at k times the rate or at the same."""
    sizes, rate = (2, 4, 8, 16, 32, 64, 128, 256, 512), 0.02
    rules: dict[str, Function] = {"rate × k": parts.scaled, "rate kept": min}
    large = [np.array([rule(rate, k) for rule in rules.values()]) for k in sizes]  # (2,) each
    found = [tunable.misses(rng, k, rate, rates) for k, rates in zip(sizes, large, strict=True)]  # (2,) each
    gaps = dict(zip(rules, np.transpose(found), strict=True))  # (9,) each
    moments: list[Moment] = []
    for i, (k, (scaled, kept)) in enumerate(zip(sizes, found, strict=True), start=1):
        curve = Curve("miss", lines(gaps, row(sizes), i), "k", log_x=True, log_y=True, at=1)
        caption = (
            f"One step on {k} batches at once misses the end of {k} steps by {scaled:.2f} of their way "
            f"at {k} times the rate, and by {kept:.2f} of it at the same rate."
        )
        moments.append((caption, (curve,)))
    yield from film("one large batch for k small ones", moments, key=False)
    _, _, eight, *_, most = gaps["rate × k"].tolist()
    says = "one step at 8 times the rate for 8 steps: miss, in units of their way"
    yield Claim("linear-scaling", says, eight, "<=", 0.15)
    yield Claim("scaling-ends", "the same for 512: farther off than the start", most, ">", 1)
