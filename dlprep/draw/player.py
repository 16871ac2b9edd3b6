"""Play a demo on a terminal, and leave what was measured behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from rich.console import Console

from dlprep.demo import Control, Demo
from dlprep.draw.ending import WIDEST, Played, picture, suggestion, verdicts
from dlprep.draw.palette import Look
from dlprep.draw.playback import Player
from dlprep.draw.screen import Screen, alternate
from dlprep.draw.strip import Picture

LOOK_UP = 0.25  # seconds between two looks at the size of the terminal while nothing moves


class Keyboard(Protocol):
    """What the player asks of `dlprep.keys.Keys`."""

    on_suspend: Callable[[], None]
    on_resume: Callable[[], None]

    def key(self, timeout: float | None = None) -> str | None:
        """The next key, or None when none comes in time."""


def play(
    demo: Demo,
    knobs: Any,  # noqa: ANN401  an instance of the demo's own Knobs
    seed: int,
    console: Console,
    keyboard: Keyboard,
    *,
    clock: Callable[[], float],
    control: Control | None = None,
    pace: float = 10.0,
    hold: bool = True,
) -> Played:
    """Play a demo until it is quit; then print the last picture and what was measured.

    Args:
        demo: what to play.
        knobs: its knobs, as turned.
        seed: of all that is drawn at random.
        console: a terminal that can move its cursor.
        keyboard: an open `dlprep.keys.Keys`.
        clock: seconds, never going back.
        control: the sabotage to begin with.
        pace: frames a second at speed 1×.
        hold: keep the last frame until a key; without, leave when the run has ended.

    Returns:
        What was measured in the run that was asked for.
    """
    player = Player(demo, knobs, seed, Look.of(console), asked=control, control=control)
    try:
        with alternate(console) as screen:
            keyboard.on_suspend, keyboard.on_resume = screen.leave, lambda: _resume(screen, player)
            for _ in _moments(player, screen, keyboard, clock, pace):
                if player.tape.ended and not hold:
                    break
    finally:
        keyboard.on_suspend = keyboard.on_resume = _nothing
    _leave_behind(player, console)
    return player.run(player.asked).played


def _moments(
    player: Player, screen: Screen, keyboard: Keyboard, clock: Callable[[], float], pace: float
) -> Iterator[None]:
    """Draw, wait for a key or for the next frame's time, do it, again: until asked to quit.

    The one place that waits, and it waits for a key.
    """
    player.go(0)
    since = clock()  # when the frame on the screen was due
    drawn: tuple[int, int] | None = None
    while True:
        if drawn != screen.size:
            drawn = screen.size
            screen.paint(player.draw(*drawn))
        yield
        stride, period = player.rhythm(pace)
        wait = since + period - clock() if player.moving else LOOK_UP
        try:
            key = keyboard.key(min(max(wait, 0.0), LOOK_UP))
        except EOFError:
            return
        if key:
            if not player.press(key):
                return
            since, drawn = clock(), None
        elif player.moving and clock() >= since + period:
            player.advance(stride)
            since, drawn = max(since + period, clock() - period), None  # late frames are not made up for


def _resume(screen: Screen, player: Player) -> None:
    screen.enter()
    screen.paint(player.draw(*screen.size))


def _leave_behind(player: Player, console: Console) -> None:
    """Print the last picture, what every run measured, and what to try next."""
    width, look = min(console.width, WIDEST), player.look
    frame = player.tape.frame
    strips = [*picture(frame, width, look, name=player.demo.name), []] if frame else []
    strips += [*verdicts([tape.played for tape in player.tapes.values()], width, look), []]
    strips += suggestion(player.demo, look, width)
    console.print(Picture(strips), end="", crop=False, no_wrap=True)


def _nothing() -> None:
    pass
