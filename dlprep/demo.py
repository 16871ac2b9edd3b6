"""What a demo is: frames to look at, claims that compute whether they hold, controls that must break them.

A demo is a file in `dlprep/demos/` named for its topic. It has a docstring (its manual page, whose first
line says what it shows), a frozen dataclass `Knobs`, a tuple `CONTROLS`, and

    run(seed: int, knobs: Knobs, control: str | None = None) -> Iterator[Frame | Claim]

which is pure: no print, clock, sleep or global random state; the same arguments give the same events.
Views hold plain tuples of floats, so "the same events" is one `==`, and how a view looks is decided by
its type in `dlprep/draw/`, so a new demo edits no drawing code.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import Field as DataclassField
from dataclasses import dataclass, field, fields
from math import isfinite, isnan, nan
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, Protocol, TypeAlias

from dlprep.errors import DlprepError, meant

Row: TypeAlias = tuple[float, ...]
Rows: TypeAlias = tuple[Row, ...]
Relation: TypeAlias = Literal["<=", "<", ">=", ">", "==", "!="]
Tone: TypeAlias = Literal["low", "high", "plain", "accent"]

OPENING = re.compile(r'(?:#.*\n|\s)*"""(?:\\\n)?(.+?)(?:"""|\n)')  # a file's docstring: its first line


# ── views: what there is to see ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a curve. Without `xs` the points stand at 0, 1, 2 and so on."""

    label: str
    ys: Row
    xs: Row = ()


@dataclass(frozen=True, slots=True)
class Curve:
    """One or more lines over a common axis. `at` draws a level to compare them with."""

    name: str
    lines: tuple[Line, ...]
    x: str = ""
    log_x: bool = False
    log_y: bool = False
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Dots:
    """Points laid over a field, in the field's own coordinates. `accent` is the one to look at."""

    label: str
    xs: Row
    ys: Row
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Field:
    """A number at each cell of a plane: `rows[0]` is the *top* row (largest y).

    `extent` is (left, right, bottom, top). A signed field is drawn blue below zero, white at zero and
    vermillion above, over −limit … +limit; an unsigned one from its least to its largest number.
    """

    name: str
    rows: Rows
    extent: tuple[float, float, float, float]
    dots: tuple[Dots, ...] = ()
    signed: bool = True
    limit: float = 1.0


@dataclass(frozen=True, slots=True)
class Bars:
    """A number per label, as horizontal bars; on a logarithmic scale when `log`."""

    name: str
    labels: tuple[str, ...]
    values: Row
    log: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """A small picture, a pixel per cell: an input, a filter or a feature map. `rows[0]` is the top row.

    `box` is (row, column, height, width) of a window to outline. With `limit` the colours span
    0 … limit (−limit … limit when signed); without, they span what the image holds.
    """

    name: str
    rows: Rows
    signed: bool = False
    box: tuple[int, int, int, int] | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Words and numbers in columns."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


View: TypeAlias = Curve | Field | Bars | Image | Table


# ── events: what a run yields ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Frame:
    """One moment of a run. `key` frames are the few that are printed when nothing can move."""

    title: str
    step: int
    steps: int
    caption: str
    views: tuple[View, ...]
    key: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, the number that was measured, and the relation and bound that decide it."""

    id: str
    says: str
    measured: float
    relation: Relation
    bound: float

    @property
    def holds(self) -> bool:
        """Whether the measured number satisfies the relation; NaN satisfies none."""
        a, b = self.measured, self.bound
        if a != a or b != b:  # noqa: PLR0124  NaN is the number that differs from itself
            return False
        return {"<=": a <= b, "<": a < b, ">=": a >= b, ">": a > b, "==": a == b, "!=": a != b}[self.relation]


Event: TypeAlias = Frame | Claim


@dataclass(frozen=True, slots=True)
class Control:
    """A named sabotage of a demo and the ids of the claims it must break."""

    id: str
    says: str
    breaks: tuple[str, ...]


def rows(array: Any) -> Rows:  # noqa: ANN401  a NumPy array, whose type is not imported here
    """A 2-D array as tuples of floats; NaN is a hole in the picture."""
    return tuple(row(line) for line in array.tolist())


def row(array: Any) -> Row:  # noqa: ANN401  as above
    """A 1-D array or any sequence of numbers as a tuple of floats.

    Every NaN becomes the one `math.nan`, for tuples that hold the same object are equal: the same picture
    drawn twice is the same, holes and all.
    """
    numbers = tuple(map(float, array))
    if isfinite(sum(numbers)):  # there is no NaN among them, which is faster to see than to look at each
        return numbers
    return tuple(nan if isnan(x) else x for x in numbers)


def lines(named: Mapping[str, Any], xs: Any = ()) -> tuple[Line, ...]:  # noqa: ANN401  as above
    """A line for each name, over common places."""
    return tuple(Line(name, row(ys), row(xs)) for name, ys in named.items())


def scene(title: str, moments: Iterable[tuple[str, tuple[View, ...]]]) -> Iterator[Frame]:
    """A frame for each caption and its views; the last is key."""
    *_, last = moments = list(moments)
    for i, moment in enumerate(moments, start=1):
        caption, views = moment
        yield Frame(title, i, len(moments), caption, views, key=moment is last)


# ── knobs: what a user may turn ─────────────────────────────────────────────────────────────────────


def knob(
    default: Any,  # noqa: ANN401  int, float or str, as dataclasses.field takes it
    says: str,
    low: float | None = None,
    high: float | None = None,
    choices: Sequence[str] = (),
) -> Any:  # noqa: ANN401  as dataclasses.field
    """A field of a `Knobs` dataclass: its default, its help, and its bounds or its choices."""
    metadata = {"says": says, "low": low, "high": high, "choices": tuple(choices)}
    return field(default=default, metadata=metadata)


# ── finding demos ───────────────────────────────────────────────────────────────────────────────────


class Knobs(Protocol):
    """A frozen dataclass each of whose fields is made by `knob`."""

    __dataclass_fields__: dict[str, DataclassField[Any]]


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo as found: its manual, its knobs, its controls and its run."""

    name: str
    manual: str
    source: str
    knobs: type[Any]
    controls: tuple[Control, ...]
    run: Callable[..., Iterator[Event]]

    @property
    def headline(self) -> str:
        """The first line of the manual: what the demo shows."""
        return self.manual.strip().splitlines()[0]

    def control(self, wanted: str) -> Control:
        """The control of that name.

        Raises:
            DlprepError: there is none.
        """
        for control in self.controls:
            if control.id == wanted:
                return control
        message = f"demo {self.name} has no control {wanted!r}"
        raise DlprepError(message, hint=meant(wanted, self.control_names()))

    def control_names(self) -> list[str]:
        """The ids of the demo's controls, in its own order."""
        return [control.id for control in self.controls]


def _folder() -> Path:
    return Path(__file__).parent / "demos"


def names() -> list[str]:
    """Every demo there is, importing none of them (so NumPy stays asleep)."""
    return sorted(module.name for module in pkgutil.iter_modules([str(_folder())]))


def headline(name: str) -> str:
    """The first line of a demo's manual, read without importing it."""
    found = OPENING.match((_folder() / f"{name}.py").read_text(encoding="utf-8"))
    return found[1].strip() if found else name


def load(name: str) -> Demo:
    """The demo of that name, imported now.

    Raises:
        DlprepError: there is none, or it lacks one of the parts a demo must have.
    """
    if name not in names():
        raise DlprepError(f"there is no demo {name!r}", hint=meant(name, names()))
    module = importlib.import_module(f"dlprep.demos.{name}")
    for part in ("__doc__", "Knobs", "CONTROLS", "run"):
        if not getattr(module, part, None):
            raise DlprepError(f"demo {name} has no {part}", hint="dlprep/demo.py says what a demo has")
    return _demo(name, module)


def _demo(name: str, module: ModuleType) -> Demo:
    source = Path(module.__file__ or "").read_text(encoding="utf-8")
    return Demo(name, str(module.__doc__), source, module.Knobs, tuple(module.CONTROLS), module.run)


def knob_names(knobs: type[Any]) -> list[str]:
    """The names of a demo's knobs, in its own order."""
    return [f.name for f in fields(knobs)]


def turned(demo: Demo, options: str) -> Any:  # noqa: ANN401  the demo's own Knobs class
    """The demo's knobs with some turned, written as on the command line: `--size 28 --kernel 5`.

    Raises:
        DlprepError: no such knob, or a value it cannot take.
    """
    words = options.split()
    turns: dict[str, Any] = {}
    known = {f.name: f for f in fields(demo.knobs)}
    for flag, value in zip(words[::2], [*words[1::2], ""], strict=False):
        name = flag.removeprefix("--").replace("-", "_")
        if name not in known or not flag.startswith("--"):
            raise DlprepError(f"demo {demo.name} has no knob {flag}", hint=meant(name, list(known)))
        turns[name] = _turn(demo.name, known[name], value)
    return demo.knobs(**turns)


def _turn(name: str, knob: DataclassField[Any], text: str) -> int | float | str:
    """A knob's value from text, within its bounds."""
    kind: Any = type(knob.default)
    try:
        value: int | float | str = kind(text)
    except ValueError:
        raise DlprepError(f"--{knob.name} of demo {name} cannot be {text!r}") from None
    says = knob.metadata
    if says["choices"] and value not in says["choices"]:
        raise DlprepError(
            f"--{knob.name} of demo {name} cannot be {text!r}", hint=meant(text, says["choices"])
        )
    if isinstance(value, (int, float)):
        low, high = says["low"], says["high"]
        if (low is not None and value < low) or (high is not None and value > high):
            raise DlprepError(f"--{knob.name} of demo {name} lies from {low} to {high}, not {text}")
    return value
