"""The JSON Schema (draft-07) of a bank, made from the table in bank.py, for editors to complete and check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dlprep import bank, expression, template
from dlprep.bank import Key, Kind

# A YAML editor reads an unquoted 12 or true as a number or a flag; the reader takes both as text.
TEXT = {"type": ["string", "number", "boolean"], "minLength": 1, "pattern": r"\S"}
NUMBER = {"type": "number"}
NUMBERS = {"type": "array", "items": NUMBER, "minItems": 1, "maxItems": expression.MAX_LIST}
VALUES = {
    "oneOf": [
        {
            "type": "array",
            "minItems": 1,
            "maxItems": template.MAX_GIVEN,
            "items": {"oneOf": [NUMBER, NUMBERS]},
        },
        {"type": "string", "pattern": r"^\s*\S+\s*\.\.\s*\S+(\s+step\s+\S+)?\s*$"},
    ]
}
RIGHT = {"properties": {"right": {"const": True}}, "required": ["right"]}
SOME_RIGHT = {"contains": RIGHT, "not": {"items": RIGHT}}  # and some wrong
BECAUSE = {  # each wrong option says why it is wrong, and no right one does
    "if": RIGHT,
    "then": {"not": {"required": ["because"]}},
    "else": {"required": ["because"]},
}
LEAST = {"options": 2, "steps": 3, "points": 1, "evidence": 1}
MOST = 9  # one for each number key


def document() -> dict[str, Any]:
    """The schema of a whole bank."""
    questions = {
        "type": "array",
        "minItems": 1,
        "description": "The questions, each with its kind",
        "items": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"enum": list(bank.KINDS)}},
            "oneOf": [_question(kind) for kind in bank.KINDS],
        },
    }
    schema = _object(bank.BANK)
    schema["properties"]["questions"] = questions
    schema["required"].append("questions")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A bank of dlprep questions",
        **schema,
    }


def _question(kind: Kind) -> dict[str, Any]:
    schema = _object(bank.keys_of(kind).values())
    schema["properties"]["kind"] = {"const": kind, "description": bank.QUESTION[1].says}
    return schema


def _object(keys: Iterable[Key]) -> dict[str, Any]:
    keys = tuple(keys)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key.name for key in keys if key.required],
        "properties": {key.name: {**_value(key), "description": key.says} for key in keys},
    }


def _value(key: Key) -> dict[str, Any]:
    match key.shape:
        case "flag":
            return {"type": "boolean"}
        case "kind":
            return {"enum": list(bank.KINDS)}
        case "level":
            return {"enum": list(bank.LEVELS)}
        case "word":
            return {**TEXT, "pattern": f"^{bank.WORD}$"}
        case "number":
            return {"type": "number", "minimum": 0, "maximum": key.most}
        case "texts" if key.name == "evidence":
            return {"oneOf": [TEXT, _list(key.name, TEXT)]}
        case "texts":
            return {**_list(key.name, TEXT), "maxItems": MOST}
        case "given":
            return {"type": "object", "minProperties": 1, "additionalProperties": VALUES}
        case "options":
            options = _list(key.name, {**_object(bank.OPTION), **BECAUSE})
            return {**options, **SOME_RIGHT, "maxItems": MOST}
        case "slips":
            return _list(key.name, _object(bank.SLIP))
    return TEXT


def _list(name: str, items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": LEAST.get(name, 1), "items": items}
