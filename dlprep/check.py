"""Everything that must be true of a bank, as problems found.

The reader has already said what is not well formed. What is left is proved by doing it: every question is
asked and answered, every numeric one at 200 draws, and every cited claim is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from dlprep import demo, number, quiz
from dlprep.bank import Choice, Cited, Order, Question, Rubric, Topic
from dlprep.errors import DlprepError, Problem, Where
from dlprep.evidence import Run
from dlprep.expression import ExpressionError
from dlprep.quiz import Asked, Picked, Reply, Sorted, Told, Typed
from dlprep.template import Drawn, Template

SEEDS = range(200)  # draws at which a numeric question must be sound

Measure = Callable[[str], Run]  # a demo's true run, by the demo's name


def prove(topic: Topic) -> Iterator[Problem]:
    """The problems of a topic that show only when its questions are asked and answered."""
    for question in topic.questions:
        match question.body:
            case Template() as body:
                yield from _prove_template(question, body)
            case Choice() | Order() | Rubric():
                yield from _prove_marking(question)
        if question.source and not question.source.strip(" .,"):
            yield Problem("source", "the source names nothing", question.at["source"])


def prove_evidence(topics: Iterable[Topic], measure: Measure) -> Iterator[Problem]:
    """The cited claims that do not exist or do not hold, and the knobs offered that cannot be turned."""
    known = demo.names()
    for topic in topics:
        for question in topic.questions:
            for cited in question.evidence:
                if cited.topic in known:
                    yield from _prove_claim(cited, measure(cited.topic))
                else:
                    hint = f"put it at dlprep/demos/{cited.topic}.py, or drop the evidence"
                    yield Problem("evidence", f"topic `{cited.topic}` has no demo", cited.where, hint)
            if isinstance(question.body, Template) and question.body.watch:
                yield from _prove_watch(question)


# ── numeric questions ───────────────────────────────────────────────────────────────────────────────


def _prove_template(question: Question, body: Template) -> Iterator[Problem]:
    """The first seed at which a numeric question is unsound, if there is one."""
    for seed in SEEDS:
        try:
            asked = quiz.ask(question, seed)
        except ExpressionError as error:
            yield Problem("draw", f"at seed {seed} this {error.message}", question.at["answer"], error.hint)
            return
        if asked.drawn is None:
            return
        problem = _unsound(asked, asked.drawn, body)
        if problem:
            yield problem
            return


def _unsound(asked: Asked, drawn: Drawn, body: Template) -> Problem | None:
    """What is wrong with a numeric question at one draw: first the right answer, then each slip."""
    given = ", ".join(f"{name} = {value}" for name, value in drawn.values.items())
    case = f"with {given} " if given else ""
    at = asked.question.at
    if not quiz.mark(asked, Typed(drawn.answer)).right:
        return Problem("answer", f"{case}the right answer is marked wrong", at["answer"])
    shown = number.show(drawn.answer)
    typed = number.read(f"{shown} {drawn.unit}", drawn.unit)
    if typed is None or not drawn.accepts(typed):
        message = f"{case}the answer {drawn.answer!r} is shown as {shown}, which is marked wrong"
        return Problem("tolerance", message, at["answer"], "give a tolerance, such as `tolerance: 0.01`")
    for slip, (wrong, says) in zip(body.slips, drawn.slips, strict=True):
        if drawn.accepts(wrong):
            hint = "exclude the case with `require`, or tighten the tolerance"
            return Problem("slip", f"{case}this slip gives the right answer", slip.where, hint)
        if drawn.slip(wrong) != says:
            return Problem("slip", f"{case}this slip cannot be told from another", slip.where)
    return None


def _prove_watch(question: Question) -> Iterator[Problem]:
    """The knobs that a numeric question offers must be the demo's, at every draw."""
    where = question.at["try"]
    if question.topic not in demo.names():
        yield Problem("try", f"topic `{question.topic}` has no demo", where)
        return
    found = demo.load(question.topic)
    try:
        for seed in SEEDS:
            drawn = quiz.ask(question, seed).drawn
            demo.turned(found, drawn.watch if drawn else "")
    except DlprepError as error:
        yield Problem("try", error.message, where, error.hint)
    except ExpressionError:  # it cannot be drawn, which `prove` reports
        return


# ── the other kinds ─────────────────────────────────────────────────────────────────────────────────


def _prove_marking(question: Question) -> Iterator[Problem]:
    """Exactly the stated answer is marked right."""
    asked = quiz.ask(question, 0)
    right, wrong = _replies(asked)
    if not quiz.mark(asked, right).right:
        yield Problem("marking", "the right answer is marked wrong", question.where)
    if any(quiz.mark(asked, reply).right for reply in wrong):
        yield Problem("marking", "a wrong answer is marked right", question.where)


def _replies(asked: Asked) -> tuple[Reply, list[Reply]]:
    """The right reply, and replies that differ from it in one place."""
    places = range(len(asked.shown))
    match asked.question.body:
        case Choice():
            return Picked(asked.right_places), [Picked(asked.right_places ^ {place}) for place in places]
        case Order():
            solved = tuple(sorted(places, key=lambda place: asked.shown[place]))
            swapped = [(*solved[:i], solved[i + 1], solved[i], *solved[i + 2 :]) for i in places[:-1]]
            return Sorted(solved), [Sorted(order) for order in swapped]
        case Rubric(points, answer):
            return Told(answer, frozenset(range(len(points)))), [Told("", frozenset())]
    raise TypeError(f"{asked.question.kind} questions are proved at their draws")


# ── evidence ────────────────────────────────────────────────────────────────────────────────────────


def _prove_claim(cited: Cited, run: Run) -> Iterator[Problem]:
    if run.error:
        yield Problem("evidence", f"demo `{cited.topic}` ended with {run.error}", cited.where)
        return
    claim = run.claim(cited.claim)
    if claim is None:
        hint = f"its claims: {', '.join(claim.id for claim in run.claims)}"
        yield Problem("evidence", f"demo `{cited.topic}` makes no claim `{cited.claim}`", cited.where, hint)
    elif not claim.holds:
        measured = f"measured {claim.measured:.3g}, needs {claim.relation} {claim.bound:.3g}"
        yield Problem("evidence", f"claim `{claim.id}` does not hold: {measured}", cited.where)


def sort_key(problem: Problem) -> tuple[str, int, int]:
    """The order in which problems are shown: by file, then line."""
    where: Where = problem.where
    return where.path, where.line, where.column
