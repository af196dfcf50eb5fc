"""Each rate: what it is, how sure it is, how it went, and every order behind it."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import html, lines, rates, states, tables, wording
from dashboards.components.page import ORDERS, heading, part_choice, turn_pages
from dashboards.context import Context
from dashboards.queries import vendor
from dashboards.queries.paging import total_of
from dashboards.queries.reader import Row
from dashboards.words.messages import message
from dashboards.words.words import Words

_WHICH = {
    "all": message("All orders"),
    "missed": message("Missed"),
    "met": message("Met"),
}


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    lead = words.text("Every measure, with every order that went into it.")
    heading(context, words.text("Performance"), lead)
    scorecard = vendor.scorecard(context.viewer, context.window_end)
    if not scorecard:
        states.empty(
            words,
            words.text("No measures yet"),
            words.text("They begin with your first order."),
        )
        return

    rate = _choice(words, {rate["metric_id"]: rate for rate in scorecard})
    rates.show_panel(context, rate)
    history = vendor.metric_history(context.viewer, rate["metric_id"])
    if any(past["rate"] is not None for past in history):
        st.header(words.text("Trend"), anchor=False)
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
    """Return the rate that was chosen; the worst at first, or the one the address names."""
    if "performance_metric" not in st.session_state:
        named = st.query_params.get("metric")
        st.session_state["performance_metric"] = named if named in by_id else next(iter(by_id))
    chosen = st.selectbox(
        words.text("Measure"),
        list(by_id),
        format_func=lambda metric_id: _label(words, by_id[metric_id]),
        key="performance_metric",
    )
    return by_id[chosen]


def _label(words: Words, rate: Row) -> str:
    name, state = wording.metric_name(words, rate), wording.state(words, rate)
    return words.text("{measure}: {state}", measure=name, state=state)


def _lines(context: Context, rate: Row) -> None:
    words = context.words
    st.header(words.text("The orders behind it"), anchor=False)
    which = None if rate["unit"] == "score" else _which(words, rate)
    part = part_choice("performance", (rate["metric_id"], which))
    rows = vendor.metric_lines(
        context.viewer, rate["metric_id"], rate["window_end"], in_numerator=which, part=part
    )
    if not rows:
        states.empty(
            words,
            words.text("No orders here"),
            words.text("Nothing was counted in this period."),
        )
        return
    columns = lines.columns(context, rate, order_link="/orders")
    tables.show(columns, rows, caption=words.text("Orders behind the measure"))
    turn_pages(context, "performance", part, total_of(rows), ORDERS)
    text = words.text("Download all of them (CSV)")
    html.show("link.html", href=lines.own_download(rate), text=text)


def _which(words: Words, rate: Row) -> bool | None:
    """Return whether to list the orders in the numerator, the others, or all."""
    chosen = st.segmented_control(
        words.text("Which orders"),
        list(_WHICH),
        default="all",
        format_func=lambda which: words.choice(_WHICH, which),
        key="performance_which",
        label_visibility="collapsed",
    )
    if chosen in {None, "all"}:
        return None
    return bool((chosen == "met") == rate["is_higher_better"])
