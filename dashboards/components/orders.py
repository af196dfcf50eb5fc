"""Orders in lists and one by one, as a vendor sees them."""

from urllib.parse import quote, urlencode

from dashboards.components import wording
from dashboards.components.lines import status
from dashboards.components.tables import Column
from dashboards.queries.reader import Row
from dashboards.queries.vendor import OrderFilter


def list_columns(currency: str) -> list[Column]:
    """Return the columns of the list of orders."""
    return [
        Column("Order", lambda row: row["order_id"], "strong", _link),
        Column("Ordered", lambda row: wording.moment(row["ordered_at"])),
        Column("Status", lambda row: status(row["status"])),
        Column("Promised", lambda row: wording.moment(row["promised_at"])),
        Column("Delivered", _delivered),
        Column("Units", lambda row: wording.count(row["unit_count"]), "number"),
        Column(f"Sales, {currency}", lambda row: wording.count(row["gmv"], 2), "number"),
    ]


def line_columns(currency: str) -> list[Column]:
    """Return the columns of the lines of an order."""
    return [
        Column("Product", lambda row: row["product_name"] or row["product_id"], "strong"),
        Column("Status", lambda row: status(row["status"])),
        Column("Quantity", lambda row: wording.count(row["quantity"]), "number"),
        Column(f"Price, {currency}", lambda row: wording.count(row["unit_price"], 2), "number"),
        Column("Discount", lambda row: wording.count(row["discount_amount"], 2), "number"),
        Column(f"Sales, {currency}", lambda row: wording.count(row["gmv"], 2), "number"),
    ]


def number_columns() -> list[Column]:
    """Return the columns of the rates that an order counts in."""
    return [
        Column("Measure", lambda row: row["metric_name"] or row["metric_id"], "strong"),
        Column("Window", lambda row: wording.period(row["window_start"], row["window_end"])),
        Column("Counted on", lambda row: wording.day(row["membership_date"])),
        Column("In the numerator", lambda row: "yes" if row["in_numerator"] else "no"),
    ]


def lead(order: Row) -> str:
    """Return the order in a sentence."""
    if order["is_cancelled"]:
        return "This order was cancelled."
    if order["delivered_at"] is None:
        return f"Not delivered yet; promised for {wording.moment(order['promised_at'])}."
    late = "after" if order["is_late"] else "by"
    return f"Delivered {wording.moment(order['delivered_at'])}, {late} the promised time."


def facts(order: Row) -> list[tuple[str, str]]:
    """Return what is known about an order."""
    currency = order["currency_code"] or ""
    return [
        ("Ordered", wording.moment(order["ordered_at"])),
        ("Status", status(order["status"])),
        ("Channel", status(order["channel"])),
        ("Ship by", wording.moment(order["ship_by_at"])),
        ("Shipped", wording.moment(order["shipped_at"])),
        ("Promised", wording.moment(order["promised_at"])),
        ("Delivered", wording.moment(order["delivered_at"])),
        ("Sales", wording.money(order["gmv"], currency)),
        ("Shipping", wording.money(order["shipping_amount"], currency)),
        ("Commission", wording.money(order["commission_amount"], currency)),
        ("Rating", wording.score(order["review_rating"])),
    ]


def status_label(value: str) -> str:
    """Return a status as a choice."""
    return status(value).capitalize() if value else "Any status"


def download(which: OrderFilter) -> str:
    """Return where the list can be had as a file."""
    query = {
        "from": which.from_date.isoformat(),
        "status": which.status or "",
        "late": "1" if which.late_only else "",
        "search": which.search or "",
    }
    return f"/download/orders.csv?{urlencode({key: text for key, text in query.items() if text})}"


def _delivered(row: Row) -> str:
    if row["delivered_at"] is None:
        return "cancelled" if row["is_cancelled"] else "not yet"
    return wording.moment(row["delivered_at"]) + (", late" if row["is_late"] else "")


def _link(row: Row) -> str:
    return f"/orders?order={quote(row['order_id'], safe='')}"
