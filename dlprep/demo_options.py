"""Each demo as a subcommand whose options are its knobs, imported only when it is named."""

from __future__ import annotations

import inspect
import textwrap
import time
from dataclasses import Field, fields
from enum import Enum
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from dlprep.errors import DlprepError, meant

if TYPE_CHECKING:  # a demo is looked for when one is named
    from dlprep.demo import Demo

COMMON: dict[str, tuple[Any, Any]] = {
    "seed": (Annotated[int, typer.Option(help="Of everything random in the run.", min=0)], 0),
    "control": (
        Annotated[str | None, typer.Option(help="Sabotage the run: one of those listed below.")],
        None,
    ),
    "pace": (Annotated[float, typer.Option(help="Frames a second.", min=0.5, max=20)], 10.0),
    "as_json": (Annotated[bool, typer.Option("--json", help="Print one JSON document.")], False),
    "save": (
        Annotated[Path | None, typer.Option(help="Write the last picture to an .svg or .html file.")],
        None,
    ),
    "source": (Annotated[bool, typer.Option("--source", help="Show how the numerics are done.")], False),
    "color": (Annotated[str, typer.Option(help="When to use colour: auto, always or never.")], "auto"),
}


WIDEST = 90  # columns of what help keeps line by line …
MARGIN = 4  # … and the columns that Typer keeps free around it


class DemoGroup(TyperGroup):
    """The group of all demos: a file in dlprep/demos/ is a command."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002  Typer's own context, which it passes
        """The names of the demos, importing none."""
        from dlprep import demo

        return demo.names()

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002  as above
        """The demo's command, made from its knobs.

        Raises:
            DlprepError: there is no such demo.
        """
        from dlprep.commands import demo as command

        return _command(command.load(cmd_name))

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002  as above
        """List the demos by their first lines, importing none."""
        from dlprep import demo

        with formatter.section("Demos"):
            formatter.write_dl([(name, demo.headline(name)) for name in demo.names()])


def _command(found: Demo) -> Any:  # noqa: ANN401  a command of Typer's own kind
    """A demo as a command with an option for each knob."""

    def body(**values: Any) -> None:  # noqa: ANN401  what Typer parsed for each option
        from dlprep.commands import demo as command

        turned = {name: _plain(values.pop(name)) for name in [f.name for f in fields(found.knobs)]}
        color = values.pop("color")
        if color not in ("auto", "always", "never"):
            raise DlprepError(f"--color cannot be {color!r}", hint=meant(color, ["auto", "always", "never"]))
        code = command.run(found, found.knobs(**turned), clock=time.perf_counter, color=color, **values)
        raise typer.Exit(code)

    options = {f.name: _option(f) for f in fields(found.knobs)} | COMMON
    body.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # how Typer learns of the options
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for name, (kind, default) in options.items()
        ]
    )
    body.__annotations__ = {name: kind for name, (kind, _) in options.items()}
    one = typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    one.command(found.name, help=_manual(found), epilog=_controls(found))(body)
    return typer.main.get_command(one)


def _option(knob: Field[Any]) -> tuple[Any, Any]:
    """A knob as (annotated type, default): numbers with their bounds, words with their choices."""
    says = knob.metadata
    flag = "--" + knob.name.replace("_", "-")
    if says["choices"]:
        choices = Enum("Choices", {choice: choice for choice in says["choices"]}, type=str)  # type: ignore[misc]
        return Annotated[choices, typer.Option(flag, help=says["says"])], knob.default
    option = typer.Option(flag, help=says["says"], min=says["low"], max=says["high"])
    return Annotated[type(knob.default), option], knob.default


def _plain(value: Any) -> Any:  # noqa: ANN401  an int, a float, a str, or a choice of Typer's
    return value.value if isinstance(value, Enum) else value


def _manual(found: Demo) -> str:
    """The manual: its prose for the help to wrap, its legend and sources kept line by line."""
    parts = [_joined(part) for part in inspect.cleandoc(found.manual).split("\n\n")]
    return "\n\n".join(f"\b\n{_narrow(part)}" if _listed(part) else part for part in parts)


def _joined(part: str) -> str:
    """A paragraph of sources with each on one line, for the help to break where its columns end."""
    if not part.startswith("Source:"):
        return part
    return " ".join(part.split("\n")).replace(" Source:", "\nSource:")


def _listed(part: str) -> bool:
    """Whether a paragraph is a list of lines rather than prose."""
    return "\n " in part or part.startswith("Source:")


def _narrow(text: str) -> str:
    """Lines broken where they are too wide, and what goes on set in a little further."""
    lines: list[str] = []
    widest = min(WIDEST, max(get_terminal_size().columns - MARGIN, 36))
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        wrapped = textwrap.wrap(line, widest, subsequent_indent=indent, break_on_hyphens=False)
        lines += wrapped if len(line) > widest else [line]
    return "\n".join(lines)


def _controls(found: Demo) -> str:
    lines = [
        f"  {control.id}: {control.says}; breaks {', '.join(control.breaks)}" for control in found.controls
    ]
    return "\b\nControls:\n" + _narrow("\n".join(lines))
