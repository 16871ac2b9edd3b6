"""The bank of convolutional networks: its numbers, recomputed by real layers, arrays and pixels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from dlprep.bank import Question, Rubric
from dlprep.nn import cnn, dense, mlp
from dlprep.nn.activations import ACTIVATIONS, Array
from dlprep.nn.checks.convcheck import as_matrix
from dlprep.nn.checks.gradcheck import central_differences
from dlprep.nn.conv import conv2d, conv2d_backward, naive_conv2d, output_size, receptive_field
from dlprep.nn.pool import global_avg_pool2d, max_pool2d
from tests.banks import bank, draws

LISTING = re.compile(r"```python\n(.*?)```", re.DOTALL)
PLAIN = cnn.Geometry(stride=1, padding=0, dilation=1, pool=1)
RNG = np.random.default_rng(0)


def question(name: str) -> Question:
    """One question of the bank."""
    [found] = [each for each in bank("cnn").questions if each.id == name]
    return found


def listings(name: str) -> list[str]:
    """The Python code in a question and in its model answer."""
    found = question(name)
    answer = found.body.answer if isinstance(found.body, Rubric) else ""
    return LISTING.findall(found.ask) + LISTING.findall(answer)


def side(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How wide a real convolution makes an image."""
    X, W = np.zeros((1, 1, size, size)), np.zeros((1, 1, kernel, kernel))
    return int(conv2d(X, W, np.zeros(1), stride, padding, dilation).shape[3])


def layer(c_in: int, c_out: int, kernel: int) -> cnn.Params:
    """A real network's parameters: W and b are those of its convolution."""
    image = np.zeros((c_in, kernel, kernel))
    return cnn.init(RNG, image, PLAIN, filters=c_out, kernel=kernel, classes=10)


def numbers(layers: Sequence[tuple[Array, Array]]) -> int:
    """How many parameters these weights and biases are."""
    return sum(W.size + b.size for W, b in layers)


def products(images: int, c_in: int, c_out: int, size: int, kernel: int) -> float:
    """The multiply-adds of a convolution to `size`: with ones everywhere each adds 1 to the output."""
    X = np.ones((images, c_in, size + kernel - 1, size + kernel - 1), np.float32)
    one = conv2d(X, np.ones((1, c_in, kernel, kernel), np.float32), np.zeros(1, np.float32))
    return float(one.sum(dtype=float)) * c_out  # every output channel costs the same


def nbytes(*shape: int, kind: str = "f4") -> int:
    """The bytes of an array of that shape, without holding it."""
    return np.broadcast_to(np.zeros((), kind), shape).nbytes


