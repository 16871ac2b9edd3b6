"""A convolutional network, layer by layer: what slides, what is shared, what shifts, and how it learns.

One image walks through convolution, ReLU, pooling and a dense layer. Then come the facts interviews turn
on: where gradients go, which weights are shared, how far a unit sees, and what a shift of the image changes.
Last the network is trained: its filters take form, and it names images it has never seen.

Throughout:
    X  (N, C, H, V)    N images of C channels      W, b  (O, C, k, k), (O,)   O filters and their biases
    Z  (N, O, OH, OW)  feature maps                A = max(Z, 0)              after the ReLU
    M  (N, O, PH, PW)  after max pooling           S  (N, classes)            scores
    OH = ⌊(H + 2·padding − dilation·(k − 1) − 1) / stride⌋ + 1, and OW likewise

Try: `--size 28 --kernel 5`; `--stride 2 --padding 1`; `--filters 2`; `--control pool-gradient-everywhere`,
which still learns: accuracy alone does not show that a gradient is wrong.

Source: Fukushima 1980; LeCun, Bottou, Bengio and Haffner 1998; Dumoulin and Visin 2016 (output sizes);
Araujo, Norris and Sim 2019 (receptive fields).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, TypeAlias

import numpy as np

from dlprep.demo import Bars, Claim, Control, Curve, Event, Frame, Image, Line, Table, View, knob, row, rows
from dlprep.nn import conv, convcheck, pool
from dlprep.nn.cnn import Geometry, Params, accuracy, forward, init, train
from dlprep.nn.conv import Array, conv2d
from dlprep.nn.losses import log_softmax
from dlprep.nn.shapes import Pictures, digits, shapes

Function: TypeAlias = Callable[..., Any]
HELD_OUT = 256  # images that training never sees
STACK = ((3, 1, 1), (3, 2, 1), (3, 1, 2))  # kernel, stride, dilation of the layers of a receptive field


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    size: int = knob(12, "side of an image in pixels (digits have 8)", 8, 32)
    kernel: int = knob(3, "side of a filter in pixels", 1, 7)
    stride: int = knob(1, "pixels a filter moves at a time", 1, 4)
    padding: int = knob(0, "rows and columns of zeros on each side of the image", 0, 4)
    dilation: int = knob(1, "pixels from one cell of a filter to the next", 1, 3)
    pool: int = knob(2, "side of the pooling window", 1, 4)
    filters: int = knob(8, "filters to learn", 2, 32)
    steps: int = knob(240, "training steps of 32 images", 30, 2000)
    rate: float = knob(0.05, "learning rate", 0.0001, 1.0)
    data: str = knob("shapes", "what to learn", choices=("shapes", "digits"))


@dataclass(frozen=True, slots=True)
class Parts:
    """The functions a run is made of; a control hands it another one."""

    convolve: Function = conv2d  # the one compared with loops
    layer: Function = conv2d  # the one that is shifted, and written as a matrix
    edge: Literal["wrap", "constant"] = "wrap"  # what lies beyond the edge of a shifted image
    shift: Function = np.roll
    summary: Function = pool.global_avg_pool2d
    pool_backward: Function = pool.max_pool2d_backward
    size: Function = conv.output_size
    field: Function = conv.receptive_field
    labels: Function = np.asarray


POOL, SHIFT, MEAN = ("gradient-agrees", "pool-routes-gradient"), "shift-equivariant", "global-pool-invariant"
CONTROLS = (
    Control("padding-wrong", "the image is padded with ones, not with zeros", ("conv-matches-loops",)),
    Control("kernel-flipped", "the filter is turned by 180°, as mathematicians do", ("conv-matches-loops",)),
    Control("size-rounded-up", "the output size is rounded up, not down", ("output-size",)),
    Control("pool-gradient-everywhere", "max pooling's gradient goes to all cells of a window", POOL),
    Control("weights-not-shared", "each position has its own filter", ("parameters-shared", SHIFT, MEAN)),
    Control("strides-forgotten", "the receptive field is computed without strides", ("receptive-field",)),
    Control("zeros-at-the-edge", "the image is padded with zeros, not wrapped around", (SHIFT, MEAN)),
    Control("image-not-moved", "the image stays in place", (SHIFT, "not-invariant", "pool-shift-sensitive")),
    Control("flattened", "the dense layer gets every cell of the maps, not their averages", (MEAN,)),
    Control("labels-shuffled", "the training labels are dealt out at random", ("accuracy",)),
)


def parts_under(control: str | None, rng: np.random.Generator) -> Parts:
    """The true functions, but for the one that `control` swaps."""
    return {
        None: Parts(),
        "padding-wrong": Parts(convolve=padded_with_ones),
        "kernel-flipped": Parts(convolve=lambda X, W, *rest: conv2d(X, np.flip(W, (2, 3)), *rest)),
        "size-rounded-up": Parts(size=lambda I, K, S, P, D: conv.output_size(I + S - 1, K, S, P, D)),
        "pool-gradient-everywhere": Parts(pool_backward=pool.avg_pool2d_backward),
        "weights-not-shared": Parts(layer=unshared),
        "strides-forgotten": Parts(field=lambda K, S, D: conv.receptive_field(K, np.ones_like(S), D)),
        "zeros-at-the-edge": Parts(edge="constant"),
        "image-not-moved": Parts(shift=lambda X, *_: X),
        "flattened": Parts(summary=np.asarray),
        "labels-shuffled": Parts(labels=rng.permutation),
    }[control]


def padded_with_ones(X: Array, W: Array, b: Array, *settings: conv.Size) -> Array:
    """Convolution of the image less 1, put right by the bias: where zeros were padded there are ones now."""
    return conv2d(X - 1, W, b + W.sum((1, 2, 3)), *settings)


def unshared(X: Array, W: Array, b: Array) -> Array:
    """A locally connected layer: every position has a filter of its own, differing in strength."""
    Y = conv2d(X, W, b)
    return np.asarray(Y * np.random.default_rng(0).random(Y.shape[2:]))


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Walk an image through the network, measure what is true of its layers, then train it."""
    start, checks, training, sabotage = np.random.default_rng(seed).spawn(4)
    parts = parts_under(control, sabotage)
    g = Geometry(knobs.stride, knobs.padding, knobs.dilation, knobs.pool)
    pictures = digits(start) if knobs.data == "digits" else shapes(start, 3 * HELD_OUT, knobs.size)
    classes = len(pictures.names)
    p = init(start, pictures.X[0], g, filters=knobs.filters, kernel=knobs.kernel, classes=classes)
    p.W[0] = np.linspace(1, -1, knobs.kernel)  # bright left, dark right: an edge detector, made by hand

    gap = yield from walk(p, pictures, g)
    says = "one matrix product instead of windows and loops: largest difference"
    yield Claim("conv-matches-loops", says, max(gap, convcheck.loop_gap(checks, parts.convolve)), "<=", 1e-12)
    says = "settings where the size formula or the layer misses the windows counted one by one"
    yield Claim("output-size", says, convcheck.size_misses(checks, parts.size), "==", 0)
    errors = convcheck.gradient_errors(checks, p, pictures.X[:1], g, parts.pool_backward)
    yield from going_back(errors, parts.pool_backward, checks)
    yield from sharing(parts.layer, checks)
    yield from seeing(parts.field)
    yield from shifting(np.round(pictures.X[-1:]), parts, checks)
    X, y = pictures.X[:-HELD_OUT], parts.labels(pictures.y[:-HELD_OUT])
    pool_backward, steps = parts.pool_backward, knobs.steps
    course = train(p, X, y, g, rng=training, steps=steps, rate=knobs.rate, pool_backward=pool_backward)
    yield from learning(course, steps, pictures, g)


