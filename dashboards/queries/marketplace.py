"""What may be asked about the whole marketplace, and what is the same for everybody."""

from datetime import date

from dashboards.queries.asking import one, rows
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import Viewer


def summary(viewer: Viewer, window_id: str) -> Row | None:
    """Return the figures of a window and of the one before."""
    return one(viewer, "marketplace_summary", window_id=window_id)


def daily(viewer: Viewer, from_date: date) -> Rows:
    """Return every day since a date."""
    return rows(viewer, "marketplace_daily", from_date=from_date)


def attention(viewer: Viewer, window_end: date) -> Rows:
    """Return every rate that is likely beyond its limit, with the orders and sales behind it."""
    return rows(viewer, "attention", window_end=window_end)


def scorecard_counts(viewer: Viewer) -> Row | None:
    """Return how many vendors need action in how many measures, and what is to be watched."""
    return one(viewer, "scorecard_counts")


def vendor_attention(viewer: Viewer) -> Rows:
    """Return how vendors that looked at their pages changed beside others, all sizes first."""
    return rows(viewer, "vendor_attention")


def metrics(viewer: Viewer) -> dict[str, Row]:
    """Return the valid definitions by metric."""
    return {row["metric_id"]: row for row in rows(viewer, "metrics")}


def metric_versions(viewer: Viewer) -> Rows:
    """Return every version of every metric, the newest first; for operators."""
    return rows(viewer, "metric_versions")


def windows(viewer: Viewer) -> Rows:
    """Return the windows to choose from, the shortest first."""
    return rows(viewer, "windows")
