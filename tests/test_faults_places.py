"""Faults of the place: folders nobody can write to, full disks, odd homes; and practice without a trace."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from dlprep.history import History
from tests.faults import NUMBERS, answer, answers, at, end, flat, on, quiz, saved
from tests.reviews import review
from tests.terminal import DLPREP, Terminal, piped

OURS = {"cache/banks.pickle"}  # the banks, read once: nothing that anyone did


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the history is kept; it is not there yet."""
    home = tmp_path / "home"
    home.mkdir()
    return home / "history.db"


def limited(size: int) -> tuple[str, ...]:
    """The real program on a disk where no file can grow beyond so many bytes."""
    code = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
        "from dlprep.cli import main\n"
        "raise SystemExit(main())"
    )
    return (sys.executable, "-c", code)


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder but the cache of banks; None for a folder."""
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*")}
    return {
        name: None if path.is_dir() else path.read_bytes()
        for name, path in found.items()
        if name not in {*OURS, "cache"}
    }


# ── nothing can be saved ────────────────────────────────────────────────────────────────────────────

NOWHERE = [
    {"DLPREP_HOME": "/dev/null/x"},
    {"XDG_DATA_HOME": "/dev/null/x"},
    {"XDG_DATA_HOME": "/proc/x"},
]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other places nobody can write to")
@pytest.mark.parametrize("env", NOWHERE, ids=lambda env: "=".join(*env.items()))
def test_where_no_folder_can_be_made_the_quiz_is_unsaved(tmp_path: Path, env: dict[str, str]) -> None:
    """F14: verdicts are shown under one banner, and the end says what is not saved, with exit code 2."""
    (place,) = env.values()
    env = {"HOME": str(tmp_path), "DLPREP_HOME": "", "TMPDIR": str(tmp_path), **env}
    with Terminal(*NUMBERS, columns=120, rows=60, env=env) as t:
        t.until("›")
        assert flat("! not saved: " + place) in flat(t.said())
        before = len(t.raw)
        t.send("1000\r")
        t.until("Enter next")
        assert "✓ right" in t.said(before)
        t.send("q")
        end(t, 2)
    assert t.said().count("! not saved") == 1
    assert flat("1 answer of this session not saved") in flat(t.said())
    for words in ((), ("stats",), ("doctor",)):
        done = piped(*words, env=env)
        seen = words == ("doctor",) and "/proc" not in place  # there rights alone do not tell
        assert (done.returncode, done.stderr) == (int(seen), "")


def readonly(folder: Path) -> tuple[str, ...]:
    """The real program in a world where nobody can write to that folder."""
    if os.geteuid() == 0:  # whom rights do not hold back: a mount does, in a namespace of its own
        script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        world = ("unshare", "-m", "sh", "-c", script, str(folder))
        try:
            subprocess.run([*world, "true"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("nothing can be mounted here")
        return (*world, *DLPREP)
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return DLPREP


def test_a_read_only_place_is_read_and_not_written(file: Path, tmp_path: Path) -> None:
    """F15: what is known is shown; the quiz goes on under one banner and ends with 2."""
    saved(file, "a", "b")
    piped("stats", env=at(file))
    before = contents(file.parent)
    program = ("env", f"TMPDIR={tmp_path}", *readonly(file.parent))
    try:
        for words in ((), ("stats",), ("history", "show"), ("doctor",), ("history", "export", "-")):
            done = piped(*words, env=at(file), program=program)
            assert (done.returncode, done.stderr) == (int(words == ("doctor",)), "")
        done = piped("plan", "--date", "2099-01-01", env=at(file), program=program)
        assert done.returncode == 2
        with quiz(file, program=program) as t:
            told = answer(t, 1, "1000")
            assert "✓ right" in told
            assert flat(f"! not saved: {file}") in flat(t.said())
            on(t)
            answer(t, 2)
            t.send("q")
            end(t, 2)
        assert t.said().count("! not saved") == 1
        assert flat("2 answers of this session not saved") in flat(t.said())
    finally:
        file.parent.chmod(0o755)
    assert contents(file.parent) == before


# ── full disks ──────────────────────────────────────────────────────────────────────────────────────


def fill(terminal: Terminal, size: int) -> None:
    """From now on let no file that the program writes grow beyond so many bytes; -1 lifts the limit."""
    if sys.platform != "linux":
        pytest.skip("a process's limits cannot be changed from outside here")
    resource.prlimit(terminal.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_disk_that_fills_up_meanwhile_keeps_what_was_saved(file: Path) -> None:
    """F16: one banner, the session goes on to its end, which says 2, and where the answers are meanwhile."""
    with quiz(file) as t:
        assert "not saved" not in answer(t, 1)
        on(t)
        fill(t, 4096)
        for place in (2, 3):
            assert "✗ wrong" in answer(t, place)
            on(t)
        t.send("q")
        end(t, 2)
    assert t.said().count("! not saved") == 1
    assert flat("2 answers of this session not saved") in flat(t.said())
    assert answers(file) == [("zoo/parameters", 0)]
    assert not list(file.parent.glob("history.db?*"))
    (rescued,) = file.parent.glob("*.jsonl")
    assert flat(f"dlprep history merge {rescued}") in flat(t.said())
    assert piped("history", "merge", str(rescued), env=at(file)).returncode == 0
    assert answers(file) == [("zoo/parameters", 0), ("zoo/share", 0), ("zoo/parameters", 0)]


def test_answers_are_saved_when_there_is_room_again(file: Path) -> None:
    """F16: the whole session is in the history as soon as the disk lets it."""
    with quiz(file) as t:
        t.until("1 of 2")
        t.until("›")
        fill(t, 4096)
        assert "! not saved" in answer(t, 1)
        on(t)
        fill(t, -1)
        assert "saved now, with everything before" in answer(t, 2, "3/4")
        t.send("q")
        end(t, 0)
    assert answers(file) == [("zoo/parameters", 0), ("zoo/share", 1)]


def test_no_room_for_a_backup_is_a_warning(file: Path) -> None:
    """F17: the session goes on and is saved; no half of a backup is left."""
    long = '"' + "x" * 90_000 + '"'
    History(file).append([review(f"long {number}")._replace(reply=long) for number in range(3)])
    with quiz(file, program=limited(200_000)) as t:
        told = answer(t, 1)
        assert "! no backup today" in t.said()
        assert "✗ wrong" in told
        t.send("q")
        t.wait()
        assert "Traceback" not in t.said()
    assert [path.name for path in (file.parent / "backups").iterdir()] == []


@pytest.mark.parametrize("name", ["out.jsonl", "out.db"])
def test_a_full_disk_leaves_the_old_export(file: Path, tmp_path: Path, name: str) -> None:
    """F17: the file that was to be replaced is as it was, and nothing lies beside it."""
    saved(file, *map(str, range(200)))
    out = tmp_path / "elsewhere" / name
    out.parent.mkdir()
    out.write_text("mine", encoding="utf-8")
    done = piped("history", "export", str(out), "--force", env=at(file), program=limited(4096))
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"{out.parent}" in done.stderr
    assert "cannot be written: " in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in out.parent.iterdir()] == [name]
    assert out.read_text(encoding="utf-8") == "mine"


# ── homes ───────────────────────────────────────────────────────────────────────────────────────────

HOMES: list[dict[str, str]] = [
    {"XDG_DATA_HOME": "", "XDG_CACHE_HOME": ""},
    {"XDG_DATA_HOME": "data", "XDG_CACHE_HOME": "../cache"},
    {"XDG_DATA_HOME": "~/data", "XDG_CACHE_HOME": "~/cache"},
    {"DLPREP_HOME": ""},
    {"DLPREP_HOME": "~/mine"},
]


@pytest.mark.skipif(sys.platform != "linux", reason="XDG is for Linux")
@pytest.mark.parametrize("env", HOMES, ids=range(len(HOMES)))
def test_nothing_is_made_in_the_current_folder(tmp_path: Path, env: dict[str, str]) -> None:
    """F18: an empty or relative folder in the environment means the usual place below HOME; ~ means HOME."""
    own, here = tmp_path / "own", tmp_path / "deep" / "here"
    own.mkdir()
    here.mkdir(parents=True)
    done = piped(*NUMBERS, stdin="7\n", env={"HOME": str(own), "DLPREP_HOME": "", **env}, cwd=here)
    assert done.returncode == 0, done.stderr
    home = own / ("mine" if env.get("DLPREP_HOME") else ".local/share/dlprep")
    assert answers(home / "history.db") == [("zoo/parameters", 0)]
    assert list(here.iterdir()) == []
    assert list(here.parent.iterdir()) == [here]


def test_without_a_home_the_users_own_is_meant(tmp_path: Path) -> None:
    """F18: HOME unset: the place is the one the system knows, an absolute one, and looking makes nothing."""
    without = ("env", "-u", "HOME", "-u", "DLPREP_HOME", *DLPREP)
    done = piped("history", "path", program=without, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert Path(done.stdout.strip()).is_absolute()
    assert "~" not in done.stdout
    assert list(tmp_path.iterdir()) == []


# ── without a trace ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("known", [(), ("a", "b")])
def test_practice_without_a_trace_leaves_none(file: Path, known: tuple[str, ...]) -> None:
    """--no-save: with and without a history, no byte below the home is another afterwards."""
    if known:
        saved(file, *known)
        piped("stats", env=at(file))  # what is remembered of them is replayed once
    before = contents(file.parent)
    with quiz(file, "--no-save") as t:
        for place in (1, 2):
            assert "✗ wrong" in answer(t, place)
            on(t)
        written = len(t.raw)
        t.send("u")
        t.wrote("›", written)
        t.send("q")
        end(t, 0)
    assert contents(file.parent) == before


def test_practice_on_a_locked_history_is_possible_without_saving(file: Path) -> None:
    """--no-save reads only: a history that cannot be written is no reason for a banner."""
    saved(file, "a")
    done = piped(*NUMBERS, "--no-save", stdin="7\n", env=at(file), program=limited(0))
    assert "not saved" not in done.stdout
    assert "✗ wrong" in done.stdout
