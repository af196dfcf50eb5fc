"""How am I doing, what do I do about it, and why."""

import streamlit as st

from dashboards.components import (
    actions,
    daily,
    empty,
    figures,
    html,
    next_steps,
    rates,
    todo,
    verdicts,
)
from dashboards.components.page import heading
from dashboards.components.windows import chosen_days, period_choice
from dashboards.context import Context
from dashboards.listings.periods import Period
from dashboards.queries import marketplace, vendors
from dashboards.queries.reader import Row, Rows

# With four figures they make the seven numbers of a home page.
_RATES_SHOWN = 3
_FIGURES = ("gmv", "gmv_net", "order_count", "average_order_value")


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    own = vendors.profile(context.viewer)
    scorecard = vendors.scorecard(context.viewer, context.window_end)
    verdict = verdicts.of_vendor(words, scorecard)
    period = chosen_days(context)
    days, summary = _figures(context, period)
    is_compared = figures.is_compared(summary, _FIGURES)
    heading(context, _title(context, own), verdict, period=period, is_compared=is_compared)
    if not scorecard:
        empty.show(words, empty.NO_MEASURES)
        _sales(context, period, days, summary)
        return
    steps = todo.cards(context, vendors.actions(context.viewer))
    actions.show(context, [*steps, *next_steps.of_measures(context, scorecard)])
    _sales(context, period, days, summary)
    st.header(words.text("Your measures, the worst first"), anchor=False)
    rates.show_tiles(
        context,
        scorecard[:_RATES_SHOWN],
        lambda metric_id: vendors.metric_history(context.viewer, metric_id),
        link="/performance",
        advises=False,
    )
    if len(scorecard) > _RATES_SHOWN:
        text = words.count("See {n} measure", "See all {n} measures", len(scorecard))
        html.show("link.html", href="/performance", text=text)


def _title(context: Context, own: Row | None) -> str:
    if own is None:
        return context.words.text("Your shop")
    return str(own["vendor_name"] or own["vendor_id"])


def _figures(context: Context, period: Period) -> tuple[Rows, Row | None]:
    """Return the figures of all days, and those of the period: the published ones of a window."""
    days = vendors.daily(context.viewer, daily.ALL_DAYS)
    if period.window_id:
        return days, vendors.summary(context.viewer, period.window_id)
    return days, daily.totals(days, period)


def _sales(context: Context, period: Period, days: Rows, summary: Row | None) -> None:
    words, currency = context.words, context.manifest.currency_code
    st.header(words.text("Your sales"), anchor=False)
    period_choice(context, "overview_window")
    if summary is None or not summary["order_count"]:
        empty.show(words, empty.NO_FIGURES)
        return
    metrics = marketplace.metrics(context.viewer)
    figures.show_all(context, metrics, summary, _FIGURES)
    title = words.text("Sales per day, {currency}", currency=currency)
    daily.show(context, days, "gmv", title, period)
