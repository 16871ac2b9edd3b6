"""The quiz without a terminal: a line an answer, from a pipe, a file or nowhere."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dlprep import library
from dlprep.cli import main
from tests.terminal import piped, without_numpy

ZOO = Path(__file__).parent / "zoo.yaml"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without banks or history, 80 columns wide."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "DLPREP_BANKS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DLPREP_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")


def quiz(monkeypatch: pytest.MonkeyPatch, capsys: Capture, answers: str, *args: str) -> tuple[int, str, str]:
    """The exit code, output and errors of a quiz on the zoo with these lines on standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
    code = main(["quiz", "zoo", "--bank", str(ZOO), *args])
    out, err = capsys.readouterr()
    return (
        code,
        out,
        "\n".join(line for line in err.splitlines() if not line.startswith("dlprep: problems in")),
    )


@pytest.mark.parametrize(
    ("kind", "level", "answer", "told"),
    [
        ("numeric", "mid", "1e3", "✓ right"),
        ("numeric", "mid", "1,000 parameters", "✓ right"),
        ("numeric", "mid", "2000/2", "✓ right"),
        ("numeric", "mid", "990", "That leaves out the biases."),
        ("numeric", "senior", "75%", "✓ right"),
        ("numeric", "senior", "3/4", "✓ right"),
        ("recall", "senior", "far fewer parameters; a shifted input shifts the output", "2 of 2 points"),
        ("refute", "staff", "I cannot say", "0 of 1 points"),
    ],
)
def test_a_line_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, kind: str, level: str, answer: str, told: str
) -> None:
    """A number in any of its spellings, or words, in one line; the answer is echoed behind its prompt."""
    code, out, err = quiz(monkeypatch, capsys, f"{answer}\n", "--kind", kind, "--level", level)
    assert (code, err) == (0, "")
    assert told in out
    assert f" › {answer}\n" in out
    assert "Next: dlprep" in out


@pytest.mark.parametrize(("level", "pattern"), [("junior", "{0}"), ("mid", "{0}{1}"), ("mid", "{1}, {0}")])
def test_letters_answer_a_choice(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, level: str, pattern: str
) -> None:
    """A letter, or several with or without commas; a seed asks the same again, so letters can be known."""
    args = ("--kind", "choice", "--level", level, "--seed", "5")
    _, out, _ = quiz(monkeypatch, capsys, "", *args)
    right = re.findall(r"^ +([abc])  (?:A c|C|Dense)onvolution$|^ +([abc])  Dense$", out, re.MULTILINE)
    letters = [a or b for a, b in right]
    code, out, _ = quiz(monkeypatch, capsys, pattern.format(*letters).upper() + "\n", *args)
    assert code == 0
    assert "✓ right" in out
    assert re.search(r"✓ [abc]  .*onvolution \(yours\)", out)


