"""What may be asked about one vendor: by the vendor itself, or by an operator who names it.

A vendor leaves `vendor_id` out, for it is the viewer's own; the reader refuses one that names any.
"""

from datetime import date

from dashboards.queries.asking import one, rows
from dashboards.queries.paging import CAUSES
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import Viewer


def profile(viewer: Viewer, vendor_id: str | None = None) -> Row | None:
    """Return the vendor's entry."""
    return one(viewer, "vendor", vendor_id=vendor_id)


def summary(viewer: Viewer, window_id: str, vendor_id: str | None = None) -> Row | None:
    """Return the sales figures of a window."""
    return one(viewer, "vendor_summary", vendor_id=vendor_id, window_id=window_id)


def standing(viewer: Viewer, window_id: str, vendor_id: str) -> Row | None:
    """Return where the vendor stands among all in a window; for operators."""
    return one(viewer, "vendor_standing", vendor_id=vendor_id, window_id=window_id)


def daily(viewer: Viewer, from_date: date, vendor_id: str | None = None) -> Rows:
    """Return the days with sales since a date."""
    return rows(viewer, "vendor_daily", vendor_id=vendor_id, from_date=from_date)


def scorecard(
    viewer: Viewer,
    window_end: date,
    window_kind: str | None = None,
    *,
    vendor_id: str | None = None,
) -> Rows:
    """Return the rates of the windows that end then, the worst first.

    They are those that judge; with a `window_kind` those of that length, to look at.
    """
    return rows(
        viewer,
        "scorecard",
        vendor_id=vendor_id,
        window_end=window_end,
        window_kind=window_kind,
    )


def scorecard_marketplace(viewer: Viewer, window_end: date, vendor_id: str) -> dict[str, Row]:
    """Return by metric what stands beside the rates in the whole marketplace; for operators."""
    found = rows(viewer, "scorecard_marketplace", vendor_id=vendor_id, window_end=window_end)
    return {row["metric_id"]: row for row in found}


def metric_history(viewer: Viewer, metric_id: str, vendor_id: str | None = None) -> Rows:
    """Return one rate over its past windows."""
    return rows(viewer, "metric_history", vendor_id=vendor_id, metric_id=metric_id)


def metric_histories(viewer: Viewer, vendor_id: str | None = None) -> dict[str, list[Row]]:
    """Return every rate over its past windows, by metric."""
    found: dict[str, list[Row]] = {}
    for row in rows(viewer, "metric_history", vendor_id=vendor_id, metric_id=None):
        found.setdefault(str(row["metric_id"]), []).append(row)
    return found


def rule_errors(viewer: Viewer, metric_id: str, vendor_id: str | None = None) -> Rows:
    """Return how often judging a vendor of this size errs, watch first; none of a score."""
    return rows(viewer, "rule_errors", vendor_id=vendor_id, metric_id=metric_id)


def vendor_score(viewer: Viewer, window_end: date, vendor_id: str | None = None) -> Row | None:
    """Return the vendor score of the windows that end then, with the worst metric."""
    return one(viewer, "vendor_score", vendor_id=vendor_id, window_end=window_end)


def metric_causes(viewer: Viewer, rate: Row, vendor_id: str | None = None) -> Rows:
    """Return what the units behind a rate of the scorecard have in common.

    That is weekday, category and product.
    """
    return rows(
        viewer,
        "metric_causes",
        vendor_id=vendor_id,
        metric_id=rate["metric_id"],
        window_end=rate["window_end"],
        window_kind=rate["window_kind"],
        row_limit=CAUSES,
    )


def actions(viewer: Viewer) -> Rows:
    """Return what the vendor can do tomorrow and what it does to each measure, the best first."""
    return rows(viewer, "vendor_actions")


def peers(viewer: Viewer) -> Rows:
    """Return where the vendor stands among comparable ones in each measure, the worst first."""
    return rows(viewer, "vendor_peers")


def requests(viewer: Viewer, window_id: str) -> Row | None:
    """Return what became of the requests of a window; None where there never was one."""
    return one(viewer, "vendor_requests", window_id=window_id)


def complaints(viewer: Viewer, window_id: str) -> Rows:
    """Return what buyers complained of in a window, by kind and reason, the most frequent first."""
    return rows(viewer, "vendor_complaints", window_id=window_id)
