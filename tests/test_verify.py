"""`dlprep verify`: claims must hold, controls must break, and a script can rely on the answer."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from dlprep import demo
from dlprep.commands import verify
from dlprep.errors import DlprepError
from tests.terminal import Terminal, piped, with_coin

CLAIM = {"id", "says", "measured", "relation", "bound", "holds", "seed"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of dlprep with the coin, and beside it a false claim, a control without effect and a crash."""
    made = tmp_path_factory.mktemp("verify")
    with_coin(made)
    demos = made / "dlprep" / "demos"
    source = (demos / "coin.py").read_text()
    (demos / "loaded.py").write_text(source.replace('"<=", 0.1)', '"<=", 0.0001)'))  # no coin is that fair
    (demos / "harmless.py").write_text(source.replace('1.0 if control == "two-headed" else ', ""))
    (demos / "broken.py").write_text(source.replace("heads = tails = 0", "heads = tails = 1 // 0"))
    return made


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """`dlprep verify ARGS` in the copy."""
    return piped("verify", *args, env={"PYTHONPATH": str(folder)}, cwd=folder)


def test_what_works_is_exit_code_0(folder: Path) -> None:
    """Each claim with its numbers, each control in a line, a verdict, and nothing on standard error."""
    done = run(folder, "coin", "coin")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("✓ heads are half of all") == 1
    assert "✓ control two-headed breaks fair" in done.stdout
    assert "2 claims, 2 controls: all hold, and each control breaks what it must" in done.stdout


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("loaded", "broken"),
        ("harmless", "FAILED to break fair"),
        ("broken", "the run ended with ZeroDivisionError"),
    ],
)
def test_what_fails_is_exit_code_1(folder: Path, name: str, told: str) -> None:
    """A claim that does not hold, a control that breaks nothing, a crash: each is told and counts."""
    done = run(folder, name)
    assert (done.returncode, done.stderr) == (1, "")
    assert told in done.stdout
    assert "not all as it must be" in done.stdout


def test_json_is_the_documented_document(folder: Path) -> None:
    """Alone on its stream; every claim at every seed, every control with what it measured."""
    done = run(folder, "coin", "harmless", "--seeds", "0,5", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    document = json.loads(done.stdout)
    assert set(document) == {"schema", "holds", "demos"}
    assert (document["schema"], document["holds"]) == (1, False)
    coin, harmless = document["demos"]
    assert (coin["name"], harmless["name"]) == ("coin", "harmless")
    assert set(coin) == {"name", "seconds", "claims", "controls"}
    assert [(claim["id"], claim["seed"]) for claim in coin["claims"]] == [
        ("fair", 0),
        ("adds-up", 0),
        ("fair", 5),
        ("adds-up", 5),
    ]
    assert all(set(claim) == CLAIM for claim in coin["claims"])
    assert all(
        set(control) == {"id", "says", "breaks", "claims", "works", "seed"} for control in coin["controls"]
    )
    assert [control["works"] for control in coin["controls"]] == [True] * 4
    assert [control["works"] for control in harmless["controls"]] == [False, True] * 2
    assert run(folder, "coin", "--json").returncode == 0


def test_every_demo_is_verified_unless_some_are_named(folder: Path) -> None:
    """Without names: all of them, the copies of the coin among them, and the shipped ones work."""
    shipped = ("backprop", "cnn", "perceptron")
    for file in (folder / "dlprep" / "demos").glob("*.py"):
        if file.stem in demo.names() and file.stem not in shipped:
            file.unlink()
    done = run(folder, "--json")
    assert done.returncode == 1
    names = [each["name"] for each in json.loads(done.stdout)["demos"]]
    assert set(names) == {"coin", "loaded", "harmless", "broken", *shipped}
    assert names == sorted(names)
    wrong = {"loaded", "harmless", "broken"}
    for each in json.loads(done.stdout)["demos"]:
        holds = all(claim["holds"] for claim in each["claims"]) and bool(each["claims"])
        works = all(control["works"] for control in each["controls"])
        assert (holds and works) is (each["name"] not in wrong), each["name"]


def test_progress_is_for_terminals_only(folder: Path) -> None:
    """A line on standard error while it runs, wiped at the end; a pipe got none above."""
    with Terminal(
        "verify", "coin", "harmless", "--json", env={"PYTHONPATH": str(folder)}, cwd=folder, rows=200
    ) as t:
        assert t.wait() == 1
        assert b"1 of 2 demos" in t.raw
        assert "of 2 demos" not in t.text


@pytest.mark.parametrize("text", ["", "x", "1,", "-1", "1.5", "0 1", "9999999999"])
def test_seeds_are_whole_numbers_with_commas(text: str) -> None:
    """Anything else is refused with an example."""
    with pytest.raises(DlprepError, match="cannot be") as refused:
        verify.seeds(text)
    assert "0,1,2,3" in refused.value.hint
    assert verify.seeds("0, 3,12") == [0, 3, 12]


def test_a_missing_numpy_is_a_finding(tmp_path: Path) -> None:
    """Exit code 1, and what to install, where demos cannot be imported."""
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "__init__.py").write_text("raise ImportError('no numpy here')\n")
    done = piped("verify", "perceptron", env={"PYTHONPATH": str(tmp_path)}, cwd=Path(os.sep))
    assert done.returncode == 1
    assert "no numpy here; demos need NumPy: python -m pip install numpy" in " ".join(done.stdout.split())
