"""The commands of daily operation: accounts, quarantine, questions in SQL, a look at the health."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.cli import accounts
from pipelines.settings import PipelineSettings

_CONSOLE = Console(highlight=False)
_ERRORS = Console(stderr=True, highlight=False)
_EXIT_USAGE = 2

OwnOption = Annotated[
    str, typer.Option(help="A name or a YAML file; that of this home's warehouse if left out.")
]

quarantine = typer.Typer(no_args_is_help=True, help="Rows and files that were not loaded.")


def register(app: typer.Typer) -> None:
    """Adds this module's commands to the command line."""
    app.add_typer(accounts.app, name="accounts")
    app.add_typer(accounts.app, name="user", hidden=True)  # what it was called before
    app.add_typer(quarantine, name="quarantine")
    app.command("sql")(sql)
    app.command("doctor")(doctor)


@quarantine.command("list")
def quarantine_list(
    feed: Annotated[str, typer.Option(help="One feed; all of them if left out.")] = "",
    table_format: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
) -> None:
    """Sum up what waits in the quarantine, by feed and reason."""
    from pipelines.cli.sql import QuestionError, check_format, written  # noqa: PLC0415
    from pipelines.loading import quarantine_desk  # noqa: PLC0415 - imports duckdb

    try:
        check_format(table_format)
    except QuestionError as error:
        _fail(str(error))
    home = PipelineSettings().home_folder
    with home.writing():
        rows = quarantine_desk.summed(home, feed or None)
    if table_format != "table":
        typer.echo(written(quarantine_desk.SUMMED, rows, table_format))
    elif rows:
        _CONSOLE.print(_as_table(quarantine_desk.SUMMED, rows))
    elif feed:
        _CONSOLE.print(f"Nothing of {feed} is quarantined.", markup=False)
    else:
        _CONSOLE.print("The quarantine is empty.")


def _as_table(names: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    table = Table(*(name.replace("_", " ") for name in names))
    for row in rows:
        table.add_row(*(escape("" if value is None else str(value)) for value in row))
    return table


@quarantine.command("show")
def quarantine_show(
    feed: str, limit: Annotated[int, typer.Option(min=1, help="How many rows.")] = 20
) -> None:
    """Show a feed's quarantined rows with their text; they may speak of people."""
    from pipelines.loading import quarantine_desk  # noqa: PLC0415 - imports duckdb

    settings = PipelineSettings()
    with settings.home_folder.writing():
        rows = quarantine_desk.shown(settings.home_folder, feed, limit)
    for path, line, code, detail, text in rows:
        place = path if line is None else f"{path}:{line}"
        _CONSOLE.print(f"{place}: {code}: {detail}", markup=False, soft_wrap=True)
        if text:
            _CONSOLE.print(f"    {text}", markup=False, soft_wrap=True)
    if not rows:
        _CONSOLE.print(f"Nothing of {feed} is quarantined.", markup=False)


@quarantine.command("replay")
def quarantine_replay(
    feed: Annotated[str, typer.Argument(help="A feed; all of them if left out.")] = "",
    marketplace: OwnOption = "",
) -> None:
    """Read quarantined files again under today's rules and load what is valid now."""
    from pipelines.loading import quarantine_desk  # noqa: PLC0415 - imports duckdb
    from pipelines.loading.claim import own_marketplace  # noqa: PLC0415

    settings = PipelineSettings()
    home = settings.home_folder
    now = datetime.now(UTC)  # noqa: TID251
    with home.writing():
        shop = own_marketplace(home, marketplace, settings.marketplace)
        outcomes = quarantine_desk.replayed(home, shop, feed or None, now)
    for outcome in outcomes:
        _CONSOLE.print(
            f"{outcome.load.path}: {outcome.applied} rows loaded, {outcome.quarantined} remain",
            markup=False,
        )
    _CONSOLE.print("`kontor run` builds and publishes what was loaded." if outcomes else "Nothing.")


def sql(
    query: str,
    table_format: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
) -> None:
    """A read-only query of the published operator database."""
    from pipelines.cli.sql import QuestionError, answer  # noqa: PLC0415 - imports duckdb

    try:
        typer.echo(answer(PipelineSettings().home_folder.published, query, table_format))
    except QuestionError as error:
        _fail(str(error))


def doctor(
    marketplace: OwnOption = "",
    repair: Annotated[
        bool, typer.Option("--repair", help="Close the home to other accounts of this machine.")
    ] = False,
) -> None:
    """Look for what keeps this installation from working; ends with 1 where something does."""
    from pipelines.cli.doctor import findings  # noqa: PLC0415 - imports duckdb

    found = findings(PipelineSettings(), marketplace, repairs=repair)
    for finding in found:
        mark = "[green]ok[/green]" if finding.is_fine else "[red]!![/red]"
        _CONSOLE.print(f"{mark}  ", end="")
        _CONSOLE.print(finding.sentence, markup=False, soft_wrap=True)
    if not all(finding.is_fine for finding in found):
        raise typer.Exit(1)


def _fail(message: str) -> NoReturn:
    _ERRORS.print(message, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(_EXIT_USAGE)
