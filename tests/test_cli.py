"""The command line: exit codes, errors, help, and nothing a terminal could obey where nobody wants it."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dlprep import __version__
from dlprep.cli import main
from tests.terminal import DLPREP, environment

ZOO = str(Path(__file__).parent / "zoo.yaml")
COMMANDS = (
    *("quiz", "plan", "stats", "demo", "topics", "show", "history", "doctor"),
    *("check", "verify", "new", "schema"),
)
# What a terminal could obey or be fooled by: controls but newline and tab, C1, bidi marks, surrogates.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
HOSTILE = (
    "\x1b]0;owned\x07",
    "\x1b[31mred",
    "a\x9b31mb",
    "\x1b]8;;file:///etc/passwd\x1b\\link",
    "\u202egnp.exe",
    "caf\udce9",
    "two\rlines",
)
LITERAL = (
    "[/foo]",
    "[red]x[/red]",
    "x[i]",
    "<pad>",
    "__init__",
    "a*b*c",
    ":x:",
    "[link=file:///etc/passwd]p",
)
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without banks or history, 80 columns wide, at home, nothing on standard input."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "DLPREP_BANKS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DLPREP_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    monkeypatch.chdir(tmp_path)  # `new` writes into the checkout when one stands in it


def dlprep(capsys: Capture, *args: str) -> tuple[int, str, str]:
    """The exit code, output and errors of `dlprep ARGS`, run in this process."""
    code = main(args)
    return (code, *capsys.readouterr())


def shell(script: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A line of bash in which "$@" is dlprep; a pipe fails as its first part does."""
    words = ["bash", "-c", f"set -o pipefail; {script}", "bash", *DLPREP]
    return subprocess.run(
        words, capture_output=True, encoding="utf-8", env=environment(env), timeout=30, check=False
    )


# ── help and version ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_narrow_and_has_an_example(capsys: Capture, command: str) -> None:
    """-h and --help say the same, on standard output, in at most 100 columns, with an example first."""
    words = [command] if command else []
    code, out, err = dlprep(capsys, *words, "-h")
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 100
    assert out.index("dlprep quiz" if not command else "Example: dlprep") < out.index("Options:")
    assert dlprep(capsys, *words, "--help") == (code, out, err)


def test_exit_codes_are_documented(capsys: Capture) -> None:
    """The help names every exit code there is."""
    told = " ".join(dlprep(capsys, "--help")[1].split())
    assert "0 done, 1 ran and found problems, 2 could not run, 130 interrupted, 143 terminated" in told


def test_the_help_names_every_command(capsys: Capture) -> None:
    """Each with a line about it."""
    out = dlprep(capsys, "--help")[1]
    assert all(f"  {command} " in out for command in COMMANDS)


def test_bare_dlprep_says_what_to_type(capsys: Capture) -> None:
    """Without arguments: what there is and three commands; exit code 0, and no question."""
    code, out, err = dlprep(capsys)
    assert (code, err) == (0, "")
    assert out.count("   dlprep ") == 3


@pytest.mark.parametrize("args", [("--version",), ("-V",), ("--version", "--debug")])
def test_version(capsys: Capture, args: tuple[str, ...]) -> None:
    """It is printed, and that is all."""
    assert dlprep(capsys, *args) == (0, f"dlprep {__version__}\n", "")


# ── wrong usage ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("quizz", "Did you mean 'quiz'?"),
        ("quiz --sed 1", "--seed"),
        ("quiz --kind choise", "'choice'"),
        ("quiz --level boss", "'staff'"),
        ("quiz -n 0", "x>=1"),
        ("quiz -n many", "'many'"),
        ("quiz backpropp", "did you mean backprop?"),
        ("quiz --bank nowhere.yaml", "nowhere.yaml does not exist"),
        ("show", "TOPIC"),
        ("show perceptro", "did you mean perceptron?"),
        ("show perceptron/no-such-question", "there is no question 'perceptron/no-such-question'"),
        ("show zoo/stepps --bank ZOO", "did you mean zoo/steps?"),
        ("verify perceptrn", "did you mean perceptron?"),
        ("verify --seeds one", "0,1,2,3"),
        ("verify --seeds 1,,2", "0,1,2,3"),
        ("check nowhere", "nowhere does not exist"),
        ("check --format yaml", "'github'"),
        ("new Attention", "'Attention' cannot name a topic"),
        ("new ../escape", "cannot name a topic"),
        ("topics --color red", "'always'"),
        ("--nonsense", "No such option"),
    ],
)
def test_wrong_usage_is_exit_code_2(capsys: Capture, words: str, told: str) -> None:
    """What was wrong, and what was meant, on standard error; standard output stays empty."""
    code, out, err = dlprep(capsys, *words.replace("ZOO", ZOO).split())
    assert (code, out) == (2, "")
    assert told in err


