"""Vendors in lists, as an operator sees them."""

from urllib.parse import quote

from dashboards.components import wording
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, Search, Window
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import counted, message


def name(row: Row) -> str:
    """Return a vendor's name, or its id where it has none."""
    return str(row["vendor_name"] or row["vendor_id"])


def link(row: Row) -> str:
    """Return where a vendor's page is."""
    return f"/vendors?vendor={quote(row['vendor_id'], safe='')}"


def measures_link(vendor_id: str) -> str:
    """Return where a vendor's measures are."""
    return f"/vendors?vendor={quote(vendor_id, safe='')}&section=measures"


def _reviews(context: Context, row: Row) -> str:
    return wording.rating(context.words, row["review_score"])


def _state(context: Context, row: Row) -> str:
    return wording.state(context.words, row)


VENDORS = Listing(
    name="vendors",
    caption=message("Vendors by sales"),
    query="vendors",
    key=("vendor_id",),
    default_order=(Order("gmv_rank"),),
    columns=(
        columns.said(
            "vendor_name",
            message("Vendor"),
            lambda _context, row: name(row),
            kind="strong",
            link=lambda _context, row: link(row),
        ),
        columns.plain("vendor_id", message("ID"), is_shown=False),
        columns.plain("category_name", message("Category"), is_shown=False),
        columns.number("gmv_rank", message("Rank"), order=Order("gmv_rank")),
        columns.money("gmv", message("Sales"), "currency_code"),
        columns.money("previous_gmv", message("Period before"), "currency_code"),
        columns.share("gmv_share", message("Share")),
        columns.number("order_count", message("Orders")),
        columns.quantity("unit_count", message("Units"), is_shown=False),
        columns.money(
            "average_order_value", message("Average order value"), "currency_code", is_shown=False
        ),
        columns.money("gmv_net", message("Net sales"), "currency_code", is_shown=False),
        columns.money("commission_amount", message("Commission"), "currency_code", is_shown=False),
        columns.rated("review_score", message("Reviews of the period"), _reviews),
        columns.said(
            "worst_state", message("Worst measure"), _state, kind="state", order=Order("state_rank")
        ),
    ),
    filters=(
        Window(),
        Search(message("Name or ID"), message("Search by name or ID")),
        Choice(
            "state",
            message("Worst measure"),
            message("Any state"),
            lambda context: {code: context.words.say(it) for code, it in wording.LEVELS.items()},
        ),
    ),
    count=counted("{first} to {last} of {n} vendor", "{first} to {last} of {n} vendors"),
    empty=Empty(
        message("No vendors found"), message("Nothing matches this search in this period.")
    ),
    phone=("vendor_name", "gmv", "worst_state", "order_count"),
)
