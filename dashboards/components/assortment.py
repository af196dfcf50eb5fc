"""A vendor's products: their words, a verdict, figures and the list."""

from collections.abc import Mapping

from dashboards.components import figures
from dashboards.components.figures import Figure
from dashboards.context import Context
from dashboards.listings import columns
from dashboards.listings.filters import Choice, Flag, Search, all_of
from dashboards.listings.listing import Empty, Listing
from dashboards.queries.paging import Order
from dashboards.queries.reader import Row
from dashboards.words.messages import Message, counted, message
from dashboards.words.words import NOTHING, Words

_STATES: Mapping[str, Message] = {
    "offered": message("On sale"),
    "partly_out_of_stock": message("An offer is out of stock"),
    "out_of_stock": message("Out of stock"),
    "not_offered": message("Not on sale any more"),
}
_POSITIONS: Mapping[str, Message] = {
    "below": message("Below"),
    "at": message("Level, within 1%"),
    "above": message("Above"),
}
_BASES: Mapping[str, Message] = {
    "market": message("Other shops"),
    "offers_by_clicks": message("Other vendors here, weighted by clicks"),
    "offers": message("Other vendors here, their median"),
}
# Of how many products each kind of thing is known.
_KNOWN = ("known_offer_count", "stocked_count", "compared_count", "described_count")
_EMPTY_SHELF = counted("{n} product is out of stock", "{n} products are out of stock")
_DEAR = counted("{n} product is dearer than elsewhere", "{n} products are dearer than elsewhere")
_INCOMPLETE = counted("{n} product lacks data", "{n} products lack data")


def verdict(words: Words, row: Row) -> str:
    """Return what is to be done about the products in a sentence."""
    said = [
        words.say(counts, n=int(row[name]))
        for counts, name in (
            (_EMPTY_SHELF, "empty_count"),
            (_DEAR, "above_count"),
            (_INCOMPLETE, "incomplete_count"),
        )
        if row[name]
    ]
    if not said and not any(row[known] for known in _KNOWN):
        return words.text("No system here tells of your offers, their stock, prices or data.")
    if not said:
        return words.text("Nothing needs action: no product is out of stock, dear or incomplete.")
    return words.text("{facts}.", facts=", ".join(said))


def show_figures(context: Context, row: Row) -> None:
    """Show stock-outs, prices and completeness; what no feed tells is a dash and says so."""
    figures.show(
        context, [*_stock_figures(context.words, row), *_offer_figures(context.words, row)]
    )


def _stock_figures(words: Words, row: Row) -> list[Figure]:
    return [
        Figure(
            words.text("On sale"),
            words.number(row["offered_count"]) if row["known_offer_count"] else NOTHING,
            definition=words.text("Products with an offer, of the offers that are delivered."),
        ),
        Figure(
            words.text("Days out of stock"),
            words.percent(row["stock_out_share"]),
            definition=words.text(
                "Days of the last 90 on which an offer had no stock, by the days on which it"
                " was on sale and its stock was known."
            ),
        ),
        Figure(
            words.text("Demand missed"),
            words.percent(row["demand_missed_share"]),
            definition=words.text(
                "The same weighted by what each offer sells a day with stock: the demand that"
                " met an empty shelf."
            ),
        ),
    ]


def _offer_figures(words: Words, row: Row) -> list[Figure]:
    return [
        Figure(
            words.text("Dearer than elsewhere"),
            words.text(
                "{above} of {compared}",
                above=words.number(row["above_count"]),
                compared=words.number(row["compared_count"]),
            )
            if row["compared_count"]
            else NOTHING,
            definition=words.text(
                "More than 1% above what others ask for the same product, of those whose price"
                " is compared."
            ),
        ),
        Figure(
            words.text("Product data"),
            words.percent(row["completeness_share"]),
            definition=words.text(
                "What is given of pictures, required attributes, brand and GTIN, on average"
                " over products."
            ),
        ),
    ]


