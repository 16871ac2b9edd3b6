"""Runs of demos in processes of their own, so that the terminal never waits for NumPy.

A worker is `python -m dlprep.pool`: it reads one job a line (a JSON list of demo, seed and control) and
answers one line a job. `dlprep verify` uses as many workers as there are processors, the quiz uses one in
the background. A demo that takes its process down with it is reported, not fatal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from queue import SimpleQueue
from threading import Lock
from types import TracebackType
from typing import Any, TextIO, final

from dlprep.demo import Claim, Control
from dlprep.evidence import Run, measure

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@final
class Pool:
    """Worker processes, as a context manager; they start with the first job and end with the block."""

    def __init__(self, workers: int) -> None:
        self._threads = ThreadPoolExecutor(workers)
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._workers = [_Worker() for _ in range(workers)]
        for worker in self._workers:
            self._idle.put(worker)

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def start(self, name: str, seed: int, control: str | None) -> Future[Run]:
        """Queue a run."""
        return self._threads.submit(self._run, name, seed, control)

    def submit(self, name: str, seed: int, control: str | None) -> Callable[[], Run]:
        """Queue a run; the result waits for it."""
        return self.start(name, seed, control).result

    def _run(self, name: str, seed: int, control: str | None) -> Run:
        worker = self._idle.get()
        try:
            return worker.run(name, seed, control)
        finally:
            self._idle.put(worker)


class _Worker:
    """One worker process and its two pipes."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._closed = False
        self._lock = Lock()  # a process must not start while the pool is being closed

    def run(self, name: str, seed: int, control: str | None) -> Run:
        process = self._started()
        try:
            print(json.dumps([name, seed, control]), file=process.stdin, flush=True)
            answer = process.stdout.readline() if process.stdout else ""
        except (OSError, ValueError):  # the process is gone, or was closed under us
            answer = ""
        if answer:
            return _run_from(json.loads(answer))
        with self._lock:
            self._process = None
        _end(process)
        sabotage = Control(control, "", ()) if control else None
        return Run(name, seed, sabotage, (), (), 0.0, "the process that ran it ended")

    def close(self) -> None:
        with self._lock:
            self._closed = True
            process, self._process = self._process, None
        if process:
            _end(process)

    def _started(self) -> subprocess.Popen[str]:
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            if self._process is None:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "dlprep.pool"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    encoding="utf-8",
                    env={**os.environ, **ONE_THREAD, "PYTHONIOENCODING": "utf-8"},
                    start_new_session=True,  # Ctrl-C is for the quiz, not for the experiment behind it
                )
            return self._process


def _end(process: subprocess.Popen[str]) -> None:
    """End a worker and leave no zombie and no open pipe."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(OSError):  # a job that it no longer reads
                pipe.close()


def _run_from(answer: dict[str, Any]) -> Run:
    controls = tuple(_control_from(control) for control in answer["controls"])
    return Run(
        name=answer["name"],
        seed=answer["seed"],
        control=_control_from(answer["control"]) if answer["control"] else None,
        claims=tuple(Claim(**claim) for claim in answer["claims"]),
        controls=controls,
        seconds=answer["seconds"],
        error=answer["error"],
    )


def _control_from(fields: dict[str, Any]) -> Control:
    return Control(fields["id"], fields["says"], tuple(fields["breaks"]))


def serve(jobs: TextIO, answers: TextIO) -> None:
    """Answer jobs until there are no more: what a worker process does."""
    for line in jobs:
        name, seed, control = json.loads(line)
        run = measure(name, seed, control, time.perf_counter)
        answer = json.dumps(asdict(run), default=float)  # a demo may claim NumPy's own kinds of number
        print(answer, file=answers, flush=True)


if __name__ == "__main__":
    own, sys.stdout = sys.stdout, sys.stderr  # a demo that prints must not garble the answers
    serve(sys.stdin, own)
