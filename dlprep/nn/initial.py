"""Starting weights: how widely to spread them so that a signal keeps its size, and ways to draw them.

Throughout:
    a, b  fan-in and fan-out: the units a layer reads, and the units it makes
    σ     the standard deviation of a layer's weights        W  (a, b)  the weights, b (b,) zero biases

With E[W] = 0 a unit's pre-activation has E[z²] = a·σ²·E[h²]. Nothing grows or fades if a·σ² = 1 for linear
units, and if a·σ² = 2 for ReLU, which drops half of E[z²]. Going back, b stands in a's place.

Source: LeCun, Bottou, Orr and Müller 1998 (Efficient BackProp); Glorot and Bengio 2010 (Xavier); He, Zhang,
Ren and Sun 2015; Saxe, McClelland and Ganguli 2014 (orthogonal).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from dlprep.nn.activations import Array
from dlprep.nn.mlp import Layer, Layers

Spread: TypeAlias = Callable[[int, int], float]  # fan-in and fan-out to σ
Draw: TypeAlias = Callable[[np.random.Generator, int, int], Array]


def lecun(a: int, _b: int) -> float:
    """σ = √(1/a): linear units, or tanh near 0, keep E[h²] going forward."""
    return math.sqrt(1 / a)


def xavier(a: int, b: int) -> float:
    """σ = √(2/(a + b)): a compromise for linear units between E[h²] forward and the gradient backward."""
    return math.sqrt(2 / (a + b))


def he(a: int, _b: int) -> float:
    """σ = √(2/a): ReLU units keep E[h²] going forward."""
    return math.sqrt(2 / a)


def fixed(sigma: float) -> Spread:
    """The same σ in every layer, however wide."""
    return lambda _a, _b: sigma


def branch(count: int) -> float:
    """The factor 1/√count on each of so many residual branches: together they then add but one E[h²]."""
    return 1 / math.sqrt(count)


def limit(sigma: float) -> float:
    """The r for which numbers uniform in −r … r have standard deviation σ: σ·√3."""
    return math.sqrt(3) * sigma


def normal(rng: np.random.Generator, a: int, b: int) -> Array:
    """Weights (a, b), normal of variance 1."""
    return rng.normal(size=(a, b))


def uniform(rng: np.random.Generator, a: int, b: int) -> Array:
    """Weights (a, b), uniform of variance 1."""
    return rng.uniform(-limit(1), limit(1), (a, b))


def orthogonal(rng: np.random.Generator, a: int, b: int) -> Array:
    """Weights (a, b) with orthonormal rows or columns, whichever are fewer, all such alike in probability.

    They are the rotation in a normal matrix: U·Vᵀ of its singular value decomposition U·S·Vᵀ.
    """
    U, _, Vt = np.linalg.svd(normal(rng, a, b), full_matrices=False)  # (a, min), (min,), (min, b)
    return np.asarray(U @ Vt)


def start(rng: np.random.Generator, sizes: Sequence[int], spread: Spread, draw: Draw = normal) -> Layers:
    """Layers of those widths: weights drawn, then multiplied by their σ; biases zero."""
    return [Layer(draw(rng, a, b) * spread(a, b), np.zeros(b)) for a, b in pairwise(sizes)]


def respread(layers: Layers, spread: Spread) -> Layers:
    """The same draw of variance 1 with another σ in each layer."""
    return [Layer(W * spread(*W.shape), b) for W, b in layers]
