"""One order: its facts, the lines of all vendors, and the measures it counts in."""

import streamlit as st

from dashboards.components import html, order_trace, orders, states, tables, whole_orders
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries.orders import (
    problems_of_order,
    whole_order,
    whole_order_lines,
    whole_order_measures,
)
from dashboards.queries.reader import Row


def page(context: Context) -> None:
    """Show the order that the address names."""
    words, viewer = context.words, context.viewer
    order_id = st.query_params.get("order", "")
    order = whole_order(viewer, order_id)
    if order is None:
        heading(context, words.text("Orders"))
        states.empty(
            words,
            words.text("Order not found"),
            words.text("There is no order with this ID."),
            link="/search",
            link_text=words.text("Search"),
        )
        return
    _show(context, order_id, order)


def _show(context: Context, order_id: str, order: Row) -> None:
    words, viewer = context.words, context.viewer
    heading(context, words.text("Order {order}", order=order_id), orders.lead(context, order))
    if problems := problems_of_order(viewer, order_id):
        st.header(words.text("Problems"), anchor=False)
        order_trace.show_problems(context, problems)
    html.show("definition.html", entries=whole_orders.facts(context, order))
    st.header(words.text("What happened"), anchor=False)
    lines = whole_order_lines(viewer, order_id)
    order_trace.show(context, order_trace.of(context, order, lines))
    st.header(words.text("Lines by vendor"), anchor=False)
    if lines:
        caption = words.text("Lines of this order")
        tables.show(whole_orders.line_columns(context), lines, caption=caption)
    else:
        states.empty(
            words,
            words.text("No lines"),
            words.text("The order arrived without lines."),
        )
    st.header(words.text("Where it counts"), anchor=False)
    measures = whole_order_measures(viewer, order_id, context.window_end)
    if measures:
        caption = words.text("Measures this order counts in")
        tables.show(whole_orders.measure_columns(context), measures, caption=caption)
    else:
        states.empty(
            words,
            words.text("Counts in no current measure"),
            words.text("The order is outside the current periods."),
        )
