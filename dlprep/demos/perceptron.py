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

from dlprep.demo import Bars, Claim, Control, Curve, Dots, Event, Field, Frame, Line, View, knob, row, rows
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
from dlprep.nn.points import AND, OR, XOR, Array, blobs, truth_table


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
        "flipped-label",
        "the point deepest in its class carries the wrong label",
        ("clean-pass", "mistakes-bounded"),
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
    views: tuple[View, ...]
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


# ── pictures ────────────────────────────────────────────────────────────────────────────────────────


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
            caption = (
                f"Mistake {k}: the marked point is {sign} but w·x + b was not {side} 0, so w steps {way} it."
            )
            yield self.frame(self.learning.weights[k], caption, curve(k), [i])

    def end(self, caption: str, curve: Curve) -> Moment:
        """After the last pass."""
        return self.frame(self.learning.final, caption, curve, key=True)

    def frame(
        self, w: Array, caption: str, curve: Curve, now: Sequence[int] = (), *, key: bool = False
    ) -> Moment:
        """With these weights; `now` is the point they were changed for."""
        field = plane(w, self.features, self.points, self.y, now)
        return Moment(self.title, caption, (field, curve, Bars("weights", NAMES[w.size], row(w))), key)

    def length(self, k: int) -> Curve:
        """‖w‖ up to k mistakes."""
        norms = np.linalg.norm(self.learning.weights, axis=1)  # (all + 1,)
        return Curve("length of w", (Line("‖w‖", row(norms[: k + 1])),), "mistakes")

    def counts(self) -> Curve:
        """The mistakes of every pass."""
        return Curve("mistakes in each pass", (Line("mistakes", row(self.learning.passes)),), "passes")


def plane(w: Array, features: Features, X: Array, y: Array, now: Sequence[int] = ()) -> Field:
    """w·x over the part of the plane where the points (n, 2) lie."""
    (left, bottom), (right, top) = (X.min(axis=0) - 0.3).tolist(), (X.max(axis=0) + 0.3).tolist()
    across, up = np.meshgrid(np.linspace(left, right, 49), np.linspace(top, bottom, 33))  # (33, 49) each
    Z = (features(np.column_stack([across.ravel(), up.ravel()])) @ w).reshape(across.shape)  # (33, 49)
    dots = (
        Dots("−1", *map(row, X[y == -1].T), "low"),
        Dots("+1", *map(row, X[y == 1].T), "high"),
        Dots("mistake", *map(row, X[now].T), "accent"),
    )
    limit = float(np.abs(Z).mean()) or 1.0  # colours are full half way out, so the boundary is sharp
    return Field("w·x + b", rows(Z), (left, right, bottom, top), dots, limit=limit)


def read(view: Field) -> Array:
    """The weights (3,) that a picture shows: how it climbs to the right and upwards, and its value at 0."""
    left, right, bottom, top = view.extent
    (corner, *_, east), (south, *_) = view.rows[0], view.rows[-1]
    w1, w2 = (east - corner) / (right - left), (corner - south) / (top - bottom)
    return np.array([w1, w2, corner - w1 * left - w2 * top])


# ── acts ────────────────────────────────────────────────────────────────────────────────────────────


