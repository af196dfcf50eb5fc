"""The commands of daily operation: accounts, quarantine, SQL queries, health checks."""

from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer

from output.terminal import ERR, OUT
from pipelines.cli import accounts
from pipelines.settings import PipelineSettings

_EXIT_USAGE = 2

OwnOption = Annotated[
    str,
    typer.Option(
        help="A name or a YAML file; by default the marketplace of this home's warehouse."
    ),
]

quarantine = typer.Typer(
    no_args_is_help=True, help="Inspect and replay rows and files that were not loaded."
)


def register(app: typer.Typer) -> None:
    """Adds this module's commands to the command line."""
    app.add_typer(accounts.app, name="accounts")
    app.add_typer(accounts.app, name="user", hidden=True)  # what it was called before
    app.add_typer(quarantine, name="quarantine")
    app.command("sql")(sql)
    app.command("doctor")(doctor)


@quarantine.command("list")
def quarantine_list(
    feed: Annotated[str, typer.Option(help="A feed; all if omitted.")] = "",
    table_format: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
) -> None:
    """Summarise the quarantine by feed and reason."""
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
        OUT.answer(written(quarantine_desk.SUMMED, rows, table_format))
    elif rows:
        OUT.table([name.replace("_", " ") for name in quarantine_desk.SUMMED], rows)
    elif feed:
        OUT.say(f"The quarantine has no rows of {feed}.")
    else:
        OUT.say("The quarantine is empty.")


@quarantine.command("show")
def quarantine_show(
    feed: str,
    limit: Annotated[int, typer.Option(min=1, help="Maximum number of rows.")] = 20,
    unmasked: Annotated[
        bool,
        typer.Option(
            "--unmasked", help="Show personal data as well; this is recorded in the audit log."
        ),
    ] = False,
) -> None:
    """Show a feed's quarantined rows, with personal data masked."""
    from pipelines.loading import quarantine_desk  # noqa: PLC0415 - imports duckdb

    settings = PipelineSettings()
    with settings.home_folder.writing():
        rows = quarantine_desk.shown(settings.home_folder, feed, limit)
    if unmasked and rows:
        _note_that_people_were_seen(settings, feed, len(rows))
    masked_count = 0
    for path, line, code, detail, text in rows:
        place = path if line is None else f"{path}:{line}"
        OUT.say(f"{place}: {code}: {detail}")
        seen = text if unmasked else quarantine_desk.masked_text(feed, text or "")
        masked_count += bool(text) and seen != text
        if seen:
            OUT.say(f"    {seen}")
    if masked_count:
        OUT.say(
            f"{masked_count:,} masked because they may contain personal data; --unmasked shows "
            "them and is recorded in the audit log."
        )
    if not rows:
        OUT.say(f"The quarantine has no rows of {feed}.")


def _note_that_people_were_seen(settings: PipelineSettings, feed: str, count: int) -> None:
    from operations import audit  # noqa: PLC0415 - imports SQLAlchemy
    from operations.store import opened, writing  # noqa: PLC0415

    now = datetime.now(UTC)  # noqa: TID251
    with opened(settings.store_url) as engine, writing(engine) as connection:
        audit.record(
            connection,
            actor="cli",
            action="quarantine_shown_unmasked",
            subject=feed,
            now=now,
            row_count=count,
        )


@quarantine.command("replay")
def quarantine_replay(
    feed: Annotated[str, typer.Argument(help="A feed; all if omitted.")] = "",
    marketplace: OwnOption = "",
) -> None:
    """Read quarantined files again with the current rules; load the rows that are now valid."""
    from pipelines.loading import quarantine_desk  # noqa: PLC0415 - imports duckdb
    from pipelines.loading.claim import own_marketplace  # noqa: PLC0415

    settings = PipelineSettings()
    home = settings.home_folder
    now = datetime.now(UTC)  # noqa: TID251
    with home.writing():
        shop = own_marketplace(home, marketplace, settings.marketplace)
        outcomes = quarantine_desk.replayed(home, shop, feed or None, now)
    for outcome in outcomes:
        OUT.say(f"{outcome.load.path}: {outcome.applied} rows loaded, {outcome.quarantined} remain")
    OUT.say("Next: kontor run" if outcomes else "Nothing to replay.")


def sql(
    query: str,
    table_format: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="So many rows; without it 20 of a table and all of csv and json."),
    ] = None,
) -> None:
    """Run a read-only query on the published operator database."""
    from pipelines.cli.sql import QuestionError, answer  # noqa: PLC0415 - imports duckdb

    try:
        text, left_out = answer(
            PipelineSettings().home_folder.published, query, table_format, limit
        )
    except QuestionError as error:
        _fail(str(error))
    OUT.answer(text)
    if left_out:
        ERR.say(left_out, style="yellow")


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
        mark = ("ok", "green") if finding.is_fine else ("!!", "red")
        OUT.say(mark, f"  {finding.sentence}")
    if not all(finding.is_fine for finding in found):
        raise typer.Exit(1)


def _fail(message: str) -> NoReturn:
    ERR.say(message, style="red", keeps_lines=True)
    raise typer.Exit(_EXIT_USAGE)
