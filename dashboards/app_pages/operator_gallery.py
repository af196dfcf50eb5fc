"""Every component of the kit with example rows, for those who build pages and who test them."""

from dataclasses import replace

import streamlit as st

from dashboards.charts import trends
from dashboards.components import (
    actions,
    attention,
    causes,
    daily,
    examples,
    figures,
    html,
    limits,
    rates,
    reconciliation,
    sections,
    states,
    systems,
    tables,
)
from dashboards.components.page import heading
from dashboards.context import Context


def page(context: Context) -> None:
    """Show the part of the gallery that the address names."""
    words = context.words
    lead = words.text("The parts that pages are made of. All names and numbers are examples.")
    heading(context, words.text("Gallery"), lead)
    parts = {
        "measures": (words.text("Measures"), _measures),
        "tables": (words.text("Tables"), _tables),
        "states": (words.text("States"), _states),
        "charts": (words.text("Charts"), _charts),
    }
    titles = {part: title for part, (title, _) in parts.items()}
    _, show = parts[sections.choice(context, titles, key="gallery_section")]
    show(context)


def _measures(context: Context) -> None:
    words = context.words
    st.header(words.text("Figures"), anchor=False)
    metrics = examples.metrics()
    shown = [
        figures.of(context, metrics, examples.summary(context), metric)
        for metric in ("gmv", "commission_amount", "order_count", "late_delivery_rate")
    ]
    figures.show(context, shown)
    actions.show(context, examples.actions(context))
    st.header(words.text("Measures"), anchor=False)
    as_vendor = replace(context, viewer=replace(context.viewer, role="vendor_owner"))
    scorecard = examples.scorecard(context)
    by_id = {rate["metric_id"]: examples.history(context, rate) for rate in scorecard[:3]}
    rates.show_tiles(as_vendor, scorecard, lambda metric_id: by_id[metric_id], link="/gallery")
    rates.show_panel(as_vendor, scorecard[0], by_id[scorecard[0]["metric_id"]])
    rates.show_definition(context, scorecard[0])


def _tables(context: Context) -> None:
    words = context.words
    title = words.text("Vendors that need attention")
    st.header(title, anchor=False)
    needs = attention.ranked(examples.issues(context))
    rows = [attention.row(context, need) for need in needs]
    tables.show(attention.columns(context), rows, caption=title)
    title = words.text("Do the books agree?")
    st.header(title, anchor=False)
    columns = reconciliation.summary_columns(context)
    tables.show(columns, examples.comparisons(context), caption=title)
    st.header(words.text("Systems"), anchor=False)
    systems.show(context, examples.systems())


def _states(context: Context) -> None:
    words = context.words
    for role, said in (
        ("operator_admin", words.text("As an operator sees them")),
        ("vendor_owner", words.text("As a vendor sees them")),
    ):
        st.header(said, anchor=False)
        seen = replace(context, viewer=replace(context.viewer, role=role))
        for last_run in examples.stale_runs(context):
            stale = states.why_stale(replace(seen, last_run=last_run))
            html.show("notice.html", kind="watch", title=stale, lines=[])
        states.file_held(examples.file_held(), seen.viewer, words)
    st.header(words.text("As everybody sees them"), anchor=False)
    states.empty(
        words,
        words.text("No orders in this period"),
        words.text("Choose a longer period to see figures."),
        link="/gallery",
        link_text=words.text("Gallery"),
    )
    states.nothing_published(words, has_versions=True)
    states.nothing_published(words, has_versions=False)
    html.show("states.html", states=examples.pills(words))


def _charts(context: Context) -> None:
    words = context.words
    days, period = examples.days(context)
    title = words.text("Sales per day, {currency}", currency="EUR")
    daily.show(context, days, "gmv", title, period)
    st.header(words.text("Trend"), anchor=False)
    rate = examples.scorecard(context)[0]
    limit = limits.label(words, rate)
    history = examples.history(context, rate)
    st.vega_lite_chart(trends.rate_history(words, history, "rate", limit))
    causes.show(context, rate, examples.causes())
