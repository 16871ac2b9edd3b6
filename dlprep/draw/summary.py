"""The end of a session: how each topic went, what to read again, and what to type next."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment

from dlprep import memory
from dlprep.choose import Desk, Only
from dlprep.draw.palette import Look
from dlprep.draw.prose import prose
from dlprep.draw.strip import Strip, clip, words
from dlprep.number import counted
from dlprep.session import Session

BAR = 10  # cells
MOST = 2  # questions to read again that are named
NARROW = 40  # columns below which the bar gives way to the topic's name


def summary(session: Session, tomorrow: int | None, width: int, look: Look) -> list[Strip]:
    """Right of answered per topic, what to look at next, what is due tomorrow, and the command to type."""
    scores = session.scores()
    if not scores:
        return [[], [Segment(" Nothing answered.", look.style("dim"))], *_next("dlprep quiz", width, look)]
    due: list[Strip] = []
    if tomorrow is not None:
        told = f"Due tomorrow: {counted(tomorrow, 'question')}"
        due = [[], *([Segment(" "), *line] for line in prose(told, width - 2, look))]
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
        return [*strips, *due, *_next("dlprep quiz", width, look)]
    strips += [[], [Segment(" Read again", look.style("strong"))]]
    for asked in reread[:MOST]:
        first = asked.ask.strip().split("\n")[0]
        strips += [
            [Segment("  "), *line]
            for line in prose(asked.question.name, width - 3, look, style=look.style("accent"))
        ]
        strips += [
            [Segment("    "), *line] for line in prose(first, width - 5, look, style=look.style("dim"))
        ]
    if len(reread) > MOST:
        more = prose(f"and {len(reread) - MOST} more", width - 3, look, style=look.style("dim"))
        strips += [[Segment("  "), *line] for line in more]
    return [*strips, *due, *_next(f"dlprep show {reread[0].question.name}", width, look)]


def nothing(desk: Desk, only: Only | None, spent: bool, width: int, look: Look) -> list[Strip]:
    """What to say when there are questions but none to ask now: when there will be, and how to go on."""
    days = [memory.due(desk.states[e.name], desk.target) for e in desk.entries if e.name in desk.states]
    weak = "`dlprep quiz --only weak` asks what is shakiest, `--only all` whatever there is."
    if spent:
        told = "Today's minutes are spent. To go on: `dlprep quiz -n 10`."
    elif only == "new":
        told = "No question here is new: each was asked before."
    elif not days:
        told = "Nothing was asked yet." if only else "Nothing to ask."
    elif desk.goal and min(days) >= desk.goal.day:
        told = "Nothing more is due before the interview."
    else:
        ahead = counted((min(days) - desk.today).days, "day")
        told = f"Nothing is due. The next question is due in {ahead}."
    lines = [*prose(told, width - 2, look), *prose(weak, width - 2, look)]
    return [[], *([Segment(" "), *line] for line in lines), []]


def _next(command: str, width: int, look: Look) -> list[Strip]:
    return [[], *([Segment(" "), *line] for line in prose(f"Next: `{command}`", width - 2, look)), []]
