"""A list as a file: all of its rows, under headings in the reader's language."""

from collections.abc import Iterator

from dashboards.context import Context
from dashboards.listings.asked import COLUMNS, Asked
from dashboards.listings.columns import Cell, Column
from dashboards.queries.paging import EVERYTHING, Part, total_of
from dashboards.queries.reader import Rows
from output.csv_text import csv_text
from output.xlsx import xlsx


class TooLong(Exception):  # noqa: N818
    """A list has more rows than a file may hold."""

    def __init__(self, row_count: int) -> None:
        """Say how many."""
        super().__init__(f"{row_count} rows")
        self.row_count = row_count


def all_rows(context: Context, asked: Asked) -> Rows:
    """Return every row of a list.

    Raises:
        TooLong: there are more than a file may hold; a part would look like the whole.
    """
    rows = asked.rows(context, Part(EVERYTHING))
    if total_of(rows) > len(rows):
        raise TooLong(total_of(rows))
    return rows


def as_csv(context: Context, asked: Asked, rows: Rows) -> bytes:
    """Return rows as CSV that a spreadsheet opens as data, in UTF-8 with its mark."""
    columns = _columns(asked)
    return csv_text(_headings(context, columns), _cells(context, columns, rows)).encode("utf-8-sig")


def as_xlsx(context: Context, asked: Asked, rows: Rows) -> bytes:
    """Return rows as a workbook of one sheet, with typed values."""
    columns = _columns(asked)
    return xlsx(_headings(context, columns), _cells(context, columns, rows))


def _columns(asked: Asked) -> tuple[Column, ...]:
    """Return the columns that somebody chose, or all: a file has room for them."""
    return asked.columns if COLUMNS in asked.texts else asked.listing.columns


def _headings(context: Context, columns: tuple[Column, ...]) -> list[str]:
    return [
        context.words.say(column.title) + (f" ({column.zone(context)})" if column.zone else "")
        for column in columns
    ]


def _cells(context: Context, columns: tuple[Column, ...], rows: Rows) -> Iterator[list[Cell]]:
    return ([column.value(context, row) for column in columns] for row in rows)
