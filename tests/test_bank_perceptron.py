"""The perceptron bank's numbers, recomputed by real runs of the rule and measured margins."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from inspect import signature
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest

from dlprep.bank import Choice, Question, Rubric
from dlprep.nn import perceptron
from dlprep.nn.activations import sigmoid
from dlprep.nn.data.clouds import AND, OR, XOR, Outputs, clouds, truth_table
from dlprep.nn.perceptron import Array, Learning, affine, learn, margin, with_product
from dlprep.nn.quadratic import least_squares
from tests.banks import bank, draws

LISTING = re.compile(r"```python\n(.*?)```", re.DOTALL)


def gate(outputs: Outputs) -> tuple[Array, Array]:
    """A truth table as a perceptron sees it, constant 1 last."""
    points, y = truth_table(outputs)
    return affine(points), y


def run(outputs: Outputs, rate: float = 1, start: Sequence[float] = (0, 0, 0)) -> Learning:
    """The rule on a truth table."""
    return learn(*gate(outputs), rate, 1000, start=np.array(start, float))


def nearest(X: Array, y: Array, w: Array) -> float:
    """The margin of w, counted with the bias in its length."""
    return float((y * (X @ w)).min() / perceptron.length(w))


def question(name: str) -> Question:
    """One question of the bank."""
    [found] = [each for each in bank("perceptron").questions if each.id == name]
    return found


def listings(name: str) -> list[str]:
    """The Python code in a question and in its model answer."""
    found = question(name)
    answer = found.body.answer if isinstance(found.body, Rubric) else ""
    return LISTING.findall(found.ask) + LISTING.findall(answer)


def test_score_of_one_input() -> None:
    """The weights on the input with its constant 1; without the constant, or after the threshold, a slip."""
    for drawn, v in draws("perceptron/score-of-one-input"):
        [x], w = affine(np.array([[v["x1"], v["x2"]]])), np.array([v["w1"], v["w2"], v["b"]])
        assert drawn.accepts(x @ w)
        assert drawn.slip(x[:2] @ w[:2])
        assert drawn.slip(np.sign(x @ w))


def test_one_update() -> None:
    """A real visit leaves that score; with a frozen bias, a wrong sign or rate 1 it leaves a slip."""
    for drawn, v in draws("perceptron/one-update"):
        X, y = affine(np.array([[v["x1"], v["x2"]]])), np.array([v["y"]])
        start = np.array([v["w1"], v["w2"], v["b"]], float)
        visit = learn(X, y, v["eta"], 1, start=start)
        assert visit.wrong == [0]
        assert drawn.accepts((X @ visit.final).item())
        frozen = np.array([*visit.final[:2], v["b"]])
        for wrong in (frozen, perceptron.add(start, X[0], -v["y"], v["eta"]), start):
            assert drawn.slip((X @ wrong).item())
        if v["eta"] != 1:
            assert drawn.slip((X @ perceptron.add(start, X[0], v["y"], 1)).item())


def test_margin_of_a_boundary() -> None:
    """No point of the line, walked in small steps, is nearer to an example than the answer."""
    for drawn, v in draws("perceptron/margin-of-a-boundary"):
        w1, w2, b = v["w1"], v["w2"], v["b"]
        t = np.linspace(-12, 12, 100_001)[:, None]
        line = np.array([0, -b / w2]) + t * np.array([w2, -w1])  # (100001, 2) w·x + b = 0
        away = [np.linalg.norm(line - x, axis=1).min() for x in ([v["p"], v["q"]], [v["r"], v["t"]])]
        assert drawn.accepts(min(away))
        assert drawn.slip(max(away)) or max(away) == pytest.approx(min(away))


def test_radius_of_a_data_set() -> None:
    """The R of the library's bound, constant included."""
    for drawn, v in draws("perceptron/radius-of-a-data-set"):
        X = affine(np.array([[v["p1"], v["p2"]], [v["q1"], v["q2"]], [v["r1"], v["r2"]]]))
        assert drawn.accepts(margin(X, np.ones(3)).R)
        assert drawn.slip(min(map(perceptron.length, X)))


