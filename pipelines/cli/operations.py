"""The commands of daily operation: accounts, quarantine, questions in SQL, a look at the health."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipelines.runs.last_run import current_manifest
from pipelines.settings import PipelineSettings

_CONSOLE = Console(highlight=False)
_ERRORS = Console(stderr=True, highlight=False)
_EXIT_USAGE = 2

user = typer.Typer(no_args_is_help=True, help="Accounts of people who log in here.")
quarantine = typer.Typer(no_args_is_help=True, help="Rows and files that were not loaded.")


def register(app: typer.Typer) -> None:
    """Adds this module's commands to the command line."""
    app.add_typer(user, name="user")
    app.add_typer(quarantine, name="quarantine")
    app.command("sql")(sql)
    app.command("doctor")(doctor)


@user.command("add")
def user_add(
    name: str,
    role: Annotated[str, typer.Option(help="operator, analyst or vendor.")],
    vendor_id: Annotated[str, typer.Option(help="Whose page a vendor sees.")] = "",
) -> None:
    """Add an account; its password is generated and shown this once."""
    from operations import accounts, passwords  # noqa: PLC0415 - imports SQLAlchemy
    from operations.kernel import By  # noqa: PLC0415
    from operations.store import open_store  # noqa: PLC0415

    settings = PipelineSettings()
    password = passwords.generate()
    # A vendor's id means somebody in one marketplace only: the one that is served here now.
    manifest = current_manifest(settings.home_folder.published) if role == "vendor" else None
    marketplace = str(manifest["marketplace"]) if manifest else None
    new = accounts.NewAccount(name, role, password, vendor_id or None, marketplace)
    now = datetime.now(UTC)  # noqa: TID251 - the command line may ask
    try:
        accounts.create_account(open_store(settings.store_url), new, By("cli", now, is_system=True))
    except accounts.AccountError as error:
        _fail(str(error))
    _CONSOLE.print(f"{name} ({role}) can log in with the password {password}", markup=False)


@user.command("disable")
def user_disable(name: str) -> None:
    """Disable an account; its sessions end at once."""
    from operations import accounts  # noqa: PLC0415 - imports SQLAlchemy
    from operations.kernel import By  # noqa: PLC0415
    from operations.store import open_store  # noqa: PLC0415

    settings = PipelineSettings()
    by = By("cli", datetime.now(UTC), is_system=True)  # noqa: TID251
    try:
        accounts.disable_account(open_store(settings.store_url), name, by)
    except accounts.AccountError as error:
        _fail(str(error))
    _CONSOLE.print(f"{name} is disabled.", markup=False)


@quarantine.command("list")
def quarantine_list() -> None:
    """What waits in the quarantine, by feed, file and reason."""
    from pipelines.loading import quarantine_desk  # noqa: PLC0415 - imports duckdb

    settings = PipelineSettings()
    with settings.home_folder.writing():
        rows = quarantine_desk.listed(settings.home_folder)
    table = Table("feed", "file", "reason", "column", "rows", "first line", "first seen")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    _CONSOLE.print(table if rows else "The quarantine is empty.")


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
    marketplace: Annotated[str, typer.Option(help="A name or a YAML file.")] = "",
) -> None:
    """Read quarantined files again under today's rules and load what is valid now."""
    from pipelines.loading import quarantine_desk  # noqa: PLC0415 - imports duckdb
    from pipelines.marketplaces import marketplace_named  # noqa: PLC0415

    settings = PipelineSettings()
    home = settings.home_folder
    now = datetime.now(UTC)  # noqa: TID251
    shop = marketplace_named(marketplace or settings.marketplace, home)
    with home.writing():
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


def doctor() -> None:
    """Look for what keeps this installation from working; ends with 1 where something does."""
    from pipelines.cli.doctor import findings  # noqa: PLC0415 - imports duckdb

    found = findings(PipelineSettings())
    for finding in found:
        mark = "[green]ok[/green]" if finding.is_fine else "[red]!![/red]"
        _CONSOLE.print(f"{mark}  ", end="")
        _CONSOLE.print(finding.sentence, markup=False, soft_wrap=True)
    if not all(finding.is_fine for finding in found):
        raise typer.Exit(1)


def _fail(message: str) -> None:
    _ERRORS.print(message, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(_EXIT_USAGE)
