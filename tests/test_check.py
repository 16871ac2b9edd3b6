"""`check` proves banks by asking and answering: it finds what the reader cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dlprep import check, quiz, reader
from dlprep.bank import Topic
from dlprep.cli import main
from dlprep.demo import Claim
from dlprep.errors import Problem, Where
from dlprep.evidence import Run
from dlprep.quiz import Asked, Reply, Verdict

GOOD = Path(__file__).parent / "good"
HOLDS, FAILS = Claim("a-claim", "it is so", 1.0, "<=", 2.0), Claim("a-claim", "it is so", 3.0, "<=", 2.0)
Mark = Callable[[Asked, Reply], Verdict]


def topic(text: str, name: str = "cnn") -> Topic:
    """The topic of a bank whose questions are given, without a problem."""
    found, problems = reader.read(f"title: T\nsummary: S\nquestions:\n{text}\n".encode(), "b.yaml", name)
    assert problems == []
    assert found is not None
    return found


def numeric(keys: str, name: str = "cnn") -> Topic:
    """A topic of one numeric question."""
    return topic(f"- {{id: q, kind: numeric, level: mid, ask: What, why: So, {keys}}}", name)


def cited(evidence: str) -> Topic:
    """A topic of one question that cites evidence."""
    return topic(
        f"- {{id: q, kind: recall, level: mid, ask: A, points: [a], answer: b, evidence: {evidence}}}"
    )


def proved(found: Topic) -> list[tuple[str, str]]:
    """Code and message of what `prove` finds."""
    return [(problem.code, problem.message) for problem in check.prove(found)]


def evident(found: Topic, *claims: Claim, error: str = "") -> list[Problem]:
    """What `prove_evidence` finds when every demo makes these claims."""
    return list(check.prove_evidence([found], lambda name: Run(name, 0, None, claims, (), 0.0, error)))


def marking(monkeypatch: pytest.MonkeyPatch, change: Callable[[Verdict], Verdict]) -> None:
    """Break the marker."""
    true_mark: Mark = quiz.mark
    monkeypatch.setattr(quiz, "mark", lambda asked, reply: change(true_mark(asked, reply)))


@pytest.mark.parametrize(
    ("keys", "code", "message"),
    [
        ("answer: 1 / 3", "tolerance", "is shown as 0.3333, which is marked wrong"),
        ("answer: 1 / 3, tolerance: 0.001", "", ""),
        ("given: {n: [1, 2]}, answer: 1 / (n - 2)", "draw", "this divides by zero"),
        ("answer: 2 ** 500", "tolerance", "is shown as"),
        ("answer: 2 ** 5, slips: [{answer: 2 * 5, says: no}]", "", ""),
        ("answer: 2 ** 5, slips: [{answer: 32, says: no}]", "slip", "this slip gives the right answer"),
        ("answer: 100, tolerance: 0.1, slips: [{answer: 91, says: no}]", "slip", "gives the right answer"),
        (
            "answer: 1, slips: [{answer: 2, says: a}, {answer: 2, says: b}]",
            "slip",
            "cannot be told from another",
        ),
        ("answer: 1, slips: [{answer: 2, says: a}, {answer: 2, says: a}]", "", ""),
        ("given: {n: [1, 2]}, require: n > 1, answer: 3, slips: [{answer: n + 2, says: no}]", "", ""),
        ("given: {n: [1, 2]}, answer: 3, slips: [{answer: n + 2, says: no}]", "slip", "with n = 1"),
        ("answer: 5, unit: pixels", "", ""),
        ("answer: 50, unit: '%'", "", ""),
    ],
)
def test_a_numeric_question_is_sound_at_every_draw(keys: str, code: str, message: str) -> None:
    """The shown answer is accepted, no slip is right, each slip has its own sentence."""
    found = proved(numeric(keys))
    assert [c for c, _ in found] == ([code] if code else [])
    assert all(message in said for _, said in found)


def test_a_fault_at_one_draw_in_many_is_found() -> None:
    """Two hundred draws meet a value that comes once in thirty."""
    assert proved(numeric("given: {n: 1..30}, answer: 1 / (n - 17), tolerance: 0.1"))[0][0] == "draw"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda verdict: verdict._replace(right=False), "the right answer is marked wrong"),
        (lambda verdict: verdict._replace(right=True), "a wrong answer is marked right"),
        (lambda verdict: verdict._replace(right=not verdict.right), "the right answer is marked wrong"),
    ],
)
def test_a_broken_marker_is_found(
    change: Callable[[Verdict], Verdict], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof can fail: a marker that says always or never is caught for every kind."""
    found, _ = reader.read((GOOD / "every_key.yaml").read_bytes(), "b.yaml", "t")
    assert found is not None
    assert proved(found) == []
    marking(monkeypatch, change)
    kinds = {problem.where.line for problem in check.prove(found) if problem.message == message}
    assert len(kinds) == 4


