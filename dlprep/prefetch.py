"""The evidence of the question on screen, measured in the background while the user thinks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, final

from dlprep.bank import Question

if TYPE_CHECKING:  # all this is imported with the first job, after the question is on the screen
    from concurrent.futures import Future

    from dlprep.demo import Claim, Control
    from dlprep.evidence import Run
    from dlprep.pool import Pool

Key = tuple[str, "str | None"]  # a demo, and a control or None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A cited claim as measured, and how it fared under a control that must break it.

    `claim` is None where the demo could not measure it; `error` then says why.
    """

    topic: str
    cited: str
    claim: Claim | None
    control: Control | None = None
    broken: Claim | None = None
    error: str = ""


@final
class Prefetch:
    """Measures the claims that questions cite, each demo once, in a process of its own; a context manager."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._pool: Pool | None = None
        self._over = False
        self._runs: dict[Key, Future[Run]] = {}

    def __enter__(self) -> Prefetch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over = True
        if self._pool:
            self._pool.__exit__(kind, error, trace)

    def want(self, question: Question) -> None:
        """Start measuring what a question cites."""
        for cited in question.evidence:
            self._start(cited.topic, None).add_done_callback(_then(self._sabotage, cited.claim))

    def measured(self, question: Question, patience: float) -> list[Evidence]:
        """The evidence of a question, waiting at most `patience` seconds for each run that is not done."""
        found: list[Evidence] = []
        for cited in question.evidence:
            run = _result(self._start(cited.topic, None), patience)
            if run is None:
                found.append(Evidence(cited.topic, cited.claim, None, error="still being measured"))
                continue
            claim, control = run.claim(cited.claim), _breaking(run.controls, cited.claim)
            sabotaged = _result(self._start(cited.topic, control.id), patience) if control else None
            broken = sabotaged.claim(cited.claim) if sabotaged else None
            error = run.error or ("" if claim else "the demo makes no such claim")
            found.append(Evidence(cited.topic, cited.claim, claim, control, broken, error))
        return found

    def _sabotage(self, run: Run, claim: str) -> None:
        control = _breaking(run.controls, claim)
        if control and not self._over:
            with suppress(RuntimeError):  # the quiz ended at this very moment
                self._start(run.name, control.id)

    def _start(self, name: str, control: str | None) -> Future[Run]:
        if self._pool is None:
            from dlprep.pool import Pool

            self._pool = Pool(1)
        key = (name, control)
        if key not in self._runs:
            self._runs[key] = self._pool.start(name, self._seed, control)
        return self._runs[key]


def _breaking(controls: Sequence[Control], claim: str) -> Control | None:
    """The first control that must break a claim."""
    return next((control for control in controls if claim in control.breaks), None)


def _then(act: Callable[[Run, str], None], claim: str) -> Callable[[Future[Run]], None]:
    """A callback for a future that acts on its run and a claim, if it came to one."""

    def done(future: Future[Run]) -> None:
        if not future.cancelled() and not future.exception():
            act(future.result(), claim)

    return done


def _result(future: Future[Run], patience: float) -> Run | None:
    try:
        return future.result(patience)
    except Exception:  # noqa: BLE001  too late, cancelled or crashed: the quiz goes on without it
        return None
