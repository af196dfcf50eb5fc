"""Every metric: its definition, its versions, where it is used, its SQL and its origin."""

import streamlit as st

from dashboards.components import explored, html, metrics, pages, search, states, tables
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import marketplace
from dashboards.queries.reader import Rows


def page(context: Context) -> None:
    """Show the list, or the metric that the address names."""
    versions = marketplace.metric_versions(context.viewer)
    metric_id = st.query_params.get("metric")
    if metric_id:
        _metric(context, metric_id, versions)
    else:
        _list(context, versions)


def _list(context: Context, versions: Rows) -> None:
    words = context.words
    lead = words.text("What every figure means, and what it is made from.")
    heading(context, words.text("Metric catalogue"), lead)
    wanted = search.field(context, words.text("Name or definition"))
    found = metrics.matching(words, metrics.current(versions), wanted)
    if found:
        caption = words.text("Metrics")
        tables.show(metrics.list_columns(context), found, caption=caption)
        return
    states.empty(
        words,
        words.text("No metric found"),
        words.text("No name and no definition contains this text."),
    )


def _metric(context: Context, metric_id: str, versions: Rows) -> None:
    words = context.words
    own = [row for row in versions if row["metric_id"] == metric_id]
    if not own:
        heading(context, words.text("Metric catalogue"))
        states.empty(
            words,
            words.text("Unknown metric"),
            words.text("There is no metric with this name."),
            link="/metrics",
            link_text=words.text("All metrics"),
        )
        return
    newest = own[0]
    heading(context, words.published(newest["name"]), words.published(newest["sentence"]))
    html.show("link.html", href="/metrics", text=words.text("All metrics"))
    facts = [fact for fact in metrics.facts(context, newest) if fact[1]]
    html.show("definition.html", entries=facts)
    caption = words.text("Versions of the definition")
    st.header(caption, anchor=False)
    tables.show(metrics.version_columns(context), own, caption=caption)
    _use(context, metric_id)


def _use(context: Context, metric_id: str) -> None:
    words = context.words
    held = metrics.holding(context, metric_id)
    title = words.text("Where it is used")
    st.header(title, anchor=False)
    if not held:
        states.empty(
            words,
            words.text("No lineage"),
            words.text("This version does not describe its tables; the next one will."),
        )
        return
    rows = [{"held": column, "table": table} for column, table in held]
    tables.show(metrics.holding_columns(context), rows, caption=title)
    pages.show_links(context, words.text("Pages that read these tables"), metrics.page_names(held))
    st.header(words.text("SQL"), anchor=False)
    for column, table in held:
        with st.expander(explored.table_title(words, column.table)):
            st.code(table.sql, language="sql")