def missing_feeds(words: Words, row: Row) -> str:
    """Return why figures are dashes: what this marketplace's systems do not deliver."""
    said = []
    if not row["known_offer_count"]:
        said.append(words.text("No system delivers your offers here."))
    if not row["stocked_count"]:
        said.append(words.text("No system delivers your stock, so stock-outs are not known."))
    if not row["compared_count"]:
        said.append(
            words.text("No price is compared: no other shop's or three other vendors' is known.")
        )
    if not row["described_count"]:
        said.append(words.text("The catalogue does not say how complete product data are."))
    return " ".join(said)


def _index(context: Context, row: Row) -> str:
    words = context.words
    if row["price_index"] is None:
        return NOTHING
    return words.text(
        "{index} ({position})",
        index=words.number(row["price_index"], 1),
        position=words.code(_POSITIONS, row["price_position"]),
    )


def _cover(context: Context, row: Row) -> str:
    words = context.words
    if row["days_of_cover"] is None:
        return NOTHING
    days = int(row["days_of_cover"])
    return words.count("{n} day", "{n} days", days) if days <= 365 else words.text("over a year")


ASSORTMENT = Listing(
    name="assortment",
    caption=message("Your products, the last 90 days"),
    query="vendor_assortment",
    key=("product_id",),
    default_order=(Order("gmv_net", is_descending=True),),
    columns=(
        columns.plain("product_name", message("Product"), kind="strong"),
        columns.plain("product_id", message("Product ID"), is_shown=False),
        columns.plain("category_name", message("Category"), is_shown=False),
        columns.code("offer_state", message("Offer"), _STATES),
        columns.money("gmv_net", message("Net sales"), "currency_code"),
        columns.quantity("unit_count", message("Units")),
        columns.number("viewed_sessions", message("Views")),
        columns.share("view_conversion_rate", message("Bought after a view")),
        columns.rated("price_index", message("Price index"), _index),
        columns.rated("days_of_cover", message("Stock lasts"), _cover),
        columns.share("completeness_share", message("Product data")),
        columns.plain("own_abc_class", message("ABC"), is_shown=False),
        columns.money("gmv", message("Sales"), "currency_code", is_shown=False),
        columns.number("order_count", message("Orders"), is_shown=False),
        columns.money("offer_price", message("Your price"), "price_currency_code", is_shown=False),
        columns.money(
            "benchmark_price", message("Price elsewhere"), "price_currency_code", is_shown=False
        ),
        columns.code("price_basis", message("Compared with"), _BASES, is_shown=False),
        columns.number("benchmark_count", message("Prices compared"), is_shown=False),
        columns.money(
            "lowest_other_price",
            message("Lowest of other vendors"),
            "price_currency_code",
            is_shown=False,
        ),
        columns.money(
            "median_other_price",
            message("Median of other vendors"),
            "price_currency_code",
            is_shown=False,
        ),
        columns.quantity("quantity_on_hand", message("In stock"), is_shown=False),
        columns.share("sell_through_rate", message("Sell-through"), is_shown=False),
        columns.number("offer_days", message("Offer days"), is_shown=False),
        columns.number("stock_out_days", message("Days without stock"), is_shown=False),
        columns.number("missed_unit_count", message("Units missed"), 1, is_shown=False),
        columns.number("image_count", message("Pictures"), is_shown=False),
        columns.number("attribute_count", message("Attributes given"), is_shown=False),
        columns.number("required_attribute_count", message("Attributes required"), is_shown=False),
        columns.yes_or_no("has_brand", message("Brand given"), is_shown=False),
        columns.yes_or_no("has_gtin", message("GTIN given"), is_shown=False),
        columns.day("last_order_date", message("Last ordered"), is_shown=False),
    ),
    filters=(
        Search(message("Product"), message("Search by name or ID")),
        Choice("offer_state", message("Offer"), message("Any offer"), all_of(_STATES)),
        Choice("price_position", message("Price"), message("Any price"), all_of(_POSITIONS)),
        Flag("incomplete", message("Only those that lack data"), "incomplete_only"),
    ),
    count=counted("{first} to {last} of {n} product", "{first} to {last} of {n} products"),
    empty=Empty(message("No products found"), message("None matches this search.")),
    phone=("product_name", "gmv_net", "offer_state", "price_index"),
)
