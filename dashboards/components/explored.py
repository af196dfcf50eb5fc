"""The words of an answer of Explore: what tables and columns are called, and how a value reads."""

from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import urlencode

from dashboards.components.tables import Column
from dashboards.context import Context
from dashboards.queries.questions import Part, Question, address_of
from dashboards.queries.reader import Row
from dashboards.words.messages import message
from dashboards.words.names import title_of
from dashboards.words.words import NOTHING, Words

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


def part_title(words: Words, part: Part) -> str:
    """Return what a column of an answer is called."""
    if part.column is None:
        return words.text("Number of rows")
    title = words.published(title_of(part.column.name))
    if part.function:
        return words.code(_FUNCTIONS, part.function, column=title)
    return words.code(_STEPS, part.step, column=title) if part.step else title


def columns(context: Context, question: Question) -> list[Column]:
    """Return the columns of the answer as a table on the page."""
    return [
        Column(
            part_title(context.words, part),
            _reader(context, part),
            "number" if part.kind == "number" else "text",
        )
        for part in question.answer
    ]


def said(context: Context, value: object, part: Part) -> str:
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
    if part.kind == "number":
        return words.number(value, part.decimals)  # type: ignore[arg-type]
    return str(value)


def link(question: Question) -> str:
    """Return where Explore answers a question."""
    return f"/explore?{urlencode(address_of(question))}"


def download(question: Question, kind: str) -> str:
    """Return where the whole answer can be had as a file."""
    return f"/download/explore.{kind}?{urlencode(address_of(question))}"


def _reader(context: Context, part: Part) -> Callable[[Row], str]:
    return lambda row: said(context, row[part.name], part)


