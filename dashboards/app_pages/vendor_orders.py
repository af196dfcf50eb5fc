"""The vendor's orders, and one order with its lines and the rates it counts in."""

import streamlit as st

from dashboards.components import html, orders, states, tables
from dashboards.components.page import Context, heading, part_choice, turn_pages
from dashboards.components.windows import window_choice
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
    heading(context, "Orders", "Your part of every order; other vendors' lines are not shown.")
    window = window_choice(context, vendor.windows(context.viewer), "orders_window")
    left, middle, right = st.columns([3, 2, 2], vertical_alignment="bottom")
    search = left.text_input("Order id", key="orders_search", placeholder="Search by order id")
    status = middle.selectbox(
        "Status",
        ["", *vendor.order_statuses(context.viewer)],
        format_func=orders.status_label,
        key="orders_status",
    )
    late_only = right.toggle("Only delivered late", key="orders_late")

    which = OrderFilter(
        window.first_day, status or None, late_only=late_only, search=search or None
    )
    part = part_choice("orders", which)
    rows = vendor.orders(context.viewer, which, part)
    if not rows:
        states.empty("No orders fit", "Nothing matches this search in this period.")
        return
    tables.show(orders.list_columns(context.currency), rows, caption="Your orders")
    turn_pages("orders", part, total_of(rows), "orders")
    html.show("link.html", href=orders.download(which), text="Download all of them (CSV)")


def _order(context: Context, order_id: str) -> None:
    order = vendor.order(context.viewer, order_id)
    if order is None:
        heading(context, "Orders")
        states.empty(
            "There is no such order",
            "The address names no order of yours.",
            link="/orders",
            link_text="All orders",
        )
        return
    heading(context, f"Order {order_id}", orders.lead(order))
    html.show("link.html", href="/orders", text="All orders")
    html.show("definition.html", entries=orders.facts(order))

    st.subheader("Your lines", anchor=False)
    tables.show(
        orders.line_columns(context.currency),
        vendor.order_lines(context.viewer, order_id),
        caption="Your lines of this order",
    )
    st.subheader("Where it counts", anchor=False)
    numbers = vendor.order_numbers(context.viewer, order_id, context.window_end)
    if numbers:
        tables.show(orders.number_columns(), numbers, caption="Rates this order counts in")
    else:
        states.empty("In no current measure", "The order is outside the windows that count now.")
