"""Orders that need somebody: what is due and open, what does not agree, and what waits."""

from collections.abc import Mapping

import streamlit as st

from dashboards.components import (
    figures,
    reconciliation,
    statuses,
    tables,
    vendors,
    whole_orders,
)
from dashboards.components.figures import Figure
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, Search, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, counted, message, message_in
from dashboards.words.words import NOTHING, Words

PROBLEMS: Mapping[str, Message] = {
    "not_accepted": message("Not accepted by the vendor"),
    "not_shipped": message("Not shipped in time"),
    "not_delivered": message("Not delivered in time"),
    "no_lines": message("Without order lines"),
    "paid_though_cancelled": message("Cancelled, but not refunded"),
    "refund_owed": message("Returned, but not refunded"),
    "books_differ": message("Invoices or payments do not match"),
    "complaint_open": message("Open complaint"),
}
STAGES: Mapping[str, Message] = {
    "whole": message("From order to delivery"),
    "approval": message("Approval"),
    "acceptance": message("Acceptance by the vendor"),
    "shipment": message("Shipping by the vendor"),
    "delivery": message_in("topic", "Delivery"),
}
_WAITS: Mapping[str, Message] = {
    "approval": message("Waiting for approval"),
    "shipment": message("To be shipped"),
    "delivery": message("On the way"),
}
# By the days since the order from which a group begins.
_AGES: Mapping[str, Message] = {
    "0": message("Up to 1 day"),
    "2": message("2 to 3 days"),
    "4": message("4 to 7 days"),
    "8": message("8 to 30 days"),
    "31": message("More than 30 days"),
}
_HOURS_OF_A_DAY = 24
_MONTHS_SHOWN = 13


def said(words: Words, row: Row) -> str:
    """Return a problem in words; of books that differ also which."""
    problem = words.code(PROBLEMS, row["problem"])
    if row["books_source"] is None:
        return problem
    books = {"source": row["books_source"], "measure": row["books_measure"]}
    return words.text(
        "{problem}: {comparison}", problem=problem, comparison=reconciliation.title(words, books)
    )


def _vendor(_context: Context, row: Row) -> str:
    return vendors.name(row) if row["vendor_id"] else NOTHING


OPEN = Listing(
    name="order-problems",
    caption=message("Orders that need attention"),
    query="order_problems",
    key=("problem_key",),
    default_order=(Order("books_rank"), Order("age_days", is_descending=True)),
    columns=(
        columns.plain(
            "order_id",
            message("Order"),
            kind="strong",
            link=lambda _context, row: whole_orders.link(row),
        ),
        columns.said("problem", message("Problem"), lambda context, row: said(context.words, row)),
        columns.said("vendor_name", message("Vendor"), _vendor),
        columns.money("amount", message("Amount"), "currency_code"),
        columns.number("age_days", message("Days")),
        columns.day("since_date", message("Since")),
        columns.code("status", message("Status"), statuses.OF_ORDERS, is_shown=False),
        columns.day("order_date", message("Ordered"), is_shown=False),
        columns.plain("vendor_id", message("Vendor ID"), is_shown=False),
    ),
    filters=(
        Search(message("Order or vendor"), message("Search by order or vendor")),
        Choice("problem", message("Problem"), message("Any problem"), all_of(PROBLEMS)),
    ),
    count=counted("{first} to {last} of {n} problem", "{first} to {last} of {n} problems"),
    empty=Empty(message("No problems found"), message("No order matches this search.")),
    phone=("order_id", "amount", "problem", "age_days"),
)


def verdict(words: Words, order_count: int, counts: Rows) -> str:
    """Return how many orders need somebody, and what most of them need."""
    if not counts:
        return words.text("Nothing is overdue, and the books agree.")
    said = words.count("{n} order needs attention.", "{n} orders need attention.", order_count)
    first = counts[0]
    return f"{said} " + words.text(
        "Most frequent: {problem} ({n}).",
        problem=words.code(PROBLEMS, first["problem"]),
        n=words.number(first["order_count"]),
    )


def show_counts(context: Context, counts: Rows) -> None:
    """Show how many orders have a problem of each kind, as the verdict counts them."""
    words = context.words
    figures.show(
        context,
        [
            Figure(
                words.code(PROBLEMS, row["problem"]),
                words.number(row["order_count"]),
                definition=words.count(
                    "Orders with such a problem: {n} problem.",
                    "Orders with such a problem: {n} problems.",
                    row["problem_count"],
                ),
            )
            for row in counts[:4]
        ],
    )


def show_backlog(context: Context, rows: Rows) -> None:
    """Show what is still to be delivered, by what it waits for and its age."""
    words = context.words
    title = words.text("What is still to be delivered?")
    st.header(title, anchor=False)
    if not rows:
        st.caption(words.text("Nothing: every order is delivered or cancelled."))
        return
    shown = [
        Column(
            words.text("Waits for"),
            lambda row: words.code(_WAITS, row["waits_for"]),
            "strong",
            place="id",
        ),
        Column(
            words.text("Ordered"),
            lambda row: words.code(_AGES, str(row["from_days"])),
            place="state",
        ),
        Column(
            words.text("Orders by vendor"),
            lambda row: words.number(row["part_count"]),
            "number",
            place="amount",
        ),
        Column(
            words.text("Overdue"),
            lambda row: words.number(row["overdue_count"]),
            "number",
            place="due",
        ),
        Column(
            words.text("Sales"), lambda row: words.money(row["gmv"], row["currency_code"]), "number"
        ),
    ]
    tables.show(shown, rows, caption=title)
    st.caption(words.text("An order of several vendors counts once for each of them."))


def show_times(context: Context, rows: Rows, stage: str) -> None:
    """Show how long a stage takes by month of the order, and how many have not ended it."""
    words = context.words
    found = [row for row in rows if row["order_stage"] == stage][:_MONTHS_SHOWN]
    if not found:
        st.caption(words.text("No order has a time for this stage: the feed does not state it."))
        return
    shown = [
        Column(
            words.text("Ordered in"),
            lambda row: words.month(row["order_month"]),
            "strong",
            place="id",
        ),
        Column(
            words.text("Half took at most"),
            lambda row: duration(words, row["median_hours"]),
            "number",
            place="amount",
        ),
        Column(
            words.text("9 of 10 took at most"),
            lambda row: duration(words, row["p90_hours"]),
            "number",
            place="due",
        ),
        Column(words.text("Done"), lambda row: words.number(row["ended_count"]), "number"),
        Column(
            words.text("Not done yet"), lambda row: words.number(row["running_count"]), "number"
        ),
    ]
    tables.show(shown, found, caption=words.code(STAGES, stage))
    st.caption(
        words.text(
            "The times are of finished orders only: a month with many unfinished ones will still"
            " get slower."
        )
    )


def duration(words: Words, hours: float | None) -> str:
    """Return a time in hours, or in days where it is two or longer."""
    if hours is None:
        return NOTHING
    if hours < 2 * _HOURS_OF_A_DAY:
        return words.text("{hours} h", hours=words.number(hours, 1))
    return words.text("{days} days", days=words.number(hours / _HOURS_OF_A_DAY, 1))
