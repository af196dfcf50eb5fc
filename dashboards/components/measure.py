"""One measure in full: value, limit and change, its trend, its causes and its definition."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import causes, limits, rates
from dashboards.context import Context
from dashboards.queries.reader import Row, Rows


def show(context: Context, rate: Row, history: Rows, found: Rows) -> None:
    """Show the measure down to its causes; the orders behind it are a list, which follows."""
    words = context.words
    rates.show_panel(context, rate, history)
    if any(past["rate"] is not None for past in history):
        st.subheader(words.text("Trend"), anchor=False)
        chart = trends.rate_history(
            words, history, is_score=rate["unit"] == "score", limit=limits.label(words, rate)
        )
        st.vega_lite_chart(chart)
        st.caption(
            words.count(
                "Each point covers the {n} day before it. The band is the likely range, which leans"
                " towards what is usual while orders are few; the dashed line is the limit.",
                "Each point covers the {n} days before it. The band is the likely range, which"
                " leans towards what is usual while orders are few; the dashed line is the limit.",
                rate["window_days"],
            )
        )
    causes.show(context, rate, found)
