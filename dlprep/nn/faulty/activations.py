"""What an experiment on activations is made of, and the same with one part wrong: what a control puts there.

Throughout:
    z  (…)  pre-activations        h  (…)  activations, h = f(z)        σ  the sigmoid
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np

from dlprep.nn.activations import ACTIVATIONS, LEAKY_RELU, Activation, relu, sigmoid
from dlprep.nn.checks.activationcheck import naive_sigmoid
from dlprep.nn.mlp import Function
from dlprep.nn.smooth import GELU, Smooth, by_input
from dlprep.nn.stack import centred


@dataclass(frozen=True, slots=True)
class Parts:
    """The functions of a sound experiment, each replaceable.

    Attributes:
        by_z: makes an activation whose slope is written by h one whose slope is written by z.
        sigmoid: the σ that is held to its definition.
        between: what stands between the layers of the linear stack, and of the other.
        hidden: four kinds of hidden units that are to fit a wave, the first of them squares.
        outputs: what is done to the activations of a sigmoid, and of a tanh.
        scale: what the weights that rescue ReLU are multiplied by.
        sinking: what is done to the biases of the units that are to die.
        leaky: the activation that is to keep them alive.
    """

    by_z: Callable[[Activation], Smooth] = by_input
    sigmoid: Function = sigmoid
    between: tuple[Function, Function] = (np.asarray, relu)
    hidden: tuple[Function, ...] = (np.square, relu, np.tanh, GELU.value)
    outputs: tuple[Function, Function] = (np.asarray, np.asarray)
    scale: float = sqrt(2)
    sinking: Function = np.asarray
    leaky: Activation = LEAKY_RELU


FAULTY = {
    "slope-of-z": Parts(by_z=lambda f: Smooth(*f)),
    "slope-left-out": Parts(by_z=lambda f: Smooth(f.value, np.ones_like)),
    "naive-sigmoid": Parts(sigmoid=naive_sigmoid),
    "activation-misplaced": Parts(between=(np.tanh, np.asarray)),
    "square-swapped": Parts(hidden=(relu, np.square, np.square, np.square)),
    "outputs-recentred": Parts(outputs=(centred, np.abs)),
    "scale-forgotten": Parts(scale=1.0),
    "bias-left-out": Parts(sinking=np.zeros_like),
    "leak-zero": Parts(leaky=ACTIVATIONS["relu"]),
}
