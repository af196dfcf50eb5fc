"""What the ledger says of a feed: do the counts add up, can every file be used?"""

from dataclasses import dataclass

import duckdb

from pipelines.loading.refusals import refused_files
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
    contradictions: tuple[str, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why nothing may be published; empty where it may."""
        return self.unbalanced + self.unusable + self.mostly_quarantined + self.contradictions

    @property
    def is_sound(self) -> bool:
        """Whether nothing of it holds publication back."""
        return not self.reasons


# Below this many rows a share says nothing; above it, a file that is mostly refused was mapped
# wrongly or is another file.
_ROWS_FOR_A_SHARE = 20
_LARGEST_QUARANTINED_SHARE = 0.5
_PARTS = "(applied + unchanged + duplicate + quarantined + coalesce(dropped, 0))"
# The last load of what each entry holds today.
STANDING_LOADS = (
    "(select * from raw.loads where is_present qualify row_number() over "
    "(partition by feed, entry, file_id, rules_version order by sequence desc) = 1)"
)


def account_of(connection: duckdb.DuckDBPyConnection, feed: str) -> FeedAccount:
    """The account of a feed; a file is judged by how it was read last, and while it is there."""
    waiting = "select count(*) from quarantine.rows where feed = ? and replayed_at is null"
    return FeedAccount(
        row_count=int(scalar(connection, f"select count(*) from raw.{feed}")),
        quarantined=int(scalar(connection, waiting, [feed])),
        unbalanced=_sentences(
            connection,
            "select path || ': received ' || received || ', accounted for ' || "
            f"({_PARTS}) from raw.loads where feed = ? and "
            f"status = 'loaded' and received <> {_PARTS} "
            "union all select 'history holds ' || held.n || ' rows, the ledger applied ' || "
            f"booked.n from (select count(*) as n from raw.{feed}) as held cross join "
            "(select coalesce(sum(applied + coalesce(deleted, 0) + coalesce(restored, 0)), 0) as n "
            "from raw.loads where feed = ?) as booked "
            "where held.n <> booked.n",
            [feed, feed],
        ),
        unusable=refused_files(connection, feed)
        + _sentences(
            connection,
            "select case when starts_with(reason_detail, path) then '' else path || ': ' end "
            f"|| reason_detail from {STANDING_LOADS} where feed = ? and status = 'rejected' "
            "order by path",
            [feed],
        ),
        mostly_quarantined=_sentences(
            connection,
            "select path || ': ' || quarantined || ' of ' || received || ' rows quarantined' "
            f"from {STANDING_LOADS} where feed = ? and received >= ? "
            "and quarantined > received * ? order by path",
            [feed, _ROWS_FOR_A_SHARE, _LARGEST_QUARANTINED_SHARE],
        ),
        contradictions=_sentences(
            connection,
            f"select contradiction from {STANDING_LOADS} where feed = ? "
            "and contradiction is not null order by path",
            [feed],
        ),
    )


def _sentences(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: list[object]
) -> tuple[str, ...]:
    return tuple(str(row[0]) for row in connection.execute(query, parameters).fetchall())
