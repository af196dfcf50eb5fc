"""What a vendor may ask about its part of orders, and an operator about whole ones."""

from datetime import date, datetime

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


def to_ship(viewer: Viewer, first: datetime, until: datetime) -> Rows:
    """Return how many orders wait for each ship-by time of a span."""
    return rows(viewer, "orders_to_ship", from_date=first, until_date=until)


def order_trace(viewer: Viewer, order_id: str) -> Rows:
    """Return what happened to an order, from the first visit on, in its order; for operators."""
    return rows(viewer, "order_trace", order_id=order_id)


def problems_of_order(viewer: Viewer, order_id: str) -> Rows:
    """Return what is open or does not agree in one order, the oldest first; for operators."""
    return rows(viewer, "problems_of_order", order_id=order_id)


def problem_counts(viewer: Viewer) -> Rows:
    """Return how many problems there are of each kind, the most frequent first; for operators."""
    return rows(viewer, "order_problem_counts")


def problem_orders(viewer: Viewer) -> int:
    """Return how many orders have a problem."""
    found = one(viewer, "problem_orders")
    return int(found["order_count"]) if found else 0


def backlog(viewer: Viewer) -> Rows:
    """Return what is still to be delivered, by what it waits for and its age; for operators."""
    return rows(viewer, "order_backlog")


def cycle_times(viewer: Viewer, first_month: date) -> Rows:
    """Return the times of each stage by month of the order, from a month on; for operators."""
    return rows(viewer, "order_cycle_times", first_month=first_month)
