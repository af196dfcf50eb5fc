"""Any table of the marketplace: columns, filters, groups, a chart, and all rows as a file."""

import streamlit as st

from dashboards.charts import explored as charts
from dashboards.components import asking, explored, html, states, tables
from dashboards.components.page import ROWS, heading
from dashboards.context import Context
from dashboards.queries import explorable, explore
from dashboards.queries.paging import total_of
from dashboards.queries.questions import Question
from dashboards.queries.reader import Rows

_PAGE_SIZE = 50


def page(context: Context) -> None:
    """Show the page."""
    words = context.words
    heading(
        context,
        words.text("Explore"),
        words.text("Choose a table, then columns, filters and groups. The address keeps it all."),
    )
    found = explorable.tables(context.viewer)
    if not found:
        states.empty(
            words,
            words.text("No tables to explore"),
            words.text("This version does not describe its tables. The next run publishes that."),
        )
        return
    question = asking.ask(context, found)
    _about(context, question)
    _answer(context, question)


def _about(context: Context, question: Question) -> None:
    words, table = context.words, question.table
    with st.expander(words.text("What this table holds")):
        entries = [(words.text("Table"), f"marts.{table.name}"), ("", table.description)]
        entries += [(column.name, column.description) for column in table.columns.values()]
        html.show("definition.html", entries=[entry for entry in entries if entry[1]])


def _answer(context: Context, question: Question) -> None:
    words, number = context.words, asking.page_number()
    rows = explore.page_of(context.viewer, question, number, _PAGE_SIZE)
    if not rows:
        number, rows = 1, explore.page_of(context.viewer, question, 1, _PAGE_SIZE)
    if not rows:
        states.empty(
            words,
            words.text("No rows"),
            words.text("Nothing in this table meets these filters."),
        )
        return
    if question.picture != "table":
        _chart(context, question)
    tables.show(explored.columns(context, question), rows, caption=words.text("Rows found"))
    _turn(context, number, total_of(rows))
    for kind, text in (
        ("csv", words.text("Download all of them (CSV)")),
        ("xlsx", words.text("Download all of them (Excel)")),
    ):
        html.show("link.html", href=explored.download(question, kind), text=text)
