"""What there is to buy: thin categories, whether searches end in orders, what nobody offers."""

import streamlit as st

from dashboards.components import category_supply, lists
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import assortment as questions


def page(context: Context) -> None:
    """Show the figures, the categories and the searches that found nothing."""
    words, viewer = context.words, context.viewer
    summary = questions.summary(viewer)
    title = words.text("Assortment")
    if summary:
        heading(context, title, category_supply.verdict(words, summary))
        category_supply.show_figures(context, summary, questions.searches(viewer))
    else:
        heading(context, title)
    lists.show(context, lists.ask(context, category_supply.CATEGORIES))
    if summary:
        st.caption(category_supply.explanation(words, summary))
    st.header(words.say(category_supply.SEARCHES.caption), anchor=False)
    lists.show(context, lists.ask(context, category_supply.SEARCHES))
