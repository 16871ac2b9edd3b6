"""The quiz on a terminal: every kind of question, every way to leave, and a terminal left as it was."""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal, with_coin, without_numpy

ZOO = Path(__file__).parent / "zoo.yaml"
FOOTER = "q quit"
COLOR = re.compile(rb"\x1b\[[\d;]*(?:3[0-8]|4[0-8]|9\d)[\d;]*m")
MOVES = re.compile(rb"\x1b(?!\[[\d;]*m)")  # any escape but the choice of a style


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """A user without banks or history."""
    return {"DLPREP_HOME": str(tmp_path)}


def quiz(home: dict[str, str], *args: str, columns: int = 80, rows: int = 40) -> Terminal:
    """A quiz on the zoo."""
    return Terminal("quiz", "zoo", "--bank", str(ZOO), *args, columns=columns, rows=rows, env=home)


def letter(text: str, option: str) -> str:
    """The letter before an option on the screen."""
    found = re.search(rf"^ +([a-i])  {option}$", text, re.MULTILINE)
    assert found, text
    return found[1]


def end(terminal: Terminal, code: int = 0) -> str:
    """Wait for the end, see that nothing is left behind, and return the screen."""
    assert terminal.wait() == code
    assert terminal.sane
    assert terminal.cursor
    assert terminal.left == ""
    assert "Traceback" not in terminal.text
    return terminal.text


# ── each kind of question ───────────────────────────────────────────────────────────────────────────


def test_one_key_answers_a_choice(home: dict[str, str]) -> None:
    """A right key is told so, and is explained all the same, with what is wrong with the others."""
    with quiz(home, "--kind", "choice", "--level", "junior") as t:
        screen = t.until(FOOTER)
        assert "zoo · choice · junior" in screen
        assert "1 of 1" in screen
        t.send(letter(screen, "A convolution"))
        screen = t.until("Enter next")
        assert "✓ right" in screen
        assert "A convolution (yours)" in screen
        assert "It has a weight for every pair." in screen
        assert "Why  A kernel serves every position of the image." in screen
        assert "Source  LeCun et al. 1998" in screen
        t.send("\r")
        assert "1 of 1 right" in end(t)
        assert "Next: dlprep quiz" in t.text


def test_a_wrong_key_is_told_which_was_right(home: dict[str, str]) -> None:
    """The wrong option and the right one are marked, and the summary says what to read again."""
    with quiz(home, "--kind", "choice", "--level", "junior") as t:
        place = "abc".index(letter(t.until(FOOTER), "A softmax"))
        t.send(str(place + 1))  # digits answer too
        screen = t.until("Enter next")
        assert "✗ wrong" in screen
        assert re.search(r"✗ [abc]  A softmax \(yours\)", screen)
        assert re.search(r"✓ [abc]  A convolution", screen)
        t.send("q")
        assert "0 of 1 right" in end(t)
        assert "dlprep show zoo/one" in t.text


def test_several_keys_mark_and_enter_answers(home: dict[str, str]) -> None:
    """Where several options are right, a key marks, the same key unmarks, and Enter answers."""
    with quiz(home, "--kind", "choice", "--level", "mid") as t:
        screen = t.until("Enter answers")
        right = [letter(screen, option) for option in ("Convolution", "Dense")]
        wrong = letter(screen, "Dropout")
        t.send("\r" + wrong)  # Enter without a mark is nothing
        t.until(f"› {wrong}")
        t.send(wrong + "".join(right))
        t.until("› " + " ".join(sorted(right)))
        t.send("\r")
        assert "✓ right" in t.until("Enter next")
        t.send("q")
        assert "1 of 1 right" in end(t)


def test_a_number_that_cannot_be_read_is_asked_again(home: dict[str, str]) -> None:
    """It is never marked wrong; what is typed can be corrected; a unit may be typed with it."""
    with quiz(home, "--kind", "numeric", "--level", "mid") as t:
        t.until("›  parameters")
        t.send("12 apples\r")
        assert "wrong" not in t.until("'12 apples' is not a number I can read, in parameters")
        t.send("1e34\x7f parameters\r")
        screen = t.until("Enter next")
        assert "✓ right  the answer is 1,000 parameters" in screen
        assert "There are 99 × 10 weights and 10 biases." in screen
        t.send("\x1b")
        assert "1 of 1 right" in end(t)


