"""Each file in tests/bad/ names in its first comments every complaint it must draw, and draws no other.

A line such as `# 4:5 unknown-key: is not a key` gives the place, the code and a part of the message. Where
the words and the column are the YAML parser's own, only the line is given.
"""

from __future__ import annotations

import ast
import re
from functools import partial
from pathlib import Path

import pytest
import yaml

from dlprep import check, reader, yamltext
from dlprep.errors import Problem
from dlprep.evidence import Run

ROOT = Path(__file__).parent.parent
BAD = sorted((ROOT / "tests" / "bad").glob("*.yaml"))
GOOD = sorted((ROOT / "tests" / "good").glob("*.yaml")) + sorted((ROOT / "questions").glob("*.yaml"))
EXPECTED = re.compile(r"# (\d+)(?::(\d+))? ([a-z-]+): (.+)")
PARSERS = {"libyaml": yaml.CSafeLoader, "python": yaml.SafeLoader}
# Drawn by what no file can hold; test_library.py and test_check.py draw them.
ELSEWHERE = {"file", "answer", "marking"}


def measured(name: str) -> Run:
    """A run that made no claims, without waking a demo."""
    return Run(name, 0, None, (), (), 0.0)


def problems(data: bytes, topic: str) -> list[Problem]:
    """Everything the reader and `check` say of a file."""
    found, said = reader.read(data, "bank.yaml", topic)
    if found:
        said += check.prove(found)
        said += check.prove_evidence([found], measured)
    return sorted(said, key=check.sort_key)


