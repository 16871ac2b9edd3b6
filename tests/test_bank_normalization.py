"""The normalisation bank's numbers, recomputed from real scalers and descents, and its texts' figures."""

from __future__ import annotations

import numpy as np

from dlprep.demo import Claim
from dlprep.demos.normalization import Knobs, run
from dlprep.nn import dense
from dlprep.nn.quadratic import Quadratic, least_squares, walk
from dlprep.nn.scaling import Running, minmax, robust, welford, whitening, zscore
from tests.banks import draws

rng = np.random.default_rng(0)
WHITE = rng.normal(size=(400, 2))
WHITE = whitening(WHITE).transform(WHITE)  # uncorrelated, mean 0, deviation 1: to rounding


def test_z_score_of_a_test_row() -> None:
    """A scaler fitted to a column of that mean and deviation."""
    for drawn, v in draws("normalization/z-score-of-a-test-row"):
        scaler = zscore(np.array([[v["mean"] - v["sd"]], [v["mean"] + v["sd"]]], float))
        assert np.isclose(drawn.answer, scaler.transform(np.array([[v["mean"] + v["away"]]])))


def test_min_max_of_a_new_row() -> None:
    """A scaler fitted to a column of that range; a new row beyond it comes out above 1."""
    for drawn, v in draws("normalization/min-max-of-a-new-row"):
        scaled = minmax(np.array([[v["low"]], [v["high"]]], float)).transform(np.array([[v["x"]]], float))
        assert np.isclose(drawn.answer, scaled)
        assert scaled > 1


def test_condition_number() -> None:
    """Curvatures of a real least-squares loss."""
    for drawn, v in draws("normalization/condition-number"):
        low, high = least_squares(WHITE * [1, v["ratio"]], WHITE[:, 0]).curvatures()
        assert np.isclose(drawn.answer, high / low)


def test_correlated_inputs() -> None:
    """z-scores of two columns that correlate by r."""
    for drawn, v in draws("normalization/correlated-inputs"):
        X = 7 + 3 * WHITE @ np.linalg.cholesky([[1, v["r"]], [v["r"], 1]]).T
        Z = zscore(X).transform(X)
        assert np.isclose(drawn.answer, np.linalg.cond(Z.T @ Z))


def test_steps_from_kappa() -> None:
    """A descent of one step after another, from a start off along the flattest direction."""
    for drawn, v in draws("normalization/steps-from-kappa"):
        bowl = Quadratic(np.diag([1, v["kappa"]]).astype(float), np.array([1.0, 0.0]))
        path = walk(bowl.gradient, np.zeros(2), 1 / v["kappa"], int(drawn.answer) + 1)
        left = bowl.value(path) / bowl.value(path[0])
        assert drawn.answer == int((left > v["share"]).sum())


def test_undo_coefficient() -> None:
    """Regressions on z-scored and on raw columns of those deviations."""
    for drawn, v in draws("normalization/undo-coefficient"):
        x = v["sj"] * WHITE[:, 0]
        y = v["sy"] * (v["beta"] * WHITE[:, 0] + np.sqrt(1 - v["beta"] ** 2) * WHITE[:, 1])
        assert np.isclose(drawn.answer, np.polyfit(x, y, 1)[0])
        assert np.isclose(v["beta"], np.polyfit(x / x.std(), y / y.std(), 1)[0])
        w, _ = zscore(x[:, None]).raw_weights(np.array([v["beta"]]), 0.0)
        assert np.isclose(w, v["beta"] / v["sj"])


def test_leaked_deviation() -> None:
    """The two sets' statistics merged, and a scaler fitted to rows that have them."""
    for drawn, v in draws("normalization/leaked-deviation"):
        sets = ((v["n1"], 50, v["s1"]), (v["n2"], v["m2"], v["s2"]))
        first, second = (Running(n, np.array([m]), np.array([n * s**2])) for n, m, s in sets)
        assert np.isclose(drawn.answer, np.sqrt(first.merge(second).variance))
        column = np.concatenate([m + s * np.resize([-1, 1], n) for n, m, s in sets])
        assert np.isclose(drawn.answer, zscore(column[:, None]).scale)


def test_sparse_memory() -> None:
    """One sparse row becomes wholly dense when it is centred, at 4 bytes a number."""
    for drawn, v in draws("normalization/sparse-memory"):
        X = np.zeros((2, v["columns"]), np.float32)
        X[0] = 3
        centred = zscore(X).transform(X).astype(np.float32)
        assert centred.all()
        assert np.isclose(drawn.answer * 1e9, centred.nbytes / len(X) * v["rows"] * 1e6)


