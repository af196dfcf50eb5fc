"""The command line: `kontor run` and the other commands. Only this layer reads the clock."""

import atexit
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from pydantic import ValidationError

from installation.imports import do_without, import_when_used
from installation.private_files import keep_files_private
from installation.settings import sentences
from installation.start import EnvFileError, begin
from operations.errors import StoreUnavailableError
from output.commands import exit_code
from output.findings.finding import Finding
from output.terminal import ERR, OUT, Piece
from pipelines.cli import operations as cli_operations
from pipelines.cli.account import lines_of, show_account, waiting_count
from pipelines.cli.check import check
from pipelines.cli.exports import export
from pipelines.cli.init import init
from pipelines.cli.progress import show_progress
from pipelines.cli.settings import print_settings
from pipelines.dbt.project import DbtParseError
from pipelines.home import HomeBusyError, HomeUnusableError
from pipelines.runs.phases import tell_share
from pipelines.settings import PipelineSettings
from sources.errors import SourceError

if TYPE_CHECKING:
    from pipelines.runs.run import RunArguments

EXIT_NOT_PUBLISHED, EXIT_USAGE, EXIT_BUSY = 1, 2, 3

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Kontor: the analytics warehouse of a multi-vendor marketplace.",
)
cli_operations.register(app)
app.command("settings")(print_settings)
app.command("init")(init)
app.command("check")(check)
app.command("export")(export)

MarketplaceOption = Annotated[
    str, typer.Option(help="A name in marketplaces/ or the path of a YAML file.")
]
AsOfOption = Annotated[str, typer.Option("--as-of", help="Build as of this day (YYYY-MM-DD).")]
FullOption = Annotated[
    bool, typer.Option("--full", help="Reload everything from the landing and rebuild all models.")
]


@app.command()
def run(
    marketplace: MarketplaceOption = "", as_of: AsOfOption = "", full: FullOption = False
) -> None:
    """Ingest, check, build, predict and publish. Exits with 0 only if the result is published."""
    from pipelines.runs.run import refresh  # noqa: PLC0415 - imports duckdb

    settings = PipelineSettings()
    arguments = _arguments(settings, marketplace, as_of, full=full)
    began = datetime.now(UTC)  # noqa: TID251 - the command line may ask
    with show_progress(ERR, settings.home_folder.phases):
        outcome = refresh(settings, arguments)
    seconds = (datetime.now(UTC) - began).total_seconds()  # noqa: TID251
    lines = lines_of(settings, arguments)
    show_account(lines if outcome.outcome != "unchanged" else [])
    waiting = waiting_count(lines)
    rows = "row" if waiting == 1 else "rows"
    quarantined = f", with {waiting:,} {rows} quarantined" if waiting else ""
    if outcome.outcome == "unchanged":
        ERR.say(
            f"Nothing changed; {outcome.version} stays published{quarantined}. ({seconds:.1f} s)"
        )
    elif outcome.outcome == "published":
        colour = "yellow" if waiting else "green"
        done: Piece = (f"Published {outcome.version}{quarantined}.", colour)
        ERR.say(done, f" ({seconds:.1f} s)")
    else:
        _refuse(outcome.reasons, outcome.version, waiting)
    ERR.say(f"Next: {'kontor quarantine list' if waiting else 'kontor serve'}")


@app.command()
def ingest(marketplace: MarketplaceOption = "") -> None:
    """Load new data only."""
    _execute("ingest_feeds", marketplace, "", full=False, next_command="kontor run")


@app.command()
def build(
    marketplace: MarketplaceOption = "", as_of: AsOfOption = "", full: FullOption = False
) -> None:
    """Build and test the models from the loaded data."""
    _execute("build_models", marketplace, as_of, full=full)


