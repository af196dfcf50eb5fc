"""What a vendor can do tomorrow: a card for each action with its effect, and the rows behind it."""

from collections.abc import Mapping
from urllib.parse import quote

from dashboards.components import wording
from dashboards.components.actions import Action
from dashboards.components.orders import link
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row, Rows
from dashboards.words.messages import Message, counted, message, message_in
from dashboards.words.words import Words

PATH = "/to-do"
_WHAT: Mapping[str, Message] = {
    "ship_due": counted("Ship {n} order", "Ship {n} orders"),
    "ship_overdue": counted("Ship {n} overdue order", "Ship {n} overdue orders"),
    "answer_due": counted(
        "Answer {n} question before the buyer's patience ends",
        "Answer {n} questions before the buyers' patience ends",
    ),
    "answer_open": counted("Answer {n} question", "Answer {n} questions"),
    "restock": counted("Restock {n} product", "Restock {n} products"),
    "accept_orders": counted("Accept {n} order", "Accept {n} orders"),
}
_WHAT_OTHERWISE = counted("Attend to {n} row", "Attend to {n} rows")
_ROWS: Mapping[str, Message] = {
    "ship_due": message("See the orders"),
    "ship_overdue": message("See the orders"),
    "answer_due": message("See the questions"),
    "answer_open": message("See the questions"),
    "restock": message("See the products"),
    "accept_orders": message("See the orders"),
}
_ROWS_OTHERWISE = message("See the rows")
# What waits although no measure of tomorrow gets better by it.
_WITHOUT_EFFECT: Mapping[str, Message] = {
    "ship_overdue": counted(
        "It counts as late already, but a buyer is waiting for it.",
        "They count as late already, but a buyer is waiting for each of them.",
    ),
    "answer_open": counted(
        "It does not count yet; without an answer it will count as 72 hours.",
        "They do not count yet; without an answer each will count as 72 hours.",
    ),
}
_WITHOUT_EFFECT_OTHERWISE = message(
    "It changes no measure tomorrow, but somebody is waiting for it."
)
_SOME_OVERDUE = counted(
    "{n} task is open, {overdue} overdue.", "{n} tasks are open, {overdue} overdue."
)
_MINUTES = counted("About {n} minute of work.", "About {n} minutes of work.")
_IN_OFFERS = counted("{product} ({n} offer)", "{product} ({n} offers)")
ACTIONS: Mapping[str, Message] = {
    "ship_due": message("To ship, due"),
    "ship_overdue": message("To ship, overdue"),
    "answer_due": message("To answer, due"),
    "answer_open": message("To answer, open"),
    "restock": message("To restock"),
    "accept_orders": message("To accept"),
}


def _order(context: Context, row: Row) -> str:
    return link(context, row) if row["order_id"] else ""


def _unit(context: Context, row: Row) -> str:
    """Return what is to be done to; a product with how many offers, such as one per currency."""
    if (row["offer_count"] or 1) == 1:
        return str(row["unit_name"])
    return context.words.say(_IN_OFFERS, product=row["unit_name"], n=row["offer_count"])


ROWS = Listing(
    name="to-do",
    caption=message("Open tasks"),
    query="vendor_action_rows",
    key=("action_id", "unit_id"),
    default_order=(Order("due_at"),),
    columns=(
        columns.said("unit_name", message("Order or product"), _unit, kind="strong", link=_order),
        columns.code("action_id", message("Task"), ACTIONS),
        columns.moment(
            "due_at",
            message_in("task", "Due"),
            lambda context, row: context.moment(row["due_at"], with_zone=True),
        ),
        columns.number("line_count", message("Lines"), is_shown=False),
        columns.money("gmv", message("Sales"), "currency_code"),
    ),
    filters=(Choice("action", message("Task"), message("Any task"), all_of(ACTIONS)),),
    count=counted("{first} to {last} of {n} task", "{first} to {last} of {n} tasks"),
    empty=Empty(message("No open task"), message("Nothing is due by the end of tomorrow.")),
    phone=("unit_name", "gmv", "action_id", "due_at"),
)


def cards(context: Context, rows: Rows) -> list[Action]:
    """Return a card for each action, what helps most by hour of work first.

    An action that changes several measures is one card with the effect on each.
    """
    by_action: dict[str, list[Row]] = {}
    for row in rows:
        by_action.setdefault(row["action_id"], []).append(row)
    return [_card(context, action_id, found) for action_id, found in by_action.items()]


def verdict(context: Context, rows: Rows) -> str:
    """Return how much waits, in a sentence."""
    words = context.words
    counts = {row["action_id"]: (row["unit_count"], _is_overdue(context, row)) for row in rows}
    overdue = sum(count for count, is_overdue in counts.values() if is_overdue)
    total = sum(count for count, _ in counts.values())
    if not total:
        return words.text("Nothing is due by the end of tomorrow.")
    if not overdue:
        return words.count("{n} task is due tomorrow.", "{n} tasks are due tomorrow.", total)
    return words.say(_SOME_OVERDUE, n=total, overdue=words.number(overdue))


def explanation(words: Words) -> str:
    """Return how the actions are ranked, and what their effect is an effect of."""
    return words.text(
        "Ranked by how far an hour of work moves a measure towards its limit. The figures compare"
        " tomorrow with and without this task done, all else left alone. The minutes are assumed."
    )


def _card(context: Context, action_id: str, rows: list[Row]) -> Action:
    words, first = context.words, rows[0]
    is_overdue = _is_overdue(context, first)
    consequences = [_effect(context, row) for row in rows if (row["effect"] or 0) > 0]
    if not consequences:
        without = _WITHOUT_EFFECT.get(action_id, _WITHOUT_EFFECT_OTHERWISE)
        consequences = [words.say(without, n=first["unit_count"])]
    return Action(
        state="act" if is_overdue else "watch",
        state_words=words.text("Overdue") if is_overdue else words.text_in("task", "Due"),
        what=words.say(_WHAT.get(action_id, _WHAT_OTHERWISE), n=first["unit_count"]),
        link=f"{PATH}?action={quote(action_id, safe='')}",
        link_text=words.say(_ROWS.get(action_id, _ROWS_OTHERWISE)),
        deadline=_deadline(context, first, is_overdue=is_overdue),
        consequence=" ".join([*consequences, words.say(_MINUTES, n=first["effort_minutes"])]),
    )


def _deadline(context: Context, row: Row, *, is_overdue: bool) -> str:
    words = context.words
    if row["due_at"] is None:
        return ""
    moment = context.moment(row["due_at"], with_zone=True)
    if is_overdue:
        if row["unit_count"] > 1:
            return words.text("The oldest has been due since {moment}.", moment=moment)
        return words.text("Due since {moment}.", moment=moment)
    if row["unit_count"] > 1:
        return words.text("The first is due by {moment}.", moment=moment)
    return words.text("Due by {moment}.", moment=moment)


def _effect(context: Context, row: Row) -> str:
    words = context.words
    return words.text(
        "{measure} tomorrow: from {without} to {with_it}, limit {limit}.",
        measure=wording.metric_name(words, row, is_own=True),
        without=wording.rate_value(words, {**row, "rate": row["rate_without"]}),
        with_it=wording.rate_value(words, {**row, "rate": row["rate_with"]}),
        limit=wording.bound(words, row, row["threshold"]),
    )


def _is_overdue(context: Context, row: Row) -> bool:
    """Return whether it was due on a day of the data; actions are of the day after it."""
    if row["due_at"] is None:
        return False
    due = context.aware(row["due_at"]).astimezone(context.zone)
    return due.date() < context.window_end
