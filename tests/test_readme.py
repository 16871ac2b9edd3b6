"""The README's transcript is what the program prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dlprep import demo, library
from tests.banks import bank
from tests.terminal import printed

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TRANSCRIPTS = re.findall(r"```console\n\$ (.*?)\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(("command", "shown"), TRANSCRIPTS)
def test_a_transcript_is_true(command: str, shown: str, tmp_path: Path) -> None:
    """Typed again, each command prints what the README says it prints (`scripts/pictures` writes it)."""
    assert printed(command, tmp_path) == shown


def test_there_is_a_transcript() -> None:
    """The README shows at least one."""
    assert TRANSCRIPTS


def test_pictures_that_are_shown_exist() -> None:
    """No link of the README is broken."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_it_counts_the_questions_right() -> None:
    """Twelve topics, each with a demo, and over 300 questions."""
    topics = [file.stem for file in library.shipped().glob("*.yaml")]
    assert sorted(topics) == demo.names()
    assert len(topics) == 12
    assert sum(len(bank(topic).questions) for topic in topics) > 300