def clouds(seed: int, knobs: Knobs, update: Update, control: str | None) -> Iterator[Moment | Claim]:
    """Points that a line divides: a few mistakes, then none."""
    points, y = blobs(seed, knobs.points, knobs.margin)
    X, rate = affine(points), knobs.rate
    known = margin(X, y)
    depth = y * (X @ known.u)  # (n,) from the widest margin's middle
    taught = np.where(depth < depth.max(), y, -y) if control == "flipped-label" else y
    start = -np.random.default_rng(seed).random(3) * (y @ X) if control == "random-start" else np.zeros(3)
    passes = ceil(known.bound)  # all the theorem lets it need: a mistake in each but the last
    slow, fast = (learn(X, taught, pace, passes, start=start, update=update) for pace in (rate, 100 * rate))
    total = len(slow.wrong)
    k = np.arange(1, total + 1)  # (k,)
    w = np.array(slow.weights[1:])  # (k, d)
    least, most = k * rate * known.gamma, np.sqrt(k) * rate * known.R  # (k,) each
    along, length = w @ known.u, np.linalg.norm(w, axis=1)  # (k,) each
    names = ("at most √k·η·R", "‖w‖", "w·u", "at least k·η·γ")

    def squeeze(k: int) -> Curve:
        lines = (
            Line(name, row(ys[:k])) for name, ys in zip(names, (most, length, along, least), strict=True)
        )
        return Curve("w is squeezed", tuple(lines), "mistakes")

    act = Act(f"the perceptron learns {len(y)} points, mistake by mistake", points, taught, affine, slow)
    yield from act.frames(squeeze)
    caption = f"{total} mistakes in all, {slow.last} in the last pass; the theorem allows (R/γ)² = {known.bound:.0f}."
    yield act.end(caption, squeeze(total))
    street = shortest((points[y == 1][:, None] - points[y == -1]).reshape(-1, 2))  # (2,) between the classes
    view = plane(slow.final, affine, points, y)
    shown = read(view)  # (3,)
    right = sum(
        int((affine(np.column_stack([d.xs, d.ys])) @ shown * s > 0).sum()) for d, s in zip(view.dots, (-1, 1))
    )
    tilt = np.linalg.norm(shown - slow.final) / np.linalg.norm(slow.final)
    differ = sum(a != b for a, b in zip_longest(slow.wrong, fast.wrong))
    both = f"η = {rate:g} and η = {100 * rate:g}"
    helps, lags = float((along / least).min()), float((length / most).max())
    half = float(np.linalg.norm(street / 2))
    yield Claim(
        "margin-kept", "half the street between the classes is as wide as asked", half, ">=", knobs.margin
    )
    yield Claim(
        "each-mistake-helps", "w·u is at least k·η·γ after k mistakes: least ratio", helps, ">=", 1 - 1e-9
    )
    yield Claim("length-lags", "‖w‖ is at most √k·η·R after k mistakes: greatest ratio", lags, "<=", 1 + 1e-9)
    yield Claim("mistakes-bounded", "mistakes on separable points, against (R/γ)²", total, "<=", known.bound)
    yield Claim("clean-pass", "mistakes in the last pass over separable points", slow.last, "==", 0)
    yield Claim("rate-irrelevant", f"mistakes that differ from w = 0 between {both}", differ, "==", 0)
    yield Claim(
        "boundary-normal", "the drawn w·x + b climbs along w: relative error", float(tilt), "<=", 1e-9
    )


def gates(knobs: Knobs, update: Update, bent: Features) -> Iterator[Moment | Claim]:
    """XOR, which no line divides; XOR with its product; AND and OR, which have a margin."""

    def learnt(title: str, outputs: tuple[int, int, int, int], features: Features) -> Act:
        points, y = truth_table(outputs)
        X = features(points)  # (4, d)
        return Act(title, points, y, features, learn(X, y, 1, knobs.passes, start=0 * X[0], update=update))

    xor, product = learnt("no line divides XOR", XOR, affine), learnt("x₁·x₂ bends the boundary", XOR, bent)
    fewest, left = min(xor.learning.passes), product.learning.last
    yield from xor.frames(xor.length)
    yield xor.end(
        f"In {knobs.passes} passes none had fewer than {fewest} mistakes: w goes in circles.", xor.counts()
    )
    yield from product.frames(product.length)
    caption = f"With x₁·x₂ as a third input, pass {len(product.learning.passes)} had {left} mistakes."
    yield product.end(caption, product.counts())
    yield Claim(
        "xor-never-clean", f"fewest mistakes in any of {knobs.passes} passes over XOR", fewest, ">=", 1
    )
    yield Claim("product-solves-xor", "mistakes in the last pass over XOR with x₁·x₂ added", left, "==", 0)
    easy = learnt("AND", AND, affine), learnt("OR", OR, affine)
    made_and, made_or = (len(act.learning.wrong) for act in easy)
    bound_and, bound_or = (margin(affine(act.points), act.y).bound for act in easy)
    yield Claim("and-bounded", "mistakes on AND, against (R/γ)²", made_and, "<=", bound_and)
    yield Claim(
        "or-is-easier", "mistakes on AND for each on OR, whose margin is wider", made_and / made_or, "==", 2
    )
    by_hand = max(abs(bound_and - 51), abs(bound_or - 27))
    yield Claim(
        "bounds-by-hand", "(R/γ)² against 51 for AND and 27 for OR, worked by hand", by_hand, "<=", 1e-9
    )
