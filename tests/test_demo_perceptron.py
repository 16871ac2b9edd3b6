"""The perceptron: hand-counted facts first, then the laws its demo claims."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from dlprep.demo import Bars, Claim, Control, Curve, Event, Field, Frame
from dlprep.demos.perceptron import CONTROLS, Knobs, run
from dlprep.nn.data.clouds import AND, OR, XOR, clouds, truth_table
from dlprep.nn.perceptron import add, affine, learn, margin, shortest, squeeze, street, with_product

SEEDS = (0, 1, 7, 42)


def claims(events: list[Event]) -> dict[str, Claim]:
    """The claims among the events, by id."""
    return {event.id: event for event in events if isinstance(event, Claim)}


def gate(outputs: tuple[int, int, int, int]) -> tuple[int, int, list[float]]:
    """Mistakes, passes and last weights of a gate learnt from zero at η = 1."""
    X, y = truth_table(outputs)
    done = learn(affine(X), y, 1, 1000, start=np.zeros(3))
    return len(done.wrong), len(done.passes), done.final.tolist()


def test_one_update_by_hand() -> None:
    """From w = (1, −2, 0) a mistake on x = (3, 1, 1), y = −1 at η = ½ gives (−½, −2½, −½)."""
    w = add(np.array([1.0, -2, 0]), np.array([3.0, 1, 1]), -1, 0.5)
    assert w.tolist() == [-0.5, -2.5, -0.5]


def test_zero_counts_as_a_mistake() -> None:
    """From w = 0 the very first example is a mistake, whatever its label."""
    X, y = truth_table(OR)
    done = learn(affine(X), y, 1, 1, start=np.zeros(3))
    assert done.wrong[0] == 0
    assert done.weights[1].tolist() == [0, 0, -1]


def test_and_by_hand() -> None:
    """AND: 18 mistakes, a clean ninth pass, and w = (3, 2, −4)."""
    assert gate(AND) == (18, 9, [3, 2, -4])


def test_or_by_hand() -> None:
    """OR: 9 mistakes, a clean sixth pass, and w = (2, 2, −1)."""
    assert gate(OR) == (9, 6, [2, 2, -1])


def test_xor_circles() -> None:
    """XOR: all four wrong in each of 1,000 passes, each of which ends where it began."""
    assert gate(XOR) == (4000, 1000, [0, 0, 0])


def test_product_by_hand() -> None:
    """XOR with x₁·x₂: 29 mistakes and a clean twelfth pass, with w = (2, 2, −5, −1)."""
    X, y = truth_table(XOR)
    done = learn(with_product(X), y, 1, 1000, start=np.zeros(4))
    assert done.passes == [4, 4, 4, 4, 3, 1, 2, 3, 1, 2, 1, 0]
    assert sum(done.passes) == len(done.wrong) == 29
    assert done.final.tolist() == [2, 2, -5, -1]


def test_too_many_mistakes_end_it() -> None:
    """A pass that takes the mistakes above `most` is the last."""
    X, y = truth_table(XOR)
    assert learn(affine(X), y, 1, 1000, start=np.zeros(3), most=8).passes == [4, 4, 4]


def test_squeeze_by_hand() -> None:
    """After AND's first two mistakes, at η = ½: w/η is (0, 0, −1), then (1, 1, 0); R² = 3 and γ² = 1/17."""
    X, y = truth_table(AND)
    known = margin(affine(X), y)
    held = squeeze(learn(affine(X), y, 0.5, 1, start=np.zeros(3)), known, 0.5)
    assert held.k.tolist() == [1, 2]
    assert held.least == pytest.approx(np.array([1, 2]) / np.sqrt(17))
    assert held.along == pytest.approx(np.array([3, 4]) / np.sqrt(17))
    assert held.length == pytest.approx([1, np.sqrt(2)])
    assert held.most == pytest.approx([np.sqrt(3), np.sqrt(6)])


def test_street_by_hand() -> None:
    """Between x₁ = 0 and the points (1, 0) and (1, 1) the street is 1 wide."""
    left, right = np.array([[0.0, -1], [0, 2]]), np.array([[1.0, 0], [1, 1]])
    assert street(left, right) == pytest.approx(1)


