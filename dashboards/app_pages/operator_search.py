"""Vendors, customers, companies, orders and products, found by an id or a name."""

from dashboards.components import customers
from dashboards.components import search as found
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.lookups import record_lookup
from dashboards.queries import search
from dashboards.viewer import may_see_people


def page(context: Context) -> None:
    """Show the page."""
    words, viewer = context.words, context.viewer
    heading(context, words.text("Search"))
    text = found.ask(context, words.text("Vendor, customer, order or product"))
    if not text:
        return
    vendors = search.vendors(viewer, text)
    buyers = _buyers(context, text) if context.has_page("operator_customer") else []
    # Who buys and sells is found once, with both sides.
    both = {row["vendor_id"] for title, _, rows in buyers[:1] for row in rows}
    found.show(
        context,
        [
            *buyers,
            (
                words.text("Vendors"),
                found.vendor_columns(context),
                tuple(row for row in vendors if row["vendor_id"] not in both),
            ),
            (words.text("Orders"), found.order_columns(context), search.orders(viewer, text)),
            (words.text("Products"), found.product_columns(context), search.products(viewer, text)),
        ],
    )


def _buyers(context: Context, text: str) -> list[found.Found]:
    """Return who buys and sells, then those who only buy; that they are shown is recorded."""
    words, viewer = context.words, context.viewer
    named = text if may_see_people(viewer) else None
    parties = search.parties(viewer, text, named=named)
    customers_found = search.customers(viewer, text, named=named)
    companies = search.accounts(viewer, text, named=named)
    if parties or customers_found or companies:
        record_lookup(context, "search customers", "search")
    both = {row["customer_id"] for row in parties}
    only = tuple(row for row in customers_found if row["customer_id"] not in both)
    return [
        (words.text("Buy and sell"), customers.party_columns(context), parties),
        (words.text("Customers"), customers.found_columns(context), only),
        (words.text("Companies"), customers.found_company_columns(context), companies),
    ]
