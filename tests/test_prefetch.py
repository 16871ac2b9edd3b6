"""Evidence in the background: each demo runs once, under the first control that must break the claim too."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from dlprep.bank import Cited, Order, Question
from dlprep.demo import Claim, Control
from dlprep.errors import Where
from dlprep.evidence import Run
from dlprep.prefetch import Prefetch

CONTROLS = (Control("on-edge", "lost", ("adds-up",)), Control("two-headed", "heads", ("fair",)))
Job = tuple[str, int, "str | None"]


class FakePool:
    """Hands out futures that the test fulfils."""

    def __init__(self) -> None:
        self.jobs: dict[Job, Future[Run]] = {}
        self.closed = False

    def start(self, name: str, seed: int, control: str | None) -> Future[Run]:
        """Note a job; each may come once only."""
        assert (name, seed, control) not in self.jobs
        return self.jobs.setdefault((name, seed, control), Future())

    def finish(self, name: str, control: str | None = None, *claims: Claim, error: str = "") -> None:
        """Fulfil a job."""
        sabotage = next((each for each in CONTROLS if each.id == control), None)
        self.jobs[name, 7, control].set_result(Run(name, 7, sabotage, claims, CONTROLS, 0.1, error))

    def __exit__(self, *_: object) -> None:
        self.closed = True


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> FakePool:
    """The pool that Prefetch will get."""
    made = FakePool()
    monkeypatch.setattr("dlprep.pool.Pool", lambda _workers: made)
    return made


def citing(*names: str) -> Question:
    """A question that cites these claims."""
    here = Where("bank.yaml", 1, 1)
    cited = tuple(Cited(name.partition("/")[0], name.partition("/")[2], here) for name in names)
    return Question("t", "q", "order", "mid", False, "?", "", cited, "", Order(("1", "2")), here, {})


def fair(measured: float) -> Claim:
    """The claim, as measured."""
    return Claim("fair", "half", measured, "<=", 0.1)


def test_nothing_starts_before_it_is_wanted(pool: FakePool) -> None:
    """A question without evidence starts no process."""
    with Prefetch(7) as prefetch:
        prefetch.want(citing())
        assert prefetch.measured(citing(), 0) == []
    assert pool.jobs == {}
    assert not pool.closed


def test_the_run_and_its_control_are_started_once(pool: FakePool) -> None:
    """Wanting twice runs once; the control that must break the claim follows by itself."""
    with Prefetch(7) as prefetch:
        prefetch.want(citing("coin/fair", "coin/fair"))
        prefetch.want(citing("coin/fair"))
        assert list(pool.jobs) == [("coin", 7, None)]
        pool.finish("coin", None, fair(0.01))
        assert list(pool.jobs) == [("coin", 7, None), ("coin", 7, "two-headed")]
        pool.finish("coin", "two-headed", fair(0.5))
        (found,) = prefetch.measured(citing("coin/fair"), 0)
    assert found.claim == fair(0.01)
    assert found.control == CONTROLS[1]
    assert found.broken == fair(0.5)
    assert found.error == ""
    assert pool.closed


def test_what_is_late_is_said_to_be(pool: FakePool) -> None:
    """Patience over, the claim is missing and the reason given; without its control a claim still counts."""
    with Prefetch(7) as prefetch:
        (found,) = prefetch.measured(citing("coin/fair"), 0)
        assert (found.claim, found.error) == (None, "still being measured")
        pool.finish("coin", None, fair(0.01))
        (found,) = prefetch.measured(citing("coin/fair"), 0)
        assert (found.claim, found.broken) == (fair(0.01), None)


def test_what_fails_says_why(pool: FakePool) -> None:
    """A crash, a claim that the demo does not make, and a broken worker are evidence with an error."""
    with Prefetch(7) as prefetch:
        for name in ("coin/fair", "dice/fair", "gone/fair"):
            prefetch.want(citing(name))
        pool.finish("coin", None, error="ZeroDivisionError: no")
        pool.finish("dice", None)
        pool.jobs["gone", 7, None].set_exception(RuntimeError("the pool is closed"))
        assert [
            prefetch.measured(citing(f"{name}/fair"), 0)[0].error for name in ("coin", "dice", "gone")
        ] == [
            "ZeroDivisionError: no",
            "the demo makes no such claim",
            "still being measured",
        ]


def test_nothing_starts_after_the_end(pool: FakePool) -> None:
    """A run that ends after the quiz starts no control."""
    with Prefetch(7) as prefetch:
        prefetch.want(citing("coin/fair"))
    pool.finish("coin", None, fair(0.01))
    assert list(pool.jobs) == [("coin", 7, None)]
