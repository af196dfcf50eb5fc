"""Visits to a vendor's own products: how far they come, and how they found them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import streamlit as st

from dashboards.components import empty, funnel, tables
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, message
from dashboards.words.words import Words

_CHANNELS = {**funnel.CHANNELS, "rest": message("Other channels together")}
_REST_OF_PAGES = message("Other pages together")


def show(context: Context, months: Rows, groups: Mapping[str, Sequence[Row]], terms: Rows) -> None:
    """Show the funnel by month, terms that led to the vendor, channels and landing pages."""
    words = context.words
    if not months:
        empty.show(words, empty.NO_VISITS)
        return
    _months(words, months)
    _terms(words, terms)
    _groups(
        words,
        groups.get("channel", ()),
        words.text("By channel of the first visit"),
        words.text("Channel"),
        lambda row: words.code(_CHANNELS, row["group_id"]),
    )
    _groups(
        words,
        groups.get("landing_page", ()),
        words.text("By the page on which it began"),
        words.text("Page"),
        lambda row: (
            words.say(_REST_OF_PAGES) if row["group_id"] == "rest" else str(row["group_id"])
        ),
    )


def _months(words: Words, months: Rows) -> None:
    title = words.text("From visit to order, by month")
    st.header(title, anchor=False)
    columns = [
        Column(
            words.text("Month"), lambda row: words.month(row["visit_month"]), "strong", place="id"
        ),
        *(_step(words, name, title) for name, title in funnel.STEPS),
        Column(
            words.text("Conversion"),
            lambda row: words.percent(funnel.rate(row["converted_sessions"], row["sessions"])),
            "number",
            place="due",
        ),
    ]
    tables.show(columns, months, caption=title)
    st.caption(
        words.text(
            "Sessions that touched one of your products, in whole months with at least ten"
            " visitors. A step counts only after those before it; a checkout is of the whole cart."
        )
    )


def _step(words: Words, name: str, title: Message) -> Column:
    places: Mapping[str, Literal["amount", "state"]] = {"sessions": "amount", "purchased": "state"}
    return Column(
        words.say(title),
        lambda row: words.number(row[name]),
        "number",
        place=places.get(name, ""),
    )


def _terms(words: Words, terms: Rows) -> None:
    title = words.text("Search terms that led to you")
    st.header(title, anchor=False)
    if not terms:
        st.caption(words.text("No term brought ten visitors in the last whole quarter."))
        return
    columns = [
        Column(words.text("Search term"), lambda row: row["search_term"], "strong", place="id"),
        Column(
            words.text("Visitors"),
            lambda row: at_least(words, row["people_in_tens"]),
            "number",
            place="amount",
        ),
        Column(
            words.text("Of them ordered"),
            lambda row: (
                words.text("too few to show")
                if row["converted_in_tens"] is None
                else at_least(words, row["converted_in_tens"])
            ),
            "number",
            place="due",
        ),
    ]
    tables.show(columns, terms, caption=title)
    st.caption(
        words.text(
            "Terms by which at least ten visitors came, {days}.",
            days=words.days(terms[0]["window_start"], terms[0]["window_end"]),
        )
    )


def _groups(
    words: Words,
    rows: Sequence[Row],
    title: str,
    heading: str,
    name: Callable[[Row], str],
) -> None:
    if not rows:
        return
    with st.expander(title):
        tables.show(group_columns(words, heading, name), rows, caption=title)


def group_columns(
    words: Words, heading: str, name: Callable[[Row], str], amount: str = ""
) -> list[Column]:
    """Return the columns of groups of people; `amount` is what their amounts are called."""
    found = [
        Column(heading, name, "strong", place="id"),
        Column(
            words.text("People"),
            lambda row: at_least(words, row["people_in_tens"]),
            "number",
            place="amount",
        ),
        Column(
            words.text("Share of people"),
            lambda row: words.percent(row["people_share"], 0),
            "number",
            place="state",
        ),
    ]
    if amount:
        found.append(
            Column(amount, lambda row: words.percent(row["amount_share"], 0), "number", place="due")
        )
    return found


def at_least(words: Words, people: int) -> str:
    """Return a count of people that is in whole tens."""
    return words.text("at least {number}", number=words.number(people))


def days(words: Words, row: Row) -> str:
    """Return the days of a group."""
    return words.days(row["window_start"], row["window_end"])
