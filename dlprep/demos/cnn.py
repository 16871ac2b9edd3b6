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
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias

import numpy as np

from dlprep.demo import Bars, Claim, Control, Curve, Event, Frame, Image, Line, Table, View, knob, row, rows
from dlprep.nn import conv, pool
from dlprep.nn.checks import convcheck
from dlprep.nn.checks.shiftcheck import Shifting
from dlprep.nn.cnn import Course, Geometry, Params, forward, init, named, train
from dlprep.nn.conv import Array
from dlprep.nn.data.shapes import Pictures, digits, shapes
from dlprep.nn.faulty import nearly_conv
from dlprep.nn.losses import log_softmax

Function: TypeAlias = Callable[..., Any]
STACK = ((3, 1, 1), (3, 2, 1), (3, 1, 2))  # kernel, stride, dilation of the layers of a receptive field


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    size: int = knob(12, "side of an image in pixels (digits have 8)", 8, 32)
    kernel: int = knob(3, "side of a filter in pixels; 1 sees no shape and may name too few", 1, 7)
    stride: int = knob(1, "pixels a filter moves at a time", 1, 4)
    padding: int = knob(0, "rows and columns of zeros on each side of the image", 0, 4)
    dilation: int = knob(1, "pixels from one cell of a filter to the next", 1, 3)
    pool: int = knob(2, "side of the pooling window", 1, 4)
    filters: int = knob(8, "filters to learn", 2, 32)
    steps: int = knob(240, "training steps of 32 images", 30, 2000)
    rate: float = knob(0.7, "learning rate × √(numbers that reach the dense layer)", 0.001, 10.0)
    data: str = knob("shapes", "what to learn", choices=("shapes", "digits"))


@dataclass(frozen=True, slots=True)
class Parts:
    """The functions a run is made of; a control hands it another one."""

    convolve: Function = conv.conv2d
    size: Function = conv.output_size
    pool_backward: Function = pool.max_pool2d_backward
    sight: Function = conv.receptive_field
    moving: Shifting = field(default_factory=Shifting)  # its layer is also written as a matrix
    labels: Function = np.asarray


POOL, SHIFT, MEAN = ("gradient-agrees", "pool-routes-gradient"), "shift-equivariant", "global-pool-invariant"
CONTROLS = (
    Control("padding-wrong", "the image is padded with ones, not with zeros", ("conv-matches-loops",)),
    Control("kernel-flipped", "the filter is turned by 180°, as mathematicians do", ("conv-matches-loops",)),
    Control("dilation-forgotten", "the output size is computed without dilation", ("output-size",)),
    Control("pool-gradient-everywhere", "max pooling's gradient goes to all cells of a window", POOL),
    Control("weights-not-shared", "each position has its own filter", ("parameters-shared", SHIFT, MEAN)),
    Control("strides-forgotten", "the receptive field is computed without strides", ("receptive-field",)),
    Control("zeros-at-the-edge", "the image is padded with zeros, not wrapped around", (SHIFT, MEAN)),
    Control("image-not-moved", "the image stays in place", (SHIFT, "not-invariant", "pool-shift-sensitive")),
    Control("flattened", "the dense layer gets every cell of the maps, not their averages", (MEAN,)),
    Control("labels-shuffled", "the training labels are dealt out at random", ("accuracy",)),
)