def test_a_slip_answers_with_its_own_sentence(home: dict[str, str]) -> None:
    """A number that a known mistake leads to names the mistake."""
    with quiz(home, "--kind", "numeric", "--level", "mid") as t:
        t.until("›  parameters")
        t.send("990\r")
        screen = t.until("Enter next")
        assert "✗ wrong  the answer is 1,000 parameters" in screen
        assert "That leaves out the biases." in screen
        t.send("\x04")
        end(t)


def test_words_tick_the_rubric_beforehand(home: dict[str, str]) -> None:
    """Typed words end with a lone dot; what they mention is ticked, and digits tick the rest."""
    with quiz(home, "--kind", "recall") as t:
        t.until("editor")
        t.send("it needs far fewer parameters\rthan a dense one\r.\r")
        screen = t.until("Enter accepts")
        assert "✓ 1  Far fewer parameters than a dense layer" in screen
        assert "· 2  A shifted input gives a shifted output" in screen
        t.send("2")
        t.until("✓ 2  A shifted")
        t.send("\r")
        assert "2 of 2 points" in t.until("Enter next")
        assert "Answer  Sharing cuts the parameters" in t.text
        t.send("q")
        assert "1 of 1 right" in end(t)


def test_words_may_end_with_ctrl_d(home: dict[str, str]) -> None:
    """Ctrl-D after words ends them; without words it ends the session."""
    with quiz(home, "--kind", "refute") as t:
        t.until("editor")
        t.send("no idea\r")
        t.until("› no idea")
        t.send("\x04")
        t.until("Enter accepts")
        t.send("\r")
        assert "0 of 1 points" in t.until("Enter next")
        t.send("q")
        end(t)


def test_an_editor_goes_on_with_what_was_typed(home: dict[str, str], tmp_path: Path) -> None:
    """`e` opens $EDITOR, arguments and spaces and all, on the lines so far; the question is a comment."""
    script = tmp_path / "my editor.py"
    script.write_text(
        "import pathlib, sys\n"
        "file = pathlib.Path(sys.argv[-1])\n"
        "old = file.read_text()\n"
        "assert sys.argv[1] == '-w' and '# Why does a conv' in old and old.startswith('far fewer\\n')\n"
        "file.write_text(old + 'parameters, and a shifted input shifts the output')\n"
    )
    with quiz({**home, "EDITOR": f"{sys.executable} '{script}' -w"}, "--kind", "recall") as t:
        t.until("editor")
        t.send("far fewer\re\r")
        screen = t.until("Enter accepts")
        assert "✓ 1  Far fewer" in screen
        assert "✓ 2  A shifted" in screen
        t.send("\r")
        assert "2 of 2 points" in t.until("Enter next")
        t.send("q")
        end(t)


def test_without_an_editor_the_answer_is_typed(home: dict[str, str]) -> None:
    """Where no editor is set, that is said, and what was typed is kept."""
    with quiz(home, "--kind", "recall") as t:
        t.until("editor")
        t.send("fewer parameters than a dense layer\re\r")
        t.until("no editor is set")
        t.send(".\r")
        assert "✓ 1  Far fewer" in t.until("Enter accepts")
        t.send("\r")
        t.until("Enter next")
        t.send("q")
        end(t)


def test_an_order_is_typed_as_numbers(home: dict[str, str]) -> None:
    """The four numbers in the right order; three of them are asked again."""
    with quiz(home, "--kind", "order") as t:
        screen = t.until(FOOTER)
        places = [
            re.search(rf"^ +(\d)  {step}$", screen, re.MULTILINE)
            for step in ("Forward pass", "Loss", "Backward pass", "Update")
        ]
        numbers = "".join(place[1] for place in places if place)
        t.send(f"{numbers[:3]}\r")
        t.until("type each of the numbers 1–4 once")
        t.send(f"{numbers}\r")
        assert "✓ right" in t.until("Enter next")
        t.send("q")
        end(t)


# ── keys that do something else ─────────────────────────────────────────────────────────────────────


def test_help_and_skip(home: dict[str, str]) -> None:
    """`?` explains the keys, before and after an answer; `s` leaves a question out."""
    with quiz(home, "--kind", "numeric", "--seed", "3") as t:
        t.until("1 of 2")
        t.until(FOOTER)
        t.send("?")
        t.until("s skips the question")
        t.send("s")
        t.until("2 of 2")
        t.until("›")
        t.send("7\r")
        t.until("Enter next")
        t.send("?")
        t.until("d plays the demo")
        t.send("q")
        screen = end(t)
        assert "0 of 1 right" in screen  # the skipped one does not count
        assert screen.count("zoo/") == 3  # both are to be read again, the first in the command too


