"""The events of a run, kept as they come, so that a player can go back and forth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dlprep.demo import Claim, Control, Event, Frame
from dlprep.draw.ending import Played


@dataclass(slots=True)
class Tape:
    """A run under way: the frames and claims so far, and the rest of it still to be computed.

    Attributes:
        claims: each claim with the number of frames that had come before it.
        at: index of the frame to look at.
    """

    events: Iterator[Event]
    control: Control | None = None
    frames: list[Frame] = field(default_factory=list)
    claims: list[tuple[int, Claim]] = field(default_factory=list)
    at: int = 0
    complete: bool = False

    def go(self, at: int) -> None:
        """Look at the frame of that index, or at the last there is; compute up to it and no further."""
        while not self.complete and len(self.frames) <= max(at, 0):
            self._pull()
        if at >= len(self.frames) - 1 and not self.complete:
            self._peek()
        self.at = max(0, min(at, len(self.frames) - 1))

    def _pull(self) -> None:
        """Take one event off the run."""
        event = next(self.events, None)
        if event is None:
            self.complete = True
        elif isinstance(event, Frame):
            self.frames.append(event)
        else:
            self.claims.append((len(self.frames), event))

    def _peek(self) -> None:
        """Take the claims that follow the newest frame, and learn whether it is the last."""
        known = len(self.frames)
        while not self.complete and len(self.frames) == known:
            self._pull()

    def follow(self, other: Tape) -> None:
        """Look at the frame that stands where `other` does: as far into the scene of the same title.

        Where this run's scene is shorter, at the last frame of it; where it has no such scene, at the
        same index.
        """
        self.finish()
        title = other.frame.title if other.frame else ""
        scene = [k for k, frame in enumerate(self.frames) if frame.title == title]
        into = sum(frame.title == title for frame in other.frames[: other.at])
        self.go(scene[min(into, len(scene) - 1)] if scene else other.at)

    def finish(self) -> None:
        """Compute all that is left."""
        while not self.complete:
            self._pull()

    @property
    def frame(self) -> Frame | None:
        """The frame to look at; None when the run has none at all."""
        return self.frames[self.at] if self.frames else None

    @property
    def ended(self) -> bool:
        """Whether the frame to look at is the last."""
        return self.complete and self.at >= len(self.frames) - 1

    @property
    def measured(self) -> tuple[Claim, ...]:
        """The claims measured by the time of the frame to look at."""
        return tuple(claim for came, claim in self.claims if came <= self.at + 1)

    @property
    def played(self) -> Played:
        """All that was measured, whichever frame is looked at."""
        return Played(tuple(claim for _, claim in self.claims), self.control, finished=self.complete)
