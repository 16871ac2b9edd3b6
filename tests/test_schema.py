"""The JSON Schema and the reader give one verdict on every file of the corpus that a schema can judge."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dlprep import bank, reader, schema, starter, yamltext
from dlprep.yamltext import Mapping, Node, Scalar

ROOT = Path(__file__).parent.parent
BAD = sorted((ROOT / "tests" / "bad").glob("*.yaml"))
GOOD = sorted((ROOT / "tests" / "good").glob("*.yaml")) + sorted((ROOT / "questions").glob("*.yaml"))
SCHEMA = jsonschema.Draft7Validator(schema.document())

# What no schema can see: other questions, what expressions mean, what comes of asking, what files hold.
READER_ONLY = {
    *("syntax", "duplicate-id", "distinct", "expression", "unused", "given", "draw", "slip"),
    *("source", "try", "evidence"),
}
# Files whose code a schema can often see, but not in them: their reason.
NOT_SEEN = {
    "tolerance-needed": "the answer's digits show only when it is computed",
    "number-octal": "to YAML 1.2 an octal number is a number",
    "number-infinite": "to JSON every number that an editor reads is a number",
    "number-not-a-number": "as above",
    "number-5000-digits": "JSON sets no number a length",
}
# Files that a schema refuses although their code is one of the reader's own.
SEEN = {"given-text"}


def value(node: Node | None) -> Any:
    """A node as a JSON value, as an editor of YAML 1.2 resolves it by the core schema."""
    match node:
        case None:
            return None
        case Mapping(entries):
            return {name: value(item) for name, item in entries.items()}
        case Scalar(text):
            return core(text) if node.plain else text
    return [value(item) for item in node.items]


def core(text: str) -> Any:
    """A plain scalar by the core schema of YAML 1.2."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text.lower() in ("true", "false") and text in (text.lower(), text.title(), text.upper()):
        return text.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text) if len(text) < 4000 else float(text)
    if re.fullmatch(r"0o[0-7]+|0x[0-9a-fA-F]+", text):
        return int(text, 0)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    if re.fullmatch(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", text):
        return float(text.replace(".", "", 1))
    return text


def document(data: bytes) -> Any:
    """A bank's JSON value."""
    return value(yamltext.parse(yamltext.decode(data, "bank.yaml"), "bank.yaml"))


def codes(file: Path) -> set[str]:
    """The codes that a bad file names in its first comments."""
    return set(re.findall(r"^# \d+(?::\d+)? ([a-z-]+): ", file.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_schema_is_draft_7_and_describes_every_key() -> None:
    """Editors read draft-07; each key carries the table's own words."""
    found = schema.document()
    jsonschema.Draft7Validator.check_schema(found)
    assert found["$schema"] == "http://json-schema.org/draft-07/schema#"
    kinds = found["properties"]["questions"]["items"]["oneOf"]
    for kind, described in zip(bank.KINDS, kinds, strict=True):
        table = bank.keys_of(kind)
        assert set(described["properties"]) == set(table)
        assert set(described["required"]) == {name for name, key in table.items() if key.required}
        assert all(described["properties"][name]["description"] == key.says for name, key in table.items())


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_what_the_reader_takes_the_schema_takes(file: Path) -> None:
    """No editor underlines a good bank."""
    data = file.read_bytes()
    assert reader.read(data, "bank.yaml", file.stem)[1] == []
    assert [error.message for error in SCHEMA.iter_errors(document(data))] == []


def test_the_schema_takes_the_starter() -> None:
    """What `dlprep new` writes is valid from its first line."""
    assert SCHEMA.is_valid(document(starter.starter("attention", "").encode()))


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_what_the_reader_refuses_the_schema_refuses_where_it_can(file: Path) -> None:
    """Only what needs the whole bank, or arithmetic, is the reader's alone."""
    found = codes(file)
    if "syntax" in found:
        with pytest.raises(yamltext.YamlError):
            document(file.read_bytes())
        return
    seen = bool(found - READER_ONLY) and file.stem not in NOT_SEEN
    assert SCHEMA.is_valid(document(file.read_bytes())) == (not seen and file.stem not in SEEN)


@pytest.mark.parametrize(
    ("keys", "valid"),
    [
        ("id: no", True),
        ("id: true", True),
        ("id: 12", True),
        ("id: a_b", False),
        ("id: null", False),
        ("core: TRUE", True),
        ("core: yes", False),
        ("core: 'true'", False),
        ("source: 1986", True),
        ("source: true", True),
        ("source: ~", False),
        ("source: '~'", True),
        ("source: ' '", False),
        ("source: [a]", False),
        ("evidence: a", True),
        ("evidence: [a, b/c]", True),
        ("evidence: {a: b}", False),
        ("points: [1, 2]", True),
        ("points: a", False),
        ("points: [[a]]", False),
        ("points: [a, b, c, d, e, f, g, h, i]", True),
        ("points: [a, b, c, d, e, f, g, h, i, j]", False),
        ("level: MID", False),
        ("unknown: a", False),
    ],
)
def test_reader_and_schema_agree_on_a_value(keys: str, valid: bool) -> None:
    """One key at a time: what one takes, the other takes."""
    entry = dict(part.split(": ", 1) for part in ("id: q", "level: mid", "points: [a]", keys))
    text = "".join(f"  {name}: {text}\n" for name, text in entry.items())
    data = f"title: T\nsummary: S\nquestions:\n- kind: recall\n  ask: A\n  answer: B\n{text}".encode()
    assert (reader.read(data, "bank.yaml", "t")[1] == []) is valid
    assert SCHEMA.is_valid(document(data)) is valid


@pytest.mark.parametrize(
    ("keys", "valid"),
    [
        ("tolerance: 0", True),
        ("tolerance: 0.5", True),
        ("tolerance: 0.51", False),
        ("tolerance: -0.1", False),
        ("tolerance: '0.1'", False),
        ("tolerance: .inf", False),
        ("tolerance: true", False),
        ("given: {n: [1, -2.5, 1e3]}", True),
        ("given: {n: [[1, 2], 3]}", True),
        ("given: {n: 1..3 step 0.5}", True),
        ("given: {n: 1 .. 3}", True),
        ("given: {n: []}", False),
        ("given: {n: [[]]}", False),
        ("given: {n: [[[1]]]}", False),
        ("given: {n: [a]}", False),
        ("given: {n: ['1']}", False),
        ("given: {n: [true]}", False),
        ("given: {n: 3}", False),
        ("given: {n: }", False),
        (f"given: {{n: [{', '.join(['1'] * 1000)}]}}", True),
        (f"given: {{n: [{', '.join(['1'] * 1001)}]}}", False),
        (f"given: {{n: [[{', '.join(['1'] * 65)}]]}}", False),
        ("slips: [{answer: n - 1, says: a}]", True),
        ("slips: [{answer: n - 1}]", False),
        ("slips: []", False),
        ("slips: [n - 1]", False),
        ("unit: 5", True),
    ],
)
def test_reader_and_schema_agree_on_a_numeric_value(keys: str, valid: bool) -> None:
    """The same, for the keys of numeric questions."""
    name, _, text = keys.partition(": ")
    entry = {"given": "{n: [1, 2]}", name: text}
    lines = "".join(f"  {key}: {written}\n" for key, written in entry.items())
    question = "- id: q\n  kind: numeric\n  level: mid\n  ask: A\n  why: B\n  answer: max([sum(n)])\n"
    data = f"title: T\nsummary: S\nquestions:\n{question}{lines}".encode()
    assert (reader.read(data, "bank.yaml", "t")[1] == []) is valid
    assert SCHEMA.is_valid(document(data)) is valid


@pytest.mark.parametrize(
    ("line", "valid"),
    [
        ("", True),
        ("asked: 4.9", True),
        ("asked: 0", True),
        ("asked: 100", True),
        ("asked: 100.1", False),
        ("asked: -1", False),
        ("asked: '5'", False),
        ("asked: often", False),
    ],
)
def test_reader_and_schema_agree_on_how_often_a_topic_is_asked(line: str, valid: bool) -> None:
    """The same, for the number of a bank itself."""
    question = "- {id: q, kind: recall, level: mid, ask: A, points: [a], answer: B}"
    data = f"title: T\nsummary: S\n{line}\nquestions:\n{question}\n".encode()
    assert (reader.read(data, "bank.yaml", "t")[1] == []) is valid
    assert SCHEMA.is_valid(document(data)) is valid
