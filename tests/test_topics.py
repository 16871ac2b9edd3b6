"""`dlprep topics` and `dlprep show`: what there is, for people and for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dlprep import bank, demo
from dlprep.cli import main

ZOO = str(Path(__file__).parent / "zoo.yaml")
COIN = str(Path(__file__).parent / "coin.yaml")
Capture = pytest.CaptureFixture[str]
COMMON = {"id", "kind", "level", "core", "ask", "answer", "why", "evidence", "source"}
OWN = {
    "choice": {"options"},
    "numeric": {"unit", "tolerance", "example"},
    "recall": {"points"},
    "refute": {"points"},
    "order": set[str](),
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without banks or history, 80 columns wide."""
    for name in ("NO_COLOR", "FORCE_COLOR", "DLPREP_BANKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DLPREP_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")


def printed(capsys: Capture, *args: str) -> str:
    """What `dlprep ARGS` prints, having ended well."""
    assert main(args) == 0
    return capsys.readouterr().out


def document(capsys: Capture, *args: str) -> Any:
    """The document that `dlprep ARGS --json` prints."""
    return json.loads(printed(capsys, *args, "--json"))


def test_topics_json(capsys: Capture) -> None:
    """The documented keys, every kind and level counted, and a demo where there is one."""
    found = document(capsys, "topics", "--bank", ZOO)
    assert set(found) == {"schema", "topics"}
    assert found["schema"] == 1
    by_name = {topic["name"]: topic for topic in found["topics"]}
    assert by_name["zoo"] == {
        "name": "zoo",
        "title": "A zoo",
        "summary": "A question of each kind, each of a kind and level of its own.",
        "demo": False,
        "questions": 7,
        "asked": 0.0,
        "core": 1,
        "kinds": {"choice": 2, "numeric": 2, "recall": 1, "refute": 1, "order": 1},
        "levels": {"junior": 2, "mid": 2, "senior": 2, "staff": 1},
    }
    for topic in found["topics"]:
        assert topic["demo"] is (topic["name"] in demo.names())
        assert sum(topic["kinds"].values()) == sum(topic["levels"].values()) == topic["questions"]


def test_topics_for_people(capsys: Capture) -> None:
    """Names, titles, counts, what the demos show, a total and the next command."""
    text = printed(capsys, "topics", "--bank", ZOO)
    assert "zoo  A zoo" in text
    assert "7 questions: 2 choice, 2 numeric, 1 recall, 1 refute, 1 order, 1 core" in text
    assert " ".join(demo.headline("perceptron").split()) in " ".join(text.split())
    assert "Next: dlprep quiz" in text.splitlines()[-1]


def test_show_json(capsys: Capture) -> None:
    """The documented keys, and those of each kind."""
    found = document(capsys, "show", "zoo", "--bank", ZOO)
    assert set(found) == {"schema", "topic", "title", "questions"}
    assert (found["schema"], found["topic"], found["title"]) == (1, "zoo", "A zoo")
    assert len(found["questions"]) == 7
    for question in found["questions"]:
        assert set(question) == COMMON | OWN[question["kind"]], question["id"]
    by_id = {question["id"]: question for question in found["questions"]}
    assert by_id["several"]["answer"] == ["Convolution", "Dense"]
    assert by_id["one"]["options"][1] == {
        "text": "A dense layer",
        "right": False,
        "because": "It has a weight for every pair.",
    }
    assert by_id["parameters"]["answer"] == "(n + 1) * 10"
    assert by_id["parameters"]["example"]["answer"] == 1000
    assert by_id["parameters"]["example"]["given"] == {"n": 99}
    assert by_id["steps"]["answer"] == ["Forward pass", "Loss", "Backward pass", "Update"]


def test_show_json_of_one_question(capsys: Capture) -> None:
    """`topic/id` is the same document with one question; cited claims have their topic's name."""
    found = document(capsys, "show", "coin/what-adds-up", "--bank", COIN)
    (question,) = found["questions"]
    assert question["id"] == "what-adds-up"
    assert question["evidence"] == ["coin/adds-up"]


def test_every_shipped_topic_can_be_shown(capsys: Capture) -> None:
    """As a document whose questions are those that `topics` counted, and as pages."""
    for topic in document(capsys, "topics")["topics"]:
        found = document(capsys, "show", topic["name"])
        assert len(found["questions"]) == topic["questions"]
        assert {question["kind"] for question in found["questions"]} <= set(bank.KINDS)
        text = printed(capsys, "show", topic["name"], "--no-run")
        assert all(f"{topic['name']}/{question['id']}" in text for question in found["questions"])
        assert max(map(len, text.splitlines())) <= 90


def test_a_page_has_the_answers(capsys: Capture) -> None:
    """Options with their reasons, steps in order, the rubric ticked, the number and its slips, and why."""
    text = printed(capsys, "show", "zoo", "--bank", ZOO)
    told = " ".join(text.split())
    for part in (
        "zoo/one · choice · junior · core",
        "✓ c A convolution" if "✓ c  A convolution" in text else "A convolution",
        "It has a weight for every pair.",
        "Answer 1,000 parameters",
        "not 990 That leaves out the biases.",
        "✓ 1 Far fewer parameters than a dense layer",
        "Answer Sharing cuts the parameters",
        "Why A kernel serves every position of the image.",
        "Source LeCun et al. 1998",
    ):
        assert part in told
    steps = [
        told.index(step, told.index("zoo/steps")) for step in ("Forward pass", "Loss", "Backward", "Update")
    ]
    assert steps == sorted(steps)


def test_evidence_is_measured_unless_it_may_not_run(capsys: Capture) -> None:
    """A cited claim is shown measured, with the control that breaks it; --no-run leaves it out."""
    cites = next(
        f"perceptron/{question['id']}"
        for question in document(capsys, "show", "perceptron")["questions"]
        if question["evidence"]
    )
    text = printed(capsys, "show", cites)
    assert "Evidence measured just now" in text
    assert "under control" in text
    assert "Evidence" not in printed(capsys, "show", cites, "--no-run")


def test_banks_come_from_the_documented_places(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Shipped, DLPREP_BANKS, the user's own, and those named by hand, in this order."""
    for folder, name in (("shared", "second"), ("questions", "third")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.yaml").write_bytes(Path(ZOO).read_bytes())
    monkeypatch.setenv("DLPREP_BANKS", str(tmp_path / "shared"))
    names = [topic["name"] for topic in document(capsys, "topics", "--bank", ZOO)["topics"]]
    assert names[-3:] == ["second", "third", "zoo"]
    assert "perceptron" in names[:-3]
    monkeypatch.setenv("DLPREP_BANKS", str(tmp_path / "nowhere"))
    assert main(["topics"]) == 2
    assert "DLPREP_BANKS is not a folder" in capsys.readouterr().err
