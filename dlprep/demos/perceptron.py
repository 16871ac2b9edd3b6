"""The perceptron moves its line mistake by mistake, stops where a line will do, and circles for ever on XOR.

Every mistake carries w at least η·γ along the best direction u, yet after k of them ‖w‖ is at most
√k·η·R. Both can be true only while k ≤ (R/γ)². XOR has no margin γ, so nothing ever stops it, until the
product x₁·x₂ joins the inputs.

Throughout:
    X  (n, d)  inputs, the last column 1        y  (n,)  labels −1 and +1
    w  (d,)    weights, the last one the bias   η  learning rate, `rate`
    R  the longest input                        γ  the widest margin, `gamma`
    u  (d,)    the unit vector with y·(u·x) ≥ γ for all inputs
    k  mistakes so far

Try: `--margin 0.02`, and count the mistakes again; `--rate 10`; `--control both-labels`.

Source: Rosenblatt 1958, Psychological Review 65 (the rule).
Source: Novikoff 1962, Symposium on the Mathematical Theory of Automata 12 (the bound).
Source: Minsky and Papert 1969, Perceptrons (what no line can divide).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count, zip_longest
from math import ceil
from typing import NamedTuple

import numpy as np

from dlprep.demo import Bars, Claim, Control, Curve, Dots, Event, Field, Frame, Line, Tone, knob, row, rows
from dlprep.nn import perceptron
from dlprep.nn.checks.gradcheck import relative_error
from dlprep.nn.data.clouds import AND, OR, XOR, Outputs, clouds, truth_table
from dlprep.nn.lattice import around, lattice, read
from dlprep.nn.perceptron import Array, Features, Learning, Squeeze, Update, add, affine, learn, margin


@dataclass(frozen=True, slots=True)
class Knobs:
    """What the user may turn."""

    points: int = knob(60, "how many points to learn", 10, 400)
    margin: float = knob(0.08, "how near a point may lie to the line between the classes", 0.02, 0.5)
    rate: float = knob(0.01, "learning rate η", 0.001, 10)
    passes: int = knob(1000, "passes over a truth table before giving up", 20, 2000)


CONTROLS = (
    Control(
        "subtracted-update",
        "a mistake takes η·y·x away instead of adding it",
        ("each-mistake-helps", "mistakes-bounded", "clean-pass", "and-bounded", "product-solves-xor"),
    ),
    Control("frozen-bias", "no mistake changes the bias", ("and-bounded", "product-solves-xor")),
    Control("both-labels", "the first point comes again, mislabelled", ("clean-pass", "mistakes-bounded")),
    Control("wrong-start", "w starts at the first point, whose label is −1", ("rate-irrelevant",)),
    Control("product-withheld", "x₁·x₂ is left out after all", ("product-solves-xor",)),
)


def subtract(w: Array, x: Array, y: float, rate: float) -> Array:
    """Control: the rule with its sign wrong."""
    return add(w, x, -y, rate)


def freeze(w: Array, x: Array, y: float, rate: float) -> Array:
    """Control: the rule for every weight but the bias."""
    *weights, _ = add(w, x, y, rate)
    return np.array([*weights, 0.0])


def contradict(points: Array, y: Array) -> tuple[Array, Array]:
    """Control: the first point once more, with the second's label, which is the other one."""
    return np.vstack([points, points[0]]), np.append(y, y[1])


FILM = range(1, 31)  # the mistakes shown of each act; XOR would go on for ever
FAST = 100.0  # a rate no knob reaches, to compare with
NAMES = {3: ("w₁", "w₂", "b"), 4: ("w₁", "w₂", "w₁₂", "b")}
SAYS = {1: ("+1", "above", "towards"), -1: ("−1", "below", "away from")}


class Moment(NamedTuple):
    """A frame that does not know its number yet."""

    title: str
    caption: str
    views: tuple[Field, Curve, Bars]
    key: bool


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """The perceptron on separable points, on XOR, and on XOR with the product of its inputs added."""
    update = {"subtracted-update": subtract, "frozen-bias": freeze}.get(str(control), add)
    bent = affine if control == "product-withheld" else perceptron.with_product
    events = [*separable(seed, knobs, update, control), *gates(knobs, update, bent)]
    step, steps = count(1), sum(isinstance(event, Moment) for event in events)
    for event in events:
        if isinstance(event, Moment):
            yield Frame(event.title, next(step), steps, event.caption, event.views, event.key)
        else:
            yield event


