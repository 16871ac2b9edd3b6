"""Finding banks: which folders, which files, and what happens to those that cannot be used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dlprep import library, yamltext
from dlprep.cache import NAME, Packed
from dlprep.errors import DlprepError

BANK = """title: {title}
summary: A bank.
questions:
  - id: {name}
    kind: recall
    level: mid
    ask: What?
    points: [a]
    answer: b
"""
ESCAPE, C1, BIDI = "\x1b]0;title\x07", "\x9b31m", "\u202e"


def bank(folder: Path, topic: str, name: str = "q", ending: str = ".yaml", title: str = "T") -> Path:
    """Write a bank with one question."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{topic}{ending}"
    file.write_text(BANK.format(name=name, title=title), encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No bank but the shipped ones, and a home and a working folder of the test's own."""
    monkeypatch.delenv(library.BANKS, raising=False)
    monkeypatch.setenv(library.HOME, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def run(*words: str) -> subprocess.CompletedProcess[bytes]:
    """Run dlprep as a user would, and keep the raw bytes of what it says."""
    command = [sys.executable, "-m", "dlprep", *words]
    return subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)


def test_folders_are_read_in_their_order(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shipped banks, then DLPREP_BANKS, then the user's own, then those named by hand."""
    for name in ("first", "second", "extra"):
        bank(tmp_path / name, name)
    bank(own_home / "questions", "own")
    monkeypatch.setenv(library.BANKS, os.pathsep.join(["", str(tmp_path / "first"), "", "second", ""]))
    names = [topic.name for topic in library.find([tmp_path / "extra"]).topics]
    assert names[-4:] == ["first", "second", "own", "extra"]
    assert names[:-4] == sorted(file.stem for file in library.shipped().glob("*.yaml"))


def test_only_regular_files_of_a_folder_are_banks(tmp_path: Path) -> None:
    """Folders, pipes, dangling links and other files in a folder are passed over, whatever their names."""
    folder = tmp_path / "odd"
    files = [bank(folder, "b", ending=".yml"), bank(folder, "a")]
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    (folder / "dangling.yaml").symlink_to("nowhere")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    for name in ("notes.txt", "x.yaml~", ".x.yaml.swp", "x.yxml", ".yaml"):
        (folder / name).write_text("not a bank")
    assert library.bank_files(folder) == files[::-1]


@pytest.mark.parametrize("odd", ["folder.yaml/", "x.yxml", "dangling.yaml", ""])
def test_an_own_folder_without_banks_stops_nothing(odd: str, own_home: Path) -> None:
    """A folder found by itself may be empty; the shipped banks are still there."""
    folder = own_home / "questions"
    folder.mkdir(parents=True)
    if odd == "dangling.yaml":
        (folder / odd).symlink_to("nowhere")
    elif odd.endswith("/"):
        (folder / odd).mkdir()
    elif odd:
        (folder / odd).write_text("")
    assert library.find().topics
    assert library.known_files()


def test_a_missing_folder_of_dlprep_banks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder asked for by the environment must be there."""
    monkeypatch.setenv(library.BANKS, "nowhere")
    with pytest.raises(DlprepError, match="nowhere in DLPREP_BANKS is not a folder") as caught:
        library.find()
    assert caught.value.hint == "correct or unset DLPREP_BANKS"


def test_a_path_without_banks_is_named(tmp_path: Path) -> None:
    """A folder or file asked for by hand must hold banks, and the hint says how to get one."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(DlprepError, match="holds no bank") as caught:
        library.bank_files(tmp_path / "empty")
    assert "dlprep new" in caught.value.hint
    with pytest.raises(DlprepError, match="does not exist"):
        library.bank_files(tmp_path / "nowhere.yaml")


def test_a_bank_found_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file is one bank, by whatever path or link it is reached."""
    file = bank(tmp_path / "banks", "twice")
    (tmp_path / "link").symlink_to("banks")
    monkeypatch.setenv(library.BANKS, str(tmp_path / "banks"))
    found = library.find([file, Path("banks/../banks/twice.yaml"), tmp_path / "link"])
    assert found.problems == ()
    assert [path for path in found.files if path.stem == "twice"] == [file.resolve()]


def test_two_files_of_one_topic_are_joined(tmp_path: Path) -> None:
    """A topic may be extended from elsewhere; its title stays the first one's."""
    files = [
        bank(tmp_path / "one", "t", "a", title="First"),
        bank(tmp_path / "two", "t", "b", title="Second"),
    ]
    read = library.read_files(files)
    [whole] = read.topics
    assert [q.name for q in whole.questions] == ["t/a", "t/b"]
    assert whole.title == "First"
    assert read.problems == ()
    found = library.find(files)
    assert found.topic("t") == whole
    assert [entry.name for entry in found.listed("t").entries] == ["t/a", "t/b"]
    assert [found.question(name).id for name in ("t/a", "t/b")] == ["a", "b"]


def test_an_id_in_two_files_names_both_places(tmp_path: Path) -> None:
    """The first question is kept; the second is reported where it stands, with the place of the first."""
    files = [bank(tmp_path / "one", "t", "same"), bank(tmp_path / "two", "t", "same", ".yml")]
    for found in (library.read_files(files), library.find(files), library.find(files)):
        (problem,) = found.problems
        assert (problem.code, str(problem.where)) == ("duplicate-id", "two/t.yml:4:9")
        assert problem.hint == "first at one/t.yaml:4:9"
    assert [entry.id for entry in library.find(files).listed("t").entries] == ["same"]
    assert library.find(files).question("t/same").where.path == "one/t.yaml"


def test_an_unreadable_file_stops_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without rights is a problem of its own; the other banks are read."""
    locked, other = bank(tmp_path, "locked"), bank(tmp_path, "other")
    true_open = Path.open

    def refused(path: Path, mode: str = "r") -> object:
        if path == locked.resolve():
            raise PermissionError(13, "Permission denied")
        return true_open(path, mode)

    monkeypatch.setattr(Path, "open", refused)
    found = library.read_files([locked, other])
    (problem,) = found.problems
    assert (problem.code, str(problem.where)) == ("file", "locked.yaml")
    assert problem.message == "the file cannot be read: Permission denied"
    assert [topic.name for topic in found.topics] == ["other"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_check_goes_on_past_a_file_without_rights(tmp_path: Path) -> None:
    """`dlprep check` reports the file it may not read and checks the rest."""
    locked = bank(tmp_path / "banks", "locked")
    bank(tmp_path / "banks", "other")
    locked.chmod(0)
    result = run("check", "--no-run", "banks")
    assert result.returncode == 1
    assert b"error[file]: the file cannot be read: Permission denied" in result.stdout


def test_a_file_that_vanishes_is_a_problem(tmp_path: Path) -> None:
    """A file deleted after it was found is reported, not a crash."""
    found = library.read_files([tmp_path / "gone.yaml"])
    assert [(p.code, p.message) for p in found.problems] == [
        ("file", "the file cannot be read: No such file or directory")
    ]


def test_an_endless_file_is_not_read_to_its_end() -> None:
    """Of a file that is too large no more is read than it takes to see that."""
    (problem,) = library.read_files([Path("/dev/zero")]).problems
    assert problem.message == f"the file has more than {yamltext.MAX_BYTES // 1_000_000} MB"


def test_a_name_that_is_almost_right_is_suggested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Topics and questions are found by name, or the nearest is offered."""
    shipped = tmp_path / "shipped"
    bank(shipped, "attention", "why-scale")
    monkeypatch.setattr(library, "shipped", lambda: shipped)
    found = library.find()
    assert found.question("attention/why-scale").id == "why-scale"
    for wanted, hint in [("atention", "did you mean attention?"), ("cnn", "there are: attention")]:
        for look_up in (found.topic, found.listed, found.question):
            with pytest.raises(DlprepError, match=f"no topic '{wanted}'") as caught:
                look_up(wanted)
            assert caught.value.hint == hint
    with pytest.raises(DlprepError, match="no question 'attention'"):
        found.question("attention")
    with pytest.raises(DlprepError, match="no question 'attention/why-scales'") as caught:
        found.question("attention/why-scales")
    assert caught.value.hint == "did you mean attention/why-scale?"


def test_the_index_says_what_the_questions_say() -> None:
    """Every topic and question that is shipped: what they are chosen by is what they are."""
    found = library.find()
    for listed in found.topics:
        topic = found.topic(listed.name)
        assert listed[:4] == (topic.name, topic.title, topic.summary, topic.asked)
        assert list(listed.entries) == [question.entry for question in topic.questions]
        assert found.listed(listed.name) == listed
        assert [found.question(entry.name) for entry in listed.entries] == list(topic.questions)


def test_a_question_is_read_without_the_others(tmp_path: Path) -> None:
    """Only the text that is asked for is opened, so the others may be anything."""
    found = library.find([bank(tmp_path / "one", "t", "a"), bank(tmp_path / "two", "t", "b")])
    listed, (first, _) = found.packed["t"]
    torn = replace(found, packed={"t": Packed(listed, (first, b"junk"))})
    assert torn.question("t/a") == found.question("t/a")
    with pytest.raises(DlprepError, match="was not written by dlprep"):
        torn.question("t/b")


@pytest.mark.parametrize("times", [1, 2])
def test_what_becomes_of_the_files_changes_nothing(times: int, tmp_path: Path, own_home: Path) -> None:
    """Once found, banks live in memory: edited or deleted, with the cache, they are as they were (F36)."""
    files = [bank(tmp_path / "one", "edited"), bank(tmp_path / "one", "deleted")]
    before = library.read_files(files).topics
    for _ in range(times):  # read from the banks, then from the cache
        found = library.find(files)
    bank(tmp_path / "one", "edited", "another", title="Another")
    files[1].unlink()
    (own_home / "cache" / NAME).write_bytes(b"junk")
    assert (found.topic("edited"), found.topic("deleted")) == before
    (own_home / "cache" / NAME).unlink()
    assert found.question("deleted/q") == before[1].questions[0]


def test_home_is_where_it_is_told_to_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """DLPREP_HOME counts, with its tilde; without it the system's own place."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(library.HOME, "~/data")
    assert library.home() == tmp_path / "data"
    monkeypatch.setenv(library.HOME, "")
    assert library.home().name == "dlprep"


def test_a_home_of_nobody_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tilde with an unknown user is one clear sentence, whichever variable holds it."""
    monkeypatch.setenv(library.HOME, "~no-such-user/data")
    with pytest.raises(DlprepError, match="~no-such-user/data in DLPREP_HOME"):
        library.home()
    monkeypatch.setenv(library.BANKS, "~no-such-user/banks")
    with pytest.raises(DlprepError, match="~no-such-user/banks in DLPREP_BANKS"):
        library.folders()


# ── as a user sees it ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "nowhere.yaml"], b"nowhere.yaml does not exist"),
        (["check", "empty"], b"empty holds no bank"),
        (["topics", "--bank", "empty"], b"empty holds no bank"),
    ],
)
def test_a_path_that_cannot_be_used_is_exit_code_2(words: list[str], said: bytes, tmp_path: Path) -> None:
    """What cannot be done is said on standard error, with what to do, and nothing else is printed."""
    (tmp_path / "empty").mkdir()
    result = run(*words)
    assert result.returncode == 2
    assert result.stdout == b""
    assert said in result.stderr
    assert b"hint:" in result.stderr


