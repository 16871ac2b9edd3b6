"""The JSON Schema and the reader say the same of every bank in the corpus."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dlprep import bank, reader, schema, starter, yamltext
from dlprep.yamltext import Mapping, Node, Scalar, Sequence

ROOT = Path(__file__).parent.parent
BAD = sorted((ROOT / "tests" / "bad").glob("*.yaml"))
GOOD = sorted((ROOT / "tests" / "good").glob("*.yaml")) + sorted((ROOT / "questions").glob("*.yaml"))
# What only the reader can see: the rest of YAML, and what depends on more than one value.
READER_ONLY = {"syntax", "duplicate-id", "expression", "distinct", "options", "unused", "given", "file"}
CHECK_ONLY = {"draw", "slip", "tolerance", "evidence", "try", "source", "answer", "marking"}
VALIDATOR = jsonschema.Draft7Validator(schema.document())
FLOAT = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?")
FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def seen_by_an_editor(node: Node | None) -> Any:
    """A document as the YAML 1.2 core schema resolves it."""
    match node:
        case Mapping(entries=entries):
            return {name: seen_by_an_editor(value) for name, value in entries.items()}
        case Sequence(items=items):
            return [seen_by_an_editor(item) for item in items]
        case Scalar(text=text, plain=True) if text in ("", "~", "null", "Null", "NULL"):
            return None
        case Scalar(text=text, plain=True) if text in FLAGS:
            return FLAGS[text]
        case Scalar(text=text, plain=True) if FLOAT.fullmatch(text) and len(text) < 300:
            return float(text)
        case Scalar(text=text):
            return text
    return None


def accepted(data: bytes) -> bool:
    """Whether the schema accepts a bank."""
    text = yamltext.decode(data, "bank.yaml")
    return bool(VALIDATOR.is_valid(seen_by_an_editor(yamltext.parse(text, "bank.yaml"))))


def test_the_schema_is_a_schema() -> None:
    """It is valid draft-07 and can be written as JSON."""
    jsonschema.Draft7Validator.check_schema(schema.document())
    assert json.loads(json.dumps(schema.document())) == schema.document()


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_both_accept_a_good_bank(file: Path) -> None:
    """What the reader takes the schema takes."""
    _, problems = reader.read(file.read_bytes(), "bank.yaml", file.stem)
    assert problems == []
    assert accepted(file.read_bytes())


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_both_refuse_a_bad_bank(file: Path) -> None:
    """What the reader refuses for its shape the schema refuses, and the other way round."""
    _, problems = reader.read(file.read_bytes(), "bank.yaml", file.stem)
    codes = {problem.code for problem in problems}
    if "syntax" in codes or file.stem == "number-infinite":
        pytest.skip("not YAML that a bank may use, or not JSON: there is no document to judge")
    if codes - READER_ONLY - CHECK_ONLY:
        assert not accepted(file.read_bytes()), codes
    elif not codes:
        assert accepted(file.read_bytes())


def test_the_starter_is_accepted() -> None:
    """The bank that `dlprep new` writes validates in an editor."""
    assert accepted(starter.starter("topic", "").encode())


def test_every_key_of_the_table_is_described() -> None:
    """The schema explains each key of each kind in the table's own words."""
    kinds = schema.document()["properties"]["questions"]["items"]["oneOf"]
    for kind, shown in zip(bank.KINDS, kinds, strict=True):
        said = {name: value["description"] for name, value in shown["properties"].items()}
        assert said == {name: key.says for name, key in bank.keys_of(kind).items()}
