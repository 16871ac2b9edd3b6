"""What must be true of every demo, including those not yet written."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from dlprep import demo
from dlprep.cli import main
from dlprep.demo import Bars, Claim, Curve, Demo, Event, Field, Frame, Image, Table, View

NAMES = demo.names()


@cache
def found(name: str) -> Demo:
    """The demo of that name."""
    return demo.load(name)


@cache
def events(name: str, seed: int = 0, control: str | None = None) -> tuple[Event, ...]:
    """One headless run."""
    each = found(name)
    return tuple(each.run(seed, each.knobs(), control))


def claims(name: str, seed: int = 0, control: str | None = None) -> dict[str, Claim]:
    """The claims of one headless run, by id."""
    return {event.id: event for event in events(name, seed, control) if isinstance(event, Claim)}


def numbers(view: View) -> Iterator[float]:
    """Every number a view shows."""
    match view:
        case Curve(lines=lines):
            for line in lines:
                yield from (*line.xs, *line.ys)
        case Field(rows=rows) | Image(rows=rows):
            for row in rows:
                yield from row
        case Bars(values=values):
            yield from values
        case Table():
            return


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_events(name: str) -> None:
    """A run is a function of its arguments."""
    each = found(name)
    assert tuple(each.run(0, each.knobs(), None)) == events(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_run_prints_nothing(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a run has to say it yields."""
    each = found(name)
    list(each.run(1, each.knobs(), None))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", NAMES)
def test_a_run_is_one_json_document(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Holes of a picture are null, for JSON has no NaN."""
    assert main(["demo", name, "--json"]) == 0
    document = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert document["works"]
    assert len(document["key_frames"]) >= 3


def broken(name: str, seed: int, control: str | None = None) -> set[str]:
    """The claims that a run at the default knobs breaks."""
    each = found(name)
    run = each.run(seed, each.knobs(), control)
    return {event.id for event in run if isinstance(event, Claim) and not event.holds}


@pytest.mark.parametrize("seed", [0, 5, 17, 42, 99, 12345])
@pytest.mark.parametrize("name", NAMES)
def test_every_claim_holds(name: str, seed: int) -> None:
    """A true run breaks no claim."""
    assert broken(name, seed) == set()


@pytest.mark.parametrize("seed", [7])
@pytest.mark.parametrize(("name", "control"), [(n, c.id) for n in NAMES for c in found(n).controls])
def test_every_control_breaks_what_it_says(name: str, control: str, seed: int) -> None:
    """A sabotage turns the promised claims false, by measuring them again."""
    assert set(found(name).control(control).breaks) <= broken(name, seed, control)


@pytest.mark.parametrize("name", NAMES)
def test_controls_promise_claims_that_exist(name: str) -> None:
    """A control names claims that the demo makes, and at least one."""
    for control in found(name).controls:
        assert control.breaks
        assert set(control.breaks) <= set(claims(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_demo_has_claims_controls_and_key_frames(name: str) -> None:
    """There is something to see, something measured, and a way to break it."""
    frames = [event for event in events(name) if isinstance(event, Frame)]
    assert claims(name)
    assert found(name).controls
    assert any(frame.key for frame in frames)
    assert all(frame.caption and frame.views for frame in frames)


@pytest.mark.parametrize("name", NAMES)
def test_a_claim_is_made_once_and_of_plain_numbers(name: str) -> None:
    """A claim's numbers are Python's own, so that they can be written as JSON."""
    made = [event for event in events(name) if isinstance(event, Claim)]
    assert len(made) == len({claim.id for claim in made})
    assert {type(number) for claim in made for number in (claim.measured, claim.bound)} <= {int, float}


@pytest.mark.parametrize("name", NAMES)
def test_views_hold_plain_numbers(name: str) -> None:
    """No picture needs NumPy to be drawn, and none shows an infinity."""
    for event in events(name):
        for view in event.views if isinstance(event, Frame) else ():
            for number in numbers(view):
                assert type(number) in (int, float)
                assert not math.isinf(number)


@pytest.mark.parametrize("name", NAMES)
def test_a_manual_has_a_legend_and_a_source(name: str) -> None:
    """The docstring says what the letters mean and where the idea is from."""
    manual = found(name).manual
    assert "Throughout:" in manual
    assert "Source:" in manual
    assert demo.headline(name) == found(name).headline


@pytest.mark.parametrize("name", NAMES)
def test_every_knob_has_help_and_its_default_is_allowed(name: str) -> None:
    """A knob says what it turns, and what it stands at can be asked for."""
    each = found(name)
    for knob in fields(each.knobs):
        assert knob.metadata["says"]
        turned = demo.turned(each, f"--{knob.name.replace('_', '-')} {knob.default}")
        assert turned == each.knobs()


@pytest.mark.parametrize("name", NAMES)
def test_a_knob_takes_numbers_of_the_kind_it_says(name: str) -> None:
    """The default decides what the command line accepts, so a knob for floats defaults to one."""
    for knob in fields(found(name).knobs):
        assert type(knob.default).__name__ == knob.type


@pytest.mark.parametrize("name", NAMES)
def test_what_a_manual_says_to_try_can_be_typed(name: str) -> None:
    """Every `--option` that the manual names is a knob within its bounds, or a control."""
    each = found(name)
    told = re.findall(r"`(--[^`]+)`", each.manual.partition("Try:")[2])
    assert told
    for options in told:
        turns, _, control = options.partition("--control ")
        demo.turned(each, turns)
        assert not control or each.control(control)


def test_nan_holds_nothing() -> None:
    """A measurement that failed supports no claim, whatever its relation."""
    for relation in ("<=", "<", ">=", ">", "==", "!="):
        assert not Claim("c", "says", math.nan, relation, 1.0).holds


def test_a_picture_with_holes_drawn_twice_is_the_same() -> None:
    """NaN differs from itself, but a hole of one picture equals that of another, as the rest does."""
    first, second = (demo.rows(np.array([[1.0, np.nan], [0.0 / np.float64(2), -np.nan]])) for _ in range(2))
    assert first == second != demo.rows(np.zeros((2, 2)))
    assert math.isnan(first[0][1])
    assert demo.lines({"a": [1, np.nan]}, range(2)) == demo.lines({"a": (1.0, math.nan)}, (0, 1))


def test_a_headline_is_read_without_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first line of its docstring, wherever that begins; a file without one is called by its name."""
    monkeypatch.setattr(demo, "_folder", lambda: tmp_path)
    openings = {
        "a": '"""First.\n\nMore."""\n',
        "b": '# note\n\n"""One line."""\n',
        "c": '"""\\\nNext.\n"""\n',
        "d": "x = 1\n",
    }
    for name, text in openings.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    assert [demo.headline(name) for name in openings] == ["First.", "One line.", "Next.", "d"]
