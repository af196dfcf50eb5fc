"""What customers will be worth: by segment, how well that was foretold before, what is unknown."""

import streamlit as st

from dashboards.components import (
    choices,
    customer_segments,
    customer_value,
    empty,
    foretold,
    unforeseen,
)
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import value


def page(context: Context) -> None:
    """Show the page."""
    viewer, words = context.viewer, context.words
    fits = value.fits(viewer)
    if not fits:
        heading(context, words.text("Value"))
        empty.show(words, customer_value.NO_BUYERS)
        return
    heading(context, words.text("Value"), customer_value.verdict(context, fits))
    customer_value.show_figures(context, fits)
    if any(row["clv_12m"] is not None for row in fits):
        st.header(words.text("What is a customer worth in the next twelve months?"), anchor=False)
        kinds = {code: words.say(said) for code, said in customer_segments.KINDS.items()}
        kind = choices.choose(words.text("Kind of segment"), "kind", kinds, key="value_kind")
        customer_value.show_segments(context, kind, value.segments(viewer, kind))
    if deciles := value.deciles(viewer):
        st.header(words.text("Did the past come as foretold?"), anchor=False)
        foretold.show(context, deciles, value.models(viewer))
    st.header(words.text("What can the model not know?"), anchor=False)
    unforeseen.show(context, fits)
