"""The commands and their options. What a command does is in dlprep/commands/, imported when it runs.

This is the only place that makes up a seed, or takes the time from dlprep/clock.py.
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
histories = typer.Typer(rich_markup_mode=None, context_settings=HELP)
app.add_typer(histories, name="history")


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


class OnlyName(str, Enum):
    """What `quiz` may be narrowed down to."""

    due = "due"
    new = "new"
    weak = "weak"
    all = "all"


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
    dlprep                see what is due
    dlprep quiz           answer it, then new questions
    dlprep plan           prepare for the day of the interview
    dlprep demo backprop  watch an answer being proved
    dlprep show cnn       read a topic with its answers

    Exit codes: 0 done, 1 ran and found problems, 2 could not run, 130 interrupted,
    143 terminated.
    """  # noqa: D301  \b is how Typer is told to keep lines as they are
    if version:
        typer.echo(f"dlprep {__version__}")
    elif context.invoked_subcommand is None:
        from dlprep.clock import clock
        from dlprep.commands import home as command

        raise typer.Exit(command.run([], Color.auto.value, clock()()))


@app.command()
def quiz(
    topics: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TOPIC or TOPIC/ID]...", help="What to ask about; every topic if none."),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option("-n", "--count", min=1, help="How many: 10, or what the plan has for today."),
    ] = None,
    only: Annotated[
        OnlyName | None, typer.Option(help="Only what is due, never asked, or shakiest; or all there is.")
    ] = None,
    kind: Annotated[list[KindName] | None, typer.Option(help="Only this kind; may be repeated.")] = None,
    level: Annotated[list[LevelName] | None, typer.Option(help="Only this level; may be repeated.")] = None,
    core: Annotated[
        bool, typer.Option("--core", help="Only the fourteen questions that everyone starts with.")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="Repeat the choice, the order and the numbers.")] = None,
    bank: BankOption = None,
    no_save: Annotated[bool, typer.Option("--no-save", help="Practise without leaving a trace.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="A line an answer; nothing moves.")] = False,
    color: ColorOption = Color.auto,
) -> None:
    """Answer what is due, then new questions; see why, and the evidence measured just now.

    Example: dlprep quiz cnn --level senior -n 5
    """
    from dlprep.choose import Wanted
    from dlprep.clock import clock
    from dlprep.commands import quiz as command

    wanted = Wanted(frozenset(k.value for k in kind or ()), frozenset(x.value for x in level or ()), core)
    drawn = time.time_ns() if seed is None else seed
    code = command.run(
        topics or [],
        wanted,
        only.value if only else None,
        count,
        drawn,
        bank or [],
        color.value,
        time.perf_counter,
        clock(),
        plain=plain,
        save=not no_save,
    )
    raise typer.Exit(code)


@app.command()
def plan(
    day: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="The day of the interview.")
    ] = None,
    minutes: Annotated[
        int | None, typer.Option(min=1, max=1440, help="Minutes a day; else as before, at first 20.")
    ] = None,
    drop: Annotated[bool, typer.Option("--drop", help="Give the plan up.")] = False,
    bank: BankOption = None,
    as_json: JsonOption = False,
    color: ColorOption = Color.auto,
) -> None:
    """Plan towards the day of the interview: what each day holds, and what you will know on the day.

    Example: dlprep plan --date 2026-12-15 --minutes 20
    """
    from dlprep.clock import clock
    from dlprep.commands import plan as command

    raise typer.Exit(
        command.run(day, minutes, bank or [], color.value, clock()(), drop=drop, as_json=as_json)
    )


@app.command()
def stats(
    topic: Annotated[str | None, typer.Argument(help="One topic; all of them if none.")] = None,
    bank: BankOption = None,
    as_json: JsonOption = False,
    color: ColorOption = Color.auto,
) -> None:
    """Show where you stand: a calendar, expected recall, what is due, what keeps slipping.

    Example: dlprep stats cnn
    """
    from dlprep.clock import clock
    from dlprep.commands import stats as command

    raise typer.Exit(command.run(topic, bank or [], color.value, clock()(), as_json=as_json))


@app.command()
def doctor(
    restore: Annotated[
        str | None, typer.Option("--restore", metavar="YYYY-MM-DD", help="Bring back the backup of that day.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, it is only told.")] = False,
    bank: BankOption = None,
) -> None:
    """Check the history, list its backups, restore one, and find answers to questions that are gone.

    Example: dlprep doctor --restore 2026-12-01 --yes
    """
    from dlprep.clock import clock
    from dlprep.commands import doctor as command

    if restore is not None or yes:
        raise typer.Exit(command.restore(restore or "", sure=yes))
    raise typer.Exit(command.examine(bank or [], clock()()))


@histories.callback(invoke_without_command=True)
def history(context: typer.Context) -> None:
    """Where your answers are, taking them elsewhere, and looking at them again.

    Example: dlprep history show
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@histories.command("path")
def history_path() -> None:
    """Print where the history is.

    Example: cp "$(dlprep history path)" elsewhere
    """
    from dlprep.commands import history as command

    raise typer.Exit(command.path())


@histories.command("export")
def history_export(
    file: Annotated[str, typer.Argument(help="Lines of JSON, or a SQLite copy for .db; - prints the lines.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write every answer to a file.

    Example: dlprep history export answers.jsonl
    """
    from dlprep.commands import history as command

    raise typer.Exit(command.export(file, force=force))


@histories.command("merge")
def history_merge(file: Annotated[Path, typer.Argument(help="What `export` wrote, or a history.")]) -> None:
    """Add the answers of another history, such as another machine's. Doing it twice does no harm.

    Example: dlprep history merge laptop.db
    """
    from dlprep.clock import clock
    from dlprep.commands import history as command

    raise typer.Exit(command.merge(file, clock()()))


@histories.command("show")
def history_show(
    name: Annotated[
        str | None, typer.Argument(metavar="[TOPIC|TOPIC/ID|REVIEW]", help="Whose answers, or which one.")
    ] = None,
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="How many at most.")] = 10,
    bank: BankOption = None,
    color: ColorOption = Color.auto,
) -> None:
    """List your last answers, or show one again with its numbers.

    Example: dlprep history show cnn -n 5
    """
    from dlprep.clock import clock
    from dlprep.commands import history as command

    raise typer.Exit(command.show(name, count, bank or [], color.value, clock()()))


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
