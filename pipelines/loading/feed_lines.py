"""What became of each feed's files, in one line for people: the account as it stands today."""

from dataclasses import dataclass

import duckdb

from pipelines.loading.checks import STANDING_LOADS
from pipelines.loading.file_notes import file_notes
from sources.connectors.files import discover
from sources.marketplace import Marketplace

_SUMS = (
    "count(*) filter (where recorded_at = cast(? as timestamp)), coalesce(sum(received), 0), "
    "coalesce(sum(applied + unchanged - coalesce(replaced, 0)), 0), "
    "coalesce(sum(replaced), 0), coalesce(sum(duplicate), 0), coalesce(sum(dropped), 0), "
    "coalesce(sum(quarantined), 0)"
)


_COUNTED = (
    "new_loads", "received", "loaded", "replaced", "duplicate", "dropped", "quarantined",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A feed's files and its rows: each is loaded, replaced, a duplicate, dropped or quarantined.

    `replaced` were overruled by another row of their own file. `waiting` are rows that are still in
    the quarantine, with why; `notes` what a person should know beside the counts.
    """

    feed: str
    files: int
    new_loads: int
    received: int
    loaded: int
    replaced: int
    duplicate: int
    dropped: int
    quarantined: int
    waiting: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]

    @property
    def waiting_count(self) -> int:
        """How many rows and files are still in the quarantine."""
        return sum(count for _, count in self.waiting)


def feed_lines(
    connection: duckdb.DuckDBPyConnection, marketplace: Marketplace, recorded_at: str
) -> list[FeedLine]:
    """A line for each feed that the marketplace names; its new loads are those of this moment."""
    return [_line(connection, marketplace, feed, recorded_at) for feed in marketplace.feeds]


def _line(
    connection: duckdb.DuckDBPyConnection, marketplace: Marketplace, feed: str, recorded_at: str
) -> FeedLine:
    sums = (
        connection.execute(
            f"select {_SUMS} from {STANDING_LOADS} where feed = ?", [recorded_at, feed]
        ).fetchone()
        or (0,) * 7
    )
    waiting = connection.execute(
        "select reason_code || case when column_name is null then '' else ' in ' || column_name "
        "end as reason, count(*) as n from quarantine.rows where feed = ? and replayed_at is null "
        "group by reason order by n desc, reason",
        [feed],
    ).fetchall()
    noted = connection.execute(
        "select notes from raw.loads where feed = ? and recorded_at = cast(? as timestamp) "
        "and notes <> '' order by sequence",
        [feed, recorded_at],
    ).fetchall()
    files = discover(marketplace, feed).files
    loaded = [line for row in noted for line in row[0].splitlines()]
    notes = [*file_notes(connection, marketplace, feed), *loaded]
    return FeedLine(
        feed=feed,
        files=len({file.name for file in files}),
        **dict(zip(_COUNTED, map(int, sums), strict=True)),
        waiting=tuple(waiting),
        notes=tuple(notes),
    )
