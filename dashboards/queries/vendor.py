"""What a vendor may ask. The vendor is the viewer's; no function takes another."""

from dataclasses import dataclass
from datetime import date

from dashboards import resources
from dashboards.queries.paging import CAUSES, Part
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import Viewer


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders to list."""

    from_date: date
    status: str | None = None
    late_only: bool = False
    search: str | None = None


def profile(viewer: Viewer) -> Row | None:
    """Return the vendor's own entry."""
    return _one(_rows(viewer, "vendor_dim_vendors"))


def summary(viewer: Viewer, window_id: str) -> Row | None:
    """Return the sales figures of a window."""
    return _one(_rows(viewer, "vendor_mart_vendor_summary", window_id=window_id))


def daily(viewer: Viewer, from_date: date) -> Rows:
    """Return the days with sales since a date."""
    return _rows(viewer, "vendor_mart_vendor_daily", from_date=from_date)


def scorecard(viewer: Viewer, window_end: date) -> Rows:
    """Return the rates of the windows that end then, the worst first."""
    return _rows(viewer, "vendor_mart_vendor_scorecard", window_end=window_end)


def metric_history(viewer: Viewer, metric_id: str) -> Rows:
    """Return one rate over its past windows."""
    return _rows(viewer, "vendor_mart_vendor_scorecard_history", metric_id=metric_id)


def metric_lines(
    viewer: Viewer, metric_id: str, window_end: date, *, in_numerator: bool | None, part: Part
) -> Rows:
    """Return the orders or reviews behind a current rate."""
    return _rows(
        viewer,
        "vendor_mart_vendor_metric_lines",
        metric_id=metric_id,
        window_end=window_end,
        in_numerator=in_numerator,
        row_limit=part.row_limit,
        row_offset=part.row_offset,
    )


def metric_causes(viewer: Viewer, rate: Row) -> Rows:
    """Return what the units behind a current rate have in common: weekday, category, product."""
    return _rows(
        viewer,
        "vendor_mart_vendor_metric_causes",
        metric_id=rate["metric_id"],
        window_end=rate["window_end"],
        row_limit=CAUSES,
    )


def to_ship(viewer: Viewer, from_date: date, until_date: date) -> Rows:
    """Return how many orders wait for each ship-by time of some days."""
    return _rows(viewer, "vendor_fct_orders_to_ship", from_date=from_date, until_date=until_date)


def orders(viewer: Viewer, which: OrderFilter, part: Part) -> Rows:
    """Return a list of the vendor's parts of orders, the newest first."""
    return _rows(
        viewer,
        "vendor_fct_orders",
        from_date=which.from_date,
        status=which.status,
        late_only=which.late_only,
        search=which.search,
        row_limit=part.row_limit,
        row_offset=part.row_offset,
    )


def order_statuses(viewer: Viewer) -> list[str]:
    """Return the statuses that occur."""
    return [row["status"] for row in _rows(viewer, "vendor_fct_orders_statuses")]


def order(viewer: Viewer, order_id: str) -> Row | None:
    """Return the vendor's part of one order; of another's order, nothing."""
    return _one(_rows(viewer, "vendor_fct_orders_detail", order_id=order_id))


def order_lines(viewer: Viewer, order_id: str) -> Rows:
    """Return the vendor's lines of one order."""
    return _rows(viewer, "vendor_fct_order_lines", order_id=order_id)


def order_numbers(viewer: Viewer, order_id: str, window_end: date) -> Rows:
    """Return the rates in which an order counts."""
    return _rows(
        viewer,
        "vendor_mart_vendor_metric_lines_of_order",
        order_id=order_id,
        window_end=window_end,
    )


def metrics(viewer: Viewer) -> dict[str, Row]:
    """Return the valid definitions by metric."""
    return {row["metric_id"]: row for row in _rows(viewer, "vendor_mart_metrics")}


def windows(viewer: Viewer) -> Rows:
    """Return the windows to choose from, the shortest first."""
    return _rows(viewer, "vendor_mart_trailing_windows")


def _rows(viewer: Viewer, query: str, **parameters: object) -> Rows:
    return resources.current().reader.rows(viewer, query, **parameters)


def _one(rows: Rows) -> Row | None:
    return rows[0] if rows else None
