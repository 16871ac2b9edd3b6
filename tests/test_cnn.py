"""The small network: shapes, an even start, gradients of every parameter, and a loss that falls."""

from __future__ import annotations

import numpy as np
import pytest

from dlprep.errors import DlprepError
from dlprep.nn.checks.convcheck import gradient_errors
from dlprep.nn.cnn import Geometry, forward, gradients, init, named, train
from dlprep.nn.data.shapes import shapes
from dlprep.nn.pool import max_pool2d_backward

PLAIN = Geometry(stride=1, padding=0, dilation=1, pool=2)


def test_it_starts_even() -> None:
    """With a dense layer of zeros every class is as likely: the loss is ln 4."""
    X, y, _ = shapes(np.random.default_rng(0), 8, 12)
    p = init(np.random.default_rng(1), X[0], PLAIN, filters=3, kernel=3, classes=4)
    loss, _ = gradients(p, X, y, PLAIN)
    assert np.isclose(loss, np.log(4))


@pytest.mark.parametrize(
    "g", [PLAIN, Geometry(stride=2, padding=1, dilation=1, pool=3), Geometry(1, 2, 2, 1)]
)
def test_gradients_are_slopes(g: Geometry) -> None:
    """In any geometry, on images of two channels that are not square."""
    rng = np.random.default_rng(2)
    X = rng.normal(size=(2, 2, 9, 10))
    p = init(rng, X[0], g, filters=3, kernel=3, classes=3)
    assert max(gradient_errors(rng, p, X, g, max_pool2d_backward).values()) < 1e-6


def test_training_lowers_the_loss() -> None:
    """Sixty steps separate four shapes; the parameters handed in are left alone."""
    X, y, _ = shapes(np.random.default_rng(3), 200, 12)
    start = init(np.random.default_rng(4), X[0], PLAIN, filters=4, kernel=3, classes=4)
    course = list(train(start, X, y, PLAIN, rng=np.random.default_rng(5), steps=60, rate=0.05))
    assert course[-1][0] < course[0][0] / 2
    assert (named(course[-1][1], X, PLAIN) == y).mean() > 0.8
    assert (start.D == 0).all()


def test_stages_have_the_shapes_of_the_legend() -> None:
    """10 of 12 pixels after a 3×3 filter, 5 after pooling."""
    X = np.ones((2, 1, 12, 12))
    t = forward(init(np.random.default_rng(6), X[0], PLAIN, filters=3, kernel=3, classes=4), X, PLAIN)
    assert [a.shape for a in t] == [(2, 3, 10, 10), (2, 3, 10, 10), (2, 3, 5, 5), (2, 4)]


def test_a_pool_that_does_not_fit_is_refused() -> None:
    """The geometry is checked before anything is learned."""
    with pytest.raises(DlprepError, match="does not fit"):
        init(
            np.random.default_rng(7), np.ones((1, 4, 4)), Geometry(1, 0, 1, 3), filters=1, kernel=3, classes=2
        )
