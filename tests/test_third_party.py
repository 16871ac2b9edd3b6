"""A topic is two files: a bank and a demo put beside the others work everywhere, and nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.terminal import piped, with_coin


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a copy of dlprep with the coin in it."""
    return with_coin(tmp_path_factory.mktemp("third"))


def dlprep(env: dict[str, str], *args: str, stdin: str = "") -> str:
    """What the copy prints, having ended well without a complaint."""
    done = piped(*args, stdin=stdin, env=env, cwd=Path(env["PYTHONPATH"]))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_it_is_listed(env: dict[str, str]) -> None:
    """`topics` counts its questions and quotes its demo, `demo` lists it, `show` reads it."""
    (topic,) = json.loads(dlprep(env, "topics", "--json"))["topics"]
    assert (topic["name"], topic["demo"], topic["questions"], topic["core"]) == ("coin", True, 2, 1)
    assert "A coin comes down heads" in dlprep(env, "demo")
    page = dlprep(env, "show", "coin")
    assert "The coin" in page
    assert "under control “on-edge”" in page


def test_it_is_asked(env: dict[str, str]) -> None:
    """`quiz` asks it, measures its evidence and shows how to watch it."""
    text = dlprep(env, "quiz", "coin", "--core", stdin="200\n")
    assert "✓ right  the answer is 200 heads" in text
    assert "✓ heads are half of all" in text
    assert "try: dlprep demo coin --flips 400" in text


def test_it_is_checked_and_verified(env: dict[str, str]) -> None:
    """`check` measures what it cites, `verify` runs it and its controls."""
    assert "no problems in 1 bank (2 questions, 2 claims measured" in dlprep(env, "check")
    text = dlprep(env, "verify", "coin", "--seeds", "0,1")
    assert "4 claims, 4 controls: all hold, and each control breaks what it must" in text


def test_its_knobs_are_documented(env: dict[str, str]) -> None:
    """`dlprep demo coin --help` shows its manual and knobs."""
    text = dlprep(env, "demo", "coin", "--help")
    assert "how likely heads are" in text
    assert "0.0<=x<=1.0" in text