@pytest.mark.parametrize("key", ["q", "\x1b", "\x04"])
@pytest.mark.parametrize("kind", ["choice", "recall"])
def test_a_session_can_be_ended(home: dict[str, str], key: str, kind: str) -> None:
    """q, Esc and Ctrl-D end it with a summary and exit code 0."""
    with quiz(home, "--kind", kind, "--level", "senior" if kind == "recall" else "junior") as t:
        t.until(FOOTER)
        t.until("›" if kind == "recall" else FOOTER)
        t.send({"q": "q\r", "\x1b": "q\r", "\x04": "\x04"}[key] if kind == "recall" else key)
        assert "Nothing answered." in end(t)


@pytest.mark.parametrize("kind", ["choice", "recall"])
@pytest.mark.parametrize(
    ("how", "code"), [("\x03", 130), (signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_session_can_be_killed(home: dict[str, str], kind: str, how: str | int, code: int) -> None:
    """Ctrl-C and signals end it at once, with their codes, no traceback and a sane terminal."""
    with quiz(home, "--kind", kind, "--level", "senior" if kind == "recall" else "mid") as t:
        t.until(FOOTER)
        t.until("›")
        if isinstance(how, str):
            t.send(how)
        else:
            t.signal(how)
        end(t, code)
        assert t.raw.count(b"\x1b[?2004h") == t.raw.count(b"\x1b[?2004l")


def test_a_stopped_session_comes_back(home: dict[str, str]) -> None:
    """Ctrl-Z gives the shell a sane terminal; brought back, the question stands there with what was typed."""
    with quiz(home, "--kind", "numeric", "--level", "mid") as t:
        t.until("›  parameters")
        t.send("12")
        t.until("› 12 parameters")
        for _ in range(2):
            t.send("\x1a")
            t.suspended()
            assert t.cooked
            before = len(t.raw)
            t.resume()
            t.wrote("A dense layer", before)
            t.wrote("› 12 parameters", before)
            assert not t.cooked
        t.send("\x7f\x7f1000\r")
        assert "✓ right" in t.until("Enter next")
        before = len(t.raw)
        t.signal(signal.SIGTSTP)
        t.suspended()
        t.resume()
        t.wrote("Enter next", before)
        t.send("\r")
        assert "1 of 1 right" in end(t)


def test_a_stopped_rubric_comes_back(home: dict[str, str]) -> None:
    """Ctrl-Z while words are typed or a rubric is ticked loses neither."""
    with quiz(home, "--kind", "recall") as t:
        t.until("editor")
        t.send("fewer parameters than a dense layer\r")
        t.until("layer\n ›")
        t.send("\x1a")
        t.suspended()
        assert t.cooked
        t.resume()
        t.send("\r.\r")
        t.until("✓ 1  Far fewer")
        t.until("Enter accepts")
        t.send("\x1a")
        t.suspended()
        before = len(t.raw)
        t.resume()
        t.wrote("Enter accepts", before)
        t.wrote("✓", before)
        t.send("\r")
        assert "1 of 2 points" in t.until("Enter next")
        t.send("q")
        end(t)


# ── pastes ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_paste_answers_one_question_only(home: dict[str, str]) -> None:
    """Of pasted lines the first answers; the rest neither goes on nor answers nor reaches the shell."""
    with quiz(home, "--kind", "numeric", "--seed", "3") as t:
        t.until("1 of 2")
        t.until("›")
        t.send("5\n6\n7\n\nq\necho hacked\n")
        t.until("Enter next")
        t.quiet()
        assert "2 of 3" not in t.text
        t.send("\r")
        t.until("2 of 3")
        t.send("s" + "\necho hacked" * 200 + "\n")  # more than is read at once
        t.until("3 of 3")  # the missed one is back
        t.quiet()
        t.send("q")
        end(t)


def test_a_skip_does_not_hand_the_paste_on(home: dict[str, str]) -> None:
    """What follows a skip in a paste is no answer to the next question."""
    with quiz(home, "--kind", "numeric", "--seed", "3") as t:
        t.until("1 of 2")
        t.until("›")
        t.send("s\n5\n")
        t.until("2 of 2")
        t.quiet()
        assert "Enter next" not in t.text
        t.send("q")
        end(t)


def leave_rubric(t: Terminal) -> None:
    """Leave while the rubric is ticked: the answer is marked and shown, and the next q ends the session."""
    t.quiet()
    t.send("q")
    t.until("Enter next")
    t.quiet()
    t.send("q")
    end(t)


@pytest.mark.parametrize("key", ["s", "u", "x", "\x04", "q", "\x1b"])
def test_no_key_throws_a_written_answer_away(home: dict[str, str], key: str) -> None:
    """While the rubric is ticked, letters are nothing, and whatever leaves accepts it."""
    with quiz(home, "--kind", "recall") as t:
        t.until("›")
        t.quiet()
        t.send("fewer parameters\n.\n")
        t.until("Enter accepts")
        t.quiet()
        t.send(key)
        t.quiet()
        if key in "sux":
            assert "Enter accepts" in t.text
            t.send("\r")
        assert "of 2 points" in t.until("Enter next")
        t.send("q")
        end(t)


def test_pasted_words_are_one_answer(home: dict[str, str]) -> None:
    """A bracketed paste with blank lines, dots and commands in it is text, and none of it is left over."""
    with quiz(home, "--kind", "recall") as t:
        t.until("›")
        t.quiet()
        assert t.raw.rstrip().endswith(b"\x1b[?2004h \xe2\x80\xba")  # the terminal is asked to mark pastes
        t.send("\x1b[200~fewer parameters than a dense layer\n\nq\n.\nrm -rf nothing\x1b[201~")
        t.until("rm -rf nothing")
        assert "Enter accepts" not in t.text
        t.send("\r.\r")
        t.until("✓ 1  Far fewer")
        t.until("Enter accepts")
        leave_rubric(t)


def test_a_plain_paste_does_not_tick_the_rubric(home: dict[str, str]) -> None:
    """What follows the closing dot in a paste is forgotten."""
    with quiz(home, "--kind", "recall") as t:
        t.until("›")
        t.send("no idea\n.\n1\n2\n\n\necho hacked\n")
        t.until("Enter accepts")
        t.quiet()
        assert "· 1  Far fewer" in t.text
        leave_rubric(t)


# ── sizes and looks ─────────────────────────────────────────────────────────────────────────────────


def test_resizing_does_no_harm(home: dict[str, str]) -> None:
    """A terminal of one cell, of ten by three and of 500 columns: the quiz goes on."""
    with quiz(home, "--kind", "numeric", "--seed", "3") as t:
        t.until("›")
        for columns, rows in ((1, 1), (10, 3), (500, 200)):
            t.resize(columns, rows)
            t.send("9")
        t.quiet()
        t.resize(80, 40)
        t.send("\r")
        t.until("Enter next")
        t.resize(1, 1)
        t.send("?")
        t.quiet()
        t.send("\r")
        t.quiet()
        t.resize(80, 24)
        t.send("q")
        end(t)


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 12), (500, 200)])
def test_no_word_is_lost_at_any_size(home: dict[str, str], columns: int, rows: int) -> None:
    """Every word of a question and its answer is written whole, in lines of at most 88 columns."""
    with quiz(home, "--kind", "choice", "--level", "junior", columns=columns, rows=rows) as t:
        t.wrote("q quit")
        t.send("a")
        t.wrote("Enter next")
        t.send("q")
        end(t)
    lines = t.said().split("\n")
    assert max(map(len, lines)) <= min(columns, 90)
    told = " ".join(" ".join(lines).split())
    for sentence in ("Which layer uses the same weights at every position?", "It has no weights at all."):
        assert sentence in told