def test_findings_are_exit_code_1(capsys: Capture, tmp_path: Path) -> None:
    """A bank with a problem is told on standard output, where the work's result belongs; a good one is 0."""
    bad = tmp_path / "bad.yaml"
    bad.write_text("title: T\nsumary: S\nquestions: []\n")
    code, out, err = dlprep(capsys, "check", str(bad), ZOO, "--no-run")
    assert (code, err) == (1, "")
    assert "did you mean `summary`?" in out
    assert "in 1 of 2 banks" in out
    assert dlprep(capsys, "check", ZOO, "--no-run")[0] == 0


def test_a_bug_is_one_sentence(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw is exit code 1 and a line; --debug shows where."""

    def broken() -> None:
        raise ZeroDivisionError("\x1b[31mno")

    monkeypatch.setattr("dlprep.commands.author.print_schema", broken)
    code, out, err = dlprep(capsys, "schema")
    assert (code, out) == (1, "")
    assert err == "dlprep: a bug: ZeroDivisionError: \\x1b[31mno\n  hint: --debug shows where\n"
    with pytest.raises(ZeroDivisionError):
        main(["schema", "--debug"])


def test_interrupted_is_130(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in any command is silent."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dlprep.commands.author.print_schema", interrupted)
    code, out, err = dlprep(capsys, "schema")
    assert (code, out, err.strip()) == (130, "", "")


# ── what is printed into a pipe ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        "topics",
        "topics --json",
        "show zoo",
        "show zoo --json",
        "show zoo/parameters",
        "quiz zoo",
        "check ZOO --no-run",
        "check ZOO BAD --no-run",
        "check BAD --format json",
        "check BAD --format github",
        "schema",
        "new attention",
        "demo",
        "demo perceptron",
        "demo perceptron --source",
        "demo perceptron --help",
        "verify perceptron",
    ],
)
def test_no_escape_reaches_a_pipe(capsys: Capture, tmp_path: Path, words: str) -> None:
    """Nothing a terminal would obey, whatever the command, on either stream."""
    bad = tmp_path / "bad\x1b[31m.yaml"
    bad.write_bytes(b'title: a\x1b[2Jb\nsummary: "\\e]0;x\\a"\nquestions: 3\n')
    bank = ["--bank", ZOO] if words.startswith(("topics", "show", "quiz")) else []
    places = {"ZOO": ZOO, "BAD": str(bad)}
    _, out, err = dlprep(capsys, *(places.get(word, word) for word in words.split()), *bank)
    assert out
    assert not OBEYED.search(out + err)


def test_force_color_and_color_always_colour_a_pipe(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are obeyed in a pipe, --color before NO_COLOR before FORCE_COLOR; the words stay the same."""
    plain = dlprep(capsys, "topics")[1]
    assert "\x1b[" in (colored := dlprep(capsys, "topics", "--color", "always")[1])
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert dlprep(capsys, "topics")[1] == colored
    assert dlprep(capsys, "topics", "--color", "never")[1] == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert dlprep(capsys, "topics")[1] == plain
    assert dlprep(capsys, "topics", "--color", "always")[1] == colored


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_arguments_are_shown_escaped(capsys: Capture, tmp_path: Path, text: str) -> None:
    """As a topic, an id, a name, a path, a value or an option: told, never obeyed."""
    path = str(tmp_path / text)
    for words in (
        ["quiz", text],
        ["quiz", "--kind", text],
        ["quiz", "--bank", path],
        ["quiz", f"--{text}"],
        ["show", text],
        ["show", f"zoo/{text}", "--bank", ZOO],
        ["demo", text],
        ["demo", "perceptron", "--control", text],
        ["demo", "perceptron", "--save", path],
        ["demo", "perceptron", "--color", text],
        ["verify", text],
        ["verify", "--seeds", text],
        ["check", path],
        ["check", "--format", text],
        ["new", text],
        [text],
    ):
        code, out, err = dlprep(capsys, *words)
        assert (code, out) == (2, ""), words
        assert not OBEYED.search(err), words


def test_a_hostile_file_name_is_shown_escaped(capsys: Capture, tmp_path: Path) -> None:
    """A bank whose name a terminal would obey is read, named and quizzed without being obeyed."""
    for text in HOSTILE:
        name = text.replace("/", "_")
        file = tmp_path / f"{name}.yaml"
        try:
            file.write_bytes(Path(ZOO).read_bytes())
        except (OSError, ValueError):
            continue  # this system has no such file names
        for words in (["topics"], ["show", name, "--no-run"], ["quiz", name, "-n", "1"]):
            code, out, err = dlprep(capsys, *words, "--bank", str(file))
            assert code in (0, 2), (words, err)
            assert not OBEYED.search(out + err), words
        _, out, err = dlprep(capsys, "check", str(file), "--no-run")
        assert not OBEYED.search(out + err)


def test_markup_is_text(capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What looks like markup stands on every screen as it was written, in every field of a bank."""
    odd = " ".join(LITERAL)
    bank = tmp_path / "odd.yaml"
    bank.write_text(
        f"title: '{odd}'\nsummary: '{odd}'\nquestions:\n"
        f"  - {{id: a, kind: choice, level: mid, ask: '{odd}', why: '{odd}', source: '{odd}',\n"
        f"     options: [{{text: 'R {odd}', right: true}}, {{text: 'W {odd}', because: '{odd}'}}]}}\n"
        f"  - {{id: b, kind: recall, level: mid, ask: '{odd}', points: ['{odd}'], answer: '{odd}'}}\n"
        f"  - {{id: c, kind: order, level: mid, ask: '{odd}', why: '{odd}', steps: ['1', '2 {odd}', '3']}}\n"
        f"  - {{id: d, kind: numeric, level: mid, ask: '{odd}', why: '{odd}', answer: 1, unit: '<pad>',\n"
        f"     slips: [{{answer: 2, says: '{odd}'}}]}}\n"
    )
    replies = {"choice": "a", "recall": odd, "order": "123", "numeric": "2"}
    for kind, reply in replies.items():
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{reply}\n"))
        code, out, err = dlprep(capsys, "quiz", "odd", "--kind", kind, "--bank", str(bank))
        assert code == 0, err
        told = " ".join(out.split())
        assert told.count(odd) >= 3, kind
    for words in (["show", "odd"], ["topics"]):
        told = " ".join(dlprep(capsys, *words, "--bank", str(bank))[1].split())
        assert odd in told


# ── streams that do not work ────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_closed_and_full_streams_are_no_tracebacks() -> None:
    """A closed stream is silence, a full disk is one sentence and exit code 2, a closed pipe is silent."""
    with_zoo = f"--bank '{ZOO}'"
    for script, code in (
        ('"$@" topics >&-', 0),
        ('"$@" --version >&-', 0),
        ('"$@" schema >&- 2>&-', 0),
        ('"$@" topics <&- >&- 2>&-', 0),
        ('"$@" quizz 2>&-', 2),
        ('"$@" show nothing 2>/dev/full', 2),
        (f'echo s | "$@" quiz zoo -n 1 {with_zoo} >&-', 0),
    ):
        done = shell(script)
        assert (done.returncode, done.stdout, done.stderr) == (code, "", ""), script
    for script in (
        '"$@" topics >/dev/full',
        '"$@" --version >/dev/full',
        '"$@" --help >/dev/full',
        f'echo s | "$@" quiz zoo {with_zoo} >/dev/full',
    ):
        done = shell(script)
        assert (done.returncode, done.stderr) == (2, "dlprep: No space left on device\n"), script
    for script in ('"$@" schema | true', '"$@" topics --json | sleep 0'):
        done = shell(script)
        assert done.returncode in (0, 1), script  # 0 when all was written before the reader left
        assert done.stderr == "", script


def test_a_closed_pipe_is_exit_code_1() -> None:
    """More than a pipe holds, and a reader that leaves after one line: no complaint."""
    done = shell('"$@" demo perceptron --color always --json | { read -r -n 9 start; echo "$start"; }')
    assert done.stdout.startswith('{"schema"')
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(
    "env", [{"PYTHONIOENCODING": "ascii"}, {"LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_ascii_is_enough(env: dict[str, str]) -> None:
    """Where only ASCII can be written, signs and formulas are spelled out, and nothing fails."""
    done = shell(f'"$@" show zoo --bank "{ZOO}" && "$@" demo perceptron && "$@" topics --json', **env)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii()
    assert "OK" in done.stdout
    assert "99 x 10 weights" in done.stdout


def test_rubbish_on_standard_input_is_no_answer() -> None:
    """Bytes that are no text are asked again, not a bug, in any locale."""
    for env in ({}, {"LANG": "C"}, {"PYTHONIOENCODING": "ascii"}):
        done = shell(
            f"printf '\\xff\\xfe\\n1000\\n' | \"$@\" quiz zoo/parameters --bank '{ZOO}'",
            **env,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "1 of 1 right" in done.stdout


def test_only_the_quiz_reads_standard_input() -> None:
    """A `while read` loop around any other command sees every line."""
    commands = " ".join(
        f'"$@" {words} >/dev/null;' for words in ("topics", "show perceptron --no-run", "schema")
    )
    done = shell(f"printf '1\\n2\\n' | while read -r line; do {commands} echo $line; done")
    assert done.stdout == "1\n2\n"


def test_json_is_all_there_is_on_standard_output(capsys: Capture, tmp_path: Path) -> None:
    """With a faulty bank about, the document is still alone on its stream."""
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("title: [\n")
    for words in (["topics", "--json", "--bank", str(faulty)], ["check", str(faulty), "--format", "json"]):
        _, out, _ = dlprep(capsys, *words)
        assert json.loads(out)["schema"] == 1
    assert os.linesep not in out.rstrip() or out.startswith("{")
