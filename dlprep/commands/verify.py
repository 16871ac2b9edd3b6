"""`dlprep verify`: every claim must hold, and every control must break what it says it breaks."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence

from rich.segment import Segment

from dlprep import demo, evidence
from dlprep.draw import claims as drawn
from dlprep.draw import palette
from dlprep.draw.prose import prose
from dlprep.draw.strip import Picture, Strip
from dlprep.errors import DlprepError, meant
from dlprep.evidence import Run
from dlprep.number import counted
from dlprep.pool import Pool


def run(names: Sequence[str], at: Sequence[int], color: str, *, as_json: bool) -> int:
    """Verify demos at seeds and print the report. The exit code: 1 when anything did not do as it should."""
    known = demo.names()
    for name in names:
        if name not in known:
            raise DlprepError(f"there is no demo {name!r}", hint=meant(name, known))
    wanted = list(dict.fromkeys(names)) or known
    with Pool(os.cpu_count() or 1) as pool:
        reports = _shown(evidence.verify(wanted, at, pool.submit), wanted)
        if as_json:
            document = evidence.document(reports)
            print(json.dumps(document, indent=2))
            return 0 if document["holds"] else 1
        return _print(reports, color)


def seeds(text: str) -> list[int]:
    """`0,1,2` as numbers.

    Raises:
        DlprepError: it is something else.
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(re.fullmatch(r"\d{1,9}", part) for part in parts):
        raise DlprepError(f"--seeds cannot be {text!r}", hint="whole numbers with commas, such as 0,1,2,3")
    return [int(part) for part in parts]


def _shown(reports: Iterable[list[Run]], names: Sequence[str]) -> Iterable[list[Run]]:
    """The reports as they come, with a line of progress where a person is watching standard error."""
    watched = sys.stderr.isatty()
    for done, runs in enumerate(reports, 1):
        if watched:
            print(
                f"\r\x1b[K{done} of {len(names)} demos",
                end="" if done < len(names) else "\r\x1b[K",
                file=sys.stderr,
            )
        yield runs


def _print(reports: Iterable[list[Run]], color: str) -> int:
    console = palette.console(color)
    look = palette.Look.of(console)
    works, claims, controls = True, 0, 0
    for runs in reports:
        strips: list[Strip] = [[Segment(f" {runs[0].name}", look.style("strong"))]]
        many = len({one.seed for one in runs}) > 1
        for one in runs:
            strips += _lines(one, console.width - 2, look, f" at seed {one.seed}" if many else "")
            claims += 0 if one.control else len(one.claims)
            controls += 1 if one.control else 0
        works = works and all(one.works for one in runs)
        console.print(Picture([*strips, []]), end="")
    verdict = "all hold, and each control breaks what it must" if works else "not all as it must be"
    console.print(
        Picture([[Segment(f" {counted(claims, 'claim')}, {counted(controls, 'control')}: {verdict}")]]),
        end="",
    )
    return 0 if works else 1


def _lines(one: Run, width: int, look: palette.Look, at: str) -> list[Strip]:
    """A run as lines: a true run claim by claim, a control in one line unless it failed."""
    if one.error:
        who = f"control {one.control.id}" if one.control else "the run"
        lines = prose(f"{who}{at} ended with {one.error}", width - 1, look, style=look.style("wrong"))
        return [[Segment("  "), *line] for line in lines]
    if one.control is None:
        head: list[Strip] = [[Segment(f" {at}", look.style("dim"))]] if at else []
        return [*head, *([Segment("  "), *line] for line in drawn.lines(one.claims, width - 2, look))]
    if one.works:
        sign = "OK" if look.ascii else "✓"
        told = f"control {one.control.id}{at} breaks {', '.join(one.control.breaks)}"
        return [[Segment(" "), *line] for line in prose(told, width - 1, look, first=f" {sign} ")]
    return [[Segment("  "), *line] for line in drawn.control_lines(one.control, one.claims, width - 2, look)]
