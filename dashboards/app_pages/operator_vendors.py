"""The vendors by sales or by need, and one vendor with its measures and the orders behind them."""

import streamlit as st

from dashboards.components import (
    attention,
    daily,
    empty,
    figures,
    html,
    judging,
    lists,
    looks,
    measure,
    measure_windows,
    measures,
    model_checks,
    sections,
    wording,
)
from dashboards.components.page import heading
from dashboards.components.vendors import VENDORS, measures_link, name
from dashboards.components.windows import chosen_days, chosen_window, period_choice
from dashboards.context import Context
from dashboards.listings import periods
from dashboards.listings.periods import Period
from dashboards.queries import marketplace, vendors
from dashboards.queries.reader import Row, Rows

_FIGURES = ("gmv", "order_count", "average_order_value", "gmv_rank")


def page(context: Context) -> None:
    """Show the list of vendors, or the vendor that the address names."""
    vendor_id = st.query_params.get("vendor")
    if vendor_id:
        _vendor(context, vendor_id)
    else:
        _list(context)


def _list(context: Context) -> None:
    words = context.words
    # Needs are of the windows of the measures, and looks of 28 days, whatever period was chosen.
    are_looks = sections.is_shown("looks")
    period = None if are_looks or sections.is_shown("attention") else chosen_window(context)
    looked = marketplace.vendor_attention(context.viewer) if are_looks else ()
    heading(context, words.text("Vendors"), looks.verdict(context, looked), period=period)
    parts = {
        "all": words.text("All vendors"),
        "attention": words.text("Vendors that need attention"),
        "looks": words.text("Vendors that look at their pages"),
    }
    part = sections.choice(context, parts, key="vendors_section")
    if part == "attention":
        needs = attention.ranked(marketplace.attention(context.viewer, context.window_end))
        attention.show_all(context, needs)
    elif part == "looks":
        looks.show(context, looked)
    else:
        lists.show(context, lists.ask(context, VENDORS))


def _vendor(context: Context, vendor_id: str) -> None:
    words = context.words
    profile = vendors.profile(context.viewer, vendor_id)
    if profile is None:
        heading(context, words.text("Vendors"))
        empty.show(words, empty.UNKNOWN_VENDOR)
        return
    period = chosen_days(context)
    lead = _lead(context, profile)
    days, found = _figures(context, vendor_id, period)
    shown = None if sections.is_shown("measures") else period
    is_compared = figures.is_compared(found, _FIGURES)
    heading(context, name(profile), lead, period=shown, is_compared=is_compared)
    html.show("link.html", href="/vendors", text=words.text("All vendors"))
    parts = {"sales": words.text("Sales"), "measures": words.text("Measures")}
    if sections.choice(context, parts, key="vendor_section") == "sales":
        _sales(context, period, days, found)
    else:
        _measures(context, vendor_id)


def _lead(context: Context, profile: Row) -> str:
    words = context.words
    standing = vendors.standing(context.viewer, periods.USUAL, str(profile["vendor_id"]))
    category = profile["category_name"] or words.text("No category")
    vendor_id = str(profile["vendor_id"])
    if standing is None or standing["is_registered"]:
        return words.text("{category}, ID {vendor}.", category=category, vendor=vendor_id)
    return words.text(
        "{category}, ID {vendor}. Not in the vendors feed.", category=category, vendor=vendor_id
    )


def _sales(context: Context, period: Period, days: Rows, found: Row | None) -> None:
    """Show figures and chart of one period, which the titles of both name."""
    words, viewer, currency = context.words, context.viewer, context.manifest.currency_code
    period_choice(context, "vendor_window")
    if found is None or not found["order_count"]:
        empty.show(words, empty.NO_FIGURES)
        return
    first, end = period.span
    said = wording.period(words, first, days[0]["order_date"], end)
    st.header(words.text("Figures, {period}", period=said), anchor=False)
    figures.show_all(context, marketplace.metrics(viewer), found, _FIGURES)
    title = words.text("Sales per day in {currency}, {period}", currency=currency, period=said)
    daily.show(context, days, "gmv", title, period)


def _figures(context: Context, vendor_id: str, period: Period) -> tuple[Rows, Row | None]:
    """Return the figures of all days, and those of the period.

    Those of a window are the published ones with the vendor's place among all; None where one
    lacks.
    """
    viewer = context.viewer
    days = vendors.daily(viewer, daily.ALL_DAYS, vendor_id)
    if not period.window_id:
        return days, daily.totals(days, period)
    summary = vendors.summary(viewer, period.window_id, vendor_id)
    standing = vendors.standing(viewer, period.window_id, vendor_id)
    return days, None if summary is None or standing is None else {**summary, **standing}


def _measures(context: Context, vendor_id: str) -> None:
    words, viewer = context.words, context.viewer
    kind = measure_windows.chosen(context)
    scorecard = vendors.scorecard(viewer, context.window_end, kind, vendor_id=vendor_id)
    if not scorecard:
        empty.show(words, empty.NO_SCORECARD)
        return
    rate = measure.named(scorecard)
    if rate is None:
        score = vendors.vendor_score(viewer, context.window_end, vendor_id)
        judging.show_score(context, score)
        measure_windows.choice(context, "vendor_measures_window")
        histories = vendors.metric_histories(viewer, vendor_id)
        measures.show(context, scorecard, histories, measures_link(vendor_id))
        return
    all_of_them = words.text("All measures of this vendor")
    measure.choose(context, rate, scorecard, measures_link(vendor_id), all_of_them)
    history = vendors.metric_history(viewer, rate["metric_id"], vendor_id)
    found = vendors.metric_causes(viewer, rate, vendor_id)
    beside = vendors.scorecard_marketplace(viewer, context.window_end, vendor_id)
    said = model_checks.beside_the_rate(words, beside[rate["metric_id"]])
    errors = vendors.rule_errors(viewer, rate["metric_id"], vendor_id)
    measure.show(context, rate, history, found, errors, said)
