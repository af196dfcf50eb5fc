"""Whom to win back, why they may have left, and who came back."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from dashboards.components import customers, figures, tables
from dashboards.components.figures import Figure
from dashboards.components.leaving import DRIVERS
from dashboards.components.tables import Column
from dashboards.components.touchpoints import CHANNELS
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, counted, message
from dashboards.words.words import NOTHING, Words

# What may have driven somebody away, the gravest first.
_DRIVERS = ("lost_order", "late_delivery", "unanswered_message", "price_rise", "ticket")
REASONS: Mapping[str, Message] = {
    **{driver: DRIVERS[driver] for driver in _DRIVERS},
    "none_known": message("None on record"),
}
OUTCOMES: Mapping[str, Message] = {
    "open": message("Not back yet"),
    "won_back": message("Came back"),
    "not_won_back": message("Not back within 90 days"),
    "was_not_silent": message("Had bought before, as became known later"),
}

LISTED = Listing(
    name="win-back",
    caption=message("Customers to win back"),
    query="win_back",
    key=("customer_id", "silent_since"),
    default_order=(Order("historic_value", is_descending=True),),
    columns=(
        columns.plain(
            "customer_id",
            message("Customer"),
            kind="strong",
            link=lambda _context, row: customers.link(row),
        ),
        columns.code("reason_code", message("Before the silence"), REASONS),
        columns.code("contact_channel", message("Allowed way"), CHANNELS),
        columns.code("outcome", message("Outcome"), OUTCOMES),
        columns.money("historic_value", message("Net sales so far"), "currency_code"),
        columns.number("silence_days", message("Days silent when listed")),
        columns.number("limit_days", message("Own limit in days"), is_shown=False),
        columns.day("silent_since", message("Last purchase")),
        columns.day("listed_on", message("Listed")),
        columns.day("returned_on", message("Bought again")),
        *(
            columns.yes_or_no(f"is_{driver}", REASONS[driver], is_shown=False)
            for driver in _DRIVERS
        ),
    ),
    filters=(
        Choice(
            "reason_code",
            message("Before the silence"),
            message("Any reason"),
            all_of(REASONS),
        ),
        Choice(
            "outcome",
            message("Outcome"),
            message("Any outcome"),
            all_of(OUTCOMES),
        ),
    ),
    count=counted("{first} to {last} of {n} customer", "{first} to {last} of {n} customers"),
    empty=Empty(
        message("Nobody to win back"),
        message(
            "Listed is who bought three times or more, has fallen silent for longer than their own"
            " limit, and allows to be written to."
        ),
    ),
    phone=("customer_id", "historic_value", "reason_code", "outcome"),
)


def show_outcomes(context: Context, rows: Rows, since: date | None) -> None:
    """Show how many of those listed came back within 30, 60 and 90 days, by reason."""
    words = context.words
    figures.show(
        context,
        [
            Figure(words.text("Listed so far"), words.number(_total(rows, "listed"))),
            *(_figure(words, rows, days) for days in (30, 60, 90)),
        ],
    )
    if not rows:
        return
    title = words.text("Who came back, by what came before the silence?")
    st.header(title, anchor=False)
    shown = [
        Column(
            words.text("Before the silence"),
            lambda row: words.code(REASONS, row["reason_code"]),
            "strong",
            place="id",
        ),
        Column(
            words.text("Listed"), lambda row: words.number(row["listed"]), "number", place="due"
        ),
        *(_column(words, days) for days in (30, 60, 90)),
    ]
    tables.show(shown, rows, caption=title)
    st.caption(
        words.text(
            "On record since {day}, as listed then; what came of it is found by later runs. Who"
            " came back may have come anyway: without some who are not written to this is no"
            " effect.",
            day=words.day(since),
        )
    )


def _figure(words: Words, rows: Rows, days: int) -> Figure:
    known, back = _total(rows, f"known_{days}d"), _total(rows, f"won_back_{days}d")
    return Figure(
        words.text("Back within {days} days", days=words.number(days)),
        words.percent(back / known if known else None),
        definition=words.text(
            "{back} of {known} of whom that is known: they came back, or the {days} days after they"
            " were listed are over.",
            back=words.number(back),
            known=words.number(known),
            days=words.number(days),
        ),
    )


def _column(words: Words, days: int) -> Column:
    return Column(
        words.text("Within {days} days", days=words.number(days)),
        lambda row: _of(words, row, days),
        "number",
        place="amount" if days == 90 else "",
    )


def _of(words: Words, row: Row, days: int) -> str:
    if not row[f"known_{days}d"]:
        return NOTHING
    return words.text(
        "{active} of {customers}",
        active=words.number(row[f"won_back_{days}d"]),
        customers=words.number(row[f"known_{days}d"]),
    )


def _total(rows: Rows, name: str) -> int:
    return sum(int(row[name]) for row in rows)
