"""How the marketplace is doing, and which vendors need somebody."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import figures, model_checks, states, tables, wording
from dashboards.components.page import Context, heading
from dashboards.components.vendors import attention_columns
from dashboards.components.windows import window_choice
from dashboards.queries import operator
from dashboards.queries.paging import Part, total_of
from dashboards.queries.reader import Row
from dashboards.words.words import words_in


def page(context: Context) -> None:
    """Show the page."""
    heading(context, context.manifest.title)
    window = window_choice(context, operator.windows(context.viewer), "overview_window")

    summary = operator.marketplace_summary(context.viewer, window.window_id)
    if summary is None or not summary["order_count"]:
        states.empty("No orders in this period", "Choose a longer period to see figures.")
        return
    metrics = operator.metrics(context.viewer)
    figures.show(_figures(summary, metrics, context.currency))
    if lost := model_checks.lost_orders(words_in("en"), summary):
        st.caption(lost)

    days = operator.marketplace_daily(context.viewer, window.first_day)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(f"Sales per day, {context.currency}", anchor=False)
        st.altair_chart(trends.per_day(days, "gmv", "Sales"))
    with right:
        st.subheader("Orders per day", anchor=False)
        st.altair_chart(trends.per_day(days, "order_count", "Orders"))
    st.caption("Bars are days, the line is the mean of the seven days up to each.")

    st.subheader("Vendors to look at", anchor=False)
    rows = operator.attention(context.viewer, context.window_end, Part(8))
    if not rows:
        states.empty("Nobody needs you today", "No vendor is likely to be beyond a limit.")
        return
    tables.show(attention_columns(), rows, caption="Rates that are likely beyond their limit")
    st.caption(f"{len(rows)} of {total_of(rows)}, the surest first.")


def _figures(now: Row, metrics: dict[str, Row], currency: str) -> list[figures.Figure]:
    def amount(metric_id: str, name: str) -> figures.Figure:
        value = wording.short_money(now[metric_id], currency)
        before = wording.short_money(now[f"previous_{metric_id}"], currency)
        return figures.of(metrics, metric_id, name, value, before)

    def number(metric_id: str, name: str) -> figures.Figure:
        value, before = wording.count(now[metric_id]), wording.count(now[f"previous_{metric_id}"])
        return figures.of(metrics, metric_id, name, value, before)

    late, late_before = now["late_delivery_rate"], now["previous_late_delivery_rate"]
    score, score_before = now["review_score"], now["previous_review_score"]
    return [
        amount("gmv", "Sales"),
        amount("gmv_net", "Net sales"),
        amount("commission_amount", "Commission"),
        number("order_count", "Orders"),
        amount("average_order_value", "Average order"),
        figures.of(
            metrics,
            "late_delivery_rate",
            "Delivered late",
            wording.percent(late),
            wording.percent(late_before),
        ),
        figures.of(
            metrics,
            "review_score",
            "Review score",
            wording.score(score),
            wording.score(score_before),
        ),
    ]
