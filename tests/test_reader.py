"""The reader: any bytes give a topic or problems, never a crash, and no value is taken for another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep import bank, reader
from dlprep.bank import Choice, Order, Question, Rubric, Topic
from dlprep.errors import Problem
from dlprep.template import Template

GOOD = Path(__file__).parent / "good"
# Keys, values and shapes of banks, in arrangements nobody would write.
KEYS = sorted(
    {key.name for kind in bank.KINDS for key in bank.keys_of(kind).values()} | {"text", "right", "says", "n"}
)
WORDS = (
    *bank.KINDS,
    *bank.LEVELS,
    *("true", "no", "null", "0.1", "1e400", "2..7", "n + 1", "a-b", "{n}", "{", "a/b", "/", "x y", "--n {n}"),
)
SCALARS = st.sampled_from(WORDS).map(lambda word: f"'{word}'") | st.sampled_from(
    [w for w in WORDS if w[0] != "{"]
)


def flow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Lists and mappings of `inner`, as YAML on one line."""
    pairs = st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    return st.one_of(
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]"),
        pairs.map(lambda entries: f"{{{', '.join(f'{name}: {value}' for name, value in entries.items())}}}"),
    )


VALUES = st.recursive(SCALARS, flow, max_leaves=10)


def read(text: str, topic: str = "topic") -> tuple[Topic | None, list[Problem]]:
    """The topic and the problems of a text."""
    return reader.read(text.encode("utf-8", "surrogatepass"), "bank.yaml", topic)


def question(lines: str) -> Question:
    """The one question of a bank that has no problem; `lines` are its keys after id and level."""
    body = "\n".join(f"    {line}" for line in lines.splitlines())
    topic, problems = read(f"title: T\nsummary: S\nquestions:\n  - id: q\n    level: mid\n{body}\n")
    assert problems == []
    assert topic is not None
    return topic.questions[0]


def sound(data: bytes) -> None:
    """The law of the reader: problems stand in the file, and what has none is a whole question."""
    topic, problems = reader.read(data, "bank.yaml", "topic")
    lines = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in problems:
        assert problem.message
        assert 1 <= problem.where.line <= len(lines)
        assert problem.where.column >= 1
    if topic is None:
        assert problems
    for found in topic.questions if topic else ():
        assert found.kind in bank.KINDS
        assert found.ask.strip()


@settings(deadline=None, max_examples=150)
@given(st.text())
def test_any_text_gives_problems_not_a_crash(text: str) -> None:
    """Nothing that a text holds takes the reader down."""
    sound(text.encode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=150)
@given(st.binary())
def test_any_bytes_give_problems_not_a_crash(data: bytes) -> None:
    """Nothing that a file holds takes the reader down."""
    sound(data)


@settings(deadline=None, max_examples=150)
@given(VALUES, st.sampled_from(["title: ", "questions: ", "questions:\n- ", ""]))
def test_any_shape_gives_problems_not_a_crash(value: str, lead: str) -> None:
    """Lists where text should be, keys where lists should be: each is a problem."""
    sound(f"{lead}{value}\n".encode())


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(bank.KINDS), st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4), st.data())
def test_any_value_of_any_key_gives_problems_not_a_crash(
    kind: bank.Kind, changed: dict[str, str], data: st.DataObject
) -> None:
    """A good question with some of its keys given other values is read or refused."""
    topic, _ = reader.read((GOOD / "every_key.yaml").read_bytes(), "bank.yaml", "topic")
    assert topic is not None
    keys = {"id": "q", "kind": kind, "level": "mid", "ask": "What?", "why": "So.", "answer": "'1'"}
    keys |= {
        "points": "[a, b]",
        "steps": "[a, b, c]",
        "options": "[{text: a, right: true}, {text: b, because: c}]",
    }
    kept = {name: value for name, value in keys.items() if name in bank.keys_of(kind)} | changed
    order = data.draw(st.permutations(sorted(kept)))
    entry = ", ".join(f"{name}: {kept[name]}" for name in order)
    sound(f"title: T\nsummary: S\nquestions:\n- {{{entry}}}\n".encode())


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_good_bank_with_a_piece_cut_out_is_read_or_refused(data: st.DataObject) -> None:
    """A file damaged anywhere gives problems, not a crash."""
    text = (GOOD / "every_key.yaml").read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    sound((text[:start] + data.draw(st.sampled_from(["", " ", "'", ": ", "[", "\n"])) + text[end:]).encode())


def test_every_kind_becomes_its_body() -> None:
    """Each kind is read into the data its marking needs."""
    topic, problems = reader.read((GOOD / "every_key.yaml").read_bytes(), "bank.yaml", "a_topic")
    assert problems == []
    assert topic is not None
    assert [type(q.body) for q in topic.questions] == [Choice, Template, Rubric, Rubric, Order]
    assert [q.core for q in topic.questions] == [True, False, True, False, False]
    assert [q.level for q in topic.questions] == ["junior", "mid", "senior", "staff", "junior"]
    assert [q.name for q in topic.questions][:2] == ["a_topic/a-choice", "a_topic/a-numeric"]
    cited = [[(c.topic, c.claim) for c in q.evidence] for q in topic.questions]
    assert cited[:2] == [[("cnn", "output-size")], [("a_topic", "output-size"), ("cnn", "parameters-shared")]]


def test_every_value_knows_its_place() -> None:
    """A question's `at` says where each key's value stands."""
    text = (GOOD / "every_key.yaml").read_text(encoding="utf-8")
    lines = text.split("\n")
    topic, _ = read(text)
    for found in topic.questions if topic else ():
        for key in ("id", "kind", "level", "ask", "why", "source"):
            where = found.at[key]
            assert lines[where.line - 1][where.column - 1 :] == str(getattr(found, key, where))


