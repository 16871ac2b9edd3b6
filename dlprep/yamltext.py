"""Strict YAML: parser events to text with positions. The only importer of yaml.

Nothing is resolved or constructed: every scalar stays the text it is, with its line and column, and the
table in bank.py decides what is a number. So `no` stays `no`, duplicate keys are seen, no tag can name a
Python object, and a file made to explode (aliases, merge keys, a hundred thousand brackets) stops at its
first bad event. The same verdict comes from libyaml and from the Python parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias, cast

import yaml

from dlprep.errors import DlprepError, Where

MAX_BYTES = 5_000_000
MAX_DEPTH = 20
MAX_NODES = 200_000

# What YAML 1.1 forbids, plus what could hide or act in a terminal (bidi controls, tags, separators).
FORBIDDEN = re.compile(
    "[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    "|[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
CUT = re.compile(r"[ ]+#(?=[^\s])")
PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something starts, in lines and characters counted from 1, and how wide it is."""

    line: int
    column: int
    width: int = 1


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as written. `plain` is False when it was quoted or a block."""

    text: str
    mark: Mark
    plain: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: list[Node]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Mapping:
    """Named nodes, and where each name stands."""

    entries: dict[str, Node]
    keys: dict[str, Mark]
    mark: Mark


Node: TypeAlias = Scalar | Sequence | Mapping


class YamlError(DlprepError):
    """What makes a file unreadable, with the mark the caret goes under."""

    def __init__(self, path: str, mark: Mark, message: str, hint: str = "") -> None:
        super().__init__(message, Where(path, mark.line, mark.column), hint)
        self.mark = mark


def decode(data: bytes, path: str) -> str:
    """The text of a bank file: UTF-8, one kind of line end, no character that could hide or act.

    Raises:
        YamlError: the first byte or character that may not be there.
    """
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data) / 1e6:.1f} MB; a bank may have {MAX_BYTES // 1_000_000}"
        raise YamlError(path, Mark(1, 1), message, "split it: one file is one topic")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        before = data[: bad.start].decode("utf-8", "replace")
        message = f"byte 0x{data[bad.start]:02x} is not UTF-8"
        raise YamlError(path, _mark_at(before, len(before)), message, "save the file as UTF-8") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = FORBIDDEN.search(text)
    if found:
        raise YamlError(path, _mark_at(text, found.start()), *_forbidden(found[0]))
    return text


def parse(text: str, path: str, parser: type = PARSER) -> Node | None:
    """The one document in `text` as nodes, or None when there is none.

    Raises:
        YamlError: the first thing that is not YAML, or that a bank may not use.
    """
    builder = _Builder(path, text.split("\n"))
    _refuse_directives(builder)
    try:
        for event in yaml.parse(text, Loader=parser):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise builder.unreadable(error) from None
    except yaml.reader.ReaderError as error:
        raise YamlError(path, Mark(1, 1), f"not readable as YAML: {error.reason}") from None
    return builder.root


@dataclass(slots=True)
class _Builder:
    """Puts nodes together from events, with its own stack instead of recursion."""

    path: str
    lines: list[str]
    root: Node | None = None
    documents: int = 0
    nodes: int = 0
    stack: list[tuple[Sequence | Mapping, list[Scalar]]] = field(default_factory=list)

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self.fail(
                        _mark(event), "a second document starts here", "a bank is one document; remove `---`"
                    )
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self.stack.pop()
            case yaml.AliasEvent():
                self.fail(
                    _mark(event), f"alias `*{event.anchor}` is not allowed", "quote text that starts with *"
                )
            case yaml.ScalarEvent() | yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self.open(event)

    def open(self, event: yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        mark = _mark(event)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.fail(mark, f"more than {MAX_NODES} values in one file", "split it: one file is one topic")
        if event.anchor is not None:
            self.fail(mark, f"anchor `&{event.anchor}` is not allowed", "quote text that starts with &")
        if event.tag is not None:
            self.fail(mark, f"tag `{event.tag}` is not allowed", "quote text that starts with !")
        if isinstance(event, yaml.ScalarEvent):
            self.attach(self.scalar(event, mark))
            return
        node = Sequence([], mark) if isinstance(event, yaml.SequenceStartEvent) else Mapping({}, {}, mark)
        self.attach(node)
        self.stack.append((node, []))
        if len(self.stack) > MAX_DEPTH:
            self.fail(mark, f"nested more than {MAX_DEPTH} levels deep", "a bank needs five")

    def scalar(self, event: yaml.ScalarEvent, mark: Mark) -> Scalar:
        """A scalar event as text, unless YAML would silently change what the author wrote."""
        if event.style == '"':
            self.refuse_escapes(event)
        elif not event.style and event.value:
            self.refuse_cut(event)
        return Scalar(event.value, mark, plain=not event.style)

    def refuse_escapes(self, event: yaml.ScalarEvent) -> None:
        line, column, last, end = _span(event)
        for number in range(line, last + 1):
            text = self.lines[number]
            first = column + 1 if number == line else 0
            for escape in ESCAPE.finditer(text, first, end if number == last else len(text)):
                if escape[1] not in '"\\':
                    message = f"`{escape[0]}` in double quotes is an escape, not text"
                    hint = 'use single quotes or a | block; double quotes take only \\" and \\\\'
                    self.fail(Mark(number + 1, escape.start() + 1, 2), message, hint)

    def refuse_cut(self, event: yaml.ScalarEvent) -> None:
        _, _, last, end = _span(event)
        cut = CUT.match(self.lines[last], end)
        if cut:
            message = f"the text is cut here: `{self.lines[last][cut.end() - 1 :][:20]}` reads as a comment"
            hint = "quote the text or use a | block; a comment has a space after its #"
            self.fail(Mark(last + 1, cut.end()), message, hint)

    def attach(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        parent, key = self.stack[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif key:
            parent.entries[key.pop().text] = node
        elif not isinstance(node, Scalar):
            self.fail(node.mark, "a key must be plain text")
        elif node.text in parent.keys:
            hint = f"it is first given on line {parent.keys[node.text].line}"
            self.fail(node.mark, f"`{node.text}` is given twice", hint)
        else:
            parent.keys[node.text] = node.mark
            key.append(node)

    def fail(self, mark: Mark, message: str, hint: str = "") -> None:
        raise YamlError(self.path, mark, message, hint)

    def unreadable(self, error: yaml.MarkedYAMLError) -> YamlError:
        """The parser's complaint as ours: its words, our place, and what authors usually meant."""
        place = error.problem_mark or error.context_mark
        line, column = (place.line, place.column) if place else (0, 0)
        line = min(line, len(self.lines) - 1)
        problem = (error.problem or "cannot be read").replace("\n", " ")
        return YamlError(
            self.path, Mark(line + 1, column + 1), f"not valid YAML: {problem}", _advice(self.lines[line])
        )


