"""Workers: runs come back whole from another process, and one that dies is a finding."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from dlprep import evidence, pool
from dlprep.demo import Claim
from dlprep.evidence import Run
from dlprep.pool import Pool
from tests.terminal import with_coin


def test_a_run_comes_back_as_it_was() -> None:
    """The same claims and controls as in this process; two jobs share a worker, and NumPy has one thread."""
    with Pool(1) as workers:
        jobs = [workers.submit("perceptron", 0, control) for control in (None, "frozen-bias")]
        runs = [job() for job in jobs]
    for run, control in zip(runs, (None, "frozen-bias"), strict=True):
        here = evidence.measure("perceptron", 0, control, lambda: 0.0)
        assert run.claims == here.claims
        assert (run.controls, run.control, run.error) == (here.controls, here.control, "")
    assert set(pool.ONE_THREAD.values()) == {"1"}


def test_jobs_are_lines() -> None:
    """A worker answers a line for a line; a demo that cannot run is an answer too."""
    answers = io.StringIO()
    pool.serve(io.StringIO('["no-such", 3, null]\n["no-such", 4, "x"]\n'), answers)
    first, second = map(json.loads, answers.getvalue().splitlines())
    assert (first["name"], first["seed"], first["control"]) == ("no-such", 3, None)
    assert "no demo 'no-such'" in first["error"]
    assert second["control"]["id"] == "x"


def test_numbers_of_numpy_are_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim may be made in NumPy's integers, and comes back as the number it is, as JSON too."""
    claim = Claim("count", "cells", cast("float", np.int64(3)), "==", 3)
    monkeypatch.setattr(pool, "measure", lambda *_: Run("coin", 0, None, (claim,), (), 0.0))
    answers = io.StringIO()
    pool.serve(io.StringIO('["coin", 0, null]\n'), answers)
    assert json.loads(answers.getvalue())["claims"][0]["measured"] == 3
    told = evidence.claim_json(claim, 0)
    assert json.loads(json.dumps(told)) == {**told, "measured": 3, "holds": True}


def test_a_demo_that_kills_its_process_is_reported(tmp_path: Path) -> None:
    """The run has an error, the next job gets a new worker, and what a demo prints garbles nothing."""
    env = with_coin(tmp_path)
    demos = tmp_path / "dlprep" / "demos"
    head = (
        '"""Says."""\nimport os\nfrom dataclasses import dataclass\nfrom dlprep.demo import Claim, Control\n'
        "@dataclass(frozen=True)\nclass Knobs:\n    pass\n"
        "CONTROLS = (Control('c', 's', ('a',)),)\ndef run(*_):\n"
    )
    (demos / "deadly.py").write_text(f"{head}    os._exit(3)\n")
    (demos / "chatty.py").write_text(f"{head}    print('hello')\n    yield Claim('a', 'b', 1, '==', 1)\n")
    script = (
        "from dlprep.pool import Pool\n"
        "with Pool(1) as pool:\n"
        "    jobs = [pool.submit(name, 0, None) for name in ('deadly', 'chatty', 'coin')]\n"
        "    for job in jobs:\n"
        "        run = job()\n"
        "        print(run.name, len(run.claims), run.error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **env},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout.splitlines() == ["deadly 0 the process that ran it ended", "chatty 1 ", "coin 2 "]


def test_a_closed_pool_leaves_no_process() -> None:
    """Closing waits for no job, ends the workers, and starts none for jobs that come too late."""
    begin = time.monotonic()
    with Pool(2) as workers:
        futures = [workers.start("cnn", seed, None) for seed in range(6)]
        for worker in workers._workers:
            worker._started()
        processes = [worker._process for worker in workers._workers]
    assert all(process is not None and process.returncode is not None for process in processes)
    assert time.monotonic() - begin < 10
    assert any(future.cancelled() for future in futures)
    with pytest.raises(RuntimeError):
        workers.start("cnn", 0, None)
    with pytest.raises(RuntimeError, match="closed"):
        workers._workers[0]._started()
