"""One order as an operator sees it: all vendors' parts, without the buyer."""

from decimal import Decimal
from urllib.parse import quote

from dashboards.components import orders, statuses, vendors
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row


def link(row: Row) -> str:
    """Return where an operator sees an order."""
    return f"/order?order={quote(row['order_id'], safe='')}"


def facts(context: Context, order: Row) -> list[tuple[str, str]]:
    """Return what is known about an order."""
    words, currency = context.words, order["currency_code"] or ""

    def money(column: str) -> str:
        return words.money(order[column], currency)

    return [
        (words.text("Ordered"), context.moment(order["ordered_at"])),
        (words.text("Status"), statuses.of_order(words, order["status"])),
        (words.text("Channel"), statuses.channel(words, order["channel"])),
        (words.text("Vendors"), words.number(order["vendor_count"])),
        (words.text("Promised"), context.moment(order["promised_at"], with_zone=True)),
        (words.text("Shipped"), context.moment(order["shipped_at"], with_zone=True)),
        (words.text("Delivered"), context.moment(order["delivered_at"], with_zone=True)),
        (words.text("Sales"), money("gmv")),
        (words.text("Net sales"), money("gmv_net")),
        (
            words.text("Discount on the order"),
            words.money(_less(order["discount_amount"]), currency),
        ),
        (words.text("Shipping"), money("shipping_amount")),
        (words.text("Tax"), money("tax_amount")),
        (words.text("Order total"), money("total_amount")),
        (words.text("Commission"), money("commission_amount")),
        (words.text("Paid, less refunds"), money("paid_amount")),
        (words.text("Refunded"), money("refunded_amount")),
    ]


def _less(amount: Decimal | None) -> Decimal | None:
    """Return what is taken off, so that sales, discount, shipping and tax add up to the total."""
    return None if amount is None else -amount


def line_columns(context: Context) -> list[Column]:
    """Return the columns of the lines of all vendors."""
    words = context.words
    return [
        _vendor(context),
        *orders.line_columns(context),
        Column(words.text("Ship by"), lambda row: context.moment(row["ship_by_at"])),
        Column(words.text("Shipped"), lambda row: context.moment(row["shipped_at"])),
        Column(words.text("Delivered"), lambda row: context.moment(row["delivered_at"])),
    ]


def measure_columns(context: Context) -> list[Column]:
    """Return the columns of the vendors' measures that the order counts in."""
    return [_vendor(context), *orders.number_columns(context)]


def _vendor(context: Context) -> Column:
    link = vendors.link if context.has_page("operator_vendors") else None
    return Column(context.words.text("Vendor"), vendors.name, "strong", link)
