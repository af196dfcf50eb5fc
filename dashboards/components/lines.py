"""What a measure counts, unit by unit, as a list on the page and as a file."""

from collections.abc import Mapping

from dashboards.components import (
    lists,
    measure_windows,
    orders,
    statuses,
    units,
    whole_orders,
    wording,
)
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.columns import Column
from dashboards.listings.filters import Choice, Id, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted, message

OUTCOME = "outcome"
_OUTCOMES = {"missed": message("missed"), "met": message("met")}
_CHOICES = {"missed": message("Missed"), "met": message("Met")}

_FAULTS = {
    "vendor": message("Vendor"),
    "carrier": message("Carrier"),
    "platform": message("Marketplace"),
    "buyer": message("Buyer"),
    "force_majeure": message("Day of rest"),
    "unknown": message("Unknown"),
}
_OF_DELIVERY = {"on_time_delivery_rate", "late_delivery_rate_by_date", "return_rate"}
_ALWAYS = ("order_id", "membership_date", "outcome", "gmv")
_SHIPPING = ("ship_by_at", "shipped_at")
_DELIVERY = ("promised_at", "delivered_at")
_OFFERS = ("unit_id", "membership_date", "outcome")
# What is named beside its order, with what explains it.
_NAMED: Mapping[str, tuple[str, ...]] = {
    "shipment": _DELIVERY,
    "message": (),
    "invoice": ("shipped_at",),
}


def show(context: Context, rate: Row) -> None:
    """Show the units behind a rate, of the viewer's own or of the vendor whose rate it is."""
    given = {"metric": str(rate["metric_id"])}
    if not context.is_vendor:
        given["vendor"] = str(rate["vendor_id"])
    found = lists.ask(
        context, LINES, given=given, shown=_shown_for(rate), without=_without_for(rate)
    )
    lists.show(context, found, chosen_above={measure_windows.NAME})


def _shown_for(rate: Row) -> tuple[str, ...]:
    """Return the columns that explain why a unit counts the way it does."""
    kind = units.kind(rate)
    if kind == units.OFFER_DAY:
        return _OFFERS
    always = (*_ALWAYS, "fault_class") if rate["unit"] == "rate" else _ALWAYS
    if kind in _NAMED:
        return ("unit_id", *always, *_NAMED[kind])
    if rate["metric_id"] == "late_shipment_rate":
        return (*always, *_SHIPPING)
    if rate["metric_id"] in _OF_DELIVERY:
        return (*always, *_DELIVERY)
    return (*always, "status")


def _without_for(rate: Row) -> tuple[str, ...]:
    """Return the filters that a measure does not have: reviews are neither met nor missed."""
    return () if rate["unit"] == "rate" else (OUTCOME,)


def _outcome(context: Context, row: Row) -> str:
    """Return how a unit counts, in words."""
    words = context.words
    if units.kind(row) == units.OFFER_DAY:
        return units.missed(words, row, int(row["numerator_value"]), int(row["denominator_value"]))
    if row["outcome"] is not None:
        return words.code(_OUTCOMES, row["outcome"])
    if row["unit"] == "hours":
        return wording.hours(words, row["numerator_value"])
    points = words.number(row["numerator_value"])
    return words.count(
        "{points} points, {n} review",
        "{points} points, {n} reviews",
        int(row["denominator_value"]),
        points=points,
    )


def _link(context: Context, row: Row) -> str:
    if context.is_vendor:
        return orders.link(context, row)
    return whole_orders.link(row) if context.has_page("operator_order") else ""


def _moment(name: str, title: Message) -> Column:
    def shown(context: Context, row: Row) -> str:
        if row[name] is None:
            return context.words.text("not yet")
        return context.moment(row[name], with_zone=True)

    return columns.moment(name, title, shown, kind="text")


LINES = Listing(
    name="orders-behind-rate",
    caption=message("What the measure counts"),
    query="metric_lines",
    key=("membership_date", "unit_id"),
    default_order=(Order("merit"), Order("membership_date", is_descending=True)),
    columns=(
        columns.plain("order_id", message("Order"), kind="strong", link=_link),
        columns.plain("unit_id", message("Unit"), is_shown=False),
        columns.day("membership_date", message("Day"), kind="text"),
        columns.said("outcome", message("Counts"), _outcome, order=Order("merit")),
        columns.code("fault_class", message("Caused by"), _FAULTS, order=None),
        _moment("ship_by_at", message("Ship by")),
        _moment("shipped_at", message("Shipped")),
        _moment("promised_at", message("Promised")),
        _moment("delivered_at", message("Delivered")),
        columns.code("status", message("Status"), statuses.OF_ORDERS),
        columns.day("order_date", message("Ordered"), is_shown=False),
        columns.number("numerator_value", message("Numerator"), is_shown=False),
        columns.number("denominator_value", message("Denominator"), is_shown=False),
        columns.money("gmv", message("Sales"), "currency_code"),
        columns.plain("currency_code", message("Currency"), is_shown=False),
    ),
    filters=(
        Id("metric", "metric_id"),
        measure_windows.FILTER,
        Choice(
            OUTCOME,
            message("Which ones"),
            message("All"),
            all_of(_CHOICES),
        ),
    ),
    fixed=lambda context: {"window_end": context.window_end},
    count=counted("{first} to {last} of {n} row", "{first} to {last} of {n} rows"),
    empty=Empty(message("Nothing here"), message("Nothing was counted in this period.")),
    phone=("order_id", "gmv", "outcome", "membership_date"),
)
