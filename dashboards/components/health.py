"""The state of the data, as an operator sees it."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from dashboards.components import findings, html
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, message
from dashboards.words.words import NOTHING, Words
from output.findings.finding import Finding
from output.findings.reasons import row_reason

_OUTCOMES = {
    "published": message("The last run published a new version."),
    "unchanged": message("The last run found nothing new; the published version stands."),
    "blocked": message("A check blocked the last run; the version before it stands."),
    "failed": message("The last run did not finish; the version before it stands."),
}
_FRESHNESS = {
    "current": message("up to date"),
    "late": message("late"),
    "unknown": message("too early to tell"),
}
_DELIVERY = {
    "daily": message("daily"),
    "weekly": message("weekly"),
    "monthly": message("monthly"),
    "occasional": message("occasionally"),
}
_SEVERITIES = {"error": message("blocks publication"), "warn": message("warning")}
_CHECK_STATES = {
    "ok": message("Passed"),
    "warning": message("Warning"),
    "failed": message("Failed"),
}


def show_last_run(context: Context) -> None:
    """Show how the last run ended."""
    words, manifest, last_run = context.words, context.manifest, context.last_run
    version = words.text("Published version: {version}", version=manifest.version)
    if last_run is None:
        html.show("notice.html", kind="ok", title=version, lines=[])
        return
    html.show(
        "notice.html",
        kind="watch" if last_run.is_stale else "ok",
        title=words.code(_OUTCOMES, last_run.outcome),
        lines=[
            words.text("Ended {moment}", moment=context.utc_moment(last_run.at)),
            version,
            *findings.reasons(words, last_run),
        ],
    )


def title(words: Words, feed: Row) -> str:
    """Return what people call a feed."""
    return words.published(feed["title"]) or str(feed["feed"])


def feed_columns(context: Context) -> list[Column]:
    """Return the columns of the feeds' states."""
    words = context.words
    return [
        Column(words.text("Feed"), lambda row: title(words, row), "strong"),
        Column(words.text("State"), lambda row: findings.state(words, row), "state"),
        Column(words.text("Finding"), lambda row: findings.sentence(words, row), "wide"),
        Column(words.text("Expected"), lambda row: _of(words, _DELIVERY, row["delivery"])),
        Column(words.text("Freshness"), lambda row: _of(words, _FRESHNESS, row["freshness"])),
        Column(words.text("Rows"), lambda row: words.number(row["row_count"]), "number"),
        Column(
            words.text("Quarantined rows"),
            lambda row: words.number(row["quarantined_count"]),
            "number",
        ),
        Column(
            words.text("Days missing"),
            lambda row: words.number(row["missing_day_count"]),
            "number",
        ),
        Column(words.text("Newest event"), lambda row: words.day(row["last_event_date"]), "short"),
        Column(
            words.text("Last arrival"),
            lambda row: context.utc_moment(row["last_recorded_at"]),
            "short",
        ),
    ]


def held_back_columns(context: Context) -> list[Column]:
    """Return the columns of what failures hold back."""
    words = context.words
    return [
        Column(words.text("Feed"), lambda row: title(words, row), "strong"),
        Column(words.text("State"), lambda row: findings.state(words, row), "state"),
        Column(words.text("Finding"), lambda row: findings.sentence(words, row), "wide"),
        Column(words.text("What it affects"), lambda row: findings.held_back(words, row), "wide"),
    ]


def holding_back(feeds: Sequence[Row]) -> list[Row]:
    """Return the feeds that hold something back, those in trouble before those not delivered."""
    troubled = [row for row in feeds if row["state"] in {"failed", "warning"}]
    absent = [row for row in feeds if row["state"] == "absent"]
    return [*troubled, *filter(findings.is_missed, absent)]


def to_look_at(feeds: Sequence[Row]) -> list[Row]:
    """Return the feeds in trouble, of those that somebody delivers or should."""
    return [row for row in feeds if row["state"] not in {"ok", "absent"}]


