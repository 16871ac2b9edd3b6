"""The gradient-descent bank's numbers, recomputed by real descents and real batches."""

from __future__ import annotations

import re

import numpy as np
import pytest

from dlprep.bank import Rubric
from dlprep.nn import sgd
from dlprep.nn.checks.descentcheck import contraction, directions, largest_rate, lowest, until_near
from dlprep.nn.linesearch import backtracked
from dlprep.nn.quadratic import Array, Quadratic, least_squares, walk
from dlprep.nn.terrain import saddle, saddle_slope, valley
from tests.banks import bank, draws

ORIGIN, ONES = np.zeros(2), np.ones(2)


def edge(bowl: Quadratic, start: Array) -> float:
    """The largest rate at which a walk from there does not grow, found by trying."""
    return largest_rate(bowl.value, bowl.gradient, start, 1e-4, 80)


def listing(question: str) -> dict[str, object]:
    """What the code of a model answer defines, run."""
    [body] = [each.body for each in bank("gradient_descent").questions if each.id == question]
    assert isinstance(body, Rubric)
    found = re.search(r"```python\n(.*?)```", body.answer, re.DOTALL)
    assert found
    names: dict[str, object] = {}
    exec(found[1], names)  # noqa: S102  our own bank's code
    return names


def test_some_steps_by_hand() -> None:
    """A real descent on a·w² ends there, and 2/(2a) is the edge of its rates."""
    for drawn, v in draws("gradient_descent/some-steps-by-hand"):
        bowl, start = Quadratic(np.array([[2.0 * v["a"]]]), np.zeros(1)), np.array([float(v["w"])])
        assert drawn.answer == pytest.approx(walk(bowl.gradient, start, v["rate"], v["k"])[-1, 0])
        assert edge(bowl, start) == pytest.approx(2 / (2 * v["a"]), rel=1e-6)


def test_updates_in_training() -> None:
    """Real epochs hold that many batches."""
    rng = np.random.default_rng(0)
    for drawn, v in draws("gradient_descent/updates-in-training"):
        assert drawn.answer == sum(len(sgd.epoch(rng, v["n"], v["size"])) for _ in range(v["epochs"]))
    assert len(sgd.epoch(rng, 512, 100)) == 6
    assert len(sgd.epoch(rng, 50_000, 100)) == 500


def test_largest_rate() -> None:
    """Found by trying rates on the quadratic asked about; 0.08 for L = 25."""
    for drawn, v in draws("gradient_descent/largest-rate"):
        bowl = Quadratic(np.array([[v["a"], v["b"]], [v["b"], v["c"]]], float), ORIGIN)
        assert drawn.answer == pytest.approx(edge(bowl, np.array([1.0, 0.9])), rel=1e-3)
        assert np.all(bowl.curvatures() > 0)
    assert edge(Quadratic(np.diag([1.0, 25]), ORIGIN), ONES) == pytest.approx(0.08, rel=1e-6)


def test_best_contraction() -> None:
    """A walk at 2/(μ + L) leaves that part of the distance, and nearby rates leave more; 0.923 at κ = 25."""
    for drawn, v in draws("gradient_descent/best-contraction"):
        bowl, best = Quadratic(np.diag([v["mu"], v["L"]]), ORIGIN), 2 / (v["mu"] + v["L"])
        slow, left, fast = (
            contraction(walk(bowl.gradient, ONES, rate * best, 300), ORIGIN) for rate in (0.98, 1, 1.02)
        )
        assert drawn.answer == pytest.approx(left)
        assert left < min(slow, fast)
    assert contraction(walk(valley(25, 0.3, ORIGIN).gradient, ONES, 2 / 26, 9), ORIGIN) == pytest.approx(
        12 / 13
    )


def test_steps_for_accuracy() -> None:
    """A real walk takes that many steps."""
    for drawn, v in draws("gradient_descent/steps-for-accuracy"):
        bowl = valley(v["kappa"], 0.3, ORIGIN)
        path = until_near(bowl.gradient, ONES, ORIGIN, 2 / (v["kappa"] + 1), 10.0 ** -v["p"])
        assert abs(drawn.answer - (len(path) - 1)) <= 1