def test_no_color_means_no_colour(home: dict[str, str]) -> None:
    """NO_COLOR takes the colours away, an empty NO_COLOR does not, and --color beats both."""
    for env, args, colored in (
        ({"NO_COLOR": "1"}, (), False),
        ({"NO_COLOR": ""}, (), True),
        ({"NO_COLOR": "1"}, ("--color", "always"), True),
    ):
        with quiz({**home, **env}, "--kind", "order", "--only", "all", *args) as t:
            t.until(FOOTER)
            t.until("›")
            t.send("1234\r")
            t.until("Enter next")
            t.send("q")
            end(t)
            assert bool(COLOR.search(t.raw)) is colored


def test_a_dumb_terminal_gets_plain_lines(home: dict[str, str]) -> None:
    """TERM=dumb: no escape at all, ASCII signs, the real width, and a line an answer."""
    with quiz({**home, "TERM": "dumb"}, "--kind", "numeric", "--level", "mid", columns=40) as t:
        t.until(" >")
        t.send("990\n")
        t.until("X wrong")
        t.until("2 of 2")  # it is back
        t.send("q\n")
        assert "Next: dlprep show zoo/parameters" in end(t)
        assert b"\x1b" not in t.raw
        assert max(map(len, t.text.split("\n"))) <= 40


