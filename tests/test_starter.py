"""The starter bank is a good bank, and shows every key there is."""

from __future__ import annotations

import re

import pytest

from dlprep import bank, check, reader, starter
from dlprep.evidence import Run

TEXT = starter.starter("attention", "../bank.schema.json")


def test_the_starter_passes_the_reader_and_check() -> None:
    """What an author starts from has no problem, and an example of each kind."""
    topic, problems = reader.read(TEXT.encode(), "attention.yaml", "attention")
    assert problems == []
    assert topic is not None
    assert [question.kind for question in topic.questions] == list(bank.KINDS)
    assert list(check.prove(topic)) == []


def test_the_starter_cites_only_what_is_there() -> None:
    """Its evidence names a demo that exists, and offers no knob that does not."""
    topic, _ = reader.read(TEXT.encode(), "attention.yaml", "attention")
    assert topic is not None
    found = check.prove_evidence([topic], lambda name: Run(name, 0, None, (), (), 0.0))
    assert {problem.message for problem in found} <= {"demo `cnn` makes no claim `parameters-shared`"}


@pytest.mark.parametrize("kind", bank.KINDS)
def test_every_key_of_the_table_is_explained_once(kind: bank.Kind) -> None:
    """Each key of each kind stands in a comment, in the table's own words."""
    for key in bank.keys_of(kind).values():
        assert len(re.findall(rf"^    # {key.name}: ", TEXT, re.MULTILINE)) == 1
        assert f"# {key.name}: " in TEXT


@pytest.mark.parametrize("key", [*bank.BANK, *bank.OPTION, *bank.SLIP], ids=lambda key: key.name)
def test_every_other_key_is_used(key: bank.Key) -> None:
    """Titles, options and slips are shown by example."""
    assert re.search(rf"^\s*(- )?{key.name}: \S", TEXT, re.MULTILINE)


@pytest.mark.parametrize("topic", ["attention", "a", "x_1", "no", "null", "true", "y", "e1"])
def test_any_topic_name_can_be_started(topic: str) -> None:
    """A topic's name stands in its title as text, even where YAML has a meaning for it."""
    found, problems = reader.read(starter.starter(topic, "").encode(), "b.yaml", topic)
    assert problems == []
    assert found is not None
    assert found.title == topic


def test_an_editor_is_told_where_the_schema_is() -> None:
    """The first line is the language server's, where there is a schema to name."""
    assert TEXT.splitlines()[0] == "# yaml-language-server: $schema=../bank.schema.json"
    assert "yaml-language-server" not in starter.starter("attention", "")