def test_noise_at_a_larger_batch() -> None:
    """Gradients of real batches at both sizes spread in that proportion."""
    rng = np.random.default_rng(0)
    X, y = sgd.noisy_plane(rng, 1000, 1.0)

    def spread(size: int) -> float:
        batches = sgd.drawn(rng, 1000, size, 800)
        return float(sgd.gradient(X[batches], y[batches], ONES)[:, 0].std())

    for drawn, v in list(draws("gradient_descent/noise-at-a-larger-batch"))[:4]:
        assert drawn.answer == pytest.approx(v["s"] * spread(v["large"]) / spread(v["small"]), rel=0.15)


def test_linear_scaling() -> None:
    """On a straight slope k steps at a rate go as far as one step at the answer."""
    for drawn, v in draws("gradient_descent/linear-scaling"):
        *_, far = walk(lambda _: ONES, ORIGIN, v["rate"], v["factor"])
        assert walk(lambda _: ONES, ORIGIN, drawn.answer, 1)[-1] == pytest.approx(far)


def test_newton_for_a_network() -> None:
    """Bytes of a real Hessian's array, scaled up from a small one."""
    small = np.zeros((1000, 1000), np.float32).nbytes
    for drawn, v in draws("gradient_descent/newton-for-a-network"):
        assert drawn.answer == np.ceil(small * (v["millions"] * 1000) ** 2 / 80e9)


def test_the_figures_of_three_rates() -> None:
    """With L = 25, 400 steps from (1, 1): 2e-28 at 1.9/L, 12.5 at 2/L, 1.6e34 at 2.1/L."""
    bowl = Quadratic(np.diag([1.0, 25]), ORIGIN)
    ends = [float(bowl.value(walk(bowl.gradient, ONES, rate / 25, 400)[-1])) for rate in (1.9, 2, 2.1)]
    assert ends == pytest.approx([1.7e-28, 12.5, 1.6e34], rel=0.05)


def test_the_figures_of_steepest_so_it_arrives() -> None:
    """From (1, 1) on ½(x² + 25y²): 43° off, 12.54 along the negative gradient, 12.74 the best way."""
    bowl, rng = Quadratic(np.diag([1.0, 25]), ORIGIN), np.random.default_rng(0)
    down = -bowl.gradient(ONES) / np.linalg.norm(bowl.gradient(ONES))
    assert np.degrees(np.arccos(-down @ ONES / np.sqrt(2))) == pytest.approx(43, abs=0.5)
    best = lowest(bowl, ONES, directions(rng, 20_000, 2), 1.0)
    falls = [float(bowl.value(ONES) - bowl.value(end)) for end in (ONES + down, best)]
    assert falls == pytest.approx([12.54, 12.74], abs=0.005)


def test_the_figures_of_smaller_is_safer() -> None:
    """κ = 10, thirty steps from (1, 1): 5 % of the loss is left at 0.1/L, 6 millionths at the best rate."""
    bowl = Quadratic(np.diag([1.0, 10]), ORIGIN)
    left = [bowl.value(walk(bowl.gradient, ONES, rate, 30)[-1]) / bowl.value(ONES) for rate in (0.01, 2 / 11)]
    assert left == pytest.approx([0.05, 6e-6], rel=0.05)


def test_the_figures_of_finds_the_global_minimum() -> None:
    """On (x² − 1)²/2 + 0.3x: from 2 to 0.914, where f = 0.288; the least is −0.311 at −1.068."""

    def f(x: Array) -> Array:
        return np.asarray((x**2 - 1) ** 2 / 2 + 0.3 * x)

    def slope(x: Array) -> Array:
        return np.asarray(2 * x**3 - 2 * x + 0.3)

    right, left = (walk(slope, np.array([x]), 0.05, 500)[-1] for x in (2.0, -2.0))
    assert [right[0], f(right)[0], left[0], f(left)[0]] == pytest.approx(
        [0.914, 0.288, -1.068, -0.311], abs=6e-4
    )


