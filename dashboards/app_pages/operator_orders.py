"""Which orders need somebody, what is still to be delivered, and how long each stage takes."""

import streamlit as st

from dashboards.components import lists, order_problems, sections
from dashboards.components.order_problems import OPEN, STAGES
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import orders


def page(context: Context) -> None:
    """Show the problems, or the backlog with the times."""
    words, viewer = context.words, context.viewer
    counts = orders.problem_counts(viewer)
    said = order_problems.verdict(words, orders.problem_orders(viewer), counts)
    heading(context, words.text("Orders"), said)
    parts = {
        "problems": words.text("Need attention"),
        "backlog": words.text("Backlog and times"),
    }
    if sections.choice(context, parts, key="orders_section") == "problems":
        order_problems.show_counts(context, counts)
        lists.show(context, lists.ask(context, OPEN))
    else:
        _backlog(context)


def _backlog(context: Context) -> None:
    words, viewer = context.words, context.viewer
    order_problems.show_backlog(context, orders.backlog(viewer))
    st.header(words.text("How long do orders take?"), anchor=False)
    stages = {stage: words.say(said) for stage, said in STAGES.items()}
    stage = sections.choice(
        context, stages, key="orders_stage", name="stage", label=words.text("Stage")
    )
    order_problems.show_times(context, orders.cycle_times(viewer), stage)
