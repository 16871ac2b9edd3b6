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

Source: Rosenblatt 1958, Psychological Review 65 (the rule).
Source: Novikoff 1962, Symposium on the Mathematical Theory of Automata 12 (the bound).
Source: Minsky and Papert 1969, Perceptrons (what no line can divide).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, zip_longest
from math import ceil
from typing import NamedTuple

import numpy as np

from dlprep.demo import Bars, Claim, Control, Curve, Dots, Event, Field, Frame, Line, Tone, knob, row, rows
from dlprep.nn.perceptron import (
    Features,
    Learning,
    Update,
    add,
    affine,
    learn,
    margin,
    shortest,
    with_product,
)
from dlprep.nn.points import AND, OR, XOR, Array, blobs, lattice, read, truth_table


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
    Control(
        "flipped-label", "the deepest point of a class is mislabelled", ("clean-pass", "mistakes-bounded")
    ),
    Control("random-start", "w starts at random, turned against the points", ("rate-irrelevant",)),
    Control("product-withheld", "x₁·x₂ is left out after all", ("product-solves-xor",)),
)


FILM = 30  # mistakes shown of each act; XOR would go on for ever
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
    update = {"subtracted-update": subtract, "frozen-bias": freeze}.get(control or "", add)
    bent = affine if control == "product-withheld" else with_product
    events = [*clouds(seed, knobs, update, control), *gates(knobs, update, bent)]
    step, steps = count(1), sum(isinstance(event, Moment) for event in events)
    for event in events:
        if isinstance(event, Moment):
            yield Frame(event.title, next(step), steps, event.caption, event.views, event.key)
        else:
            yield event


def subtract(w: Array, x: Array, y: float, rate: float) -> Array:
    """Control: the rule with its sign wrong."""
    return add(w, x, -y, rate)


def freeze(w: Array, x: Array, y: float, rate: float) -> Array:
    """Control: the rule for every weight but the bias."""
    return np.append(add(w, x, y, rate)[:-1], 0.0)


class Act(NamedTuple):
    """One perceptron and its points, from the first mistake to the last pass."""

    title: str
    points: Array  # (n, 2)
    y: Array  # (n,)
    features: Features
    learning: Learning

    def frames(self, curve: Callable[[int], Curve]) -> Iterator[Moment]:
        """One for each of the first mistakes."""
        for k, i in enumerate(self.learning.wrong[:FILM], 1):
            sign, side, way = SAYS[int(self.y[i])]
            caption = f"Mistake {k}: the marked point is {sign}, w·x + b was not {side} 0: w steps {way} it."
            yield self.frame(self.learning.weights[k], caption, curve(k), [i])

    def end(self, caption: str) -> Moment:
        """After the last pass, with the mistakes of every pass."""
        counts = Curve("mistakes in each pass", (Line("mistakes", row(self.learning.passes)),), "passes")
        return self.frame(self.learning.final, caption, counts, key=True)

    def frame(
        self, w: Array, caption: str, curve: Curve, now: Sequence[int] = (), key: bool = False
    ) -> Moment:
        """With these weights; `now` is the point they were changed for."""
        field = plane(w, self.features, self.points, self.y, now)
        return Moment(self.title, caption, (field, curve, Bars("weights", NAMES[w.size], row(w))), key)

    def length(self, k: int) -> Curve:
        """‖w‖ up to k mistakes."""
        norms = np.linalg.norm(self.learning.weights, axis=1)  # (all + 1,)
        return Curve("length of w", (Line("‖w‖", row(norms[: k + 1])),), "mistakes")


def plane(w: Array, features: Features, points: Array, y: Array, now: Sequence[int] = ()) -> Field:
    """w·x over the part of the plane where the points (n, 2) lie."""
    grid, extent = lattice(points)  # (33, 49, 2)
    Z = (features(grid.reshape(-1, 2)) @ w).reshape(grid.shape[:2])  # (33, 49)
    limit = float(np.abs(Z).mean()) or 1.0  # colours are full half way out, so the boundary is sharp
    spots = dots("−1", points[y == -1], "low"), dots("+1", points[y == 1], "high")
    return Field(
        "w·x + b", rows(Z), extent, (*spots, dots("mistake", points[list(now)], "accent")), limit=limit
    )


def dots(label: str, points: Array, tone: Tone) -> Dots:
    """Points (n, 2) to lay over a plane."""
    xs, ys = map(row, points.T)
    return Dots(label, xs, ys, tone)


