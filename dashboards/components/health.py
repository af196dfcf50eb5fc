"""The state of the data, as an operator sees it."""

from collections.abc import Callable, Sequence

from dashboards.components import html, model_checks, wording
from dashboards.components.tables import Column
from dashboards.published import LastRun, Manifest
from dashboards.queries.reader import Row
from dashboards.words.messages import message
from dashboards.words.words import words_in

_OUTCOMES = {
    "published": "The last run published a new version.",
    "unchanged": "The last run found nothing new; the published version stands.",
    "blocked": "A check blocked the last run; the version before it stands.",
    "failed": "The last run did not finish; the version before it stands.",
}
_HELD_BACK = {
    "nothing_depends": message("Nothing depends on it yet."),
    "empty": message("Empty without it: {what}."),
    "held_back": message("Held back: {what}."),
    "may_be_incomplete": message("May be incomplete or old: {what}."),
}
_FRESHNESS = {"current": "up to date", "late": "late", "unknown": "too early to say"}
_SEVERITIES = {"error": "stops publication", "warn": "warning"}
_CHECK_STATES = {"ok": "Passed", "warning": "Warning", "failed": "Failed"}


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
        Column("Expected", lambda row: row["delivery"] or wording.NOTHING),
        Column("Freshness", _freshness),
        Column("Rows", lambda row: wording.count(row["row_count"]), "number"),
        Column("Kept back", lambda row: wording.count(row["quarantined_count"]), "number"),
        Column("Days missing", lambda row: wording.count(row["missing_day_count"]), "number"),
        Column("Last event", lambda row: wording.day(row["last_event_date"]), "short"),
        Column("Last arrival", lambda row: wording.moment(row["last_recorded_at"]), "short"),
    ]


def held_back_columns() -> list[Column]:
    """Return the columns of what failures hold back."""
    return [
        Column("Feed", lambda row: row["title"] or row["feed"], "strong"),
        Column("State", _state, "state"),
        Column("Why", lambda row: row["explanation"] or "", "wide"),
        Column("What it holds back", held_back, "wide"),
    ]


def held_back(row: Row) -> str:
    """Return what becomes of what depends on a feed or a system."""
    code, what = row["held_back_code"], row["held_back_what"]
    # A check says itself what it holds back; where all is well there is nothing to say.
    if code in {"check", "nothing"}:
        return str(what)
    return words_in("en").code(_HELD_BACK, code, what=what)


def is_missed(row: Row) -> bool:
    """Return whether something that is not delivered leaves a gap that somebody could see."""
    return bool(row["held_back_code"] == "empty")


def holding_back(feeds: Sequence[Row]) -> list[Row]:
    """Return the feeds that hold something back, those in trouble before those not delivered."""
    troubled = [row for row in feeds if row["state"] in {"failed", "warning"}]
    absent = [row for row in feeds if row["state"] == "absent"]
    return [*troubled, *filter(is_missed, absent)]


def to_look_at(feeds: Sequence[Row]) -> list[Row]:
    """Return the feeds in trouble, of those that somebody delivers or should."""
    return [row for row in feeds if row["state"] not in {"ok", "absent"}]


def fine(feeds: Sequence[Row]) -> list[Row]:
    """Return the feeds of which nothing is to be said."""
    return [row for row in feeds if row["state"] == "ok"]


def absent_sentence(feeds: Sequence[Row]) -> str:
    """Return the names of the feeds that nobody delivers, where there are some."""
    names = [row["title"] or row["feed"] for row in feeds if row["state"] == "absent"]
    if not names:
        return ""
    return f"Not delivered, and nobody said they would be: {', '.join(names)}."


def check_columns() -> list[Column]:
    """Return the columns of the checks."""
    return [
        Column("Check", lambda row: str(row["check_name"]).replace("_", " "), "strong"),
        Column("State", _check_state, "state"),
        Column("Feed", lambda row: row["feed"] or wording.NOTHING),
        Column(
            "Severity", lambda row: _SEVERITIES.get(row["severity"], str(row["severity"])), "short"
        ),
        Column("What was found", lambda row: model_checks.found(words_in("en"), row), "wide"),
        Column("What it holds back", lambda row: row["held_back"] or wording.NOTHING, "wide"),
        Column("Ran", lambda row: wording.moment(row["run_at"]), "short"),
    ]


def quarantine_columns() -> list[Column]:
    """Return the columns of the rows kept back."""
    return [
        Column("Feed", lambda row: row["feed"], "strong"),
        Column("Reason", _reason, "wide"),
        Column("Column", lambda row: row["column_name"] or wording.NOTHING),
        Column("Rows", lambda row: wording.count(row["row_count"]), "number"),
        Column("File, first line", _place, "wide"),
        Column("Since", lambda row: wording.moment(row["first_seen_at"]), "short"),
    ]


def load_columns() -> list[Column]:
    """Return the columns of the loads."""
    return [
        Column("File", lambda row: row["path"] or row["load_id"], "strong"),
        Column("Arrived", lambda row: wording.moment(row["recorded_at"]), "short"),
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
        Column("Arrived after", lambda row: wording.lasted(row["arrival_lag_hours"]), "number"),
    ]


def _state(row: Row) -> str:
    return wording.STATE_WORDS.get(row["state"], str(row["state"]))


def _check_state(row: Row) -> str:
    return _CHECK_STATES.get(row["state"], str(row["state"]))


def _freshness(row: Row) -> str:
    return _FRESHNESS.get(row["freshness"], wording.NOTHING)


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
