"""The limits that vendors are judged by: where they come from, setting one, and what was set."""

import streamlit as st

from dashboards import limit_setting
from dashboards.components import limit_form, limits_set
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import limits


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    metrics = {str(row["metric_id"]): row for row in limits.metrics(context.viewer)}
    set_ones = limit_setting.limits(context)
    heading(context, words.text("Thresholds"), limits_set.verdict(context, metrics, set_ones))
    st.header(words.text("Limits for all vendors"), anchor=False)
    limits_set.show_base(context, metrics)
    st.caption(
        words.text(
            "A limit counts from its first day on. Windows that ended before keep the limit by"
            " which they were judged."
        )
    )
    st.header(words.text("Set by operators"), anchor=False)
    limits_set.show(context, metrics, set_ones)
    if limit_setting.may_set(context.viewer):
        st.header(words.text("Set a limit"), anchor=False)
        limit_form.show(context, metrics)
        limits_set.show_withdrawal(context, metrics, set_ones)