def test_novikoff_bound() -> None:
    """Two inputs of length R whose widest margin is m/‖u‖ have that bound, and a run keeps within it."""
    for drawn, v in draws("perceptron/novikoff-bound"):
        gamma = v["m"] / v["length"]
        across = np.sqrt(v["radius"] ** 2 - gamma**2)
        X, y = np.array([[gamma, across], [gamma, -across]]), np.ones(2)
        assert drawn.accepts(margin(X, y).bound)
        made = learn(X, y, 1, 1000, start=np.zeros(2))
        assert made.last == 0
        assert len(made.wrong) <= drawn.answer


def test_scaled_start() -> None:
    """From there, at rate 1, a run on disorderly data makes the same mistakes; from the slips, others."""
    rng = np.random.default_rng(0)
    X, y = affine(rng.normal(size=(60, 2))), rng.choice([-1.0, 1.0], 60)
    start = rng.normal(size=3)
    for drawn, v in draws("perceptron/scaled-start"):
        asked = learn(X, y, v["eta"], 20, start=v["c"] * start).wrong
        assert learn(X, y, 1, 20, start=drawn.answer * start).wrong == asked
        for factor, _ in drawn.slips:
            assert learn(X, y, 1, 20, start=factor * start).wrong != asked


def test_looks_until_done() -> None:
    """With one mistake in each pass but the last, every example is looked at that often."""
    X, y = np.eye(3), np.ones(3)
    for drawn, v in draws("perceptron/looks-until-done"):
        late = learn(X, y, 1, v["m"] + 2, start=np.array([1.0 - v["m"], 1, 1]))
        assert late.passes == [1] * v["m"] + [0]
        assert drawn.accepts(v["n"] * len(late.passes))
    assert len(run(AND).passes) == 9


def test_products_or_kernel() -> None:
    """So many mistakes fit into plan A's numbers, and no more; its features have the kernel named."""
    for drawn, v in draws("perceptron/products-or-kernel"):
        d = v["d"]
        plan = 1 + d + sum(range(d))  # the bias, the inputs, and each input with every earlier one
        kept = np.arange(d) * (d + 1)  # numbers of plan B after 0, 1, … mistakes
        assert drawn.accepts(np.searchsorted(kept, plan, side="right") - 1)
    assert with_product(np.ones((1, 2))).size == 1 + 2 + sum(range(2))
    X = np.random.default_rng(0).integers(2, size=(6, 5)).astype(float)
    first, second = np.triu_indices(5, 1)
    features = np.column_stack([affine(X), X[:, first] * X[:, second]])
    s = X @ X.T
    assert features @ features.T == pytest.approx(1 + s + s * (s - 1) / 2)


def test_published_check_values() -> None:
    """(R/γ)² is 51 for AND and 27 for OR; one update is w + η·y·x where y·(w·x) ≤ 0, else nothing."""
    assert margin(*gate(AND)).bound == pytest.approx(51)
    assert margin(*gate(OR)).bound == pytest.approx(27)
    X, y = np.array([[1.0, 2, 1]]), np.array([-1.0])
    assert learn(X, y, 0.5, 1, start=np.zeros(3)).final.tolist() == [-0.5, -1, -0.5]
    assert learn(X, y, 0.5, 1, start=np.array([-1.0, 0, 0])).final.tolist() == [-1, 0, 0]


def test_figures_of_and() -> None:
    """18 mistakes, up to 22 in other orders; from (1, 1, 1) 19 at rate 1, 94 at 1/64; at 0.1 in floats 8."""
    X, y = gate(AND)
    made = run(AND)
    assert len(made.wrong) == 18
    assert made.final.tolist() == [3, 2, -4]
    orders = {len(learn(X[[*o]], y[[*o]], 1, 99, start=np.zeros(3)).wrong) for o in permutations(range(4))}
    assert max(orders) == 22
    assert [len(run(AND, rate, (1, 1, 1)).wrong) for rate in (1, 1 / 64)] == [19, 94]
    assert len(run(AND, 0.1).wrong) == 8
    assert run(AND, 0.01).wrong == made.wrong
    scores = [float(run(AND, rate).final @ X[3]) for rate in (1, 0.01)]
    assert scores == pytest.approx([1, 0.01])
    assert sigmoid(np.array(scores)).round(2).tolist() == [0.73, 0.5]


