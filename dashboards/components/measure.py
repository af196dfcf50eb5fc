"""One measure in full: value, limit and change, trend, causes, orders and definition."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboards import address
from dashboards.charts import trends
from dashboards.components import (
    causes,
    html,
    judging,
    limits,
    lines,
    measure_windows,
    rates,
    tables,
    wording,
)
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.listings.asked import COLUMNS, PAGE, SORT
from dashboards.queries.reader import Row, Rows

_METRIC = "metric"
# Another measure has its own list and its own causes.
_OF_A_MEASURE = (lines.OUTCOME, SORT, COLUMNS, PAGE, causes.BY)


def named(scorecard: Sequence[Row]) -> Row | None:
    """Return the measure that the address names; None where it names none that there is."""
    wanted = address.texts().get(_METRIC)
    found = next((rate for rate in scorecard if rate["metric_id"] == wanted), None)
    if wanted is not None and found is None:
        address.leave_out(_METRIC, *_OF_A_MEASURE)
    return found


def choose(
    context: Context, rate: Row, scorecard: Sequence[Row], link: str, link_text: str
) -> None:
    """Show the way to another measure or window, and back to all of them."""
    html.show("link.html", href=measure_windows.kept(link), text=link_text)
    labels = {str(rate["metric_id"]): label(context, rate) for rate in scorecard}
    resets = dict.fromkeys(_OF_A_MEASURE)
    st.selectbox(
        context.words.text("Measure"),
        list(labels),
        format_func=lambda metric_id: labels.get(metric_id, ""),
        **address.bound(
            "measure", rate["metric_id"], lambda metric_id: {**resets, _METRIC: metric_id}
        ),
    )
    measure_windows.choice(context, "measure_window", rate)


def show(
    context: Context, rate: Row, history: Rows, found: Rows, errors: Rows, beside: str = ""
) -> None:
    """Show the measure, from its value down to its units; `beside` is what else is to be said.

    `errors` are how often a judgement of it is wrong at this number of units.
    """
    words = context.words
    rates.show_panel(context, rate, history)
    if beside:
        st.caption(beside)
    for said in wording.other_readings(words, rate):
        st.caption(said)
    if rate["is_judged"]:
        judging.show(context, rate, errors)
    if any(past["rate"] is not None for past in history):
        _trend(context, rate, history)
    causes.show(context, rate, found)
    st.header(words.text("What is behind it"), anchor=False)
    lines.show(context, rate)
    rates.show_definition(context, rate)


def _trend(context: Context, rate: Row, history: Rows) -> None:
    words = context.words
    st.header(words.text("Trend"), anchor=False)
    limit = limits.label(words, rate)
    st.vega_lite_chart(trends.rate_history(words, history, rate["unit"], limit))
    st.caption(
        words.count(
            "Each point covers the {n} day before it; the band is the likely range.",
            "Each point covers the {n} days before it; the band is the likely range.",
            rate["window_days"],
        )
    )
    with st.expander(
        words.text("The numbers behind the chart: {title}", title=words.text("Trend"))
    ):
        _table(context, rate, history)


def _table(context: Context, rate: Row, history: Rows) -> None:
    """Show what the chart draws, the newest window first."""
    words = context.words

    def value(column: str) -> Callable[[Row], str]:
        return lambda past: wording.rate_value(words, {**rate, "rate": past[column]})

    lower, upper = value("rate_lower"), value("rate_upper")
    columns = [
        Column(
            words.text("Period"),
            lambda past: words.days(past["window_start"], past["window_end"]),
            "strong",
            place="id",
        ),
        Column(words.text("Observed"), value("rate"), "number", place="amount"),
        Column(words.text("Adjusted for chance"), value("rate_estimate"), "number", place="due"),
        Column(
            words.text("Likely range"),
            lambda past: words.text("{lower} to {upper}", lower=lower(past), upper=upper(past)),
            "number",
        ),
        Column(
            words.text("Counted"),
            lambda past: words.number(past["denominator"]),
            "number",
            place="state",
        ),
    ]
    tables.show(columns, history[::-1], caption=words.text("Trend"))


def label(context: Context, rate: Row) -> str:
    """Return a measure with its state, as a choice and a heading name it."""
    words = context.words
    name = wording.metric_name(words, rate, is_own=context.is_vendor)
    return words.text("{measure}: {state}", measure=name, state=wording.state(words, rate))