def seen(layers: Sequence[tuple[str, int, int]], width: int) -> int:
    """How many pixels of a line move the middle output, each lit by itself: conv or pool, size, stride."""
    X = np.eye(width)[:, None, None, :]  # (width, 1, 1, width)
    for kind, size, stride in layers:
        if kind == "pool":
            X = max_pool2d(X, (1, size), (1, stride))
        else:
            X = conv2d(X, np.ones((1, 1, 1, size)), np.zeros(1), (1, stride))
    return int(np.count_nonzero(X[:, 0, 0, X.shape[3] // 2]))


def test_valid_width() -> None:
    """A real convolution is that wide."""
    for drawn, v in draws("cnn/valid-width"):
        assert drawn.accepts(side(v["size"], v["kernel"]))


def test_conv_parameters() -> None:
    """A real layer has that many; its weights alone are a slip."""
    for drawn, v in draws("cnn/conv-parameters"):
        p = layer(v["c_in"], v["c_out"], v["kernel"])
        assert drawn.accepts(p.W.size + p.b.size)
        assert drawn.slip(p.W.size)


def test_pooled_values() -> None:
    """A real pooling layer leaves that many; one channel, or stride 1, is a slip."""
    for drawn, v in draws("cnn/pooled-values"):
        X = np.zeros((1, v["channels"], v["size"], v["size"]))
        assert drawn.accepts(max_pool2d(X, v["window"], v["stride"]).size)
        assert drawn.slip(max_pool2d(X[:, :1], v["window"], v["stride"]).size)
        assert drawn.slip(max_pool2d(X, v["window"], 1).size)


def test_output_size() -> None:
    """A real convolution is that wide; without the dilation it is as wide as the slip says."""
    for drawn, v in draws("cnn/output-size"):
        settings = v["size"], v["kernel"], v["stride"], v["pad"]
        assert drawn.accepts(side(*settings, v["dilation"]))
        assert drawn.slip(side(*settings)) or side(*settings) == drawn.answer


def test_multiply_adds() -> None:
    """Counted in a layer of ones; one kernel, or one input channel, is a slip."""
    for drawn, v in list(draws("cnn/multiply-adds"))[:8]:
        counted = products(1, v["c_in"], v["c_out"], v["size"], v["kernel"]) / 1e6
        assert drawn.accepts(counted)
        assert drawn.slip(counted / v["c_out"])
        assert drawn.slip(counted / v["c_in"])
        assert drawn.slip(2 * counted)


def test_receptive_field_of_a_stack() -> None:
    """That many pixels of a line, each lit alone, move the middle output of the real layers."""
    for drawn, v in draws("cnn/receptive-field-of-a-stack"):
        stack = [("conv", v["k1"], 1), ("pool", 2, 2), ("conv", v["k2"], v["s2"]), ("conv", v["k3"], 1)]
        assert drawn.accepts(seen(stack, 80))
        assert drawn.slip(seen([(kind, size, 1) for kind, size, _ in stack], 80))


def test_transposed_size() -> None:
    """The least side that a real convolution brings to that of the input; its gradient has that side."""
    for drawn, v in draws("cnn/transposed-size"):
        settings = v["kernel"], v["stride"], v["pad"]
        fits = (I for I in range(v["kernel"], 99) if side(I, *settings) == v["size"])
        assert drawn.accepts(next(fits))
        X, dY = np.zeros((1, 1, *[int(drawn.answer)] * 2)), np.ones((1, 1, v["size"], v["size"]))
        dX, _, _ = conv2d_backward(dY, X, np.ones((1, 1, v["kernel"], v["kernel"])), v["stride"], v["pad"])
        assert dX.shape == X.shape
        assert dX[0, 0, 0].any()  # what the transposed convolution puts out fills it to the edges
        assert dX[0, 0, -1].any()


def test_patch_matrix() -> None:
    """The bytes of all windows of a padded batch, as NumPy lays them out."""
    for drawn, v in draws("cnn/patch-matrix"):
        padded = v["size"] + v["kernel"] - 1
        X = np.broadcast_to(np.float32(0), (v["n"], v["c_in"], padded, padded))
        windows = np.lib.stride_tricks.sliding_window_view(X, (v["kernel"], v["kernel"]), (2, 3))
        assert windows.shape[2:4] == (v["size"], v["size"])
        assert drawn.accepts(windows.nbytes / 2**20)
        assert drawn.slip(windows.size / 2**20)
        assert drawn.slip(nbytes(v["n"], v["c_in"], v["size"], v["size"]) / 2**20)


def test_separable_fraction() -> None:
    """Counted in layers of ones: depthwise (each channel an image of its own) and 1×1, over the standard."""
    for drawn, v in draws("cnn/separable-fraction"):
        standard = products(1, v["c_in"], v["c_out"], 2, v["kernel"])
        depthwise = products(v["c_in"], 1, 1, 2, v["kernel"])
        pointwise = products(1, v["c_in"], v["c_out"], 2, 1)
        assert drawn.accepts((depthwise + pointwise) / standard)
        assert drawn.slip(depthwise / standard)
        assert drawn.slip(pointwise / standard)


def test_largest_batch() -> None:
    """So many images' arrays fit into the bytes, and one more does not."""
    for drawn, v in draws("cnn/largest-batch"):
        outputs = v["layers"], v["channels"], v["size"], v["size"]
        batch, kind = int(drawn.answer), f"f{v['bytes']}"
        assert batch == drawn.answer
        fits, over = (nbytes(n, *outputs, kind=kind) for n in (batch, batch + 1))
        assert fits <= v["budget"] * 2**30 < over


def masks(v: dict[str, Any], extent: int) -> tuple[Array, Array]:
    """The two boxes as pixels: True inside."""
    first, second = np.zeros((2, extent, extent), bool)
    first[v["y"] :, v["x"] :][: v["h"], : v["w"]] = True
    second[v["y"] + v["dy"] :, v["x"] + v["dx"] :][: v["u"], : v["v"]] = True
    return first, second


def iou(first: Array, second: Array) -> float:
    """Pixels in both over pixels in either."""
    return float((first & second).sum() / (first | second).sum())


def test_iou_by_hand() -> None:
    """Counted on pixel masks; other ratios of the same counts are slips."""
    for drawn, v in draws("cnn/iou-by-hand"):
        first, second = masks(v, 24)
        assert drawn.accepts(iou(first, second))
        both, areas = (first & second).sum(), first.sum() + second.sum()
        slips = (both / areas, 2 * both / areas, both / first.sum(), both / second.sum())
        assert all(map(drawn.slip, slips))
        assert not any(map(drawn.accepts, slips))


def test_figures_of_iou() -> None:
    """One pixel right and down: 81/119 = 0.68 for a 10×10 box, 0.96 for 100×100; apart it is 0."""
    for length, expected in ((10, 81 / 119), (100, 0.96)):
        v = {"x": 0, "y": 0, "w": length, "h": length, "dx": 1, "dy": 1, "v": length, "u": length}
        assert iou(*masks(v, length + 1)) == pytest.approx(expected, abs=5e-3)
        assert iou(*masks({**v, "dx": length}, 2 * length)) == 0


def test_published_check_values() -> None:
    """112; 73,856; 115.6 million; 7; 14; .115."""
    assert side(224, 7, 2, 3) == 112
    p = layer(64, 128, 3)
    assert p.W.size + p.b.size == 73_856
    assert products(1, 64, 64, 56, 3) == pytest.approx(115.6e6, rel=1e-3)
    assert seen([("conv", 3, 1)] * 3, 20) == 7
    assert next(I for I in range(4, 99) if side(I, 4, 2, 1) == 7) == 14
    separable = products(256, 1, 1, 2, 3) + products(1, 256, 256, 2, 1)
    assert separable / products(1, 256, 256, 2, 3) == pytest.approx(0.115, abs=5e-4)


def test_figures_of_shared_weights() -> None:
    """3 to 4 channels of 16×16: 112 parameters, 786,432 dense weights; 28×28 and 3×3: 6,084 of 676×784."""
    p = layer(3, 4, 3)
    assert p.W.size + p.b.size == 112
    assert nbytes(3 * 16 * 16, 4 * 16 * 16) / 4 == 786_432
    matrix = as_matrix(conv2d, RNG.normal(size=(1, 1, 3, 3)), 28)
    assert matrix.shape == (676, 784)
    assert np.count_nonzero(matrix) == 6084
    assert len(np.unique(matrix[matrix != 0])) == 9


def test_figures_of_the_layers() -> None:
    """28×28 → 8 of 26×26 → 13×13; 80, 13,530 or 90 parameters; LeNet's 156; AlexNet's 55 → 27."""
    image = np.zeros((1, 28, 28))
    g = cnn.Geometry(stride=1, padding=0, dilation=1, pool=2)
    p = cnn.init(RNG, image, g, filters=8, kernel=3, classes=10)
    t = cnn.forward(p, image[None], g)
    assert (t.Z.shape[1:], t.M.shape[1:]) == ((8, 26, 26), (8, 13, 13))
    assert (p.W.size + p.b.size, p.D.size + p.c.size) == (80, 13_530)
    assert numbers(mlp.init(RNG, (global_avg_pool2d(t.A).shape[1], 10))) == 90
    first = layer(1, 6, 5)
    assert first.W.size + first.b.size == 156
    assert side(32, 5) == 28
    assert max_pool2d(np.zeros((1, 1, 55, 55)), 3, 2).shape[2] == 27


def test_figures_of_vgg() -> None:
    """VGG-16's first dense layer has 102,764,544 of 138,357,544 parameters; averaging leaves 513,000."""
    widths = [3, 64, 64, 128, 128, 256, 256, 256, *[512] * 6]
    convolutions = sum(b * (nbytes(a, 3, 3) // 4 + 1) for a, b in pairwise(widths))
    dense_layers = [
        b * (nbytes(a) // 4 + 1) for a, b in ((512 * 7 * 7, 4096), (4096, 4096), (4096, 1000), (512, 1000))
    ]
    assert dense_layers[0] == 102_764_544
    assert convolutions + sum(dense_layers[:3]) == 138_357_544
    assert dense_layers[3] == 513_000


def test_figures_of_kernels() -> None:
    """Three 3×3 have 27·C² of 49·C²; 256 → 64 → 64 → 256 has 69,632 weights, one 3×3 layer 589,824."""
    small, large = layer(8, 8, 3).W.size, layer(8, 8, 7).W.size
    assert (3 * small, large) == (27 * 64, 49 * 64)
    narrow = layer(256, 64, 1).W.size + layer(64, 64, 3).W.size + layer(64, 256, 1).W.size
    assert (narrow, layer(256, 256, 3).W.size) == (69_632, 589_824)
    assert (layer(64, 128, 1).W.size, layer(64, 128, 3).W.size + layer(128, 128, 3).W.size) == (8192, 221_184)


def test_figures_of_the_wide_view() -> None:
    """Fields of 63, 63, 33, 63 and 63 for the options in their order; 45·C² weights for the right one."""
    stacks = (
        [(3, 1, 1)] * 31,
        [(3, 2, 1)] * 5,
        [(3, 1, 2)] * 8,
        [(3, 1, d) for d in (1, 2, 4, 8, 16)],
        [(63, 1, 1)],
    )
    fields = []
    for stack in stacks:
        X = np.eye(99)[:, None, None, :]
        for kernel, stride, dilation in stack:
            X = conv2d(X, np.ones((1, 1, 1, kernel)), np.zeros(1), (1, stride), 0, (1, dilation))
        lit = np.flatnonzero(X[:, 0, 0, X.shape[3] // 2])
        fields.append(int(np.ptp(lit)) + 1)
        assert fields[-1] == receptive_field(*zip(*stack, strict=True))
        assert (len(lit) == fields[-1]) == (stack[0] != (3, 1, 2))  # equal dilations leave holes
    assert fields == [63, 63, 33, 63, 63]
    assert 5 * layer(4, 4, 3).W.size == 45 * 4**2


def test_figures_of_pooling_and_shifts() -> None:
    """0 0 9 9 0 0 pools to 0 9 0, and shifted by one to 0 9 9."""
    for values, pooled in (([0, 0, 9, 9, 0, 0], [0, 9, 0]), ([0, 0, 0, 9, 9, 0], [0, 9, 9])):
        X = np.array(values, float)[None, None, None]
        assert max_pool2d(X, (1, 2)).ravel().tolist() == pooled


def test_figures_of_fewer_products() -> None:
    """462.4, 3.6 and 51.4 million products, 0.95, 0.80 and 0.82 million numbers: 8.4 and 1.7 times."""
    maps, C = 128 * 56 * 56, 128
    made = [products(1, C, C, 56, 3), products(C, 1, 1, 56, 3), products(1, C, C, 56, 1)]
    moved = [2 * maps + layer(C, C, 3).W.size, 2 * maps + C * 9, 2 * maps + layer(C, C, 1).W.size]
    assert [m / 1e6 for m in made] == pytest.approx([462.4, 3.6, 51.4], abs=0.05)
    assert [m / 1e6 for m in moved] == pytest.approx([0.95, 0.80, 0.82], abs=5e-3)
    assert made[0] / sum(made[1:]) == pytest.approx(8.4, abs=0.05)
    assert sum(made[1:]) / made[0] == pytest.approx(0.119, abs=5e-4)
    assert sum(moved[1:]) / moved[0] == pytest.approx(1.7, abs=0.05)
    assert [made[0] / moved[0], made[1] / moved[1]] == pytest.approx([490, 4.5], rel=0.01)


def test_figures_of_cnn_or_transformer() -> None:
    """4,096 tokens where 224×224 has 196; 437 times the pairs; a head's scores 32 MiB, twelve 384."""
    large, small = (side(size, 16, 16) ** 2 for size in (1024, 224))
    assert (large, small) == (4096, 196)
    assert large**2 / small**2 == pytest.approx(437, abs=0.5)
    assert nbytes(large, large, kind="f2") == 32 * 2**20
    assert nbytes(12, large, large, kind="f2") == 384 * 2**20


def test_figures_of_augmentation() -> None:
    """A 224×224 piece of 256×256 has 33 × 33 places; with mirror images 2,178."""
    assert 2 * output_size(256, 224) ** 2 == 2178


def test_figures_of_the_residual_block() -> None:
    """Over 20 layers of slope 0.1: 1e-20 in a plain stack, 6.7 with shortcuts; and (I + J)ᵀ is measured."""
    one = np.ones((1, 1))
    plain = residual = one
    for _ in range(20):
        back = dense.backward(one, np.array([[0.1]]), plain).X
        plain, residual = back, residual + dense.backward(one, np.array([[0.1]]), residual).X
    assert plain.item() == pytest.approx(1e-20)
    assert residual.item() == pytest.approx(6.7, abs=0.05)
    x, W, v = RNG.normal(size=(1, 4)), mlp.init(RNG, (4, 4, 4)), RNG.normal(size=(1, 4))

    def branch(x: Array) -> Array:
        return mlp.forward(W, x, ACTIVATIONS["tanh"].value)[-1]

    J = np.array([(branch(x + d) - branch(x - d))[0] / 2e-5 for d in 1e-5 * np.eye(4)]).T  # (out, in)
    slopes = central_differences(lambda: float(((x + branch(x)) * v).sum()), x, 1e-5)
    assert slopes == pytest.approx(v + v @ J)


def test_every_listing_is_run() -> None:
    """No other question has Python code."""
    assert [each.id for each in bank("cnn").questions if listings(each.id)] == ["write-conv-and-pool"]


def test_the_listing_of_conv_and_pool_runs() -> None:
    """As the loops over single numbers and the library's pooling, on uneven sides, strides and paddings."""
    [code] = listings("write-conv-and-pool")
    names: dict[str, Any] = {"np": np}
    exec(code, names)  # noqa: S102  our own bank's code
    convolve, pool = names["conv2d"], names["max_pool"]
    X, W, b = RNG.normal(size=(2, 3, 7, 9)), RNG.normal(size=(4, 3, 3, 2)), RNG.normal(size=4)
    for stride, padding in ((1, 0), (2, 0), (1, 1), (2, 2), (3, 1)):
        assert convolve(X, W, b, stride, padding) == pytest.approx(naive_conv2d(X, W, b, stride, padding))
    for size, stride in ((2, 2), (3, 2), (2, 1), (3, 3)):
        assert np.array_equal(pool(X, size, stride), max_pool2d(X, size, stride))
    single = np.zeros((1, 1, 3, 3))
    single[0, 0, 0, 2] = 1
    assert np.array_equal(convolve(X[:, :1], single, np.zeros(1)), X[:, :1, :5, 2:])
    assert convolve(X[:, :1, :2], single, np.zeros(1)).size == 0  # a kernel too large goes unnoticed
