"""How am I doing, why, and what do I do about it."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import figures, html, rates, states
from dashboards.components.page import heading
from dashboards.components.windows import window_choice
from dashboards.context import Context
from dashboards.queries import vendor
from dashboards.queries.reader import Row
from dashboards.words.messages import message

# Three figures of sales and four rates make the seven numbers of a home page.
_RATES_SHOWN = 4
_FIGURES = ("gmv", "order_count", "average_order_value")

_LEADS = {
    "act": message("Something needs action now: see the first measure below."),
    "watch": message("Mostly on target. Keep an eye on the first measure below."),
    "ok": message("All is well: no measure points to a problem."),
    "no_data": message("There are not enough orders yet to judge anything."),
}


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    own = vendor.profile(context.viewer)
    scorecard = vendor.scorecard(context.viewer, context.window_end)
    lead = words.code(_LEADS, scorecard[0]["state"]) if scorecard else ""
    heading(context, _title(context, own), lead)

    st.header(words.text("Your measures, the worst first"), anchor=False)
    if scorecard:
        rates.show_cards(context, scorecard[:_RATES_SHOWN], link="/performance")
        if len(scorecard) > _RATES_SHOWN:
            text = words.count("See {n} measure", "See all {n} measures", len(scorecard))
            html.show("link.html", href="/performance", text=text)
    else:
        states.empty(
            words,
            words.text("No measures yet"),
            words.text("They begin with your first order."),
        )
    _sales(context)


def _title(context: Context, own: Row | None) -> str:
    if own is None:
        return context.words.text("Your shop")
    return str(own["vendor_name"] or own["vendor_id"])


def _sales(context: Context) -> None:
    words = context.words
    st.header(words.text("Your sales"), anchor=False)
    window = window_choice(context, vendor.windows(context.viewer), "overview_window")
    summary = vendor.summary(context.viewer, window.window_id)
    days = vendor.daily(context.viewer, window.first_day)
    if summary is None or not summary["order_count"]:
        states.empty(
            words,
            words.text("No orders in this period"),
            words.text("Choose a longer period to see your sales."),
        )
        return
    metrics = vendor.metrics(context.viewer)
    figures.show(context, [figures.of(context, metrics, summary, metric) for metric in _FIGURES])
    span = (window.first_day, context.window_end)
    st.altair_chart(trends.per_day(words, days, "gmv", words.text("Sales"), span))
    currency = context.manifest.currency_code
    st.caption(
        words.text(
            "Sales per day in {currency}; the line is the average of the last seven days.",
            currency=currency,
        )
    )