def test_figures_of_margins() -> None:
    """AND ends at 0.186 of 0.243, in the plane 0.277 of 0.354; OR happens to end at its best, 1/3."""
    X, y = gate(AND)
    found, best = run(AND).final, np.array([2.0, 2, -3])
    assert nearest(X, y, found) == pytest.approx(0.186, abs=5e-4)
    assert nearest(X, y, best) == pytest.approx(margin(X, y).gamma)
    assert margin(X, y).gamma == pytest.approx(0.243, abs=5e-4)
    plane = [nearest(X, y, w) * perceptron.length(w) / perceptron.length(w[:2]) for w in (found, best)]
    assert plane == pytest.approx([0.277, 0.354], abs=5e-4)
    either = margin(*gate(OR)).gamma
    assert either == pytest.approx(1 / 3)
    assert nearest(*gate(OR), run(OR).final) == pytest.approx(either)


def test_figures_of_xor() -> None:
    """Four mistakes a pass and back to zero; with the product 29, in pass 12, at 2x₁ + 2x₂ − 5x₁x₂ − 1."""
    circling = run(XOR)
    assert set(circling.passes) == {4}
    assert all(not w.any() for w in circling.weights[::4])
    points, y = truth_table(XOR)
    bent = learn(with_product(points), y, 1, 1000, start=np.zeros(4))
    assert (len(bent.wrong), len(bent.passes)) == (29, 12)
    assert bent.final.tolist() == [2, 2, -5, -1]


def test_figures_of_a_badly_scaled_feature() -> None:
    """AND with 10·x₁: the ceiling is 1,330 and 499 mistakes are made; all inputs times 10 change neither."""
    X, y = gate(AND)
    tall = X * [10, 1, 1]
    assert margin(tall, y).bound == pytest.approx(1330, abs=0.5)
    assert len(learn(tall, y, 1, 1000, start=np.zeros(3)).wrong) == 499
    assert margin(10 * X, y).bound == pytest.approx(51)
    assert margin(X.repeat(3, axis=0), y.repeat(3)).bound == pytest.approx(51)


def separable(n: int) -> int:
    """How many of the functions of n bits one threshold unit computes: those a long run learns."""
    X = affine(np.array([*product((0, 1), repeat=n)], float))
    tables = (np.array(table) for table in product((-1.0, 1.0), repeat=len(X)))
    return sum(learn(X, y, 1, 60, start=np.zeros(n + 1)).last == 0 for y in tables)


def test_figures_of_which_functions() -> None:
    """14 of the 16 functions of two bits, and 104 of the 256 of three."""
    assert [separable(2), separable(3)] == [14, 104]


def test_options_of_which_functions() -> None:
    """Exactly the right options are learnt with a clean pass."""
    tables: dict[str, Callable[..., bool]] = {
        "NAND": lambda a, b: not (a and b),
        "x₁ AND NOT x₂": lambda a, b: a and not b,
        "Equality": lambda a, b: a == b,
        "Majority": lambda a, b, c: a + b + c >= 2,
        "Odd parity": lambda a, b, c: (a + b + c) % 2 == 1,
    }
    body = question("which-functions").body
    assert isinstance(body, Choice)
    for option in body.options:
        [(name, table)] = [item for item in tables.items() if option.text.startswith(item[0])]
        bits = [*product((0, 1), repeat=len(signature(table).parameters))]
        y = np.array([1.0 if table(*row) else -1.0 for row in bits])
        made = learn(affine(np.array(bits, float)), y, 1, 200, start=np.zeros(len(bits[0]) + 1))
        assert (made.last == 0) == option.right, name


def test_options_of_the_xor_output() -> None:
    """Of the output units, in the options' order, exactly the right ones make XOR of the two hidden ones."""
    points, y = truth_table(XOR)
    h1, h2 = (points.sum(axis=1) > threshold for threshold in (0.5, 1.5))
    h = np.column_stack([h1, h2]).astype(float)
    fires = (h @ [1, 1] > 0.5, h @ [1, -1] > 0.5, h @ [1, 1] < 1.5, h @ [2, -3] > 1, h @ [-1, 1] > -0.5)
    body = question("xor-output-unit").body
    assert isinstance(body, Choice)
    assert [option.right for option in body.options] == [bool((f == (y > 0)).all()) for f in fires]


