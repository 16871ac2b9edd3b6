"""`dlprep demo`: list the demos, play one, print one, save one, or show how one is done."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.segment import Segment

from dlprep import demo
from dlprep.clean import clean
from dlprep.demo import Claim, Control, Demo, Event, Frame
from dlprep.draw import palette
from dlprep.draw.prose import prose
from dlprep.draw.strip import Picture, Strip
from dlprep.errors import DlprepError
from dlprep.evidence import Clock, claim_json, finite, why
from dlprep.keys import Keys, interactive

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def load(name: str) -> Demo:
    """The demo of that name, with NumPy told to use one thread: two make small products slower.

    Raises:
        DlprepError: there is no such demo, or it cannot be imported.
    """
    for variable in ONE_THREAD:
        os.environ.setdefault(variable, "1")
    try:
        return demo.load(name)
    except ImportError as error:
        raise DlprepError(f"demo {name} cannot run: {why(error)}") from None


def list_all(color: str) -> int:
    """Print every demo with what it shows, importing none."""
    console = palette.console(color)
    look = palette.Look.of(console)
    names = demo.names()
    column = max(map(len, names)) + 2
    strips: list[Strip] = []
    for name in names:
        lines = prose(demo.headline(name), console.width - 2, look, first=name.ljust(column))
        strips += [[Segment(" "), *line] for line in lines]
    example = (
        f"`dlprep demo {names[0]}` plays one, `dlprep demo {names[0]} --help` lists its knobs and controls"
    )
    strips += [[], *([Segment(" "), *line] for line in prose(example, console.width - 2, look))]
    console.print(Picture(strips), end="")
    return 0


def run(
    found: Demo,
    knobs: Any,  # noqa: ANN401  an instance of the demo's own Knobs
    seed: int,
    control: str | None,
    pace: float,
    save: Path | None,
    color: str,
    clock: Clock,
    *,
    as_json: bool,
    source: bool,
) -> int:
    """Do what was asked with a demo. The exit code: 1 when a claim, or a control, did not do as it should."""
    if source:
        from dlprep.draw.source import show as show_source

        show_source(found, palette.console(color))
        return 0
    sabotage = found.control(control) if control else None
    if as_json:
        return _print_json(found, knobs, seed, sabotage)
    if save:
        from dlprep.draw.save import save as write

        played = write(save, found, found.run(seed, knobs, control), seed=seed, control=sabotage)
        print(f"saved {clean(str(save))}", file=sys.stderr)
        return 0 if played.as_it_should else 1
    console = palette.console(color)
    if interactive(sys.stdin, sys.stdout):
        from dlprep.draw import player

        with Keys() as keys:
            played = player.play(found, knobs, seed, console, keys, clock=clock, control=sabotage, pace=pace)
            keys.flush()
        return 0 if played.as_it_should or not played.finished else 1
    from dlprep.draw import still

    return (
        0
        if still.show(
            found, found.run(seed, knobs, control), console, seed=seed, control=sabotage
        ).as_it_should
        else 1
    )


def play(name: str, options: str, seed: int, console: Console, clock: Clock, keys: Keys) -> None:
    """Play a demo with its knobs turned as in `options`, and come back; from inside the quiz."""
    from dlprep.draw import player

    found = load(name)
    player.play(found, demo.turned(found, options), seed, console, keys, clock=clock)


def _print_json(found: Demo, knobs: Any, seed: int, control: Control | None) -> int:  # noqa: ANN401  as above
    """The run as one document: the claims with their exact numbers, and the key frames."""
    import json

    events: list[Event] = list(found.run(seed, knobs, control.id if control else None))
    claims = [event for event in events if isinstance(event, Claim)]
    frames = [event for event in events if isinstance(event, Frame)]
    broken = {claim.id for claim in claims if not claim.holds}
    works = broken >= set(control.breaks) if control else not broken
    document = {
        "schema": 1,
        "name": found.name,
        "title": found.headline,
        "seed": seed,
        "knobs": asdict(knobs),
        "control": control.id if control else None,
        "works": works,
        "claims": [claim_json(claim, seed) for claim in claims],
        "controls": [asdict(each) for each in found.controls],
        "frames": len(frames),
        "key_frames": [_frame_json(frame) for frame in frames if frame.key],
    }
    print(json.dumps(document, allow_nan=False))
    return 0 if works else 1


def _frame_json(frame: Frame) -> dict[str, Any]:
    views = [{"view": type(view).__name__.lower(), **asdict(view)} for view in frame.views]
    return {
        "step": frame.step,
        "steps": frame.steps,
        "title": frame.title,
        "caption": frame.caption,
        "views": _with_nulls(views),
    }


def _with_nulls(value: Any) -> Any:  # noqa: ANN401  anything a view is made of
    """A view's parts with null where a picture has a hole, for JSON has no NaN."""
    if isinstance(value, float):
        return finite(value)
    if isinstance(value, dict):
        return {key: _with_nulls(part) for key, part in value.items()}
    return [_with_nulls(part) for part in value] if isinstance(value, (list, tuple)) else value
