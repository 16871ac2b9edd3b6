"""`dlprep topics` and `dlprep show`: what there is, and how it is answered."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dlprep import bank, demo, library, quiz
from dlprep.bank import Choice, Listed, Order, Question, Rubric
from dlprep.draw import palette
from dlprep.draw import reading as drawn
from dlprep.draw.strip import Picture
from dlprep.number import counted
from dlprep.template import Template

SEED = 0  # of the draw that `show` prints


def list_all(banks: Sequence[Path], color: str, *, as_json: bool) -> int:
    """Print every topic with its questions counted."""
    found = library.find(banks)
    demos = demo.names()
    if as_json:
        _print_json(
            {"schema": 1, "topics": [_topic_json(topic, topic.name in demos) for topic in found.topics]}
        )
        return 0
    console = palette.console(color)
    look = palette.Look.of(console)
    for topic in found.topics:
        proof = demo.headline(topic.name) if topic.name in demos else ""
        console.print(Picture(drawn.entry(topic, proof, console.width, look)), end="")
    first = found.topics[0].name
    total = sum(len(topic.entries) for topic in found.topics)
    print(
        f" {counted(len(found.topics), 'topic')}, {counted(total, 'question')}."
        f" Next: dlprep quiz, or dlprep show {first}"
    )
    return 0


def show(name: str, banks: Sequence[Path], color: str, *, as_json: bool, measure: bool) -> int:
    """Print a topic or one question with its answers and evidence."""
    found = library.find(banks)
    topic = found.listed(name.partition("/")[0])
    questions = [found.question(name)] if "/" in name else list(found.topic(topic.name).questions)
    if as_json:
        shown = [_question_json(question) for question in questions]
        _print_json({"schema": 1, "topic": topic.name, "title": topic.title, "questions": shown})
        return 0
    console = palette.console(color)
    look = palette.Look.of(console)
    if "/" not in name:
        console.print(Picture(drawn.title(topic, console.width, look)), end="")
    for question in questions:
        asked = quiz.ask(question, SEED)
        console.print(Picture(drawn.page(asked, console.width, look)), end="")
        if measure and question.evidence:
            _print_evidence(question, console.width, look, console)
    return 0


def _print_evidence(question: Question, width: int, look: palette.Look, console: Any) -> None:  # noqa: ANN401
    from dlprep.draw.evidence import evidence
    from dlprep.prefetch import Prefetch

    with Prefetch(SEED) as prefetch:
        console.print(Picture(evidence(prefetch.measured(question, 20.0), width, look)), end="")


def _print_json(document: dict[str, Any]) -> None:
    json.dump(document, sys.stdout, indent=2)
    print()


def _topic_json(topic: Listed, has_demo: bool) -> dict[str, Any]:
    kinds = Counter(entry.kind for entry in topic.entries)
    levels = Counter(entry.level for entry in topic.entries)
    return {
        "name": topic.name,
        "title": topic.title,
        "summary": topic.summary,
        "asked": topic.asked,
        "demo": has_demo,
        "questions": len(topic.entries),
        "core": sum(entry.core for entry in topic.entries),
        "kinds": {kind: kinds[kind] for kind in bank.KINDS},
        "levels": {level: levels[level] for level in bank.LEVELS},
    }


def _question_json(question: Question) -> dict[str, Any]:
    """A question with everything its kind has; a numeric one as its template, with one draw as an example."""
    shown: dict[str, Any] = {
        "id": question.id,
        "kind": question.kind,
        "level": question.level,
        "core": question.core,
        "ask": question.ask,
    }
    match question.body:
        case Choice(options):
            shown["answer"] = [option.text for option in options if option.right]
            shown["options"] = [_option_json(option) for option in options]
        case Order(steps):
            shown["answer"] = list(steps)
        case Rubric(points, answer):
            shown["answer"] = answer
            shown["points"] = list(points)
        case Template() as body:
            drawn_ = quiz.ask(question, SEED).drawn
            shown["answer"] = body.answer.text
            shown["unit"], shown["tolerance"] = body.unit, body.tolerance
            if drawn_:
                shown["example"] = {"given": dict(drawn_.values), "ask": drawn_.ask, "answer": drawn_.answer}
    shown["why"] = question.why
    shown["evidence"] = [f"{cited.topic}/{cited.claim}" for cited in question.evidence]
    shown["source"] = question.source
    return shown


def _option_json(option: bank.Option) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": option.text, "right": option.right}
    return shown if option.right else {**shown, "because": option.because}
