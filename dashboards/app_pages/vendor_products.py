"""The vendor's products: what to restock, to price and to describe; and who looks at them."""

import streamlit as st

from dashboards.components import assortment, empty, lists, own_visits, sections
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import shops


def page(context: Context) -> None:
    """Show the list of products, or the visits to them."""
    words = context.words
    summary = shops.assortment(context.viewer)
    if summary is None:
        heading(context, words.text("Products"))
        empty.show(words, empty.NO_PRODUCTS)
        return
    heading(context, words.text("Products"), assortment.verdict(words, summary))
    part = sections.choice(
        context,
        {"list": words.text("Products"), "visits": words.text("Visits")},
        key="products_part",
    )
    if part == "visits":
        own_visits.show(
            context,
            shops.visit_months(context.viewer),
            shops.groups(context.viewer),
            shops.search_terms(context.viewer),
        )
        return
    assortment.show_figures(context, summary)
    if missing := assortment.missing_feeds(words, summary):
        st.caption(missing)
    lists.show(context, lists.ask(context, assortment.ASSORTMENT))
