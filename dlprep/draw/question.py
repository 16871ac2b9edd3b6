"""A question as it is asked, and as it stands once answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich.cells import cell_len
from rich.segment import Segment

from dlprep.bank import Choice, Order, Question, Rubric
from dlprep.draw.palette import Look
from dlprep.draw.prose import WIDEST, prose
from dlprep.draw.strip import Strip, clip, words
from dlprep.quiz import Asked, Picked, Sorted, Told, Typed, Verdict
from dlprep.session import Answered

LETTERS = "abcdefghi"


def header(question: Question, place: int, count: int, width: int, look: Look) -> list[Strip]:
    """Topic, kind and level on the left; how far along on the right, where both fit."""
    width = min(width, WIDEST)
    separator = " - " if look.ascii else " · "
    left = " " + separator.join(words(part, look) for part in (question.topic, question.kind, question.level))
    done, left_over = ("#", ".") if look.ascii else ("▰", "▱")
    filled = round(10 * place / count)
    right = f"{place} of {count}  {done * filled}{left_over * (10 - filled)}"
    if cell_len(left) + cell_len(right) + 3 > width:
        right = f"{place}/{count}"
    left = clip(left, width - cell_len(right) - 2, look)
    gap = width - cell_len(left) - cell_len(right) - 1
    dim = look.style("dim")
    return [[Segment(left, look.style("accent")), Segment(" " * max(1, gap)), Segment(right, dim)]]


def ask(asked: Asked, width: int, look: Look) -> list[Strip]:
    """The question, with lettered options or numbered steps."""
    body = asked.question.body
    strips = [[], *_inset(prose(asked.ask, width - 2, look, style=look.style("strong"))), []]
    if isinstance(body, Choice):
        for letter, number in zip(LETTERS, asked.shown, strict=False):
            strips += _inset(prose(body.options[number].text, width - 2, look, first=f" {letter}  "))
    elif isinstance(body, Order):
        for place, number in enumerate(asked.shown, 1):
            strips += _inset(prose(body.steps[number], width - 2, look, first=f" {place}  "))
    return [*strips, []] if isinstance(body, (Choice, Order)) else strips


def how(asked: Asked) -> str:
    """What to type, for the footer."""
    match asked.question.body:
        case Choice(options) if sum(option.right for option in options) == 1:
            return f"a–{LETTERS[len(options) - 1]} answers"
        case Choice():
            return "several may be right: letters mark, Enter answers"
        case Order(steps):
            return f"type the {len(steps)} numbers in the right order, Enter"
        case Rubric():
            return "in your own words; . or Ctrl-D when done · e editor"
        case _:
            return "type the number, Enter"


def rubric(points: Sequence[str], ticked: Collection[int], width: int, look: Look) -> list[Strip]:
    """The points an interviewer would tick, ticked or not."""
    strips: list[Strip] = []
    for i, point in enumerate(points):
        tick = i in ticked
        sign = ("*" if look.ascii else "✓") if tick else ("." if look.ascii else "·")
        lines = prose(point, width - 4, look, first=f"{i + 1}  ")
        style = look.style("right" if tick else "dim")
        strips += [
            [Segment(f"  {sign} " if k == 0 else "    ", style), *line] for k, line in enumerate(lines)
        ]
    return strips


# ── once answered ───────────────────────────────────────────────────────────────────────────────────


def verdict(answered: Answered, width: int, look: Look, *, points: bool = True) -> list[Strip]:
    """Right or wrong in a word and a sign, and how the reply compares with the answer.

    Without `points` a rubric is left out, because it has just been ticked above.
    """
    asked, given = answered.asked, answered.verdict
    if given is None:
        return [[Segment(" skipped", look.style("dim"))], []]
    match asked.question.body, answered.reply:
        case Choice(), Picked(places):
            details = _options(asked, places, width, look)
        case Order(steps), Sorted(places):
            details = _steps(asked, [asked.shown[place] for place in places], steps, width, look)
        case Rubric(rubric_points, _), Told(_, ticked) if points:
            details = rubric(rubric_points, ticked, width, look)
        case _, Typed():
            details = _inset(prose(given.slip, width - 4, look, first="  ")) if given.slip else []
        case _:
            details = []
    return [_sentence(asked, given, look), *details, []]


def explanation(asked: Asked, width: int, look: Look) -> list[Strip]:
    """The answer in words, why it is so, and where that is from."""
    question = asked.question
    strips: list[Strip] = []
    if isinstance(question.body, Rubric):
        strips += _inset(prose(question.body.answer, width - 2, look, first="Answer  "))
        strips.append([])
    if asked.why:
        strips += _inset(prose(asked.why, width - 2, look, first="Why  "))
        strips.append([])
    if question.source:
        lines = prose(question.source, width - 2, look, first="Source  ", style=look.style("dim"))
        strips += [*_inset(lines), []]
    return strips


def watch(asked: Asked) -> str:
    """The command that shows the question's case live, or "" where there is no demo to show it."""
    cited = asked.question.evidence
    if asked.drawn and asked.drawn.watch:
        return f"dlprep demo {asked.question.topic} {asked.drawn.watch}"
    return f"dlprep demo {cited[0].topic}" if cited else ""


