"""Counts that a page was opened: once per opening and metric, however often it runs again."""

from datetime import date

import streamlit as st
import structlog

from dashboards import resources
from dashboards.context import Context
from dashboards.queries import marketplace
from dashboards.viewer import Viewer, require_operator
from operations.views import Shop, View, count_view, views_since

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
        count_view(resources.current().store, view, context.now.date(), _shop(context))
    except Exception as error:  # noqa: BLE001 - whatever it is, the page has been shown
        # Not the message, which may quote the statement.
        _LOG.warning("view not counted", page=page, why=type(error).__name__)


def metric_views(viewer: Viewer, metric_id: str, since: date) -> int:
    """Return how often a page showed a metric alone since a day; for operators."""
    require_operator(viewer)
    counts = views_since(resources.current().store, since)
    return sum(each.view_count for each in counts if each.view.metric == metric_id)


def _shop(context: Context) -> Shop | None:
    """Return the vendor that looks at its own pages; None of an operator, whatever it looks at."""
    vendor_id = context.viewer.vendor_id
    return None if vendor_id is None else Shop(context.manifest.marketplace, vendor_id)


def _metric(context: Context) -> str | None:
    """Return the metric that the address names; what is no metric of ours is nothing."""
    named = st.query_params.get("metric")
    if named is None:
        return None
    return named if named in marketplace.metrics(context.viewer) else None
