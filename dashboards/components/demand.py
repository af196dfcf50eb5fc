"""What a vendor is expected to sell of each family, and what to hold and to order of it."""

from collections.abc import Mapping

from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted, message

STATES: Mapping[str, Message] = {
    "restock": message("Order more"),
    "on_its_way": message("Enough with what is on its way"),
    "enough": message("Enough"),
    "no_demand": message("Nothing is expected to be sold"),
    "no_forecast": message("No forecast"),
    "no_stock_known": message("No stock is known"),
    "too_few_origins": message("The past is too short to say how sure this is"),
}
_EXPECTED = counted(
    "About {n} order is expected from {first} to {last}.",
    "About {n} orders are expected from {first} to {last}.",
)
_RESTOCK = counted(
    "{n} product family would run short within four weeks.",
    "{n} product families would run short within four weeks.",
)
NO_FORECAST = Empty(
    message("No forecast yet"),
    message("It is issued once a week, when some weeks of sales are known."),
)


def _name(_context: Context, row: Row) -> str:
    return str(row["category_name"] or row["category_id"])


DEMAND = Listing(
    name="demand",
    caption=message("Stock to hold"),
    query="vendor_demand",
    key=("category_id",),
    default_order=(
        Order("quantity_to_order", is_descending=True),
        Order("expected_quantity", is_descending=True),
    ),
    columns=(
        columns.said("category_name", message("Product family"), _name, kind="strong"),
        columns.code("status", message("What to do"), STATES),
        columns.number("expected_order_count", message("Orders expected"), 1),
        columns.quantity("expected_quantity", message("Units expected")),
        columns.quantity("quantity_available", message("In stock")),
        columns.quantity("quantity_incoming", message("On its way")),
        columns.number("days_of_cover", message("Days the stock lasts")),
        columns.quantity("quantity_to_hold", message("To hold")),
        columns.quantity("quantity_to_order", message("To order")),
        columns.money("expected_gmv", message("Sales expected"), "currency_code", is_shown=False),
        columns.share("held_share", message("Would have lasted"), is_shown=False),
    ),
    filters=(Choice("status", message("What to do"), message("All"), all_of(STATES)),),
    count=counted(
        "{first} to {last} of {n} product family", "{first} to {last} of {n} product families"
    ),
    empty=Empty(message("Nothing found"), message("No product family is like that.")),
    phone=("category_name", "quantity_to_order", "status", "days_of_cover"),
)


def verdict(context: Context, summary: Row) -> str:
    """Return what four weeks are expected to bring, and how much would run short."""
    words = context.words
    if summary["expected_order_count"] is None:
        return ""
    said = words.say(
        _EXPECTED,
        n=round(summary["expected_order_count"]),
        first=words.day(summary["from_date"]),
        last=words.day(summary["until_date"]),
    )
    if not summary["restock_count"]:
        return said
    return f"{said} {words.say(_RESTOCK, n=summary['restock_count'])}"


def promise(context: Context, summary: Row) -> str:
    """Return how sure it is that what is to be held lasts; empty where nothing is suggested."""
    if summary["service_level"] is None:
        return ""
    return context.words.text(
        "The stock to hold is meant to last four weeks in {promised} of cases;"
        " in the past it would have lasted in {kept}.",
        promised=context.words.percent(summary["service_level"]),
        kept=context.words.percent(summary["held_share"]),
    )