def test_an_order_is_a_line_of_numbers(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """The numbers with or without spaces; each step is told whether it was in its place."""
    args = ("--kind", "order", "--seed", "1")
    _, out, _ = quiz(monkeypatch, capsys, "", *args)
    places = [re.search(rf"^ +(\d)  {step}$", out, re.MULTILINE) for step in ("Forward pass", "Loss")]
    rest = [re.search(rf"^ +(\d)  {step}$", out, re.MULTILINE) for step in ("Backward pass", "Update")]
    numbers = [place[1] for place in (*places, *rest) if place]
    _, out, _ = quiz(monkeypatch, capsys, " ".join(numbers) + "\n", *args)
    assert "✓ right" in out
    swapped = [numbers[1], numbers[0], *numbers[2:]]
    _, out, _ = quiz(monkeypatch, capsys, "".join(swapped) + "\n", *args, "--only", "all")
    assert "✗ wrong" in out
    assert [len(re.findall(sign + r" \d", out)) for sign in "✓✗"] == [2, 2]


def test_what_cannot_be_read_is_asked_again(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """Unreadable, empty and hostile lines are no answers; the next line is."""
    lines = "\nmany\n12 px\n\x1b[31m9\n1/0\n1000\n"
    code, out, _ = quiz(monkeypatch, capsys, lines, "--kind", "numeric", "--level", "mid")
    assert code == 0
    assert out.count("is not a number I can read, in parameters") == 5
    assert "✓ right" in out
    assert "1 of 1 right" in out
    assert "\x1b" not in out


def test_help_skip_and_quit(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """`?` explains, `s` skips and `q` ends, as lines; answers after it are left alone."""
    code, out, _ = quiz(monkeypatch, capsys, "?\ns\nq\n1000\n", "--kind", "numeric")
    assert code == 0
    assert "s skips the question" in out
    assert "2 of 2" in out
    assert "Nothing answered." in out


def test_an_early_end_keeps_what_was_answered(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """The end of input ends the session as q does, with a summary."""
    code, out, err = quiz(monkeypatch, capsys, "5\n", "--kind", "numeric")
    assert (code, err) == (0, "")
    assert "0 of 1 right" in out


def test_no_input_at_all_says_what_to_do() -> None:
    """From /dev/null or a closed input: one sentence, exit code 2, no traceback."""
    for closed in ("", "exec <&-; "):
        program = ("sh", "-c", f'{closed}exec "$@"', "sh", sys.executable, "-m", "dlprep")
        done = piped("quiz", "zoo", "--bank", str(ZOO), program=program)
        assert done.returncode == 2
        assert "standard input holds no answer that can be read" in done.stderr
        assert "printf" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_seed_repeats_the_session(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """The same seed asks the same; --count limits it; every kind is asked once of seven."""
    sessions = [quiz(monkeypatch, capsys, "s\n" * 7, "--seed", seed)[1] for seed in ("1", "1", "2")]
    assert sessions[0] == sessions[1] != sessions[2]
    assert "7 of 7" in sessions[0]
    assert "3 of 3" in quiz(monkeypatch, capsys, "s\n" * 3, "-n", "3")[1]


def test_filters(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """--core, --kind and --level narrow down; together too far is exit code 2 with the way out."""
    assert "zoo · choice · junior" in quiz(monkeypatch, capsys, "", "--core")[1]
    both = quiz(monkeypatch, capsys, "s\ns\n", "--kind", "recall", "--kind", "refute")[1]
    assert "zoo · recall" in both
    assert "zoo · refute" in both
    code, out, err = quiz(monkeypatch, capsys, "", "--core", "--level", "staff")
    assert (code, out) == (2, "")
    assert "no question is left with these filters" in err


def test_a_bank_deleted_meanwhile_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, tmp_path: Path
) -> None:
    """The session goes on from memory: the bank is read once, before the first question."""
    bank = tmp_path / "zoo.yaml"
    bank.write_bytes(ZOO.read_bytes())

    def answers() -> Iterator[str]:
        """Lines, the bank being gone by the first."""
        bank.unlink()
        yield from ["s\n"] * 7

    lines = answers()
    stdin = io.StringIO()
    monkeypatch.setattr(stdin, "readline", lambda: next(lines, ""))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert main(["quiz", "zoo", "--bank", str(bank)]) == 0
    assert not bank.exists()
    assert "7 of 7" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["choice", "numeric", "recall", "refute", "order"])
def test_shipped_questions_can_be_asked(monkeypatch: pytest.MonkeyPatch, capsys: Capture, kind: str) -> None:
    """Three of each kind from the banks that come with dlprep are shown and skipped."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("s\n" * 3))
    assert main(["quiz", "--kind", kind, "-n", "3", "--seed", "4"]) == 0
    out, _ = capsys.readouterr()
    assert f" · {kind} · " in out
    assert "\x1b" not in out


def test_evidence_is_measured_without_numpy_in_this_process(tmp_path: Path) -> None:
    """NumPy broken: the quiz asks, marks and explains, and says in a line why nothing was measured."""
    bank = without_numpy(tmp_path)
    done = piped("quiz", "cites", "--bank", str(bank), stdin="7\n", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 0
    assert "✓ right  the answer is 7" in done.stdout
    assert "So it is." in done.stdout
    assert "no numpy here; demos need NumPy: python -m pip install numpy" in " ".join(done.stdout.split())
    assert "Traceback" not in done.stderr + done.stdout


def test_a_question_can_be_asked_by_name(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """`quiz zoo/ID` asks that one alone, and once, even if the topic is named too."""
    names = [question.name for question in library.find([ZOO]).topic("zoo").questions]

    def asked(*args: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        code = main(["quiz", "--bank", str(ZOO), *args])
        return code, "".join(capsys.readouterr())

    assert " 1 of 1 " in asked(names[0])[1]
    assert " 1 of 2 " in asked(*names[:2], names[0])[1]
    assert f" 1 of {len(names)} " in asked(names[0], "zoo", "-n", "99")[1]
    code, told = asked(f"{names[0]}x")
    assert code == 2
    assert f"did you mean {names[0]}?" in told


def test_words_are_asked_for_and_how_they_count_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """An empty line is no answer; the points that were mentioned count, and that is told."""
    _, out, _ = quiz(monkeypatch, capsys, "\nfar fewer parameters\n", "--kind", "recall", "-n", "1")
    assert "say it in a few words, or type s to skip" in out
    assert "counted are the points that your words mention" in out
