"""Colours chosen for a console, pictures saved to a file, and the source that is shown."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from dlprep.demo import Claim, Demo, Event, Field, Frame, knob
from dlprep.draw import source
from dlprep.draw.palette import LEVELS, NONE, TRUE, Look, console, rgb
from dlprep.draw.save import posters, save
from dlprep.errors import DlprepError

SOURCE = '''"""A toy."""
from dlprep.demo import Frame

def run(seed, knobs, control=None):
    yield from show(double(seed))

def double(x: int) -> int:
    """Twice as much."""
    return 2 * x

def show(x):
    yield Frame("t", 1, 1, "", ())
'''


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    rate: float = knob(0.5, "learning rate", 0.0, 10.0)


def run(_seed: int, _knobs: Knobs, _control: str | None = None) -> Iterator[Event]:
    """Two scenes of two frames each, and a claim."""
    for title in ("first scene", "second scene"):
        for k in (1, 2):
            plane = Field("plane", ((-1.0, 1.0), (1.0, -1.0)), (0, 1, 0, 1))
            yield Frame(title, k, 2, f"{title}, <{k}> & more", (plane,), key=True)
    yield Claim("holds", "one is at most two", 1.0, "<=", 2.0)


DEMO = Demo("toy", "A toy.", SOURCE, Knobs, (), run)


@pytest.mark.parametrize(
    ("color", "environ", "depth"),
    [
        ("auto", {}, NONE),
        ("auto", {"FORCE_COLOR": "1", "COLORTERM": "truecolor"}, TRUE),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLORTERM": "truecolor"}, NONE),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "", "COLORTERM": "truecolor"}, TRUE),
        ("always", {"NO_COLOR": "1", "COLORTERM": "truecolor"}, TRUE),
        ("never", {"FORCE_COLOR": "1", "COLORTERM": "truecolor"}, NONE),
    ],
)
def test_the_flag_beats_the_environment(color: str, environ: dict[str, str], depth: int) -> None:
    """--color, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal; empty counts as unset."""
    assert Look.of(console(color, file=io.StringIO(), width=80, environ=environ)).depth == depth


def test_an_ascii_encoding_gives_ascii_art() -> None:
    """Where the encoding has no blocks, none are written."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert Look.of(console(file=out, width=80, environ={})).ascii
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    assert not Look.of(console(file=out, width=80, environ={})).ascii


def test_a_signed_scale_is_white_at_zero() -> None:
    """Zero is the lightest level; the ends are a blue and a red."""
    assert min(rgb("signed", LEVELS // 2)) > 240
    blue, red = rgb("signed", 0), rgb("signed", LEVELS - 1)
    assert blue[2] > blue[0]
    assert red[0] > red[2]


def test_a_magnitude_grows_lighter_evenly() -> None:
    """Cividis: each level is lighter than the one before, so it reads in grey as well."""
    luma = [0.299 * r + 0.587 * g + 0.114 * b for r, g, b in (rgb("magnitude", k) for k in range(LEVELS))]
    assert luma == sorted(luma)


@pytest.mark.parametrize("kind", [".svg", ".html"])
def test_a_saved_picture_is_the_same_each_time(tmp_path: Path, kind: str) -> None:
    """The file depends on the run alone; outside text in it is escaped."""
    paths = [tmp_path / f"{k}{kind}" for k in range(2)]
    for path in paths:
        assert save(path, DEMO, run(0, Knobs()), seed=0).as_it_should
    first, second = (path.read_text(encoding="utf-8") for path in paths)
    assert first == second
    assert "<2>" not in first
    assert "&lt;2&gt;" in first


def test_the_environment_does_not_reach_a_saved_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_COLOR is about terminals: a saved picture keeps its colours."""
    save(tmp_path / "a.svg", DEMO, run(0, Knobs()), seed=0)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    save(tmp_path / "b.svg", DEMO, run(0, Knobs()), seed=0)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_a_saved_picture_fetches_nothing(tmp_path: Path) -> None:
    """The only addresses in it are names: of the format and of who drew it."""
    save(tmp_path / "a.svg", DEMO, run(0, Knobs()), seed=0)
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "@font-face" not in text
    assert "url(http" not in text
    assert "href" not in text


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    """The error says which endings there are, before anything is computed."""
    with pytest.raises(DlprepError) as refused:
        save(tmp_path / "a.png", DEMO, iter(()), seed=0)
    assert refused.value.hint == "end the name in .svg or .html"


def test_a_poster_has_one_frame_of_each_scene() -> None:
    """The last key frame of each title is kept, and every claim."""
    kept = posters(run(0, Knobs()))
    assert [event.step for event in kept if isinstance(event, Frame)] == [2, 2]
    assert sum(isinstance(event, Claim) for event in kept) == 1


def test_the_source_shows_what_computes() -> None:
    """Of the toy, the function that doubles is numerics; what makes frames is not."""
    text = source.numerics(DEMO)
    assert "return 2 * x" in text
    assert "Frame" not in text
    assert "def run" not in text


def test_the_source_is_plain_in_a_pipe() -> None:
    """Without colours the text is printed as it is."""
    out = io.StringIO()
    source.show(DEMO, Console(file=out, width=20, color_system=None, legacy_windows=False, _environ={}))
    assert out.getvalue().rstrip() == source.numerics(DEMO).rstrip()


def test_the_source_is_coloured_on_a_terminal() -> None:
    """With colours the words are the same."""
    out = io.StringIO()
    terminal = Console(
        file=out, width=80, force_terminal=True, color_system="truecolor", legacy_windows=False, _environ={}
    )
    source.show(DEMO, terminal)
    assert "\x1b[" in out.getvalue()
    assert "double" in out.getvalue()
