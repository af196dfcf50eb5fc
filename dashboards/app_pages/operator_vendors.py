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
from dashboards.components.page import Context, heading, part_choice, turn_pages
from dashboards.components.vendors import name, ranking_columns
from dashboards.components.windows import window_choice, windows_by_id
from dashboards.queries import operator
from dashboards.queries.paging import total_of
from dashboards.queries.reader import Row
from dashboards.words.words import words_in

_STATES = {"All": None, "Act now": "act", "Watch": "watch", "Fine": "ok", "No data yet": "no_data"}


def page(context: Context) -> None:
    """Show the ranking, or the vendor that the address names."""
    vendor_id = st.query_params.get("vendor")
    if vendor_id:
        _vendor(context, vendor_id)
    else:
        _ranking(context)


def _ranking(context: Context) -> None:
    heading(context, "Vendors")
    window = window_choice(context, operator.windows(context.viewer), "vendors_window")
    left, right = st.columns([3, 2])
    search = left.text_input("Name or id", key="vendors_search", placeholder="Search by name or id")
    state = right.selectbox("Worst measure", list(_STATES), key="vendors_state")

    part = part_choice("vendors", (window.window_id, search, state))
    rows = operator.vendor_ranking(
        context.viewer, window.window_id, state=_STATES[state], search=search or None, part=part
    )
    if not rows:
        states.empty("No vendor fits", "Nothing matches this search in this period.")
        return
    tables.show(ranking_columns(context.currency), rows, caption="Vendors by sales")
    turn_pages("vendors", part, total_of(rows), "vendors")


def _vendor(context: Context, vendor_id: str) -> None:
    summary = operator.vendor_summary(context.viewer, vendor_id, "last_90_days")
    if summary is None:
        heading(context, "Vendors")
        states.empty(
            "There is no such vendor",
            "The address names nobody who sells here.",
            link="/vendors",
            link_text="All vendors",
        )
        return
    heading(context, name(summary), _lead(summary))
    html.show("link.html", href="/vendors", text="All vendors")
    figures.show(_figures(summary, operator.metrics(context.viewer), context.currency))
    _sales(context, vendor_id)
    _scorecard(context, vendor_id)


def _lead(summary: Row) -> str:
    known = "" if summary["is_registered"] else " Not in the vendors feed."
    return f"{summary['category_name'] or 'No category'}, id {summary['vendor_id']}.{known}"


def _figures(now: Row, metrics: dict[str, Row], currency: str) -> list[figures.Figure]:
    average = wording.short_money(now["average_order_value"], currency)
    sales_before = wording.short_money(now["previous_gmv"], currency)
    return [
        figures.of(
            metrics, "gmv", "Sales", wording.short_money(now["gmv"], currency), sales_before
        ),
        figures.of(
            metrics,
            "order_count",
            "Orders",
            wording.count(now["order_count"]),
            wording.count(now["previous_order_count"]),
        ),
        figures.of(metrics, "average_order_value", "Average order", average, ""),
        figures.of(metrics, "review_score", "Review score", wording.score(now["review_score"]), ""),
        figures.Figure("Rank by sales", wording.count(now["gmv_rank"])),
    ]


def _sales(context: Context, vendor_id: str) -> None:
    year = windows_by_id(context, operator.windows(context.viewer))["last_365_days"]
    days = operator.vendor_daily(context.viewer, vendor_id, year.first_day)
    st.subheader(f"Sales per day, {context.currency}", anchor=False)
    if days:
        st.altair_chart(trends.per_day(days, "gmv", "Sales"))
    else:
        states.empty("No sales in the last year", "Nothing was ordered from this vendor.")


def _scorecard(context: Context, vendor_id: str) -> None:
    st.subheader("Scorecard", anchor=False)
    scorecard = operator.scorecard(context.viewer, vendor_id, context.window_end)
    if not scorecard:
        states.empty("No scorecard yet", "It begins with the vendor's first order.")
        return
    rates.show_cards(scorecard)
    by_id = {rate["metric_id"]: rate for rate in scorecard}
    chosen = st.selectbox(
        "Measure in detail",
        list(by_id),
        format_func=lambda metric_id: by_id[metric_id]["metric_name"] or metric_id,
        key="vendors_metric",
    )
    rate = by_id[chosen]
    history = operator.metric_history(context.viewer, vendor_id, chosen)
    st.altair_chart(trends.rate_history(history, is_score=rate["unit"] == "score"))
    if beside := model_checks.beside_the_rate(words_in("en"), rate):
        st.caption(beside)
    rates.show_definition(rate)
    part = part_choice("vendor_lines", (vendor_id, chosen))
    rows = operator.metric_lines(context.viewer, rate, in_numerator=None, part=part)
    if not rows:
        states.empty("No orders behind it", "Nothing was counted in this window.")
        return
    tables.show(lines.columns(rate), rows, caption="Orders behind the rate")
    turn_pages("vendor_lines", part, total_of(rows), "orders")
    html.show("link.html", href=lines.download(rate), text="Download all of them (CSV)")
