"""The orders behind a rate, as a table on the page and as a file."""

from typing import Any
from urllib.parse import quote, urlencode

from dashboards.components import wording
from dashboards.components.tables import Column
from dashboards.queries.reader import Row


def columns(rate: Row, *, order_link: str = "") -> list[Column]:
    """Return the columns that explain why an order counts the way it does."""
    shown = [
        Column("Order", lambda row: row["order_id"], "strong", _link(order_link)),
        Column("Day", lambda row: wording.day(row["membership_date"])),
        Column("Counts", lambda row: counts(rate, row)),
    ]
    if rate["metric_id"] == "late_shipment_rate":
        shown += [_moment("Ship by", "ship_by_at"), _moment("Shipped", "shipped_at")]
    elif rate["unit"] == "rate" and rate["metric_id"] != "vendor_cancellation_rate":
        shown += [_moment("Promised", "promised_at"), _moment("Delivered", "delivered_at")]
    else:
        shown += [Column("Status", lambda row: status(row["status"]))]
    return [*shown, Column("Sales", _sales, "number")]


def counts(rate: Row, row: Row) -> str:
    """Return how an order counts, in words."""
    if rate["unit"] == "score":
        reviews = wording.ordinary_count(row["denominator_value"], "review", "reviews")
        return f"{wording.count(row['numerator_value'])} points, {reviews}"
    if rate["is_higher_better"]:
        return "met" if row["in_numerator"] else "missed"
    return "missed" if row["in_numerator"] else "met"


def status(value: Any) -> str:
    """Return a status as a word."""
    return str(value or wording.NOTHING).replace("_", " ")


def _sales(row: Row) -> str:
    return wording.money(row["gmv"], row["currency_code"] or "")


def _moment(heading: str, column: str) -> Column:
    def text(row: Row) -> str:
        return "not yet" if row[column] is None else wording.moment(row[column])

    return Column(heading, text)


def _link(order_link: str) -> Any:
    if not order_link:
        return None
    return lambda row: f"{order_link}?order={quote(row['order_id'], safe='')}"


def download(rate: Row) -> str:
    """Return where the whole list can be had as a file."""
    query = {"vendor": rate["vendor_id"], "metric": rate["metric_id"]}
    return f"/download/orders-behind-rate.csv?{urlencode(query)}"


def own_download(rate: Row) -> str:
    """Return where a vendor has its own list; the address names no vendor."""
    return f"/download/orders-behind-rate.csv?{urlencode({'metric': rate['metric_id']})}"
