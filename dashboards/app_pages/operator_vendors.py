"""The vendors by sales, and one vendor with its rates and the order lines behind them."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import (
    figures,
    html,
    lines,
    model_checks,
    rates,
    states,
    tables,
    wording,
)
from dashboards.components.page import ORDERS, VENDORS, heading, part_choice, turn_pages
from dashboards.components.vendors import name, ranking_columns
from dashboards.components.windows import Window, window_choice, windows_by_id
from dashboards.context import Context
from dashboards.queries import operator
from dashboards.queries.paging import total_of
from dashboards.queries.reader import Row

_ANY = ""
_FIGURES = ("gmv", "order_count", "average_order_value", "gmv_rank")


def page(context: Context) -> None:
    """Show the ranking, or the vendor that the address names."""
    vendor_id = st.query_params.get("vendor")
    if vendor_id:
        _vendor(context, vendor_id)
    else:
        _ranking(context)


def _ranking(context: Context) -> None:
    words = context.words
    heading(context, words.text("Vendors"))
    window = window_choice(context, operator.windows(context.viewer), "vendors_window")
    left, right = st.columns([3, 2])
    search = left.text_input(
        words.text("Name or ID"),
        key="vendors_search",
        placeholder=words.text("Search by name or ID"),
    )
    state = right.selectbox(
        words.text("Worst measure"),
        [_ANY, *wording.STATES],
        format_func=lambda state: (
            words.choice(wording.STATES, state) if state else words.text("Any state")
        ),
        key="vendors_state",
    )

    part = part_choice("vendors", (window.window_id, search, state))
    rows = operator.vendor_ranking(
        context.viewer, window.window_id, state=state or None, search=search or None, part=part
    )
    if not rows:
        states.empty(
            words,
            words.text("No vendors found"),
            words.text("Nothing matches this search in this period."),
        )
        return
    tables.show(ranking_columns(context), rows, caption=words.text("Vendors by sales"))
    turn_pages(context, "vendors", part, total_of(rows), VENDORS)


def _vendor(context: Context, vendor_id: str) -> None:
    words = context.words
    window = windows_by_id(context, operator.windows(context.viewer))["last_90_days"]
    summary = operator.vendor_summary(context.viewer, vendor_id, window.window_id)
    if summary is None:
        heading(context, words.text("Vendors"))
        states.empty(
            words,
            words.text("Unknown vendor"),
            words.text("There is no vendor with this ID."),
            link="/vendors",
            link_text=words.text("All vendors"),
        )
        return
    heading(context, name(summary), _lead(context, summary))
    html.show("link.html", href="/vendors", text=words.text("All vendors"))
    window = window_choice(context, operator.windows(context.viewer), "vendor_window")
    summary = operator.vendor_summary(context.viewer, vendor_id, window.window_id)
    if summary is not None:
        metrics = operator.metrics(context.viewer)
        shown = [figures.of(context, metrics, summary, metric) for metric in _FIGURES]
        figures.show(context, shown)
    _sales(context, vendor_id, window)
    _scorecard(context, vendor_id)


def _lead(context: Context, summary: Row) -> str:
    words = context.words
    category = summary["category_name"] or words.text("No category")
    vendor_id = str(summary["vendor_id"])
    if summary["is_registered"]:
        return words.text("{category}, ID {vendor}.", category=category, vendor=vendor_id)
    return words.text(
        "{category}, ID {vendor}. Not in the vendors feed.", category=category, vendor=vendor_id
    )


def _sales(context: Context, vendor_id: str, window: Window) -> None:
    words, currency = context.words, context.manifest.currency_code
    days = operator.vendor_daily(context.viewer, vendor_id, window.first_day)
    st.header(words.text("Sales per day, {currency}", currency=currency), anchor=False)
    if days:
        span = (window.first_day, context.window_end)
        st.altair_chart(trends.per_day(words, days, "gmv", words.text("Sales"), span))
    else:
        states.empty(
            words,
            words.text("No orders in this period"),
            words.text("Choose a longer period to see figures."),
        )


def _scorecard(context: Context, vendor_id: str) -> None:
    words = context.words
    st.header(words.text("Scorecard"), anchor=False)
    scorecard = operator.scorecard(context.viewer, vendor_id, context.window_end)
    if not scorecard:
        states.empty(
            words,
            words.text("No scorecard yet"),
            words.text("It begins with the vendor's first order."),
        )
        return
    rates.show_cards(context, scorecard)
    by_id = {rate["metric_id"]: rate for rate in scorecard}
    chosen = st.selectbox(
        words.text("Measure in detail"),
        list(by_id),
        format_func=lambda metric_id: wording.metric_name(words, by_id[metric_id]),
        key="vendors_metric",
    )
    rate = by_id[chosen]
    history = operator.metric_history(context.viewer, vendor_id, chosen)
    st.altair_chart(trends.rate_history(words, history, is_score=rate["unit"] == "score"))
    if beside := model_checks.beside_the_rate(words, rate):
        st.caption(beside)
    rates.show_definition(context, rate)
    part = part_choice("vendor_lines", (vendor_id, chosen))
    rows = operator.metric_lines(context.viewer, rate, in_numerator=None, part=part)
    if not rows:
        states.empty(
            words,
            words.text("No orders here"),
            words.text("Nothing was counted in this period."),
        )
        return
    caption = words.text("Orders behind the measure")
    tables.show(lines.columns(context, rate), rows, caption=caption)
    turn_pages(context, "vendor_lines", part, total_of(rows), ORDERS)
    text = words.text("Download all of them (CSV)")
    html.show("link.html", href=lines.download(rate), text=text)
