"""The calendar of events, who drives the change, and whose stock lasts through the next peak."""

from collections.abc import Mapping

from dashboards.components.forecasts import KINDS
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted, message, message_in
from dashboards.words.words import NOTHING

EVENTS: Mapping[str, Message] = {
    "sale": message("Sale"),
    "holiday": message("Holiday"),
    "peak": message("Peak of trade"),
    "stock_out": message("Stock-outs of a year"),
}
STATES: Mapping[str, Message] = {
    "measured": message("Measured"),
    "to_come": message("To come"),
    "within_another": message("Another event was on the same days"),
    "too_few_lines": message("Too few orders to say"),
}
NO_PEAK = Empty(
    message("No peak is near"),
    message("The calendar of events names none whose like has been measured."),
)


def _name(_context: Context, row: Row) -> str:
    return str(row["vendor_name"] or row["vendor_id"] or row["category_name"] or row["series_id"])


def _event(context: Context, row: Row) -> str:
    if row["kind"] == "stock_out":
        return context.words.say(EVENTS["stock_out"])
    return str(row["event_name"])


def _interval(context: Context, row: Row) -> str:
    if row["effect_lower"] is None:
        return NOTHING
    words = context.words
    return words.text(
        "{lower} to {upper}",
        lower=words.percent(row["effect_lower"]),
        upper=words.percent(row["effect_upper"]),
    )


CHANGE = Listing(
    name="forecast-change",
    caption=message("Who drives the change"),
    query="forecast_change",
    key=("series_id",),
    default_order=(Order("change_size", is_descending=True),),
    columns=(
        columns.said("series_id", message("Sales of"), _name, kind="strong"),
        columns.money("last_gmv", message("Last four weeks"), "currency_code"),
        columns.money("expected_gmv", message("Next four weeks"), "currency_code"),
        columns.money("gmv_change", message_in("difference", "Change"), "currency_code"),
    ),
    filters=(
        Choice(
            "series_kind",
            message("Of what"),
            KINDS["vendor"],
            lambda context: {"category": context.words.say(KINDS["category"])},
        ),
    ),
    count=counted("{first} to {last} of {n} row", "{first} to {last} of {n} rows"),
    empty=Empty(message("Nothing found"), message("No forecast is like that.")),
    phone=("series_id", "gmv_change", "last_gmv", "expected_gmv"),
)

READINESS = Listing(
    name="peak-readiness",
    caption=message("Ready for the next peak"),
    query="peak_readiness",
    key=("vendor_id", "category_id"),
    default_order=(Order("quantity_needed", is_descending=True),),
    columns=(
        columns.said("vendor_id", message("Vendor"), _name, kind="strong"),
        columns.plain("category_name", message("Category")),
        columns.quantity("quantity_needed", message("Units needed")),
        columns.quantity("quantity_available", message("In stock")),
        columns.quantity("quantity_incoming", message("On its way")),
        columns.yes_or_no("is_at_risk", message("At risk")),
    ),
    filters=(
        Choice(
            "status",
            message("Which"),
            message("At risk"),
            lambda context: {"all": context.words.text("All")},
        ),
    ),
    count=counted("{first} to {last} of {n} row", "{first} to {last} of {n} rows"),
    empty=Empty(
        message("Nobody at risk"), message("All stock that is known lasts through the peak.")
    ),
    phone=("vendor_id", "quantity_needed", "category_name", "quantity_available"),
)

CALENDAR = Listing(
    name="events",
    caption=message("Events and what they did"),
    query="forecast_events",
    key=("kind", "event_name", "first_date"),
    default_order=(
        Order("to_come_rank", is_descending=False),
        Order("first_date", is_descending=True),
    ),
    columns=(
        columns.said("event_name", message("Event"), _event, kind="strong"),
        columns.code("kind", message("Kind"), EVENTS),
        columns.day("first_date", message("From")),
        columns.day("last_date", message("To")),
        columns.share("effect", message("Effect on order lines")),
        columns.rated("effect_lower", message("In 4 of 5 cases"), _interval, kind="text"),
        columns.number("line_effect", message("Order lines brought")),
        columns.code("status", message("State"), STATES),
        columns.number("line_count", message("Order lines"), is_shown=False),
        columns.number("expected_line_count", message("Expected without it"), is_shown=False),
    ),
    filters=(
        Choice("kind", message("Kind"), message("All"), all_of(EVENTS)),
        Choice("status", message("State"), message("All"), all_of(STATES)),
    ),
    count=counted("{first} to {last} of {n} event", "{first} to {last} of {n} events"),
    empty=Empty(message("Nothing found"), message("No event is like that.")),
    phone=("event_name", "effect", "first_date", "status"),
)


def peak_sentence(context: Context, peak: Row) -> str:
    """Return what the next peak is, what the last one like it brought, and who is at risk."""
    words = context.words
    said = words.text(
        "{event} begins on {day}.", event=peak["event_name"], day=words.day(peak["first_date"])
    )
    if peak["like_effect"] is not None:
        said += " " + words.text(
            "{event} brought {effect} more order lines, in four of five cases {interval}.",
            event=peak["like_event_name"],
            effect=words.percent(peak["like_effect"]),
            interval=_interval(
                context,
                {
                    "effect_lower": peak["like_effect_lower"],
                    "effect_upper": peak["like_effect_upper"],
                },
            ),
        )
    return f"{said} {_at_risk(context, peak)}".rstrip()


def _at_risk(context: Context, peak: Row) -> str:
    words = context.words
    some, every = int(peak["vendors_at_risk"]), int(peak["vendor_count"])
    if not every:
        return ""
    if not some:
        return words.count(
            "At today's pace the known stock of {n} vendor lasts through it.",
            "At today's pace the known stock of all {n} vendors lasts through it.",
            every,
        )
    return words.text(
        "At today's pace the stock of {some} of {all} vendors would not last through it.",
        some=words.number(some),
        all=words.number(every),
    )
