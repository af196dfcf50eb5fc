"""Promotions and what each brought: words and a list."""

from collections.abc import Mapping
from dataclasses import replace

from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, Flag, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted, message
from dashboards.words.words import NOTHING

_KINDS: Mapping[str, Message] = {
    "percentage": message("A share off"),
    "amount": message("An amount off"),
    "free_shipping": message("Free shipping"),
    "bundle": message("Less for several"),
}


def _scope(context: Context, row: Row) -> str:
    given_by = row["vendor_name"] or context.words.text("Marketplace")
    return f"{given_by}, {row['category_name']}" if row["category_name"] else str(given_by)


def _share(context: Context, row: Row) -> str:
    words = context.words
    if row["incremental_share"] is None:
        return words.text("too few to tell")
    return words.text(
        "{share} ({low} to {high})",
        share=words.percent(row["incremental_share"], 0),
        low=words.percent(row["incremental_share_lower"], 0),
        high=words.percent(row["incremental_share_upper"], 0),
    )


def _additional(context: Context, row: Row) -> str:
    if row["incremental_gmv_net"] is None:
        return NOTHING
    return context.money(row["incremental_gmv_net"])


PROMOTIONS = Listing(
    name="promotions",
    caption=message("Promotions"),
    query="promotions",
    key=("promotion_id",),
    default_order=(Order("first_date", is_descending=True),),
    columns=(
        columns.said(
            "promotion_name",
            message("Promotion"),
            lambda _context, row: str(row["promotion_name"] or row["promotion_id"]),
            kind="strong",
        ),
        columns.plain("promotion_id", message("ID"), is_shown=False),
        columns.code("kind", message("Kind"), _KINDS, is_shown=False),
        columns.said("vendor_name", message("Given by, for"), _scope),
        columns.day("first_date", message("From")),
        columns.day("last_date", message("Until")),
        columns.money("gmv_net", message("Net sales"), "currency_code"),
        columns.rated(
            "incremental_share", message("Additional share and its range"), _share, kind="text"
        ),
        columns.rated("incremental_gmv_net", message("Additional net sales"), _additional),
        columns.money("discount_amount", message("Discount given"), "currency_code"),
        columns.number("line_count", message("Order lines"), is_shown=False),
        columns.number("expected_line_count", message("Expected order lines"), 1, is_shown=False),
        columns.number("begun_days", message("Its days so far"), is_shown=False),
        columns.number("promoted_days", message("Days that count"), is_shown=False),
        columns.number("compared_days", message("Days compared"), is_shown=False),
        columns.money(
            "total_discount_amount",
            message("Discount on all days"),
            "currency_code",
            is_shown=False,
        ),
        columns.number("discounted_line_count", message("Discounted lines"), is_shown=False),
        columns.share("incremental_share_lower", message("From at least"), is_shown=False),
        columns.share("incremental_share_upper", message("To at most"), is_shown=False),
    ),
    filters=(
        Choice(
            "kind",
            message("Kind"),
            message("Any kind"),
            all_of(_KINDS),
        ),
        Flag("measured", message("Only those with an effect to tell"), "measured_only"),
    ),
    count=counted("{first} to {last} of {n} promotion", "{first} to {last} of {n} promotions"),
    empty=Empty(
        message("No promotions"), message("None has begun, or no system delivers promotions.")
    ),
    phone=("promotion_name", "incremental_gmv_net", "incremental_share", "first_date"),
)
# A vendor's own: given by itself, so nobody is named.
OWN = replace(
    PROMOTIONS,
    name="own-promotions",
    caption=message("Your promotions"),
    query="own_promotions",
    columns=tuple(column for column in PROMOTIONS.columns if column.name != "vendor_name"),
    empty=Empty(
        message("No promotions of your own"),
        message("None matches, none has begun, or no system delivers promotions."),
    ),
)
