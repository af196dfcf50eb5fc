"""What sales are expected, how sure that is, and where what came was another."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import empty, lists, peaks
from dashboards.components.forecasts import (
    FORECASTS,
    NO_FORECASTS,
    first_shown,
    told_errors,
    verdict,
)
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import forecasts


def page(context: Context) -> None:
    """Show the weeks to come, and every series in a list."""
    words, expected = context.words, forecasts.weeks(context.viewer)
    heading(context, words.text("Forecast"), verdict(context, expected[0]) if expected else "")
    if not expected:
        empty.show(words, NO_FORECASTS)
        return
    issued = expected[0]["issued_on"]
    sales = forecasts.sales(context.viewer, first_shown(expected[0]), issued)
    currency = context.manifest.currency_code
    st.header(words.text("Sales per week, {currency}", currency=currency), anchor=False)
    st.vega_lite_chart(trends.weeks_expected(words, sales, expected))
    st.caption(
        words.text(
            "Dashed is what is expected; what comes is to lie in the band in four of five weeks."
            " Issued with sales up to {day}, once a week.",
            day=words.day(issued),
        )
    )
    if errors := forecasts.errors(context.viewer):
        st.markdown(told_errors(words, errors))
    lists.show(context, lists.ask(context, FORECASTS))
    st.header(words.text("Who drives the change"), anchor=False)
    lists.show(context, lists.ask(context, peaks.CHANGE, prefix="change."))
    if peak := forecasts.next_peak(context.viewer):
        st.header(words.text("Ready for the next peak"), anchor=False)
        st.markdown(peaks.peak_sentence(context, peak))
        lists.show(context, lists.ask(context, peaks.READINESS, prefix="peak."))
    st.header(words.text("Events and what they did"), anchor=False)
    lists.show(context, lists.ask(context, peaks.CALENDAR, prefix="events."))