class Act(NamedTuple):
    """One perceptron and its points, from the first mistake to the last pass."""

    title: str
    points: Array  # (n, 2)
    y: Array  # (n,)
    features: Features
    learning: Learning

    def frames(self, curve: Callable[[int], Curve]) -> Iterator[Moment]:
        """One for each of the first mistakes, with a curve of what they have led to."""
        for k, i, w in zip(FILM, self.learning.wrong, self.learning.weights[1:], strict=False):
            sign, side, way = SAYS[int(self.y[i])]
            caption = f"Mistake {k}: the marked point, a {sign}, was not {side} 0. w steps {way} it."
            yield self.moment(w, caption, curve(k), dots("mistake", self.points[[i]], "accent"))

    def end(self, w: Array, caption: str) -> Moment:
        """After the last pass, with the mistakes of every pass."""
        line = Line("mistakes", row(self.learning.passes))
        return self.moment(w, caption, Curve("mistakes in each pass", (line,), "passes"), key=True)

    def moment(self, w: Array, caption: str, curve: Curve, *mark: Dots, key: bool = False) -> Moment:
        """With these weights, and the point they were changed for marked."""
        bars = Bars("weights", NAMES[w.size], row(w))
        return Moment(self.title, caption, (self.field(w, *mark), curve, bars), key)

    def field(self, w: Array, *mark: Dots) -> Field:
        """w·x over the part of the plane where the points lie."""
        extent = around(self.points)
        Z = np.array([self.features(line) @ w for line in lattice(extent)])  # (33, 49)
        limit = float(np.abs(Z).mean()) or 1.0  # colours are full half way out, so the boundary is sharp
        low = dots("−1", self.points[self.y < 0], "low")
        high = dots("+1", self.points[self.y > 0], "high")
        return Field("w·x + b", rows(Z), extent, (low, high, *mark), limit=limit)

    def lengths(self, k: int) -> Curve:
        """‖w‖ up to k mistakes."""
        made = row(map(perceptron.length, self.learning.weights[1:][:k]))
        return Curve("length of w", (Line("‖w‖", made, row(FILM)),), "mistakes")


def dots(label: str, points: Array, tone: Tone) -> Dots:
    """Points (n, 2) to lay over a plane."""
    return Dots(label, row(points[:, 0]), row(points[:, 1]), tone)


def separable(seed: int, knobs: Knobs, update: Update, control: str | None) -> Iterator[Moment | Claim]:
    """Points that a line divides: a few mistakes, then none."""
    points, y = clouds(seed, knobs.points, knobs.margin)
    known, width = margin(affine(points), y), perceptron.street(points[y > 0], points[y < 0])
    yield Claim("margin-kept", "width of the street between the classes", width, ">=", 2 * knobs.margin)
    if control == "both-labels":
        points, y = contradict(points, y)
    X = affine(points)  # (n, 3)
    start = X[0] if control == "wrong-start" else np.zeros(3)
    passes = ceil(known.bound)  # all that the theorem lets it need: a mistake in each but the last
    rates = knobs.rate, FAST
    slow, fast = (learn(X, y, rate, passes, start=start, most=known.bound, update=update) for rate in rates)
    total, held = len(slow.wrong), perceptron.squeeze(slow, known, knobs.rate)
    act = Act(f"{len(y)} points, mistake by mistake", points, y, affine, slow)
    yield from act.frames(partial(corridor, held))
    caption = f"{total} mistakes, {slow.last} of them in the last pass; (R/γ)² allows {known.bound:.0f}."
    yield act.moment(slow.final, caption, corridor(held, total), key=True)
    helps, lags = float((held.along / held.least).min()), float((held.length / held.most).max())
    differ = sum(a != b for a, b in zip_longest(slow.wrong, fast.wrong))
    pair = " and ".join(f"η = {rate:g}" for rate in rates)
    yield Claim("each-mistake-helps", "w·u over k·η·γ, after any k mistakes", helps, ">=", 0.999999999)
    yield Claim("length-lags", "‖w‖ over √k·η·R, after any k mistakes", lags, "<=", 1.000000001)
    yield Claim("mistakes-bounded", "mistakes on separable points, against (R/γ)²", total, "<=", known.bound)
    yield Claim("clean-pass", "mistakes in the last pass over separable points", slow.last, "==", 0)
    yield Claim("rate-irrelevant", f"mistakes that differ from w = 0 between {pair}", differ, "==", 0)
    yield from drawn(act)


