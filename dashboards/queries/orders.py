"""What a vendor may ask about its part of orders, and an operator about whole ones."""

from datetime import date, datetime

from dashboards.queries.asking import one, rows
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import Viewer


def order_statuses(viewer: Viewer) -> list[str]:
    """Return the statuses that occur."""
    return [row["status"] for row in rows(viewer, "order_statuses")]


def order_counts(viewer: Viewer, from_date: date, to_date: date) -> Row | None:
    """Return how many orders of these days there are, were late or cancelled; None without any."""
    return one(viewer, "order_counts", from_date=from_date, to_date=to_date)


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


def parts(viewer: Viewer, order_id: str) -> Rows:
    """Return when each vendor of an order shipped and delivered its part; for operators."""
    return rows(viewer, "order_parts", order_id=order_id)


def steps(viewer: Viewer, order_id: str) -> Rows:
    """Return answers, documents, payments and returns of an order; for operators."""
    return rows(viewer, "order_steps", order_id=order_id)


def payouts(viewer: Viewer, order_id: str) -> Rows:
    """Return what of an order was paid out to each vendor, by statement; for operators."""
    return rows(viewer, "order_payouts", order_id=order_id)


def touchpoints(viewer: Viewer, order_id: str) -> Rows:
    """Return tickets, reviews, surveys and messages about an order; for operators."""
    return rows(viewer, "order_touchpoints", order_id=order_id)


def cart(viewer: Viewer, cart_id: str) -> Row | None:
    """Return the cart from which an order came, where events tell of it; for operators."""
    return one(viewer, "order_cart", cart_id=cart_id)


def visits(viewer: Viewer, customer_id: str, first: datetime, until: datetime) -> Rows:
    """Return the visits of a customer that began in a span, both ends included; for operators."""
    return rows(
        viewer, "order_visits", customer_id=customer_id, from_moment=first, until_moment=until
    )


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


def cycle_times(viewer: Viewer) -> Rows:
    """Return the times of each stage by month of the order, the last one first; for operators."""
    return rows(viewer, "order_cycle_times")
