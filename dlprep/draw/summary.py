"""The end of a session: how each topic went, what to read again, and what to type next."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment

from dlprep.draw.palette import Look
from dlprep.draw.prose import prose
from dlprep.draw.strip import Strip, clip, words
from dlprep.quiz import Session

BAR = 10  # cells
NARROW = 40  # columns below which the bar gives way to the topic's name


def summary(session: Session, width: int, look: Look) -> list[Strip]:
    """Right of answered per topic, the questions to look at next, and the command to type."""
    scores = session.scores()
    if not scores:
        return [[], [Segment(" Nothing answered.", look.style("dim"))], *_next("dlprep quiz", width, look)]
    full, empty = ("#", ".") if look.ascii else ("▰", "▱")
    strips: list[Strip] = [[], [Segment(" This session", look.style("strong"))]]
    cells = BAR + 2 if width >= NARROW else 0
    counts = [f"{score.right} of {score.answered} right" for score in scores]
    room = max(1, width - 4 - cells - max(map(len, counts)))
    names = [clip(words(score.topic, look), room, look) for score in scores]
    column = max(map(cell_len, names))
    for name, score, count in zip(names, scores, counts, strict=True):
        filled = round(BAR * score.right / score.answered)
        bar = [
            Segment(full * filled, look.style("right")),
            Segment(empty * (BAR - filled) + "  ", look.style("dim")),
        ]
        pad = " " * (column - cell_len(name))
        strips.append([Segment(f"  {name}{pad}  "), *(bar if cells else []), Segment(count)])
    reread = session.reread()
    if not reread:
        return [*strips, *_next("dlprep quiz", width, look)]
    strips += [[], [Segment(" Read again", look.style("strong"))]]
    for asked in reread:
        first = asked.ask.strip().split("\n")[0]
        strips += [
            [Segment("  "), *line]
            for line in prose(asked.question.name, width - 3, look, style=look.style("accent"))
        ]
        strips += [
            [Segment("    "), *line] for line in prose(first, width - 5, look, style=look.style("dim"))
        ]
    return [*strips, *_next(f"dlprep show {reread[0].question.name}", width, look)]


def _next(command: str, width: int, look: Look) -> list[Strip]:
    return [[], *([Segment(" "), *line] for line in prose(f"Next: `{command}`", width - 2, look)), []]
