"""What a vendor may ask about its part of orders, and an operator about whole ones."""

from datetime import date

from dashboards.queries.asking import one, rows
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import Viewer


def order_statuses(viewer: Viewer) -> list[str]:
    """Return the statuses that occur."""
    return [row["status"] for row in rows(viewer, "order_statuses")]


def order(viewer: Viewer, order_id: str) -> Row | None:
    """Return the vendor's part of one order; of another's order, nothing."""
    return one(viewer, "order", order_id=order_id)


def order_lines(viewer: Viewer, order_id: str) -> Rows:
    """Return the vendor's lines of one order."""
    return rows(viewer, "order_lines", order_id=order_id)


def metrics_of_order(viewer: Viewer, order_id: str, window_end: date) -> Rows:
    """Return the rates in which an order counts."""
    return rows(viewer, "metrics_of_order", order_id=order_id, window_end=window_end)


def whole_order(viewer: Viewer, order_id: str) -> Row | None:
    """Return an order with the parts of all vendors; for operators."""
    return one(viewer, "whole_order", order_id=order_id)


def whole_order_lines(viewer: Viewer, order_id: str) -> Rows:
    """Return the lines of an order by vendor; for operators."""
    return rows(viewer, "whole_order_lines", order_id=order_id)


def whole_order_measures(viewer: Viewer, order_id: str, window_end: date) -> Rows:
    """Return the rates in which an order counts, by vendor; for operators."""
    return rows(viewer, "whole_order_measures", order_id=order_id, window_end=window_end)
