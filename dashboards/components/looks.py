"""Vendors that look at their pages beside those that do not: a sentence and a table."""

from collections.abc import Callable, Mapping

import streamlit as st

from dashboards.components import empty, tables
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, message

_MEASURES: Mapping[str, Message] = {
    "gmv_net": message("Net sales"),
    "issues": message("Rates beyond their limit"),
}
_SIZES: Mapping[str, Message] = {
    "all": message("All sizes"),
    "small": message("Fewer than 100 orders a year"),
    "medium": message("100 to 999 orders a year"),
    "large": message("1,000 orders a year or more"),
}


def show(context: Context, rows: Rows) -> None:
    """Show how each measure changed, by size."""
    words = context.words
    if not rows:
        empty.show(words, empty.NO_LOOKS)
        return
    caption = words.text("Changes of vendors that look at their pages and of those that do not")
    tables.show(_columns(context), rows, caption=caption)
    st.caption(
        words.text(
            "Vendors choose whether to look, so a difference goes with looking and need not come"
            " from it. Change per vendor: net sales of {days} against the 28 days before, rates"
            " likely beyond their limit now against the last month start at least 28 days ago."
            " Vendors that began to sell since are left out. All sizes: each size weighed by its"
            " vendors. 95 of 100 such intervals hold the true difference.",
            days=words.days(rows[0]["window_start"], rows[0]["window_end"]),
        )
    )


def verdict(context: Context, rows: Rows) -> str:
    """Return in a sentence whether the net sales of both groups went apart; empty without both."""
    words = context.words
    if not rows:
        return ""
    told = next((row for row in rows if row["measure"] == "gmv_net"), None)
    if told is None or told["difference_lower"] is None:
        return words.text("Too few vendors to tell a difference in net sales from chance.")
    amount = words.money(abs(told["difference_mean"]), told["currency_code"])
    if told["difference_lower"] > 0:
        return words.text(
            "Net sales of vendors that look at their pages did better than those of the others, by"
            " {amount} per vendor.",
            amount=amount,
        )
    if told["difference_upper"] < 0:
        return words.text(
            "Net sales of vendors that look at their pages did worse than those of the others, by"
            " {amount} per vendor.",
            amount=amount,
        )
    return words.text(
        "Net sales of vendors that look at their pages changed like those of the others: no"
        " difference is seen beyond chance."
    )


def _columns(context: Context) -> list[Column]:
    words = context.words
    return [
        Column(words.text("Size"), lambda row: words.code(_SIZES, row["size_class"]), "strong"),
        Column(words.text("Measured"), lambda row: words.code(_MEASURES, row["measure"])),
        Column(words.text("Vendors that look"), _count(context, "looked_vendor_count"), "number"),
        Column(
            words.text("Change of those that look"),
            _change(context, "looked_change_mean"),
            "number",
        ),
        Column(words.text("Other vendors"), _count(context, "other_vendor_count"), "number"),
        Column(words.text("Change of the others"), _change(context, "other_change_mean"), "number"),
        Column(words.text("Difference"), _change(context, "difference_mean"), "number"),
        Column(words.text("Interval (95%)"), lambda row: _interval(context, row)),
    ]


def _count(context: Context, name: str) -> Callable[[Row], str]:
    return lambda row: context.words.number(row[name])


def _change(context: Context, name: str) -> Callable[[Row], str]:
    return lambda row: _amount(context, row, name)


def _amount(context: Context, row: Row, name: str) -> str:
    if row["measure"] == "gmv_net":
        return context.words.money(row[name], row["currency_code"])
    return context.words.number(row[name], 2)


def _interval(context: Context, row: Row) -> str:
    if row["difference_lower"] is None:
        return context.words.text("too few to tell")
    return context.words.text(
        "{lower} to {upper}",
        lower=_amount(context, row, "difference_lower"),
        upper=_amount(context, row, "difference_upper"),
    )
