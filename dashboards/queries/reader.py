"""Runs a named query for a viewer: bound, timed, checked and remembered."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb

from dashboards.queries.connections import PublishedFiles
from dashboards.queries.paging import EVERYTHING, Order, Part
from dashboards.queries.questions import Question, question
from dashboards.queries.remembered import Asked, Remembered
from dashboards.viewer import NotAllowed, Viewer, require_operator, vendor_of

Row = Mapping[str, Any]
Rows = tuple[Row, ...]


class QueryTimeout(Exception):  # noqa: N818
    """A query took too long and was stopped."""


class Reader:
    """Answers named queries from published files."""

    def __init__(
        self, files: PublishedFiles, remembered: Remembered, *, timeout_seconds: float
    ) -> None:
        """Take where the data is, and the room for what was asked before."""
        self._files = files
        self._remembered = remembered
        self._timeout_seconds = timeout_seconds

    def rows(self, viewer: Viewer, query: str, **parameters: Any) -> Rows:
        """Return the rows of a named query as the viewer may see them.

        A result is remembered with the viewer's vendor and the version; there is no way to ask
        without them.

        Raises:
            NotAllowed: the query is not for the viewer, or returned what is not theirs.
            QueryTimeout: it took too long.
        """
        asked = question(query)
        return self._answer(viewer, asked, asked.sql, _bound(viewer, asked, parameters))

    def listed(
        self, viewer: Viewer, query: str, order: Sequence[Order], part: Part, **parameters: Any
    ) -> Rows:
        """Return a part of the rows in an order, each with the `total_count` of all.

        A whole list is a download: it is large, asked for once, and so not remembered.

        Raises:
            NotAllowed: the query is not for the viewer, or returned what is not theirs.
            QueryTimeout: it took too long.
        """
        asked = question(query)
        sql = "\n".join(
            [
                "select *, count(*) over () as total_count from (",
                asked.sql,
                ") as listed",
                f"order by {', '.join(by.sql for by in order)}",
                "limit $row_limit offset $row_offset",
            ]
        )
        bound = _bound(viewer, asked, parameters)
        bound |= {"row_limit": part.row_limit, "row_offset": part.row_offset}
        return self._answer(viewer, asked, sql, bound)

    def forget(self, version: str) -> None:
        """Forget what was remembered of every version but this one."""
        self._remembered.forget_all_but(version)

    def _answer(self, viewer: Viewer, asked: Question, sql: str, bound: dict[str, Any]) -> Rows:
        owner = (viewer.audience == "vendor", viewer.vendor_id)
        key = Asked(owner, viewer.version, (sql, *sorted(bound.items())))
        is_download = bound.get("row_limit") == EVERYTHING
        remembered = None if is_download else self._remembered.get(key)
        if remembered is not None:
            return remembered
        rows = self._run(viewer, sql, bound)
        if viewer.audience == "vendor" and asked.is_of_vendor:
            _check_vendor(rows, vendor_of(viewer), asked.name)
        if not is_download:
            self._remembered.put(key, rows)
        return rows

    def _run(self, viewer: Viewer, sql: str, bound: dict[str, Any]) -> Rows:
        with self._files.cursor(viewer) as cursor, _stopped_after(cursor, self._timeout_seconds):
            result = cursor.execute(sql, bound)
            names = [column[0] for column in result.description or ()]
            return tuple(dict(zip(names, values, strict=True)) for values in result.fetchall())


def _bound(viewer: Viewer, asked: Question, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a query; a vendor's id comes from the viewer alone."""
    if viewer.audience not in asked.audience:
        raise NotAllowed(f"the account may not run {asked.name}")
    if viewer.audience == "operator":
        require_operator(viewer)
        if asked.is_of_vendor and "vendor_id" not in parameters:
            raise NotAllowed(f"{asked.name} was asked about no vendor")
        return parameters
    if "vendor_id" in parameters:
        raise NotAllowed(f"{asked.name} was given a vendor")
    vendor_id = vendor_of(viewer)
    return parameters | {"vendor_id": vendor_id} if asked.is_of_vendor else parameters


def _check_vendor(rows: Rows, vendor_id: str, query: str) -> None:
    """Raise unless every row says that it is the vendor's; a row that does not say is not."""
    if any(row.get("vendor_id") != vendor_id for row in rows):
        raise NotAllowed(f"{query} returned a row of another vendor")


@contextmanager
def _stopped_after(cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryTimeout(f"stopped after {seconds} s") from error
    finally:
        timer.cancel()
