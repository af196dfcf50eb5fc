"""A vendor's buyers in groups of ten people or more, and what its own promotions brought."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from dashboards.components import customer_segments, figures, own_visits, tables
from dashboards.components.figures import Figure
from dashboards.context import Context
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, message
from dashboards.words.words import NOTHING, Words

Groups = Mapping[str, Sequence[Row]]

_REST = message("The others together")
_ORDERS: Mapping[str, Message] = {
    "once": message("Bought once"),
    "again": message("Bought again"),
    "rest": _REST,
}
_TYPES: Mapping[str, Message] = {
    "consumer": message("Consumers"),
    "business": message("Companies"),
    "unknown": message("Not known"),
    "rest": _REST,
}
_SUBSCRIPTIONS: Mapping[str, Message] = {
    "subscribed": message("Written to, still subscribed"),
    "unsubscribed": message("Unsubscribed from a message about you"),
    "not_written_to": message("Not written to"),
    "rest": _REST,
}
_SEGMENTS: Mapping[str, Message] = {**customer_segments.RFM, "rest": _REST}


def all_buyers(groups: Groups) -> Row | None:
    """Return the group of all buyers; None where they are too few to be shown."""
    return next(iter(groups.get("all", ())), None)


def _share(groups: Groups, kind: str, group_id: str) -> float | None:
    """Return a group's share of people; None where it is not shown alone."""
    for row in groups.get(kind, ()):
        if row["group_id"] == group_id:
            return float(row["people_share"])
    return None


def verdict(words: Words, groups: Groups) -> str:
    """Return how many bought and how many of them again in a sentence."""
    buyers = all_buyers(groups)
    if buyers is None:
        return words.text("Fewer than ten people bought from you in the twelve months shown here.")
    said = words.text(
        "At least {n} people bought from you in twelve months.",
        n=words.number(buyers["people_in_tens"]),
    )
    again = _share(groups, "orders", "again")
    if again is None:
        return said
    return f"{said} " + words.text("{share} bought again.", share=words.percent(again, 0))


def show_figures(context: Context, groups: Groups) -> None:
    """Show buyers, those who bought again and those who unsubscribed."""
    words, buyers = context.words, all_buyers(groups)
    again = _share(groups, "orders", "again")
    unsubscribed = _share(groups, "subscription", "unsubscribed")
    figures.show(
        context,
        [
            Figure(
                words.text("Buyers"),
                NOTHING if buyers is None else own_visits.at_least(words, buyers["people_in_tens"]),
            ),
            Figure(
                words.text("Bought again"),
                words.percent(again, 0),
                definition=words.text(
                    "Buyers with at least two orders by all buyers of these twelve months, of"
                    " counts in tens."
                ),
            ),
            Figure(
                words.text("Unsubscribed"),
                words.percent(unsubscribed, 0),
                definition=words.text(
                    "Buyers who unsubscribed from a message about you; a dash where they are fewer"
                    " than ten."
                ),
            ),
        ],
    )
    if unsubscribed is None and buyers is not None:
        st.caption(words.text("Too few unsubscribed to be shown: a group has at least ten people."))


def show(context: Context, groups: Groups) -> None:
    """Show the groups of each kind with their shares of people and of net sales."""
    words = context.words
    for place, (kind, title, heading, name) in enumerate(_kinds(words)):
        rows = groups.get(kind, ())
        if not rows:
            continue
        with st.expander(title, expanded=place == 0):
            columns = own_visits.group_columns(
                words, heading, name, words.text("Share of net sales")
            )
            tables.show(columns, rows, caption=title)


def _kinds(words: Words) -> Sequence[tuple[str, str, str, Callable[[Row], str]]]:
    """Return each kind of group: its code, title, heading, and how a group is called."""
    return (
        (
            "segment",
            words.text("By recency, frequency and money"),
            words.text("Segment"),
            lambda row: words.code(_SEGMENTS, row["group_id"]),
        ),
        (
            "orders",
            words.text("By number of orders"),
            words.text("Orders"),
            lambda row: words.code(_ORDERS, row["group_id"]),
        ),
        (
            "customer_type",
            words.text("Consumers and companies"),
            words.text("Kind"),
            lambda row: words.code(_TYPES, row["group_id"]),
        ),
        (
            "country",
            words.text("By country"),
            words.text("Country"),
            lambda row: _country(words, str(row["group_id"])),
        ),
        (
            "subscription",
            words.text("By messages about you"),
            words.text("Messages"),
            lambda row: words.code(_SUBSCRIPTIONS, row["group_id"]),
        ),
    )


def _country(words: Words, code: str) -> str:
    if code == "rest":
        return words.say(_REST)
    if code == "unknown":
        return words.text("Not known")
    return str(words.locale.territories.get(code, code))


def said_of_groups(words: Words, buyers: Row) -> str:
    """Return the days and the rules of the groups."""
    return words.text(
        "Purchases of {days}, renewed each quarter. Groups have at least ten people and are counted"
        " in tens; those that may not be shown alone are together in one row. Names are not shown.",
        days=own_visits.days(words, buyers),
    )
