"""The vendors by sales, and one vendor with its rates and the order lines behind them."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import (
    empty,
    figures,
    html,
    lines,
    lists,
    model_checks,
    rates,
    wording,
)
from dashboards.components.page import heading
from dashboards.components.vendors import VENDORS, name
from dashboards.components.windows import window_choice
from dashboards.context import Context
from dashboards.listings import periods
from dashboards.listings.periods import Period
from dashboards.queries import marketplace, vendors
from dashboards.queries.reader import Row

_FIGURES = ("gmv", "order_count", "average_order_value", "gmv_rank")


def page(context: Context) -> None:
    """Show the ranking, or the vendor that the address names."""
    vendor_id = st.query_params.get("vendor")
    if vendor_id:
        _vendor(context, vendor_id)
    else:
        _ranking(context)


def _ranking(context: Context) -> None:
    heading(context, context.words.text("Vendors"))
    lists.show(context, lists.ask(context, VENDORS))


def _vendor(context: Context, vendor_id: str) -> None:
    words, viewer = context.words, context.viewer
    profile = vendors.profile(viewer, vendor_id)
    if profile is None:
        heading(context, words.text("Vendors"))
        empty.show(words, empty.UNKNOWN_VENDOR)
        return
    usual = vendors.standing(viewer, periods.USUAL, vendor_id)
    heading(context, name(profile), _lead(context, profile, usual))
    html.show("link.html", href="/vendors", text=words.text("All vendors"))
    window = window_choice(context, "vendor_window")
    summary = vendors.summary(viewer, window.window_id, vendor_id)
    standing = vendors.standing(viewer, window.window_id, vendor_id)
    if summary is not None and standing is not None:
        metrics = marketplace.metrics(viewer)
        row = {**summary, **standing}
        figures.show(context, [figures.of(context, metrics, row, metric) for metric in _FIGURES])
    _sales(context, vendor_id, window)
    _scorecard(context, vendor_id)


def _lead(context: Context, profile: Row, standing: Row | None) -> str:
    words = context.words
    category = profile["category_name"] or words.text("No category")
    vendor_id = str(profile["vendor_id"])
    if standing is None or standing["is_registered"]:
        return words.text("{category}, ID {vendor}.", category=category, vendor=vendor_id)
    return words.text(
        "{category}, ID {vendor}. Not in the vendors feed.", category=category, vendor=vendor_id
    )


def _sales(context: Context, vendor_id: str, window: Period) -> None:
    words, currency = context.words, context.manifest.currency_code
    days = vendors.daily(context.viewer, window.first_day, vendor_id)
    st.subheader(words.text("Sales per day, {currency}", currency=currency), anchor=False)
    if days:
        span = (window.first_day, context.window_end)
        st.altair_chart(trends.per_day(words, days, "gmv", words.text("Sales"), span))
    else:
        empty.show(words, empty.NO_FIGURES)


def _scorecard(context: Context, vendor_id: str) -> None:
    words, viewer = context.words, context.viewer
    st.subheader(words.text("Scorecard"), anchor=False)
    scorecard = vendors.scorecard(viewer, context.window_end, vendor_id)
    if not scorecard:
        empty.show(words, empty.NO_SCORECARD)
        return
    rates.show_cards(context, scorecard)
    by_id = {rate["metric_id"]: rate for rate in scorecard}
    labels = {metric_id: wording.metric_name(words, rate) for metric_id, rate in by_id.items()}
    chosen = lines.choose_measure(words.text("Measure in detail"), labels, "vendors_metric")
    rate = by_id[chosen]
    history = vendors.metric_history(viewer, chosen, vendor_id)
    st.altair_chart(trends.rate_history(words, history, is_score=rate["unit"] == "score"))
    beside = vendors.scorecard_marketplace(viewer, context.window_end, vendor_id)
    if said := model_checks.beside_the_rate(words, beside[chosen]):
        st.caption(said)
    rates.show_definition(context, rate)
    lines.show(context, rate)
