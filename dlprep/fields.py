"""The values of a bank's keys, read by the shapes that the table in bank.py gives them."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from dlprep import bank, expression, number, template
from dlprep.bank import Key
from dlprep.errors import Problem, Where
from dlprep.template import Range, Values
from dlprep.yamltext import Mapping as Map
from dlprep.yamltext import Mark, Node, Scalar
from dlprep.yamltext import Sequence as List

ALLOWED: dict[str, tuple[str, ...]] = {"kind": bank.KINDS, "level": bank.LEVELS}
NULLS = ("", "~", "null", "Null", "NULL")  # what YAML reads as nothing
FLAGS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
SHORT = 60  # characters of a faulty value that a message repeats


def short(text: str) -> str:
    """A value as a message repeats it: on one line, and not all of it where it is long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= SHORT else flat[: SHORT - 1] + "…"


@dataclass(slots=True)
class Fields:
    """Reads the values of one file; `problems` grows as it goes."""

    path: str
    lines: list[str]
    problems: list[Problem] = field(default_factory=list)

    def where(self, mark: Mark) -> Where:
        """A mark as a place in this file."""
        return Where(self.path, mark.line, mark.column)

    def problem(self, code: str, mark: Mark, message: str, hint: str = "") -> None:
        """Note a problem at a mark of this file."""
        line = self.lines[mark.line - 1] if mark.line <= len(self.lines) else ""
        self.problems.append(Problem(code, message, self.where(mark), hint, line, mark.width))

    def inside(self, scalar: Scalar, column: int) -> Mark:
        """The mark of a character inside a scalar, where the file shows the text as it is."""
        line = self.lines[scalar.mark.line - 1]
        for start in (scalar.mark.column - 1, scalar.mark.column):  # plain, or after a quote
            if line.startswith(scalar.text, start):
                return Mark(scalar.mark.line, start + column + 1)
        return scalar.mark

    def values(self, node: Map, table: Mapping[str, Key], known: Sequence[str], what: str) -> dict[str, Any]:
        """The values of a mapping's keys, each read by its shape; the faulty ones are left out."""
        read: dict[str, Any] = {}
        for name, value in node.entries.items():
            if name in table:
                item = self.value(value, table[name])
                if item is not None:
                    read[name] = item
            elif name not in known:
                near = get_close_matches(name, known, n=1)
                guess = f"did you mean `{near[0]}`? " if near else ""
                message = f"`{short(name)}` is not a key of {what}"
                self.problem("unknown-key", node.keys[name], message, f"{guess}keys: {', '.join(known)}")
        for key in table.values():
            if key.required and key.name not in node.entries:
                self.problem("missing-key", node.mark, f"{what} needs `{key.name}`", key.says)
        return read

    def value(self, node: Node, key: Key) -> object:
        """What a node says, read by its key's shape; None after reporting what is wrong with it."""
        match key.shape:
            case "texts":
                return self._texts(node, key)
            case "given":
                return self._given(node)
            case "options" | "slips":
                return self._list(node, key)
        if not isinstance(node, Scalar):
            self.problem("shape", node.mark, f"`{key.name}` is a text, not a list or keys")
            return None
        return self._scalar(node, key)

    def _list(self, node: Node, key: Key) -> List | None:
        if not isinstance(node, List):
            self.problem("shape", node.mark, f"`{key.name}` is a list", "start each item with `- `")
        elif not node.items:
            self.problem("empty", node.mark, f"`{key.name}` is empty")
        else:
            return node
        return None

    def _scalar(self, node: Scalar, key: Key) -> object:
        text = node.text.strip()
        if not text or (node.plain and text in NULLS):
            self.problem("empty", node.mark, f"`{key.name}` is empty")
            return None
        match key.shape:
            case "kind" | "level":
                return self._one_of(node, key.name, ALLOWED[key.shape])
            case "flag":
                if node.plain and text in FLAGS:
                    return FLAGS[text]
                self.problem("flag", node.mark, f"`{key.name}` is true or false, not `{short(text)}`")
                return None
            case "number":
                value = number.literal(text) if node.plain else None
                if value is None:
                    self.problem("number", node.mark, f"`{key.name}` is a number, not `{short(text)}`")
                return value
            case "word" if not re.fullmatch(bank.WORD, text):
                hint = "small letters a–z and digits, joined by single hyphens"
                self.problem("word", node.mark, f"`{short(text)}` cannot be an id", hint)
                return None
        return text

    def _one_of(self, node: Scalar, name: str, allowed: Sequence[str]) -> str | None:
        if node.text in allowed:
            return node.text
        near = get_close_matches(node.text, allowed, n=1)
        hint = (f"did you mean `{near[0]}`? " if near else "") + f"one of: {', '.join(allowed)}"
        self.problem("value", node.mark, f"`{short(node.text)}` is not a {name}", hint)
        return None

    def _texts(self, node: Node, key: Key) -> tuple[str, ...] | None:
        alone = key.name == "evidence" and isinstance(node, Scalar)
        found = List([node], node.mark) if alone else self._list(node, key)
        if found is None:
            return None
        one = Key(key.name, "text", True, key.says)
        read = [self.value(item, one) for item in found.items]
        return tuple(str(text) for text in read) if None not in read else None

    def _given(self, node: Node) -> dict[str, Values] | None:
        if not isinstance(node, Map):
            self.problem(
                "shape", node.mark, "`given` names the numbers", "write `name: [1, 2, 3]` or `name: 2..64`"
            )
            return None
        if not node.entries:
            self.problem("empty", node.mark, "`given` is empty")
            return None
        read = {name: self._choices(name, value, node.keys[name]) for name, value in node.entries.items()}
        return (
            {name: values for name, values in read.items() if values is not None}
            if None not in read.values()
            else None
        )

    def _choices(self, name: str, node: Node, mark: Mark) -> Values | None:
        """The values a given name may take."""
        if (
            not name.isidentifier()
            or unicodedata.normalize("NFKC", name) != name
            or keyword.iskeyword(name)
            or name in expression.FUNCTIONS
        ):
            hint = "use a word that is not a function"
            self.problem("given", mark, f"`{short(name)}` cannot name a number", hint)
            return None
        if isinstance(node, List) and 0 < len(node.items) <= template.MAX_GIVEN:
            values = [self._drawn(item) for item in node.items]
            return tuple(values) if None not in values else None
        if isinstance(node, Scalar):
            found: Range | None = template.read_range(node.text)
            if found:
                return found
        hint = "write a list such as [8, 16, 32], or a range such as 2..64 or 0.1..0.9 step 0.1"
        self.problem("given", node.mark, f"`{short(name)}` has no values to draw from", hint)
        return None

    def _drawn(self, node: Node) -> Any:  # noqa: ANN401  a number or a tuple of them; None is a reported problem
        if isinstance(node, List) and 0 < len(node.items) <= expression.MAX_LIST:
            numbers = [self._number(item) for item in node.items]
            return tuple(numbers) if None not in numbers else None
        return self._number(node)

    def _number(self, node: Node) -> int | float | None:
        value = number.literal(node.text) if isinstance(node, Scalar) and node.plain else None
        if value is None:
            self.problem("number", node.mark, "a given value is a number or a list of numbers")
        return value