def test_a_broken_marker_of_numbers_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The right number marked wrong is a problem of its own."""
    marking(monkeypatch, lambda verdict: verdict._replace(right=False))
    assert proved(numeric("answer: 5")) == [("answer", "the right answer is marked wrong")]


@pytest.mark.parametrize(
    ("evidence", "claims", "error", "said"),
    [
        ("a-claim", (HOLDS,), "", ""),
        ("cnn/a-claim", (HOLDS,), "", ""),
        ("a-claim", (FAILS,), "", "claim `a-claim` does not hold: measured 3, needs <= 2"),
        ("b-claim", (HOLDS,), "", "demo `cnn` makes no claim `b-claim`"),
        ("a-claim", (), "ValueError: no", "demo `cnn` ended with ValueError: no"),
        ("nothing/a-claim", (HOLDS,), "", "topic `nothing` has no demo"),
        ("'../cnn/a-claim'", (HOLDS,), "", "topic `../cnn` has no demo"),
        ("cnn/", (HOLDS,), "", "demo `cnn` makes no claim ``"),
    ],
)
def test_cited_claims_must_exist_and_hold(
    evidence: str, claims: tuple[Claim, ...], error: str, said: str
) -> None:
    """Each citation is checked where it stands."""
    found = evident(cited(evidence), *claims, error=error)
    assert [problem.message for problem in found] == ([said] if said else [])
    assert all(problem.code == "evidence" and problem.where.line == 4 for problem in found)


def test_the_claims_there_are_is_the_hint() -> None:
    """A misspelt claim is answered with the demo's own."""
    assert evident(cited("a-clam"), HOLDS)[0].hint == "its claims: a-claim"


@pytest.mark.parametrize(
    ("keys", "name", "said"),
    [
        ("given: {n: [28]}, answer: n, try: '--size {n}'", "nothing", "topic `nothing` has no demo"),
        ("given: {n: [28]}, answer: n, try: '--sise {n}'", "cnn", "demo cnn has no knob --sise"),
        ("given: {n: [28]}, answer: n, try: '--size {n / 0}'", "cnn", ""),
    ],
)
def test_offered_knobs_must_be_the_demos(keys: str, name: str, said: str) -> None:
    """A knob that is not there is a problem; what cannot be drawn is `prove`'s to report, not a crash."""
    found = evident(numeric(keys, name))
    assert [problem.message for problem in found] == ([said] if said else [])


def test_problems_are_shown_by_file_and_place() -> None:
    """Sorted by path, then line, then column."""
    places = [("b", 1, 1), ("a", 2, 9), ("a", 10, 1), ("a", 2, 3)]
    found = [Problem("c", "m", Where(*place)) for place in places]
    assert [str(p.where) for p in sorted(found, key=check.sort_key)] == ["a:2:3", "a:2:9", "a:10:1", "b:1:1"]


# ── the command ─────────────────────────────────────────────────────────────────────────────────────

BAD = """title: Bad
summary: S
questions:
- {id: q, kind: numeric, level: mid, ask: A, why: B, answer: 1 / 3}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one bad bank and one good one."""
    monkeypatch.setenv("DLPREP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DLPREP_BANKS", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "banks").mkdir()
    (tmp_path / "banks" / "bad.yaml").write_text(BAD)
    (tmp_path / "banks" / "good.yaml").write_bytes((GOOD / "numbers.yaml").read_bytes())
    return tmp_path


@pytest.mark.usefixtures("here")
def test_check_shows_the_line_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    """A problem found by asking is shown on its line, too; the last line counts; exit code 1."""
    assert main(["check", "banks", "--no-run"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[1] == " --> banks/bad.yaml:4:62"
    assert out.splitlines()[4].endswith("^^^^^^")
    assert out.splitlines()[-1] == "1 error in 1 of 2 banks (4 questions)"


@pytest.mark.usefixtures("here")
def test_check_prints_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    """Every problem with code, place and hint, and nothing else on standard output."""
    assert main(["check", "banks", "--no-run", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    (problem,) = document.pop("problems")
    assert document == {"schema": 1, "banks": 2, "questions": 4}
    assert (problem["code"], problem["path"], problem["line"]) == ("tolerance", "banks/bad.yaml", 4)
    assert problem["hint"] == "give a tolerance, such as `tolerance: 0.01`"


@pytest.mark.usefixtures("here")
def test_check_prints_an_annotation_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """GitHub's format: one command a problem, and the count apart from them."""
    assert main(["check", "banks", "--no-run", "--format", "github"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("::error file=banks/bad.yaml,line=4,col=62,title=tolerance::")
    assert out.count("\n") == 1
    assert err == "1 error in 1 of 2 banks (4 questions)\n"


def test_check_without_paths_reads_what_there_is(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An own folder that is empty stops nothing."""
    (here / "home" / "questions").mkdir(parents=True)
    assert main(["check", "--no-run"]) == 0
    assert "no problems in" in capsys.readouterr().out
