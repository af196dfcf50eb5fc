"""The vendors by sales or by need, and one vendor with its measures and the orders behind them."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import (
    attention,
    figures,
    html,
    lines,
    measure,
    model_checks,
    rates,
    sections,
    states,
    tables,
    vendors,
    wording,
)
from dashboards.components.page import ORDERS, VENDORS, heading, part_choice, turn_pages
from dashboards.components.windows import window_choice
from dashboards.context import Context
from dashboards.queries import operator
from dashboards.queries.paging import total_of
from dashboards.queries.reader import Row

_ANY = ""
_FIGURES = ("gmv", "order_count", "average_order_value", "gmv_rank")
_METRIC = "metric"
_METRIC_KEY = "vendors_metric"


def page(context: Context) -> None:
    """Show the list of vendors, or the vendor that the address names."""
    vendor_id = st.query_params.get("vendor")
    if vendor_id:
        _vendor(context, vendor_id)
    else:
        _list(context)


def _list(context: Context) -> None:
    words = context.words
    heading(context, words.text("Vendors"))
    parts = {
        "all": words.text("All vendors"),
        "attention": words.text("Vendors that need attention"),
    }
    if sections.choice(context, parts, key="vendors_section") == "attention":
        _attention(context)
    else:
        _ranking(context)


def _attention(context: Context) -> None:
    words = context.words
    needs = attention.ranked(operator.attention(context.viewer, context.window_end))
    if not needs:
        states.empty(
            words,
            words.text("No vendors need attention"),
            words.text("No vendor is likely to be beyond a limit."),
        )
        return
    part = part_choice("attention", "all")
    rows = [attention.row(context, need) for need in attention.part_of(needs, part)]
    caption = words.text("Rates that are likely beyond their limit")
    tables.show(attention.columns(context), rows, caption=caption)
    turn_pages(context, "attention", part, len(needs), VENDORS)
    st.caption(attention.explanation(words))


def _ranking(context: Context) -> None:
    words = context.words
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
    tables.show(vendors.ranking_columns(context), rows, caption=words.text("Vendors by sales"))
    turn_pages(context, "vendors", part, total_of(rows), VENDORS)


def _vendor(context: Context, vendor_id: str) -> None:
    words = context.words
    profile = operator.profile(context.viewer, vendor_id)
    if profile is None:
        heading(context, words.text("Vendors"))
        states.empty(
            words,
            words.text("Unknown vendor"),
            words.text("There is no vendor with this ID."),
            link="/vendors",
            link_text=words.text("All vendors"),
        )
        return
    heading(context, vendors.name(profile), _lead(context, profile))
    html.show("link.html", href="/vendors", text=words.text("All vendors"))
    parts = {
        "sales": words.text("Sales"),
        "measures": words.text("Measures"),
    }
    if sections.choice(context, parts, key="vendor_section") == "sales":
        _sales(context, vendor_id)
    else:
        _measures(context, vendor_id)


def _lead(context: Context, profile: Row) -> str:
    words = context.words
    category = profile["category_name"] or words.text("No category")
    vendor_id = str(profile["vendor_id"])
    if profile["is_registered"]:
        return words.text("{category}, ID {vendor}.", category=category, vendor=vendor_id)
    return words.text(
        "{category}, ID {vendor}. Not in the vendors feed.", category=category, vendor=vendor_id
    )


def _sales(context: Context, vendor_id: str) -> None:
    """Show figures and chart of one period, which the caption of both names."""
    words, currency = context.words, context.manifest.currency_code
    window = window_choice(context, operator.windows(context.viewer), "vendor_window")
    summary = operator.vendor_summary(context.viewer, vendor_id, window.window_id)
    days = operator.vendor_daily(context.viewer, vendor_id, window.first_day)
    if summary is None or not days:
        states.empty(
            words,
            words.text("No orders in this period"),
            words.text("Choose a longer period to see figures."),
        )
        return
    first_day = max(window.first_day, days[0]["order_date"])
    period = words.days(
        max(window.first_day, summary["window_start"] or first_day), context.window_end
    )
    metrics = operator.metrics(context.viewer)
    st.subheader(words.text("Figures, {period}", period=period), anchor=False)
    figures.show(context, [figures.of(context, metrics, summary, metric) for metric in _FIGURES])
    title = words.text("Sales per day in {currency}, {period}", currency=currency, period=period)
    st.subheader(title, anchor=False)
    span = (window.first_day, context.window_end)
    st.vega_lite_chart(trends.per_day(words, days, "gmv", words.text("Sales"), span))
    st.caption(words.text("Bars are days; the line is the average of the last seven days."))


def _measures(context: Context, vendor_id: str) -> None:
    words = context.words
    scorecard = operator.scorecard(context.viewer, vendor_id, context.window_end)
    if not scorecard:
        states.empty(
            words,
            words.text("No scorecard yet"),
            words.text("It begins with the vendor's first order."),
        )
        return
    by_id = {str(rate["metric_id"]): rate for rate in scorecard}
    named = st.query_params.get(_METRIC)
    if named in by_id:
        _measure(context, by_id, named)
        return
    rates.show_tiles(
        context,
        scorecard,
        lambda metric_id: operator.metric_history(context.viewer, vendor_id, metric_id),
        link=vendors.measures_link(vendor_id),
    )


def _measure(context: Context, by_id: dict[str, Row], named: str) -> None:
    words, rate = context.words, by_id[named]
    vendor_id = str(rate["vendor_id"])
    all_of_them = words.text("All measures of this vendor")
    html.show("link.html", href=vendors.measures_link(vendor_id), text=all_of_them)
    # The address is the one place where the choice is kept.
    st.session_state[_METRIC_KEY] = named
    st.selectbox(
        words.text("Measure in detail"),
        list(by_id),
        format_func=lambda metric_id: wording.metric_name(words, by_id[metric_id]),
        key=_METRIC_KEY,
        on_change=_go,
    )
    history = operator.metric_history(context.viewer, vendor_id, named)
    measure.show(context, rate, history, operator.metric_causes(context.viewer, rate))
    if beside := model_checks.beside_the_rate(words, rate):
        st.caption(beside)
    _lines(context, rate)
    rates.show_definition(context, rate)


def _go() -> None:
    st.query_params[_METRIC] = st.session_state[_METRIC_KEY]


def _lines(context: Context, rate: Row) -> None:
    words = context.words
    st.subheader(words.text("The orders behind it"), anchor=False)
    part = part_choice("vendor_lines", (rate["vendor_id"], rate["metric_id"]))
    rows = operator.metric_lines(context.viewer, rate, in_numerator=None, part=part)
    if not rows:
        states.empty(
            words,
            words.text("No orders here"),
            words.text("Nothing was counted in this period."),
        )
        return
    caption = words.text("Orders behind the measure")
    columns = lines.columns(context, rate, order_link=vendors.order_link(context))
    tables.show(columns, rows, caption=caption)
    turn_pages(context, "vendor_lines", part, total_of(rows), ORDERS)
    text = words.text("Download all of them (CSV)")
    html.show("link.html", href=lines.download(rate), text=text)
