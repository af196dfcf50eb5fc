"""Customers' value: what they are expected to bring, how that went before, what is unknown."""

from collections.abc import Sequence

import streamlit as st

from dashboards.charts import value as charts
from dashboards.components import customer_segments, figures, tables
from dashboards.components.figures import Figure
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.listings.listing import Empty
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, message
from dashboards.words.words import Words

NO_BUYERS = Empty(
    message("No customers yet"), message("Their value begins with the first order that stands.")
)
KINDS: dict[str, Message] = {
    "consumer": message("Persons"),
    "business": message("Companies"),
    "unknown": message("Customers of unknown kind"),
}
_PREDICTED = "predicted"
# Whose orders are foretold, also where their value is not.
_FORETOLD = frozenset({_PREDICTED, "orders_only", "spend_depends_on_orders"})


def verdict(context: Context, fits: Rows) -> str:
    """Return what customers are expected to bring, or that nobody can say."""
    words = context.words
    told = [row for row in fits if row["status"] == _PREDICTED]
    if not told:
        return words.text(
            "What customers will bring cannot be foretold here; below is why, and what is known."
        )
    said = words.headline_money(total(told, "clv_12m"), context.manifest.currency_code)
    n = words.number(total(told, "customer_count"))
    if is_margin(told):
        return words.text(
            "The {n} customers with a prediction are expected to bring a margin of {money} in the"
            " next twelve months.",
            n=n,
            money=said,
        )
    return words.text(
        "The {n} customers with a prediction are expected to buy for {money} in the next twelve"
        " months.",
        n=n,
        money=said,
    )


def show_figures(context: Context, fits: Rows) -> None:
    """Show what is expected of all customers with a prediction, and who bought once."""
    words = context.words
    once = Figure(
        words.text("Bought once"),
        words.percent(total(fits, "bought_once_count") / total(fits, "customer_count")),
        None,
        words.text("Customers without a second day of orders, of all who ever bought."),
    )
    figures.show(context, [*_of_value(context, fits), *_of_orders(words, fits), once])


def _of_value(context: Context, fits: Rows) -> list[Figure]:
    words, valued = context.words, [row for row in fits if row["status"] == _PREDICTED]
    if not valued:
        return []
    base = words.text("Margin") if is_margin(valued) else words.text("Net sales")
    return [
        Figure(
            words.text("Lifetime value, 12 months"),
            words.headline_money(total(valued, "clv_12m"), context.manifest.currency_code),
            None,
            words.text(
                "{base} expected of customers with a prediction; what comes later counts {rate} a"
                " year less.",
                base=base,
                rate=words.percent(0.1, 0),
            ),
        )
    ]


def _of_orders(words: Words, fits: Rows) -> list[Figure]:
    told = [row for row in fits if row["status"] in _FORETOLD]
    if not told:
        return []
    return [
        Figure(
            words.text("Expected orders, 12 months"),
            words.number(total(told, "expected_orders_12m")),
            None,
            words.text("Days with an order that stands, expected of them together."),
        ),
        Figure(
            words.text("Still customers"),
            words.percent(total(told, "expected_customers") / total(told, "customer_count")),
            None,
            words.text("How many of them have not left for good, as the model expects."),
        ),
    ]


def show_segments(context: Context, kind: str, found: Rows) -> None:
    """Show what a customer of each segment is worth, and what the segment is."""
    words = context.words
    by_id = {row["segment_id"] or customer_segments.NONE: row for row in found}
    rows = sorted(
        (
            by_id[each]
            for each in [*customer_segments.ids_of(kind), customer_segments.NONE]
            if each in by_id
        ),
        key=lambda row: -row["mean_clv"],
    )
    names = [_name(context, kind, row) for row in rows]
    money = [(context.money(row["mean_clv"]), _range(context, row)) for row in rows]
    st.vega_lite_chart(charts.ranges(words, rows, names, money))
    st.caption(
        words.text(
            "A point is the mean of a segment; the bar reaches from the mean lower to the mean"
            " upper end of its customers' own ranges. Four of five customers end within their own."
        )
    )
    tables.show(_columns(context, kind), rows, caption=words.text("Value by segment"))


def _name(context: Context, kind: str, row: Row) -> str:
    segment = row["segment_id"] or customer_segments.NONE
    return customer_segments.name_of(context, kind, segment)


def _columns(context: Context, kind: str) -> list[Column]:
    words = context.words
    return [
        Column(
            words.text("Segment"),
            lambda row: _name(context, kind, row),
            "strong",
            link=lambda row: customer_segments.link(
                kind, now=row["segment_id"] or customer_segments.NONE
            ),
            place="id",
        ),
        Column(
            words.text("Customers"),
            lambda row: words.number(row["customer_count"]),
            "number",
            place="state",
        ),
        Column(
            words.text("Lifetime value, 12 months"),
            lambda row: context.money(row["clv_12m"]),
            "number",
            place="amount",
        ),
        Column(words.text("Per customer"), lambda row: context.money(row["mean_clv"]), "number"),
        Column(
            words.text("Range of a single customer"),
            lambda row: _range(context, row),
            "number",
            place="due",
        ),
        Column(
            words.text("Net sales to date"),
            lambda row: context.money(row["historic_value"]),
            "number",
        ),
    ]


def is_margin(fits: Sequence[Row]) -> bool:
    """Return whether values are margins."""
    return any(row["value_base"] == "margin" for row in fits)


def _range(context: Context, row: Row) -> str:
    return context.words.text(
        "{lower} to {upper}",
        lower=context.money(row["mean_lower"]),
        upper=context.money(row["mean_upper"]),
    )


def total(rows: Sequence[Row], column: str) -> float:
    """Return the sum of a column; nothing where it is null."""
    return sum(float(row[column] or 0) for row in rows)
