"""Lists of what became of deliveries: loads, rows in quarantine, and checks."""

from datetime import timedelta

from dashboards.components import findings, health
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.health import feeds
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import counted, message
from dashboards.words.words import NOTHING
from output.findings.reasons import file_rejected, row_reason

_SEVERITIES = {"error": message("blocks publication"), "warn": message("warning")}
_CHECK_STATES = {
    "ok": message("Passed"),
    "warning": message("Warning"),
    "failed": message("Failed"),
}
_RESULTS = {"failed": message("Did not pass"), "passed": message("Passed")}


def _check(_context: Context, row: Row) -> str:
    return str(row["check_name"]).replace("_", " ")


def _found(context: Context, row: Row) -> str:
    return findings.published(context.words, row["finding"])


def _held_back(context: Context, row: Row) -> str:
    return findings.published(context.words, row["held_back"]) or NOTHING


def _place(context: Context, row: Row) -> str:
    line = context.words.number(row["first_line"])
    return context.words.text("{file}, line {line}", file=row["path"], line=line)


def _reason(context: Context, row: Row) -> str:
    return findings.said(context.words, row_reason(row["reason_code"], row["column_name"]))


def _outcome(context: Context, row: Row) -> str:
    words = context.words
    if row["status"] == "rejected":
        found = file_rejected(row["reason_code"], row["reason_detail"] or NOTHING)
        return findings.said(words, found)
    return words.text("balanced") if row["is_balanced"] else words.text("does not add up")


def _lag(context: Context, row: Row) -> str:
    hours = row["arrival_lag_hours"]
    return context.words.duration(None if hours is None else timedelta(hours=hours))


def _loaded_feeds(context: Context) -> dict[str, str]:
    return {
        str(feed["feed"]): health.title(context.words, feed)
        for feed in feeds(context.viewer)
        if feed["load_count"]
    }


CHECKS = Listing(
    name="checks",
    caption=message("Checks"),
    query="checks",
    key=("feed", "check_name"),
    default_order=(Order("state_rank"), Order("feed")),
    columns=(
        columns.said("check_name", message("Check"), _check, kind="strong"),
        columns.code(
            "state", message("State"), _CHECK_STATES, kind="state", order=Order("state_rank")
        ),
        columns.plain("feed", message("Feed")),
        columns.code("severity", message("Severity"), _SEVERITIES, kind="short"),
        columns.said("finding", message("Result"), _found, kind="wide", order=None),
        columns.said("held_back", message("What it affects"), _held_back, kind="wide", order=None),
        columns.utc_moment("run_at", message("Checked")),
    ),
    filters=(
        Choice(
            "result",
            message("Result"),
            message("Any result"),
            lambda context: {code: context.words.say(it) for code, it in _RESULTS.items()},
        ),
    ),
    count=counted("{first} to {last} of {n} check", "{first} to {last} of {n} checks"),
    empty=Empty(
        message("No checks yet"), message("The checks of the deliveries have not run yet.")
    ),
    phone=("check_name", "feed", "state", "run_at"),
)

LOADS = Listing(
    name="loads",
    caption=message("What became of every delivered file"),
    query="loads",
    key=("feed", "path", "load_id"),
    default_order=(Order("recorded_at", is_descending=True),),
    columns=(
        columns.said(
            "path",
            message("File"),
            lambda _context, row: row["path"] or row["load_id"],
            kind="strong",
        ),
        columns.plain("feed", message("Feed"), is_shown=False),
        columns.utc_moment("recorded_at", message("Arrived")),
        columns.said("status", message("Outcome"), _outcome, kind="wide"),
        columns.number("received", message("Received")),
        columns.number("applied", message("Applied")),
        columns.number("unchanged", message("Unchanged")),
        columns.number("duplicate", message("Duplicate")),
        columns.number("quarantined", message("Quarantined")),
        columns.number("dropped", message("Dropped")),
        columns.number("late", message("Late")),
        columns.rated("arrival_lag_hours", message("Arrived after"), _lag),
    ),
    filters=(Choice("feed", message("Feed"), message("All feeds"), _loaded_feeds),),
    count=counted("{first} to {last} of {n} load", "{first} to {last} of {n} loads"),
    empty=Empty(message("No loads"), message("Nothing has arrived for this feed.")),
    phone=("path", "received", "status", "recorded_at"),
)

QUARANTINE = Listing(
    name="quarantine",
    caption=message("Rows in quarantine, by reason"),
    query="quarantine",
    key=("feed", "path", "reason_code", "column_name"),
    default_order=(Order("row_count", is_descending=True),),
    columns=(
        columns.plain("feed", message("Feed"), kind="strong"),
        columns.said("reason_code", message("Reason"), _reason, kind="wide"),
        columns.plain("column_name", message("Column")),
        columns.number("row_count", message("Rows")),
        columns.said("path", message("File, first line"), _place, kind="wide"),
        columns.utc_moment("first_seen_at", message("Since")),
    ),
    count=counted("{first} to {last} of {n} reason", "{first} to {last} of {n} reasons"),
    empty=Empty(
        message("No rows in quarantine"), message("Every row that arrived meets its contract.")
    ),
    phone=("feed", "row_count", "reason_code", "first_seen_at"),
)
