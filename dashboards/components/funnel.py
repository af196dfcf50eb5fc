"""The funnel of visits: how far they come, by device and channel, and what stops them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

import streamlit as st

from dashboards.components import tables
from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, message
from dashboards.words.words import Words

STEPS: tuple[tuple[str, Message], ...] = (
    ("sessions", message("Sessions")),
    ("viewed", message("Looked at a product")),
    ("added_to_cart", message("Put it into the cart")),
    ("began_checkout", message("Began the checkout")),
    ("purchased", message("Placed an order")),
)
CHANNELS = {
    "direct": message("Direct"),
    "organic_search": message("Search engines"),
    "paid_search": message("Search advertising"),
    "email": message("E-mail"),
    "social": message("Social networks"),
    "paid_social": message("Advertising in social networks"),
    "affiliate": message("Affiliates"),
    "display": message("Display advertising"),
    "referral": message("Other sites"),
    "other": message("Other sources"),
}
DEVICES = {
    "desktop": message("Desktop"),
    "mobile": message("Mobile"),
    "tablet": message("Tablet"),
    "app": message("App"),
    "other": message("Other devices"),
}
_COUNTED = (
    *(name for name, _ in STEPS),
    *("converted_sessions", "bot_sessions", "test_sessions"),
)
# Of the orders the share whose steps before them must be seen, or the steps tell nothing.
_LEAST_SEEN = 0.5
_OF_VISITORS = ("visitors", "judged_visitors", "added_to_cart", "began_checkout", "purchased")


def totals(groups: Iterable[Row]) -> dict[str, int]:
    """Return the sums of groups of sessions; rates are of sums, never means of rates."""
    found = list(groups)
    return {name: sum(int(row[name]) for row in found) for name in _COUNTED}


def visitor_totals(groups: Iterable[Row]) -> dict[str, int]:
    """Return the sums of groups of visitors."""
    found = list(groups)
    return {name: sum(int(row[name]) for row in found) for name in _OF_VISITORS}


def rate(numerator: int, denominator: int) -> float | None:
    """Return a share, None where there is nothing that it could be of."""
    return numerator / denominator if denominator else None


def verdict(words: Words, total: Row) -> str:
    """Return what the funnel says in a sentence: how many order, and where most are lost.

    Where most orders come without the steps before them, those are hardly recorded.
    """
    orders = int(total["converted_sessions"])
    said = words.text(
        "{rate} of the sessions end with an order.",
        rate=words.percent(rate(orders, total["sessions"])),
    )
    if int(total["purchased"]) < _LEAST_SEEN * orders:
        return f"{said} " + words.text(
            "Where sessions are lost is not known: {missing} of {orders} sessions with an order"
            " lack a step before it, so steps such as the cart are hardly recorded.",
            missing=words.number(orders - int(total["purchased"])),
            orders=words.number(orders),
        )
    losses = [
        (int(total[before]) - int(total[after]), before, after)
        for (before, _), (after, _) in pairwise(STEPS[1:])
    ]
    lost, before, after = max(losses)
    names = dict(STEPS)
    if not lost:
        return said
    return f"{said} " + words.text(
        "Most who look at a product are lost between “{before}” and “{after}”: {lost} sessions.",
        before=words.say(names[before]),
        after=words.say(names[after]),
        lost=words.number(lost),
    )


def show_steps(context: Context, total: Row, visitors: Rows, places: Row | None) -> None:
    """Show how many sessions and visitors reach each step, and which events are in no session."""
    words, seen = context.words, visitor_totals(visitors)
    of_visitors = [None, seen["judged_visitors"], *(seen[name] for name, _ in STEPS[2:])]
    rows = [
        {
            "step": words.say(title),
            "sessions": total[name],
            "of_all": rate(total[name], total["sessions"]),
            "of_before": rate(total[name], total[STEPS[number - 1][0]]) if number else None,
            "visitors": count,
            "of_visitors": None if count is None else rate(count, seen["judged_visitors"]),
        }
        for number, ((name, title), count) in enumerate(zip(STEPS, of_visitors, strict=True))
    ]
    columns = [
        Column(words.text("Step"), lambda row: row["step"], "strong", place="id"),
        _counts(words, "sessions", words.text("Sessions"), place="amount"),
        _shares(words, "of_all", words.text("Of all sessions"), place="state"),
        _shares(words, "of_before", words.text("Of the step before")),
        _counts(words, "visitors", words.text("Visitors within seven days"), place="due"),
        _shares(words, "of_visitors", words.text("Of all visitors")),
    ]
    title = words.text("The funnel, in order")
    st.header(title, anchor=False)
    tables.show(columns, rows, caption=title)
    st.caption(" ".join(_said_of_steps(words, total, seen, places)))


def _said_of_steps(words: Words, total: Row, seen: Row, places: Row | None) -> list[str]:
    said = [
        words.text(
            "A step counts only after those before it; conversion counts every session with an"
            " order. Sessions of programs ({bots}) and tests of the shop itself ({tests}) are"
            " counted apart.",
            bots=words.number(total["bot_sessions"]),
            tests=words.number(total["test_sessions"]),
        ),
        words.text(
            "A visitor counts from the first look at a product in a calendar week on, in whatever"
            " session, and again in another week; of {waiting} more the seven days are not over.",
            waiting=words.number(seen["visitors"] - seen["judged_visitors"]),
        ),
    ]
    if places and places["events"]:
        said.append(
            words.text(
                "Of {events} events these are in no session: {nobody} without a visitor, as whoever"
                " refused analysis is nobody, and {late} received more than three hours late.",
                events=words.number(places["events"]),
                nobody=words.number(places["visitorless_events"]),
                late=words.number(places["late_events"]),
            )
        )
    return said


def show_groups(context: Context, groups: Rows, visitors: Rows, by: str) -> None:
    """Show the funnel by device or by channel."""
    words = context.words
    names, title, heading = (
        (DEVICES, words.text("By device"), words.text("Device"))
        if by == "device"
        else (CHANNELS, words.text("By channel"), words.text("Channel"))
    )
    rows: list[Row] = [
        totals(row for row in groups if row[by] == key)
        | {
            "name": words.code(names, key),
            "visitor_rate": _visitor_rate(row for row in visitors if row[by] == key),
        }
        for key in sorted({str(row[by]) for row in groups})
    ]
    st.header(title, anchor=False)
    within = _shares(words, "visitor_rate", words.text("Visitors who order within seven days"))
    found = sorted(rows, key=lambda row: -row["sessions"])
    _funnel_table(words, found, title, heading, within)


def show_vendors(context: Context, rows: Rows) -> None:
    """Show the funnel of the vendors that most sessions touched."""
    words = context.words
    said = words.text(
        "A session counts for every vendor that it touched, so vendors do not add up to all"
        " sessions; a checkout is of the whole cart."
    )
    _show_touched(context, rows, words.text("By vendor"), words.text("Vendor"), said)


def show_categories(context: Context, rows: Rows) -> None:
    """Show the funnel of the categories that most sessions touched."""
    words = context.words
    said = words.text(
        "A session counts for every category that it touched, so categories do not add up to all"
        " sessions; a checkout is of the whole cart."
    )
    _show_touched(context, rows, words.text("By category"), words.text("Category"), said)


def _show_touched(context: Context, rows: Rows, title: str, heading: str, said: str) -> None:
    named = [{**row, "name": row["touched_name"] or row["touched_id"]} for row in rows]
    with st.expander(title):
        st.caption(said)
        _funnel_table(context.words, named, title, heading)


def show_weeks(context: Context, rows: Rows, span: tuple[date, date]) -> None:
    """Show conversion by week; of the first and the last those days that are in the span."""
    words, title = context.words, context.words.text("Conversion by week")
    found = [{**row, "rate": rate(row["converted_sessions"], row["sessions"])} for row in rows]
    columns = [
        Column(
            words.text("Week"),
            lambda row: words.days(
                max(row["week"], span[0]), min(row["week"] + timedelta(days=7), span[1])
            ),
            "strong",
            place="id",
        ),
        _counts(words, "sessions", words.text("Sessions"), place="state"),
        _shares(words, "rate", words.text("Conversion"), place="amount"),
    ]
    with st.expander(title):
        tables.show(columns, found, caption=title)


def show_searches(context: Context, rows: Rows) -> None:
    """Show what was looked for and not found."""
    words, title = context.words, context.words.text("Looked for and not found")
    columns = [
        Column(words.text("Search term"), lambda row: row["search_term"], "strong", place="id"),
        _counts(words, "zero_result_searches", words.text("Found nothing"), place="amount"),
        _counts(words, "searches", words.text("Searches"), place="due"),
    ]
    with st.expander(title):
        if rows:
            tables.show(columns, rows, caption=title)
        else:
            st.caption(words.text("Every search in these days found something."))


def show_landings(context: Context, rows: Rows) -> None:
    """Show on which pages sessions begin, and how they end."""
    words, title = context.words, context.words.text("Landing pages")
    found = [
        {
            **row,
            "bounces": 1 - row["engaged_sessions"] / row["sessions"],
            "rate": rate(row["converted_sessions"], row["sessions"]),
        }
        for row in rows
    ]
    columns = [
        Column(words.text("Page"), lambda row: row["landing_page"], "strong", place="id"),
        _counts(words, "sessions", words.text("Sessions"), place="amount"),
        _shares(words, "bounces", words.text("Bounces"), place="state"),
        _shares(words, "rate", words.text("Conversion"), place="due"),
    ]
    with st.expander(title):
        tables.show(columns, found, caption=title)


def _visitor_rate(visitors: Iterable[Row]) -> float | None:
    total = visitor_totals(visitors)
    return rate(total["purchased"], total["judged_visitors"])


def _funnel_table(
    words: Words, rows: Sequence[Row], title: str, heading: str, *more: Column
) -> None:
    found = [{**row, "rate": rate(row["converted_sessions"], row["sessions"])} for row in rows]
    columns = [
        Column(heading, lambda row: row["name"], "strong", place="id"),
        _counts(words, "sessions", words.text("Sessions"), place="state"),
        _counts(words, "viewed", words.say(STEPS[1][1])),
        _counts(words, "added_to_cart", words.say(STEPS[2][1])),
        _counts(words, "converted_sessions", words.text("With an order")),
        _shares(words, "rate", words.text("Conversion"), place="amount"),
        *more,
    ]
    tables.show(columns, found, caption=title)


def _counts(words: Words, name: str, heading: str, *, place: str = "") -> Column:
    return Column(heading, lambda row: words.number(row[name]), "number", place=place)  # type: ignore[arg-type]


def _shares(words: Words, name: str, heading: str, *, place: str = "") -> Column:
    return Column(heading, lambda row: words.percent(row[name]), "number", place=place)  # type: ignore[arg-type]
