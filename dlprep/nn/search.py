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
from math import ceil, log
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


def grid(side: int) -> Array:
    """side² trials (side², 2) at the centres of equal squares; the first coordinate changes slowest."""
    centres = np.linspace(0, 1, 2 * side + 1)[1::2]  # (side,), every other mark of a ruler
    return np.stack(np.meshgrid(centres, centres, indexing="ij"), axis=-1).reshape(-1, 2)


def random_points(rng: np.random.Generator, searches: int, n: int) -> Array:
    """For each of many searches n trials, (searches, n, 2), uniform and independent."""
    return rng.random((searches, n, 2))


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
