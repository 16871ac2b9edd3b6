"""A dense network: parameters, forward pass, backward pass, and a count of what they cost.

Throughout:
    n      samples             sizes  (d, h₁, …, k)   widths from the inputs to the logits
    X      (n, d)   inputs     W (a, b), b (b,)       a layer's weights and biases, from a to b units
    hs[l]  (n, a)   what layer l reads: hs[0] is X, hs[-1] the logits (n, k)
    dz     (n, b)   ∂loss/∂z for z = h·W + b, a layer's pre-activations

Source: Rumelhart, Hinton and Williams 1986, Nature 323.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import numpy as np

from dlprep.nn.activations import Activation, Array

MatMul: TypeAlias = Callable[[Array, Array], Array]
Function: TypeAlias = Callable[[Array], Array]


class Layer(NamedTuple):
    """Weights W (a, b) and biases b (b,) of a dense layer, or the loss's gradient by them."""

    W: Array
    b: Array


Layers: TypeAlias = list[Layer]


def init(rng: np.random.Generator, sizes: Sequence[int]) -> Layers:
    """Layers of those widths in float64: weights and biases normal, of variance 1 / fan-in (LeCun)."""
    layers = []
    for a, b in pairwise(sizes):
        spread = a**-0.5
        layers.append(Layer(rng.normal(0, spread, (a, b)), rng.normal(0, spread, b)))
    return layers


def forward(layers: Layers, X: Array, f: Function, matmul: MatMul = np.matmul) -> list[Array]:
    """What every layer reads, and last the logits, which no activation touches: len(layers) + 1 arrays."""
    hs = [X]
    for W, b in layers[:-1]:
        hs.append(f(matmul(hs[-1], W) + b))  # (n, a) → (n, b)
    W, b = layers[-1]
    return [*hs, matmul(hs[-1], W) + b]  # logits (n, k)


def backward(
    layers: Layers, hs: list[Array], dlogits: Array, slope: Function, matmul: MatMul = np.matmul
) -> Layers:
    """The loss's gradient by every parameter, from the logits back to the inputs.

    Args:
        layers: the parameters the forward pass used.
        hs: what `forward` returned.
        dlogits: (n, k), the loss's gradient by the logits.
        slope: the activation's derivative as a function of its output.
        matmul: how to multiply two matrices.

    Returns:
        Gradients of the shapes of `layers`.
    """
    dz, gradients = dlogits, []  # (n, k)
    for l in reversed(range(len(layers))):
        gradients.append(Layer(matmul(hs[l].T, dz), dz.sum(axis=0)))  # (a, n)·(n, b), (b,)
        if l > 0:  # the inputs are not to be learnt: they need no gradient
            dz = matmul(dz, layers[l].W.T) * slope(hs[l])  # (n, b) → (n, a)
    return gradients[::-1]


def descend(layers: Layers, gradients: Layers, rate: float) -> Layers:
    """New layers, one step of gradient descent away; the old ones stay as they are."""
    return [Layer(W - rate * dW, b - rate * db) for (W, b), (dW, db) in zip(layers, gradients, strict=True)]


def flat(layers: Layers) -> Array:
    """Every parameter (or every gradient) in one vector (p,)."""
    return np.concatenate([array.ravel() for layer in layers for array in layer])


@dataclass(frozen=True, slots=True)
class Objective:
    """A network's loss on given samples, as a function of its layers alone.

    Attributes:
        X: (n, d), the inputs.
        y: the labels, as `loss` wants them.
        f: the hidden units' activation.
        loss: one of `dlprep.nn.losses`: logits and labels to the loss and its gradient by the logits.
        backward: the backward pass, or another to put in its place.
    """

    X: Array
    y: Array
    f: Activation
    loss: Callable[[Array, Array], tuple[float, Array]]
    backward: Callable[[Layers, list[Array], Array, Function, MatMul], Layers] = backward

    def value(self, layers: Layers, matmul: MatMul = np.matmul) -> float:
        """The loss: a forward pass."""
        return self.loss(forward(layers, self.X, self.f.value, matmul)[-1], self.y)[0]

    def gradient(self, layers: Layers, matmul: MatMul = np.matmul) -> tuple[float, Layers]:
        """The loss and its gradient by every parameter: a forward and a backward pass."""
        hs = forward(layers, self.X, self.f.value, matmul)
        loss, dlogits = self.loss(hs[-1], self.y)
        return loss, self.backward(layers, hs, dlogits, self.f.slope, matmul)


def trained(task: Objective, layers: Layers, rate: float, steps: int) -> Layers:
    """The layers after so many steps of gradient descent, each on all the samples."""
    for _ in range(steps):
        _, gradients = task.gradient(layers)
        layers = descend(layers, gradients, rate)
    return layers


@dataclass
class CountedMatMul:
    """A matrix product that counts its multiply-adds: (m, k)·(k, n) has k for each of m × n numbers."""

    multiply_adds: int = 0

    def __call__(self, A: Array, B: Array) -> Array:
        """A·B, counted."""
        self.multiply_adds += A.size * B.shape[1]
        return np.asarray(A @ B)