def walk(p: Params, pictures: Pictures, g: Geometry) -> Generator[Frame, None, float]:
    """One image before any training, each number made from its own window; how far `forward` is from that."""
    X, w, t = pictures.X[-1, 0], p.W[0, 0], forward(p, pictures.X[-1:], g)
    image, span = np.pad(X, g.padding), g.dilation * (len(w) - 1) + 1
    limit = float(np.abs(t.Z[0, 0]).max())
    kernel = Image("filter", rows(w), signed=True)

    def weigh(window: Array) -> float:
        return float((window[:: g.dilation, :: g.dilation] * w).sum())

    for n, box, Z in slide(image, span, g.stride, weigh):
        size = f"⌊({len(image)} − {span})/{g.stride}⌋ + 1 = {len(Z)} a side"
        caption = f"Window × filter, summed: {Z.flat[n - 1]:+.2f}. The map has {size}."
        before = Image("feature map", rows(Z), signed=True, limit=limit)
        views = Image("image", rows(image), box=box), kernel, before
        yield Frame("a filter slides over the image", n, Z.size, caption, views, key=n == Z.size)
    A = np.maximum(Z, 0)
    caption = f"ReLU: {(Z < 0).sum()} of {Z.size} activations were negative and are 0 now, none is below."
    yield still("ReLU", caption, before, Image("after ReLU", rows(A), limit=limit))
    for n, box, M in slide(A, g.pool, g.pool, np.max):
        caption = f"Each window keeps its largest number: {M.flat[n - 1]:.2f}. Space shrinks, channels stay."
        after = Image("after ReLU", rows(A), box=box, limit=limit)
        yield Frame("max pooling", n, M.size, caption, (after, Image("pooled", rows(M), limit=limit)))
    yield verdict("a dense layer scores the classes", "Untrained, it has no opinion", p, pictures, g)
    return float(max(np.abs(Z - t.Z[0, 0]).max(), np.abs(M - t.M[0, 0]).max()))


