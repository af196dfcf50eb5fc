"""How every system stands, what is in quarantine and why, and whether the books agree."""

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
)
from dashboards.components.page import CHECKS, LOADS, ROWS, heading, part_choice, turn_pages
from dashboards.context import Context
from dashboards.queries import operator
from dashboards.queries.paging import Part, total_of
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import may_operate

_REQUEST_KEY = "data_health_request"


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    heading(context, words.text("Data health"))
    health.show_last_run(context)
    data_docs.show_link(context)
    feeds = operator.feeds(context.viewer)
    if not feeds:
        states.empty(
            words,
            words.text("No feeds"),
            words.text("The pipeline has not described any feed yet."),
        )
        return
    comparisons = operator.reconciliation(context.viewer)
    found = operator.systems(context.viewer)
    part = part_choice("data_health_failing", "checks")
    failing = operator.checks(context.viewer, part, is_passed=False)
    systems.show_figures(context, found, comparisons, total_of(failing))
    st.header(words.text("Systems"), anchor=False)
    systems.show(context, found)
    _held_back(context, feeds)
    _reconciliation(context, comparisons)
    _feeds(context, feeds)
    _quarantine(context, feeds)
    _checks(context, failing, part)
    _loads(context, feeds)


def _held_back(context: Context, feeds: Rows) -> None:
    words = context.words
    title = words.text("What problems affect")
    st.header(title, anchor=False)
    holding = health.holding_back(feeds)
    if holding:
        tables.show(health.held_back_columns(context), holding, caption=title)
    else:
        states.empty(
            words,
            words.text("Nothing is affected"),
            words.text("Every feed that something depends on is complete."),
        )


def _feeds(context: Context, feeds: Rows) -> None:
    words = context.words
    st.header(words.text("Feeds"), anchor=False)
    troubled, fine = health.to_look_at(feeds), health.fine(feeds)
    columns = health.feed_columns(context)
    if troubled:
        tables.show(columns, troubled, caption=words.text("Feeds that need attention"))
    if fine:
        with st.expander(words.count("{n} feed is OK", "{n} feeds are OK", len(fine))):
            tables.show(columns, fine, caption=words.text("Feeds that are OK"))
    st.caption(html.markdown_safe(health.absent_sentence(words, feeds)))


def _reconciliation(context: Context, comparisons: Rows) -> None:
    words = context.words
    st.header(words.text("Do the books agree?"), anchor=False)
    if not comparisons:
        states.empty(
            words,
            words.text("Nothing to compare"),
            words.text("No order has been loaded yet."),
        )
        return
    caption = words.text("The shop and other systems")
    tables.show(reconciliation.summary_columns(context), comparisons, caption=caption)
    st.caption(
        words.text(
            "Difference = explained + net unexplained. The gross mismatch adds up what is"
            " unexplained order by order without its sign, so that too much and too little do not"
            " cancel out."
        )
    )
    unexplained = reconciliation.with_residuals(words, comparisons)
    if not unexplained:
        return
    with st.expander(words.text("The days, vendors and orders behind it")):
        _residuals(context, unexplained)


def _residuals(context: Context, unexplained: dict[str, Row]) -> None:
    words = context.words
    title = words.text("Comparison")
    chosen = unexplained[st.selectbox(title, list(unexplained), key="data_health_comparison")]
    days = operator.residual_days(context.viewer, chosen, Part(10))
    caption = words.text("Largest mismatches by day and vendor")
    tables.show(reconciliation.day_columns(context), days, caption=caption)
    shown = words.count(
        "The largest {shown} of {n} day and vendor",
        "The largest {shown} of {n} days and vendors",
        total_of(days),
        shown=len(days),
    )
    st.caption(shown)
    part = part_choice("data_health_rows", (chosen["source"], chosen["measure"]))
    rows = operator.residual_rows(context.viewer, chosen, part)
    caption = words.text("Orders and settlements that differ")
    tables.show(reconciliation.row_columns(context), rows, caption=caption)
    turn_pages(context, "data_health_rows", part, total_of(rows), ROWS)


def _quarantine(context: Context, feeds: Rows) -> None:
    words = context.words
    st.header(words.text("Quarantined rows"), anchor=False)
    titles = {str(feed["feed"]): health.title(words, feed) for feed in feeds}
    kept_back = operator.quarantine(context.viewer, Part(50))
    if kept_back:
        caption = words.text("Rows in quarantine, by reason")
        tables.show(health.quarantine_columns(context), kept_back, caption=caption)
        if may_operate(context.viewer):
            held = {str(row["feed"]): titles.get(row["feed"]) or "" for row in kept_back}
            replays.show_button(context, held, lambda feed: _ask(context, feed))
    else:
        states.empty(
            words,
            words.text("No rows in quarantine"),
            words.text("Every row that arrived meets its contract."),
        )
    asked = commands.latest_replays(context.viewer, context.manifest.marketplace, 10)
    if asked:
        replays.show_requests(context, asked, titles)


def _ask(context: Context, feed: str) -> None:
    request_id = st.session_state.setdefault(_REQUEST_KEY, commands.new_request_id())
    commands.request_replay(context.viewer, context.manifest.marketplace, feed, request_id)
    del st.session_state[_REQUEST_KEY]


def _checks(context: Context, failing: Rows, failing_part: Part) -> None:
    words = context.words
    st.header(words.text("Checks"), anchor=False)
    part = part_choice("data_health_checks", "checks")
    passed = operator.checks(context.viewer, part, is_passed=True)
    columns = health.check_columns(context)
    if not failing and not passed:
        states.empty(
            words,
            words.text("No checks yet"),
            words.text("The checks of the deliveries have not run yet."),
        )
    if failing:
        tables.show(columns, failing, caption=words.text("Checks that failed"))
        turn_pages(context, "data_health_failing", failing_part, total_of(failing), CHECKS)
    if passed:
        title = words.count("{n} check passed", "{n} checks passed", total_of(passed))
        with st.expander(title):
            tables.show(columns, passed, caption=words.text("Checks that passed"))
            turn_pages(context, "data_health_checks", part, total_of(passed), CHECKS)


def _loads(context: Context, feeds: Rows) -> None:
    words = context.words
    st.header(words.text("Loads"), anchor=False)
    names = {str(feed["feed"]): health.title(words, feed) for feed in feeds if feed["load_count"]}
    chosen = st.selectbox(
        words.text("Feed"),
        ["", *names],
        format_func=lambda feed: names.get(feed) or words.text("All feeds"),
        key="data_health_feed",
    )
    part = part_choice("data_health", chosen)
    loads = operator.loads(context.viewer, chosen or None, part)
    if not loads:
        states.empty(
            words,
            words.text("No loads"),
            words.text("Nothing has arrived for this feed."),
        )
        return
    caption = words.text("What became of every delivered file")
    tables.show(health.load_columns(context), loads, caption=caption)
    turn_pages(context, "data_health", part, total_of(loads), LOADS)
    st.caption(
        words.text("Received = applied + unchanged + duplicate + quarantined + dropped by a rule.")
    )