def test_figures_of_threshold_networks() -> None:
    """Nine numbers make XOR, thresholds half way between the sums; moving any by 0.01 changes no output."""
    points, y = truth_table(XOR)

    def outputs(numbers: Array) -> Array:
        hidden = affine(points) @ numbers[:6].reshape(3, 2) > 0  # (4, 2)
        return np.asarray(affine(hidden.astype(float)) @ numbers[6:] > 0)

    numbers = np.array([1, 1, 1, 1, -0.5, -1.5, 1, -1, -0.5])
    assert (outputs(numbers) == (y > 0)).all()
    for move in 0.01 * np.vstack([np.eye(9), -np.eye(9)]):
        assert (outputs(numbers + move) == outputs(numbers)).all()


def test_figures_of_the_delta_rule() -> None:
    """Least squares on 0, 1, 2 and 10 gives 2 a score of −0.22; on XOR the solution is w = 0."""
    w = least_squares(affine(np.array([[0.0], [1], [2], [10]])), np.array([-1.0, -1, 1, 1])).m
    assert affine(np.array([[2.0]])) @ w == pytest.approx(-0.22, abs=5e-3)
    assert least_squares(*gate(XOR)).m == pytest.approx(np.zeros(3))


def test_figures_of_three_classifiers() -> None:
    """At m = 0.5 the losses are 0, 0.5 and 0.47, and log loss pulls with 0.38."""
    assert np.logaddexp(0, -0.5) == pytest.approx(0.47, abs=5e-3)
    assert float(sigmoid(np.array(-0.5))) == pytest.approx(0.38, abs=5e-3)


def test_figures_of_averaging() -> None:
    """Lazy sums: w − s/(n + 1) is the mean of all weights passed through, the zero start included."""
    X, y = clouds(3, 40, 0.01)
    X, w, s, seen = affine(X), np.zeros(3), np.zeros(3), [np.zeros(3)]
    for c, (x, label) in enumerate(zip(X, y, strict=True), start=1):
        if label * (w @ x) <= 0:
            w, s = w + label * x, s + c * label * x
        seen.append(w)
    assert w - s / (len(X) + 1) == pytest.approx(np.mean(seen, axis=0))


def test_without_the_constant() -> None:
    """AND without a bias never ends, since (0, 0) always scores 0."""
    points, y = truth_table(AND)
    assert min(learn(points, y, 1, 300, start=np.zeros(2)).passes) >= 1


def test_every_listing_is_run() -> None:
    """No other question has Python code."""
    found = [each.id for each in bank("perceptron").questions if listings(each.id)]
    assert found == ["write-fit-and-predict", "clean-at-once"]


def test_the_listing_of_clean_at_once_runs() -> None:
    """It leaves XOR after one pass with w = 0; with `<=` it learns AND as it should, and never XOR."""
    [code] = listings("clean-at-once")
    for outputs, test, clean in ((XOR, "<", True), (AND, "<=", True), (XOR, "<=", False)):
        names: dict[str, Any] = {"np": np, "data": [*zip(*gate(outputs), strict=True)]}
        exec(code.replace("< 0", f"{test} 0"), names)  # noqa: S102  our own bank's code
        assert (names["mistakes"] == 0) == clean
        if test == "<":
            assert names["epoch"] == 0
            assert not np.any(names["w"])
        if (outputs, test) == (AND, "<="):
            assert np.array_equal(names["w"], run(AND).final)


def test_the_listing_of_fit_and_predict_runs() -> None:
    """As the library does it: AND in 18 mistakes, XOR never clean, with the product clean; so is a cloud."""
    [code] = listings("write-fit-and-predict")
    names: dict[str, Any] = {"np": np}
    exec(code, names)  # noqa: S102  our own bank's code
    fit, predict = names["fit"], names["predict"]
    points, y = truth_table(AND)
    w, clean = fit(points, y)
    assert clean
    assert w.tolist() == run(AND).final.tolist() == [3, 2, -4]
    assert predict(w, points).tolist() == y.tolist()
    points, y = truth_table(XOR)
    assert not fit(points, y, passes=200)[1]
    with_third = with_product(points)[:, :3]
    w, clean = fit(with_third, y)
    assert clean
    assert predict(w, with_third).tolist() == y.tolist()
    points, y = clouds(0, 60, 0.08)
    w, clean = fit(points, y)
    assert clean
    assert (predict(w, points) == y).all()
    zeros_and_ones = (truth_table(AND)[1] > 0).astype(float)
    assert not fit(truth_table(AND)[0], zeros_and_ones)[1]  # the silent fault that `why` names


