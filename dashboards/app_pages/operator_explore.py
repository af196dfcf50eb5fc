"""Any table of the marketplace: filters, groups, figures, a chart, and all rows as a file."""

import streamlit as st

from dashboards import address
from dashboards.charts import groups
from dashboards.components import asking, explored, html, pager, states, tables
from dashboards.components.page import definition, heading
from dashboards.context import Context
from dashboards.exploring import answer
from dashboards.exploring.question import Question
from dashboards.exploring.tables import tables as tables_of
from dashboards.listings.asked import PAGE, page_of
from dashboards.queries.paging import total_of
from dashboards.words.messages import counted

_ROWS = counted("{first} to {last} of {n} row", "{first} to {last} of {n} rows")


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    lead = words.text("Choose a table, then filters, groups and figures. The address keeps it all.")
    heading(context, words.text("Explore"), lead)
    found = tables_of(context.viewer)
    if not found:
        states.empty(
            words,
            words.text("No tables to explore"),
            words.text("This version does not describe its tables; the next one will."),
        )
        return
    question = asking.ask(context, found)
    _answer(context, question)
    _about(context, question)


def _answer(context: Context, question: Question) -> None:
    words, viewer = context.words, context.viewer
    number = address.read(page_of)
    rows = answer.answer(viewer, question, pager.part(number))
    if not rows and number > 1:
        address.leave_out(PAGE)
        number, rows = 1, answer.answer(viewer, question, pager.part(1))
    if not rows:
        states.empty(
            words,
            words.text("No rows"),
            words.text("Nothing in this table meets these filters."),
        )
        return
    _chart(context, question)
    with st.container(key="k_explored"):
        caption = explored.table_title(words, question.table.name)
        tables.show(explored.columns(context, question), rows, caption=caption)
    pager.show(context, _ROWS, pager.Shown(number, len(rows), total_of(rows)), key="explore")
    html.show("files.html", text=words.text("Download all rows"), files=explored.files(question))


def _chart(context: Context, question: Question) -> None:
    if not question.chart or question.drawn is None:
        return
    titles = explored.titles(context.words, question.answer)
    over, measure = question.groups[0], question.drawn
    rows = answer.drawn(context.viewer, question)
    named = (titles[over.name], titles[measure.name])
    st.header(
        context.words.text("{figure} by {group}", figure=named[1], group=named[0]), anchor=False
    )
    if question.chart == "line":
        st.altair_chart(groups.line(context.words, rows, over, measure, named))
    else:
        labels = [explored.said(context, row[over.name], over) for row in rows]
        st.altair_chart(groups.bars(context.words, rows, labels, measure, named))
        if total_of(rows) > len(rows):
            st.caption(
                context.words.count(
                    "The first {shown} of {n} group", "The first {shown} of {n} groups",
                    total_of(rows), shown=len(rows),
                )
            )  # fmt: skip


def _about(context: Context, question: Question) -> None:
    words, table = context.words, question.table
    columns = [
        (f"{explored.field_title(words, field)} ({field.name})", words.published(text))
        for field, text in explored.described(table)
    ]
    meaning = [(words.text("Table"), words.published(table.description)), *columns]
    definition(words.text("What this table holds"), meaning)
