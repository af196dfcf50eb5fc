"""Requests for a quote, as the vendor that was asked sees them."""

from collections.abc import Mapping
from urllib.parse import quote

from dashboards.components import figures
from dashboards.components.figures import Figure
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, Days, Search, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted, message, message_in
from dashboards.words.words import NOTHING, Words

STAGES: Mapping[str, Message] = {
    "to_answer": message("To answer"),
    "offered": message("Offer sent"),
    "won": message("Won"),
    "lost": message_in("request", "Lost"),
    "expired": message("Expired"),
    "withdrawn": message("Withdrawn"),
}
_WAITING = counted("{n} request waits for your offer.", "{n} requests wait for your offer.")
_OPEN = counted(
    "Every request is answered; {n} offer is open.",
    "Every request is answered; {n} offers are open.",
)
NO_REQUESTS = Empty(
    message("No requests yet"),
    message("Requests for a quote that name you appear here once the marketplace delivers them."),
)


def _order(_context: Context, row: Row) -> str:
    return f"/orders?order={quote(row['order_id'], safe='')}" if row["order_id"] else ""


QUOTES = Listing(
    name="requests",
    caption=message("Requests for a quote"),
    query="vendor_quotes",
    key=("quote_id",),
    default_order=(Order("requested_at", is_descending=True),),
    columns=(
        columns.plain("quote_id", message("Request"), kind="strong"),
        columns.code("quote_stage", message("Stage"), STAGES),
        columns.moment("requested_at", message("Requested")),
        columns.moment("sent_at", message("Offer sent")),
        columns.number("hours_to_offer", message("Hours to the offer"), 1),
        columns.money("original_amount", message("Offered"), "original_currency_code"),
        columns.plain("original_currency_code", message("Currency"), is_shown=False),
        columns.day("valid_until", message("Valid until")),
        columns.day("closed_date", message("Decided"), is_shown=False),
        columns.plain("order_id", message("Order"), link=_order),
    ),
    filters=(
        Days(),
        Search(message("Request ID"), message("Search by request ID")),
        Choice("stage", message("Stage"), message("Any stage"), all_of(STAGES)),
    ),
    count=counted("{first} to {last} of {n} request", "{first} to {last} of {n} requests"),
    empty=Empty(
        message("No requests found"), message("Nothing matches this search in this period.")
    ),
    phone=("quote_id", "original_amount", "quote_stage", "valid_until"),
)


def verdict(words: Words, always: Row | None) -> str:
    """Return what waits of all requests ever made, in a sentence; empty without any."""
    if always is None:
        return ""
    if always["to_answer_count"]:
        return words.say(_WAITING, n=always["to_answer_count"])
    if not always["offered_count"]:
        return words.text("Every request is answered, and no offer is open.")
    return words.say(_OPEN, n=always["offered_count"])


def show_figures(context: Context, row: Row) -> None:
    """Show what became of the requests of a period, and how many of the decided were won."""
    words = context.words
    hours = row["median_hours_to_offer"]
    decided = words.text(
        "{won} of {n} decided in the period",
        won=words.number(row["closed_won_count"]),
        n=words.number(row["closed_count"]),
    )
    figures.show(
        context,
        [
            Figure(words.text("Requests"), words.number(row["request_count"])),
            Figure(
                words.text("Hours to the offer, median"),
                NOTHING if hours is None else words.number(hours, 1),
            ),
            Figure(words.text("Share won"), words.percent(row["win_rate"]), definition=decided),
            Figure(words.text("Sales won"), context.money(row["won_amount"])),
        ],
    )


def stages_sentence(words: Words, row: Row) -> str:
    """Return where the requests of a period stand; the parts add up to all of them."""
    parts = [
        words.text("{stage}: {n}", stage=words.say(said), n=words.number(row[f"{stage}_count"]))
        for stage, said in STAGES.items()
        if row[f"{stage}_count"]
    ]
    return " · ".join(parts)
