"""How the marketplace is doing, and which vendors need attention."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import figures, model_checks, states, tables
from dashboards.components.page import heading
from dashboards.components.vendors import attention_columns
from dashboards.components.windows import window_choice
from dashboards.context import Context
from dashboards.queries import operator
from dashboards.queries.paging import Part, total_of

_FIGURES = (
    "gmv",
    "gmv_net",
    "commission_amount",
    "order_count",
    "average_order_value",
    "late_delivery_rate",
    "review_score",
)


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    heading(context, context.manifest.title)
    window = window_choice(context, operator.windows(context.viewer), "overview_window")

    summary = operator.marketplace_summary(context.viewer, window.window_id)
    if summary is None or not summary["order_count"]:
        states.empty(
            words,
            words.text("No orders in this period"),
            words.text("Choose a longer period to see figures."),
        )
        return
    metrics = operator.metrics(context.viewer)
    figures.show(context, [figures.of(context, metrics, summary, metric) for metric in _FIGURES])
    if lost := model_checks.lost_orders(words, summary):
        st.caption(lost)

    days = operator.marketplace_daily(context.viewer, window.first_day)
    span = (window.first_day, context.window_end)
    left, right = st.columns(2, gap="medium")
    with left:
        currency = context.manifest.currency_code
        st.subheader(words.text("Sales per day, {currency}", currency=currency), anchor=False)
        st.altair_chart(trends.per_day(words, days, "gmv", words.text("Sales"), span))
    with right:
        st.subheader(words.text("Orders per day"), anchor=False)
        st.altair_chart(trends.per_day(words, days, "order_count", words.text("Orders"), span))
    st.caption(words.text("Bars are days; the line is the average of the last seven days."))
    if context.has_page("operator_vendors"):
        _attention(context)


def _attention(context: Context) -> None:
    words = context.words
    st.subheader(words.text("Vendors that need attention"), anchor=False)
    rows = operator.attention(context.viewer, context.window_end, Part(8))
    if not rows:
        states.empty(
            words,
            words.text("No vendors need attention"),
            words.text("No vendor is likely to be beyond a limit."),
        )
        return
    caption = words.text("Rates that are likely beyond their limit")
    tables.show(attention_columns(context), rows, caption=caption)
    shown = words.count(
        "{shown} of {n} issue, the most certain first.",
        "{shown} of {n} issues, the most certain first.",
        total_of(rows),
        shown=len(rows),
    )
    st.caption(shown)
