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
            "Sales were forecast from what was known at several days of the past and compared with"
            " what came. Coverage: the share of intervals that contained it; it should be the"
            " interval's own percentage. WAPE: absolute errors as a share of sales; the naive"
            " forecast repeats the last week or, of weeks and months, the year before. Relative to"
            " naive: 0.60 is an error of 60 percent of the naive forecast's. Bias above zero: too"
            " much was expected. Weeks are the sums of their days, and so are the next months; the"
            " first month has begun, and both forecasts know what came of it."
        )
    )
    lists.show(context, lists.ask(context, ACCURACY))