def test_a_folder_of_only_bad_files_is_exit_code_1(tmp_path: Path) -> None:
    """`check` ran and found problems."""
    (tmp_path / "bad.yaml").write_text("title: [")
    result = run("check", "--no-run", "bad.yaml")
    assert result.returncode == 1
    assert b"error[syntax]" in result.stdout
    assert b"1 error in 1 of 1 bank (0 questions)" in result.stdout


@pytest.mark.parametrize("style", ["text", "json", "github"])
def test_nothing_in_a_file_or_its_name_reaches_the_terminal_raw(style: str, tmp_path: Path) -> None:
    """Escape, C1 and bidi characters of a name or of a text are spelt out in every format of `check`."""
    name = f"a{ESCAPE}{C1}{BIDI}b"
    bank(tmp_path / "odd", name).write_text("title: &x T\n", encoding="utf-8")
    bank(tmp_path / "odd", "text").write_text(f"title: {ESCAPE}{C1}{BIDI}\n", encoding="utf-8")
    bank(tmp_path / "odd", f"valid{name}").write_text(BANK.format(name="Q", title="T"), encoding="utf-8")
    result = run("check", "--no-run", "--format", style, "odd")
    shown = (result.stdout + result.stderr).decode("utf-8")
    assert result.returncode == 1
    assert not any(c in shown for c in ("\x1b", "\x07", "\x9b", BIDI))
    if style == "json":
        paths = {problem["path"] for problem in json.loads(shown.partition("\n}\n")[0] + "}")["problems"]}
        assert paths == {f"odd/{name}.yaml", "odd/text.yaml", f"odd/valid{name}.yaml"}


@pytest.mark.parametrize(
    "words", [["topics"], ["topics", "--json"], ["show", f"x{ESCAPE}{C1}{BIDI}", "--no-run"]]
)
def test_a_topic_with_an_odd_name_is_shown_safely(words: list[str], tmp_path: Path) -> None:
    """A topic's name is its file's, and is cleaned wherever it is printed."""
    file = bank(tmp_path / "odd", f"x{ESCAPE}{C1}{BIDI}")
    result = run(*words, "--bank", str(file))
    shown = (result.stdout + result.stderr).decode("utf-8")
    assert result.returncode == 0
    assert not any(c in shown for c in ("\x1b", "\x07", "\x9b", BIDI))


def test_a_name_that_is_not_utf8_is_shown_somehow(tmp_path: Path) -> None:
    """A file name of arbitrary bytes is no reason to crash."""
    try:
        bank(tmp_path / "odd", os.fsdecode(b"\xff\xfe")).write_text("title: [", encoding="utf-8")
    except OSError:
        pytest.skip("this file system refuses such names")
    for style in ("text", "json", "github"):
        result = run("check", "--no-run", "--format", style, "odd")
        assert (result.returncode, b"bug" in result.stderr) == (1, False)
