"""`dlprep history`: where it is, taking it elsewhere and back, and looking at answers again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dlprep import backup, database, library, quiz, replytext, saving
from dlprep.cli import main
from dlprep.history import History, Plan
from dlprep.quiz import Asked, Picked, Reply, Sorted, Told, Typed
from dlprep.review import Review
from dlprep.rows import parsed
from tests.reviews import DAY, days_after, noon, review
from tests.terminal import piped
from tests.test_exchange import hasty, uid
from tests.test_quiz_piped import ZOO

Capture = pytest.CaptureFixture[str]
HINT = "name a topic, a topic/id, or the start of an id that `dlprep history show` lists"
TOPIC = library.find([ZOO]).topic("zoo")
RIGHT: dict[str, Reply] = {
    "one": Picked(frozenset({0})),
    "several": Picked(frozenset({0, 1})),
    "parameters": Typed(1000.0),
    "share": Typed(0.75),
    "why-share": Told("fewer parameters", frozenset({0, 1})),
    "invariant": Told("equivariant", frozenset({0})),
    "steps": Sorted((3, 1, 0, 2)),
}


@pytest.fixture(autouse=True)
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    """The history, not there yet, of a user with the zoo alone, at noon of `DAY`, on a fast disk."""
    for name in ("NO_COLOR", "FORCE_COLOR", "DLPREP_BANKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DLPREP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DLPREP_NOW", f"{DAY}T12:00+00:00")
    monkeypatch.setenv("COLUMNS", "80")
    banks = tmp_path / "banks"
    banks.mkdir()
    (banks / "zoo.yaml").write_bytes(ZOO.read_bytes())
    monkeypatch.setattr(library, "shipped", lambda: banks)
    monkeypatch.setattr(database, "_connect", hasty)
    monkeypatch.setattr(saving, "_settle", lambda _: None)
    monkeypatch.chdir(tmp_path)
    return History(tmp_path / "home" / "history.db")


def dlprep(capsys: Capture, *args: str) -> tuple[int, str, str]:
    """The exit code, output and errors of `dlprep history ARGS`."""
    code = main(["history", *args])
    return (code, *capsys.readouterr())


def said(capsys: Capture, *args: str) -> str:
    """What a command that succeeds prints."""
    code, out, err = dlprep(capsys, *args)
    assert (code, err) == (0, "")
    return out


def disk(folder: Path) -> dict[str, bytes]:
    """Every file but those of the cache, which can be made again."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.parent.name != "cache"]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def three(history: History) -> None:
    """Three answers on three days, a fourth that is taken back, and a plan."""
    history.append(
        [
            review(uid(1), question="zoo/one", day=days_after(-2)),
            review(uid(2), question="zoo/share", day=days_after(-1), rating=1),
            review(uid(3), question="cnn/width", day=DAY, rating=4),
            review(uid(4), question="zoo/steps", day=DAY),
            review(uid(5), question="zoo/steps", day=DAY, rating=None, replaces=uid(4)),
        ]
    )
    history.set_plan(Plan(uid(6), noon(DAY), 0, DAY, days_after(9), 20))


# ── where ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_path_is_one_line_and_makes_nothing(history: History, capsys: Capture) -> None:
    """Fit for a shell, before there is a history as well."""
    assert said(capsys, "path") == f"{history.path}\n"
    assert not history.path.parent.exists()


