"""Orders in lists and one by one, as a vendor sees them."""

from urllib.parse import quote

from dashboards.components import statuses, wording
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, Days, Flag, Search
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.orders import order_statuses
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, counted, message
from dashboards.words.words import Words

_TO_SHIP: Message = counted(
    "{n} order is to be shipped by the end of tomorrow, {overdue} overdue.",
    "{n} orders are to be shipped by the end of tomorrow, {overdue} overdue.",
)
_NOTHING_TO_SHIP = message("No order has to be shipped by the end of tomorrow.")


def verdict(words: Words, actions: Rows, counts: Row | None) -> str:
    """Return what is to be shipped now, and how the orders of a period went."""
    waiting = {row["action_id"]: int(row["unit_count"]) for row in actions}
    overdue = waiting.get("ship_overdue", 0)
    total = waiting.get("ship_due", 0) + overdue
    said = words.say(_TO_SHIP if total else _NOTHING_TO_SHIP, n=total, overdue=overdue)
    if counts is None:
        return said
    return f"{said} " + words.count(
        "Of {n} order in this period {late} arrived late and {cancelled} was cancelled.",
        "Of {n} orders in this period {late} arrived late and {cancelled} were cancelled.",
        counts["order_count"],
        late=words.number(counts["late_count"]),
        cancelled=words.number(counts["cancelled_count"]),
    )


def line_columns(context: Context) -> list[Column]:
    """Return the columns of the lines of an order."""
    words = context.words
    return [
        Column(
            words.text("Product"), lambda row: row["product_name"] or row["product_id"], "strong"
        ),
        Column(words.text("Status"), lambda row: statuses.of_order(words, row["status"])),
        Column(words.text("Quantity"), lambda row: _quantity(words, row), "number"),
        Column(words.text("Price"), lambda row: context.money(row["unit_price"]), "number"),
        Column(words.text("Discount"), lambda row: context.money(row["discount_amount"]), "number"),
        Column(words.text("Sales"), lambda row: context.money(row["gmv"]), "number"),
    ]


def _quantity(words: Words, row: Row) -> str:
    """Return how much was ordered, with its unit where that is no piece."""
    said = words.quantity(row["quantity"])
    return said if row["unit"] == "piece" else f"{said} {row['unit']}"


def number_columns(context: Context) -> list[Column]:
    """Return the columns of the rates that an order counts in."""
    words = context.words

    def counts(row: Row) -> str:
        return words.text("yes") if row["in_numerator"] else words.text("no")

    def of_line(row: Row) -> str:
        if row["order_line_id"] is None:
            return words.text("all lines")
        return str(row["product_name"] or row["order_line_id"])

    return [
        Column(
            words.text("Measure"),
            lambda row: wording.metric_name(words, row, is_own=context.is_vendor),
            "strong",
            _measure if context.is_vendor else None,
        ),
        Column(words.text("Product"), of_line),
        Column(
            words.text("Period"),
            lambda row: words.days(row["window_start"], row["window_end"]),
        ),
        Column(words.text("Counts on the"), lambda row: words.day(row["membership_date"])),
        Column(words.text("In the numerator"), counts),
        Column(words.text("Number of this figure"), lambda row: row["number_id"], "wide"),
    ]


def _measure(row: Row) -> str:
    """Return where the vendor's own measure is in full."""
    return f"/performance?metric={quote(row['metric_id'], safe='')}"


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


def link(_context: Context, row: Row) -> str:
    """Return where an order's page is."""
    return f"/orders?order={quote(row['order_id'], safe='')}"


def _delivered(context: Context, row: Row) -> str:
    words = context.words
    if row["delivered_at"] is None:
        return words.text("cancelled") if row["is_cancelled"] else words.text("not yet")
    moment = context.moment(row["delivered_at"])
    return words.text("{moment}, late", moment=moment) if row["is_late"] else moment


def _statuses(context: Context) -> dict[str, str]:
    words = context.words
    return {code: statuses.of_order(words, code) for code in order_statuses(context.viewer)}


def _channel(context: Context, row: Row) -> str:
    return statuses.channel(context.words, row["channel"])


ORDERS = Listing(
    name="orders",
    caption=message("Your orders"),
    query="orders",
    key=("order_id",),
    default_order=(Order("ordered_at", is_descending=True),),
    columns=(
        columns.plain("order_id", message("Order"), kind="strong", link=link),
        columns.moment("ordered_at", message("Ordered")),
        columns.code("status", message("Status"), statuses.OF_ORDERS),
        columns.moment("ship_by_at", message("Ship by"), is_shown=False),
        columns.moment("shipped_at", message("Shipped"), is_shown=False),
        columns.moment("promised_at", message("Promised")),
        columns.moment("delivered_at", message("Delivered"), _delivered),
        columns.said("channel", message("Channel"), _channel, is_shown=False),
        columns.number("line_count", message("Lines"), is_shown=False),
        columns.quantity("unit_count", message("Units")),
        columns.money("gmv", message("Sales"), "currency_code"),
        columns.money("gmv_net", message("Net sales"), "currency_code", is_shown=False),
        columns.money("shipping_amount", message("Shipping"), "currency_code", is_shown=False),
        columns.money("commission_amount", message("Commission"), "currency_code", is_shown=False),
        columns.plain("currency_code", message("Currency"), is_shown=False),
        columns.yes_or_no("is_cancelled", message("Cancelled"), is_shown=False),
        columns.yes_or_no("is_late", message("Late"), is_shown=False),
        columns.number("review_rating", message("Rating"), decimals=1, is_shown=False),
    ),
    filters=(
        Days(),
        Search(message("Order ID"), message("Search by order ID")),
        Choice("status", message("Status"), message("Any status"), _statuses),
        Flag("late", message("Delivered late only"), "late_only"),
    ),
    count=counted("{first} to {last} of {n} order", "{first} to {last} of {n} orders"),
    empty=Empty(message("No orders found"), message("Nothing matches this search in this period.")),
    phone=("order_id", "gmv", "status", "promised_at"),
)
