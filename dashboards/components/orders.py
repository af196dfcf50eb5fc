"""Orders in lists and one by one, as a vendor sees them."""

from urllib.parse import quote, urlencode

from dashboards.components import statuses, wording
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.queries.vendor import OrderFilter


def list_columns(context: Context) -> list[Column]:
    """Return the columns of the list of orders."""
    words = context.words
    return [
        Column(words.text("Order"), lambda row: row["order_id"], "strong", _link),
        Column(words.text("Ordered"), lambda row: context.moment(row["ordered_at"])),
        Column(words.text("Status"), lambda row: statuses.of_order(words, row["status"])),
        Column(words.text("Promised"), lambda row: context.moment(row["promised_at"])),
        Column(words.text("Delivered"), lambda row: _delivered(context, row)),
        Column(words.text("Units"), lambda row: words.number(row["unit_count"]), "number"),
        Column(words.text("Sales"), lambda row: context.money(row["gmv"]), "number"),
    ]


def line_columns(context: Context) -> list[Column]:
    """Return the columns of the lines of an order."""
    words = context.words
    return [
        Column(
            words.text("Product"), lambda row: row["product_name"] or row["product_id"], "strong"
        ),
        Column(words.text("Status"), lambda row: statuses.of_order(words, row["status"])),
        Column(words.text("Quantity"), lambda row: words.number(row["quantity"]), "number"),
        Column(words.text("Price"), lambda row: context.money(row["unit_price"]), "number"),
        Column(words.text("Discount"), lambda row: context.money(row["discount_amount"]), "number"),
        Column(words.text("Sales"), lambda row: context.money(row["gmv"]), "number"),
    ]


def number_columns(context: Context) -> list[Column]:
    """Return the columns of the rates that an order counts in."""
    words = context.words

    def counts(row: Row) -> str:
        return words.text("yes") if row["in_numerator"] else words.text("no")

    return [
        Column(words.text("Measure"), lambda row: wording.metric_name(words, row), "strong"),
        Column(
            words.text("Period"),
            lambda row: words.days(row["window_start"], row["window_end"]),
        ),
        Column(words.text("Counts on the"), lambda row: words.day(row["membership_date"])),
        Column(words.text("In the numerator"), counts),
    ]


def lead(context: Context, order: Row) -> str:
    """Return the order in a sentence."""
    words = context.words
    if order["is_cancelled"]:
        return words.text("This order was cancelled.")
    promised = context.moment(order["promised_at"], with_zone=True)
    if order["delivered_at"] is None:
        return words.text("Not delivered yet; promised for {moment}.", moment=promised)
    delivered = context.moment(order["delivered_at"], with_zone=True)
    if order["is_late"]:
        return words.text("Delivered {moment}, after the promised time.", moment=delivered)
    return words.text("Delivered {moment}, by the promised time.", moment=delivered)


def facts(context: Context, order: Row) -> list[tuple[str, str]]:
    """Return what is known about an order."""
    words, currency = context.words, order["currency_code"] or ""
    return [
        (words.text("Ordered"), context.moment(order["ordered_at"])),
        (words.text("Status"), statuses.of_order(words, order["status"])),
        (words.text("Channel"), statuses.channel(words, order["channel"])),
        (words.text("Ship by"), context.moment(order["ship_by_at"], with_zone=True)),
        (words.text("Shipped"), context.moment(order["shipped_at"], with_zone=True)),
        (words.text("Promised"), context.moment(order["promised_at"], with_zone=True)),
        (words.text("Delivered"), context.moment(order["delivered_at"], with_zone=True)),
        (words.text("Sales"), words.money(order["gmv"], currency)),
        (words.text("Shipping"), words.money(order["shipping_amount"], currency)),
        (words.text("Commission"), words.money(order["commission_amount"], currency)),
        (words.text("Rating"), wording.rating(words, order["review_rating"])),
    ]


def download(which: OrderFilter) -> str:
    """Return where the list can be had as a file."""
    query = {
        "from": which.from_date.isoformat(),
        "status": which.status or "",
        "late": "1" if which.late_only else "",
        "search": which.search or "",
    }
    return f"/download/orders.csv?{urlencode({key: text for key, text in query.items() if text})}"


def _delivered(context: Context, row: Row) -> str:
    words = context.words
    if row["delivered_at"] is None:
        return words.text("cancelled") if row["is_cancelled"] else words.text("not yet")
    moment = context.moment(row["delivered_at"])
    return words.text("{moment}, late", moment=moment) if row["is_late"] else moment


def _link(row: Row) -> str:
    return f"/orders?order={quote(row['order_id'], safe='')}"