def expected(file: Path) -> list[tuple[int, int | None, str, str]]:
    """What the first comments of a file say: line, column, code, part of the message."""
    heads = [EXPECTED.fullmatch(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [(int(h[1]), int(h[2]) if h[2] else None, h[3], h[4]) for h in heads if h]


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_bad_bank_draws_exactly_the_complaints_it_names(
    file: Path, parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Place, code and message are as the file says, from either parser."""
    monkeypatch.setattr(yamltext, "parse", partial(yamltext.parse, parser=PARSERS[parser]))
    wanted, found = expected(file), problems(file.read_bytes(), file.stem)
    assert wanted, "the file names no complaint"
    assert [(p.where.line, p.code) for p in found] == [(line, code) for line, _, code, _ in wanted]
    for problem, (_, column, _, part) in zip(found, wanted, strict=True):
        assert part in problem.message
        assert column in (None, problem.where.column)


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_the_caret_stands_under_what_is_wrong(file: Path) -> None:
    """A problem of the reader carries its own line of the file, and marks characters that are there."""
    data = file.read_bytes()
    lines = data.decode().split("\n")
    for problem in reader.read(data, "bank.yaml", file.stem)[1]:
        assert problem.line == lines[problem.where.line - 1]
        assert 1 <= problem.where.column <= len(problem.line) + 1
        assert problem.where.column + problem.width <= len(problem.line) + 2


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_a_good_bank_draws_no_complaint(file: Path) -> None:
    """The reader keeps every question of a good bank, and each is sound at every draw."""
    topic, said = reader.read(file.read_bytes(), "bank.yaml", file.stem)
    assert said == []
    assert topic is not None
    assert list(check.prove(topic)) == []


def test_every_code_is_drawn_by_some_file() -> None:
    """No complaint exists that the corpus does not know."""
    codes: set[str] = set()
    for module in ("reader", "fields", "check", "library"):
        tree = ast.parse((ROOT / "dlprep" / f"{module}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                codes |= {str(node.args[0].value)} if name in ("Problem", "problem") else set()
    drawn = {code for file in BAD for _, _, code, _ in expected(file)}
    assert codes - drawn == ELSEWHERE
    assert drawn <= codes


def test_a_faulty_question_leaves_the_others() -> None:
    """One bad question is left out; the rest of its bank can be asked."""
    file = next(file for file in BAD if file.stem == "duplicate-id")
    topic, _ = reader.read(file.read_bytes(), "bank.yaml", file.stem)
    assert topic is not None
    assert [question.ask for question in topic.questions] == ["What is it?"]


# ── files that cannot begin with a comment, or that no editor should have to open ────────────────────

BANK = b"title: Bad\nsummary: A bank.\n"
MADE: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "bank.yaml:1:1", "a bank has title, summary and questions"),
    "whitespace": (b" \n\n   \n", "bank.yaml:1:1", "a bank has title"),
    "bom-only": (b"\xef\xbb\xbf", "bank.yaml:1:1", "a bank has title"),
    "bom-in-the-middle": (BANK + b"\xef\xbb\xbfquestions:\n", "bank.yaml:3:1", "U+FEFF"),
    "latin-1": (b"title: Entrop\xeda\n", "bank.yaml:1:14", "byte 0xed is not UTF-8"),
    "latin-1-after-a-bom": (b"\xef\xbb\xbftitle: \xeda\n", "bank.yaml:1:8", "byte 0xed is not UTF-8"),
    "latin-1-far-down": (BANK + b"#\r\n" * 2000 + b"# \xe9", "bank.yaml:2003:3", "byte 0xe9"),
    "latin-1-after-cr": (b"title: Bad\r# \xe9", "bank.yaml:2:3", "byte 0xe9"),
    "utf-16": ("title: Bad\n".encode("utf-16"), "bank.yaml:1:1", "byte 0xff is not UTF-8"),
    "utf-8-cut-short": (b"title: \xc3", "bank.yaml:1:8", "byte 0xc3"),
    "encoded-surrogate": (b"title: \xed\xa0\x80\n", "bank.yaml:1:8", "byte 0xed"),
    "nul": (BANK + b"# \x00", "bank.yaml:3:3", "U+0000"),
    "escape": (BANK + b"# \x1b[31m", "bank.yaml:3:3", "U+001B"),
    "delete": (BANK + b"# \x7f", "bank.yaml:3:3", "U+007F"),
    "c1": (BANK + "# \x9b31m".encode(), "bank.yaml:3:3", "U+009B"),
    "next-line": (BANK + "# \x85".encode(), "bank.yaml:3:3", "U+0085"),
    "bidi": (BANK + "# 😀\u202e".encode(), "bank.yaml:3:4", "U+202E"),
    "line-separator": (BANK + "# \u2028".encode(), "bank.yaml:3:3", "U+2028"),
    "directive": (b"%YAML 1.1\n---\n" + BANK, "bank.yaml:1:1", "a line may not start with %"),
    "too-large": (b"#" * 5_000_001, "bank.yaml:1:1", "the file has more than 5 MB"),
    "too-many-values": (b"[" + b"a," * 200_001, "bank.yaml:1:400000", "more than 200000 values"),
    "open-quote": (BANK + b'questions: "' + b"x" * 100_000, "bank.yaml:3:12", "not valid YAML"),
}


@pytest.mark.parametrize("name", MADE)
def test_a_made_file_is_refused_at_its_place(name: str) -> None:
    """Bytes that are no bank draw one complaint that says where."""
    data, place, part = MADE[name]
    topic, (problem, *more) = reader.read(data, "bank.yaml", "bank")
    assert (topic, more) == (None, [])
    assert str(problem.where) == place
    assert part in problem.message


def test_the_line_of_an_undecodable_byte_is_shown() -> None:
    """A refused file still shows the line, wherever it stands, with the byte marked as unreadable."""
    _, (problem,) = reader.read(b"# x\r\n" * 3000 + b"title: Entrop\xeda\r\n", "bank.yaml", "bank")
    assert problem.line == "title: Entrop\ufffda"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_and_a_bom_are_read(end: str) -> None:
    """The same bank comes from Unix, Windows and old Mac files, with or without a byte-order mark."""
    text = (ROOT / "tests" / "good" / "every_key.yaml").read_text(encoding="utf-8")
    unix = reader.read(text.encode(), "bank.yaml", "bank")
    assert unix[1] == []
    assert reader.read(text.replace("\n", end).encode("utf-8-sig"), "bank.yaml", "bank") == unix
