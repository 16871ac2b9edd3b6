"""A bank file to a Topic, collecting every problem instead of stopping at the first.

A question with a problem is left out of the topic, so the rest of a bank keeps working.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from dlprep import bank, expression, template, yamltext
from dlprep.bank import Choice, Cited, Key, Kind, Option, Order, Question, Rubric, Topic
from dlprep.errors import Problem, Where
from dlprep.expression import Expression, ExpressionError
from dlprep.fields import Fields, short
from dlprep.template import Slip, Template, Text, Values
from dlprep.yamltext import Mapping as Map
from dlprep.yamltext import Mark, Node, Scalar
from dlprep.yamltext import Sequence as List


def read(data: bytes, path: str, topic: str) -> tuple[Topic | None, list[Problem]]:
    """The topic in a bank file, without its faulty questions, and every problem found in it."""
    try:
        text = yamltext.decode(data, path)
    except yamltext.YamlError as error:
        return None, [_syntax(error, yamltext.glimpse(data))]
    lines = text.split("\n")
    try:
        root = yamltext.parse(text, path)
    except yamltext.YamlError as error:
        return None, [_syntax(error, lines)]
    fields = Fields(path, lines)
    return _Reader(topic, fields).topic_of(root), fields.problems


def _syntax(error: yamltext.YamlError, lines: Sequence[str]) -> Problem:
    line = lines[error.mark.line - 1] if error.mark.line <= len(lines) else ""
    where = error.where or Where("")
    return Problem("syntax", error.message, where, error.hint, line, error.mark.width)


@dataclass(slots=True)
class _Reader:
    """Reads one file, question by question."""

    topic: str
    fields: Fields

    # ── the file ────────────────────────────────────────────────────────────────────────────────────

    def topic_of(self, root: Node | None) -> Topic | None:
        if not isinstance(root, Map):
            mark = root.mark if root else Mark(1, 1)
            hint = "`dlprep new TOPIC` writes one to start from"
            self.fields.problem("shape", mark, "a bank has title, summary and questions", hint)
            return None
        table = {key.name: key for key in bank.BANK}
        questions = root.entries.get("questions")
        known = [*table, "questions"]
        values = self.fields.values(root, table, known, "a bank")
        if questions is None:
            self.fields.problem("missing-key", root.mark, "a bank needs `questions`")
            return None
        if not isinstance(questions, List):
            self.fields.problem(
                "shape", questions.mark, "`questions` is a list", "start each question with `- id:`"
            )
            return None
        if not questions.items:
            self.fields.problem("shape", questions.mark, "a bank needs at least one question")
        read = [question for question in map(self.question, questions.items) if question]
        title = str(values.get("title", self.topic))
        summary, asked = str(values.get("summary", "")), self.number(root, table["asked"], values)
        return Topic(self.topic, title, summary, self.unique(read), asked)

    def number(self, node: Map, key: Key, values: Mapping[str, Any]) -> float:
        """The number under a key, 0 where there is none; one outside its range is a problem."""
        value = values.get(key.name, 0)
        if 0 <= value <= key.most:
            return float(value)
        self.fields.problem("range", node.entries[key.name].mark, f"`{key.name}` lies from 0 to {key.most:g}")
        return 0.0

    def unique(self, questions: Sequence[Question]) -> tuple[Question, ...]:
        """The questions whose id was not given before."""
        first: dict[str, Question] = {}
        for question in questions:
            if question.id in first:
                where, line = question.where, first[question.id].where.line
                mark = Mark(where.line, where.column, len(question.id))
                self.fields.problem(
                    "duplicate-id", mark, f"the id `{question.id}` is used twice", f"first on line {line}"
                )
            else:
                first[question.id] = question
        return tuple(first.values())

    # ── one question ────────────────────────────────────────────────────────────────────────────────

    def question(self, node: Node) -> Question | None:
        """The question at `node`, or None when it has a problem."""
        before = len(self.fields.problems)
        if not isinstance(node, Map):
            self.fields.problem("shape", node.mark, "a question is a list of keys", "start it with `- id:`")
            return None
        kind = self.kind(node)
        if kind is None:
            return None
        table = bank.keys_of(kind)
        values = self.fields.values(node, table, list(table), f"a {kind} question")
        if len(self.fields.problems) > before:
            return None
        body: bank.Body
        match kind:
            case "choice":
                body = self.choice(node)
            case "numeric":
                body = self.numeric(node, values)
            case "order":
                body = Order(values["steps"])
                self.distinct(node, "steps", values["steps"], 3)
            case _:
                body = Rubric(values["points"], values["answer"])
                self.distinct(node, "points", values["points"], 1)
        if len(self.fields.problems) > before:
            return None
        return Question(
            topic=self.topic,
            id=values["id"],
            kind=kind,
            level=values["level"],
            core=values.get("core", False),
            ask=values["ask"],
            why=values.get("why", ""),
            evidence=self.cited(node.entries.get("evidence")),
            source=values.get("source", ""),
            body=body,
            where=self.fields.where(node.entries["id"].mark),
            at={name: self.fields.where(value.mark) for name, value in node.entries.items()},
        )

    def kind(self, node: Map) -> Kind | None:
        """The question's kind, on which its other keys depend."""
        if "kind" not in node.entries:
            hint = f"one of: {', '.join(bank.KINDS)}"
            self.fields.problem("missing-key", node.mark, "a question needs `kind`", hint)
            return None
        value = self.fields.value(node.entries["kind"], bank.QUESTION[1])
        return cast("Kind | None", value)

    def cited(self, node: Node | None) -> tuple[Cited, ...]:
        """The claims under `evidence`: `claim` of this topic's demo, or `topic/claim` of another's."""
        found = []
        for item in node.items if isinstance(node, List) else [node]:
            if isinstance(item, Scalar):
                topic, slash, claim = item.text.rpartition("/")
                found.append(Cited(topic if slash else self.topic, claim, self.fields.where(item.mark)))
        return tuple(found)

    def choice(self, node: Map) -> Choice:
        options: list[Option] = []
        table = {key.name: key for key in bank.OPTION}
        items = cast("List", node.entries["options"]).items
        for item in items:
            if not isinstance(item, Map):
                self.fields.problem(
                    "shape", item.mark, "an option is a list of keys", "start it with `- text:`"
                )
                continue
            read = self.fields.values(item, table, list(table), "an option")
            option = Option(read.get("text", ""), read.get("right", False), read.get("because", ""))
            if "text" in read and not option.right and not option.because:
                self.fields.problem(
                    "missing-key", item.mark, "a wrong option says why", "add `because:` or `right: true`"
                )
            if option.right and option.because:
                self.fields.problem(
                    "unknown-key", item.keys["because"], "a right option has no `because`", "use `why`"
                )
            options.append(option)
        mark = node.keys["options"]
        if not any(option.right for option in options):
            self.fields.problem(
                "options", mark, "no option is right", "mark the right ones with `right: true`"
            )
        elif all(option.right for option in options):
            self.fields.problem(
                "options", mark, "every option is right", "a choice needs at least one wrong option"
            )
        self.distinct(node, "options", [option.text for option in options], 2)
        return Choice(tuple(options))

    def distinct(self, node: Map, key: str, texts: Sequence[str], least: int) -> None:
        """Report texts that read the same, and lists that are too short or too long to be typed."""
        mark = node.keys[key]
        if len(texts) < least:
            self.fields.problem("shape", mark, f"`{key}` needs at least {least}")
        if len(texts) > 9:
            self.fields.problem("shape", mark, f"`{key}` may have nine, one for each number key")
        seen: set[str] = set()
        for text in texts:
            plain = " ".join(text.casefold().split())
            if plain and plain in seen:
                self.fields.problem("distinct", mark, f"two of the {key} read the same: {short(text)!r}")
            seen.add(plain)

    # ── numeric questions ───────────────────────────────────────────────────────────────────────────

    def numeric(self, node: Map, values: Mapping[str, Any]) -> Template:
        given: dict[str, Values] = values.get("given", {})
        names = list(given)
        body = Template(
            given=given,
            require=self.expression(node.entries["require"], names) if "require" in values else None,
            ask=self.text(node.entries["ask"], names),
            answer=self.expression(node.entries["answer"], names),
            unit=values.get("unit", ""),
            tolerance=self.number(node, bank.keys_of("numeric")["tolerance"], values),
            slips=tuple(self.slips(node.entries.get("slips"), names)),
            why=self.text(node.entries["why"], names),
            watch=self.text(node.entries["try"], names) if "try" in values else (),
        )
        used: set[str] = set().union(*(e.names for e in _expressions(body)))
        for name in names:
            if name not in used:
                mark = cast("Map", node.entries["given"]).keys[name]
                self.fields.problem("unused", mark, f"`{name}` is given but never used")
        return body

    def slips(self, node: Node | None, names: Collection[str]) -> list[Slip]:
        slips: list[Slip] = []
        table = {key.name: key for key in bank.SLIP}
        for item in node.items if isinstance(node, List) else []:
            if not isinstance(item, Map):
                self.fields.problem(
                    "shape", item.mark, "a slip has `answer` and `says`", "start it with `- answer:`"
                )
                continue
            read = self.fields.values(item, table, list(table), "a slip")
            if len(read) == len(table):
                answer = self.expression(item.entries["answer"], names)
                says = self.text(item.entries["says"], names)
                slips.append(Slip(answer, says, self.fields.where(item.entries["answer"].mark)))
        return slips

    def expression(self, node: Node, names: Collection[str]) -> Expression:
        scalar = cast("Scalar", node)
        try:
            return expression.read(scalar.text, names)
        except ExpressionError as error:
            self.fields.problem(
                "expression", self.fields.inside(scalar, error.column), error.message, error.hint
            )
            return expression.read("0")

    def text(self, node: Node, names: Collection[str]) -> Text:
        scalar = cast("Scalar", node)
        try:
            return template.read_text(scalar.text.strip(), names)
        except ExpressionError as error:
            column = len(scalar.text) - len(scalar.text.lstrip()) + error.column
            self.fields.problem("expression", self.fields.inside(scalar, column), error.message, error.hint)
            return ()


def _expressions(body: Template) -> list[Expression]:
    """Every expression of a template, wherever it stands."""
    texts = (body.ask, body.why, body.watch, *(slip.says for slip in body.slips))
    found = [piece for text in texts for piece in text if isinstance(piece, Expression)]
    found += [body.answer, *(slip.answer for slip in body.slips)]
    return [*found, body.require] if body.require else found