def joint(X: Array, labels: Sequence[int], classes: int, passes: int) -> tuple[list[Array], list[int]]:
    """The rule for several classes: the weights (classes, d) after each mistake, and the mistakes a pass."""
    W, made = [np.zeros((classes, X.shape[1]))], []
    for _ in range(passes):
        before = len(W)
        for x, t in zip(X, labels, strict=True):
            scores = W[-1] @ x
            rival = max((c for c in range(classes) if c != t), key=lambda c: scores[c])
            if scores[t] <= scores[rival]:
                step = np.zeros_like(W[-1])
                step[t], step[rival] = x, -x
                W.append(W[-1] + step)
        made.append(len(W) - before)
        if made[-1] == 0:
            break
    return W, made


def test_figures_of_more_than_two_classes() -> None:
    """At −1, 0, 1 the joint rule ends after 13 mistakes, one-vs-rest never; the bound is 2·(R/γ)²."""
    X, labels = affine(np.array([[-1.0], [0], [1]])), [0, 1, 2]
    W, made = joint(X, labels, 3, 100)
    assert made[-1] == 0
    assert sum(made) == 13
    assert (X @ W[-1].T).argmax(axis=1).tolist() == labels
    assert min(learn(X, np.array([-1.0, 1, -1]), 1, 1000, start=np.zeros(2)).passes) >= 1
    by_hand = affine(np.array([[-1.0], [0], [1]])) @ np.array([[-1.0, 0, 1], [0, 0.5, 0]])  # −x, ½, x
    assert by_hand.argmax(axis=1).tolist() == labels
    pairs = [(x, t, c) for x, t in zip(X, labels, strict=True) for c in range(3) if c != t]
    rows = np.zeros((len(pairs), 3, 2))
    for row, (x, t, c) in zip(rows, pairs, strict=True):
        row[t], row[c] = x, -x
    stacked = margin(rows.reshape(len(pairs), 6), np.ones(len(pairs)))
    R = max(map(perceptron.length, X))
    assert stacked.bound == pytest.approx(2 * (R / stacked.gamma) ** 2)
    assert sum(made) <= stacked.bound


def most_mistakes(order: Sequence[int]) -> int:
    """At −1, 0, 1 in this order, the joint rule's most mistakes, every way to break ties being tried."""
    points, most = affine(np.array([[-1.0], [0], [1]])), 0
    waiting, seen = [((0.0,) * 6, 0, 0, 0)], set()  # weights, place in the pass, mistakes in it and in all
    while waiting:
        state = waiting.pop()
        flat, place, here, made = state
        if state in seen or (place == 3 and here == 0):
            continue
        seen.add(state)
        assert made < 100
        if place == 3:
            place = here = 0
        t, W = order[place], np.array(flat).reshape(3, 2)
        scores = W @ points[t]
        rivals = [c for c in range(3) if c != t and scores[c] == np.delete(scores, t).max() >= scores[t]]
        for c in rivals:
            moved = W.copy()
            moved[t] += points[t]
            moved[c] -= points[t]
            waiting.append((tuple(moved.ravel().tolist()), place + 1, here + 1, made + 1))
            most = max(most, made + 1)
        if not rivals:
            waiting.append((flat, place + 1, here, made))
    return most


def test_the_joint_rule_makes_at_most_13_mistakes() -> None:
    """In each of the six orders, however ties are broken."""
    assert max(map(most_mistakes, permutations(range(3)))) == 13


def test_two_classes_are_the_ordinary_rule() -> None:
    """With K = 2 only w₁ − w₂ decides, moves by ±2x, and errs when the ordinary weights do."""
    X, y = gate(AND)
    W, made = joint(X, [0 if label > 0 else 1 for label in y], 2, 100)
    assert made == run(AND).passes
    between = [w[0] - w[1] for w in W]
    assert all(np.array_equal(d, 2 * w) for d, w in zip(between, run(AND).weights, strict=True))