def slide(
    image: Array, span: int, stride: int, value: Callable[[Array], float]
) -> Iterator[tuple[int, tuple[int, int, int, int], Array]]:
    """Fill a map window by window; at 24 moments: how many are done, the last window, the map so far."""
    side = conv.output_size(len(image), span, stride)
    done, filled = 0, np.zeros((side, side))
    for cells in np.array_split(list(np.ndindex(side, side)), min(24, side * side)):
        for i, j in cells.tolist():
            box = (i * stride, j * stride, span, span)
            filled[i, j] = value(image[i * stride :, j * stride :][:span, :span])
        done += len(cells)
        yield done, box, filled


def verdict(title: str, says: str, p: Params, pictures: Pictures, g: Geometry) -> Frame:
    """What the network makes of the last image: its first maps, and a probability for each class."""
    t = forward(p, pictures.X[-1:], g)
    maps = (Image(f"map {o}", rows(M)) for o, M in enumerate(t.M[0, :4], start=1))
    bars = Bars("probability", pictures.names, row(np.exp(log_softmax(t.S))[0]))
    caption = f"{says}: {t.M.size} numbers make {len(pictures.names)} scores for the image as a whole."
    return still(title, caption, first("image", pictures.X[-1:]), *maps, bars)


def still(title: str, caption: str, *views: View) -> Frame:
    """A frame that stands alone."""
    return Frame(title, 1, 1, caption, views, key=True)


def first(name: str, X: Array, *, signed: bool = False) -> Image:
    """The first channel of the first image of X (N, C, H, V)."""
    return Image(name, rows(X[0, 0]), signed)


def going_back(
    errors: dict[str, float], pool_backward: Function, rng: np.random.Generator
) -> Iterator[Event]:
    """Every gradient against central differences; then where max pooling sends its gradient."""
    X = rng.integers(4, size=(1, 1, 6, 7)).astype(float)  # few different numbers: many ties
    dY = np.ones_like(pool.max_pool2d(X, *convcheck.WINDOW))
    dX = pool_backward(dY, X, *convcheck.WINDOW)
    stray = float(np.abs(dX - pool.naive_max_pool2d_backward(dY, X, *convcheck.WINDOW)).sum())
    table = Table("errors", ("gradient", "error"), tuple((name, f"{e:.0e}") for name, e in errors.items()))
    caption = (
        f"{dY.sum():.0f} gradients of 1 come down, {dX.sum():.0f} arrive, at each window's first maximum."
    )
    views = first("image", X), first("gradient of max pooling", dX), table
    yield still("backwards, the gradient goes to the winners", caption, *views)
    says = "backward passes against central differences: largest relative error"
    yield Claim("gradient-agrees", says, max(errors.values()), "<=", 1e-6)
    yield Claim("pool-routes-gradient", "gradient that misses its window's first maximum", stray, "<=", 1e-12)


def sharing(layer: Function, rng: np.random.Generator) -> Iterator[Event]:
    """Write a convolution of an 8×8 image as the dense layer it is, and count its different weights."""
    W, pixels = rng.normal(size=(1, 1, 3, 3)), np.eye(64).reshape(64, 1, 8, 8)  # each image lights one pixel
    matrix = layer(pixels, W, np.zeros(1)).reshape(64, -1).T  # (36 outputs, 64 pixels)
    different = np.unique(matrix[matrix != 0]).size
    caption = (
        f"{matrix.size:,} entries, mostly zero, and only {different} different weights: local and shared."
    )
    views = first("filter", W, signed=True), Image("as a matrix", rows(matrix), signed=True)
    yield still("the same convolution as a dense layer", caption, *views)
    says = f"{different} weights for the {matrix.size:,} of an equivalent dense layer"
    yield Claim("parameters-shared", says, different / matrix.size, "<=", 0.01)


