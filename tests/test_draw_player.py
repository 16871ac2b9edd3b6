"""The player under a scripted keyboard and clock, and what is printed where nothing can move."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from rich.console import Console

from dlprep.demo import Claim, Control, Curve, Demo, Event, Frame, Line, knob
from dlprep.draw import screen
from dlprep.draw.ending import Played
from dlprep.draw.player import play

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


@dataclass
class Clock:
    """A clock that only waiting moves."""

    now: float = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@dataclass
class Script:
    """A keyboard that gives each key at its second, and then `q`."""

    clock: Clock
    keys: list[tuple[float, str | type[BaseException]]]
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.on_suspend: Callable[[], None] = lambda: None
        self.on_resume: Callable[[], None] = lambda: None

    def key(self, timeout: float | None = None) -> str | None:
        """The key due within `timeout` seconds, if any."""
        assert timeout is not None
        self.waits.append(timeout)
        if self.keys and self.keys[0][0] <= self.clock.now + timeout:
            at, key = self.keys.pop(0)
            self.clock.now = max(at, self.clock.now)
            if isinstance(key, str):
                return key
            raise key
        self.clock.now += timeout
        assert self.clock.now < 100, "the player never ended"
        return None


def terminal(width: int = 80, height: int = 24) -> Console:
    """A console that takes itself for a terminal."""
    return Console(
        file=io.StringIO(),
        width=width,
        height=height,
        force_terminal=True,
        color_system="truecolor",
        legacy_windows=False,
        _environ={},
    )


def watch(
    *keys: tuple[float, str | type[BaseException]],
    width: int = 80,
    control: Control | None = None,
    hold: bool = True,
) -> tuple[Played, str, Script]:
    """Play the toy under those keys; what came of it, what was written, the keyboard."""
    clock = Clock()
    script = Script(clock, list(keys))
    console = terminal(width)
    played = play(DEMO, Knobs(), 7, console, script, clock=clock, control=control, hold=hold)
    assert isinstance(console.file, io.StringIO)
    return played, console.file.getvalue(), script


def shots(written: str) -> list[str]:
    """What was on the screen, picture by picture, without colours."""
    parts = [part.split(screen.END)[0] for part in written.split(screen.BEGIN)[1:]]
    return ["".join(piece.split("m", 1)[-1] for piece in part.split("\x1b[")) for part in parts]


def test_it_plays_to_the_end_and_leaves_the_claims_behind() -> None:
    """Without a key, every frame is shown once; afterwards the claims stand in the scrollback."""
    played, written, _ = watch(hold=False)
    assert played == Played((Claim("agrees", "the slopes agree", 5e-10, "<=", 1e-7), played.claims[1]))
    assert played.as_it_should
    assert [f"Frame {k}" in shot for k, shot in enumerate(shots(written), 1)] == [True] * FRAMES
    left = written.split(screen.LEAVE)[1]
    assert "2.9" not in left
    assert "5e-10 ≤ 1e-07" in left
    for turn in ("--step-size 1.0", "--control flipped", "--source"):
        assert f"dlprep demo toy {turn}" in left


def test_the_last_frame_is_held_until_a_key() -> None:
    """A run that ends by itself stays to be looked at."""
    _, written, script = watch((9.0, "q"))
    assert len(shots(written)) == FRAMES
    assert script.clock.now == 9.0


def test_quitting_leaves_what_was_measured() -> None:
    """After `q` in the third frame one claim is known, and that it is not all is said."""
    played, written, _ = watch((0.25, "q"))
    assert [claim.id for claim in played.claims] == ["agrees"]
    assert not played.finished
    assert "stopped before the end" in written.split(screen.LEAVE)[1]


@pytest.mark.parametrize("end", ["q", "escape", EOFError, KeyboardInterrupt, SystemExit])
def test_the_terminal_is_restored_however_it_ends(end: str | type[BaseException]) -> None:
    """Cursor and screen come back after a key, a closed terminal, Ctrl-C and SIGTERM."""
    console, clock = terminal(), Clock()
    script = Script(clock, [(0.15, end)])
    try:
        play(DEMO, Knobs(), 0, console, script, clock=clock)
    except (KeyboardInterrupt, SystemExit):
        assert not isinstance(end, str)
    assert isinstance(console.file, io.StringIO)
    written = console.file.getvalue()
    assert written.startswith(screen.ENTER)
    assert written.count(screen.LEAVE) == 1
    assert "\x1b[?1049h" not in written.split(screen.LEAVE)[1]


def test_a_crash_of_the_demo_restores_the_terminal() -> None:
    """An exception in the numerics passes on, after the screen was given back."""

    def crash(_seed: int, _knobs: Knobs, _control: str | None) -> Iterator[Event]:
        yield Frame("t", 1, 2, "", ())
        raise FloatingPointError

    console, clock = terminal(), Clock()
    demo = Demo("crash", "It crashes.", "", Knobs, (), crash)
    with pytest.raises(FloatingPointError):
        play(demo, Knobs(), 0, console, Script(clock, []), clock=clock)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().endswith(screen.LEAVE)


def test_space_pauses_and_arrows_step() -> None:
    """Paused, nothing moves; the arrows go one frame back and one on."""
    _, written, _ = watch((0.15, " "), (5.0, "right"), (6.0, "left"), (7.0, "left"), (8.0, "q"))
    captions = [next(k for k in range(1, 6) if f"Frame {k}" in shot) for shot in shots(written)]
    assert captions == [1, 2, 2, 3, 2, 1]


def test_it_sleeps_between_frames() -> None:
    """Nothing is drawn and nothing is computed between two frames: the keyboard is waited for."""
    _, written, script = watch((2.0, "q"))
    assert len(script.waits) < 20
    assert len(shots(written)) == FRAMES


@pytest.mark.parametrize(("width", "both"), [(80, False), (100, True)])
def test_a_control_is_replayed_beside_the_true_run(width: int, both: bool) -> None:
    """`c` shows the sabotage, and from 100 columns on the run as it is beside it, frame for frame."""
    played, written, _ = watch((0.25, "c"), (3.0, "q"), width=width)
    last = shots(written)[-1]
    assert "control flipped: the sign is flipped" in last
    assert ("as it is, no control" in last) is both
    assert last.count("Frame 5") == (2 if both else 1)
    left = written.split(screen.LEAVE)[1]
    assert "breaks agrees: 1 > 1e-07, as it must" in left
    assert played.control is None


def test_a_run_asked_for_under_a_control_is_judged_by_it() -> None:
    """Started with a control, the outcome is whether that broke what it says."""
    played, _, _ = watch(control=FLIPPED, hold=False)
    assert played.control == FLIPPED
    assert played.as_it_should
    assert not all(claim.holds for claim in played.claims)


def test_help_is_a_key_away() -> None:
    """`?` explains the keys and stops the clock until it is pressed again."""
    _, written, _ = watch((0.05, "?"), (5.0, "?"), (5.05, "q"))
    assert f"toy · {DEMO.headline}" in shots(written)[1]
    assert "replay under the next control" in shots(written)[1]
    assert "is its last value" in shots(written)[1]
    assert "Frame 1" in shots(written)[2]


def test_a_resize_is_drawn_at_once() -> None:
    """When the terminal changes its size the next picture has it."""
    console, clock = terminal(), Clock()

    class Resizing(Script):
        def key(self, timeout: float | None = None) -> str | None:
            """Someone drags the corner of the window."""
            console.size = console.size._replace(width=40, height=12)
            return super().key(timeout)

    play(DEMO, Knobs(), 0, console, Resizing(clock, [(0.05, " "), (1.0, "q")]), clock=clock)
    assert isinstance(console.file, io.StringIO)
    first, second = shots(console.file.getvalue())[:2]
    assert (len(first.splitlines()), len(second.splitlines())) == (24, 12)
