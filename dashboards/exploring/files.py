"""An answer of Explore as a file: all of its rows, with typed values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboards.components import explored
from dashboards.context import Context
from dashboards.exploring import address, answer
from dashboards.exploring.question import Question
from dashboards.exploring.tables import tables
from dashboards.listings.columns import Cell
from dashboards.listings.files import Table, whole
from dashboards.listings.unreadable import Unreadable
from dashboards.queries.paging import EVERYTHING, Part

NAME = "explore"


def table_of(context: Context, texts: Mapping[str, str]) -> Table:
    """Return the headings and all rows of the answer to the question of an address.

    Raises:
        NotAllowed: the viewer is no operator.
        Unreadable: the address asks for what is not there.
        TooLong: there are more rows than a file may hold.
        QueryTimeout: it took too long, or too much memory.
    """
    found = tables(context.viewer)
    unknown = [name for name in texts if not address.is_ours(name)]
    if unknown or not found:
        raise Unreadable(*unknown or (address.TABLE,))
    question = address.read(texts, found)
    rows = whole(answer.answer(context.viewer, question, Part(EVERYTHING)))
    fields = question.answer
    return _headings(context, question), (
        [_value(context, row[field.name]) for field in fields] for row in rows
    )


def _headings(context: Context, question: Question) -> list[str]:
    titles, zone = explored.titles(context.words, question.answer), context.manifest.time_zone
    return [
        f"{titles[field.name]} ({zone})" if field.kind == "moment" else titles[field.name]
        for field in question.answer
    ]


def _value(context: Context, value: Any) -> Cell:
    """Return a value as a file holds it; a moment as clocks of the marketplace show it."""
    if isinstance(value, bool):
        return context.words.text("yes") if value else context.words.text("no")
    if isinstance(value, datetime):
        return context.aware(value).astimezone(context.zone).replace(tzinfo=None)
    found: Cell = value
    return found
