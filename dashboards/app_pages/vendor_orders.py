"""The vendor's orders, and one order with its lines and the rates it counts in."""

import streamlit as st

from dashboards.components import html, orders, states, statuses, tables
from dashboards.components.page import ORDERS, heading, part_choice, turn_pages
from dashboards.components.windows import window_choice
from dashboards.context import Context
from dashboards.queries import vendor
from dashboards.queries.paging import total_of
from dashboards.queries.vendor import OrderFilter


def page(context: Context) -> None:
    """Show the list, or the order that the address names."""
    order_id = st.query_params.get("order")
    if order_id:
        _order(context, order_id)
    else:
        _list(context)


def _list(context: Context) -> None:
    words = context.words
    lead = words.text("Your part of every order; other vendors' lines are not shown.")
    heading(context, words.text("Orders"), lead)
    window = window_choice(context, vendor.windows(context.viewer), "orders_window")
    left, middle, right = st.columns([3, 2, 2], vertical_alignment="bottom")
    search = left.text_input(
        words.text("Order ID"), key="orders_search", placeholder=words.text("Search by order ID")
    )
    status = middle.selectbox(
        words.text("Status"),
        ["", *vendor.order_statuses(context.viewer)],
        format_func=lambda status: (
            words.choice(statuses.OF_ORDERS, status) if status else words.text("Any status")
        ),
        key="orders_status",
    )
    late_only = right.toggle(words.text("Delivered late only"), key="orders_late")

    which = OrderFilter(
        window.first_day, status or None, late_only=late_only, search=search or None
    )
    part = part_choice("orders", which)
    rows = vendor.orders(context.viewer, which, part)
    if not rows:
        states.empty(
            words,
            words.text("No orders found"),
            words.text("Nothing matches this search in this period."),
        )
        return
    tables.show(orders.list_columns(context), rows, caption=words.text("Your orders"))
    turn_pages(context, "orders", part, total_of(rows), ORDERS)
    text = words.text("Download all of them (CSV)")
    html.show("link.html", href=orders.download(which), text=text)


def _order(context: Context, order_id: str) -> None:
    words = context.words
    order = vendor.order(context.viewer, order_id)
    if order is None:
        heading(context, words.text("Orders"))
        states.empty(
            words,
            words.text("Order not found"),
            words.text("You have no order with this ID."),
            link="/orders",
            link_text=words.text("All orders"),
        )
        return
    heading(context, words.text("Order {order}", order=order_id), orders.lead(context, order))
    html.show("link.html", href="/orders", text=words.text("All orders"))
    html.show("definition.html", entries=orders.facts(context, order))

    st.header(words.text("Your lines"), anchor=False)
    tables.show(
        orders.line_columns(context),
        vendor.order_lines(context.viewer, order_id),
        caption=words.text("Your lines of this order"),
    )
    st.header(words.text("Where it counts"), anchor=False)
    numbers = vendor.order_numbers(context.viewer, order_id, context.window_end)
    if numbers:
        caption = words.text("Measures this order counts in")
        tables.show(orders.number_columns(context), numbers, caption=caption)
    else:
        states.empty(
            words,
            words.text("Counts in no current measure"),
            words.text("The order is outside the current periods."),
        )
