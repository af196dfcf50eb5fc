"""Tables that become cards on a phone, or rows of two lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dashboards.components import html
from dashboards.queries.reader import Row


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and how a row fills it.

    `sort_link` is where a click on the heading leads, `sorted` how the rows are sorted by it now.
    `place` is where it stands in a row of two lines on a phone.
    """

    heading: str
    text: Callable[[Row], str]
    kind: Literal["text", "short", "wide", "number", "state", "strong"] = "text"
    link: Callable[[Row], str] | None = None
    sort_link: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    place: Literal["", "id", "amount", "state", "due"] = ""


def show(columns: Sequence[Column], rows: Sequence[Row], *, caption: str) -> None:
    """Show the rows; the caption is for those who cannot see the table."""
    cells: list[list[dict[str, Any]]] = [
        [
            {
                "heading": column.heading,
                "kind": column.kind,
                "place": column.place,
                "text": column.text(row),
                "link": column.link(row) if column.link else None,
                "state": _state(row) if column.kind == "state" else None,
            }
            for column in columns
        ]
        for row in rows
    ]
    is_short = any(column.place for column in columns)
    html.show("table.html", columns=columns, rows=cells, caption=caption, is_short=is_short)


def _state(row: Row) -> str:
    return str(row.get("state") or row.get("worst_state") or "")