@pytest.mark.parametrize(("outputs", "u", "bound"), [(AND, (2, 2, -3), 51), (OR, (2, 2, -1), 27)])
def test_margins_by_hand(outputs: tuple[int, int, int, int], u: tuple[int, int, int], bound: int) -> None:
    """The widest margins: AND's is 1/√17 along (2, 2, −3), OR's is ⅓ along (2, 2, −1)."""
    X, y = truth_table(outputs)
    known = margin(affine(X), y)
    assert np.allclose(known.u, np.array(u) / np.linalg.norm(u))
    assert pytest.approx(3) == known.R**2
    assert known.gamma == pytest.approx(1 / np.linalg.norm(u))
    assert known.bound == pytest.approx(bound)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_direction_has_a_wider_margin(seed: int) -> None:
    """No row is shorter along the hull's shortest vector, and no other direction does better."""
    X, y = clouds(seed, 200, 0.02)
    Z = y[:, None] * affine(X)
    p = shortest(Z)
    assert (Z @ p).min() == pytest.approx(p @ p, rel=1e-6)
    others = p + 0.1 * np.random.default_rng(seed).standard_normal((500, 3)) * np.linalg.norm(p)
    best = (Z @ others.T).min(axis=0) / np.linalg.norm(others, axis=1)
    assert best.max() <= np.linalg.norm(p)


@pytest.mark.parametrize("seed", range(61))
def test_every_claim_holds(seed: int) -> None:
    """Without a control every claim holds, at any seed."""
    assert [claim for claim in claims(list(run(seed, Knobs()))).values() if not claim.holds] == []


@pytest.mark.parametrize(
    "knobs",
    [
        Knobs(points=10, margin=0.5, rate=10, passes=20),
        Knobs(points=10, margin=0.02, rate=0.001),
        Knobs(points=400, margin=0.02),
        Knobs(points=401 // 2, margin=0.5, rate=0.3),
    ],
)
def test_theorems_hold_at_the_ends_of_the_knobs(knobs: Knobs) -> None:
    """Wherever the knobs stand, what is a theorem stays one."""
    for seed in SEEDS:
        assert [claim for claim in claims(list(run(seed, knobs))).values() if not claim.holds] == []


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.id)
@pytest.mark.parametrize("seed", SEEDS)
def test_controls_break_what_they_say(seed: int, control: Control) -> None:
    """Under a control each claim it names fails, and the claims are the same ones."""
    found = claims(list(run(seed, Knobs(), control.id)))
    assert [name for name in control.breaks if found[name].holds] == []
    assert found.keys() == claims(list(run(seed, Knobs()))).keys()


def test_same_seed_same_events() -> None:
    """The same arguments give the same events, another seed gives others."""
    first, again, other = (list(run(seed, Knobs())) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_frames_count_up_to_their_number() -> None:
    """Steps are 1, 2, 3 … up to `steps`; a few are key; every curve grows by the mistake."""
    frames = [event for event in run(0, Knobs()) if isinstance(event, Frame)]
    assert [frame.step for frame in frames] == list(range(1, len(frames) + 1))
    assert {frame.steps for frame in frames} == {len(frames)}
    assert 40 <= len(frames) <= 120
    assert 3 <= sum(frame.key for frame in frames) <= 6
    assert all(frame.caption.endswith(".") for frame in frames)


def test_no_key_frame_is_blank() -> None:
    """What is printed when nothing can move shows a boundary inside the picture."""
    for frame in run(0, Knobs()):
        if isinstance(frame, Frame) and frame.key:
            field = frame.views[0]
            assert isinstance(field, Field)
            assert min(map(min, field.rows)) < 0 < max(map(max, field.rows))


def test_a_curve_has_a_point_for_each_mistake() -> None:
    """Every line of every frame has as many places as it has numbers."""
    frames = [event for event in run(0, Knobs()) if isinstance(event, Frame)]
    lines = [
        line for frame in frames for view in frame.views if isinstance(view, Curve) for line in view.lines
    ]
    assert all(len(line.ys) <= len(line.xs) for line in lines if line.xs)


def test_every_field_can_be_drawn() -> None:
    """Where w = 0, as it often is on XOR, the colours still have a range."""
    fields = [event.views[0] for event in run(0, Knobs()) if isinstance(event, Frame)]
    assert min(field.limit for field in fields if isinstance(field, Field)) > 1e-3


def test_the_marked_point_is_the_one_learnt() -> None:
    """The accent of a frame is a training point, and w moved by η·y·x for that point."""
    frames = [event for event in run(0, Knobs(rate=0.5)) if isinstance(event, Frame)]
    bars = [view.values for frame in frames[:5] for view in frame.views if isinstance(view, Bars)]
    moves = [np.subtract(after, before) for before, after in pairwise(bars)]
    for frame, move in zip(frames[1:5], moves, strict=True):
        field = frame.views[0]
        assert isinstance(field, Field)
        low, high, mark = field.dots
        (x1,), (x2,) = mark.xs, mark.ys
        sign = 1 if (x1, x2) in zip(high.xs, high.ys, strict=True) else -1
        assert sign == 1 or (x1, x2) in zip(low.xs, low.ys, strict=True)
        assert move == pytest.approx(sign * 0.5 * np.array([x1, x2, 1]))
