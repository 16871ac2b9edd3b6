"""The commands and their options. What a command does is in dlprep/commands/, imported when it runs.

This is the only place that reads the clock or makes up a seed.
"""

from __future__ import annotations

import time
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from dlprep import __version__
from dlprep.demo_options import DemoGroup

HELP = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    rich_markup_mode=None,  # plain help starts twice as fast
    pretty_exceptions_enable=False,
    context_settings=HELP,
)
demos = typer.Typer(cls=DemoGroup, invoke_without_command=True, context_settings=HELP)
app.add_typer(demos, name="demo")


class Format(str, Enum):
    """How `check` prints what it found."""

    text = "text"
    json = "json"
    github = "github"


class Color(str, Enum):
    """When to use colour: on terminals, always, or never."""

    auto = "auto"
    always = "always"
    never = "never"


class KindName(str, Enum):
    """The kinds of question."""

    choice = "choice"
    numeric = "numeric"
    recall = "recall"
    refute = "refute"
    order = "order"


class LevelName(str, Enum):
    """Who should be able to answer."""

    junior = "junior"
    mid = "mid"
    senior = "senior"
    staff = "staff"


ColorOption = Annotated[Color, typer.Option("--color", help="When to use colour. NO_COLOR counts too.")]
BankOption = Annotated[list[Path] | None, typer.Option("--bank", help="A bank or folder to read besides.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug.")] = False,  # noqa: ARG001  main takes it
) -> None:
    """Deep-learning interview practice that proves its answers.

    \b
    dlprep quiz           answer ten questions
    dlprep demo backprop  watch an answer being proved
    dlprep show cnn       read a topic with its answers

    Exit codes: 0 done, 1 ran and found problems, 2 could not run, 130 interrupted,
    143 terminated.
    """  # noqa: D301  \b is how Typer is told to keep lines as they are
    if version:
        typer.echo(f"dlprep {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def quiz(
    topics: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TOPIC or TOPIC/ID]...", help="What to ask about; every topic if none."),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option("-n", "--count", min=1, help="How many questions: 10, or with --core all of them."),
    ] = None,
    kind: Annotated[list[KindName] | None, typer.Option(help="Only this kind; may be repeated.")] = None,
    level: Annotated[list[LevelName] | None, typer.Option(help="Only this level; may be repeated.")] = None,
    core: Annotated[
        bool, typer.Option("--core", help="Only the fourteen questions that everyone starts with.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option(help="Ask the same questions with the same numbers again.")
    ] = None,
    bank: BankOption = None,
    plain: Annotated[bool, typer.Option("--plain", help="A line an answer; nothing moves.")] = False,
    color: ColorOption = Color.auto,
) -> None:
    """Answer questions, see why, and the evidence measured just now.

    Example: dlprep quiz cnn --level senior -n 5
    """
    from dlprep.commands import quiz as command
    from dlprep.quiz import Wanted

    wanted = Wanted(frozenset(k.value for k in kind or ()), frozenset(x.value for x in level or ()), core)
    drawn = time.time_ns() if seed is None else seed
    code = command.run(
        topics or [], wanted, count, drawn, bank or [], color.value, time.perf_counter, plain=plain
    )
    raise typer.Exit(code)


@demos.callback()
def demo(context: typer.Context, color: ColorOption = Color.auto) -> None:
    """Play the live experiment of a topic: turn its knobs, sabotage it, read its code.

    Example: dlprep demo backprop --control flipped-sign
    """
    context.default_map = {str(context.invoked_subcommand): {"color": color.value}}  # also before a name
    if context.invoked_subcommand is None:
        from dlprep.commands import demo as command

        raise typer.Exit(command.list_all(color.value))


@app.command()
def topics(bank: BankOption = None, as_json: JsonOption = False, color: ColorOption = Color.auto) -> None:
    """List the topics, their questions and what their demos show.

    Example: dlprep topics --json
    """
    from dlprep.commands import topics as command

    raise typer.Exit(command.list_all(bank or [], color.value, as_json=as_json))


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="TOPIC|TOPIC/ID", help="A topic, or one question.")],
    bank: BankOption = None,
    no_run: Annotated[bool, typer.Option("--no-run", help="Do not run demos for the evidence.")] = False,
    as_json: JsonOption = False,
    color: ColorOption = Color.auto,
) -> None:
    """Read a topic or a question with its answers and evidence.

    Example: dlprep show backprop/what-it-computes
    """
    from dlprep.commands import topics as command

    raise typer.Exit(command.show(name, bank or [], color.value, as_json=as_json, measure=not no_run))


@app.command()
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Banks or folders; all known ones if none.")
    ] = None,
    style: Annotated[Format, typer.Option("--format", help="How to print what was found.")] = Format.text,
    no_run: Annotated[bool, typer.Option("--no-run", help="Do not run demos for the cited claims.")] = False,
    color: ColorOption = Color.auto,
) -> None:
    """Find every problem of every bank: form, numbers at 200 draws, and whether cited claims hold.

    Example: dlprep check questions/cnn.yaml
    """
    from dlprep.commands import check as command

    raise typer.Exit(
        command.run(paths or [], style.value, color.value, time.perf_counter, measure=not no_run)
    )


@app.command()
def verify(
    names: Annotated[list[str] | None, typer.Argument(help="Demos to verify; all if none.")] = None,
    seeds: Annotated[str, typer.Option(help="Seeds to run at, such as 0,1,2,3.")] = "0",
    as_json: JsonOption = False,
    color: ColorOption = Color.auto,
) -> None:
    """Run demos and every control of theirs: claims must hold, and controls must break them.

    Example: dlprep verify backprop --seeds 0,1,2,3
    """
    from dlprep.commands import verify as command

    raise typer.Exit(command.run(names or [], command.seeds(seeds), color.value, as_json=as_json))


@app.command()
def new(
    topic: Annotated[str, typer.Argument(help="The topic's name, which becomes the file's.")],
    to: Annotated[Path | None, typer.Option(help="The folder to write to.")] = None,
) -> None:
    """Write a commented bank to start from.

    Example: dlprep new attention
    """
    from dlprep.commands import author

    raise typer.Exit(author.new(topic, to))


@app.command()
def schema() -> None:
    """Print the JSON Schema (draft-07) of a bank, for editors.

    Example: dlprep schema > bank.schema.json
    """
    from dlprep.commands import author

    raise typer.Exit(author.print_schema())
