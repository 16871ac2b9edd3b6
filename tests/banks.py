"""The numeric questions of the banks that dlprep ships, drawn at seeds: a test recomputes their answers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from dlprep import library, reader, template
from dlprep.bank import Topic
from dlprep.template import Drawn, Template

SEEDS = range(12)


@cache
def bank(topic: str) -> Topic:
    """A shipped bank."""
    file = library.shipped() / f"{topic}.yaml"
    read, problems = reader.read(file.read_bytes(), file.name, topic)
    assert read is not None
    assert not problems
    return read


def draws(name: str) -> Iterator[tuple[Drawn, dict[str, Any]]]:
    """The numeric question `topic/id` at a dozen seeds, each with the numbers it was given."""
    [question] = [each for each in bank(name.partition("/")[0]).questions if each.name == name]
    assert isinstance(question.body, Template)
    for seed in SEEDS:
        drawn = template.draw(question.body, seed)
        yield drawn, dict(drawn.values)
