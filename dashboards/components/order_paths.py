"""The ways by which visitors came to an order, from the first visit on, by channel."""

import streamlit as st

from dashboards import address
from dashboards.components import sections, tables
from dashboards.components.funnel import CHANNELS, rate
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.listings.periods import Period
from dashboards.queries import behaviour
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import message
from dashboards.words.words import Words

FIRST = "first"
_STEPS = {**CHANNELS, "more": message("…"), "rare": message("rare ways")}


def show(context: Context, period: Period) -> None:
    """Show the ways that began with the channel that the address names."""
    words = context.words
    title = words.text("Ways to an order, by the first visit's channel")
    with st.expander(title, expanded=FIRST in address.texts()):
        if not period.window_id:
            st.caption(words.text("Ways are shown for the fixed periods, not for other days."))
            return
        begins = behaviour.path_begins(context.viewer, period.window_id)
        if not begins:
            st.caption(words.text("There were no orders in these days that a visit led to."))
            return
        _of_channel(context, period.window_id, begins, title)


def _of_channel(context: Context, window_id: str, begins: Rows, title: str) -> None:
    words = context.words
    names = {str(row["first_channel"]): words.code(_STEPS, row["first_channel"]) for row in begins}
    label = words.text("Channel of the first visit")
    chosen = sections.choice(context, names, key="funnel_first", name=FIRST, label=label)
    counts = {str(row["first_channel"]): int(row["converted_sessions"]) for row in begins}
    total = sum(counts.values())
    found = [_counted(row, total) for row in behaviour.paths(context.viewer, window_id, chosen)]
    tables.show(_columns(words), found, caption=title)
    st.caption(
        words.text(
            "{count} of {total} sessions with an order, from the first visit in the 30 days before"
            " and after the order before. Ways of fewer than five are put together.",
            count=words.number(counts[chosen]),
            total=words.number(total),
        )
    )


def said(words: Words, path: str) -> str:
    """Return a way with the names of its channels."""
    return " → ".join(words.code(_STEPS, step) for step in path.split(" > "))


def _counted(row: Row, total: int) -> Row:
    count = int(row["converted_sessions"])
    return {
        **row,
        "share": rate(count, total),
        "mean_visits": int(row["visit_count"]) / count,
        "mean_days": int(row["day_count"]) / count,
    }


def _columns(words: Words) -> list[Column]:
    return [
        Column(
            words.text("Way"), lambda row: said(words, row["channel_path"]), "strong", place="id"
        ),
        Column(
            words.text("With an order"),
            lambda row: words.number(row["converted_sessions"]),
            "number",
            place="amount",
        ),
        Column(words.text("Share"), lambda row: words.percent(row["share"]), "number"),
        Column(
            words.text("Visits, mean"),
            lambda row: words.number(row["mean_visits"], 1),
            "number",
            place="state",
        ),
        Column(
            words.text("Days, mean"),
            lambda row: words.number(row["mean_days"], 1),
            "number",
            place="due",
        ),
    ]
