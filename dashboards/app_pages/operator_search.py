"""Vendors, orders and products of the marketplace, found by an id or a name."""

from dashboards.components import search as found
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import search


def page(context: Context) -> None:
    """Show the page."""
    words, viewer = context.words, context.viewer
    heading(context, words.text("Search"))
    text = found.ask(context, words.text("Vendor, order or product"))
    if not text:
        return
    found.show(
        context,
        [
            (words.text("Vendors"), found.vendor_columns(context), search.vendors(viewer, text)),
            (words.text("Orders"), found.order_columns(context), search.orders(viewer, text)),
            (words.text("Products"), found.product_columns(context), search.products(viewer, text)),
        ],
    )