def test_the_figures_of_the_saddle() -> None:
    """80 steps from 1e-6 off the axis, 76 more from a million times nearer; on the axis it stays at ½."""
    steps = []
    for off in (1e-6, 1e-12):
        losses = saddle(walk(saddle_slope, np.array([off, 0.8]), 0.1, 200))
        steps.append(int(np.argmax(losses < 0.01)))
    assert steps == [80, 156]
    assert saddle(walk(saddle_slope, np.array([0, 0.8]), 0.1, 200)[-1]) == 0.5


def test_the_figures_of_cost_of_one_parameter() -> None:
    """From (1, 1) at 0.25: both at once to (¼, ¼), one after the other to (0.25, 0.4375)."""
    bowl = Quadratic(np.array([[2.0, 1], [1, 2]]), ORIGIN)  # w₁² + w₁·w₂ + w₂²
    assert bowl.value(ONES) == 3
    assert walk(bowl.gradient, ONES, 0.25, 1)[-1].tolist() == [0.25, 0.25]
    w = np.array([0.25, 1.0])
    assert w[1] - 0.25 * bowl.gradient(w)[1] == 0.4375


def test_the_listing_of_mini_batch_descent_runs() -> None:
    """The model answer's code finds the solution with full batches, and nearly with small ones."""
    train = listing("write-mini-batch-descent")["train"]
    assert callable(train)
    rng = np.random.default_rng(0)
    X, y = sgd.noisy_plane(rng, 300, 0.5)
    solution = least_squares(X, y).m
    assert train(X, y, np.zeros(2), 0.5, 300, 200, rng) == pytest.approx(solution)
    assert train(X, y, np.zeros(2), 0.05, 32, 50, rng) == pytest.approx(solution, abs=0.1)


def test_the_listing_of_backtracking_runs() -> None:
    """The model answer's code takes the same step as the library's, once it is given the same share."""
    backtrack = listing("write-backtracking")["backtrack"]
    assert callable(backtrack)
    bowl = valley(10, 0.3, ORIGIN)
    expected = backtracked(bowl.value, bowl.gradient, ONES, 100.0)
    assert backtrack(bowl.value, bowl.gradient, ONES, rate=100.0, c=0.5) == pytest.approx(expected)
    assert bowl.value(backtrack(bowl.value, bowl.gradient, ONES, rate=100.0)) < bowl.value(ONES)


def test_the_figures_of_backtracking() -> None:
    """With L = 10 a trial of 100 is halved nine times at most, and a rate up to 2(1 − c)/L always passes."""
    backtrack = listing("write-backtracking")["backtrack"]
    assert callable(backtrack)
    bowl, rng = Quadratic(np.diag([1.0, 10]), ORIGIN), np.random.default_rng(0)
    for start in (np.array([0.0, 1]), *rng.normal(size=(50, 2))):
        g = bowl.gradient(start)
        step = start - backtrack(bowl.value, bowl.gradient, start, rate=100.0)
        assert (step @ g) / (g @ g) >= 100 / 2**9 * (1 - 1e-9)