SWAPS = {  # what each control puts in the place of a true function
    "padding-wrong": Parts(convolve=nearly_conv.padded_with_ones),
    "kernel-flipped": Parts(convolve=nearly_conv.flipped),
    "dilation-forgotten": Parts(size=lambda I, K, S, P, _: conv.output_size(I, K, S, P)),
    "pool-gradient-everywhere": Parts(pool_backward=pool.avg_pool2d_backward),
    "weights-not-shared": Parts(moving=Shifting(layer=nearly_conv.unshared)),
    "strides-forgotten": Parts(sight=lambda K, S, D: conv.receptive_field(K, [1 for _ in S], D)),
    "zeros-at-the-edge": Parts(moving=Shifting(edge="constant")),
    "image-not-moved": Parts(moving=Shifting(shift=lambda X, *_: X)),
    "flattened": Parts(moving=Shifting(summary=np.asarray)),
    "labels-shuffled": Parts(labels=lambda y: np.random.default_rng(0).permutation(y)),
}


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Walk an image through the network, measure what is true of its layers, then train it."""
    start, checks, training = np.random.default_rng(seed).spawn(3)
    parts = SWAPS[control] if control else Parts()
    g = Geometry(knobs.stride, knobs.padding, knobs.dilation, knobs.pool)
    pictures = digits(start) if knobs.data == "digits" else shapes(start, 768, knobs.size)
    unseen, seen = pictures.split(256)  # unseen by training
    image, classes = unseen.X[:1], len(pictures.names)
    p = init(start, image[0], g, filters=knobs.filters, kernel=knobs.kernel, classes=classes)
    p.W[0].sort()  # dark left, bright right: the first filter starts as an edge detector

    gap = yield from walk(image, p, g)
    yield verdict("a dense layer scores the classes", "Untrained, it has no opinion", p, unseen, g)
    says = "one matrix product instead of windows and loops: largest difference"
    yield Claim("conv-matches-loops", says, max(gap, convcheck.loop_gap(checks, parts.convolve)), "<=", 1e-12)
    says = "settings where the size formula or the layer misses the windows counted one by one"
    yield Claim("output-size", says, convcheck.size_misses(checks, parts.size), "==", 0)
    errors = convcheck.gradient_errors(checks, p, image, g, parts.pool_backward)
    yield from going_back(errors, parts.pool_backward, checks)
    yield from sharing(parts.moving.layer, checks)
    yield from seeing(parts.sight)
    yield from shifting(np.round(image), parts.moving, checks)
    labels, rate = parts.labels(seen.y), knobs.rate / np.sqrt(len(p.D))  # more numbers in, shorter steps
    how = {"rng": training, "steps": knobs.steps, "rate": rate, "pool_backward": parts.pool_backward}
    yield from learning(train(p, seen.X, labels, g, **how), knobs.steps, unseen, g)


def walk(image: Array, p: Params, g: Geometry) -> Generator[Frame, None, float]:
    """Image (1, 1, H, V) on its way, each number made from its own window; how far `forward` is from that."""
    X, w, t = np.pad(image[0, 0], g.padding), p.W[0, 0], forward(p, image, g)
    kernel, limit = Image("filter", rows(w), signed=True), float(np.abs(t.Z[0, 0]).max())
    for n, number, box, Z in convcheck.slide(X, len(w), g.stride, g.dilation, lambda x: (x * w).sum()):
        size = f"⌊({len(X)} − {box[2]})/{g.stride}⌋ + 1 = {len(Z)} a side"
        caption = f"Window × filter, summed: {number:+.2f}. The map has {size}.".replace("-", "−")
        before = Image("feature map", rows(Z), signed=True, limit=limit)
        views = Image("image", rows(X), box=box), kernel, before
        yield moment("a filter slides over the image", caption, *views, step=n, of=Z.size)
    A = np.maximum(Z, 0)
    caption = f"ReLU: {(Z < 0).sum()} of {Z.size} activations were negative and are 0 now, none is below."
    yield moment("ReLU", caption, before, Image("after ReLU", rows(A), limit=limit))
    for n, number, box, M in convcheck.slide(A, g.pool, g.pool, 1, np.max):
        caption = f"Each window keeps its largest number: {number:.2f}. Space shrinks, channels stay."
        after = Image("after ReLU", rows(A), box=box, limit=limit)
        yield moment("max pooling", caption, after, Image("pooled", rows(M), limit=limit), step=n, of=M.size)
    return float(max(np.abs(Z - t.Z[0, 0]).max(), np.abs(M - t.M[0, 0]).max()))


def moment(title: str, caption: str, *views: View, step: int = 1, of: int = 1) -> Frame:
    """A frame; the last of its kind is a key frame."""
    return Frame(title, step, of, caption, views, key=step == of)


def first(name: str, X: Array, *, signed: bool = False) -> Image:
    """The first channel of the first image of X (N, C, H, V)."""
    return Image(name, rows(X[0, 0]), signed)


def verdict(title: str, says: str, p: Params, pictures: Pictures, g: Geometry) -> Frame:
    """What the network makes of the first image: its maps, and a probability for each class."""
    t = forward(p, pictures.X[:1], g)
    maps = (Image(f"map {o}", rows(M)) for o, M in enumerate(t.M[0, :4], start=1))
    bars = Bars("probability", pictures.names, row(np.exp(log_softmax(t.S))[0]))
    caption = f"{says}: {t.M.size} numbers make {len(pictures.names)} scores for the image as a whole."
    return moment(title, caption, first("image", pictures.X), *maps, bars)


def going_back(errors: dict[str, float], backward: Function, rng: np.random.Generator) -> Iterator[Event]:
    """Every gradient against central differences; then where max pooling sends its gradient."""
    X, dX, stray = convcheck.routes(rng, backward)
    table = Table("errors", ("gradient", "error"), tuple((name, f"{e:.0e}") for name, e in errors.items()))
    caption = (
        f"Each window passes down a gradient of 1; of all that, {stray:.3g} goes elsewhere than to a maximum."
    )
    views = first("image", X), first("gradient of max pooling", dX), table
    yield moment("backwards, the gradient goes to the winners", caption, *views)
    says = "backward passes against central differences: largest relative error"
    yield Claim("gradient-agrees", says, max(errors.values()), "<=", 1e-6)
    yield Claim("pool-routes-gradient", "gradient that misses its window's first maximum", stray, "<=", 1e-12)


def sharing(layer: Function, rng: np.random.Generator) -> Iterator[Event]:
    """Write a convolution of an 8×8 image as the dense layer it is, and count its different weights."""
    W = rng.normal(size=(1, 1, 3, 3))
    matrix = convcheck.as_matrix(layer, W, side=8)  # (36 outputs, 64 pixels)
    different = np.unique(matrix[matrix.nonzero()]).size
    words = f"mostly zero, and only {different} different weights: local and shared"
    views = first("filter", W, signed=True), Image("as a matrix", rows(matrix), signed=True)
    yield moment("the same convolution as a dense layer", f"{matrix.size:,} entries, {words}.", *views)
    says = f"{different} weights for the {matrix.size:,} of an equivalent dense layer"
    yield Claim("parameters-shared", says, different / matrix.size, "<=", 0.01)


def seeing(formula: Function) -> Iterator[Event]:
    """Light every pixel in turn, and see which ones reach the middle unit of ever deeper layers."""
    reached = zip(STACK, convcheck.reach(STACK, side=17), strict=True)
    for depth, ((kernel, stride, dilation), paths) in enumerate(reached, start=1):
        seen = np.flatnonzero(paths.any(0)).tolist()
        box = seen[0], seen[0], len(seen), len(seen)
        layer = f"Layer {depth}, {kernel}×{kernel}, stride {stride}, dilation {dilation}"
        caption = f"{layer}: its middle unit sees {len(seen)} pixels across, those in the middle most."
        view = Image("paths to it from each pixel", rows(paths), box=box)
        yield moment("the receptive field grows", caption, view, step=depth, of=len(STACK))
    says = "pixels across that reach a unit of the third layer, and the formula"
    yield Claim("receptive-field", says, len(seen), "==", formula(*zip(*STACK, strict=True)))


def shifting(X: Array, moving: Shifting, rng: np.random.Generator) -> Iterator[Event]:
    """Shift image X (1, 1, H, V), and compare its maps, pooled maps and averages with the original's."""
    W = np.rint(rng.normal(scale=3, size=(2, 1, 3, 3)))  # whole numbers: their sums are exact in any order
    gaps = []
    for n in range(1, 9):
        moved, Z, M, gap = moving.compare(X, W, (n, 1))
        gaps.append(gap)
        views = first("image", moved), first("feature map", Z, signed=True), first("pooled", M, signed=True)
        bars = Bars("average", ("map 1", "map 2"), row(pool.global_avg_pool2d(Z)[0]))
        caption = f"Down {n}, right 1: the map moves along (difference {gap.moved:g}), its average stays."
        yield moment("shift the image", caption, *views, bars, step=n, of=8)
    moved_along, change, pooled, summary = zip(*gaps, strict=True)
    says = "shift then convolve, against convolve then shift: largest difference"
    yield Claim("shift-equivariant", says, max(moved_along), "==", 0)
    says = "what any of the shifts changes in the feature map, in whole numbers"
    yield Claim("not-invariant", says, min(change), ">=", 1)
    says = "what a shift by one pixel changes in the max-pooled map, in whole numbers"
    yield Claim("pool-shift-sensitive", says, pooled[0], ">=", 1)
    yield Claim("global-pool-invariant", "what any shift changes in the average", max(summary), "<=", 1e-9)


