"""Names in a feed's folder that match but are not read: links, pipes, unreadable files."""

from collections.abc import Iterable

import duckdb

from output.findings.finding import Finding
from sources.inbox import Refused


def note_refused(
    connection: duckdb.DuckDBPyConnection, feed: str, refused: Iterable[Refused]
) -> None:
    """Records what is refused of a feed now, in place of what was recorded before."""
    connection.execute("begin transaction")
    connection.execute("delete from raw.refused_files where feed = ?", [feed])
    told = {one.name: one.finding.json_text for one in refused}
    for name, finding in sorted(told.items()):
        connection.execute("insert into raw.refused_files values (?, ?, ?)", [feed, name, finding])
    connection.execute("commit")


def refused_files(connection: duckdb.DuckDBPyConnection, feed: str) -> tuple[Finding, ...]:
    """A finding for each name that was refused when the feed was loaded last."""
    rows = connection.execute(
        "select finding from raw.refused_files where feed = ? order by path", [feed]
    )
    return tuple(Finding.read(row[0]) for row in rows.fetchall())
