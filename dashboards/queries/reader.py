"""Runs a named query for a viewer: bound, timed, checked and remembered."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from dashboards.queries.connections import PublishedFiles
from dashboards.queries.paging import EVERYTHING
from dashboards.queries.remembered import Asked, Remembered
from dashboards.viewer import NotAllowed, Viewer, vendor_of

Row = Mapping[str, Any]
Rows = tuple[Row, ...]

_SQL = Path(__file__).parent / "sql"

# Definitions are the same for everybody; every other vendor query returns its vendor_id.
SHARED_QUERIES = frozenset({"vendor_mart_metrics", "vendor_mart_trailing_windows"})


class QueryTimeout(Exception):  # noqa: N818
    """A query took too long and was stopped."""


class OlderVersion(Exception):  # noqa: N818
    """The published version has no such table or column: older code wrote it."""


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
        without them. A whole list is a download: it is large, and asked for once.
        """
        bound = _bound(viewer, query, parameters)
        owner = (viewer.audience == "vendor", viewer.vendor_id)
        asked = Asked(owner, viewer.version, (query, *sorted(bound.items())))
        is_download = bound.get("row_limit") == EVERYTHING
        remembered = None if is_download else self._remembered.get(asked)
        if remembered is not None:
            return remembered
        rows = self._run(viewer, query, bound)
        if viewer.audience == "vendor" and query not in SHARED_QUERIES:
            _check_vendor(rows, vendor_of(viewer), query)
        if not is_download:
            self._remembered.put(asked, rows)
        return rows

    def forget(self, version: str) -> None:
        """Forget what was remembered of every version but this one."""
        self._remembered.forget_all_but(version)

    def _run(self, viewer: Viewer, query: str, bound: dict[str, Any]) -> Rows:
        with self._files.cursor(viewer) as cursor, _stopped_after(cursor, self._timeout_seconds):
            try:
                result = cursor.execute(sql_of(query), bound)
            except (duckdb.BinderException, duckdb.CatalogException) as error:
                # The queries are bound by the tests; what is missing is missing in the file.
                raise OlderVersion(f"{query}: {error}") from error
            names = [column[0] for column in result.description or ()]
            return tuple(dict(zip(names, values, strict=True)) for values in result.fetchall())


@cache
def sql_of(query: str) -> str:
    """Return the text of a named query."""
    return (_SQL / f"{query}.sql").read_text(encoding="utf-8")


def _bound(viewer: Viewer, query: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a query; a vendor's id comes from the viewer alone."""
    audience = viewer.audience
    if not query.startswith(f"{audience}_"):
        raise NotAllowed(f"the account may not run {query}")
    if audience == "operator":
        return parameters
    if "vendor_id" in parameters:
        raise NotAllowed(f"{query} was given a vendor")
    vendor_id = vendor_of(viewer)
    return parameters if query in SHARED_QUERIES else parameters | {"vendor_id": vendor_id}


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
