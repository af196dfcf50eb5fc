"""Each rate: what it is, how sure it is, how it went, and every order behind it."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import html, lines, rates, states, tables, wording
from dashboards.components.page import Context, heading, part_choice, turn_pages
from dashboards.queries import vendor
from dashboards.queries.paging import total_of
from dashboards.queries.reader import Row

_WHICH = {"All orders": None, "Missed": "missed", "Met": "met"}


def page(context: Context) -> None:
    """Show the page."""
    heading(context, "Performance", "Every rate, with every order that went into it.")
    scorecard = vendor.scorecard(context.viewer, context.window_end)
    if not scorecard:
        states.empty("No measures yet", "They begin with your first order.")
        return

    rate = _choice({rate["metric_id"]: rate for rate in scorecard})
    rates.show_panel(rate, with_advice=True)
    history = vendor.metric_history(context.viewer, rate["metric_id"])
    if any(past["rate"] is not None for past in history):
        st.subheader("How it went", anchor=False)
        st.altair_chart(trends.rate_history(history, is_score=rate["unit"] == "score"))
        st.caption(
            f"Each point covers the {rate['window_days']} days before it; the shaded band is the"
            " likely range, which leans towards your category while orders are few; the dashed line"
            " is the limit."
        )
    rates.show_definition(rate)
    _lines(context, rate)


def _choice(by_id: dict[str, Row]) -> Row:
    """Return the rate that was chosen; the worst at first, or the one the address names."""
    if "performance_metric" not in st.session_state:
        named = st.query_params.get("metric")
        st.session_state["performance_metric"] = named if named in by_id else next(iter(by_id))
    chosen = st.selectbox(
        "Measure",
        list(by_id),
        format_func=lambda metric_id: _label(by_id[metric_id]),
        key="performance_metric",
    )
    return by_id[chosen]


def _label(rate: Row) -> str:
    return f"{rate['metric_name'] or rate['metric_id']}: {wording.STATE_WORDS[rate['state']]}"


def _lines(context: Context, rate: Row) -> None:
    st.subheader("The orders behind it", anchor=False)
    which = None if rate["unit"] == "score" else _which(rate)
    part = part_choice("performance", (rate["metric_id"], which))
    rows = vendor.metric_lines(
        context.viewer, rate["metric_id"], rate["window_end"], in_numerator=which, part=part
    )
    if not rows:
        states.empty("No orders here", "Nothing was counted in this window.")
        return
    tables.show(lines.columns(rate, order_link="/orders"), rows, caption="Orders behind the rate")
    turn_pages("performance", part, total_of(rows), "orders")
    html.show("link.html", href=lines.own_download(rate), text="Download all of them (CSV)")


def _which(rate: Row) -> bool | None:
    """Return whether to list the orders in the numerator, the others, or all."""
    chosen = st.segmented_control(
        "Which orders",
        list(_WHICH),
        default="All orders",
        key="performance_which",
        label_visibility="collapsed",
    )
    wanted = _WHICH[chosen or "All orders"]
    return None if wanted is None else (wanted == "met") == rate["is_higher_better"]
