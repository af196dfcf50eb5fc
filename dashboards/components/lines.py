"""The orders behind a rate, as a table on the page and as a file."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

from dashboards.components import statuses
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row


def columns(context: Context, rate: Row, *, order_link: str = "") -> list[Column]:
    """Return the columns that explain why an order counts the way it does."""
    words = context.words
    shown = [
        Column(words.text("Order"), lambda row: row["order_id"], "strong", _link(order_link)),
        Column(words.text("Day"), lambda row: words.day(row["membership_date"])),
        Column(words.text("Counts"), lambda row: _counts(context, rate, row)),
    ]
    if rate["metric_id"] == "late_shipment_rate":
        shown += [
            _moment(context, words.text("Ship by"), "ship_by_at"),
            _moment(context, words.text("Shipped"), "shipped_at"),
        ]
    elif rate["unit"] == "rate" and rate["metric_id"] != "vendor_cancellation_rate":
        shown += [
            _moment(context, words.text("Promised"), "promised_at"),
            _moment(context, words.text("Delivered"), "delivered_at"),
        ]
    else:
        shown += [Column(words.text("Status"), lambda row: statuses.of_order(words, row["status"]))]
    return [
        *shown,
        Column(
            words.text("Sales"),
            lambda row: words.money(row["gmv"], row["currency_code"] or ""),
            "number",
        ),
    ]


def _counts(context: Context, rate: Row, row: Row) -> str:
    """Return how an order counts, in words."""
    words = context.words
    if rate["unit"] == "score":
        points = words.number(row["numerator_value"])
        return words.count(
            "{points} points, {n} review",
            "{points} points, {n} reviews",
            int(row["denominator_value"]),
            points=points,
        )
    is_met = row["in_numerator"] == rate["is_higher_better"]
    return words.text("met") if is_met else words.text("missed")


def _moment(context: Context, heading: str, column: str) -> Column:
    def text(row: Row) -> str:
        if row[column] is None:
            return context.words.text("not yet")
        return context.moment(row[column], with_zone=True)

    return Column(heading, text)


def _link(order_link: str) -> Callable[[Row], str] | None:
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