def test_the_figures_of_closed_form_or_descent() -> None:
    """κ(Xᵀ·X) = κ(X)²; and descent from 0 finds the solution of least norm where there are many."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 4)) * [1, 3, 9, 27], rng.normal(size=50)
    assert np.linalg.cond(X.T @ X) == pytest.approx(np.linalg.cond(X) ** 2)
    wide, few = rng.normal(size=(3, 6)), y[:3]
    bowl = least_squares(wide, few)
    end = walk(lambda w: sgd.gradient(wide, few, w), np.zeros(6), 1 / bowl.curvatures().max(), 2000)[-1]
    assert end == pytest.approx(np.linalg.lstsq(wide, few, rcond=None)[0])
    steps = len(until_near(valley(1000, 0.3, ORIGIN).gradient, ONES, ORIGIN, 2 / 1001, 1e-3)) - 1
    assert steps == 3454


def test_the_figures_of_large_batches_generalise_worse() -> None:
    """Eight steps with batches of 16 add as much noise as one of 8 times the rate with batches of 128."""
    rng = np.random.default_rng(0)
    X, y = sgd.noisy_plane(rng, 1000, 1.0)

    def noise(size: int, rate: float) -> float:
        batches = sgd.drawn(rng, 1000, size, 4000)
        return float(np.var(rate * sgd.gradient(X[batches], y[batches], ONES), axis=0).sum())

    assert noise(128, 0.8) == pytest.approx(8 * noise(16, 0.1), rel=0.1)
    assert noise(128, 0.1) == pytest.approx(8 * noise(16, 0.1) / 64, rel=0.1)


def test_the_listing_of_adam_runs() -> None:
    """η·sign g at first, 3.16 times as much uncorrected; later the weighted means of all gradients so far."""
    adam = listing("momentum-rmsprop-adam")["adam"]
    assert callable(adam)
    g, w, m, v = np.array([3.0, -0.002, 40]), np.zeros(3), np.zeros(3), np.zeros(3)
    first, m, v = adam(w, g, m, v, 1, rate=0.1)
    assert first == pytest.approx(-0.1 * np.sign(g), rel=1e-4)
    assert m / np.sqrt(v) == pytest.approx(np.sign(g) * 0.1 / np.sqrt(0.001))
    assert 0.1 / np.sqrt(0.001) == pytest.approx(3.16, abs=5e-3)
    slopes = np.random.default_rng(0).normal(size=(20, 3))
    m, v = np.zeros(3), np.zeros(3)
    for t, slope in enumerate(slopes, 1):
        last, (w, m, v) = w, adam(w, slope, m, v, t, rate=0.1)
    ages = np.arange(20)[::-1]
    mean = np.average(slopes, axis=0, weights=0.9**ages)
    square = np.average(slopes**2, axis=0, weights=0.999**ages)
    assert w - last == pytest.approx(-0.1 * mean / np.sqrt(square), rel=1e-6)


def test_the_figures_of_momentum_rmsprop_adam() -> None:
    """κ = 100: 0.980 plain and 0.818 with momentum; scaling by coordinate cures an upright valley only."""
    plain = contraction(walk(valley(100, 0, ORIGIN).gradient, ONES, 2 / 101, 9), ORIGIN)
    assert plain == pytest.approx(0.980, abs=5e-4)
    rate, beta = 4 / (1 + 10) ** 2, (9 / 11) ** 2  # Polyak's, for μ = 1 and L = 100
    steps = [np.array([[1 - rate * c, -rate * beta], [c, beta]]) for c in np.linspace(1, 100, 50)]  # (w, m)
    assert max(np.abs(np.linalg.eigvals(step)).max() for step in steps) == pytest.approx(0.818, abs=5e-4)
    m = 0.0
    for _ in range(200):
        m = 0.9 * m + 1  # a steady slope of 1
    assert m == pytest.approx(1 / (1 - 0.9))
    for angle, kappa in ((0, 1), (np.pi / 4, 100)):
        H = valley(100, angle, ORIGIN).H
        scale = np.sqrt(np.diag(H))
        assert np.linalg.cond(H / np.outer(scale, scale)) == pytest.approx(kappa)


def test_the_figures_of_why_shuffle() -> None:
    """N draws miss 37 % of N samples; the batches of an epoch, weighted by size, make the full gradient."""
    rng = np.random.default_rng(0)
    missed = [1 - len(np.unique(sgd.drawn(rng, 1000, 1, 1000))) / 1000 for _ in range(50)]
    assert np.mean(missed) == pytest.approx(np.exp(-1), abs=0.005)
    X, y = sgd.noisy_plane(rng, 512, 1.0)
    parts = [len(batch) * sgd.gradient(X[batch], y[batch], ONES) for batch in sgd.epoch(rng, 512, 100)]
    assert np.sum(parts, axis=0) / 512 == pytest.approx(sgd.gradient(X, y, ONES))