def test_text_is_kept_as_written() -> None:
    """What YAML 1.1 would turn into flags and numbers stays text; blocks keep their lines."""
    topic, problems = reader.read((GOOD / "as_written.yaml").read_bytes(), "bank.yaml", "t")
    assert problems == []
    assert topic is not None
    first, second = topic.questions
    assert topic.title == "What YAML 1.1 would change: no, 1e3, 012"
    assert topic.summary == 'Kept: "quoted" and \\alpha'
    assert (first.id, first.ask, first.source) == ("no", "no", "1986")
    assert isinstance(first.body, Rubric)
    assert first.body.points == ("1e3", "012", "1:30", "2024-13-01", "1_000", "y")
    assert first.body.answer == "`code`, **bold** and C# stay: as they are.\n\n  - indented\n# not a comment"
    assert second.ask == "A folded text with: a colon, # a sign,\nand a paragraph of its own. 重み 😀"
    assert second.why == "It's {unread} here"
    assert isinstance(second.body, Choice)
    assert [option.text for option in second.body.options] == ["yes", "off", "[/foo] x[i] <pad>"]


@pytest.mark.parametrize("kind", ["recall", "refute"])
@pytest.mark.parametrize("brace", ["{", "}", "{x}", "{{", "{1, 2}"])
def test_only_numeric_questions_have_holes(kind: str, brace: str) -> None:
    """In every other kind a brace is a brace."""
    found = question(f"kind: {kind}\nask: 'Is {brace} a set?'\npoints: [a]\nanswer: 'The set {brace}'")
    assert found.ask == f"Is {brace} a set?"


@pytest.mark.parametrize("name", ["e", "pi", "σ", "learning_rate", "x1", "Π", "重"])
def test_a_given_name_may_be_any_word_that_is_no_function(name: str) -> None:
    """Greek letters and the constants' own names can be given; the given value then counts."""
    text = f"kind: numeric\nask: What is {{{name}}}?\nwhy: So.\ngiven:\n  {name}: [7]\nanswer: {name} + 1"
    body: Any = question(text).body
    assert set(body.given) == {name} == set(body.answer.names)


@pytest.mark.parametrize("name", ["sum", "max", "sqrt", "None", "and", "2x", "a b", "a.b", "ﬁ", "'{n}'"])
def test_what_cannot_be_a_given_name(name: str) -> None:
    """A function, a word of Python's, or what an expression could not name is refused by name."""
    text = f"- {{id: q, kind: numeric, level: mid, ask: What, why: So, answer: '1', given: {{{name}: [7]}}}}"
    _, problems = read(f"title: T\nsummary: S\nquestions:\n{text}\n")
    assert [problem.code for problem in problems] == ["given"]


@pytest.mark.parametrize("right", ["true", "True", "TRUE"])
def test_a_flag_is_what_yaml_calls_true(right: str) -> None:
    """The three spellings of YAML 1.2 are the three there are."""
    found = question(f"kind: recall\ncore: {right}\nask: What?\npoints: [a]\nanswer: b")
    assert found.core


def test_all_problems_are_reported_at_once() -> None:
    """Every faulty value of every question is named in one reading."""
    _, problems = read(
        "title:\nsumary: S\nquestions:\n"
        "- {id: A, kind: recall, level: mid, ask: a, points: [], answer: b}\n"
        "- {id: q, kind: wrong}\n"
        "- {id: q, kind: numeric, level: mid, ask: 'x {y}', why: 'z {', answer: 1 +, tolerance: 0.9}\n"
    )
    assert sorted(problem.code for problem in problems) == sorted(
        ["empty", "unknown-key", "missing-key", "word", "empty", "value", *["expression"] * 3, "range"]
    )


def test_a_long_value_is_not_repeated_whole() -> None:
    """A message repeats only the beginning of a faulty value, on one line."""
    entry = f"{{id: '{'x y ' * 900}', kind: recall, level: '7\n\n7', core: {'1' * 5000}, {'z' * 900}: 1}}"
    _, problems = read(f"title: T\nsummary: S\n{'k' * 900}: x\nquestions:\n- {entry}\n")
    assert {problem.code for problem in problems} == {"unknown-key", "word", "value", "flag", "missing-key"}
    assert all(len(problem.message) < 120 and "\n" not in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("line", "share", "codes"),
    [
        ("", 0, []),
        ("asked: 4.9\n", 4.9, []),
        ("asked: 0\n", 0, []),
        ("asked: 100\n", 100, []),
        ("asked: 100.1\n", 0, ["range"]),
        ("asked: -1\n", 0, ["range"]),
        ("asked: often\n", 0, ["number"]),
        ("asked: '5'\n", 0, ["number"]),
        ("asked:\n", 0, ["empty"]),
        ("asked: [5]\n", 0, ["shape"]),
    ],
)
def test_a_topic_says_how_often_it_is_asked(line: str, share: float, codes: list[str]) -> None:
    """A percentage, 0 where nobody counted; a faulty one is reported and the questions are kept."""
    question = "{id: q, kind: recall, level: mid, ask: a, points: [b], answer: c}"
    topic, problems = read(f"title: T\nsummary: S\n{line}questions:\n- {question}\n")
    assert topic is not None
    assert (topic.asked, len(topic.questions)) == (share, 1)
    assert [problem.code for problem in problems] == codes