def test_figures_of_the_texts() -> None:
    """What the answers say the demo measures is what it measures, at any of some seeds."""
    for seed in range(6):
        claims = {e.id: e.measured for e in run(seed, Knobs()) if isinstance(e, Claim)}
        assert 5e11 < claims["raw-stuck"] < 3e12
        assert 25 < claims["condition-falls"] < 60
        assert 10 < claims["steps-fall"] < 40
        assert claims["per-feature-keeps-signal"] > 0.97
        assert 0.55 < claims["per-sample-loses-magnitude"] < 0.72
        assert 0.3 < claims["refit-hurts"] < 0.45
        assert 4 < claims["zscore-unbounded"] < 13
        assert 0.7 < claims["ridge-moves"] < 2


def test_one_typing_error() -> None:
    """The ceiling of a z-score, and what an income typed 1,000 times too large leaves of the others."""
    x = np.sort(rng.lognormal(8.4, 0.6, 500))[:, None]
    wrong = np.where(x == x.max(), 1000 * x, x)
    left = [
        np.ptp(fit(wrong).transform(wrong)[100:400]) / np.ptp(fit(x).transform(x)[100:400])
        for fit in (minmax, zscore, robust)
    ]
    assert left[0] < 0.0011
    assert 0.002 < left[1] < 0.004
    assert left[2] == 1
    assert 22.3 < zscore(wrong).transform(wrong).max() <= np.sqrt(499)
    ten = np.append(np.zeros(9), 1e9)[:, None]
    assert zscore(ten).transform(ten).max() <= 3 + 1e-12


def test_one_pass_by_sums_drowns() -> None:
    """Float64 numbers near 10¹⁶ lie 2 apart, and the variance of readings near 10⁸ is lost in them."""
    x = rng.normal(1e8, 1, (300, 1))
    assert np.spacing(1e16) == 2
    assert abs(np.square(x).mean() - x.mean() ** 2 - x.var()) > 1e-3
    assert abs(welford(x).variance - x.var()) < 1e-6
    assert not welford(np.full((7, 1), 0.1)).variance
    assert 0 < np.full(7, 0.1).std() < 1e-16


def test_rare_columns_left_uncentred() -> None:
    """Their means, each small beside its deviation, add up to one curvature of about the entries per row."""
    X = np.where(rng.random((4000, 500)) < 20 / 500, 1.0, 0.0)
    centre, scale = zscore(X)
    assert (centre / scale).max() < 0.3
    assert 18 < np.square(centre / scale).sum() < 23
    top = np.linalg.eigvalsh((X / scale).T @ (X / scale) / len(X))[-1]
    assert 18 < top < 25
    assert np.linalg.eigvalsh(np.corrcoef(X.T))[-1] < 2


def test_units_before_pca() -> None:
    """Three columns of those deviations, correlated: raw, the first component is income."""
    correlations = np.array([[1, 0.5, 0.3], [0.5, 1, 0.2], [0.3, 0.2, 1]])
    scale = np.array([12_000, 15, 0.01])
    variances, axes = np.linalg.eigh(correlations * np.outer(scale, scale))
    assert variances[-1] > 0.9999 * variances.sum()
    assert abs(axes[0, -1]) > 0.999
    assert abs(axes[2, 0]) > 0.999
    assert np.linalg.eigvalsh(correlations)[-1] < 0.7 * 3


def test_a_skewed_tail() -> None:
    """Of incomes such as the demo's, about one in sixty lies three deviations above the mean."""
    x = rng.lognormal(8.4, 0.6, 200_000)
    assert 50 < 1 / np.mean(x > x.mean() + 3 * x.std()) < 70


def test_the_figures_of_what_batch_norm_computes() -> None:
    """Two rows come out as ±1; a batch's mean strays by half a deviation at 4, by a sixteenth at 256."""
    Z = dense.standardise(rng.normal(size=(2, 50)) * 1000)
    assert np.allclose(np.sort(Z, axis=0), [[-1], [1]])
    for size, strays in ((4, 1 / 2), (256, 1 / 16)):
        assert np.isclose(rng.normal(size=(4000, size)).mean(axis=1).std(), strays, rtol=0.05)


def test_the_figures_of_prepare_a_mixed_table() -> None:
    """64,000 weights as one-hot, 17,024 through an embedding; on a circle all hours are 0.26 apart."""
    direct, code, wide = np.empty((1000, 64)), np.empty((1000, 16)), np.empty((16, 64))
    assert direct.size == 64_000
    assert code.size + wide.size == 17_024
    angles = 2 * np.pi * np.arange(24) / 24
    hours = np.column_stack([np.sin(angles), np.cos(angles)])
    apart = np.linalg.norm(hours - np.roll(hours, 1, axis=0), axis=1)  # the first against hour 23
    assert np.allclose(apart, 0.26, atol=5e-3)
