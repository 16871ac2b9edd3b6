"""A whole frame in exactly the cells there are: header, views, caption, claims so far, keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment

from dlprep.demo import Claim, Control, Frame
from dlprep.draw import claims as claim_text
from dlprep.draw import layout
from dlprep.draw.palette import Look
from dlprep.draw.strip import Strip, block, clip, length, words, wrap

ROOMY = 16  # rows from which there is space between the parts


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame with all that is shown around it.

    Attributes:
        name: the demo's.
        claims: what has been measured up to this frame.
        awaited: ids of claims still to come, as far as is known.
        control: the sabotage under which this run stands, if any.
        note: a line that says which run this is, where two stand side by side.
    """

    frame: Frame
    name: str = ""
    claims: tuple[Claim, ...] = ()
    awaited: tuple[str, ...] = ()
    control: Control | None = None
    note: str = ""


def compose(shot: Shot, width: int, height: int, look: Look, status: str = "") -> list[Strip]:
    """Exactly `height` strips of exactly `width` cells. Pictures give way first, words last."""
    if width < 1 or height < 1:
        return []
    margin = 1 if width >= 20 else 0
    inner = width - 2 * margin
    roomy = height >= ROOMY
    head = [header(shot.frame, inner, look, status, name=shot.name), *_notes(shot, inner, look)]
    if roomy:
        head.append(progress(shot.frame, inner, look))
    measured = claim_text.live(shot.claims, shot.awaited, inner, look)
    foot = _caption(shot.frame.caption, min(inner, claim_text.WIDEST), 2, look)
    foot += [[]] * (2 - len(foot) if roomy else 0)  # so that nothing jumps when a caption is short
    foot.append(measured)
    if roomy:
        foot = [[], *foot]
    while len(head) + len(foot) > height and len(head) > 1:
        head.pop()
    while len(head) + len(foot) > height and foot:
        foot.pop(-2 if len(foot) > 1 else -1)
    rows = height - len(head) - len(foot)
    body = layout.draw(shot.frame.views, inner, rows - roomy, look) if rows > roomy else []
    if roomy:
        body = [[], *body]
    strips = [*head, *block(body, inner, min(rows, len(body))), *foot]
    edge = Segment(" " * margin)
    return block([[edge, *strip] for strip in strips], width, height)


def header(frame: Frame, width: int, look: Look, status: str = "", *, name: str = "") -> Strip:
    """The title at the left; the step and what the player does at the right, where both fit."""
    step = f"step {frame.step} of {frame.steps}" if width >= 64 else f"{frame.step}/{frame.steps}"
    right = words(f"{step}  {status}".rstrip(), look)
    room = width - cell_len(right) - 2
    title = words(f"{name} · {frame.title}" if name else frame.title, look)
    if room < 8:
        return [Segment(clip(title, width, look), look.style("strong"))]
    title = clip(title, room, look)
    bold = min(len(name), len(title)) or len(title)
    left = [Segment(title[:bold], look.style("strong")), Segment(title[bold:])]
    return [*left, Segment(" " * (width - length(left) - cell_len(right))), Segment(right, look.style("dim"))]


def progress(frame: Frame, width: int, look: Look) -> Strip:
    """A rule whose bright part is the part of the run that has been."""
    done = round(width * min(max(frame.step / frame.steps if frame.steps else 1.0, 0.0), 1.0))
    bright, dim = ("=", "-") if look.ascii else ("━", "─")
    return [Segment(bright * done, look.style("accent")), Segment(dim * (width - done), look.style("dim"))]


def keys(known: Sequence[tuple[str, str]], width: int, look: Look) -> Strip:
    """The keys that work now, at the right; the last are left out where there is no room for all."""
    between = " . " if look.ascii else " · "
    known = list(known)
    width -= 1
    while known and sum(len(words(f"{k} {w}", look)) for k, w in known) + 3 * (len(known) - 1) > width:
        known.pop()
    strip: Strip = []
    for key, word in known:
        strip += [Segment(between, look.style("dim"))] if strip else []
        strip += [Segment(words(key, look), look.style("strong")), Segment(" " + word, look.style("dim"))]
    return [Segment(" " * max(width - length(strip), 0)), *strip]


def _notes(shot: Shot, width: int, look: Look) -> list[Strip]:
    if shot.control:
        sign = claim_text.SIGNS[look.ascii][1]
        text = words(f"{sign} control {shot.control.id}: {shot.control.says}", look)
        return [[Segment(clip(text, width, look), look.style("wrong"))]]
    return [[Segment(clip(words(shot.note, look), width, look), look.style("right"))]] if shot.note else []


def _caption(text: str, width: int, most: int, look: Look) -> list[Strip]:
    """The caption in at most `most` lines."""
    lines = wrap(text, width, look)
    if len(lines) > most:
        lines = [*lines[: most - 1], clip(" ".join(lines[most - 1 :]), width, look)]
    return [[Segment(line)] for line in lines]
