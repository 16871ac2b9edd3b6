"""The only colours: what each role and each magnitude looks like on this terminal.

Right is blue and wrong is vermillion, always with a sign and a word, because one reader in twelve cannot
tell green from red. Magnitudes run over cividis (Nuñez, Anderton and Renslow 2018), whose lightness grows
evenly for everyone; signed numbers run from blue over white to vermillion.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Literal, TypeAlias

from rich.console import Console
from rich.style import Style

Role: TypeAlias = Literal["right", "wrong", "accent", "dim", "strong", "code", "plain"]
Scale: TypeAlias = Literal["magnitude", "signed"]
ColorSystem: TypeAlias = Literal["standard", "256", "truecolor"]
Rgb: TypeAlias = tuple[int, int, int]

NONE, SIXTEEN, MANY, TRUE = range(4)  # depths of colour
LEVELS = 33  # an odd number, so that zero of a signed scale has a level of its own: white
# Levels beside the scale: a contour, an outline, a number that is not there yet, no pixel at all.
INK, MARK, VOID, BLANK = range(LEVELS, LEVELS + 4)

STOPS: dict[Scale, tuple[Rgb, ...]] = {
    "magnitude": (
        *((0, 34, 78), (0, 52, 110), (43, 68, 109), (75, 85, 108), (101, 103, 112), (125, 124, 120)),
        *((152, 147, 119), (180, 171, 108), (210, 196, 91), (240, 220, 62), (254, 235, 80)),
    ),
    "signed": (
        *((0, 82, 165), (42, 122, 198), (110, 170, 222), (190, 216, 238), (250, 250, 248)),
        *((252, 216, 190), (246, 165, 118), (231, 106, 58), (200, 55, 18)),
    ),
}
# The same scales from the 256 colours of xterm, picked by hand: the nearest ones would not grow evenly.
XTERM: dict[Scale, tuple[int, ...]] = {
    "magnitude": (17, 18, 60, 242, 245, 144, 179, 185, 221, 227),
    "signed": (25, 32, 74, 110, 153, 189, 231, 224, 223, 216, 209, 202, 166),
}
XTERM_BESIDE = {INK: 234, MARK: 199, VOID: 238}
BESIDE: dict[int, Rgb] = {INK: (26, 28, 38), MARK: (255, 64, 148), VOID: (62, 65, 72)}

# Lines of a curve, in turn: told apart without colour vision, and legible on black and on white.
LINES: tuple[tuple[str, str], ...] = (
    ("#3b8eea", "bright_blue"),
    ("#d9822b", "yellow"),
    ("#1fa187", "cyan"),
    ("#cc66a8", "magenta"),
    ("#868c96", "white"),
)
ROLES: dict[Role, tuple[str, str, str]] = {  # attributes, colour of many, colour of sixteen
    "right": ("", "#3b8eea", "bright_blue"),
    "wrong": ("", "#e5562f", "bright_red"),
    "accent": ("bold", "#ff4094", "bright_magenta"),
    "dim": ("dim", "", ""),
    "strong": ("bold", "", ""),
    "code": ("", "#1fa187", "cyan"),
    "plain": ("", "", ""),
}


@dataclass(frozen=True, slots=True)
class Look:
    """What a console can show: its depth of colour, and whether only ASCII may be written."""

    depth: int = TRUE
    ascii: bool = False

    @staticmethod
    def of(console: Console) -> Look:
        """The look that suits a console."""
        depths = {None: NONE, "standard": SIXTEEN, "windows": SIXTEEN, "256": MANY, "truecolor": TRUE}
        plain = console.options.ascii_only or console.legacy_windows or console.is_dumb_terminal
        return Look(NONE if console.no_color else depths[console.color_system], plain)

    @property
    def blocks(self) -> bool:
        """Whether two pixels fit one cell, as the two colours of a half block."""
        return self.depth >= MANY and not self.ascii

    def sign(self, right: bool) -> str:
        """The sign of right or wrong, which never stands by its colour alone."""
        if self.ascii:
            return "OK" if right else "X"
        return "✓" if right else "✗"

    def style(self, role: Role) -> Style:
        """How a role is written."""
        return _role(role, self.depth)

    def line(self, index: int) -> Style:
        """How the index-th line of a curve is drawn."""
        many, sixteen = LINES[index % len(LINES)]
        return Style.parse("" if self.depth == NONE else sixteen if self.depth == SIXTEEN else many)


@lru_cache(maxsize=64)
def _role(role: Role, depth: int) -> Style:
    attributes, many, sixteen = ROLES[role]
    color = "" if depth == NONE else sixteen if depth == SIXTEEN else many
    return Style.parse(f"{attributes} {color}".strip())


@lru_cache(maxsize=128)
def rgb(scale: Scale, level: int) -> Rgb:
    """The colour of a level: 0 … LEVELS−1 along the scale, or one of the levels beside it."""
    if level in BESIDE:
        return BESIDE[level]
    stops = STOPS[scale]
    at = level / (LEVELS - 1) * (len(stops) - 1)
    low = min(int(at), len(stops) - 2)
    part = at - low
    r, g, b = (round(x + (y - x) * part) for x, y in zip(stops[low], stops[low + 1], strict=True))
    return r, g, b


@lru_cache(maxsize=256)
def color(scale: Scale, level: int, depth: int) -> str:
    """The colour of a level, in Rich's words, as exactly as the depth of colour allows."""
    if depth != MANY:
        r, g, b = rgb(scale, level)
        return f"#{r:02x}{g:02x}{b:02x}"
    if level in XTERM_BESIDE:
        return f"color({XTERM_BESIDE[level]})"
    steps = XTERM[scale]
    return f"color({steps[round(level / (LEVELS - 1) * (len(steps) - 1))]})"


