"""What sales are expected, how sure that is, and where what came was another."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import empty, lists, peaks, sections
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
from dashboards.queries.reader import Rows


def page(context: Context) -> None:
    """Show the weeks to come, who changes them, the next peak or the calendar of events."""
    words, expected = context.words, forecasts.weeks(context.viewer)
    heading(context, words.text("Forecast"), verdict(context, expected[0]) if expected else "")
    if not expected:
        empty.show(words, NO_FORECASTS)
        return
    parts = {
        "sales": words.text("Expected sales"),
        "change": words.text_in("difference", "Change"),
        "peak": words.text("Next peak"),
        "events": words.text("Events"),
    }
    part = sections.choice(context, parts, key="forecast_part")
    if part == "change":
        st.header(words.text("Who drives the change"), anchor=False)
        lists.show(context, lists.ask(context, peaks.CHANGE, prefix="change."))
    elif part == "peak":
        _peak(context)
    elif part == "events":
        st.header(words.text("Events and what they did"), anchor=False)
        lists.show(context, lists.ask(context, peaks.CALENDAR, prefix="events."))
    else:
        _sales(context, expected)


def _sales(context: Context, expected: Rows) -> None:
    words = context.words
    issued = expected[0]["issued_on"]
    sales = forecasts.sales(context.viewer, first_shown(expected[0]), issued)
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
    if errors := forecasts.errors(context.viewer):
        st.markdown(told_errors(words, errors))
    lists.show(context, lists.ask(context, FORECASTS))


def _peak(context: Context) -> None:
    words, peak = context.words, forecasts.next_peak(context.viewer)
    st.header(words.text("Ready for the next peak"), anchor=False)
    if peak is None:
        empty.show(words, peaks.NO_PEAK)
        return
    st.markdown(peaks.peak_sentence(context, peak))
    lists.show(context, lists.ask(context, peaks.READINESS, prefix="peak."))
