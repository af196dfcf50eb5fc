"""Counts that a page was opened: once per opening and metric, however often it runs again."""

import streamlit as st
import structlog

from dashboards import resources
from dashboards.context import Context
from dashboards.queries import operator, vendor
from operations.views import View, count_view

_LOG = structlog.get_logger(__name__)
_COUNTED = "kontor_counted_view"


def count_opened(context: Context, page: str) -> None:
    """Count a page that was shown, unless it is what this tab showed before; never raises for it.

    Called at the end of a run, so that nobody waits for it.
    """
    try:
        view = View(context.viewer.role, page, _metric(context))
        if st.session_state.get(_COUNTED) == view:
            return
        st.session_state[_COUNTED] = view
        count_view(resources.current().store, view, context.now.date())
    except Exception as error:  # noqa: BLE001 - whatever it is, the page has been shown
        # Not the message, which may quote the statement.
        _LOG.warning("view not counted", page=page, why=type(error).__name__)


def _metric(context: Context) -> str | None:
    """Return the metric that the address names; what is no metric of ours is nothing."""
    named = st.query_params.get("metric")
    if named is None:
        return None
    queries = vendor if context.is_vendor else operator
    return named if named in queries.metrics(context.viewer) else None
