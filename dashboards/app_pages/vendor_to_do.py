"""What to do next, by when and what it changes; every row of it."""

import streamlit as st

from dashboards.components import actions, lists, next_steps, todo
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import vendors


def page(context: Context) -> None:
    """Show what can be done, what helps most first, and the rows that it is done to."""
    words, viewer = context.words, context.viewer
    rows = vendors.actions(viewer)
    cards = todo.cards(context, rows)
    heading(context, words.text("To do"), todo.verdict(context, rows))
    measures = next_steps.of_measures(context, vendors.scorecard(viewer, context.window_end))
    actions.show(context, [*cards, *measures], at_most=None)
    if cards:
        st.caption(todo.explanation(words))
    st.header(words.text("All open tasks"), anchor=False)
    lists.show(context, lists.ask(context, todo.ROWS))
