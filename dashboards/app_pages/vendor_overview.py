"""How am I doing, why, and what do I do about it."""

import streamlit as st

from dashboards.charts import trends
from dashboards.components import figures, rates, states, wording
from dashboards.components.page import Context, heading
from dashboards.components.windows import window_choice
from dashboards.queries import vendor
from dashboards.queries.reader import Row, Rows

# Three figures of sales and four rates make the seven numbers of a home page.
_RATES_SHOWN = 4

_LEADS = {
    "act": "Something needs you now: see the first measure below.",
    "watch": "Mostly fine. Keep an eye on the first measure below.",
    "ok": "All is well: no measure points to a real problem.",
    "no_data": "There are not enough orders yet to judge anything.",
}


def page(context: Context) -> None:
    """Show the page."""
    own = vendor.profile(context.viewer)
    scorecard = vendor.scorecard(context.viewer, context.window_end)
    heading(context, _title(own), _LEADS[scorecard[0]["state"]] if scorecard else "")

    st.subheader("Your measures, the worst first", anchor=False)
    if scorecard:
        rates.show_cards(scorecard[:_RATES_SHOWN], link="/performance")
    else:
        states.empty("No measures yet", "They begin with your first order.")
    _sales(context)


def _title(own: Row | None) -> str:
    return str(own["vendor_name"] or own["vendor_id"]) if own else "Your shop"


def _sales(context: Context) -> None:
    st.subheader("Your sales", anchor=False)
    window = window_choice(context, vendor.windows(context.viewer), "overview_window")
    summary = vendor.summary(context.viewer, window.window_id)
    days = vendor.daily(context.viewer, window.first_day)
    if summary is None or not summary["order_count"]:
        states.empty("No orders in this period", "Choose a longer period to see your sales.")
        return
    metrics = vendor.metrics(context.viewer)
    figures.show(_figures(summary, metrics, context.currency))
    _trend(context, days)


def _trend(context: Context, days: Rows) -> None:
    st.altair_chart(trends.per_day(days, "gmv", "Sales"))
    st.caption(
        f"Sales per day in {context.currency}, days without orders left out;"
        " the line is the mean of the last seven days with orders."
    )


def _figures(now: Row, metrics: dict[str, Row], currency: str) -> list[figures.Figure]:
    return [
        figures.of(
            metrics,
            "gmv",
            "Sales",
            wording.short_money(now["gmv"], currency),
            wording.short_money(now["previous_gmv"], currency),
        ),
        figures.of(
            metrics,
            "order_count",
            "Orders",
            wording.count(now["order_count"]),
            wording.count(now["previous_order_count"]),
        ),
        figures.of(
            metrics,
            "average_order_value",
            "Average order",
            wording.money(now["average_order_value"], currency),
            "",
        ),
    ]
