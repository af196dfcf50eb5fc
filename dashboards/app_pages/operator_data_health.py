"""What arrived, what was kept back, what is missing, and how the last run ended."""

import streamlit as st

from dashboards.components import health, states, tables, wording
from dashboards.components.page import Context, heading, part_choice, turn_pages
from dashboards.queries import operator
from dashboards.queries.paging import Part, total_of


def page(context: Context) -> None:
    """Show the page."""
    heading(context, "Data health")
    health.show_last_run(context.last_run, context.manifest)

    feeds = operator.feeds(context.viewer)
    st.subheader("Feeds", anchor=False)
    if not feeds:
        states.empty("No feeds", "The pipeline has not described any feed yet.")
        return
    tables.show(health.feed_columns(), feeds, caption="State of every feed")

    st.subheader("Rows kept back", anchor=False)
    kept_back = operator.quarantine(context.viewer, Part(50))
    if kept_back:
        tables.show(health.quarantine_columns(), kept_back, caption="Rows in quarantine by reason")
        st.caption("Repair the file or the mapping, then run `kontor quarantine replay`.")
    else:
        states.empty("Nothing was kept back", "Every row that arrived met its contract.")

    st.subheader("Loads", anchor=False)
    names = {feed["feed"]: feed["title"] for feed in feeds if feed["load_count"]}
    chosen = st.selectbox(
        "Feed",
        ["", *names],
        format_func=lambda feed: names.get(feed) or "All feeds",
        key="data_health_feed",
    )
    part = part_choice("data_health", chosen)
    loads = operator.loads(context.viewer, chosen or None, part)
    if not loads:
        states.empty("No loads", "Nothing has arrived for this feed.")
        return
    tables.show(health.load_columns(), loads, caption="What became of every delivered file")
    turn_pages("data_health", part, total_of(loads), "loads")
    st.caption(
        f"Times are in UTC. Received = applied + unchanged + duplicate + kept back;"
        f" data to {wording.day(context.manifest.as_of_date)}."
    )
