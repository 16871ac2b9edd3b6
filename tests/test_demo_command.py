"""`dlprep demo`: live on a terminal, in words elsewhere, and as a document, a picture or source code."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import ESCAPE, Terminal, piped, with_coin

KEYS = {
    "schema",
    "name",
    "title",
    "seed",
    "knobs",
    "control",
    "works",
    "claims",
    "controls",
    "frames",
    "key_frames",
}
CLAIM = {"id", "says", "measured", "relation", "bound", "holds", "seed"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of dlprep with the coin in it."""
    made = tmp_path_factory.mktemp("coin")
    with_coin(made)
    return made


def env(folder: Path) -> dict[str, str]:
    """The environment of the copy."""
    return {"PYTHONPATH": str(folder), "DLPREP_HOME": str(folder / "home")}


def live(
    folder: Path, *args: str, columns: int = 80, rows: int = 24, term: str = "xterm-256color"
) -> Terminal:
    """The coin, played on a terminal."""
    return Terminal(
        "demo", "coin", *args, columns=columns, rows=rows, env={**env(folder), "TERM": term}, cwd=folder
    )


def shown(folder: Path, *args: str) -> str:
    """What `dlprep demo coin ARGS` prints into a pipe, having ended well."""
    done = piped("demo", "coin", *args, env=env(folder), cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def end(t: Terminal, code: int = 0) -> str:
    """Wait for the end, see that the terminal is as it was, and return the screen."""
    assert t.wait() == code
    assert t.sane
    assert t.cursor
    assert t.left == ""
    assert t.raw.count(b"\x1b[?1049h") == t.raw.count(b"\x1b[?1049l")
    assert "Traceback" not in t.text
    return t.text


# ── live ────────────────────────────────────────────────────────────────────────────────────────────


def test_it_pauses_steps_and_replays_under_a_control(folder: Path) -> None:
    """Space pauses, the arrows step, c replays under the next control, q leaves what was measured behind."""
    with live(folder, "--pace", "20", rows=60) as t:
        t.until("step 8 of 8")
        t.send("\x1b[D\x1b[D")
        t.until("step 6 of 8")
        t.send("\x1b[C")
        t.until("step 7 of 8")
        t.send("0")
        t.until("step 1 of 8")
        t.send("c")
        t.until("control two-headed: there are heads on both sides")
        t.until("step 8 of 8")
        t.send("q")
        screen = end(t)
        assert "✓ heads are half of all" in screen
        assert "✓ breaks fair: 0.5 > 0.1, as it must" in screen
        assert "dlprep demo coin" in screen


def test_resizing_redraws(folder: Path) -> None:
    """One cell, ten by three, 500 columns: it is drawn for each, and is whole again at the usual size."""
    with live(folder) as t:
        t.until("of 8")
        t.send(" ")
        for columns, rows in ((1, 1), (10, 3), (500, 200), (40, 12)):
            before = len(t.raw)
            t.resize(columns, rows)
            t.wrote("\n" if rows > 1 else "c", before)
            t.quiet(0.05)
        t.resize(80, 24)
        t.until("q quit")
        t.send("q")
        end(t)


@pytest.mark.parametrize(
    ("how", "code"), [("\x03", 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), ("\x04", 0), ("\x1b", 0)]
)
def test_it_can_be_ended(folder: Path, how: str | int, code: int) -> None:
    """Ctrl-C, signals, Ctrl-D and Esc end it with their codes and give the terminal back."""
    with live(folder) as t:
        t.until("of 8")
        if isinstance(how, str):
            t.send(how)
        else:
            t.signal(how)
        end(t, code)


def test_a_stopped_demo_comes_back(folder: Path) -> None:
    """Ctrl-Z leaves the shell its own screen, cursor and modes; brought back, the picture is drawn again."""
    with live(folder, "--pace", "0.5") as t:
        t.until("of 8")
        t.send("\x1a")
        t.suspended()
        t.quiet(0.05)
        assert t.cooked
        assert t.cursor
        assert t.raw.endswith(b"\x1b[?1049l")
        before = len(t.raw)
        t.resume()
        t.wrote("of 8", before)
        t.send("q")
        end(t)


def test_a_small_terminal_shows_words_and_keys(folder: Path) -> None:
    """At 40×12 the caption and the way out are still there."""
    with live(folder, "--pace", "20", columns=40, rows=12) as t:
        screen = t.until("8/8")
        assert "heads of copper" in screen
        assert "q quit" in screen
        t.send("q")
        end(t)


def test_a_dumb_terminal_gets_the_words(folder: Path) -> None:
    """TERM=dumb: no escape at all, ASCII only, and no waiting for keys."""
    with live(folder, term="dumb", columns=60, rows=60) as t:
        assert "OK heads are half of all" in end(t)
        assert b"\x1b" not in t.raw
        assert t.raw.isascii()


# ── in a pipe ───────────────────────────────────────────────────────────────────────────────────────


def test_key_frames_and_claims_are_printed(folder: Path) -> None:
    """Off a terminal: the key frames, the claims with their numbers, plain."""
    text = shown(folder)
    for part in ("step 1 of 8", "step 8 of 8", "heads of copper", "✓ heads are half of all", "seed 0"):
        assert part in text
    assert "step 4 of 8" not in text
    assert "\x1b" not in text


def test_knobs_and_controls_change_the_run(folder: Path) -> None:
    """A knob reaches the run; a control that breaks what it must is a success."""
    assert "heads of gold" in shown(folder, "--metal", "gold", "--flips", "80")
    assert "✓ breaks adds-up" in shown(folder, "--control", "on-edge")


def test_colour_may_be_asked_for_before_the_name(folder: Path) -> None:
    """`demo --color always coin` is `demo coin --color always`."""
    coloured = shown(folder, "--color", "always")
    assert "\x1b[" in coloured
    before = piped("demo", "--color", "always", "coin", env=env(folder), cwd=folder)
    assert before.stdout == coloured
    after = piped("demo", "--color", "always", "coin", "--color", "never", env=env(folder), cwd=folder)
    assert "\x1b[" not in after.stdout


def test_a_claim_that_fails_is_exit_code_1(folder: Path) -> None:
    """A loaded coin breaks the claim, and that is told in words, and by the exit code, also of --json."""
    for args in (("--heads", "0.9"), ("--heads", "0.9", "--json")):
        done = piped("demo", "coin", *args, env=env(folder), cwd=folder)
        assert done.returncode == 1
        assert done.stderr == ""
    assert json.loads(done.stdout)["works"] is False
    # A control under which the claim still holds has failed too.
    done = piped(
        "demo", "coin", "--heads", "0", "--control", "on-edge", "--json", env=env(folder), cwd=folder
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["control"] == "on-edge"


def test_json_is_one_document(folder: Path) -> None:
    """--json: the documented keys, exact numbers, each view with its type, and the same again for a seed."""
    text = shown(folder, "--json", "--seed", "3", "--control", "two-headed")
    document: dict[str, Any] = json.loads(text)
    assert set(document) == KEYS
    assert document["schema"] == 1
    assert document["seed"] == 3
    assert document["knobs"] == {"flips": 400, "heads": 0.5, "metal": "copper"}
    assert [set(claim) for claim in document["claims"]] == [CLAIM, CLAIM]
    assert document["frames"] == 8
    assert [frame["step"] for frame in document["key_frames"]] == [1, 8]
    assert [view["view"] for view in document["key_frames"][0]["views"]] == ["curve", "bars"]
    assert shown(folder, "--json", "--seed", "3", "--control", "two-headed") == text


@pytest.mark.parametrize("name", ["picture.svg", "picture.html"])
def test_save_writes_a_picture(folder: Path, tmp_path: Path, name: str) -> None:
    """--save writes the file, says so on standard error, and the same run gives the same file."""
    files = [tmp_path / "a" / name, tmp_path / "b" / name]
    for file in files:
        file.parent.mkdir()
        done = piped("demo", "coin", "--save", str(file), env={**env(folder), "NO_COLOR": "1"}, cwd=folder)
        assert (done.returncode, done.stdout) == (0, "")
        assert done.stderr == f"saved {file}\n"
    assert files[0].read_text() == files[1].read_text()
    assert "copper" in files[0].read_text().replace("&#160;", " ")


def test_source_shows_the_numerics(folder: Path) -> None:
    """--source prints the manual and the computations, without escapes in a pipe."""
    text = shown(folder, "--source")
    assert "A coin comes down heads about half the time" in text
    assert "\x1b" not in text


def test_help_documents_the_knobs(folder: Path) -> None:
    """--help of a demo: its manual, each knob with its bounds or choices, each control and what it breaks."""
    text = shown(folder, "--help")
    for part in (
        "A coin comes down heads",
        "n  flips so far",
        "--flips",
        "how often the coin is flipped",
        "40<=x<=4000",
        "copper|gold",
        "two-headed: there are heads on both sides; breaks fair",
    ):
        assert part in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_list_wakes_no_demo(folder: Path) -> None:
    """`dlprep demo` lists each demo by its first line."""
    done = piped("demo", env=env(folder), cwd=folder)
    assert done.returncode == 0
    assert "coin" in done.stdout
    assert "A coin comes down heads about half the time" in done.stdout


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("cion",), "did you mean coin?"),
        (("coin", "--control", "two-headd"), "did you mean two-headed?"),
        (("coin", "--flip", "80"), "--flips"),
        (("coin", "--flips", "1"), "40<=x<=4000"),
        (("coin", "--flips", "many"), "not a valid"),
        (("coin", "--metal", "tin"), "copper"),
        (("coin", "--seed", "-1"), "x>=0"),
        (("coin", "--pace", "0"), "0.5<=x<=20"),
        (("coin", "--color", "alway"), "did you mean always?"),
        (("coin", "--save", "picture.png"), "end the name in .svg or .html"),
        (("coin", "--save", "nowhere/picture.svg"), "nowhere/picture.svg: No such file or directory"),
    ],
)
def test_wrong_usage_is_exit_code_2(folder: Path, args: tuple[str, ...], told: str) -> None:
    """What was meant is told on standard error; standard output stays empty."""
    done = piped("demo", *args, env=env(folder), cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_without_numpy_it_says_what_to_install(tmp_path: Path) -> None:
    """NumPy broken or missing: the demo and its help name it and how to get it; exit code 2."""
    broken = tmp_path / "numpy"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('numpy was built for another\\nPython')\n")
    for args in (("perceptron",), ("perceptron", "--help")):
        done = piped("demo", *args, env={"PYTHONPATH": str(tmp_path)})
        assert (done.returncode, done.stdout) == (2, "")
        assert "demo perceptron cannot run: numpy was built for another" in done.stderr
        assert "pip install numpy" in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_shipped_demo_plays(tmp_path: Path) -> None:
    """The perceptron is on the screen within moments, and off it at a key."""
    with Terminal("demo", "perceptron", env={"DLPREP_HOME": str(tmp_path)}) as t:
        t.until("perceptron · ")
        t.until("q quit")
        t.send("q")
        end(t)
        assert len(ESCAPE.sub(b"", t.raw)) > 1000
