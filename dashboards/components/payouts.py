"""Payouts: their words, their parts as a waterfall and a table, and the lists of them."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import streamlit as st

from dashboards.charts import waterfall
from dashboards.components import orders, tables
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, Flag, Id, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, counted, message, message_in
from dashboards.words.words import Words

STATES: Mapping[str, Message] = {
    "paid": message_in("payout", "Paid"),
    "open": message_in("payout", "Not paid yet"),
    "held": message_in("payout", "Held back"),
    "awaited": message("Delivered, in no payout yet"),
    "overdue": message("Delivered long ago, in no payout"),
    "undelivered": message("Ordered, not delivered yet"),
    "unstated": message("Delivered; payouts are not reported here"),
}
_SETTLED = {code: STATES[code] for code in ("paid", "open", "held")}
REASONS: Mapping[str, Message] = {
    "none": message("As expected from your orders"),
    "rounding": message("Rounded differently"),
    "refund_without_return": message("Charges a refund for which there is no return"),
    "return_not_charged": message("A return is not charged"),
    "commission_changed": message("Commission differs from the order lines"),
    "goods_not_settled": message("Delivered goods are missing"),
    "goods_without_delivery": message("Goods that were not delivered in these days"),
    "parts_do_not_add_up": message("Its parts do not add up"),
}
_PARTS: Mapping[str, Message] = {
    "list_sales_amount": message("Sales before discounts"),
    "discount_amount": message("Discounts"),
    "cancelled_amount": message("Cancelled after delivery"),
    "refund_amount": message("Refunds for returns"),
    "shipping_amount": message("Shipping passed on"),
    "commission_amount": message("Commission"),
    "commission_returned_amount": message("Commission given back"),
    "fee_amount": message("Other fees"),
    "goods_difference": message("Goods settled otherwise"),
    "refund_difference": message("Refunds charged otherwise"),
    "commission_difference": message("Commission charged otherwise"),
    "calculation_difference": message("Not in any of its parts"),
}
_YEAR = timedelta(days=365)


def first_day(context: Context) -> Any:
    """Return the first day of the year that the page sums up."""
    return context.window_end - _YEAR


def totals(rows: Rows, currency: str) -> dict[str, Any]:
    """Return the sums of what payouts settled in a currency, of all states that have a payout."""
    settled = [
        row for row in rows if row["currency_code"] == currency and row["status"] in _SETTLED
    ]
    names = (*_PARTS, "payout_amount", "paid_amount", "sales_amount", "different_count")
    found: dict[str, Any] = {
        name: sum((row[name] or 0 for row in settled), Decimal(0)) for name in names
    }
    return found | {"currency_code": currency, "statement_count": len(settled)}


def share_kept(total: Row) -> Decimal | None:
    """Return what payouts kept of the goods they settled: commission, as charged, and fees."""
    kept = ("commission_amount", "commission_returned_amount", "commission_difference")
    if not total["sales_amount"]:
        return None
    whole = sum((total[name] for name in (*kept, "fee_amount")), Decimal(0))
    return Decimal(-whole / total["sales_amount"])


def open_amount(rows: Rows, currency: str, *states: str) -> Decimal:
    """Return what is not paid yet of statements of these states, in a currency."""
    return sum(
        (
            row["open_amount"]
            for row in rows
            if row["currency_code"] == currency and row["status"] in states
        ),
        Decimal(0),
    )


def currencies(context: Context, rows: Rows) -> list[str]:
    """Return the currencies: the marketplace's, then by the number in which sales are larger."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        code = str(row["currency_code"])
        sums[code] = sums.get(code, Decimal(0)) + row["sales_amount"]
    own = context.manifest.currency_code
    return sorted(sums, key=lambda code: (code != own, -sums[code], code))


def show_waterfall(context: Context, sums: Row, title: str) -> None:
    """Show the way from sales to the payout, and the same as a table."""
    words, currency = context.words, str(sums["currency_code"])

    def step(name: str, amount: Decimal, *, is_total: bool = False) -> waterfall.Step:
        return waterfall.Step(name, float(amount), words.money(amount, currency), is_total)

    parts = [step(words.say(said), sums[name]) for name, said in _PARTS.items() if sums[name]]
    payout = sums["payout_amount"]
    if payout is None:
        payout = sum((sums[name] for name in _PARTS), Decimal(0))
    parts.append(step(words.text("Payout"), payout, is_total=True))
    st.header(title, anchor=False)
    titles = (words.text("Part"), words.text("Amount, {currency}", currency=currency))
    st.vega_lite_chart(waterfall.steps(words, parts, titles))
    with st.expander(words.text("The numbers behind the chart: {title}", title=title)):
        tables.show(
            [
                Column(words.text("Part"), lambda row: row["name"], "strong", place="id"),
                Column(words.text("Amount"), lambda row: row["said"], "number", place="amount"),
            ],
            [{"name": part.name, "said": part.said} for part in parts],
            caption=title,
        )


