"""What each path delivered, and when: its newest delivery is what stands.

A path may bring the same bytes again after others, as a restored backup does; then they are new.
Bytes that another path brought before are a copy or a file that was renamed, and bring nothing. A
delivery's position is the number of the load that first read it: it decides what is newer.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from sources.sql import scalar


@dataclass(frozen=True, slots=True)
class Delivery:
    """Bytes that a path of an entry brought, and the position they have among all loads."""

    entry: str
    path: str
    file_id: str
    position: int


def deliveries(connection: duckdb.DuckDBPyConnection, feed: str) -> list[Delivery]:
    """All deliveries of a feed, in order."""
    rows = connection.execute(
        "select entry, path, file_id, position from raw.deliveries where feed = ? order by number",
        [feed],
    )
    return [Delivery(*row) for row in rows.fetchall()]


def note_deliveries(
    connection: duckdb.DuckDBPyConnection, feed: str, delivered: Iterable[Delivery]
) -> None:
    """Notes what paths brought; for the caller's transaction."""
    number = int(scalar(connection, "select coalesce(max(number), 0) from raw.deliveries"))
    rows = [
        (number + i, feed, one.entry, one.path, one.file_id, one.position)
        for i, one in enumerate(delivered, start=1)
    ]
    if rows:
        connection.executemany("insert into raw.deliveries values (?, ?, ?, ?, ?, ?)", rows)


def fill_deliveries(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the deliveries of a build file that has none from the loads that it holds."""
    if not scalar(
        connection,
        "select exists (from raw.loads) and not exists (from raw.deliveries)",
    ):
        return
    connection.execute(
        "insert into raw.deliveries "
        "select row_number() over (order by min(sequence)), feed, coalesce(entry, ''), path, "
        "file_id, min(coalesce(position, sequence)) from raw.loads "
        "group by feed, coalesce(entry, ''), path, file_id"
    )
