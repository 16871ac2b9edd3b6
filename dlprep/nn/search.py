"""Searching for hyperparameters: where to look, how often, and when to drop a candidate.

Throughout:
    P  (n, 2)  trials, each a point of the unit square: one coordinate for each of two hyperparameters
    q          the share of all trials that counts as good     c  the chance wanted of meeting it
    n, r, η    candidates, steps of training in the first round, and the factor by which one round
               has fewer candidates and longer training than the one before

Source: Bergstra and Bengio 2012, JMLR 13 (random search); Jamieson and Talwalkar 2016, AISTATS (halving).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from math import ceil, log
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


def grid(side: int) -> Array:
    """side² trials (side², 2) at the centres of equal squares; the first coordinate changes slowest."""
    centres = (np.arange(side) + 0.5) / side  # (side,)
    return np.stack(np.meshgrid(centres, centres, indexing="ij"), axis=-1).reshape(-1, 2)


def random_points(rng: np.random.Generator, searches: int, n: int) -> Array:
    """For each of many searches n trials, (searches, n, 2), uniform and independent."""
    return rng.random((searches, n, 2))


def clustered_points(rng: np.random.Generator, searches: int, n: int) -> Array:
    """The trials (searches, n, 2) of somebody who only ever turns the first one's knobs a little."""
    return rng.normal(rng.random((searches, 1, 2)), 0.02, (searches, n, 2))


def log_uniform(rng: np.random.Generator, low: float, high: float, n: int) -> Array:
    """Numbers (n,) between two positive bounds, every decade as likely as any other."""
    return np.exp(rng.uniform(np.log(low), np.log(high), n))


def best_so_far(scores: Array) -> Array:
    """The greatest score up to each trial: same shape as scores (…, n), which are in the order of trials."""
    return np.asarray(np.maximum.accumulate(scores, axis=-1))


def chance(q: float, n: Array | int) -> Array:
    """The chance that at least one of n independent trials is among the best share q of all."""
    return np.asarray(1 - (1 - q) ** n)


def trials(c: float, q: float) -> int:
    """The fewest independent trials that meet the best share q with chance c or more."""
    return ceil(log(1 - c) / log(1 - q))


def trials_by_adding(c: float, q: float) -> int:
    """What `trials` would be if the chances of all trials could be added: n·q = c. They overlap."""
    return round(c / q)


def counted_trials(c: float, q: float) -> int:
    """What `trials` gives, by trying one number after another."""
    return next(n for n in count(1) if chance(q, n) >= c)


class Rung(NamedTuple):
    """One round of successive halving."""

    alive: Array  # (m,) the candidates' numbers
    steps: int  # that each of them has been trained for by the end of the round
    losses: Array  # (m,)


def successive_halving(n: int, r: int, eta: int, loss: Callable[[Array, int], Array]) -> list[Rung]:
    """Train n candidates for r steps, keep the best 1/η of them for η times as long, until one is left.

    `loss(alive, steps)` gives the losses (m,) of the candidates `alive` (m,) after so many steps in all.
    """
    rungs = [Rung(np.arange(n), r, loss(np.arange(n), r))]
    while len(rungs[-1].alive) >= eta:
        alive, steps, losses = rungs[-1]
        best = alive[np.argsort(losses)[: len(alive) // eta]]  # NaN, a loss that blew up, sorts last
        rungs.append(Rung(best, steps * eta, loss(best, steps * eta)))
    return rungs


def halved(losses: Array) -> list[Rung]:
    """The same with η = 2 from one step on, where all losses (steps + 1, n) are known beforehand."""
    return successive_halving(losses.shape[1], 1, 2, lambda alive, steps: losses[steps, alive])


def course(losses: Array, rungs: list[Rung]) -> Array:
    """The losses (n, steps) of each candidate after each step, NaN from where it was dropped.

    The losses handed in, (steps + 1, n) or more of them, are those of all candidates, trained in full.
    """
    trained = np.zeros(losses.shape[1], int)  # (n,) steps
    for rung in rungs:
        trained[rung.alive] = rung.steps
    steps = np.arange(1, rungs[-1].steps + 1)
    return np.where(steps <= trained[:, None], losses[steps].T, np.nan)


def cost(rungs: list[Rung]) -> int:
    """The steps of training that a search took, every round starting from scratch."""
    return sum(len(rung.alive) * rung.steps for rung in rungs)


def resumed_cost(rungs: list[Rung]) -> int:
    """The same where every round resumes from the checkpoints of the one before."""
    done = [0, *(rung.steps for rung in rungs)]
    return sum(len(rung.alive) * (rung.steps - before) for rung, before in zip(rungs, done, strict=False))


def budget(n: int, r: int, eta: int) -> float:
    """What `cost` comes to where n is a power of η: each of log_η n + 1 rounds takes n·r steps."""
    return n * r * (round(log(n, eta)) + 1)


def best_of(scores: Array, k: int) -> float:
    """The mean best of k trials: scores (n,) are cut into n // k groups, and the best of each counts."""
    return float(np.mean([group.max() for group in np.array_split(scores, len(scores) // k)]))


def lead(rng: np.random.Generator, losses: Array, rungs: list[Rung]) -> float:
    """By how much halving's pick beats the best of as many full runs as its steps buy, in ln loss.

    The losses (steps + 1, n) are those of all candidates, trained in full.
    """
    winner, steps = rungs[-1].alive[0], rungs[-1].steps
    scores = -np.log(losses[steps])  # (n,)
    return float(scores[winner] - best_of(rng.permutation(scores), cost(rungs) // steps))