def show_open(context: Context, rows: Rows) -> None:
    """Show what is not paid yet by how far it has come."""
    words = context.words
    waiting = [row for row in rows if row["status"] != "paid" and row["open_amount"]]
    if not waiting:
        return
    title = words.text("Outstanding")
    st.header(title, anchor=False)
    order = list(STATES)
    tables.show(
        [
            Column(
                words.text("Stage"),
                lambda row: words.code(STATES, row["status"]),
                "strong",
                place="id",
            ),
            Column(
                words.text("Amount"),
                lambda row: words.money(row["open_amount"], row["currency_code"]),
                "number",
                place="amount",
            ),
            Column(
                words.text("Tax, not part of a payout"),
                lambda row: words.money(row["tax_amount"], row["currency_code"]),
                "number",
                place="due",
            ),
        ],
        sorted(waiting, key=lambda row: (row["currency_code"], order.index(row["status"]))),
        caption=title,
    )
    st.caption(
        words.text(
            "Until there is a payout, the amount is what your orders add up to: goods less"
            " commission and refunds, before shipping and other fees, which only a payout states."
        )
    )


def link(_context: Context, row: Row) -> str:
    """Return where a payout's page is."""
    return f"/money?payout={quote(row['statement_id'], safe='')}"


def lead(words: Words, row: Row) -> str:
    """Return a payout in a sentence."""
    currency = row["currency_code"]
    amount = words.money(row["open_amount"] + row["paid_amount"], currency)
    days = words.days(row["period_start"], row["period_end"] + timedelta(days=1))
    state = words.code(STATES, row["status"])
    said = words.text("{state}: {amount} for {days}.", state=state, amount=amount, days=days)
    if not row["difference_amount"]:
        return said
    return f"{said} " + words.text(
        "It differs by {amount} from what your orders add up to: {reason}.",
        amount=words.money(row["difference_amount"], currency),
        reason=words.code(REASONS, row["reason"]),
    )


PAYOUTS = Listing(
    name="payouts",
    caption=message("Payouts"),
    query="payouts",
    key=("statement_id",),
    default_order=(Order("period_end", is_descending=True),),
    columns=(
        columns.plain("statement_id", message("Payout"), kind="strong", link=link),
        columns.day("period_start", message("Deliveries from")),
        columns.day("period_end", message("Deliveries until")),
        columns.code("status", message("Status"), _SETTLED),
        columns.money("payout_amount", message_in("money", "Payout"), "currency_code"),
        columns.money("difference_amount", message("Difference"), "currency_code"),
        columns.code("reason", message("Why"), REASONS),
        columns.day("paid_date", message("Paid on")),
        *(
            columns.money(name, said, "currency_code", is_shown=False)
            for name, said in _PARTS.items()
        ),
        columns.money("expected_amount", message("Expected"), "currency_code", is_shown=False),
        columns.money("tax_amount", message("Tax"), "currency_code", is_shown=False),
        columns.plain("currency_code", message("Currency"), is_shown=False),
        columns.number("sale_count", message("Lines delivered"), is_shown=False),
        columns.number("return_count", message("Lines returned"), is_shown=False),
        columns.number("failed_count", message("Failed attempts"), is_shown=False),
    ),
    filters=(
        Choice("status", message("Status"), message("Any status"), all_of(_SETTLED)),
        Flag("different", message("Only those that differ"), "different_only"),
    ),
    # the page of one payout asks the same question
    fixed=lambda _context: {"statement_id": None},
    count=counted("{first} to {last} of {n} payout", "{first} to {last} of {n} payouts"),
    empty=Empty(
        message("No payouts"), message("None matches, or no system delivers payouts here.")
    ),
    phone=("statement_id", "payout_amount", "status", "period_end"),
)
_KINDS: Mapping[str, Message] = {
    "sale": message_in("payout line", "Sale"),
    "return": message_in("payout line", "Return"),
}
LINES = Listing(
    name="payout-lines",
    caption=message("Order lines of the payout"),
    query="payout_lines",
    key=("order_id", "order_line_id", "line_kind"),
    default_order=(Order("event_date", is_descending=True),),
    columns=(
        columns.plain("order_id", message("Order"), kind="strong", link=orders.link),
        columns.said(
            "product_name",
            message("Product"),
            lambda _context, row: str(row["product_name"] or row["product_id"]),
        ),
        columns.code("line_kind", message("Kind"), _KINDS),
        columns.day("event_date", message("Delivered or refunded")),
        columns.money("list_sales_amount", _PARTS["list_sales_amount"], "currency_code"),
        columns.money("discount_amount", _PARTS["discount_amount"], "currency_code"),
        columns.money("cancelled_amount", _PARTS["cancelled_amount"], "currency_code"),
        columns.money("refund_amount", _PARTS["refund_amount"], "currency_code"),
        columns.money("commission_amount", _PARTS["commission_amount"], "currency_code"),
        columns.money("net_amount", message("Before shipping and fees"), "currency_code"),
        columns.money("tax_amount", message("Tax"), "currency_code", is_shown=False),
        columns.plain("order_line_id", message("Order line"), is_shown=False),
        columns.plain("currency_code", message("Currency"), is_shown=False),
    ),
    filters=(Id("payout", "statement_id"),),
    count=counted("{first} to {last} of {n} line", "{first} to {last} of {n} lines"),
    empty=Empty(
        message("No order lines"), message("Nothing was delivered or returned in these days.")
    ),
    phone=("order_id", "list_sales_amount", "line_kind", "event_date"),
)
