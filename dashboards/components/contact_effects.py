"""What contact brought, against those held out by lot: figures, a chart and a list."""

from collections.abc import Mapping

import streamlit as st

from dashboards.charts.effects import Effect, dots
from dashboards.components import figures
from dashboards.components.figures import Figure
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, Flag, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, counted, message
from dashboards.words.words import NOTHING

METRICS: Mapping[str, Message] = {
    "orders": message("Orders per person"),
    "margin": message("Margin per person"),
    "recovery": message("Carts recovered"),
}
ESTIMATORS: Mapping[str, Message] = {
    "holdout": message("Against those held out"),
    "adjusted": message("The same, adjusted for the past"),
    "before_after": message("Change since before"),
}
KINDS: Mapping[str, Message] = {"campaign": message("Campaign"), "export": message("Export")}
# Orders per person are few: their first digit that tells anything is the third or second.
_ORDER_DECIMALS = 3
NO_EFFECTS = Empty(
    message("No effect to tell yet"),
    message(
        "An effect is known when some of those whom a campaign or an export meant were held out by"
        " lot and two weeks have passed since the contact."
    ),
)


def _amount(context: Context, row: Row, name: str) -> str:
    """Return a mean in the unit of its metric: orders, money, or a share."""
    if row[name] is None:
        return NOTHING
    if row["metric"] == "margin":
        return context.words.money(row[name], row["currency_code"])
    if row["metric"] == "orders":
        return context.words.number(row[name], _ORDER_DECIMALS)
    return context.words.percent(row[name])


def _interval(context: Context, row: Row) -> str:
    lower, upper = (_amount(context, row, name) for name in ("lift_lower", "lift_upper"))
    if row["lift_lower"] is None:
        return context.words.text("too few to tell")
    return context.words.text("{lower} to {upper}", lower=lower, upper=upper)


EFFECTS = Listing(
    name="campaign-effects",
    caption=message("What each campaign and each export brought"),
    query="campaign_effects",
    key=("effect_of", "metric", "estimator"),
    default_order=(Order("last_contacted_on", is_descending=True),),
    columns=(
        columns.said(
            "campaign_name",
            message("Campaign or export"),
            lambda _context, row: str(
                row["export_name"] or row["campaign_name"] or row["campaign_id"]
            ),
            kind="strong",
        ),
        columns.code("contact_kind", message("Kind"), KINDS),
        columns.plain("campaign_id", message("ID"), is_shown=False),
        columns.code("metric", message("Measured"), METRICS),
        columns.code("estimator", message("Compared"), ESTIMATORS),
        columns.rated(
            "lift_mean",
            message("Brought"),
            lambda context, row: _amount(context, row, "lift_mean"),
        ),
        columns.rated("lift_lower", message("Interval (95%)"), _interval, kind="text"),
        columns.rated("lift_upper", message("To at most"), _interval, is_shown=False),
        columns.rated(
            "sent_mean",
            message("Mean of those reached"),
            lambda context, row: _amount(context, row, "sent_mean"),
        ),
        columns.rated(
            "holdout_mean",
            message("Mean of those held out"),
            lambda context, row: _amount(context, row, "holdout_mean"),
        ),
        columns.number("sent_count", message("Reached")),
        columns.number("holdout_count", message("Held out")),
        columns.day("first_contacted_on", message("From"), is_shown=False),
        columns.day("last_contacted_on", message("Last contact")),
    ),
    filters=(
        Choice("metric", message("Measured"), message("Anything measured"), all_of(METRICS)),
        Choice("estimator", message("Compared"), message("Any comparison"), all_of(ESTIMATORS)),
        Flag("told", message("Only those with an interval"), "told_only"),
    ),
    count=counted("{first} to {last} of {n} effect", "{first} to {last} of {n} effects"),
    empty=NO_EFFECTS,
    # a campaign has a row for each comparison; the unit of what it brought says what is measured
    phone=("campaign_name", "lift_mean", "estimator", "lift_lower"),
)


def verdict(context: Context, rows: Rows) -> str:
    """Return in a sentence whether contact brings orders; empty where nothing is known."""
    words = context.words
    told = next(
        (row for row in rows if row["metric"] == "orders" and row["estimator"] == "adjusted"), None
    )
    if told is None or told["lift_lower"] is None:
        return ""
    if told["lift_lower"] > 0:
        return words.text(
            "For every 100 people reached, contact brings {lift} additional orders.",
            lift=words.number(100 * told["lift_mean"], 1),
        )
    if told["lift_upper"] < 0:
        return words.text("Contact costs orders: those held out buy more.")
    return words.text("No effect on orders is seen beyond chance.")


def show_figures(context: Context, rows: Rows) -> None:
    """Show what all campaigns together brought, by metric, adjusted where the past is known."""
    words = context.words
    best = {
        row["metric"]: row
        for estimator in ("holdout", "adjusted")
        for row in rows
        if row["estimator"] == estimator
    }
    figures.show(
        context,
        [
            Figure(
                words.text("{metric}, brought", metric=words.say(METRICS[metric])),
                _amount(context, best[metric], "lift_mean"),
                definition=words.text(
                    "Interval (95%): {interval}. {sent} people reached, {held} held out by lot.",
                    interval=_interval(context, best[metric]),
                    sent=words.number(best[metric]["sent_count"]),
                    held=words.number(best[metric]["holdout_count"]),
                ),
            )
            for metric in METRICS
            if metric in best
        ],
    )


def show_estimators(context: Context, rows: Rows) -> None:
    """Show the three comparisons of orders side by side: they should tell the same."""
    words = context.words
    told = [
        Effect(
            words.code(ESTIMATORS, row["estimator"]),
            float(row["lift_mean"]),
            float(row["lift_lower"]),
            float(row["lift_upper"]),
        )
        for row in sorted(rows, key=lambda row: list(ESTIMATORS).index(row["estimator"]))
        if row["metric"] == "orders" and row["lift_lower"] is not None
    ]
    if not told:
        return
    st.header(words.text("Do three comparisons agree on orders?"), anchor=False)
    titles = (words.text("Compared"), words.text("Orders brought per person reached"))
    st.vega_lite_chart(dots(words, told, titles, decimals=_ORDER_DECIMALS))
    st.caption(
        words.text(
            "Orders and margin are those of the 14 days from the contact on; carts count if they"
            " are ordered within 7 days. Adjusted for the past: less what the 84 days before"
            " explain. Change since before: how much more those reached changed than those held"
            " out. 95 of 100 such intervals hold the truth."
        )
    )
