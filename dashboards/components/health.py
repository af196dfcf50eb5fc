"""The state of the data, as an operator sees it."""

from collections.abc import Sequence

from dashboards.components import findings, html
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, message
from dashboards.words.words import NOTHING, Words

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
            *last_run.reasons,
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


def _of(words: Words, codes: dict[str, Message], code: str | None) -> str:
    return words.code(codes, code) if code in codes else NOTHING
