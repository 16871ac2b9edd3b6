"""`dlprep check`: every problem of every bank at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

from dlprep import check, library, yamltext
from dlprep.errors import Problem
from dlprep.evidence import Clock, Run
from dlprep.library import Banks
from dlprep.number import counted


def run(paths: Sequence[Path], style: str, color: str, clock: Clock, *, measure: bool) -> int:
    """Check the banks at `paths`, or all there are, and print what is wrong. Exit code 1 for findings."""
    start = clock()
    files = [file for path in paths for file in library.bank_files(path)] if paths else library.known_files()
    read = library.read_files(files)
    problems = list(read.problems)
    for topic in read.topics:
        problems += check.prove(topic)
    claims = 0
    if measure:
        found, claims = _measured(read)
        problems += found
    problems.sort(key=check.sort_key)
    lines = _lines(read)
    problems = [_with_line(problem, lines) for problem in problems]
    _print(
        problems,
        read,
        style,
        color,
        f", {counted(claims, 'claim')} measured in {clock() - start:.1f} s" if measure else "",
    )
    return 1 if problems else 0


def _measured(read: Banks) -> tuple[list[Problem], int]:
    """The problems of the evidence, and how many claims were measured for it."""
    from dlprep.pool import Pool

    with Pool(2) as pool:
        cited = {c.topic for topic in read.topics for question in topic.questions for c in question.evidence}
        started = {name: pool.submit(name, 0, None) for name in sorted(cited)}

        @cache
        def measure(name: str) -> Run:
            return started[name]()

        problems = list(check.prove_evidence(read.topics, measure))
        return problems, sum(len(measure(name).claims) for name in started)


def _lines(read: Banks) -> dict[str, list[str]]:
    """The lines of each file that could be read, by the path it is shown as."""
    lines = {}
    for file in read.files:
        with suppress(OSError):
            lines[library.display(file)] = yamltext.glimpse(file.read_bytes())
    return lines


def _with_line(problem: Problem, lines: dict[str, list[str]]) -> Problem:
    """A problem with the text of its line, which only the reader fills in."""
    where = problem.where
    if problem.line or not 0 < where.line <= len(lines.get(where.path, [])):
        return problem
    line = lines[where.path][where.line - 1]
    return replace(problem, line=line, width=max(1, len(line.rstrip()) - where.column + 1))


def _print(problems: list[Problem], read: Banks, style: str, color: str, measured: str) -> None:
    if style == "json":
        _print_json(problems, read)
        return
    from dlprep.draw import palette
    from dlprep.draw import problems as drawn

    console = palette.console(color)
    look = palette.Look.of(console)
    for problem in problems:
        if style == "github":
            print(drawn.annotation(problem))
        else:
            for text in drawn.problem(problem, look):
                console.print(text, soft_wrap=True)
    questions = sum(len(topic.questions) for topic in read.topics)
    told = counted(questions, "question") + measured
    banks = counted(len(read.files), "bank")
    if problems:
        bad = len({problem.where.path for problem in problems})
        print(
            f"{counted(len(problems), 'error')} in {bad} of {banks} ({told})",
            file=sys.stdout if style == "text" else sys.stderr,
        )
    else:
        print(f"no problems in {banks} ({told})", file=sys.stdout if style == "text" else sys.stderr)


def _print_json(problems: list[Problem], read: Banks) -> None:
    import json

    document = {
        "schema": 1,
        "banks": len(read.files),
        "questions": sum(len(topic.questions) for topic in read.topics),
        "problems": [
            {
                "code": problem.code,
                "message": problem.message,
                "path": problem.where.path,
                "line": problem.where.line,
                "column": problem.where.column,
                "hint": problem.hint,
            }
            for problem in problems
        ],
    }
    print(json.dumps(document, indent=2))  # in ASCII: a file's name may hold what a terminal obeys
