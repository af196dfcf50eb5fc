"""What is wrong with the data and what that affects; then every feed, book, check and load."""

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
    sections,
    systems,
    tables,
)
from dashboards.components.export_alerts import show_alerts
from dashboards.components.page import heading
from dashboards.context import Context
from dashboards.queries import health as asking
from dashboards.queries.reader import OlderVersion, Row, Rows
from dashboards.viewer import may_operate

_REQUEST_KEY = "data_health_request"


def page(context: Context) -> None:
    """Show the part of the page that the address names, the problems at first."""
    heading(context, context.words.text("Data health"))
    try:
        _part(context)
    except OlderVersion:
        # Which version that is, and how the last run ended, stands outside of its marts.
        health.show_last_run(context)
        raise


def _part(context: Context) -> None:
    words = context.words
    feeds = asking.feeds(context.viewer)
    if not feeds:
        health.show_last_run(context)
        empty.show(words, empty.NO_FEEDS)
        return
    parts = {
        "problems": (words.text("Problems"), _problems),
        "feeds": (words.text("Feeds"), _feeds),
        "books": (words.text("Books"), _books),
        "quarantine": (words.text("Quarantine"), _quarantine),
        "checks": (words.text("Checks"), _checks),
        "loads": (words.text("Loads"), _loads),
    }
    titles = {part: title for part, (title, _) in parts.items()}
    _, show = parts[sections.choice(context, titles, key="data_health_section")]
    show(context, feeds)


def _problems(context: Context, feeds: Rows) -> None:
    """Show what is wrong and what it affects; what is well is folded away."""
    words = context.words
    comparisons = asking.comparisons(context.viewer)
    found = asking.systems(context.viewer)
    failing = lists.ask(context, deliveries.CHECKS, prefix="failing.", given={"result": "failed"})
    systems.show_figures(context, found, comparisons, failing.total)
    troubled, well = systems.with_problems(found), systems.without_problems(found)
    show_alerts(context)
    st.header(words.text("Systems with problems"), anchor=False)
    if troubled:
        systems.show(context, troubled)
    else:
        empty.show(words, empty.ALL_SYSTEMS_WELL)
    _held_back(context, feeds)
    if failing.total:
        text = words.count("{n} check did not pass", "{n} checks did not pass", failing.total)
        html.show("link.html", href="?section=checks", text=text)
    if well:
        with st.expander(words.count("{n} system is OK", "{n} systems are OK", len(well))):
            systems.show(context, well)
    if absent := systems.absent_sentence(words, found):
        st.caption(html.markdown_safe(absent))
    st.header(words.text("The last run"), anchor=False)
    health.show_last_run(context)
    data_docs.show_link(context)


def _held_back(context: Context, feeds: Rows) -> None:
    words = context.words
    holding = health.holding_back(feeds)
    if holding:
        title = words.text("What problems affect")
        st.header(title, anchor=False)
        tables.show(health.held_back_columns(context), holding, caption=title)
    else:
        st.caption(words.text("Every feed that something depends on is complete."))


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
    if absent := health.absent_sentence(words, feeds):
        st.caption(html.markdown_safe(absent))


def _books(context: Context, _feeds: Rows) -> None:
    words = context.words
    comparisons = asking.comparisons(context.viewer)
    st.header(words.text("Do the books agree?"), anchor=False)
    if not comparisons:
        empty.show(words, empty.NOTHING_TO_COMPARE)
        return
    columns = reconciliation.summary_columns(context)
    unexplained = reconciliation.with_residuals(comparisons)
    differing = list(unexplained.values())
    others = [row for row in comparisons if row not in differing]
    if differing:
        tables.show(columns, differing, caption=words.text("Comparisons that differ"))
    if others:
        title = words.count(
            "{n} other comparison, without a difference that needs attention",
            "{n} other comparisons, without a difference that needs attention",
            len(others),
        )
        with st.expander(title):
            tables.show(columns, others, caption=words.text("The shop and other systems"))
    st.caption(
        words.text(
            "Difference = explained + net unexplained. The gross mismatch adds up what is"
            " unexplained order by order without its sign, so that too much and too little do not"
            " cancel out."
        )
    )
    if unexplained:
        with st.expander(words.text("The days, vendors and orders behind it")):
            _residuals(context, unexplained)


def _residuals(context: Context, unexplained: dict[str, Row]) -> None:
    words = context.words
    titles = {
        name: f"{reconciliation.title(words, row)} ({row['currency_code']})"
        for name, row in unexplained.items()
    }
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
    st.header(words.text("Quarantined rows"), anchor=False)
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


def _checks(context: Context, _feeds: Rows) -> None:
    words = context.words
    st.header(words.text("Checks"), anchor=False)
    failing = lists.ask(context, deliveries.CHECKS, prefix="failing.", given={"result": "failed"})
    passed = lists.ask(context, deliveries.CHECKS, prefix="passed.", given={"result": "passed"})
    if not failing.total and not passed.total:
        empty.show(words, deliveries.CHECKS.empty)
    if failing.total:
        lists.show(context, failing, caption=words.text("Checks that failed"))
    if passed.total:
        with st.expander(words.count("{n} check passed", "{n} checks passed", passed.total)):
            lists.show(context, passed, caption=words.text("Checks that passed"))


def _loads(context: Context, _feeds: Rows) -> None:
    st.header(context.words.text("Loads"), anchor=False)
    lists.show(context, lists.ask(context, deliveries.LOADS, prefix="loads."))
    st.caption(
        context.words.text(
            "Received = applied + unchanged + duplicate + quarantined + dropped by a rule."
        )
    )