def _sentence(asked: Asked, given: Verdict, look: Look) -> Strip:
    sign, word = f"{look.sign(given.right)} ", "right" if given.right else "wrong"
    style = look.style("right" if given.right else "wrong")
    strip = [Segment(" "), Segment(sign + word, style)]
    match asked.question.body:
        case Rubric(points, _):
            ticked = round(given.share * len(points))
            strip = [Segment(" "), Segment(sign, style), Segment(f"{ticked} of {len(points)} points", style)]
        case _ if asked.drawn:
            strip.append(Segment("  " + words(f"the answer is {asked.right_number}", look)))
    return strip


def solved(asked: Asked, width: int, look: Look) -> list[Strip]:
    """A choice or an order with its answer, nobody having replied."""
    body = asked.question.body
    if isinstance(body, Order):
        right = tuple(sorted(range(len(body.steps)), key=lambda place: asked.shown[place]))
        return [*_steps(asked, [asked.shown[place] for place in right], body.steps, width, look), []]
    return [*_options(asked, frozenset(), width, look), []]


def _options(asked: Asked, picked: Collection[int], width: int, look: Look) -> list[Strip]:
    """Every option with its mark: yours, the right ones, and why a wrong one is wrong."""
    body = asked.question.body
    strips: list[Strip] = []
    for place, number in enumerate(asked.shown if isinstance(body, Choice) else ()):
        option = body.options[number]  # type: ignore[union-attr]  # the loop is empty for other kinds
        style = look.style("right" if option.right else "wrong" if place in picked else "dim")
        sign = look.sign(option.right).rjust(2) if option.right or place in picked else "  "
        yours = " (yours)" if place in picked else ""
        lines = prose(option.text + yours, width - 4, look, first=f"{LETTERS[place]}  ")
        strips += [[Segment(f"{sign} " if k == 0 else "   ", style), *line] for k, line in enumerate(lines)]
        if option.because:
            strips += _inset(prose(option.because, width - 7, look, style=look.style("dim")), 6)
    return strips


def _steps(asked: Asked, given: Sequence[int], steps: Sequence[str], width: int, look: Look) -> list[Strip]:
    """The right order, each step with whether the reply had it there."""
    strips: list[Strip] = []
    for place, step in enumerate(steps):
        hit = given[place] == place
        sign = look.sign(hit).rjust(2)
        style = look.style("right" if hit else "wrong")
        lines = prose(step, width - 4, look, first=f"{asked.shown.index(place) + 1}  ")
        strips += [[Segment(f"{sign} " if k == 0 else "   ", style), *line] for k, line in enumerate(lines)]
    return strips


def _inset(strips: Iterable[Strip], by: int = 1) -> list[Strip]:
    return [[Segment(" " * by), *strip] for strip in strips]
