"""Every published version that is kept, and what differs between two of them."""

from collections.abc import Mapping

import streamlit as st

from dashboards.components import choices, health, states, tables, versions
from dashboards.components.page import heading
from dashboards.components.windows import window_choice
from dashboards.context import Context
from dashboards.published import Manifest


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    lead = words.text("What was published, when, and from what. Pages show the current version.")
    heading(context, words.text("Versions"), lead)
    health.show_last_run(context)
    kept = versions.kept(context)
    caption = words.text("Versions that are kept")
    tables.show(versions.columns(context), versions.rows(kept), caption=caption)
    st.header(words.text("What changed between two versions"), anchor=False)
    if len(kept) == 1:
        states.empty(
            words,
            words.text("Nothing to compare"),
            words.text("Only one version is kept so far."),
        )
        return
    _compare(context, kept)


def _compare(context: Context, kept: Mapping[str, Manifest]) -> None:
    words, names = context.words, list(kept)
    titles = {name: versions.title(context, kept[name]) for name in names}
    # The newest against the one before it, unless somebody chose others.
    usual = {name: titles[name] for name in [names[1], names[0], *names[2:]]}
    left, right = st.columns(2)
    with left:
        before = choices.choose(words.text("Before"), "before", usual, key="versions_before")
    with right:
        after = choices.choose(words.text("After"), "after", titles, key="versions_after")
    _figures(context, kept[before], kept[after])
    caption = words.text("Rows by table")
    st.header(caption, anchor=False)
    columns = versions.table_columns(context)
    changed, same = versions.table_differences(kept[before], kept[after])
    if changed:
        tables.show(columns, changed, caption=caption)
    if same:
        title = words.count(
            "{n} table has as many rows as before", "{n} tables have as many rows as before",
            len(same),
        )  # fmt: skip
        with st.expander(title):
            tables.show(columns, same, caption=title)
    st.caption(
        words.text(
            "Added and removed are the net change of a table; a row that was replaced changes"
            " neither."
        )
    )


def _figures(context: Context, before: Manifest, after: Manifest) -> None:
    words = context.words
    title = words.text("Figures of the marketplace")
    st.header(title, anchor=False)
    window = window_choice(context, "versions_window")
    found = versions.figure_differences(context, before, after, window.window_id)
    if found:
        tables.show(versions.figure_columns(context), found, caption=title)
    elif found is None:
        states.empty(
            words,
            words.text("These versions cannot be compared"),
            words.text("One of them was published by code with other figures."),
        )
    else:
        states.empty(
            words,
            words.text("No orders in this period"),
            words.text("Choose a longer period to see figures."),
        )
