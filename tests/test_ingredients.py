"""One training step: the true pieces of its mathematics agree with simple ones, the false ones are false."""

from __future__ import annotations

import numpy as np

from dlprep.nn import mlp
from dlprep.nn.checks.gradcheck import central_differences, relative_error
from dlprep.nn.data.points import quadrants
from dlprep.nn.ingredients import Mathematics, elementwise, first, none, sorted_run, standard_error

TRUE = Mathematics()


def rng() -> np.random.Generator:
    """The same random numbers for every test."""
    return np.random.default_rng(0)


def test_elementwise_mixes_nothing() -> None:
    """Without the matrix product an output depends on one input only."""
    X, layers = rng().normal(size=(5, 2)), mlp.init(rng(), (2, 8, 1))
    logits = Mathematics(product=elementwise).logits(layers, X)
    X[:, 1] = 9.0
    assert np.array_equal(Mathematics(product=elementwise).logits(layers, X), logits)


def test_a_sorted_run_has_one_label() -> None:
    """Neighbours in a sorted file share their label, which is why batches are shuffled."""
    draw, y = rng(), np.resize([0.0, 1.0], 600)
    runs = [y[sorted_run(draw, y, 32)].mean() for _ in range(100)]
    assert np.isin(runs, (0, 1)).mean() > 0.8


def test_standard_error_is_the_measured_spread() -> None:
    """√(p(1 − p)/n) is what shares of n draws really stray by; left out, it is 0."""
    shares = rng().binomial(50, 0.3, 20_000) / 50
    assert abs(shares.std() / standard_error(0.3, 50) - 1) < 0.02
    assert none(0.3, 50) == 0


def test_gradient_by_the_chain_rule() -> None:
    """It is what differences measure, and no longer is when the factor tanh′ is left out."""
    layers, (X, y) = mlp.init(rng(), (2, 5, 1)), quadrants(rng(), 12, 0.1)
    arrays = [array for layer in layers for array in layer]
    measured = [central_differences(lambda: TRUE.gradient(layers, X, y)[0], a, 1e-5).ravel() for a in arrays]
    for maths, right in ((TRUE, True), (Mathematics(factor=np.ones_like), False)):
        error = relative_error(mlp.flat(maths.gradient(layers, X, y)[1]), np.concatenate(measured))
        assert (error < 1e-9) == right
        assert error < 1e-9 or error > 1e-3


def test_first_stands_for_the_mean() -> None:
    """Then the loss of a batch is that of its first sample."""
    layers, (X, y) = mlp.init(rng(), (2, 5, 1)), quadrants(rng(), 12, 0.1)
    assert Mathematics(mean_over=first).gradient(layers, X, y)[0] == TRUE.gradient(layers, X[:1], y[:1])[0]


def test_named() -> None:
    """A sample is named correctly when its logit has its label's sign."""
    layers, (X, y) = mlp.init(rng(), (2, 5, 1)), quadrants(rng(), 50, 0.1)
    right = TRUE.named(layers, X, y)
    assert right.shape == (50,)
    assert right.tolist() == [
        (z > 0) == (label == 1) for z, label in zip(TRUE.logits(layers, X)[:, 0], y, strict=True)
    ]


def test_larger_batches_stray_less() -> None:
    """The gradients of 64 samples stray about an eighth as far as those of one."""
    layers, samples = mlp.init(rng(), (2, 5, 1)), quadrants(rng(), 600, 0.1)
    one, many = (TRUE.straying(rng(), layers, samples, size) for size in (1, 64))
    assert 6 < one / many < 11


def test_a_path_goes_down_the_gradient() -> None:
    """It starts at the layers given, and each step is minus rate × gradient on the batch that was picked."""
    layers, (X, y) = mlp.init(rng(), (2, 5, 1)), quadrants(rng(), 50, 0.1)
    path = list(TRUE.path(rng(), layers, (X, y), 8, 0.5, 3))
    assert len(path) == 4
    assert path[0] is layers
    batch = TRUE.pick(rng(), y, 8)
    slopes = mlp.flat(TRUE.gradient(layers, X[batch], y[batch])[1])
    np.testing.assert_allclose(mlp.flat(path[1]), mlp.flat(layers) - 0.5 * slopes)
