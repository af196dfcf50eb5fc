"""How every system stands, what is kept back and why, and whether the books agree."""

import streamlit as st

from dashboards import commands
from dashboards.components import (
    data_docs,
    health,
    html,
    reconciliation,
    replays,
    states,
    systems,
    tables,
    wording,
)
from dashboards.components.page import Context, heading, part_choice, turn_pages
from dashboards.queries import operator
from dashboards.queries.paging import Part, total_of
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import may_operate

_REQUEST_KEY = "data_health_request"


def page(context: Context) -> None:
    """Show the page."""
    heading(context, "Data health")
    health.show_last_run(context.last_run, context.manifest)
    data_docs.show_link(context)
    feeds = operator.feeds(context.viewer)
    if not feeds:
        states.empty("No feeds", "The pipeline has not described any feed yet.")
        return
    comparisons = operator.reconciliation(context.viewer)
    found = operator.systems(context.viewer)
    part = part_choice("data_health_failing", "checks")
    failing = operator.checks(context.viewer, part, is_passed=False)
    systems.show_figures(found, comparisons, total_of(failing))
    st.subheader("Systems", anchor=False)
    systems.show(found)
    st.caption(
        "Lag is measured to the end of the last day that counts,"
        f" {wording.day(context.manifest.as_of_date)}, or to the newest load if that is later."
    )
    _held_back(feeds)
    _reconciliation(context, comparisons)
    _feeds(feeds)
    _quarantine(context, feeds)
    _checks(context, failing, part)
    _loads(context, feeds)


def _held_back(feeds: Rows) -> None:
    st.subheader("What failures hold back", anchor=False)
    holding = health.holding_back(feeds)
    if holding:
        tables.show(health.held_back_columns(), holding, caption="What failures hold back")
    else:
        states.empty("Nothing is held back", "Every feed that something depends on is complete.")


def _feeds(feeds: Rows) -> None:
    st.subheader("Feeds", anchor=False)
    troubled, fine = health.to_look_at(feeds), health.fine(feeds)
    if troubled:
        tables.show(health.feed_columns(), troubled, caption="Feeds to look at")
    if fine:
        with st.expander(f"Fine: {wording.ordinary_count(len(fine), 'feed', 'feeds')}"):
            tables.show(health.feed_columns(), fine, caption="Feeds that are fine")
    st.caption(html.markdown_safe(health.absent_sentence(feeds)))


def _reconciliation(context: Context, comparisons: Rows) -> None:
    st.subheader("Do the books agree?", anchor=False)
    if not comparisons:
        states.empty("Nothing to compare", "No order has been loaded yet.")
        return
    tables.show(reconciliation.summary_columns(), comparisons, caption="The shop and other systems")
    unexplained = reconciliation.with_residuals(comparisons)
    if not unexplained:
        return
    with st.expander("The days, vendors and orders behind it"):
        _residuals(context, unexplained)


def _residuals(context: Context, unexplained: dict[str, Row]) -> None:
    chosen = unexplained[
        st.selectbox("Comparison", list(unexplained), key="data_health_comparison")
    ]
    days = operator.residual_days(context.viewer, chosen, Part(10))
    tables.show(reconciliation.day_columns(), days, caption="Worst days and vendors")
    st.caption(f"The {len(days)} worst of {wording.count(total_of(days))} days and vendors")
    part = part_choice("data_health_rows", (chosen["source"], chosen["measure"]))
    rows = operator.residual_rows(context.viewer, chosen, part)
    tables.show(reconciliation.row_columns(), rows, caption="What is behind it")
    turn_pages("data_health_rows", part, total_of(rows), "rows")


def _quarantine(context: Context, feeds: Rows) -> None:
    st.subheader("Rows kept back", anchor=False)
    titles: dict[str, str] = {feed["feed"]: feed["title"] or feed["feed"] for feed in feeds}
    kept_back = operator.quarantine(context.viewer, Part(50))
    if kept_back:
        tables.show(health.quarantine_columns(), kept_back, caption="Rows in quarantine by reason")
        if may_operate(context.viewer):
            held = {str(row["feed"]): titles.get(row["feed"]) or "" for row in kept_back}
            replays.show_button(held, lambda feed: _ask(context, feed))
    else:
        states.empty("Nothing was kept back", "Every row that arrived met its contract.")
    asked = commands.latest_replays(context.viewer, context.manifest.marketplace, 10)
    if asked:
        replays.show_requests(asked, titles)


def _ask(context: Context, feed: str) -> None:
    request_id = st.session_state.setdefault(_REQUEST_KEY, commands.new_request_id())
    commands.request_replay(context.viewer, context.manifest.marketplace, feed, request_id)
    del st.session_state[_REQUEST_KEY]


def _checks(context: Context, failing: Rows, failing_part: Part) -> None:
    st.subheader("Checks", anchor=False)
    part = part_choice("data_health_checks", "checks")
    passed = operator.checks(context.viewer, part, is_passed=True)
    if not failing and not passed:
        states.empty("No checks yet", "The checks of the deliveries have not run yet.")
    if failing:
        tables.show(health.check_columns(), failing, caption="Checks that failed")
        turn_pages("data_health_failing", failing_part, total_of(failing), "checks")
    if passed:
        with st.expander(f"Passed: {wording.ordinary_count(total_of(passed), 'check', 'checks')}"):
            tables.show(health.check_columns(), passed, caption="Checks that passed")
            turn_pages("data_health_checks", part, total_of(passed), "checks")


def _loads(context: Context, feeds: Rows) -> None:
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
