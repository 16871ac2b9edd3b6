"""`dlprep new` and `dlprep schema`: what an author of banks starts from."""

from __future__ import annotations

import json
import re
from pathlib import Path

from dlprep import library, schema, starter
from dlprep.clean import clean
from dlprep.errors import DlprepError

NAME = re.compile(r"[a-z][a-z0-9_]*")
SCHEMA = "bank.schema.json"


def new(topic: str, folder: Path | None) -> int:
    """Write a commented starter bank and say where.

    Raises:
        DlprepError: the name cannot be a topic's, or the file is there already.
    """
    if not NAME.fullmatch(topic):
        hint = "small letters a–z, digits and _; it is the file's name, and the demo's if there is one"
        raise DlprepError(f"{topic!r} cannot name a topic", hint=hint)
    own = library.home() / "questions"
    target = folder or _checkout() or own
    file = target / f"{topic}.yaml"
    if file.exists():
        raise DlprepError(f"{library.display(file)} is there already", hint="choose another name, or edit it")
    at_home = target.resolve() == own.resolve()
    target.mkdir(parents=True, exist_ok=True)
    if at_home:
        (own.parent / SCHEMA).write_text(_schema(), encoding="utf-8")
    file.write_text(starter.starter(topic, f"../{SCHEMA}" if at_home else ""), encoding="utf-8")
    shown = library.display(file)
    found = at_home or target.resolve() == library.shipped().resolve()
    quiz = f"dlprep quiz {topic}" if found else f"dlprep quiz {topic} --bank {shown}"
    print(clean(f"wrote {shown}\nNext: edit it, then dlprep check {shown}, then {quiz}"))
    return 0


def print_schema() -> int:
    """Print the JSON Schema of a bank."""
    print(_schema(), end="")
    return 0


def _checkout() -> Path | None:
    """The questions folder of the checkout we run from, when the user stands in it."""
    here = Path.cwd() / "questions"
    return here if here.is_dir() and here.resolve() == library.shipped().resolve() else None


def _schema() -> str:
    return json.dumps(schema.document(), indent=2) + "\n"
