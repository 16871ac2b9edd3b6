"""Small pictures to learn from: four shapes generated from a seed, or scikit-learn's handwritten digits.

Throughout:
    X  (n, 1, size, size)   grey images, 0 where empty and 1 on the shape before noise, float64
    y  (n,)                 labels, indices into `names`
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dlprep.errors import DlprepError
from dlprep.nn.conv import Array

STAMPS = {
    "square": ("#######", "#.....#", "#.....#", "#.....#", "#.....#", "#.....#", "#######"),
    "cross": ("...#...", "...#...", "...#...", "#######", "...#...", "...#...", "...#..."),
    "disc": ("..###..", ".#####.", "#######", "#######", "#######", ".#####.", "..###.."),
    "triangle": ("...#...", "..#.#..", "..#.#..", ".#...#.", ".#...#.", "#.....#", "#######"),
}
"""Each shape as rows of 7 cells; images of 16 pixels and more show it enlarged."""


class Pictures(NamedTuple):
    """Images X (n, 1, size, size), their labels y (n,), and what each label is called."""

    X: Array
    y: Array
    names: tuple[str, ...]

    def split(self, n: int) -> tuple[Pictures, Pictures]:
        """The first n, and the rest."""
        halves = zip(np.split(self.X, [n]), np.split(self.y, [n]), strict=True)
        first, rest = (Pictures(X, y, self.names) for X, y in halves)
        return first, rest


def shapes(rng: np.random.Generator, n: int, size: int, noise: float = 0.2) -> Pictures:
    """Draw n shapes at random places, each kind in turn, under normal noise of that standard deviation.

    Raises:
        DlprepError: the image is smaller than a shape.
    """
    scale = max(1, size // 8)
    cells = [[[".#".index(cell) for cell in line] for line in lines] for lines in STAMPS.values()]
    stamps = np.kron(cells, np.ones((scale, scale)))  # (4, side, side)
    side = len(stamps[0])
    if size < side:
        message = f"a {side}-pixel shape does not fit a {size}-pixel image"
        raise DlprepError(message, hint="use a larger image")
    X = np.zeros((n, 1, size, size))
    y = np.resize(range(len(stamps)), n)  # 0, 1, 2, 3, 0, 1, …
    corners = rng.integers(size - side, size=(n, 2), endpoint=True)
    for image, label, (top, left) in zip(X[:, 0], y, corners, strict=True):
        image[top:, left:][:side, :side] = stamps[label]
    return Pictures(rng.normal(X, noise), y, tuple(STAMPS))


def digits(rng: np.random.Generator) -> Pictures:
    """The 1,797 handwritten digits of 8×8 pixels that come with scikit-learn, shuffled, scaled to 0 … 1.

    Raises:
        DlprepError: scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        message = "the digits come with scikit-learn, which is not installed"
        raise DlprepError(message, hint="pip install 'dlprep[digits]', or leave out --data digits") from None
    found = load_digits()
    order = rng.permutation(len(found.target))
    X = np.interp(found.images[order, None], (0, 16), (0, 1))
    return Pictures(X, found.target[order], tuple("0123456789"))
