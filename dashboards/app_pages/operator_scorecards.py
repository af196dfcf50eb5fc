"""All vendors by all measures, what needs action first."""

import streamlit as st

from dashboards.components import lists, measure_windows, scorecards
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import marketplace


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    verdict = scorecards.verdict(words, marketplace.scorecard_counts(context.viewer))
    heading(context, words.text("Scorecards"), verdict)
    measure_windows.choice(context, "scorecards_window")
    found = lists.ask(context, scorecards.SCORECARDS)
    if scorecards.METRIC in st.query_params:
        scorecards.show_dots(context, found.rows)
    lists.show(context, found, chosen_above={measure_windows.NAME})
    st.caption(
        words.text(
            "What needs action first, and of it what has the most cases beyond the limit. Act is"
            " near certain, watch is likely. Cases that others caused do not count as beyond it."
        )
    )
