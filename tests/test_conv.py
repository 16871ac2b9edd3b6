"""Convolution: equal to its definition, differentiable, equivariant, and of the size the formula says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.errors import DlprepError
from dlprep.nn.checks.gradcheck import central_differences, relative_error
from dlprep.nn.conv import Array, conv2d, conv2d_backward, naive_conv2d, output_size, receptive_field

small = st.integers(1, 3)
pairs = st.tuples(small, small)
paddings = st.tuples(st.integers(0, 2), st.integers(0, 2))


@st.composite
def layers(draw: st.DrawFn) -> tuple[Array, Array, Array, tuple[object, ...]]:
    """X, W, b and (stride, padding, dilation) of which at least one window fits."""
    (kh, kw), stride, padding, dilation = draw(pairs), draw(pairs), draw(paddings), draw(pairs)
    H = dilation[0] * (kh - 1) + 1 + draw(st.integers(0, 3))
    V = dilation[1] * (kw - 1) + 1 + draw(st.integers(0, 3))
    N, C, O = draw(small), draw(small), draw(small)
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    X, W, b = rng.normal(size=(N, C, H, V)), rng.normal(size=(O, C, kh, kw)), rng.normal(size=O)
    return X, W, b, (stride, padding, dilation)


@settings(max_examples=40, deadline=None)
@given(layers())
def test_fast_convolution_is_the_definition(layer: tuple[Array, Array, Array, tuple[object, ...]]) -> None:
    """One matrix product gives what loops over single numbers give, whatever the settings."""
    X, W, b, how = layer
    slow = naive_conv2d(X, W, b, *how)  # type: ignore[arg-type]  # a drawn (stride, padding, dilation)
    assert np.abs(conv2d(X, W, b, *how) - slow).max() < 1e-12  # type: ignore[arg-type]  # as above


@settings(max_examples=25, deadline=None)
@given(layers())
def test_gradients_are_slopes(layer: tuple[Array, Array, Array, tuple[object, ...]]) -> None:
    """A convolution is linear in X, W and b, so central differences are exact up to rounding."""
    X, W, b, how = layer
    dY = np.random.default_rng(0).normal(size=conv2d(X, W, b, *how).shape)  # type: ignore[arg-type]  # as above

    def loss() -> float:
        return float((conv2d(X, W, b, *how) * dY).sum())  # type: ignore[arg-type]  # as above

    found = conv2d_backward(dY, X, W, *how)  # type: ignore[arg-type]  # as above
    for array, slope in zip((X, W, b), found, strict=True):
        at = range(0, array.size, 1 + array.size // 10)
        assert slope.shape == array.shape
        assert relative_error(central_differences(loss, array, 1e-2, at), slope.ravel()[at]) < 1e-9


def test_a_shifted_image_gives_a_shifted_map() -> None:
    """A shift by two strides moves the map by two positions and changes nothing else."""
    X = np.random.default_rng(1).normal(size=(1, 2, 12, 15))
    W, b = np.random.default_rng(2).normal(size=(3, 2, 3, 4)), np.zeros(3)
    shifted = conv2d(np.roll(X, (4, 6), (2, 3)), W, b, stride=(2, 3))
    assert np.allclose(shifted[:, :, 2:, 2:], conv2d(X, W, b, stride=(2, 3))[:, :, :-2, :-2], atol=1e-12)


def test_one_number_means_both_axes() -> None:
    """A stride, padding or dilation of 2 is (2, 2)."""
    X, W, b = np.ones((1, 1, 9, 8)), np.ones((1, 1, 3, 3)), np.zeros(1)
    assert (conv2d(X, W, b, 2, 2, 2) == conv2d(X, W, b, (2, 2), (2, 2), (2, 2))).all()


def test_dtype_is_kept() -> None:
    """Single precision in, single precision out, gradients included."""
    X, W, b = np.ones((1, 2, 5, 5), "f4"), np.ones((3, 2, 3, 3), "f4"), np.ones(3, "f4")
    Y = conv2d(X, W, b, padding=1)
    assert {a.dtype for a in (Y, naive_conv2d(X, W, b), *conv2d_backward(Y, X, W, padding=1))} == {X.dtype}


def test_maps_lie_in_memory_as_they_are_indexed() -> None:
    """What reads a map next need not copy it first."""
    Y = conv2d(np.ones((2, 3, 6, 5)), np.ones((4, 3, 2, 2)), np.ones(4), stride=2, padding=1)
    assert Y.flags.c_contiguous


def test_inputs_are_left_alone() -> None:
    """Neither pass writes to what it is given."""
    X, W, b = np.ones((1, 1, 3, 3)), np.ones((1, 1, 1, 1)), np.ones(1)
    Y = conv2d(X, W, b)
    conv2d_backward(Y, X, W)
    assert (X == 1).all()
    assert (W == 1).all()
    assert (Y == 2).all()


@pytest.mark.parametrize(
    ("given_", "size"),
    [((224, 7, 2, 3), 112), ((28, 5), 24), ((12, 3), 10), ((7, 3, 2), 3), ((5, 3, 1, 0, 2), 1), ((1, 1), 1)],
)
def test_known_output_sizes(given_: tuple[int, ...], size: int) -> None:
    """ResNet's first layer makes 112 of 224; LeNet's makes 24 of 28."""
    assert output_size(*given_) == size


def test_known_receptive_fields() -> None:
    """Three 3×3 layers see 7 pixels; a stride multiplies what comes after it; dilation spreads a kernel."""
    assert receptive_field([3, 3, 3], [1, 1, 1], [1, 1, 1]) == 7
    assert receptive_field([3, 3], [2, 1], [1, 1]) == 7
    assert receptive_field([3, 3, 3], [1, 2, 1], [1, 1, 2]) == 13
    assert receptive_field([], [], []) == 1


@pytest.mark.parametrize("bad", [(0,), (3, 0), (3, 1, -1), (3, 1, 0, 0)])
def test_senseless_settings_are_refused(bad: tuple[int, ...]) -> None:
    """Kernel, stride and dilation start at 1 and padding at 0."""
    with pytest.raises(DlprepError, match="no such window"):
        output_size(5, *bad)


def test_a_kernel_that_does_not_fit_is_refused() -> None:
    """The message says how long the window is and how much room there was."""
    with pytest.raises(DlprepError, match="a window 7 pixels long does not fit the 6 pixels there are"):
        conv2d(np.ones((1, 1, 4, 9)), np.ones((1, 1, 4, 1)), np.zeros(1), padding=1, dilation=2)


def test_channels_must_agree() -> None:
    """A filter for three channels cannot read an image of two."""
    with pytest.raises(ValueError, match="X has 2 channels but W expects 3"):
        conv2d(np.ones((1, 2, 4, 4)), np.ones((1, 3, 2, 2)), np.zeros(1))
