"""A strip is one line of the screen as segments; every view is drawn as a list of strips, cell by cell."""

from __future__ import annotations

import math
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style

from dlprep.clean import clean
from dlprep.draw.palette import Look

Strip: TypeAlias = list[Segment]

# What NFKD does not take apart; other Greek letters go by their Unicode names.
RAISED = re.compile("[⁰-ⁿ¹²³ᵀᵈᵏᵐᵗᶻˣ]+")
SPELLED = dict(zip("−–—×·⁄“”‘’↑↓∂▶", "---x./\"\"''^vd>", strict=True))
SPELLED |= {"≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∝": "~", "→": "->", "←": "<-", "…": "...", "‖": "|"}
SPELLED |= {
    "✓": "OK",
    "✗": "X",
    "∞": "inf",
    "∇": "grad ",
    "√": "sqrt ",
    "∑": "sum",
    "Δ": "delta ",
    "λ": "lambda",
    "′": "'",
    "±": "+-",
    "⁻": "-",
    "⊙": "*",
    "⌊": "floor(",
    "⌋": ")",
    "⌈": "ceil(",
    "⌉": ")",
    "°": " deg",
    "₋": "-",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """Strips as something Rich can print."""

    strips: Sequence[Strip]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        """Yield each strip and end its line."""
        for strip in self.strips:
            yield from strip
            yield Segment.line()

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """The width of the widest strip."""
        width = max((length(strip) for strip in self.strips), default=0)
        return Measurement(width, width)


def words(text: str, look: Look) -> str:
    """Outside text made fit to show: one line, nothing a terminal obeys, in ASCII where it must be."""
    flat = clean(" ".join(text.split()))
    return _spelled(flat) if look.ascii and not flat.isascii() else flat


@lru_cache(maxsize=1024)
def _spelled(text: str) -> str:
    """Text in ASCII: 0.25²⁰ is 0.25^20, σ is sigma, and what has no name is a question mark."""
    raised = RAISED.sub(lambda power: "^" + power[0], text)
    return "".join(_letter(letter) for letter in raised)


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in SPELLED:
        return SPELLED[letter]
    plain = unicodedata.normalize("NFKD", letter)
    kept = "".join(SPELLED.get(c, c) for c in plain if not unicodedata.combining(c))
    if kept.isascii() and kept:
        return kept
    name = unicodedata.name(letter, "")
    return name.split()[-1].lower() if name.startswith("GREEK") else "?"


def clip(text: str, width: int, look: Look) -> str:
    """`text` cut to `width` cells, the cut shown."""
    if cell_len(text) <= width:
        return text
    more = "~" if look.ascii else "…"
    return set_cell_size(text, width - 1).rstrip() + more if width > 1 else text[:width]


def say(text: str, width: int, look: Look, style: Style | None = None) -> Strip:
    """One strip of outside text, cut to `width` cells."""
    return [Segment(clip(words(text, look), width, look), style)]


def wrap(text: str, width: int, look: Look) -> list[str]:
    """Outside text as lines of at most `width` cells."""
    return textwrap.wrap(words(text, look), max(width, 1)) or [""]


def length(strip: Iterable[Segment]) -> int:
    """How many cells a strip takes."""
    return sum(cell_len(segment.text) for segment in strip)


def fit(strip: Strip, width: int) -> Strip:
    """The strip cut or filled to exactly `width` cells."""
    return Segment.adjust_line_length(strip, width)


def block(strips: Sequence[Strip], width: int, height: int) -> list[Strip]:
    """The strips cut or filled to exactly `width` × `height` cells."""
    return [fit(strip, width) for strip in strips[:height]] + [[Segment(" " * width)]] * (
        height - len(strips)
    )


def beside(blocks: Sequence[Sequence[Strip]], widths: Sequence[int], gap: int) -> list[Strip]:
    """Blocks side by side, `gap` cells between them, as tall as the tallest."""
    height = max((len(each) for each in blocks), default=0)
    filled = [block(each, width, height) for each, width in zip(blocks, widths, strict=True)]
    space = Segment(" " * gap)
    strips: list[Strip] = []
    for line in zip(*filled, strict=True):
        strip: Strip = []
        for part in line:
            strip += [space, *part] if strip else part
        strips.append(strip)
    return strips


def ansi(strip: Strip, system: ColorSystem | None) -> str:
    """A strip as a terminal is told it."""
    return "".join(s.style.render(s.text, color_system=system) if s.style else s.text for s in strip)


def short(number: float, digits: int = 3) -> str:
    """A number rounded for reading: 2.9e-10, 0.083, 12, −1."""
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "−∞" if number < 0 else "∞"
    size = abs(number)
    if number == int(number) and size < 1e7:
        text = f"{int(number):,}" if size >= 1e4 else str(int(number))
    elif 1e-3 <= size < 1e6:
        text = f"{number:.{max(0, digits - 1 - math.floor(math.log10(size)))}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{number:.{digits - 2}e}".replace(".0e", "e")
    return text.replace("-", "−", 1) if text.startswith("-") else text
