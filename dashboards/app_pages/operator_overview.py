"""How the marketplace is doing, what to do about it, and which vendors need attention."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import (
    actions,
    attention,
    empty,
    figures,
    model_checks,
    next_steps,
    verdicts,
)
from dashboards.components.attention import Need
from dashboards.components.page import heading
from dashboards.components.windows import window_choice
from dashboards.context import Context
from dashboards.listings.periods import Period
from dashboards.queries import health, marketplace
from dashboards.queries.reader import Row

_FIGURES = ("gmv", "commission_amount", "order_count", "late_delivery_rate")
_MORE_FIGURES = ("gmv_net", "average_order_value", "review_score")


def page(context: Context) -> None:
    """Show the page."""
    needs = _needs(context)
    verdict = verdicts.of_marketplace(context.words, needs) if needs is not None else ""
    heading(context, context.manifest.title, verdict)
    actions.show(context, _actions(context, needs or []))
    window = window_choice(context, "overview_window")
    summary = marketplace.summary(context.viewer, window.window_id)
    if summary is None or not summary["order_count"]:
        empty.show(context.words, empty.NO_FIGURES)
    else:
        _figures(context, summary, window)
    if needs is not None:
        title = context.words.text("Vendors that need attention")
        st.header(title, anchor=False)
        attention.show_first(context, needs)


def _needs(context: Context) -> list[Need] | None:
    """Return the vendors that need attention; None for a role that has no page of vendors."""
    if not context.has_page("operator_vendors"):
        return None
    return attention.ranked(marketplace.attention(context.viewer, context.window_end))


def _actions(context: Context, needs: list[Need]) -> list[actions.Action]:
    """Return one action of each kind, for three vendors would hide that a system failed."""
    found = next_steps.of_needs(context, needs)
    kinds = [found[:1]]
    if context.has_page("operator_data_health"):
        kinds += [
            next_steps.of_systems(context, health.systems(context.viewer))[:1],
            next_steps.of_books(context, health.comparisons(context.viewer))[:1],
        ]
    kinds.append(found[1:])
    return [action for kind in kinds for action in kind]


def _figures(context: Context, summary: Row, window: Period) -> None:
    words = context.words
    metrics = marketplace.metrics(context.viewer)
    figures.show(context, [figures.of(context, metrics, summary, metric) for metric in _FIGURES])
    days = marketplace.daily(context.viewer, window.first_day)
    span = (window.first_day, context.window_end)
    currency = context.manifest.currency_code
    st.header(words.text("Sales per day, {currency}", currency=currency), anchor=False)
    st.vega_lite_chart(trends.per_day(words, days, "gmv", words.text("Sales"), span))
    st.caption(words.text("Bars are days; the line is the average of the last seven days."))
    with st.expander(words.text("More figures")):
        shown = [figures.of(context, metrics, summary, metric) for metric in _MORE_FIGURES]
        figures.show(context, shown)
        if lost := model_checks.lost_orders(words, summary):
            st.caption(lost)
        st.header(words.text("Orders per day"), anchor=False)
        st.vega_lite_chart(trends.per_day(words, days, "order_count", words.text("Orders"), span))
