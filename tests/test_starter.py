"""The bank that `dlprep new` writes is a good one, and explains every key."""

from __future__ import annotations

from dlprep import bank, check, reader, starter


def test_the_starter_has_no_problem() -> None:
    """A new author begins with a bank that passes."""
    topic, problems = reader.read(starter.starter("topic", "").encode(), "topic.yaml", "topic")
    assert problems == []
    assert topic is not None
    assert list(check.prove(topic)) == []


def test_the_starter_shows_every_kind() -> None:
    """There is an example of each kind of question."""
    topic, _ = reader.read(starter.starter("topic", "").encode(), "topic.yaml", "topic")
    assert topic is not None
    assert tuple(question.kind for question in topic.questions) == bank.KINDS


def test_the_starter_explains_each_key_it_uses_once() -> None:
    """A comment with the table's own words stands above the first use of a key."""
    text = starter.starter("topic", "")
    for kind in bank.KINDS:
        for key in bank.keys_of(kind).values():
            if key.name in starter.EXAMPLES[kind]:
                assert text.count(f"# {key.name}: ") == 1


def test_the_schema_is_named_in_the_first_line() -> None:
    """Editors look for the modeline at the top."""
    assert (
        starter.starter("topic", "../bank.schema.json")
        .splitlines()[0]
        .endswith("$schema=../bank.schema.json")
    )
