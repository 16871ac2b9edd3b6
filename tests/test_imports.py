"""What a command wakes: heavy libraries are imported by what needs them, and by nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.terminal import piped

ZOO = str(Path(__file__).parent / "zoo.yaml")
# Runs dlprep as `python -c` and says at its end which of the heavy libraries were imported.
SPY = """
import sys
from dlprep.cli import main
heavy = "typer rich yaml numpy readline sqlite3 fsrs pydantic click rich.markdown".split()
code = main(sys.argv[1:])
print("woke", *(name for name in heavy if name in sys.modules), file=sys.stderr)
sys.exit(code)
"""


def woken(home: Path, *args: str, stdin: str = "") -> tuple[set[str], str]:
    """The heavy libraries that a run of dlprep imported, and what it printed."""
    done = piped(
        *args, stdin=stdin, env={"DLPREP_HOME": str(home)}, program=(sys.executable, "-c", SPY), cwd=home
    )
    assert done.returncode in (0, 2), done.stderr
    return set(done.stderr.splitlines()[-1].split()[1:]), done.stdout


def test_the_version_wakes_nothing(tmp_path: Path) -> None:
    """`--version` imports neither Typer nor Rich nor YAML nor NumPy."""
    assert woken(tmp_path, "--version")[0] == set()


@pytest.mark.parametrize(
    "words",
    [
        "topics",
        "topics --json",
        "--help",
        "demo",
        "schema",
        "new attention --to .",
        "show zoo --bank ZOO --no-run",
        "check ZOO --no-run",
    ],
)
def test_reading_wakes_no_numpy(tmp_path: Path, words: str) -> None:
    """Whatever shows no demo leaves NumPy asleep, and nothing ever imports what we banned."""
    names, out = woken(tmp_path, *(word.replace("ZOO", ZOO) for word in words.split()))
    assert out
    assert names <= {"typer", "rich", "yaml"}


def test_a_quiz_wakes_no_numpy_even_for_evidence(tmp_path: Path) -> None:
    """The first question wakes none, and its evidence is measured by another process."""
    names, out = woken(tmp_path, "quiz", "perceptron", "--seed", "1")
    assert "1 of 10" in out
    assert names <= {"typer", "rich", "yaml", "sqlite3"}
    bank = tmp_path / "cites.yaml"
    bank.write_text(
        "title: T\nsummary: S\nquestions:\n  - id: one\n    kind: numeric\n    level: mid\n"
        "    ask: Three and four?\n    answer: 3 + 4\n    why: So it is.\n"
        "    evidence: perceptron/mistakes-bounded\n"
    )
    names, out = woken(tmp_path, "quiz", "cites", "--bank", str(bank), stdin="7\n")
    assert "measured just now" in out
    assert "broken, as it must be" in out
    assert names <= {"typer", "rich", "yaml", "sqlite3", "fsrs"}


@pytest.mark.parametrize("words", ["quiz --only weak", "plan", ""])
def test_what_was_remembered_before_needs_no_replay(tmp_path: Path, words: str) -> None:
    """After a session the next start, whatever it shows, finds the states and leaves fsrs asleep."""
    woken(tmp_path, "quiz", "zoo/parameters", "--bank", ZOO, stdin="1000\n")
    names, out = woken(tmp_path, *words.split())
    assert out or words == "plan"
    assert "fsrs" not in names
