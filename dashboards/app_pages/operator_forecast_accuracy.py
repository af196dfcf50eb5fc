"""How good forecasts of the past were, by kind of series, period, size and how far ahead."""

import streamlit as st

from dashboards.components import lists
from dashboards.components.forecasts import ACCURACY
from dashboards.components.page import heading
from dashboards.context import Context


def page(context: Context) -> None:
    """Show the measures in a list."""
    words = context.words
    heading(context, words.text("Forecast accuracy"))
    st.caption(
        words.text(
            "At several days of the past, sales were forecast from what was known by then and"
            " compared with what came. Held: the share of intervals that held what came; it should"
            " be the interval's own percentage. The naive forecast repeats the last week, or the"
            " same week or month a year before. Bias above zero: too much was expected."
        )
    )
    lists.show(context, lists.ask(context, ACCURACY))