def test_a_path_reaches_the_terminal_as_text(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the folder is called."""
    monkeypatch.setenv("DLPREP_HOME", "/a\x1b]0;x\x07")
    assert said(capsys, "path") == "/a\\x1b]0;x\\x07/history.db\n"


# ── out ─────────────────────────────────────────────────────────────────────────────────────────────


def test_export_says_how_much_it_wrote(history: History, tmp_path: Path, capsys: Capture) -> None:
    """Rows, those that take back among them."""
    three(history)
    assert said(capsys, "export", "out.jsonl") == "wrote 5 reviews to out.jsonl\n"
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 6


def test_a_minus_is_standard_output(history: History, tmp_path: Path, capsys: Capture) -> None:
    """The very lines that a file would get, and no file of that name."""
    three(history)
    said(capsys, "export", "out.jsonl")
    assert said(capsys, "export", "-") == (tmp_path / "out.jsonl").read_text("utf-8")
    assert not (tmp_path / "-").exists()


def test_what_is_there_is_replaced_only_by_force(history: History, tmp_path: Path, capsys: Capture) -> None:
    """Without it one sentence, exit code 2, and the file as it was."""
    three(history)
    (tmp_path / "out.jsonl").write_text("mine", encoding="utf-8")
    before = disk(tmp_path)
    told = "dlprep: out.jsonl is there already\n  hint: name another file, or replace it with --force\n"
    assert dlprep(capsys, "export", "out.jsonl") == (2, "", told)
    assert disk(tmp_path) == before
    assert said(capsys, "export", "out.jsonl", "--force") == "wrote 5 reviews to out.jsonl\n"


def test_no_history_is_no_export(tmp_path: Path, capsys: Capture) -> None:
    """Not an empty file that looks like one."""
    before = disk(tmp_path)
    code, out, err = dlprep(capsys, "export", "out.jsonl")
    assert (code, out) == (2, "")
    assert re.fullmatch(r"dlprep: there is no history yet at .*\n  hint: answer a question first\n", err)
    assert disk(tmp_path) == before


def test_no_history_is_no_export_to_standard_output_either(capsys: Capture) -> None:
    """`dlprep history export - > backup` with a wrong DLPREP_HOME must not look like a backup."""
    assert dlprep(capsys, "export", "-")[0] == 2


def test_what_goes_to_standard_output_is_whole_in_any_language(history: History) -> None:
    """A history that comes out of a pipe is the history."""
    row = review(uid(1), question="zoo/one")._replace(reply='{"told": "é ∇", "ticked": []}')
    history.append([row])
    done = piped("history", "export", "-", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert parsed(done.stdout.encode()) == row


def test_what_goes_to_a_terminal_is_text(history: History, capsys: Capture) -> None:
    """JSON can spell every letter in ASCII, and then it is whole and harmless at once."""
    row = review(uid(1), question="zoo/one")._replace(reply="\x9b2J \u202e")
    history.append([row])
    out = said(capsys, "export", "-")
    assert parsed(out.encode()) == row
    assert not re.search("[\x80-\x9f\u202e]", out)


# ── in ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["out.jsonl", "out.db"])
def test_merge_says_what_was_new(name: str, history: History, capsys: Capture) -> None:
    """Reviews, a plan if there is one, what was known, and where it went; a second time nothing is new."""
    three(history)
    said(capsys, "export", name)
    history.path.unlink()
    assert said(capsys, "merge", name) == f"5 new reviews, 1 plan, 0 known already, in {history.path}\n"
    assert said(capsys, "merge", name) == f"0 new reviews, 5 known already, in {history.path}\n"
    assert len(history.reviews()) == 5


def test_what_is_merged_is_backed_up_at_once(history: History, capsys: Capture) -> None:
    """In the place of a backup of that day; where nothing was new, none is made."""
    three(history)
    said(capsys, "export", "out.jsonl")
    history.path.unlink()
    history.append([review(uid(9), question="zoo/one")])
    made = backup.daily(history.path, DAY)
    assert made
    said(capsys, "merge", "out.jsonl")
    assert History(made).reviews() == history.reviews()
    assert History(made).plans() == history.plans()
    assert len(History(made).reviews()) == 6
    assert list(made.parent.iterdir()) == [made]
    made.unlink()
    said(capsys, "merge", "out.jsonl")
    assert not made.exists()


def test_a_backup_that_fails_is_no_merge_that_failed(history: History, capsys: Capture) -> None:
    """What was merged is told, and that there is no backup."""
    three(history)
    said(capsys, "export", "out.jsonl")
    history.path.unlink()
    (history.path.parent / "backups").touch()
    code, out, err = dlprep(capsys, "merge", "out.jsonl")
    assert (code, out) == (0, f"5 new reviews, 1 plan, 0 known already, in {history.path}\n")
    assert err.startswith(f"dlprep: no backup today: {history.path.parent / 'backups'} cannot be written: ")
    assert len(history.reviews()) == 5


RUBBISH = {
    "text": (b"hello\n", "x:1: it is not JSON"),
    "json": (b"{}\n", "x:1: `row` is neither review nor plan"),
    "list": (b"\n\n[1]\n", "x:3: it is not a JSON object"),
    "latin": (b"\xe9\n", "x:1: it is not UTF-8"),
    "database": (b"SQLite format 3\0" + b"junk" * 200, "x is not a database"),
}


@pytest.mark.parametrize("kind", RUBBISH)
def test_rubbish_is_not_merged(kind: str, history: History, tmp_path: Path, capsys: Capture) -> None:
    """One sentence that names the file and the line, what to do, exit code 2, and nothing changed."""
    three(history)
    data, told = RUBBISH[kind]
    (tmp_path / "x").write_bytes(data)
    before = disk(tmp_path)
    code, out, err = dlprep(capsys, "merge", "x")
    assert (code, out) == (2, "")
    assert err.startswith(f"dlprep: {told}\n  hint: ")
    assert err.count("\n") == 2
    assert disk(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "told"),
    [("none", "there is no file none"), ("-", "there is no file -"), (".", r"\. is a folder")],
)
def test_what_is_no_file_is_not_merged(name: str, told: str, history: History, capsys: Capture) -> None:
    """Nothing is made either."""
    code, out, err = dlprep(capsys, "merge", "--", name)
    assert (code, out) == (2, "")
    assert re.match(rf"dlprep: {told}\n", err)
    assert not history.path.exists()


def test_the_hint_names_a_command_that_there_is(tmp_path: Path, capsys: Capture) -> None:
    """What is to be typed can be typed."""
    (tmp_path / "x").write_bytes(b"hello\n")
    assert "`dlprep history export`" in dlprep(capsys, "merge", "x")[2]


def test_a_folder_to_merge_need_not_be_moved(capsys: Capture) -> None:
    """The user's folder may stay; a file in it is meant."""
    assert "move it elsewhere" not in dlprep(capsys, "merge", ".")[2]


# ── the list ────────────────────────────────────────────────────────────────────────────────────────


def test_the_last_answers_are_listed_the_oldest_first(history: History, capsys: Capture) -> None:
    """A line an answer, without those taken back, and how to see one again."""
    three(history)
    assert said(capsys, "show") == (
        " 00000000  ✓ right  Good   21 Nov 12:00  zoo/one\n"
        " 00000000  ✗ wrong  Again  22 Nov 12:00  zoo/share\n"
        " 00000000  ✓ right  Easy   23 Nov 12:00  cnn/width\n"
        "\n Next: dlprep history show 00000000\n"
    )


@pytest.mark.parametrize(
    ("args", "names"),
    [
        (("-n", "1"), ["cnn/width"]),
        (("-n", "2"), ["zoo/share", "cnn/width"]),
        (("zoo",), ["zoo/one", "zoo/share"]),
        (("zoo", "-n", "1"), ["zoo/share"]),
        (("cnn",), ["cnn/width"]),
        (("zoo/one",), ["zoo/one"]),
    ],
)
def test_so_many_of_a_topic_or_a_question(
    args: tuple[str, ...], names: list[str], history: History, capsys: Capture
) -> None:
    """The last ones; also of a topic that is in no bank."""
    three(history)
    assert re.findall(r"\w+/\w+", said(capsys, "show", *args)) == names


@pytest.mark.parametrize("name", ["zz", "zoo/none", "zo", "/", "00000000/one", "a\x1b[2J"])
def test_a_name_that_nothing_goes_by_is_refused(name: str, history: History, capsys: Capture) -> None:
    """One sentence and what can be named."""
    three(history)
    shown = repr(name)
    assert dlprep(capsys, "show", name) == (2, "", f"dlprep: no answer is known by {shown}\n  hint: {HINT}\n")


def test_without_answers_there_is_nothing_to_show(history: History, capsys: Capture) -> None:
    """None at all, or none that stands; how to begin."""
    told = "dlprep: there is no history yet\n  hint: answer a question first: dlprep quiz\n"
    assert dlprep(capsys, "show") == dlprep(capsys, "show", "zoo") == (2, "", told)
    history.append([review("a"), review("b", rating=None, replaces="a")])
    assert dlprep(capsys, "show") == (2, "", told)


def test_a_start_that_two_ids_share_is_refused(history: History, tmp_path: Path, capsys: Capture) -> None:
    """Exit code 2, and nothing is shown as if it were meant."""
    three(history)
    before = disk(tmp_path)
    assert dlprep(capsys, "show", "0000")[:2] == (2, "")
    assert disk(tmp_path) == before


def test_a_start_that_two_ids_share_is_called_so(history: History, capsys: Capture) -> None:
    """How many there are, and that more letters are needed."""
    three(history)
    assert "no answer is known" not in dlprep(capsys, "show", "0000")[2]


def test_a_topic_goes_before_a_start_of_an_id(history: History, capsys: Capture) -> None:
    """A name in full is meant as one."""
    history.append([review("cafe1234", question="zoo/one"), review(uid(1), question="cafe/beans")])
    assert "cafe/beans" in said(capsys, "show", "cafe")


@pytest.mark.parametrize("columns", ["20", "40", "120"])
def test_the_list_fits_the_screen(
    columns: str, history: History, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As wide as the terminal says it is."""
    monkeypatch.setenv("COLUMNS", columns)
    history.append([review(uid(1), question=f"{'topic' * 20}/{'id' * 30}")])
    lines = said(capsys, "show").split("\n\n")[0].split("\n")
    assert max(map(len, lines)) <= int(columns)


# ── one answer again ────────────────────────────────────────────────────────────────────────────────


def asked(name: str, seed: int = 7) -> Asked:
    """A question of the zoo as that seed shows it."""
    return quiz.ask(next(each for each in TOPIC.questions if each.id == name), seed)


def given(name: str, reply: Reply, number: int = 1) -> Review:
    """An answer to a question of the zoo."""
    right = quiz.mark(asked(name), reply).right
    row = review(
        uid(number), question=f"zoo/{name}", kind=asked(name).question.kind, rating=3 if right else 1
    )
    return row._replace(reply=replytext.write(reply))


@pytest.mark.parametrize("name", RIGHT)
def test_an_answer_of_each_kind_is_shown_as_it_was(name: str, history: History, capsys: Capture) -> None:
    """The question, what was replied, and the verdict that was given then."""
    row = given(name, RIGHT[name])
    history.append([row])
    out = said(capsys, "show", row.id[:8])
    assert " ".join(asked(name).ask.split()) in " ".join(out.split())
    sign = "✓" if row.right else "✗"
    assert re.match(rf" .*\n\n {sign} ", out.split("›")[1])


def test_an_answer_again_in_full(history: History, capsys: Capture) -> None:
    """The whole of one, in the order in which it was shown then."""
    history.append([given("parameters", Typed(990.0))])
    assert said(capsys, "show", uid(1)) == (
        "\n 00000000  ✗ wrong  Again  23 Nov 12:00  zoo/parameters\n\n"
        " A dense layer with biases maps 99 inputs to 10 outputs. How many parameters?\n\n"
        " › 990 parameters\n\n"
        " ✗ wrong  the answer is 1,000 parameters\n"
        "   That leaves out the biases.\n\n"
    )


def test_the_order_of_the_options_is_that_of_then(history: History, capsys: Capture) -> None:
    """By the seed that was kept."""
    shown = set()
    for seed in range(6):
        history.path.unlink(missing_ok=True)
        history.append([given("one", Picked(frozenset({0})))._replace(seed=seed)])
        out = said(capsys, "show", uid(1))
        options = re.findall(r"^ +[abc]  (A \w+)", out, re.MULTILINE)[:3]
        body = asked("one", seed)
        texts = ["A convolution", "A dense layer", "A softmax"]
        assert [option.split()[1] for option in options] == [texts[n].split()[1] for n in body.shown]
        shown.add(tuple(options))
    assert len(shown) > 2


def test_an_answer_to_a_question_that_is_gone(history: History, capsys: Capture) -> None:
    """It was kept, and is shown as far as it can be."""
    for number, name in enumerate(("zoo/none", "none/one"), 1):
        history.append([given("one", Picked(frozenset({1})), number)._replace(question=name)])
        out = said(capsys, "show", uid(number))
        assert out.endswith(' this question is in no bank any more\n what was replied: {"picked": [1]}\n')


def test_a_bank_that_is_not_there_is_no_question_that_is_gone(history: History, capsys: Capture) -> None:
    """A wrong option says nothing of the answer."""
    history.append([given("one", Picked(frozenset({1})))])
    code, out, err = dlprep(capsys, "show", uid(1), "--bank", "none.yaml")
    assert (code, out) == (2, "")
    assert err.startswith("dlprep: none.yaml does not exist\n")


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("other", ["one", "parameters", "why-share", "steps"])
def test_an_answer_to_a_question_of_another_kind_now(
    name: str, other: str, history: History, capsys: Capture
) -> None:
    """The reply cannot be marked any more; it is shown as it was kept."""
    row = given(other, RIGHT[other])._replace(question=f"zoo/{name}")
    history.append([row])
    out = said(capsys, "show", uid(1))
    same = type(RIGHT[name]) is type(RIGHT[other])
    assert ("this question was changed since" in out) != same
    assert (f"what was replied: {row.reply}" in out) != same


@pytest.mark.parametrize("reply", ["", "{}", "[]", "nonsense", '{"picked": "x"}', '{"new": 1}', "1" * 90_000])
def test_a_reply_that_nobody_can_read_is_shown_as_it_is(
    reply: str, history: History, capsys: Capture
) -> None:
    """Such as one of a newer dlprep."""
    history.append([given("one", Picked(frozenset({1})))._replace(reply=reply)])
    out = said(capsys, "show", uid(1))
    assert "this question was changed since" in out
    assert "".join(out.split()).partition("whatwasreplied:")[2] == "".join(reply.split())


@pytest.mark.parametrize("place", [3, 8])
def test_an_answer_to_an_option_that_is_gone(place: int, history: History, capsys: Capture) -> None:
    """The question has fewer options now: a letter that nobody sees tells nothing."""
    history.append([given("one", Picked(frozenset({place})))])
    assert "this question was changed since" in said(capsys, "show", uid(1))


ODD = {
    "one": ('{"picked": [9]}', '{"picked": [-1]}', '{"picked": [1e999]}'),
    "share": ('{"typed": NaN}', '{"typed": Infinity}', json.dumps({"typed": 10**400})),
    "steps": ('{"sorted": [1e999]}', '{"sorted": [0, 1]}', '{"sorted": []}', '{"sorted": [0, 0, 0, 0]}'),
}


@pytest.mark.parametrize(
    ("name", "reply"), [(name, reply) for name, replies in ODD.items() for reply in replies]
)
def test_an_odd_reply_is_no_bug(name: str, reply: str, history: History, capsys: Capture) -> None:
    """A merge takes any reply, so that any may be in the history; what cannot be one is shown as it is."""
    history.append([given(name, RIGHT[name])._replace(reply=reply)])
    out = said(capsys, "show", uid(1))
    assert "this question was changed since" in out
    assert "".join(out.split()).partition("whatwasreplied:")[2] == "".join(reply.split())
    assert "›" not in out
