"""The state of the data, as an operator sees it."""

from collections.abc import Callable

from dashboards.components import html, wording
from dashboards.components.tables import Column
from dashboards.published import LastRun, Manifest
from dashboards.queries.reader import Row

_OUTCOMES = {
    "published": "The last run published a new version.",
    "unchanged": "The last run found nothing new; the published version stands.",
    "blocked": "A check blocked the last run; the version before it stands.",
    "failed": "The last run did not finish; the version before it stands.",
}


def show_last_run(last_run: LastRun | None, manifest: Manifest) -> None:
    """Show how the last run ended."""
    if last_run is None:
        html.show("notice.html", kind="ok", title=f"Version {manifest.version}.", lines=[])
        return
    html.show(
        "notice.html",
        kind="watch" if last_run.is_stale else "ok",
        title=_OUTCOMES[last_run.outcome],
        lines=[
            f"Ended {wording.moment(last_run.at)} UTC",
            f"Published version: {manifest.version}",
            *last_run.reasons,
        ],
    )


def feed_columns() -> list[Column]:
    """Return the columns of the feeds' states."""
    return [
        Column("Feed", lambda row: row["title"] or row["feed"], "strong"),
        Column("State", _state, "state"),
        Column("What this means", lambda row: row["explanation"] or "", "wide"),
        Column("Rows", lambda row: wording.count(row["row_count"]), "number"),
        Column("Kept back", lambda row: wording.count(row["quarantined_count"]), "number"),
        Column("Days missing", lambda row: wording.count(row["missing_day_count"]), "number"),
        Column("Last event", lambda row: wording.day(row["last_event_date"])),
        Column("Last arrival", lambda row: wording.moment(row["last_recorded_at"])),
    ]


def quarantine_columns() -> list[Column]:
    """Return the columns of the rows kept back."""
    return [
        Column("Feed", lambda row: row["feed"], "strong"),
        Column("Reason", _reason, "wide"),
        Column("Column", lambda row: row["column_name"] or wording.NOTHING),
        Column("Rows", lambda row: wording.count(row["row_count"]), "number"),
        Column("File, first line", _place, "wide"),
        Column("Since", lambda row: wording.moment(row["first_seen_at"])),
    ]


def load_columns() -> list[Column]:
    """Return the columns of the loads."""
    return [
        Column("File", lambda row: row["path"] or row["load_id"], "strong"),
        Column("Arrived", lambda row: wording.moment(row["recorded_at"])),
        Column("Outcome", _outcome, "wide"),
        *(
            Column(heading, _count_of(column), "number")
            for heading, column in (
                ("Received", "received"),
                ("Applied", "applied"),
                ("Unchanged", "unchanged"),
                ("Duplicate", "duplicate"),
                ("Kept back", "quarantined"),
                ("Late", "late"),
            )
        ),
    ]


def _state(row: Row) -> str:
    return wording.STATE_WORDS.get(row["state"], str(row["state"]))


def _reason(row: Row) -> str:
    return row["example_detail"] or str(row["reason_code"]).replace("_", " ")


def _place(row: Row) -> str:
    return f"{row['path']}, line {wording.count(row['first_line'])}"


def _outcome(row: Row) -> str:
    if row["status"] == "rejected":
        return f"rejected: {row['reason_detail'] or row['reason_code']}"
    return "balanced" if row["is_balanced"] else "does not add up"


def _count_of(column: str) -> Callable[[Row], str]:
    return lambda row: wording.count(row[column])
