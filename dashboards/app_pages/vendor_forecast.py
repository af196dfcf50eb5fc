"""What a vendor is expected to sell, and what to hold in stock for it."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import demand, empty, lists
from dashboards.components.forecasts import first_shown
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import forecasts


def page(context: Context) -> None:
    """Show the weeks to come, and the families of products with what to hold of each."""
    words, viewer = context.words, context.viewer
    expected = forecasts.own_weeks(viewer)
    summary = forecasts.own_demand(viewer)
    heading(context, words.text("Forecast"), demand.verdict(context, summary) if summary else "")
    if not expected:
        empty.show(words, demand.NO_FORECAST)
        return
    issued = expected[0]["issued_on"]
    sales = forecasts.own_sales(viewer, first_shown(expected[0]), issued)
    currency = context.manifest.currency_code
    st.header(words.text("Sales per week, {currency}", currency=currency), anchor=False)
    st.vega_lite_chart(trends.weeks_expected(words, sales, expected))
    st.caption(
        words.text(
            "The dashed line is the forecast; four weeks in five should fall within the band."
            " It is issued once a week, this one with sales up to {day}.",
            day=words.day(issued),
        )
    )
    st.header(words.text("Stock to hold"), anchor=False)
    if summary and (sure := demand.promise(context, summary)):
        st.caption(sure)
    lists.show(context, lists.ask(context, demand.DEMAND))