@lru_cache(maxsize=8192)
def cell(scale: Scale, top: int, bottom: int, depth: int) -> tuple[str, Style | None]:
    """The glyph and style that show two levels, one above the other, in one cell."""
    if top == bottom:
        return " ", None if top == BLANK else Style(bgcolor=color(scale, top, depth))
    if top == BLANK:
        return "▄", Style(color=color(scale, bottom, depth))
    back = None if bottom == BLANK else color(scale, bottom, depth)
    return "▀", Style(color=color(scale, top, depth), bgcolor=back)


@lru_cache(maxsize=1024)
def dot(scale: Scale, level: int, depth: int, *, accent: bool) -> Style:
    """The style of a mark laid over a level: black or white ink, whichever can be read."""
    if accent:
        return Style(color="#ffffff", bgcolor=color(scale, MARK, depth), bold=True)
    r, g, b = rgb(scale, level)
    light = 0.299 * r + 0.587 * g + 0.114 * b > 140  # ITU-R BT.601 luma
    return Style(color="#101018" if light else "#ffffff", bgcolor=color(scale, level, depth), bold=True)


def console(
    color: str = "auto",
    *,
    file: IO[str] | None = None,
    width: int | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Console:
    """A console that obeys `color` (auto, always, never), then NO_COLOR, FORCE_COLOR and the terminal.

    It reads no markup and highlights nothing, so outside text stays as it is.
    """
    out = file or sys.stdout
    tty = out.isatty()
    dumb = environ.get("TERM", "") in {"dumb", "unknown"}
    wanted = color
    if color == "auto":
        forced = bool(environ.get("FORCE_COLOR")) or (tty and not dumb)
        wanted = "never" if environ.get("NO_COLOR") or not forced else "always"
    system = _system(environ) if wanted == "always" else None
    if width is None and tty and dumb:  # Rich takes every dumb terminal for 80 columns wide
        width = shutil.get_terminal_size().columns
    return Console(
        file=file,
        width=width,
        color_system=system,
        no_color=wanted != "always",
        force_terminal=tty or wanted == "always",
        force_interactive=False,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
    )


def _system(environ: Mapping[str, str]) -> ColorSystem:
    if environ.get("COLORTERM", "").lower() in {"truecolor", "24bit"} or "WT_SESSION" in environ:
        return "truecolor"
    return "256" if "256" in environ.get("TERM", "") or "TERM" not in environ else "standard"