def learning(course: Course, last: int, unseen: Pictures, g: Geometry) -> Iterator[Event]:
    """Show the filters as they form over `last` steps, then judge the images held out of training."""
    losses: list[float] = []
    shares: dict[int, float] = {}  # step -> accuracy
    for steps in np.array_split(range(last), 30):
        taken, weights = zip(*islice(course, len(steps)), strict=True)
        *_, p = weights
        losses += taken
        guesses = named(p, unseen.X, g)
        right = guesses == unseen.y
        share = shares[len(losses)] = float(right.mean())
        descent = Curve("loss", (Line("training", row(losses)),), "step")
        ascent = Curve("accuracy", (Line("unseen images", row(shares.values()), row(shares)),), "step")
        filters = (Image(f"filter {o}", rows(w), signed=True) for o, w in enumerate(p.W[:4, 0], start=1))
        caption = f"Loss {taken[-1]:.3f}; {share:.0%} of {len(unseen.y)} unseen images named rightly."
        yield moment("the network learns", caption, descent, ascent, *filters, step=len(losses), of=last)
    signs = np.where(right, "✓", "✗")
    six = right.argsort(kind="stable")[:6]  # the wrong ones first
    views = (Image(f"{signs[i]} {unseen.names[guesses[i]]}", rows(unseen.X[i, 0])) for i in six)
    caption = (
        f"What the network says. It is wrong about {(~right).sum()} of {right.size}, shown first if any."
    )
    yield moment("unseen images", caption, *views)
    yield verdict("the first image again", "After training", p, unseen, g)
    yield Claim("accuracy", f"of {right.size} unseen images, named rightly", share, ">=", 0.9)
