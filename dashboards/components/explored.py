"""The words of an answer of Explore: what tables and columns are called, and how a value reads."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Literal
from urllib.parse import urlencode

from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.exploring.address import written
from dashboards.exploring.question import Field, Question, first_question
from dashboards.exploring.tables import Table
from dashboards.queries.reader import Row
from dashboards.words.messages import message
from dashboards.words.names import title_of
from dashboards.words.words import NOTHING, Words

_PLACES: Sequence[Literal["id", "amount", "state", "due"]] = ("id", "amount", "state", "due")
_FUNCTIONS = {
    "sum": message("Sum: {column}"),
    "avg": message("Average: {column}"),
    "min": message("Lowest: {column}"),
    "max": message("Highest: {column}"),
    "distinct": message("Different: {column}"),
}
_STEPS = {
    "week": message("{column}, by week"),
    "month": message("{column}, by month"),
    "year": message("{column}, by year"),
}


def plain_title(words: Words, name: str) -> str:
    """Return what a table, a column or a feed is called."""
    return words.published(title_of(name))


def table_title(words: Words, name: str) -> str:
    """Return what a table is called, with the name by which SQL finds it."""
    return f"{plain_title(words, name)} ({name})"


def field_title(words: Words, field: Field) -> str:
    """Return what a column of an answer is called."""
    if field.column is None:
        return words.text("Number of rows")
    title = plain_title(words, field.column.name)
    if field.function:
        return words.code(_FUNCTIONS, field.function, column=title)
    return words.code(_STEPS, field.step, column=title) if field.step else title


def titles(words: Words, fields: Iterable[Field]) -> dict[str, str]:
    """Return what fields are called, by name; those of one title are told apart by their names."""
    found = {field.name: field_title(words, field) for field in fields}
    counts = Counter(found.values())
    return {
        name: title if counts[title] == 1 else f"{title} ({name})" for name, title in found.items()
    }


def columns(context: Context, question: Question) -> list[Column]:
    """Return the columns of the answer as a table on the page."""
    named = titles(context.words, question.answer)
    is_chosen = question.is_grouped or question.columns != first_question(question.table).columns
    # What somebody chose is shown whole on a phone, too; a first look takes two lines of it.
    places = {} if is_chosen else dict(zip(named, _PLACES, strict=False))
    return [
        Column(
            named[field.name],
            partial(_cell, context, field),
            "number" if field.kind == "number" else "text",
            sort_link=_sort_link(question, field),
            sorted=_direction(question, field),
            place=places.get(field.name, ""),
        )
        for field in question.answer
    ]


def said(context: Context, value: object, field: Field) -> str:
    """Return a value as the reader writes it; NULL is a dash."""
    words = context.words
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return words.text("yes") if value else words.text("no")
    if isinstance(value, datetime):
        return context.moment(value)
    if isinstance(value, date):
        return words.day(value)
    if field.is_quantity:
        return words.quantity(value)  # type: ignore[arg-type]
    if field.kind == "number":
        return words.number(value, field.decimals)  # type: ignore[arg-type]
    return str(value)


def _cell(context: Context, field: Field, row: Row) -> str:
    return said(context, row[field.name], field)


def _direction(question: Question, field: Field) -> Literal["", "ascending", "descending"]:
    if question.sort != field.name:
        return ""
    return "descending" if question.is_descending else "ascending"


def _sort_link(question: Question, field: Field) -> str:
    """Return where a click on a heading leads: the largest numbers first, then the other way."""
    direction = _direction(question, field)
    is_descending = direction == "ascending" if direction else field.kind == "number"
    asked = replace(question, sort=field.name, is_descending=is_descending)
    return f"?{urlencode(written(asked))}"


def files(question: Question) -> list[tuple[str, str]]:
    """Return the kinds of files that hold the whole answer, and where to have them."""
    query = urlencode(written(question))
    return [(kind.upper(), f"/download/explore.{kind}?{query}") for kind in ("csv", "xlsx")]


def described(table: Table) -> list[tuple[Field, str]]:
    """Return the table's columns with what they mean."""
    return [(Field(column), column.description) for column in table.columns.values()]
