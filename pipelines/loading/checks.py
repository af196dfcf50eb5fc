"""What the ledger says of a feed: do the counts add up, can every file be used?"""

from dataclasses import dataclass

import duckdb

from sources.sql import scalar


@dataclass(frozen=True, slots=True)
class FeedAccount:
    """A feed's loads in numbers, and what is wrong with them in sentences.

    `row_count` is that of the history, overruled rows included: it costs the same however long.
    """

    row_count: int
    quarantined: int
    unbalanced: tuple[str, ...]
    unusable: tuple[str, ...]
    mostly_quarantined: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing of it holds publication back."""
        return not (self.unbalanced or self.unusable or self.mostly_quarantined)


# Below this many rows a share says nothing; above it, a file that is mostly refused was mapped
# wrongly or is another file.
_ROWS_FOR_A_SHARE = 20
_LARGEST_QUARANTINED_SHARE = 0.5


def account_of(connection: duckdb.DuckDBPyConnection, feed: str) -> FeedAccount:
    """The account of a feed; files that are gone from the folder no longer count as unusable."""
    quarantined = "select coalesce(sum(quarantined), 0) from raw.loads where feed = ?"
    return FeedAccount(
        row_count=int(scalar(connection, f"select count(*) from raw.{feed}")),
        quarantined=int(scalar(connection, quarantined, [feed])),
        unbalanced=_sentences(
            connection,
            "select path || ': received ' || received || ', accounted for ' || "
            "(applied + unchanged + duplicate + quarantined) from raw.loads where feed = ? and "
            "status = 'loaded' and received <> applied + unchanged + duplicate + quarantined "
            "union all select 'history holds ' || held.n || ' rows, the ledger applied ' || "
            f"booked.n from (select count(*) as n from raw.{feed}) as held cross join "
            "(select coalesce(sum(applied + coalesce(deleted, 0) + coalesce(restored, 0)), 0) as n "
            "from raw.loads where feed = ?) as booked "
            "where held.n <> booked.n",
            [feed, feed],
        ),
        unusable=_sentences(
            connection,
            "select case when starts_with(reason_detail, path) then '' else path || ': ' end "
            "|| reason_detail from raw.loads where feed = ? and status = 'rejected' "
            "and is_present order by path",
            [feed],
        ),
        mostly_quarantined=_sentences(
            connection,
            "select path || ': ' || quarantined || ' of ' || received || ' rows quarantined' "
            "from raw.loads where feed = ? and is_present and received >= ? "
            "and quarantined > received * ? order by path",
            [feed, _ROWS_FOR_A_SHARE, _LARGEST_QUARANTINED_SHARE],
        ),
    )


def _sentences(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: list[object]
) -> tuple[str, ...]:
    return tuple(str(row[0]) for row in connection.execute(query, parameters).fetchall())