@app.command()
def publish(marketplace: MarketplaceOption = "") -> None:
    """Publish the models that are built."""
    _execute("publish_warehouse", marketplace, "", full=False)


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(help="Output folder; created if missing.")],
    size: Annotated[str, typer.Option(help="small, medium or large.")] = "small",
    days: Annotated[
        int | None,
        typer.Option(min=1, help="Days of history; 1,096 (small) or 730 unless said otherwise."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Random seed; the same seed gives the same files.")] = 1,
    disorder: Annotated[str, typer.Option(help="none, realistic or broken_day.")] = "none",
    foreign_days: Annotated[
        int, typer.Option(min=0, help="Days to write as Segment, GA4 and PostgreSQL data as well.")
    ] = 0,
) -> None:
    """Write a simulated marketplace's feeds and, next to them, the ground truth."""
    from sources.simulator.disorder.presets import PRESETS  # noqa: PLC0415 - imports numpy
    from sources.simulator.simulation import simulate as simulated  # noqa: PLC0415

    if size not in {"small", "medium", "large"}:
        raise typer.BadParameter(
            f"{size!r} is not one of small, medium, large", param_hint="--size"
        )
    if disorder not in PRESETS:
        message = f"{disorder!r} is not one of {', '.join(PRESETS)}"
        raise typer.BadParameter(message, param_hint="--disorder")
    with show_progress(ERR):
        summary = simulated(
            size,
            days,
            seed,
            out,
            progress=partial(tell_share, "simulate"),
            disorder=PRESETS[disorder],
            foreign_days=foreign_days,
        )
    counts = ", ".join(f"{count} {feed}" for feed, count in summary.rows.items())
    ERR.say(f"Simulated {summary.days} days up to {summary.end} in {out}: {counts}")


@app.command()
def serve(
    marketplace: MarketplaceOption = "",
    port: Annotated[
        int | None,
        typer.Option(help="Port of the dashboards; KONTOR_PORT if omitted, a free one if in use."),
    ] = None,
    dagster: Annotated[
        bool, typer.Option(help="Also serve Dagster's pages and run its schedules.")
    ] = True,
) -> None:
    """Serve the dashboards and Dagster on loopback; creates missing first logins."""
    from pipelines.cli import serve as serving  # noqa: PLC0415 - imports duckdb and SQLAlchemy
    from pipelines.cli.servers import ServerEndedError  # noqa: PLC0415

    settings = PipelineSettings()
    now = datetime.now(UTC)  # noqa: TID251 - the command line may ask
    for login in serving.first_logins(settings, now):
        whose = f", vendor {login.vendor_id}" if login.vendor_id else ""
        OUT.say(f"New login: {login.account_name} / {login.password}  ({login.role}{whose})")
    named = marketplace or settings.marketplace
    serving.note_exports(settings, named, now)
    wanted = settings.port if port is None else port
    try:
        serving.serve(settings, named, serving.free_port(wanted), OUT.say, with_dagster=dagster)
    except KeyboardInterrupt:
        ERR.say("Stopped.")
    except ServerEndedError as error:
        ERR.say(str(error), style="red", keeps_lines=True)
        raise typer.Exit(EXIT_NOT_PUBLISHED) from None


def _execute(job: str, marketplace: str, as_of: str, *, full: bool, next_command: str = "") -> None:
    from pipelines.runs.run import run_step  # noqa: PLC0415 - imports duckdb

    settings = PipelineSettings()
    arguments = _arguments(settings, marketplace, as_of, full=full)
    with show_progress(ERR):
        outcome, reasons = run_step(job, settings, arguments)  # type: ignore[arg-type]
    lines = lines_of(settings, arguments) if next_command else []
    show_account(lines)
    waiting = waiting_count(lines)
    if outcome != "published":
        _refuse(reasons, None, waiting)
    ERR.say("Done.", style="green")
    if next_command:
        ERR.say(f"Next: {'kontor quarantine list' if waiting else next_command}")


def _arguments(
    settings: PipelineSettings, marketplace: str, as_of: str, *, full: bool
) -> "RunArguments":
    from pipelines.runs.as_of import requested_day  # noqa: PLC0415 - imports duckdb
    from pipelines.runs.run import RunArguments  # noqa: PLC0415

    now = datetime.now(UTC)  # noqa: TID251
    return RunArguments(marketplace or settings.marketplace, requested_day(as_of), full, now)


def _refuse(reasons: list[Finding], version: str | None, waiting: int = 0) -> None:
    ERR.say("Not published.", style="red")
    for reason in reasons:
        ERR.say(f"  {reason.english}")
    if version:
        ERR.say(f"{version} stays published.")
    see = "kontor quarantine list shows what was not loaded; then " if waiting else ""
    ERR.say(f"Next: {see}fix the problems above, then kontor run")
    raise typer.Exit(EXIT_NOT_PUBLISHED)


def command() -> NoReturn:
    """Carries out what was typed, and exits; after a user's mistake with a message and a code."""
    try:
        origins = begin()
        do_without("pandas", "dbt")  # dbt works in a process of its own
        import_when_used("phonenumbers")  # for exports, whose definitions every run reads
        sys.exit(exit_code(app))
    except HomeBusyError as error:
        ERR.say(str(error), style="red", keeps_lines=True)
        sys.exit(EXIT_BUSY)
    except (EnvFileError, HomeUnusableError, SourceError, StoreUnavailableError) as error:
        ERR.say(str(error), style="red", keeps_lines=True)
        sys.exit(EXIT_USAGE)
    except ValidationError as error:
        if error.title != PipelineSettings.__name__:
            raise
        for sentence in sentences(error, origins):
            ERR.say(sentence, style="red", keeps_lines=True)
        sys.exit(EXIT_USAGE)
    except DbtParseError as error:
        ERR.say(f"dbt cannot read the project:\n{error}", style="red", keeps_lines=True)
        sys.exit(EXIT_NOT_PUBLISHED)


def main() -> None:
    """The process `kontor`: what is in its memory is dropped, and not taken down piece by piece."""
    keep_files_private()
    try:
        command()
    except SystemExit as end:
        if not isinstance(end.code, int):
            raise
        # A run leaves half a million objects; to take them down takes the better part of a second.
        atexit._run_exitfuncs()  # noqa: SLF001 - what others have registered, as by default
        for stream in filter(None, (sys.stdout, sys.stderr)):
            with suppress(OSError):
                stream.flush()
        os._exit(end.code)


if __name__ == "__main__":
    main()