def fine(feeds: Sequence[Row]) -> list[Row]:
    """Return the feeds of which nothing is to be said."""
    return [row for row in feeds if row["state"] == "ok"]


def absent_sentence(words: Words, feeds: Sequence[Row]) -> str:
    """Return the names of the feeds that nobody delivers, where there are some."""
    names = [title(words, row) for row in feeds if row["state"] == "absent"]
    return words.text("Not delivered: {feeds}.", feeds=", ".join(names)) if names else ""


def check_columns(context: Context) -> list[Column]:
    """Return the columns of the checks."""
    words = context.words
    return [
        Column(words.text("Check"), lambda row: str(row["check_name"]).replace("_", " "), "strong"),
        Column(words.text("State"), lambda row: words.code(_CHECK_STATES, row["state"]), "state"),
        Column(words.text("Feed"), lambda row: row["feed"] or NOTHING),
        Column(
            words.text("Severity"), lambda row: words.code(_SEVERITIES, row["severity"]), "short"
        ),
        Column(words.text("Result"), lambda row: findings.published(words, row["finding"]), "wide"),
        Column(
            words.text("What it affects"),
            lambda row: findings.published(words, row["held_back"]) or NOTHING,
            "wide",
        ),
        Column(words.text("Checked"), lambda row: context.utc_moment(row["run_at"]), "short"),
    ]


def quarantine_columns(context: Context) -> list[Column]:
    """Return the columns of the rows in quarantine."""
    words = context.words

    def place(row: Row) -> str:
        line = words.number(row["first_line"])
        return words.text("{file}, line {line}", file=row["path"], line=line)

    return [
        Column(words.text("Feed"), lambda row: row["feed"], "strong"),
        Column(words.text("Reason"), lambda row: _reason(words, row), "wide"),
        Column(words.text("Column"), lambda row: row["column_name"] or NOTHING),
        Column(words.text("Rows"), lambda row: words.number(row["row_count"]), "number"),
        Column(words.text("File, first line"), place, "wide"),
        Column(words.text("Since"), lambda row: context.utc_moment(row["first_seen_at"]), "short"),
    ]


def load_columns(context: Context) -> list[Column]:
    """Return the columns of the loads."""
    words = context.words
    counts = (
        (words.text("Received"), "received"),
        (words.text("Applied"), "applied"),
        (words.text("Unchanged"), "unchanged"),
        (words.text("Duplicate"), "duplicate"),
        (words.text("Quarantined"), "quarantined"),
        (words.text("Dropped"), "dropped"),
        (words.text("Late"), "late"),
    )
    return [
        Column(words.text("File"), lambda row: row["path"] or row["load_id"], "strong"),
        Column(words.text("Arrived"), lambda row: context.utc_moment(row["recorded_at"]), "short"),
        Column(words.text("Outcome"), lambda row: _outcome(words, row), "wide"),
        *(Column(heading, _count_of(words, column), "number") for heading, column in counts),
        Column(words.text("Arrived after"), lambda row: _lag(words, row), "number"),
    ]


def _of(words: Words, codes: dict[str, Message], code: str | None) -> str:
    return words.code(codes, code) if code in codes else NOTHING


def _reason(words: Words, row: Row) -> str:
    return findings.said(words, row_reason(row["reason_code"], row["column_name"]))


def _outcome(words: Words, row: Row) -> str:
    if row["status"] == "rejected":
        reason = Finding.of(row["reason_code"])
        detail = row["reason_detail"] or NOTHING
        return findings.said(words, Finding.of("file_rejected", reason=reason, detail=detail))
    return words.text("balanced") if row["is_balanced"] else words.text("does not add up")


def _count_of(words: Words, column: str) -> Callable[[Row], str]:
    return lambda row: words.number(row[column])


def _lag(words: Words, row: Row) -> str:
    hours = row["arrival_lag_hours"]
    return words.duration(None if hours is None else timedelta(hours=hours))
