"""All vendors by all measures, the furthest beyond their limits first."""

import streamlit as st

from dashboards.components import lists, scorecards
from dashboards.components.page import heading
from dashboards.context import Context


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    lead = words.text(
        "The measures with the most beyond the limit first. Act is near certain, watch is likely."
    )
    heading(context, words.text("Scorecards"), lead)
    found = lists.ask(context, scorecards.SCORECARDS)
    if scorecards.METRIC in st.query_params:
        scorecards.show_dots(context, found.rows)
    lists.show(context, found)