def corridor(held: Squeeze, k: int) -> Curve:
    """‖w‖ up to k mistakes, between its bounds."""
    lines = {"at most √k·R": held.most, "‖w‖/η": held.length[:k], "at least k·γ": held.least}
    shown = tuple(Line(label, row(ys), row(held.k)) for label, ys in lines.items())
    return Curve("the squeeze on w", shown, "mistakes")


def drawn(act: Act) -> Iterator[Claim]:
    """Whether the last picture of w·x shows what it should, read from the picture itself."""
    field = act.field(act.learning.final)
    plane = read(field.rows, field.extent)  # (3,)
    tilt = relative_error(plane, act.learning.final)
    yield Claim("boundary-normal", "the drawn plane climbs along w: relative error", tilt, "<=", 1e-9)
    left, right, bottom, top = field.extent
    placed: list[bool] = []
    for spots, sign in zip(field.dots, (-1, 1), strict=True):
        at = np.column_stack([spots.xs, spots.ys])  # (m, 2)
        inside = (at == np.clip(at, (left, bottom), (right, top))).all(axis=1)  # (m,)
        placed.extend((inside & (np.sign(affine(at) @ plane) == sign)).tolist())
    says = "points drawn on their own side of the boundary"
    yield Claim("sides-drawn", says, sum(placed), "==", len(act.y))


def gates(knobs: Knobs, update: Update, bent: Features) -> Iterator[Moment | Claim]:
    """XOR, which no line divides; XOR with its product; AND and OR, which have a margin."""

    def learnt(title: str, outputs: Outputs, features: Features) -> Act:
        points, y = truth_table(outputs)
        X = features(points)  # (4, d)
        learning = learn(X, y, 1, knobs.passes, start=np.zeros(X.shape[1]), update=update)
        return Act(title, points, y, features, learning)

    xor, product = learnt("no line divides XOR", XOR, affine), learnt("x₁·x₂ bends the boundary", XOR, bent)
    fewest, left = min(xor.learning.passes), product.learning.last
    yield from xor.frames(xor.lengths)
    caption = f"In {knobs.passes} passes none had fewer than {fewest} mistakes: w goes in circles."
    yield xor.end(xor.learning.weights[2], f"{caption} Drawn: after two mistakes.")
    yield from product.frames(product.lengths)
    caption = f"With x₁·x₂ as a third input, pass {len(product.learning.passes)} had {left} mistakes."
    yield product.end(product.learning.final, caption)
    yield Claim("xor-never-clean", f"fewest mistakes in any pass of {knobs.passes} on XOR", fewest, ">=", 1)
    yield Claim("product-solves-xor", "mistakes in the last pass on XOR with x₁·x₂ added", left, "==", 0)
    easy = learnt("AND", AND, affine), learnt("OR", OR, affine)
    made_and, made_or = (len(act.learning.wrong) for act in easy)
    bound_and, bound_or = (margin(affine(act.points), act.y).bound for act in easy)
    yield Claim("and-bounded", "mistakes on AND, against (R/γ)²", made_and, "<=", bound_and)
    by_hand = np.abs(np.subtract((made_and, bound_and, made_or, bound_or), (18, 51, 9, 27))).max()
    says = "by hand AND makes 18 mistakes of (R/γ)² = 51, OR 9 of 27: greatest difference"
    yield Claim("worked-by-hand", says, float(by_hand), "<=", 1e-9)
