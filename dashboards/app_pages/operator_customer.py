"""One customer in all systems: figures, timeline, consents, companies and products in use."""

import streamlit as st

from dashboards.components import (
    browsers,
    customer_segments,
    customers,
    empty,
    figures,
    html,
    lists,
    sections,
    tables,
)
from dashboards.components.owned_products import PRODUCTS
from dashboards.components.page import heading
from dashboards.components.touchpoints import TIMELINE
from dashboards.context import Context
from dashboards.listings.filters import looks_personal
from dashboards.lookups import record_lookup
from dashboards.queries import customers as asked
from dashboards.queries import marketplace
from dashboards.queries.reader import Row

_FIGURES = ("gmv_net", "order_count")


def page(context: Context) -> None:
    """Show the customer that the address names; that it was opened is recorded."""
    words = context.words
    customer_id = st.query_params.get("customer", "")
    is_asked = customer_id and not looks_personal(customer_id)
    profile = asked.profile(context.viewer, customer_id) if is_asked else None
    if profile is None:
        heading(context, words.text("Customer"))
        empty.show(words, empty.UNKNOWN_CUSTOMER)
        return
    record_lookup(context, "open customer", customer_id)
    parts = {
        "timeline": (words.text("Timeline"), _timeline),
        "segments": (words.text("Segments"), _segments),
        "reach": (words.text("Consents and contacts"), _reach),
        "products": (words.text("Products in use"), _products),
        "browsers": (words.text("Browsers"), _browsers),
        "facts": (words.text("Facts and sources"), _facts),
    }
    if profile["root_account_id"]:
        parts["company"] = (words.text("Company"), _company)
    titles = {part: title for part, (title, _) in parts.items()}
    heading(context, customers.name(context, profile), _lead(context, profile))
    _figures(context, profile)
    _, show = parts[sections.choice(context, titles, key="customer_section")]
    show(context, profile)


def _lead(context: Context, profile: Row) -> str:
    words = context.words
    kind, customer_id = customers.kind(context, profile), str(profile["customer_id"])
    if not profile["is_registered"]:
        return words.text("ID {customer}. Known from orders alone.", customer=customer_id)
    if profile["last_order_date"] is None:
        return words.text("{kind}, ID {customer}. No order yet.", kind=kind, customer=customer_id)
    return words.text(
        "{kind}, ID {customer}. Last order on {day}.",
        kind=kind,
        customer=customer_id,
        day=words.day(profile["last_order_date"]),
    )


def _figures(context: Context, profile: Row) -> None:
    words = context.words
    reached = sum(row["is_contactable"] for row in _marketing(context, profile))
    figures.show(
        context,
        [
            *(
                figures.of(context, marketplace.metrics(context.viewer), profile, metric)
                for metric in _FIGURES
            ),
            figures.Figure(
                words.text("Channels open for marketing"),
                words.number(reached),
                definition=words.text(
                    "Channels by which the customer allowed marketing and for which an address"
                    " that works is known."
                ),
            ),
        ],
    )


def _marketing(context: Context, profile: Row) -> list[Row]:
    found = asked.consents(context.viewer, profile["customer_id"])
    return [row for row in found if row["purpose"] == "marketing"]


def _timeline(context: Context, profile: Row) -> None:
    given = {"customer": str(profile["customer_id"])}
    lists.show(context, lists.ask(context, TIMELINE, given=given))


def _segments(context: Context, profile: Row) -> None:
    words = context.words
    found = asked.memberships(context.viewer, profile["customer_id"])
    if not found:
        empty.show(words, empty.NO_MEMBERSHIPS)
        return
    caption = words.text("Segments, those that last first")
    tables.show(customer_segments.membership_columns(context), found, caption=caption)
    if len(found) == asked.MOST_SHOWN:
        st.caption(words.text("Only the latest are shown."))


def _reach(context: Context, profile: Row) -> None:
    words, viewer = context.words, context.viewer
    st.header(words.text("Consents"), anchor=False)
    consents = asked.consents(viewer, profile["customer_id"])
    if consents:
        caption = words.text("What the customer allowed")
        tables.show(customers.consent_columns(context), consents, caption=caption)
    else:
        empty.show(words, empty.NO_CONSENTS)
    st.header(words.text("Contacts"), anchor=False)
    contacts = asked.contacts(viewer, profile["customer_id"])
    if contacts:
        caption = words.text("People who act for the customer")
        tables.show(customers.contact_columns(context), contacts, caption=caption)
    else:
        empty.show(words, empty.NO_CONTACTS)


def _products(context: Context, profile: Row) -> None:
    given = {"customer": str(profile["customer_id"])}
    lists.show(context, lists.ask(context, PRODUCTS, given=given))


def _browsers(context: Context, profile: Row) -> None:
    browsers.show(context, str(profile["customer_id"]))


def _company(context: Context, profile: Row) -> None:
    words = context.words
    tree = asked.company_tree(context.viewer, profile["root_account_id"])
    columns = customers.company_columns(context, tree)
    tables.show(columns, tree, caption=words.text("The companies of the group"))
    st.caption(
        words.text(
            "The share of known demand is net sales of net sales and lost quotes. What the company"
            " buys elsewhere without asking is not known, so the true share is lower."
        )
    )
    if len(tree) == asked.MOST_SHOWN:
        st.caption(words.text("Only the first companies are shown."))


def _facts(context: Context, profile: Row) -> None:
    words = context.words
    html.show("definition.html", entries=customers.facts(context, profile))
    parties = asked.as_vendor(context.viewer, profile["customer_id"])
    if parties:
        st.header(words.text("Buys and sells"), anchor=False)
        rows = [{**profile, **party} for party in parties]
        tables.show(customers.party_columns(context), rows, caption=words.text("Vendors"))
