"""The hyperparameters bank's numbers, recomputed by doing what they are about."""

from __future__ import annotations

import math
from collections import Counter
from itertools import count, product

import numpy as np
import pytest

from dlprep.bank import Rubric
from dlprep.demo import Claim
from dlprep.demos.hyperparameters import Knobs, run
from dlprep.nn import mlp, search, tunable
from dlprep.nn.tunable import Labelled
from tests.banks import bank, draws


def test_share_below() -> None:
    """A hundred thousand learning rates drawn log-uniformly fall as the answer says."""
    for drawn, v in draws("hyperparameters/share-below"):
        rates = search.log_uniform(np.random.default_rng(0), 10.0 ** v["a"], 10.0 ** v["b"], 100_000)
        assert drawn.answer == pytest.approx(100 * (rates < 10.0 ** v["t"]).mean(), abs=1)


def test_grid_size() -> None:
    """Every combination of values and folds, listed."""
    for drawn, v in draws("hyperparameters/grid-size"):
        models = product(*[range(v["v"])] * v["d"], range(v["folds"]))
        assert drawn.answer == sum(1 for _ in models)


def test_trials_needed() -> None:
    """The first number of trials whose chance, by multiplying misses, is enough; 59 for 0.95 and 5 %."""
    for drawn, v in draws("hyperparameters/trials-needed"):
        assert drawn.answer == next(n for n in count(1) if 1 - math.prod([1 - v["q"]] * n) >= v["c"])
        assert drawn.answer == search.trials(v["c"], v["q"])
    assert search.trials(0.95, 0.05) == 59


def test_steps_of_a_run() -> None:
    """As many as there are batches to go through."""
    for drawn, v in draws("hyperparameters/steps-of-a-run"):
        epoch = range(0, v["n"], v["batch"])
        assert drawn.answer == sum(1 for _ in product(range(v["epochs"]), epoch))


def test_linear_scaling_rule() -> None:
    """Of the answer and its slips, the answer takes one step nearest to where the small steps lead."""
    for drawn, v in draws("hyperparameters/linear-scaling-rule"):
        rates = (
            np.array([drawn.answer, *(wrong for wrong, _ in drawn.slips)]) / 20
        )  # well below 2 / curvature
        rng = np.random.default_rng(0)
        assert tunable.misses(rng, v["k"], v["lr"] / 20, rates).argmin() == 0


def test_nested_cross_validation() -> None:
    """Counted one model after another."""
    for drawn, v in draws("hyperparameters/nested-cross-validation"):
        trained: Counter[str] = Counter()
        for _ in range(v["outer"]):
            trained["search"] += sum(1 for _ in product(range(v["configs"]), range(v["inner"])))
            trained["winner"] += 1
        assert drawn.answer == trained.total()


def test_noise_between_runs() -> None:
    """The spread of the difference of two means, over many repeated comparisons."""
    for drawn, v in draws("hyperparameters/noise-between-runs"):
        runs = np.random.default_rng(0).normal(80, v["sd"], (2, 20_000, v["runs"]))
        first, second = runs.mean(axis=2)
        assert drawn.answer == pytest.approx((first - second).std(), rel=0.03)


def test_halving_budget() -> None:
    """A real search takes as many epochs; the slip about checkpoints is what resuming takes."""
    for drawn, v in draws("hyperparameters/halving-budget"):
        rungs = search.successive_halving(v["eta"] ** v["m"], v["r"], v["eta"], lambda alive, _: alive)
        assert drawn.answer == search.cost(rungs)
        assert drawn.slip(search.resumed_cost(rungs)).startswith("That resumes")


def test_the_figures_of_the_races() -> None:
    """32 rates with η = 2: 192 steps from scratch, 112 resumed, 1,024 for all in full."""
    rungs = search.successive_halving(32, 1, 2, lambda alive, _: alive)
    assert (search.cost(rungs), search.resumed_cost(rungs), 32 * rungs[-1].steps) == (192, 112, 1024)


