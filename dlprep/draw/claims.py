"""Claims and controls in words: a sign, the sentence, the number measured against its bound, the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from dlprep.demo import Claim, Control
from dlprep.draw.palette import Look, Role
from dlprep.draw.strip import Strip, clip, fit, length, short, words, wrap

SIGNS = {False: ("✓", "✗", "…"), True: ("OK", "X", "..")}  # holds, broken, not measured yet
RELATIONS = {"<=": "≤", ">=": "≥", "!=": "≠", "==": "=", "<": "<", ">": ">"}
OPPOSITE = {"<=": ">", "<": "≥", ">=": "<", ">": "≤", "==": "≠", "!=": "="}
WIDEST = 88  # prose and claims are not read across a whole wide screen


def latest(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Each claim once, as it was measured last."""
    return tuple({claim.id: claim for claim in claims}.values())


def figures(claim: Claim) -> str:
    """The measured number, its relation to the bound as it truly is, and the bound: 2.9e-10 ≤ 1e-07.

    Numbers are rounded for reading, but never so far that the line says something false.
    """
    if claim.measured != claim.measured:  # NaN differs from itself
        return f"nan, not {RELATIONS[claim.relation]} {short(claim.bound)}"
    relation = RELATIONS[claim.relation] if claim.holds else OPPOSITE[claim.relation]
    for digits in range(3, 17):
        measured, bound = short(claim.measured, digits), short(claim.bound, digits)
        if (measured == bound) == (claim.measured == claim.bound):
            break
    return f"{measured} {relation} {bound}"


def lines(claims: Sequence[Claim], width: int, look: Look) -> list[Strip]:
    """Each claim as sign, sentence, numbers and verdict; the numbers in a column where the width allows."""
    width = min(width, WIDEST)
    column = max((cell_len(words(figures(claim), look)) for claim in claims), default=0)
    return [strip for claim in claims for strip in _line(claim, column, width, look)]


def _line(claim: Claim, column: int, width: int, look: Look) -> list[Strip]:
    sign, verdict, style = _verdict(claim, look)
    numbers = words(figures(claim), look)
    room = width - len(sign) - 1 - column - 2 - len(" broken")
    indent = " " * (len(sign) + 1)
    tail = [Segment(numbers.rjust(column) + " "), Segment(verdict.ljust(6), style)]
    if room < 24:  # the numbers go under the sentence
        first, *more = wrap(claim.says, width - len(indent), look)
        under = [Segment(indent), Segment(clip(f"{numbers} {verdict}", width - len(indent), look), style)]
        return [
            [Segment(sign + " ", style), Segment(first)],
            *([Segment(indent + text)] for text in more),
            under,
        ]
    first, *more = wrap(claim.says, room, look)
    start = fit([Segment(sign + " ", style), Segment(first)], width - column - 7)
    return [[*start, *tail], *([Segment(indent + text)] for text in more)]


def _verdict(claim: Claim, look: Look) -> tuple[str, str, Style]:
    holds, broken, _ = SIGNS[look.ascii]
    if claim.holds:
        return holds, "holds", look.style("right")
    return broken, "broken", look.style("wrong")


def live(claims: Sequence[Claim], awaited: Iterable[str], width: int, look: Look) -> Strip:
    """One strip for while it plays: what has been measured and what is to come, or counts and the newest."""
    measured = latest(claims)
    done = {claim.id for claim in measured}
    coming = [name for name in awaited if name not in done]
    _, _, waiting = SIGNS[look.ascii]
    dim = look.style("dim")
    entries = [_entry(claim, look) for claim in measured]
    entries += [[Segment(f"{waiting} {words(name.replace('-', ' '), look)}", dim)] for name in coming]
    if sum(map(length, entries)) + 3 * (len(entries) - 1) <= width:
        return _joined(entries, width)
    held = sum(claim.holds for claim in measured)
    counts = [f"{held} hold", f"{len(measured) - held} broken", f"{len(coming)} to come"]
    roles: tuple[Role, ...] = ("right", "wrong", "dim")
    entries = [
        [Segment(sign, look.style(role)), Segment(" " + text, dim)]
        for sign, text, role in zip(SIGNS[look.ascii], counts, roles, strict=True)
        if not text.startswith("0 ")
    ]
    # The broken come first, for they are the news; then the newest.
    newest = [c for c in measured if not c.holds] + [c for c in reversed(measured) if c.holds]
    return _joined([*entries, *(_entry(claim, look) for claim in newest)], width)


def _joined(entries: Iterable[Strip], width: int) -> Strip:
    """As many of the entries as fit."""
    strip: Strip = []
    for entry in entries:
        space = 3 if strip else 0
        if length(strip) + space + length(entry) > width:
            break
        strip += [Segment(" " * space), *entry]
    return strip


def _entry(claim: Claim, look: Look) -> Strip:
    sign, verdict, style = _verdict(claim, look)
    text = f"{claim.id.replace('-', ' ')} {short(claim.measured)}" + ("" if claim.holds else f" {verdict}")
    return [Segment(sign, style), Segment(" " + words(text, look))]


def as_it_should(claims: Iterable[Claim], control: Control | None) -> bool:
    """Whether a run did what it must: every claim holds, or those its control says it breaks are broken."""
    measured = {claim.id: claim.holds for claim in latest(claims)}
    if control is None:
        return all(measured.values())
    return all(measured.get(name) is False for name in control.breaks)


def control_lines(
    control: Control, claims: Sequence[Claim], width: int, look: Look, *, finished: bool = True
) -> list[Strip]:
    """A control, what it does, and what it broke, with the numbers, or that it failed to break it."""
    width = min(width, WIDEST)
    measured = {claim.id: claim for claim in claims}
    mark = "*" if look.ascii else "▸"
    head = wrap(f"control {control.id}: {control.says}", width - 2, look)
    strips = [
        [Segment((f"{mark} " if k == 0 else "  ") + text, look.style("strong"))]
        for k, text in enumerate(head)
    ]
    for name in control.breaks:
        if name in measured:
            strips += _broken(measured[name], width, look)
        elif finished:
            strips.append([Segment(clip(f"  {name} was not measured", width, look), look.style("wrong"))])
    others = [claim for claim in claims if claim.id not in control.breaks]
    strips += [
        [Segment("  "), *strip] for strip in lines([c for c in others if not c.holds], width - 2, look)
    ]
    held = sum(claim.holds for claim in others)
    if held:
        strips.append(
            [Segment(f"  {held} other claim{'s hold' if held > 1 else ' holds'}", look.style("dim"))]
        )
    return strips


def _broken(claim: Claim, width: int, look: Look) -> list[Strip]:
    """One claim that a control must break, and whether it did."""
    said = "FAILED to break" if claim.holds else "breaks"
    rest = figures(claim) if claim.holds else f"{figures(claim)}, as it must"
    sign, style = SIGNS[look.ascii][int(claim.holds)], look.style("wrong" if claim.holds else "right")
    first, *more = wrap(f"{said} {claim.id}: {rest}", width - 3 - len(sign), look)
    under = [[Segment(" " * (3 + len(sign)) + text)] for text in more]
    return [[Segment("  "), Segment(sign, style), Segment(f" {first}")], *under]
