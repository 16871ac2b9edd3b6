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
ESCAPE = re.compile(r"\\(.?)")  # nothing after it: the backslash swallows the line end
GLUED = re.compile(r"[|>][-+0-9]*#")
TOUCHING = re.compile(r":[,\[\]{}]")
COLON = ("a colon needs a space after it", "write `key: value`")
COMMENT = ("a comment needs a space before its #", "add one")
QUESTION = (
    "text with a `?` needs quotes inside [ ] or { }",
    "or write the list as lines that start with `- `",
)
ODD = {r":[,\[\]{}]": COLON, "#": COMMENT, r"\?": QUESTION}
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
        message = f"the file has more than {MAX_BYTES // 1_000_000} MB"
        raise YamlError(path, Mark(1, 1), message, "split it: one file is one topic")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        before = _one_line_end(bad.object[: bad.start].decode("utf-8"))
        message = f"byte 0x{bad.object[bad.start]:02x} is not UTF-8"
        raise YamlError(path, _mark_at(before, len(before)), message, "save the file as UTF-8") from None
    text = _one_line_end(text)
    found = FORBIDDEN.search(text)
    if found:
        raise YamlError(path, _mark_at(text, found.start()), *_forbidden(found[0]))
    return text


def glimpse(data: bytes) -> list[str]:
    """The lines of a file that `decode` refused, as far as they can be shown."""
    return _one_line_end(data[:MAX_BYTES].decode("utf-8-sig", "replace")).split("\n")


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
    flow: int = 0  # the depth at which the outermost [ or { stands; 0 outside
    read: tuple[int, int] = (0, 0)  # the line and column up to which events were taken

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
                if len(self.stack) < self.flow:
                    self.flow = 0
            case yaml.AliasEvent():
                self.fail(
                    _mark(event), f"alias `*{event.anchor}` is not allowed", "quote text that starts with *"
                )
            case yaml.ScalarEvent() | yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self.open(event)

    def open(self, event: yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        mark = _mark(event)
        self.refuse_question_mark(event)
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
        if event.flow_style and not self.flow:
            self.flow = len(self.stack)
        if len(self.stack) > MAX_DEPTH:
            self.fail(mark, f"nested more than {MAX_DEPTH} levels deep", "a bank needs five")

    def scalar(self, event: yaml.ScalarEvent, mark: Mark) -> Scalar:
        """A scalar event as text, unless YAML would silently change what the author wrote."""
        if event.style == '"':
            self.refuse_escapes(event)
        elif event.style in ("|", ">"):
            self.refuse_glued_comment(event)
        elif not event.style and event.value:
            self.refuse_cut(event)
            self.refuse_flow(event)
        return Scalar(event.value, mark, plain=not event.style)

    def refuse_escapes(self, event: yaml.ScalarEvent) -> None:
        line, column, last, end = _span(event)
        for number in range(line, last + 1):
            text = self.lines[number]
            first = column + 1 if number == line else 0
            for escape in ESCAPE.finditer(text, first, end if number == last else len(text)):
                if escape[1] not in ('"', "\\"):
                    raise self.escaped(escape[0], number, escape.start())

    def escaped(self, escape: str, line: int, column: int) -> YamlError:
        """The complaint about an escape at a line and column counted from 0."""
        message = f"`{escape}` in double quotes is an escape, not text"
        hint = 'use single quotes or a | block; double quotes take only \\" and \\\\'
        return YamlError(self.path, Mark(line + 1, column + 1, len(escape)), message, hint)

    def refuse_cut(self, event: yaml.ScalarEvent) -> None:
        _, _, last, end = _span(event)
        cut = CUT.match(self.lines[last], end)
        if cut:
            message = f"the text is cut here: `{self.lines[last][cut.end() - 1 :][:20]}` reads as a comment"
            hint = "quote the text or use a | block; a comment has a space after its #"
            self.fail(Mark(last + 1, cut.end()), message, hint)

    # ── where libyaml and the Python parser disagree, neither is followed ──

    def refuse_question_mark(self, event: yaml.NodeEvent) -> None:
        """A key written after `? `: the parsers differ on it inside [ ] and { }, and a bank needs none."""
        line, column, *end = _span(event)
        (number, start), self.read = self.read, (line, column)
        while number <= min(line, len(self.lines) - 1):
            between = self.lines[number][start : column if number == line else None]
            mark = between.partition("#")[0].find("?")
            if mark >= 0:
                self.fail(Mark(number + 1, start + mark + 1), "a key may not stand after a `?`", "remove it")
            number, start = number + 1, 0
        if isinstance(event, yaml.ScalarEvent):
            self.read = (end[0], end[1])

    def refuse_glued_comment(self, event: yaml.ScalarEvent) -> None:
        line, column, _, _ = _span(event)
        glued = GLUED.match(self.lines[line], column)
        if glued:
            self.fail(Mark(line + 1, glued.end()), *COMMENT)

    def refuse_flow(self, event: yaml.ScalarEvent) -> None:
        """Inside [ ] and { }, plain text with a question mark, or a key whose colon touches a bracket."""
        if not self.flow:
            return
        line, column, last, end = _span(event)
        for number in range(line, last + 1):
            mark = self.lines[number].find("?", column if number == line else 0)
            if mark >= 0 and (number < last or mark < end):
                self.fail(Mark(number + 1, mark + 1), *QUESTION)
        if TOUCHING.match(self.lines[last], end):
            self.fail(Mark(last + 1, end + 1), *COLON)

    def attach(self, node: Node) -> None:
        if not self.stack:
            self.root = None if isinstance(node, Scalar) and node.plain and not node.text else node
            return
        parent, key = self.stack[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif key:
            name = key.pop().text
            if isinstance(node, Scalar) and node.plain and not node.text:
                node = Scalar("", parent.keys[name], plain=True)  # nothing has no place of its own
            parent.entries[name] = node
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
        line, column = self.place(place)
        context, problem = error.context or "", (error.problem or "cannot be read").replace("\n", " ")
        for glued, complaint in ODD.items():  # the other parser comes as far as our own complaint
            if re.match(glued, self.lines[line][column:]) and (
                complaint is not QUESTION or "flow" in context
            ):
                return YamlError(self.path, Mark(line + 1, column + 1), *complaint)
        if "unknown escape" in problem:
            column = self.lines[line].rfind("\\", 0, column + 1)  # the parsers mark either side of it
            return self.escaped(self.lines[line][column : column + 2], line, column)
        if "flow" in context or ("quoted" in context and "hex" not in problem):
            line, column = self.place(error.context_mark or place)  # what was opened and never closed
        advice = _advice(self.lines[line])
        return YamlError(self.path, Mark(line + 1, column + 1), f"not valid YAML: {problem}", advice)

    def place(self, mark: yaml.Mark | None) -> tuple[int, int]:
        """A parser's mark as line and column counted from 0; the end of the file is on its last line."""
        return (min(mark.line, len(self.lines) - 1), mark.column) if mark else (0, 0)


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


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
