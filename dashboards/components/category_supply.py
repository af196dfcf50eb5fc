"""What there is to buy by category, and what is looked for in vain: words and lists."""

from dashboards.components import figures
from dashboards.components.figures import Figure
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Flag
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import counted, message
from dashboards.words.words import Words

_THIN = counted(
    "{n} of {all} categories is thin: fewer than three vendors, or fewer than ten items.",
    "{n} of {all} categories are thin: fewer than three vendors, or fewer than ten items.",
)


def _name(_context: Context, row: Row) -> str:
    return str(row["category_name"] or row["category_id"])


CATEGORIES = Listing(
    name="category-supply",
    caption=message("Categories"),
    query="assortment",
    key=("category_id",),
    default_order=(Order("vendor_count"), Order("item_count")),
    columns=(
        columns.said("category_name", message("Category"), _name, kind="strong"),
        columns.plain("category_id", message("ID"), is_shown=False),
        columns.number("vendor_count", message("Vendors")),
        columns.number("item_count", message("Items to buy")),
        columns.number("single_vendor_item_count", message("Of one vendor alone")),
        columns.number("product_count", message("In the catalogue"), is_shown=False),
        columns.share("liquidity_rate", message("Searches that end in an order")),
        columns.number("searching_sessions", message("Visits that searched"), is_shown=False),
        columns.number(
            "searching_sessions_with_order", message("Of these with an order"), is_shown=False
        ),
        columns.share("price_spread_rate", message("Price spread")),
        columns.number("compared_item_count", message("Items compared"), is_shown=False),
        columns.number("order_count", message("Orders, 90 days"), is_shown=False),
        columns.money("gmv_net", message("Net sales, 90 days"), "currency_code", is_shown=False),
        columns.yes_or_no("is_thin", message("Thin")),
        columns.day("window_start", message("Since"), is_shown=False),
    ),
    filters=(Flag("thin", message("Thin categories only"), "thin_only"),),
    count=counted("{first} to {last} of {n} category", "{first} to {last} of {n} categories"),
    empty=Empty(
        message("No categories"),
        message("None is thin, or no system delivers products with their categories."),
    ),
    phone=("category_name", "vendor_count"),
)

SEARCHES = Listing(
    name="searches-without-supply",
    caption=message("Searches without supply"),
    query="searches_without_supply",
    key=("search_term",),
    default_order=(Order("zero_result_searches", is_descending=True),),
    columns=(
        columns.plain("search_term", message("Search term"), kind="strong"),
        columns.number("zero_result_searches", message("Found nothing")),
        columns.number("searches", message("Searches")),
    ),
    count=counted("{first} to {last} of {n} search term", "{first} to {last} of {n} search terms"),
    empty=Empty(
        message("No searches without results"),
        message("There was none in the last 90 days, or no system delivers searches."),
    ),
    phone=("search_term", "zero_result_searches"),
)


def verdict(words: Words, summary: Row) -> str:
    """Return how many categories are thin."""
    count, thin = int(summary["category_count"]), int(summary["thin_count"])
    if not thin:
        return words.text(
            "No category is thin: each has three vendors or more, and ten items or more."
        )
    return words.say(_THIN, n=thin, all=words.number(count))


def show_figures(context: Context, summary: Row, searches: Row) -> None:
    """Show how deep the assortment is, and how often a search finds nothing."""
    words = context.words
    items, alone = int(summary["item_count"] or 0), int(summary["single_vendor_item_count"] or 0)
    asked, vain = int(searches["searches"] or 0), int(searches["zero_result_searches"] or 0)
    figures.show(
        context,
        [
            Figure(words.text("Thin categories"), words.number(summary["thin_count"])),
            Figure(
                words.text("Items of one vendor alone"),
                words.percent(alone / items if items else None),
                definition=words.text(
                    "{part} of {whole} items that can be bought today.",
                    part=words.number(alone),
                    whole=words.number(items),
                ),
            ),
            Figure(
                words.text("Searches that found nothing"),
                words.percent(vain / asked if asked else None),
                definition=words.text(
                    "{part} of {whole} searches of people since {day}.",
                    part=words.number(vain),
                    whole=words.number(asked),
                    day=words.day(summary["window_start"]),
                ),
            ),
        ],
    )


def explanation(words: Words, summary: Row) -> str:
    """Return how the columns are meant."""
    return words.text(
        "Since {day}. A visit that searched counts for the categories of what was viewed after the"
        " search, and ends in an order where something of the category was bought in it. The price"
        " spread is how much more the dearest new offer of an item costs than the cheapest, half of"
        " the items below and half above; an item is known by its GTIN.",
        day=words.day(summary["window_start"]),
    )
