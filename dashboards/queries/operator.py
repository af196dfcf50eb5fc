"""What an operator or an analyst may ask of the whole marketplace."""

from datetime import date

from dashboards import resources
from dashboards.queries.paging import CAUSES, Part
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import Viewer


def marketplace_summary(viewer: Viewer, window_id: str) -> Row | None:
    """Return the figures of a window and of the one before."""
    return _one(_rows(viewer, "operator_mart_marketplace_summary", window_id=window_id))


def marketplace_daily(viewer: Viewer, from_date: date) -> Rows:
    """Return every day since a date."""
    return _rows(viewer, "operator_mart_marketplace_daily", from_date=from_date)


def attention(viewer: Viewer, window_end: date) -> Rows:
    """Return every rate that is likely beyond its limit, with the orders and sales behind it."""
    return _rows(viewer, "operator_mart_vendor_scorecard_attention", window_end=window_end)


def vendor_ranking(
    viewer: Viewer, window_id: str, *, state: str | None, search: str | None, part: Part
) -> Rows:
    """Return the vendors by sales in a window."""
    return _rows(
        viewer,
        "operator_mart_vendor_summary",
        window_id=window_id,
        state=state,
        search=search,
        row_limit=part.row_limit,
        row_offset=part.row_offset,
    )


def profile(viewer: Viewer, vendor_id: str) -> Row | None:
    """Return a vendor's entry, where there is such a vendor."""
    return _one(_rows(viewer, "operator_dim_vendors", vendor_id=vendor_id))


def vendor_summary(viewer: Viewer, vendor_id: str, window_id: str) -> Row | None:
    """Return the figures of one vendor in a window."""
    return _one(
        _rows(viewer, "operator_mart_vendor_summary_one", vendor_id=vendor_id, window_id=window_id)
    )


def vendor_daily(viewer: Viewer, vendor_id: str, from_date: date) -> Rows:
    """Return the days with sales of one vendor since a date."""
    return _rows(viewer, "operator_mart_vendor_daily", vendor_id=vendor_id, from_date=from_date)


def scorecard(viewer: Viewer, vendor_id: str, window_end: date) -> Rows:
    """Return the rates of one vendor, the worst first."""
    return _rows(
        viewer, "operator_mart_vendor_scorecard", vendor_id=vendor_id, window_end=window_end
    )


def metric_history(viewer: Viewer, vendor_id: str, metric_id: str) -> Rows:
    """Return one rate of one vendor over its past windows."""
    return _rows(
        viewer,
        "operator_mart_vendor_scorecard_history",
        vendor_id=vendor_id,
        metric_id=metric_id,
    )


def metric_lines(viewer: Viewer, rate: Row, *, in_numerator: bool | None, part: Part) -> Rows:
    """Return the orders or reviews behind a current rate of the scorecard."""
    return _rows(
        viewer,
        "operator_mart_vendor_metric_lines",
        vendor_id=rate["vendor_id"],
        metric_id=rate["metric_id"],
        window_end=rate["window_end"],
        in_numerator=in_numerator,
        row_limit=part.row_limit,
        row_offset=part.row_offset,
    )


def metric_causes(viewer: Viewer, rate: Row) -> Rows:
    """Return what the units behind a current rate have in common: weekday, category, product."""
    return _rows(
        viewer,
        "operator_mart_vendor_metric_causes",
        vendor_id=rate["vendor_id"],
        metric_id=rate["metric_id"],
        window_end=rate["window_end"],
        row_limit=CAUSES,
    )


def feeds(viewer: Viewer) -> Rows:
    """Return the state of every feed, the worst first."""
    return _rows(viewer, "operator_mart_feed_status")


def loads(viewer: Viewer, feed: str | None, part: Part) -> Rows:
    """Return what became of the delivered files, the newest first."""
    return _rows(
        viewer,
        "operator_mart_data_quality",
        feed=feed,
        row_limit=part.row_limit,
        row_offset=part.row_offset,
    )


def quarantine(viewer: Viewer, part: Part) -> Rows:
    """Return why rows were kept back, the most frequent reason first."""
    return _rows(viewer, "operator_mart_quarantine", row_limit=part.row_limit)


def systems(viewer: Viewer) -> Rows:
    """Return how every system stands that delivers feeds, the worst first."""
    return _rows(viewer, "operator_mart_integration_health")


def checks(viewer: Viewer, part: Part, *, is_passed: bool) -> Rows:
    """Return what the checks found that passed, or those that did not, failures first."""
    return _rows(
        viewer,
        "operator_mart_checks",
        is_passed=is_passed,
        row_limit=part.row_limit,
        row_offset=part.row_offset,
    )


def reconciliation(viewer: Viewer) -> Rows:
    """Return every comparison with another system, the worst first."""
    return _rows(viewer, "operator_mart_reconciliation_summary")


def residual_days(viewer: Viewer, comparison: Row, part: Part) -> Rows:
    """Return the days and vendors of a comparison with the largest residuals."""
    return _residuals(viewer, "operator_mart_reconciliation", comparison, part)


def residual_rows(viewer: Viewer, comparison: Row, part: Part) -> Rows:
    """Return the orders or settlement spans behind the residuals of a comparison."""
    return _residuals(viewer, "operator_mart_reconciliation_rows", comparison, part)


def _residuals(viewer: Viewer, query: str, comparison: Row, part: Part) -> Rows:
    return _rows(
        viewer,
        query,
        source=comparison["source"],
        measure=comparison["measure"],
        row_limit=part.row_limit,
        row_offset=part.row_offset,
    )


def metrics(viewer: Viewer) -> dict[str, Row]:
    """Return the valid definitions by metric."""
    return {row["metric_id"]: row for row in _rows(viewer, "operator_mart_metrics")}


def windows(viewer: Viewer) -> Rows:
    """Return the windows to choose from, the shortest first."""
    return _rows(viewer, "operator_mart_trailing_windows")


def _rows(viewer: Viewer, query: str, **parameters: object) -> Rows:
    return resources.current().reader.rows(viewer, query, **parameters)


def _one(rows: Rows) -> Row | None:
    return rows[0] if rows else None
