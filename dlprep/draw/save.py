"""A demo's last picture and claims as a file to show: SVG or HTML, the same for the same run."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from dlprep.demo import Control, Demo, Event, Frame
from dlprep.draw.ending import Played
from dlprep.draw.still import show
from dlprep.errors import DlprepError

WIDTH = 100
FONT_FACE = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)  # Rich's would come from the network
THEME = TerminalTheme(  # all our colours are true ones: the ground and the text are the theme's
    background=(24, 26, 32),
    foreground=(220, 223, 228),
    normal=[(24, 26, 32)] * 8,
)


def save(
    path: Path, demo: Demo, events: Iterable[Event], *, seed: int, control: Control | None = None
) -> Played:
    """Write the last key frame of each scene and the claims of a run to `path`, an .svg or .html file.

    Returns:
        What was measured, and whether the run did as it should.

    Raises:
        DlprepError: the name ends in neither.
        OSError: the file cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in {".svg", ".html"}:
        raise DlprepError(f"cannot save as {path.name!r}", hint="end the name in .svg or .html")
    console = Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
        no_color=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},  # so that NO_COLOR and TERM do not reach the file
    )
    played = show(demo, posters(events), console, seed=seed, control=control)
    if kind == ".svg":
        text = svg(console, f"dlprep demo {demo.name}")
    else:
        text = console.export_html(theme=THEME, inline_styles=True)
    path.write_text(text, encoding="utf-8")
    return played


def svg(console: Console, title: str) -> str:
    """What a recording console was given, as a picture of a terminal; it fetches nothing when it is shown."""
    return FONT_FACE.sub("", console.export_svg(title=title, theme=THEME, unique_id="dlprep"))


def posters(events: Iterable[Event]) -> list[Event]:
    """The events without frames, but for the last key frame of each scene (frames of one title)."""
    events = list(events)
    last = {event.title: event for event in events if isinstance(event, Frame) and event.key}
    return [event for event in events if not isinstance(event, Frame) or last.get(event.title) is event]
