"""The vendor's own orders and products, found by an id or a name."""

from dashboards.components import search as found
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import search


def page(context: Context) -> None:
    """Show the page."""
    words, viewer = context.words, context.viewer
    heading(context, words.text("Search"))
    text = found.ask(context, words.text("Order or product"))
    if not text:
        return
    orders, products = search.own_orders(viewer, text), search.own_products(viewer, text)
    found.show(
        context,
        [
            (words.text("Orders"), found.order_columns(context), orders),
            (words.text("Products"), found.product_columns(context), products),
        ],
    )
