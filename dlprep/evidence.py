"""Running demos headless: their claims, and whether each control breaks what it says it breaks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dlprep import demo
from dlprep.demo import Claim, Control

Clock = Callable[[], float]  # seconds


@dataclass(frozen=True, slots=True)
class Run:
    """One headless run: the claims it measured, or the error that ended it.

    `control` is None for the true run, whose `controls` say what else there is to run.
    """

    name: str
    seed: int
    control: Control | None
    claims: tuple[Claim, ...]
    controls: tuple[Control, ...]
    seconds: float
    error: str = ""

    @property
    def works(self) -> bool:
        """Whether every claim holds; of a control's run, whether it broke every claim it says it breaks."""
        if self.error or not self.claims:
            return False
        if self.control is None:
            return all(claim.holds for claim in self.claims)
        return not self.unbroken

    @property
    def unbroken(self) -> tuple[str, ...]:
        """The claims that the control should have broken and did not."""
        broken = {claim.id for claim in self.claims if not claim.holds}
        return tuple(claim for claim in (self.control.breaks if self.control else ()) if claim not in broken)

    def claim(self, wanted: str) -> Claim | None:
        """The claim of that id, if it was measured."""
        return next((claim for claim in self.claims if claim.id == wanted), None)


def measure(name: str, seed: int, control: str | None, clock: Clock) -> Run:
    """Run a demo with its default knobs and keep its claims; a crash becomes the run's error."""
    start = clock()
    sabotage = Control(control, "", ()) if control else None
    try:
        found = demo.load(name)
        sabotage = found.control(control) if control else None
        claims = [event for event in found.run(seed, found.knobs(), control) if isinstance(event, Claim)]
    except Exception as crash:  # noqa: BLE001  whatever a demo raises is a finding about that demo
        return Run(name, seed, sabotage, (), (), clock() - start, why(crash))
    return Run(name, seed, sabotage, tuple(claims), found.controls, clock() - start)


def why(crash: Exception) -> str:
    """Why a demo did not run, in one line."""
    if isinstance(crash, ImportError):
        told = str(crash).strip() or "cannot be imported"
        return f"{told.splitlines()[0]}; demos need NumPy: python -m pip install numpy"
    return f"{type(crash).__name__}: {crash}"


def verify(names: Iterable[str], seeds: Iterable[int], submit: Submit) -> Iterator[list[Run]]:
    """For each demo, its true run at every seed and every control at every seed, true runs first."""
    seeds = tuple(seeds)
    true = {name: [submit(name, seed, None) for seed in seeds] for name in names}
    sabotaged = {
        name: [submit(name, run.seed, c.id) for run in (job() for job in jobs) for c in run.controls]
        for name, jobs in true.items()
    }
    for name, jobs in true.items():
        yield [job() for job in (*jobs, *sabotaged[name])]


Submit = Callable[[str, int, "str | None"], Callable[[], Run]]  # starts a run; the result waits for it


def document(reports: Iterable[list[Run]]) -> dict[str, Any]:
    """What `dlprep verify --json` prints."""
    demos = [_report(runs) for runs in reports]
    return {"schema": 1, "holds": all(d.pop("_holds") for d in demos), "demos": demos}


def claim_json(claim: Claim, seed: int) -> dict[str, Any]:
    """A claim for a JSON document; a number that is not finite becomes null."""
    return {
        "id": claim.id,
        "says": claim.says,
        "measured": finite(claim.measured),
        "relation": claim.relation,
        "bound": finite(claim.bound),
        "holds": bool(claim.holds),
        "seed": seed,
    }


def finite(value: float) -> float | None:
    """A number that JSON can hold, or None; NumPy's own kinds become plain ones."""
    plain = value if isinstance(value, (int, float)) else float(value)
    return plain if math.isfinite(plain) else None


def _report(runs: list[Run]) -> dict[str, Any]:
    true = [run for run in runs if run.control is None]
    errors = [f"seed {run.seed}: {run.error}" for run in runs if run.error]
    return {
        "_holds": all(run.works for run in runs),
        "name": runs[0].name,
        "seconds": round(sum(run.seconds for run in runs), 3),
        "claims": [claim_json(claim, run.seed) for run in true for claim in run.claims],
        "controls": [
            {
                "id": run.control.id,
                "says": run.control.says,
                "breaks": list(run.control.breaks),
                "claims": [claim_json(claim, run.seed) for claim in run.claims],
                "works": run.works,
                "seed": run.seed,
            }
            for run in runs
            if run.control
        ],
        **({"errors": errors} if errors else {}),
    }
