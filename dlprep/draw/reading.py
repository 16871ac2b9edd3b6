"""Banks for reading: topics in a list, and questions with their answers as a page of notes."""

from __future__ import annotations

from collections import Counter

from rich.cells import cell_len
from rich.segment import Segment

from dlprep import number
from dlprep.bank import KINDS, Listed, Rubric
from dlprep.draw import question as drawn
from dlprep.draw.palette import Look
from dlprep.draw.prose import WIDEST, prose
from dlprep.draw.strip import Strip, words
from dlprep.quiz import Asked


def entry(topic: Listed, proof: str, width: int, look: Look) -> list[Strip]:
    """A topic in the list: its name and title, its questions counted by kind, and what its demo shows."""
    counts = Counter(entry.kind for entry in topic.entries)
    core = sum(entry.core for entry in topic.entries)
    told = [f"{counts[kind]} {kind}" for kind in KINDS if counts[kind]] + ([f"{core} core"] if core else [])
    accent, dim = look.style("accent"), look.style("dim")
    head = prose(
        topic.title, width - 2, look, first=f"{words(topic.name, look)}  ", style=look.style("strong")
    )
    strips = [
        [Segment(" "), Segment(head[0][0].text, accent), *head[0][1:]],
        *([Segment(" "), *x] for x in head[1:]),
    ]
    counted = f"{number.counted(len(topic.entries), 'question')}: {', '.join(told)}"
    strips += [[Segment("   "), *line] for line in prose(counted, width - 4, look)]
    if proof:
        strips += [[Segment("   "), *line] for line in prose(f"demo: {proof}", width - 4, look, style=dim)]
    return [*strips, []]


def title(topic: Listed, width: int, look: Look) -> list[Strip]:
    """The head of a topic's page."""
    strong, dim = look.style("strong"), look.style("dim")
    strips = [[Segment(" "), *line] for line in prose(topic.title, width - 2, look, style=strong)]
    return [*strips, *([Segment(" "), *line] for line in prose(topic.summary, width - 2, look, style=dim))]


def page(asked: Asked, width: int, look: Look) -> list[Strip]:
    """A question with its answer, as one would keep it in notes."""
    question = asked.question
    dot = " - " if look.ascii else " · "
    rule = ("-" if look.ascii else "─") * max(1, min(width, WIDEST) - 2)
    parts = [question.name, question.kind, question.level, *(["core"] if question.core else [])]
    head = prose(dot.join(parts), width - 2, look, style=look.style("accent"))
    strips: list[Strip] = [
        [],
        [Segment(f" {rule}", look.style("dim"))],
        *([Segment(" "), *line] for line in head),
    ]
    strips += [
        *([Segment(" "), *line] for line in prose(asked.ask, width - 2, look, style=look.style("strong"))),
        [],
    ]
    strips += _answer(asked, width, look)
    strips += drawn.explanation(asked, width, look)
    return strips[:-1] if strips and not strips[-1] else strips


def _answer(asked: Asked, width: int, look: Look) -> list[Strip]:
    """The answer by kind; a rubric's model answer comes with the explanation."""
    if asked.drawn:
        lead = "Answer  "
        lines = prose(asked.right_number, width - 2, look, first=lead)
        slips = [line for wrong in asked.drawn.slips for line in _slip(wrong, width, look)]
        return [*([Segment(" "), *line] for line in lines), *slips, []]
    match asked.question.body:
        case Rubric(points, _):
            return [*drawn.rubric(points, range(len(points)), width, look), []]
        case _:
            return drawn.solved(asked, width, look)


def _slip(wrong: tuple[float, str], width: int, look: Look) -> list[Strip]:
    from dlprep import number

    lead = f"not {number.show(wrong[0])}  "
    indent = "        " if cell_len(lead) < width // 2 else ""
    return [
        [Segment(" " + indent), *line]
        for line in prose(wrong[1], width - 10, look, first=lead, style=look.style("dim"))
    ]
