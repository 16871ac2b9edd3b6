"""`dlprep new` and `dlprep schema`: a bank to start from that is right, and a schema that agrees."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from dlprep import bank, library
from dlprep.cli import main

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without banks, who stands elsewhere."""
    monkeypatch.delenv("DLPREP_BANKS", raising=False)
    monkeypatch.setenv("DLPREP_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def test_new_writes_a_bank_without_problems(capsys: Capture, home: Path) -> None:
    """It says where and what to type next; the bank has every kind, passes check, and can be quizzed."""
    assert main(["new", "attention"]) == 0
    out, err = capsys.readouterr()
    file = home / "questions" / "attention.yaml"
    assert err == ""
    assert "wrote home/questions/attention.yaml" in out
    assert "dlprep quiz attention" in out
    assert main(["check", str(file), "--no-run"]) == 0
    assert "no problems in 1 bank (5 questions)" in capsys.readouterr().out
    topic = library.find().topic("attention")
    assert [question.kind for question in topic.questions] == list(bank.KINDS)
    assert main(["show", "attention", "--no-run"]) == 0


def test_new_explains_every_key(home: Path) -> None:
    """A comment for each key there is, in no line wider than an editor."""
    assert main(["new", "attention"]) == 0
    text = (home / "questions" / "attention.yaml").read_text()
    for key in (*bank.QUESTION, *(key for keys in bank.BODY.values() for key in keys)):
        if key.name != "try":
            assert f"# {key.name}: " in text
    assert max(map(len, text.splitlines())) <= 120
    assert text.startswith("# yaml-language-server: $schema=../bank.schema.json\n")


def test_new_overwrites_nothing(capsys: Capture, home: Path) -> None:
    """A bank that is there already is left as it is; exit code 2."""
    file = home / "questions" / "mine.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("mine")
    assert main(["new", "mine"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "is there already" in err
    assert file.read_text() == "mine"


def test_new_writes_where_it_is_told(capsys: Capture, tmp_path: Path) -> None:
    """--to names the folder, made when missing; the quiz is then told of the bank."""
    assert main(["new", "attention", "--to", str(tmp_path / "my banks")]) == 0
    assert (tmp_path / "my banks" / "attention.yaml").is_file()
    assert "dlprep quiz attention --bank" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["Attention", "1st", "a-b", "a.b", "../a", "a/b", "", "é", "_a", "a b"])
def test_a_topic_has_a_plain_name(capsys: Capture, name: str, tmp_path: Path) -> None:
    """Anything else is refused with what a name is made of, and nothing is written."""
    assert main(["new", "--", name]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "cannot name a topic" in err
    assert "small letters" in err
    assert list(tmp_path.rglob("*.yaml")) == []


def test_a_folder_that_cannot_be_made_is_a_sentence(capsys: Capture, tmp_path: Path) -> None:
    """A file in the way: its name, what is wrong, exit code 2."""
    (tmp_path / "file").write_text("")
    assert main(["new", "attention", "--to", str(tmp_path / "file" / "sub")]) == 2
    assert "Not a directory" in capsys.readouterr().err


def test_the_schema_is_a_schema_and_takes_good_banks(capsys: Capture) -> None:
    """Draft-07; the starter, the zoo and the coin follow it, and a mistake does not."""
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    validator = jsonschema.Draft7Validator(schema)
    assert main(["new", "attention", "--to", "."]) == 0
    here = Path(__file__).parent
    for file in (here / "zoo.yaml", here / "coin.yaml", Path("attention.yaml")):
        found = yaml.load(file.read_text(), Loader=yaml.SafeLoader)  # noqa: TID251  as an editor reads it
        validator.validate(found)
        found["questions"][0]["dificulty"] = "mid"
        assert not validator.is_valid(found)
