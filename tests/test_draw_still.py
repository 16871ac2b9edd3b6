"""The state behind the player, and what is printed where nothing can move."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from rich.console import Console

from dlprep.demo import Claim, Control, Curve, Demo, Event, Frame, Line, knob
from dlprep.draw import still
from dlprep.draw.palette import Look
from dlprep.draw.playback import Player
from dlprep.draw.strip import length
from dlprep.draw.tape import Tape

FRAMES = 5
FLIPPED = Control("flipped", "the sign is flipped", ("agrees",))


@dataclass(frozen=True, slots=True)
class Knobs:
    """What may be turned."""

    step_size: float = knob(0.5, "step size", 0.0, 10.0)


def run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Event]:
    """Five frames, the last two of them key frames; one claim after the second, one at the end."""
    for k in range(1, FRAMES + 1):
        curve = Curve("loss", (Line("", tuple(1 / (j + 1) for j in range(k))),))
        yield Frame("a line falls", k, FRAMES, f"Frame {k}, seed {seed}.", (curve,), key=k >= 4)
        if k == 2:
            yield Claim("agrees", "the slopes agree", 1.0 if control else knobs.step_size * 1e-9, "<=", 1e-7)
    yield Claim("falls", "last loss over first", 0.2, "<=", 0.5)


DEMO = Demo("toy", "A toy shows a falling line.\n\nMore.", "", Knobs, (FLIPPED,), run)


def test_never_more_than_twenty_frames_a_second() -> None:
    """At four times the speed frames are skipped rather than drawn faster than anyone sees."""
    player = Player(DEMO, Knobs(), 0, Look())
    for _ in range(9):
        player.press("+")
        stride, period = player.rhythm(10.0)
        assert period >= 1 / 20
    assert stride == 2
    assert stride / period == pytest.approx(40)


def test_a_key_frame_lingers_and_is_never_skipped() -> None:
    """What is there to be read stays longer, and is shown at any speed."""
    player = Player(DEMO, Knobs(), 0, Look())
    player.go(2)
    _, before = player.rhythm(10.0)
    player.advance(2)
    assert player.tape.at == 3
    _, after = player.rhythm(10.0)
    assert before == pytest.approx(0.1)
    assert after == pytest.approx(1.3)


@pytest.mark.parametrize("size", [(1, 1), (10, 3), (40, 12), (100, 30), (121, 41)])
def test_the_whole_screen_is_filled(size: tuple[int, int]) -> None:
    """Frame and footer, help, and two runs side by side all have the size of the terminal."""
    player = Player(DEMO, Knobs(), 0, Look())
    for key in ("right", "c", "?"):
        player.press(key)
        strips = player.draw(*size)
        assert [length(strip) for strip in strips] == [size[0]] * size[1]


def test_a_tape_computes_no_further_than_it_is_looked_at() -> None:
    """Going to a frame computes that frame and not the rest of the run."""
    events = run(0, Knobs())
    tape = Tape(events)
    tape.go(1)
    assert tape.frame is not None
    assert tape.frame.step == 2
    # Beyond the frame it took the claim that follows, and the next frame, which shows that there is one.
    assert next(event.step for event in events if isinstance(event, Frame)) == 4
    tape = Tape(run(0, Knobs()))
    tape.go(1)
    assert [claim.id for claim in tape.measured] == ["agrees"]
    tape.go(99)
    assert tape.ended
    assert [claim.id for claim in tape.measured] == ["agrees", "falls"]


def test_off_a_terminal_the_key_frames_are_printed() -> None:
    """In a pipe there are two key frames, both claims, a suggestion, and no escape."""
    out = io.StringIO()
    console = Console(file=out, width=80, color_system=None, legacy_windows=False, _environ={})
    played = still.show(DEMO, run(7, Knobs()), console, seed=7)
    text = out.getvalue()
    assert played.as_it_should
    assert "\x1b" not in text
    assert "toy · A toy shows a falling line." in text
    assert "seed 7" in text
    assert [k for k in range(1, 6) if f"Frame {k}, seed 7." in text] == [4, 5]
    assert "✓ last loss over first" in text
    assert max(map(len, text.splitlines())) <= 80


def test_without_pictures_there_are_only_words() -> None:
    """For a screen reader each key frame is one sentence."""
    out = io.StringIO()
    console = Console(file=out, width=80, color_system=None, legacy_windows=False, _environ={})
    still.show(DEMO, run(7, Knobs()), console, seed=7, pictures=False)
    assert " step 5 of 5: Frame 5, seed 7." in out.getvalue().splitlines()
    assert "│" not in out.getvalue()
