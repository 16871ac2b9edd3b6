"""Runs of demos as data: when a run works, what it is worth without its controls, and the JSON of it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from itertools import count

import pytest

from dlprep import evidence
from dlprep.demo import Claim, Control
from dlprep.evidence import Run

FAIR = Claim("fair", "heads are half", 0.02, "<=", 0.1)
UNFAIR = Claim("fair", "heads are half", 0.5, "<=", 0.1)
ADDS_UP = Claim("adds-up", "all are counted", 0, "==", 0)
TWO_HEADED = Control("two-headed", "heads on both sides", ("fair",))


def run(*claims: Claim, control: Control | None = None, error: str = "", seed: int = 0) -> Run:
    """A run of the coin with these claims."""
    return Run("coin", seed, control, claims, (TWO_HEADED,), 0.25, error)


def test_a_true_run_works_when_all_claims_hold() -> None:
    """One broken claim, an error, or nothing claimed at all, and it does not."""
    assert run(FAIR, ADDS_UP).works
    assert not run(UNFAIR, ADDS_UP).works
    assert not run(FAIR, error="ZeroDivisionError: no").works
    assert not run().works


def test_a_control_works_when_it_breaks_what_it_says() -> None:
    """Every claim it names must be measured and broken; what else holds or breaks does not matter."""
    assert run(UNFAIR, ADDS_UP, control=TWO_HEADED).works
    assert not run(FAIR, ADDS_UP, control=TWO_HEADED).works
    assert not run(ADDS_UP, control=TWO_HEADED).works
    assert run(FAIR, control=TWO_HEADED).unbroken == ("fair",)


def test_a_nan_breaks_a_claim() -> None:
    """No relation holds for NaN, so a run that came to NaN does not work."""
    assert not run(Claim("fair", "", math.nan, "<=", 0.1)).works
    assert not run(Claim("fair", "", 0.1, "!=", math.nan)).works


def test_a_real_demo_is_measured() -> None:
    """The perceptron's claims hold; under a control those it names break; time is the clock's."""
    ticks = count()
    true = evidence.measure("perceptron", 0, None, lambda: float(next(ticks)))
    assert true.works
    assert true.seconds == 1
    assert true.controls
    control = true.controls[0]
    sabotaged = evidence.measure("perceptron", 0, control.id, lambda: 0.0)
    assert sabotaged.works
    assert sabotaged.control == control
    assert {claim.id for claim in sabotaged.claims if not claim.holds} >= set(control.breaks)
    assert true.claim(control.breaks[0]) is not None
    assert true.claim("no-such-claim") is None


@pytest.mark.parametrize(
    ("name", "control", "told"),
    [("no-such-demo", None, "no-such-demo"), ("perceptron", "no-such-control", "no-such-control")],
)
def test_what_cannot_run_is_a_run_with_an_error(name: str, control: str | None, told: str) -> None:
    """A missing demo or control does not raise: it is a finding."""
    failed = evidence.measure(name, 0, control, lambda: 0.0)
    assert told in failed.error
    assert not failed.works


def test_why_a_demo_did_not_run_is_one_line() -> None:
    """A missing NumPy is told with what to install, anything else by its kind."""
    assert evidence.why(ImportError("no numpy\nread this")).startswith(
        "no numpy; demos need NumPy: python -m"
    )
    assert evidence.why(ImportError()).startswith("cannot be imported; ")
    assert evidence.why(ValueError("bad")) == "ValueError: bad"


def submitter(
    asked: list[tuple[str, int, str | None]],
) -> Callable[[str, int, str | None], Callable[[], Run]]:
    """Starts runs of the coin at once, and notes them."""

    def submit(name: str, seed: int, control: str | None) -> Callable[[], Run]:
        asked.append((name, seed, control))
        done = run(UNFAIR if control else FAIR, control=TWO_HEADED if control else None, seed=seed)
        return lambda: done

    return submit


def test_verify_runs_every_control_at_every_seed() -> None:
    """True runs first, all of them started before any control; a report for each demo."""
    asked: list[tuple[str, int, str | None]] = []
    reports = list(evidence.verify(["coin", "dice"], [0, 1], submitter(asked)))
    assert asked[:4] == [("coin", 0, None), ("coin", 1, None), ("dice", 0, None), ("dice", 1, None)]
    assert sorted(asked[4:]) == [(n, s, "two-headed") for n in ("coin", "dice") for s in (0, 1)]
    assert [[one.control for one in report] for report in reports] == [
        [None, None, TWO_HEADED, TWO_HEADED]
    ] * 2


def test_the_document() -> None:
    """Its keys; `holds` is false when a control failed; numbers that JSON has not are null."""
    broken = run(Claim("fair", "heads are half", math.nan, "<=", math.inf), control=TWO_HEADED)
    failed = run(FAIR, control=TWO_HEADED, seed=1)
    document = json.loads(json.dumps(evidence.document([[run(FAIR), broken, failed]]), allow_nan=False))
    assert set(document) == {"schema", "holds", "demos"}
    assert document["holds"] is False
    (coin,) = document["demos"]
    assert set(coin) == {"name", "seconds", "claims", "controls"}
    assert coin["seconds"] == 0.75
    assert coin["claims"] == [
        {
            "id": "fair",
            "says": "heads are half",
            "measured": 0.02,
            "relation": "<=",
            "bound": 0.1,
            "holds": True,
            "seed": 0,
        }
    ]
    assert [control["works"] for control in coin["controls"]] == [True, False]
    first = coin["controls"][0]
    assert set(first) == {"id", "says", "breaks", "claims", "works", "seed"}
    assert (first["claims"][0]["measured"], first["claims"][0]["bound"]) == (None, None)
    assert evidence.document([[run(FAIR), broken]])["holds"] is True
    crashed = evidence.document([[run(error="ValueError: no", seed=3)]])
    assert crashed["holds"] is False
    assert crashed["demos"][0]["errors"] == ["seed 3: ValueError: no"]
