"""The vendor's orders, and one order with its lines and the rates it counts in."""

import streamlit as st

from dashboards.components import empty, html, lists, orders, tables
from dashboards.components.page import heading
from dashboards.components.windows import chosen_days
from dashboards.context import Context
from dashboards.queries import orders as asking
from dashboards.queries import vendors


def page(context: Context) -> None:
    """Show the list, or the order that the address names."""
    order_id = st.query_params.get("order")
    if order_id:
        _order(context, order_id)
    else:
        _list(context)


def _list(context: Context) -> None:
    words = context.words
    period = chosen_days(context)
    counts = asking.order_counts(context.viewer, period.first_day, period.last_day)
    verdict = orders.verdict(words, vendors.actions(context.viewer), counts)
    heading(context, words.text("Orders"), verdict, period=period)
    lists.show(context, lists.ask(context, orders.ORDERS))
    st.caption(words.text("Your part of every order; other vendors' lines are not shown."))


def _order(context: Context, order_id: str) -> None:
    words = context.words
    order = asking.order(context.viewer, order_id)
    if order is None:
        heading(context, words.text("Orders"))
        empty.show(words, empty.UNKNOWN_ORDER)
        return
    heading(context, words.text("Order {order}", order=order_id), orders.lead(context, order))
    html.show("link.html", href="/orders", text=words.text("All orders"))
    html.show("definition.html", entries=orders.facts(context, order))

    st.header(words.text("Your lines"), anchor=False)
    tables.show(
        orders.line_columns(context),
        asking.order_lines(context.viewer, order_id),
        caption=words.text("Your lines of this order"),
    )
    st.header(words.text("Where it counts"), anchor=False)
    numbers = asking.metrics_of_order(context.viewer, order_id, context.window_end)
    if numbers:
        caption = words.text("Measures this order counts in")
        tables.show(orders.number_columns(context), numbers, caption=caption)
    else:
        empty.show(words, empty.COUNTS_NOWHERE)
