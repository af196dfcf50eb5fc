"""What business buyers asked a quote for, what waits for an offer, and what was won."""

import streamlit as st

from dashboards.components import empty, lists, requests
from dashboards.components.page import heading
from dashboards.components.windows import chosen_days, period_choice
from dashboards.context import Context
from dashboards.listings import periods
from dashboards.queries import vendors

_ALWAYS = "all_time"


def page(context: Context) -> None:
    """Show how requests were answered, and all of them."""
    words, viewer = context.words, context.viewer
    always = vendors.requests(viewer, _ALWAYS)
    period = chosen_days(context)
    heading(context, words.text("Requests"), requests.verdict(words, always), period=period)
    if always is None:
        empty.show(words, requests.NO_REQUESTS)
        return
    period_choice(context, "requests_window")
    found = vendors.requests(viewer, period.window_id) if period.window_id else None
    if found is not None:
        requests.show_figures(context, found)
        if stages := requests.stages_sentence(words, found):
            st.caption(stages)
    st.header(words.text("All requests"), anchor=False)
    lists.show(context, lists.ask(context, requests.QUOTES), chosen_above=periods.NAMES)
