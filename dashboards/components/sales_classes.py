"""Customers, vendors and products by what they sell and how evenly: words and a list."""

from collections.abc import Mapping
from urllib.parse import urlencode

from dashboards.components.customer_segments import ABC
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted, message
from dashboards.words.words import NOTHING

KINDS: Mapping[str, Message] = {
    "customer": message("Customers"),
    "vendor": message("Vendors"),
    "product": message("Products"),
}
# Whose classes are shown where the address names no other.
USUAL = "customer"
KIND = "entity_kind"
XYZ: Mapping[str, Message] = {
    "X": message("X: even demand"),
    "Y": message("Y: varying demand"),
    "Z": message("Z: uneven demand"),
    "none": message("Too short to tell"),
}


def link(kind: str, abc_class: str, xyz_class: str) -> str:
    """Return where those of two classes are listed."""
    parts = {"section": "abc", "abc_class": abc_class, "xyz_class": xyz_class or "none"}
    if kind != USUAL:
        parts["entity_kind"] = kind
    return f"/customers?{urlencode(parts)}"


def _name(_context: Context, row: Row) -> str:
    return str(row["entity_name"] or NOTHING)


CLASSES = Listing(
    name="abc",
    caption=message("By net sales"),
    query="abc",
    key=("entity_id",),
    default_order=(Order("net_sales", is_descending=True),),
    columns=(
        columns.plain("entity_id", message("ID"), kind="strong"),
        columns.said("entity_name", message("Vendor or product"), _name),
        columns.plain("abc_class", message("ABC")),
        columns.plain("xyz_class", message("XYZ")),
        columns.money("net_sales", message("Net sales, 365 days"), "currency_code"),
        columns.share("cumulative_share", message("Cumulative share")),
        columns.quantity("unit_count", message("Units, 52 weeks")),
        columns.number("demand_variation", message("Variation"), 2),
        columns.number("week_count", message("Weeks"), is_shown=False),
        columns.number("demand_week_count", message("Weeks with orders"), is_shown=False),
        columns.yes_or_no("is_intermittent", message("Intermittent"), is_shown=False),
    ),
    filters=(
        Choice(
            KIND,
            message("Of what"),
            KINDS[USUAL],
            all_of(KINDS, but=USUAL),
        ),
        Choice(
            "abc_class",
            message("ABC class"),
            message("Any class"),
            all_of(ABC),
        ),
        Choice(
            "xyz_class",
            message("XYZ class"),
            message("Any demand"),
            all_of(XYZ),
        ),
    ),
    count=counted("{first} to {last} of {n} entry", "{first} to {last} of {n} entries"),
    empty=Empty(message("Nothing found"), message("Nothing is of these classes.")),
    phone=("entity_id", "net_sales", "abc_class", "xyz_class"),
)