def _refuse_directives(builder: _Builder) -> None:
    """The parsers differ on `%` lines, and a bank has no use for one."""
    for number, line in enumerate(builder.lines):
        if line.startswith("%"):
            builder.fail(Mark(number + 1, 1), "a line may not start with %", "indent the text or quote it")


def _advice(line: str) -> str:
    """What the author of an unreadable line probably needs to know."""
    value = re.sub(r"^[\s-]*(\w+:)?\s*", "", line)
    if value[:1] in set("`@%*&!|>[{"):
        return f"text that starts with {value[0]} needs quotes or a | block"
    if ": " in value:
        return "text that contains `: ` needs quotes or a | block"
    return "check the indentation and the quotes around here"


def _forbidden(character: str) -> tuple[str, str]:
    if character == "\t":
        return "a tab is not allowed", "indent and separate with spaces"
    return (
        f"character U+{ord(character):04X} is not allowed",
        "it is invisible or a terminal could obey it: remove it",
    )


def _span(event: yaml.Event) -> tuple[int, int, int, int]:
    """Where an event starts and ends: (line, column, last line, last column), counted from 0."""
    start, end = cast("yaml.Mark", event.start_mark), cast("yaml.Mark", event.end_mark)
    return start.line, start.column, end.line, end.column


def _mark(event: yaml.Event) -> Mark:
    line, column, last, end = _span(event)
    return Mark(line + 1, column + 1, max(1, end - column) if last == line else 1)


def _mark_at(text: str, index: int) -> Mark:
    return Mark(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