def clouds(seed: int, knobs: Knobs, update: Update, control: str | None) -> Iterator[Moment | Claim]:
    """Points that a line divides: a few mistakes, then none."""
    points, y = blobs(seed, knobs.points, knobs.margin)
    X, rates = affine(points), (knobs.rate, 100 * knobs.rate)
    known = margin(X, y)
    depth = y * (X @ known.u)  # (n,) from the widest margin's middle
    taught = np.where(depth < depth.max(), y, -y) if control == "flipped-label" else y
    start = -np.random.default_rng(seed).random(3) * (y @ X) if control == "random-start" else np.zeros(3)
    passes = ceil(known.bound)  # all the theorem lets it need: a mistake in each but the last
    slow, fast = (learn(X, taught, pace, passes, start=start, update=update) for pace in rates)
    total = len(slow.wrong)
    k = np.arange(1, total + 1)  # (k,)
    w = np.array(slow.weights[1:])  # (k, d)
    least, most = k * knobs.rate * known.gamma, np.sqrt(k) * knobs.rate * known.R  # (k,) each
    along, length = w @ known.u, np.linalg.norm(w, axis=1)  # (k,) each
    lines = {"at most √k·η·R": most, "‖w‖": length, "w·u": along, "at least k·η·γ": least}

    def squeeze(k: int) -> Curve:
        shown = tuple(Line(label, row(ys[:k])) for label, ys in lines.items())
        return Curve("the squeeze on w", shown, "mistakes")

    act = Act(f"the perceptron learns {len(y)} points, mistake by mistake", points, taught, affine, slow)
    yield from act.frames(squeeze)
    caption = f"{total} mistakes, {slow.last} of them in the last pass; (R/γ)² allows {known.bound:.0f}."
    yield act.frame(slow.final, caption, squeeze(total), key=True)
    street = shortest((points[y == 1][:, None] - points[y == -1]).reshape(-1, 2))  # (2,) straight across
    view = plane(slow.final, affine, points, y)
    shown = read(view.rows, view.extent)  # (3,)
    low, high, _ = (affine(np.column_stack([spots.xs, spots.ys])) @ shown for spots in view.dots)
    half, tilt = norm(street / 2), norm(shown - slow.final) / norm(slow.final)
    helps, lags = float((along / least).min()), float((length / most).max())
    differ = sum(a != b for a, b in zip_longest(slow.wrong, fast.wrong))
    sided = int(np.sign(high).sum() - np.sign(low).sum())
    pair = " and ".join(f"η = {pace:g}" for pace in rates)
    yield Claim("margin-kept", "half the widest street between the classes", half, ">=", knobs.margin)
    yield Claim("each-mistake-helps", "w·u over k·η·γ, after any k mistakes", helps, ">=", 1 - 1e-9)
    yield Claim("length-lags", "‖w‖ over √k·η·R, after any k mistakes", lags, "<=", 1 + 1e-9)
    yield Claim("mistakes-bounded", "mistakes on separable points, against (R/γ)²", total, "<=", known.bound)
    yield Claim("clean-pass", "mistakes in the last pass over separable points", slow.last, "==", 0)
    yield Claim("rate-irrelevant", f"mistakes that differ from w = 0 between {pair}", differ, "==", 0)
    yield Claim("boundary-normal", "the drawn plane climbs along w: relative error", tilt, "<=", 1e-9)
    yield Claim("sides-drawn", "points drawn on their own side of the boundary", sided, "==", len(y))


def norm(v: Array) -> float:
    """‖v‖."""
    return float(np.linalg.norm(v))


def gates(knobs: Knobs, update: Update, bent: Features) -> Iterator[Moment | Claim]:
    """XOR, which no line divides; XOR with its product; AND and OR, which have a margin."""

    def learnt(title: str, outputs: tuple[int, int, int, int], features: Features) -> Act:
        points, y = truth_table(outputs)
        X = features(points)  # (4, d)
        learning = learn(X, y, 1, knobs.passes, start=np.zeros(X.shape[1]), update=update)
        return Act(title, points, y, features, learning)

    xor, product = learnt("no line divides XOR", XOR, affine), learnt("x₁·x₂ bends the boundary", XOR, bent)
    fewest, left = min(xor.learning.passes), product.learning.last
    yield from xor.frames(xor.length)
    yield xor.end(f"In {knobs.passes} passes none had fewer than {fewest} mistakes: w goes in circles.")
    yield from product.frames(product.length)
    caption = f"With x₁·x₂ as a third input, pass {len(product.learning.passes)} had {left} mistakes."
    yield product.end(caption)
    yield Claim("xor-never-clean", f"fewest mistakes in any pass of {knobs.passes} on XOR", fewest, ">=", 1)
    yield Claim("product-solves-xor", "mistakes in the last pass on XOR with x₁·x₂ added", left, "==", 0)
    easy = learnt("AND", AND, affine), learnt("OR", OR, affine)
    made_and, made_or = (len(act.learning.wrong) for act in easy)
    bound_and, bound_or = (margin(affine(act.points), act.y).bound for act in easy)
    yield Claim("and-bounded", "mistakes on AND, against (R/γ)²", made_and, "<=", bound_and)
    by_hand = np.abs(np.subtract((made_and, bound_and, made_or, bound_or), (18, 51, 9, 27))).max()
    says = "by hand AND makes 18 mistakes of (R/γ)² = 51, OR 9 of 27: greatest difference"
    yield Claim("worked-by-hand", says, float(by_hand), "<=", 1e-9)