def test_the_figures_of_the_coin_tosses() -> None:
    """The mean best of 1, 10, 100 and 1,000 is 0.50, 0.57, 0.62 and 0.65 on 100 rows."""
    means = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(2, 100, 100))
        seen, held = (Labelled(x, np.sign(rng.normal(size=100))) for x in X)
        W = tunable.subset_classifiers(rng, seen, search.log_uniform(rng, 0.1, 1000, 1000), 5)
        scores = tunable.accuracy(W, held)
        means.append([search.best_of(scores, k) for k in (1, 10, 100, 1000)])
    assert np.mean(means, axis=0) == pytest.approx([0.50, 0.57, 0.62, 0.65], abs=0.008)


def test_the_figures_of_the_demo() -> None:
    """What answers quote as averages over seeds, from the claims at a dozen of them."""
    found: dict[str, list[float]] = {}
    for seed in range(12):
        for event in run(seed, Knobs()):
            if isinstance(event, Claim):
                found.setdefault(event.id, []).append(event.measured)
    mean = {name: float(np.mean(numbers)) for name, numbers in found.items()}
    assert mean["training-cannot-choose"] == pytest.approx(2.5, abs=0.4)
    assert mean["random-beats-grid"] == pytest.approx(0.82 - 0.44, abs=0.015)
    assert mean["equal-axes-no-edge"] == pytest.approx(0.73 - 0.85, abs=0.01)
    assert mean["sixty-trials"] == pytest.approx(0.954, abs=0.005)
    assert mean["halving-saves"] == pytest.approx(5, abs=0.7)
    noisy = [event for seed in range(12) for event in run(seed, Knobs(noise=3.0))]
    leads = [e.measured for e in noisy if isinstance(e, Claim) and e.id == "halving-saves"]
    assert np.mean(leads) == pytest.approx(1.2, abs=0.1)
    assert mean["linear-scaling"] == pytest.approx(0.05, abs=0.015)
    assert min(found["scaling-ends"]) > 1.5


def test_the_best_of_k_standard_normals() -> None:
    """1.5, 2.5 and 3.2 standard deviations for 10, 100 and 1,000; 1.9 for 20 seeds."""
    draws_ = np.random.default_rng(0).normal(size=(3000, 1000))
    found = [draws_[:, :k].max(axis=1).mean() for k in (10, 20, 100, 1000)]
    assert found == pytest.approx([1.5, 1.9, 2.5, 3.2], abs=0.06)


def code_of(name: str) -> str:
    """The fenced code in an answer."""
    [body] = [question.body for question in bank("hyperparameters").questions if question.id == name]
    assert isinstance(body, Rubric)
    return body.answer.split("```")[1]


def test_the_random_search_of_the_answer_runs() -> None:
    """It finds the better configurations, and a diverged run does not win."""
    names: dict[str, object] = {"np": np}
    exec(code_of("implement-random-search"), names)  # noqa: S102  our own answer

    def validate(config: dict[str, float]) -> float:
        lr = config["lr"]
        return math.nan if lr > 1e-2 else -abs(math.log10(lr) + 3)

    (score, best), trials = names["search"](dict, validate, 60, 0)  # type: ignore[operator]  # just defined
    assert len(trials) == 60
    assert score == max(score for score, _ in trials)
    assert 5e-4 < best["lr"] < 2e-3


def test_the_halving_of_the_answer_is_ours() -> None:
    """It keeps the same winner and trains for as many epochs, NaN and all."""
    names: dict[str, object] = {"np": np}
    exec(code_of("implement-successive-halving"), names)  # noqa: S102  our own answer
    spent = []

    def loss(config: int, epochs: int) -> float:
        spent.append(epochs)
        return math.nan if config == 5 else abs(config - 20)

    assert names["halving"](range(32), 1, 2, loss) == 20  # type: ignore[operator]  # just defined
    assert sum(spent) == 192


