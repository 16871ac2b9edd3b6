"""The evidence of an answer: what was measured just now, and how it broke under sabotage."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment

from dlprep.draw import claims
from dlprep.draw.palette import Look
from dlprep.draw.prose import WIDEST, prose
from dlprep.draw.strip import Strip
from dlprep.prefetch import Evidence


def evidence(found: Sequence[Evidence], width: int, look: Look) -> list[Strip]:
    """Each cited claim with its numbers, and the first control under which it fails."""
    if not found:
        return []
    width = min(width, WIDEST)
    strips: list[Strip] = [
        [Segment(" Evidence", look.style("strong")), Segment(" measured just now", look.style("dim"))]
    ]
    for item in found:
        if item.claim is None:
            missing = f"{item.topic}/{item.cited}: {item.error}"
            strips += prose(
                missing, width - 1, look, first="  … " if not look.ascii else "  .. ", style=look.style("dim")
            )
            continue
        strips += [[Segment(" "), *line] for line in claims.lines([item.claim], width - 1, look)]
        if item.control and item.broken:
            said = f"under control “{item.control.id}”: {claims.figures(item.broken)}"
            verdict = "still holds" if item.broken.holds else "broken, as it must be"
            strips += prose(f"{said}, {verdict}", width - 1, look, first="   ", style=look.style("dim"))
    return [*strips, []]
