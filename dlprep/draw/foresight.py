"""How good the expectations were, in a sentence."""

from __future__ import annotations

from dlprep.plan import Foresight

ENOUGH = 30  # answers that say something about expectations


def foreseen(foresight: Foresight) -> str:
    """How good the expectations were so far, in a sentence."""
    repeats = f"{foresight.repeats:,} answers to questions seen on a day before"
    return f"Of {repeats}, {foresight.expected:.0%} were expected right and {foresight.recalled:.0%} were."
