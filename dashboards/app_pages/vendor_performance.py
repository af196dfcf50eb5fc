"""Each rate: what it is, how sure it is, how it went, and every order behind it."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import empty, lines, rates, wording
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import vendors
from dashboards.queries.reader import Row
from dashboards.words.words import Words


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    lead = words.text("Every measure, with every order that went into it.")
    heading(context, words.text("Performance"), lead)
    scorecard = vendors.scorecard(context.viewer, context.window_end)
    if not scorecard:
        empty.show(words, empty.NO_MEASURES)
        return

    rate = _choice(words, {rate["metric_id"]: rate for rate in scorecard})
    rates.show_panel(context, rate)
    history = vendors.metric_history(context.viewer, rate["metric_id"])
    if any(past["rate"] is not None for past in history):
        st.subheader(words.text("Trend"), anchor=False)
        st.altair_chart(trends.rate_history(words, history, is_score=rate["unit"] == "score"))
        st.caption(
            words.count(
                "Each point covers the {n} day before it. The band is the likely range, which leans"
                " towards what is usual while orders are few; the dashed line is the limit.",
                "Each point covers the {n} days before it. The band is the likely range, which"
                " leans towards what is usual while orders are few; the dashed line is the limit.",
                rate["window_days"],
            )
        )
    rates.show_definition(context, rate)
    _lines(context, rate)


def _choice(words: Words, by_id: dict[str, Row]) -> Row:
    """Return the rate that the address names, else the worst."""
    labels = {metric_id: _label(words, rate) for metric_id, rate in by_id.items()}
    return by_id[lines.choose_measure(words.text("Measure"), labels, "performance_metric")]


def _label(words: Words, rate: Row) -> str:
    name, state = wording.metric_name(words, rate), wording.state(words, rate)
    return words.text("{measure}: {state}", measure=name, state=state)


def _lines(context: Context, rate: Row) -> None:
    st.subheader(context.words.text("The orders behind it"), anchor=False)
    lines.show(context, rate)
