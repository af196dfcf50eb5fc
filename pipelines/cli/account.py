"""The summary that `ingest` and `run` end with: what became of each feed's rows."""

from typing import TYPE_CHECKING

from output.terminal import ERR
from pipelines.home import HomeBusyError
from pipelines.marketplaces import marketplace_named
from pipelines.settings import PipelineSettings

if TYPE_CHECKING:
    from pipelines.loading.feed_lines import FeedLine
    from pipelines.runs.run import RunArguments

_HEADS = (
    "feed", "files", "new", "rows", "loaded", "replaced", "repeated", "dropped", "quarantined",
)  # fmt: skip


def lines_of(settings: PipelineSettings, arguments: "RunArguments") -> "list[FeedLine]":
    """A summary per feed; empty if another run has started in the meantime."""
    from pipelines.loading.feed_lines import feed_lines  # noqa: PLC0415 - imports duckdb
    from pipelines.loading.warehouse import open_warehouse  # noqa: PLC0415

    home = settings.home_folder
    marketplace = marketplace_named(arguments.marketplace, home)
    recorded_at = arguments.now.replace(tzinfo=None).isoformat(" ")
    try:
        with home.writing(), open_warehouse(home.warehouse) as connection:
            return feed_lines(connection, marketplace, recorded_at)
    except HomeBusyError:
        return []


def show_account(lines: "list[FeedLine]") -> None:
    """Prints a line per feed, then why rows are in quarantine, and notes."""
    rows = [
        (
            line.feed, line.files, line.new_loads, line.received, line.loaded, line.replaced,
            line.duplicate, line.dropped, line.quarantined,
        )
        for line in lines
    ]  # fmt: skip
    if rows:
        ERR.table(_HEADS, rows)
    for line in lines:
        for reason, count in line.waiting:
            ERR.say(f"  {line.feed}: {count:,} quarantined: {reason}")
        for note in line.notes:
            ERR.say(f"  {line.feed}: {note}")


def waiting_count(lines: "list[FeedLine]") -> int:
    """The number of rows and files in quarantine."""
    return sum(line.waiting_count for line in lines)
