"""How every system stands, what is in quarantine and why, and whether the books agree."""

import streamlit as st

from dashboards import commands
from dashboards.components import (
    choices,
    data_docs,
    deliveries,
    empty,
    health,
    html,
    lists,
    reconciliation,
    replays,
    systems,
    tables,
)
from dashboards.components.lists import Found
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import health as asking
from dashboards.queries.reader import Row, Rows
from dashboards.viewer import may_operate

_REQUEST_KEY = "data_health_request"


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    heading(context, words.text("Data health"))
    health.show_last_run(context)
    data_docs.show_link(context)
    feeds = asking.feeds(context.viewer)
    if not feeds:
        empty.show(words, empty.NO_FEEDS)
        return
    comparisons = asking.comparisons(context.viewer)
    found = asking.systems(context.viewer)
    failing = lists.ask(context, deliveries.CHECKS, prefix="failing.", given={"result": "failed"})
    systems.show_figures(context, found, comparisons, failing.total)
    st.subheader(words.text("Systems"), anchor=False)
    systems.show(context, found)
    _held_back(context, feeds)
    _reconciliation(context, comparisons)
    _feeds(context, feeds)
    _quarantine(context, feeds)
    _checks(context, failing)
    _loads(context)


def _held_back(context: Context, feeds: Rows) -> None:
    words = context.words
    title = words.text("What problems affect")
    st.subheader(title, anchor=False)
    holding = health.holding_back(feeds)
    if holding:
        tables.show(health.held_back_columns(context), holding, caption=title)
    else:
        empty.show(words, empty.NOTHING_AFFECTED)


def _feeds(context: Context, feeds: Rows) -> None:
    words = context.words
    st.subheader(words.text("Feeds"), anchor=False)
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
    st.subheader(words.text("Do the books agree?"), anchor=False)
    if not comparisons:
        empty.show(words, empty.NOTHING_TO_COMPARE)
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
    unexplained = reconciliation.with_residuals(comparisons)
    if not unexplained:
        return
    with st.expander(words.text("The days, vendors and orders behind it")):
        _residuals(context, unexplained)


def _residuals(context: Context, unexplained: dict[str, Row]) -> None:
    words = context.words
    titles = {name: reconciliation.title(words, row) for name, row in unexplained.items()}
    chosen = choices.choose(
        words.text("Comparison"),
        "comparison",
        titles,
        key="data_health_comparison",
        resets=("days.page", "rows.page"),
    )
    given = reconciliation.given(unexplained[chosen])
    for prefix, listing in (("days.", reconciliation.DAYS), ("rows.", reconciliation.ROWS)):
        lists.show(context, lists.ask(context, listing, prefix=prefix, given=given))


def _quarantine(context: Context, feeds: Rows) -> None:
    words = context.words
    st.subheader(words.text("Quarantined rows"), anchor=False)
    titles = {str(feed["feed"]): health.title(words, feed) for feed in feeds}
    lists.show(context, lists.ask(context, deliveries.QUARANTINE, prefix="quarantine."))
    held = asking.quarantined_feeds(context.viewer)
    if held and may_operate(context.viewer):
        replays.show_button(
            context,
            {feed: titles.get(feed) or "" for feed in held},
            lambda feed: _ask(context, feed),
        )
    asked = commands.latest_replays(context.viewer, context.manifest.marketplace, 10)
    if asked:
        replays.show_requests(context, asked, titles)


def _ask(context: Context, feed: str) -> None:
    request_id = st.session_state.setdefault(_REQUEST_KEY, commands.new_request_id())
    commands.request_replay(context.viewer, context.manifest.marketplace, feed, request_id)
    del st.session_state[_REQUEST_KEY]


def _checks(context: Context, failing: Found) -> None:
    words = context.words
    st.subheader(words.text("Checks"), anchor=False)
    passed = lists.ask(context, deliveries.CHECKS, prefix="passed.", given={"result": "passed"})
    if not failing.total and not passed.total:
        empty.show(words, deliveries.CHECKS.empty)
    if failing.total:
        lists.show(context, failing, caption=words.text("Checks that failed"))
    if passed.total:
        with st.expander(words.count("{n} check passed", "{n} checks passed", passed.total)):
            lists.show(context, passed, caption=words.text("Checks that passed"))


def _loads(context: Context) -> None:
    st.subheader(context.words.text("Loads"), anchor=False)
    lists.show(context, lists.ask(context, deliveries.LOADS, prefix="loads."))
    st.caption(
        context.words.text(
            "Received = applied + unchanged + duplicate + quarantined + dropped by a rule."
        )
    )