def test_figures_by_hand() -> None:
    """What else the answers say in numbers."""
    assert (1 + math.cos(math.pi / 4)) / 2 == pytest.approx(0.854, abs=5e-4)  # cosine after a quarter
    assert pytest.approx(0.72, abs=5e-3) == 1 - 0.95**25
    assert pytest.approx(0.26, abs=5e-3) == 5 * 0.05 / 0.95  # columns that meet the best 5 %
    assert math.log(1e7) / math.log(1.1) == pytest.approx(170, abs=2)  # batches of a range test
    assert pytest.approx(11_000, rel=0.02) == 9.9999 / 0.0009  # one draw in so many is below 0.001
    assert 8 * 72 / 6 == 96  # full runs in three days
    assert 64 / 16 + 16 / 4 + 4 == 12  # a bracket of the staff answer, in full runs
    assert math.ceil(60 / 8) == 8  # slots for sixty full runs
    assert 0.4 * math.sqrt(2 / 5) == pytest.approx(0.25, abs=5e-3)
    assert 2 * 0.4 * math.sqrt(2 / 5) > 0.3


def test_columns_meet_the_best_interval() -> None:
    """An interval of 5 % that lies wholly on the axis holds one of five columns in 26 of 100 cases."""
    left = np.random.default_rng(0).uniform(0, 0.95, 100_000)
    column = search.grid(5)[::5, 0]  # (5,)
    met = [(left <= c) & (c <= left + 0.05) for c in column]
    assert np.any(met, axis=0).mean() == pytest.approx(0.26, abs=0.01)


def test_the_expected_improvements() -> None:
    """0.008 for 0.80 ± 0.02 and 0.015 for 0.79 ± 0.05, over the best score of 0.80."""
    scores = np.random.default_rng(0).normal((0.80, 0.79), (0.02, 0.05), (200_000, 2))
    gains = np.maximum(scores - 0.80, 0).mean(axis=0)
    assert gains == pytest.approx([0.008, 0.015], abs=5e-4)


def test_more_rows_flatter_less() -> None:
    """With 2,000 validation rows the best of 1,000 coin-toss models scores about 0.53."""
    events = [event for seed in range(6) for event in run(seed, Knobs(rows=2000))]
    best = [e.measured for e in events if isinstance(e, Claim) and e.id == "tuning-inflates"]
    assert np.mean(best) == pytest.approx(0.534, abs=0.005)


def test_the_figures_of_how_many_layers_and_units() -> None:
    """784 inputs, two hidden layers of 256 or of 512, 10 outputs."""
    sizes = [mlp.flat(mlp.init(np.random.default_rng(0), (784, h, h, 10))).size for h in (256, 512)]
    assert sizes == [269_322, 669_706]


def test_the_figures_of_early_stopping() -> None:
    """Flat checks: no new best in three after ten with chance 10/13; the best of 100 is 2.5 deviations up."""
    scores = np.random.default_rng(0).normal(size=(40_000, 100))
    silent = scores[:, :10].max(axis=1) > scores[:, 10:13].max(axis=1)
    assert silent.mean() == pytest.approx(10 / 13, abs=0.01)
    assert silent.mean() == pytest.approx(0.77, abs=0.01)
    assert 0.5 * scores.max(axis=1).mean() == pytest.approx(1.25, abs=0.01)
    rate, curvature = 1e-3, 0.1  # the part of the way to the minimum, by descent and by ridge
    for steps in (10, 100):
        ridge = curvature / (curvature + 1 / (rate * steps))
        assert 1 - (1 - rate * curvature) ** steps == pytest.approx(ridge, rel=0.01)


def test_the_figures_of_schedules_and_warm_up() -> None:
    """Cosine stands at half the peak half-way, and at 2.4 % after 90 %."""
    rates = [(1 + math.cos(math.pi * t)) / 2 for t in (0, 0.5, 0.9, 1)]
    assert rates == pytest.approx([1, 0.5, 0.024, 0], abs=5e-4)
