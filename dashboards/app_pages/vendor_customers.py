"""Who buys from the vendor, in groups that tell of nobody; and what promotions bring."""

from functools import partial

import streamlit as st

from dashboards import exports
from dashboards.commands import new_request_id
from dashboards.components import buyer_groups, empty, lists, promotions, vendor_exports
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import shops


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    groups = shops.groups(context.viewer)
    heading(context, words.text("Customers"), buyer_groups.verdict(words, groups))
    buyers = buyer_groups.all_buyers(groups)
    if buyers is None:
        empty.show(words, empty.TOO_FEW_BUYERS)
    else:
        buyer_groups.show_figures(context, groups)
        buyer_groups.show(context, groups)
        st.caption(buyer_groups.said_of_groups(words, buyers))
        st.header(words.text("Write to your buyers"), anchor=False)
        if exports.may_ask(context.viewer):
            vendor_exports.show_asking(context, groups, partial(_ask, context))
        marketplace = context.manifest.marketplace
        vendor_exports.show_own(context, exports.own_requests(context.viewer, marketplace))
    st.header(words.text("Your promotions"), anchor=False)
    lists.show(context, lists.ask(context, promotions.OWN))


def _ask(context: Context, group_id: str) -> None:
    exports.ask(context.viewer, context.manifest.marketplace, group_id, new_request_id())