def seeing(formula: Function) -> Iterator[Event]:
    """Light every pixel in turn, and see which ones reach the middle unit of ever deeper layers."""
    for depth, paths in enumerate(convcheck.reach(STACK, side=17), start=1):
        seen = np.flatnonzero(paths.any(0))
        box = int(seen[0]), int(seen[0]), seen.size, seen.size
        views = (Image("paths to it from each pixel", rows(paths), box=box),)
        kernel, stride, dilation = STACK[depth - 1]
        layer = f"Layer {depth}, {kernel}×{kernel}, stride {stride}, dilation {dilation}"
        caption = f"{layer}: its middle unit sees {seen.size} pixels across, the middle ones most."
        yield Frame("the receptive field grows", depth, len(STACK), caption, views, key=depth == len(STACK))
    says = "pixels across that reach a unit of the third layer, and the formula"
    yield Claim("receptive-field", says, seen.size, "==", formula(*zip(*STACK, strict=True)))


def shifting(X: Array, parts: Parts, rng: np.random.Generator) -> Iterator[Event]:
    """Shift image X (1, 1, H, V), and compare its maps, pooled maps and averages with the original's."""
    W = rng.integers(-3, 4, (2, 1, 3, 3)).astype(float)  # whole numbers: their sums are exact in any order
    Y, gaps = feature_maps(X, W, parts), []
    before = pool.max_pool2d(Y, 2)
    for n in range(1, 9):
        by, axes = (n, 1), (2, 3)
        moved = parts.shift(X, by, axes)
        Z = feature_maps(moved, W, parts)
        M = pool.max_pool2d(Z, 2)
        pairs = (Z, np.roll(Y, by, axes)), (Z, Y), (M, before), (parts.summary(Z), parts.summary(Y))
        gaps.append([float(np.abs(a - b).max()) for a, b in pairs])
        (averages,) = pool.global_avg_pool2d(Z)
        views = first("image", moved), first("feature map", Z, signed=True), first("pooled", M, signed=True)
        bars = Bars("average", ("map 1", "map 2"), row(averages))
        caption = f"Down {n}, right 1: the map moves along (difference {gaps[-1][0]:g}), its average stays."
        yield Frame("shift the image", n, 8, caption, (*views, bars), key=n == 8)
    conv_gap, change, pooled, mean = zip(*gaps, strict=True)
    says = "shift then convolve, against convolve then shift: largest difference"
    yield Claim("shift-equivariant", says, max(conv_gap), "==", 0)
    says = "what any of the shifts changes in the feature map, in whole numbers"
    yield Claim("not-invariant", says, min(change), ">=", 1)
    says = "what a shift by one pixel changes in the max-pooled map, in whole numbers"
    yield Claim("pool-shift-sensitive", says, pooled[0], ">=", 1)
    yield Claim("global-pool-invariant", "what any shift changes in the average", max(mean), "<=", 1e-9)


def feature_maps(X: Array, W: Array, parts: Parts) -> Array:
    """The 3×3 layer's maps of X, as large as X: what lies beyond the right and lower edge is `parts.edge`."""
    X = np.pad(X, ((0, 0), (0, 0), (0, 2), (0, 2)), mode=parts.edge)
    return np.asarray(parts.layer(X, W, np.ones(len(W))))


def learning(
    course: Iterator[tuple[float, Params]], last: int, pictures: Pictures, g: Geometry
) -> Iterator[Event]:
    """Show the filters as they form over `last` steps, then judge the images held out of training."""
    unseen, truth, names = pictures.X[-HELD_OUT:], pictures.y[-HELD_OUT:], pictures.names
    losses, shares, at = [], [], []
    for steps in np.array_split(range(last), 30):
        taken = list(islice(course, len(steps)))
        loss, p = taken[-1]
        losses += [loss for loss, _ in taken]
        at.append(len(losses))
        shares.append(accuracy(p, unseen, truth, g))
        descent = Curve("loss", (Line("training", row(losses)),), "step")
        ascent = Curve("accuracy", (Line("unseen images", row(shares), row(at)),), "step")
        filters = (Image(f"filter {o}", rows(w), signed=True) for o, w in enumerate(p.W[:4, 0], start=1))
        caption = f"Loss {loss:.3f}; {shares[-1]:.0%} of {HELD_OUT} unseen images named rightly."
        yield Frame(
            "the network learns", at[-1], last, caption, (descent, ascent, *filters), key=at[-1] == last
        )
    named = zip(unseen[:6, 0], truth, forward(p, unseen, g).S.argmax(1), strict=False)
    views = (Image(f"{names[label]}: {names[guess]}", rows(image)) for image, label, guess in named)
    yield still("unseen images", "Above each: what it is, and what the network says.", *views)
    yield verdict("the first image again", "After training", p, pictures, g)
    yield Claim("accuracy", f"of {HELD_OUT} unseen images, named rightly", shares[-1], ">=", 0.9)
