"""How the marketplace is doing, what to do about it, and which vendors need attention."""

import streamlit as st

from dashboards.components import (
    actions,
    attention,
    daily,
    empty,
    figures,
    model_checks,
    next_steps,
    verdicts,
)
from dashboards.components.attention import Need
from dashboards.components.page import heading
from dashboards.components.windows import chosen_days, period_choice
from dashboards.context import Context
from dashboards.listings.periods import Period
from dashboards.queries import health, marketplace
from dashboards.queries.reader import Row, Rows

_FIGURES = ("gmv", "commission_amount", "order_count", "late_delivery_rate")
_MORE_FIGURES = ("gmv_net", "average_order_value", "review_score")


def page(context: Context) -> None:
    """Show the page."""
    needs = _needs(context)
    verdict = verdicts.of_marketplace(context.words, needs) if needs is not None else ""
    period = chosen_days(context)
    days = marketplace.daily(context.viewer, daily.ALL_DAYS)
    summary: Row | None = daily.totals(days, period)
    if period.window_id:
        summary = marketplace.summary(context.viewer, period.window_id)
    is_compared = figures.is_compared(summary, _FIGURES)
    heading(context, context.manifest.title, verdict, period=period, is_compared=is_compared)
    actions.show(context, _actions(context, needs or []))
    period_choice(context, "overview_window")
    if summary is None or not summary["order_count"]:
        empty.show(context.words, empty.NO_FIGURES)
    else:
        _figures(context, summary, days, period)
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


def _figures(context: Context, summary: Row, days: Rows, period: Period) -> None:
    words, currency = context.words, context.manifest.currency_code
    metrics = marketplace.metrics(context.viewer)
    figures.show_all(context, metrics, summary, _FIGURES)
    title = words.text("Sales per day, {currency}", currency=currency)
    daily.show(context, days, "gmv", title, period)
    with st.expander(words.text("More figures")):
        figures.show_all(context, metrics, summary, _MORE_FIGURES)
        if period.window_id and (lost := model_checks.lost_orders(words, summary)):
            st.caption(lost)
        daily.show(context, days, "order_count", words.text("Orders per day"), period)
