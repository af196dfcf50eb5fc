"""What there is to buy: thin categories, whether searches end in orders, what nobody offers."""

import streamlit as st

from dashboards.components import assortment, lists
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import assortment as questions


def page(context: Context) -> None:
    """Show the figures, the categories and the searches that found nothing."""
    words, viewer = context.words, context.viewer
    summary = questions.summary(viewer)
    title = words.text("Assortment")
    if summary:
        heading(context, title, assortment.verdict(words, summary))
        assortment.show_figures(context, summary, questions.searches(viewer))
    else:
        heading(context, title)
    lists.show(context, lists.ask(context, assortment.CATEGORIES))
    if summary:
        st.caption(assortment.explanation(words, summary))
    lists.show(context, lists.ask(context, assortment.SEARCHES))