def test_plain_never_moves_the_cursor(home: dict[str, str]) -> None:
    """--plain asks line by line on any terminal; a rubric is ticked by a line of numbers."""
    with quiz(home, "--plain", "--kind", "recall") as t:
        t.until("›")
        t.send("?\n")
        t.until("s skips the question")
        t.send("fewer parameters than a dense layer\n")
        t.until("which points did you make?")
        t.send("1 2\n")
        t.until("2 of 2 points")
        t.until("Enter keeps the rating, or 1 Again")
        t.send("\n")
        assert "1 of 1 right" in end(t)
        assert not MOVES.search(t.raw)


# ── the demo behind a question ──────────────────────────────────────────────────────────────────────


def test_the_demo_is_played_and_the_quiz_goes_on(tmp_path: Path) -> None:
    """The evidence was measured while the user thought; d plays the demo as the question has it."""
    with Terminal("quiz", "coin", "--kind", "numeric", env=with_coin(tmp_path), cwd=tmp_path, rows=40) as t:
        t.until("›  heads")
        t.send("400\r")
        screen = t.until("Enter next · d demo")
        assert "That is every flip." in screen
        assert "Evidence measured just now" in screen
        assert "✓ heads are half of all" in screen
        assert "under control “two-headed”: 0.5 > 0.1, broken, as it must be" in screen
        assert "try: dlprep demo coin --flips 400" in screen
        t.send("d")
        t.until("step 1 of 8")
        t.send("q")
        t.until("Enter next · d demo")
        assert t.cursor
        assert "heads of copper" in t.text  # the last picture stays
        t.send("q")
        assert "0 of 1 right" in end(t)


def test_a_demo_that_cannot_play_does_not_end_the_quiz(tmp_path: Path) -> None:
    """NumPy broken: d says what to install, and the next key is still heard."""
    bank = without_numpy(tmp_path)
    env = {"PYTHONPATH": str(tmp_path), "DLPREP_HOME": str(tmp_path)}
    with Terminal("quiz", "cites", "--bank", str(bank), env=env, rows=40) as t:
        t.until("›")
        t.send("7\r")
        t.until("Enter next · d demo")
        t.send("d")
        t.until("demo perceptron cannot run: no numpy here")
        t.until("Enter next · d demo")
        t.send("q")
        assert "1 of 1 right" in end(t)


# ── text that a terminal would obey ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "words",
    [
        ("quiz", "\x1b]0;owned\x07"),
        ("quiz", "--\x1b[31mred"),
        ("quiz", "--kind", "\x1b[2Jgone"),
        ("show", "\u202egnp"),
        ("demo", "\x1b[31mred"),
        ("verify", "--seeds", "\x9b31m"),
        ("\x1b]8;;file:///etc/passwd\x07quiz",),
    ],
)
def test_hostile_arguments_never_reach_the_terminal(home: dict[str, str], words: tuple[str, ...]) -> None:
    """On a terminal, where Typer passes escapes on, an argument is shown but not obeyed."""
    with Terminal(*words, env=home) as t:
        assert t.wait() == 2
        assert b"\x1b" not in t.raw
        assert not set("\x07\x9b\u202e") & set(t.raw.decode())


def test_typed_escapes_are_not_echoed(home: dict[str, str]) -> None:
    """What is typed or pasted into an answer comes back harmless, whichever way it is asked."""
    for args, keys in (
        (("--kind", "numeric", "--level", "mid"), "\x1b]0;x\x07\x9b31m5\u202e"),
        (("--plain",), "\u202e5"),
    ):
        with quiz(home, *args, "-n", "1") as t:
            t.until("›")
            before = len(t.raw)
            t.send(keys + "\n")
            t.quiet()
            wrote = t.raw[before:].decode()
            assert "\x1b]" not in wrote
            assert "\x07" not in wrote
