"""What the ledger says of a feed: whether the counts add up and every file is usable."""

from dataclasses import dataclass

import duckdb

from output.findings.finding import Argument, Finding
from output.findings.reasons import file_rejected
from pipelines.loading.refusals import refused_files
from sources.sql import scalar


@dataclass(frozen=True, slots=True)
class FeedAccount:
    """A feed's loads in numbers, and what is wrong with them.

    `row_count` is that of the history, overruled rows included: it costs the same however long.
    """

    row_count: int
    quarantined: int
    unbalanced: tuple[Finding, ...]
    unusable: tuple[Finding, ...]
    mostly_quarantined: tuple[Finding, ...]
    contradictions: tuple[Finding, ...]

    @property
    def reasons(self) -> tuple[Finding, ...]:
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
        unbalanced=_unbalanced(connection, feed),
        unusable=refused_files(connection, feed) + _rejected(connection, feed),
        mostly_quarantined=_findings(
            connection,
            "mostly_quarantined",
            f"select path, quarantined as n, received from {STANDING_LOADS} where feed = ? "
            "and received >= ? and quarantined > received * ? order by path",
            [feed, _ROWS_FOR_A_SHARE, _LARGEST_QUARANTINED_SHARE],
        ),
        contradictions=_contradictions(connection, feed),
    )


def _unbalanced(connection: duckdb.DuckDBPyConnection, feed: str) -> tuple[Finding, ...]:
    loads = _findings(
        connection,
        "load_unbalanced",
        f"select path, received, {_PARTS} as accounted from raw.loads where feed = ? and "
        f"status = 'loaded' and received <> {_PARTS}",
        [feed],
    )
    history = _findings(
        connection,
        "history_unbalanced",
        f"select held, applied from (select count(*) as held from raw.{feed}) cross join "
        "(select coalesce(sum(applied + coalesce(deleted, 0) + coalesce(restored, 0)), 0) "
        "as applied from raw.loads where feed = ?) where held <> applied",
        [feed],
    )
    return loads + history


def _rejected(connection: duckdb.DuckDBPyConnection, feed: str) -> tuple[Finding, ...]:
    rejected = connection.execute(
        f"select path, reason_code, reason_detail from {STANDING_LOADS} "
        "where feed = ? and status = 'rejected' order by path",
        [feed],
    )
    return tuple(
        Finding.of("found_of", subject=path, finding=file_rejected(code, detail))
        for path, code, detail in rejected.fetchall()
    )


def _contradictions(connection: duckdb.DuckDBPyConnection, feed: str) -> tuple[Finding, ...]:
    found = connection.execute(
        f"select contradiction_finding from {STANDING_LOADS} where feed = ? "
        "and contradiction_finding is not null order by path",
        [feed],
    )
    return tuple(Finding.read(row[0]) for row in found.fetchall())


def _findings(
    connection: duckdb.DuckDBPyConnection, code: str, query: str, parameters: list[object]
) -> tuple[Finding, ...]:
    """A finding for each row of a query, whose columns are its arguments."""
    found = connection.execute(query, parameters)
    names = [str(column[0]) for column in found.description or ()]
    return tuple(Finding.of(code, **_arguments(names, row)) for row in found.fetchall())


def _arguments(names: list[str], row: tuple[object, ...]) -> dict[str, Argument]:
    told = (value if isinstance(value, str) else int(str(value)) for value in row)
    return dict(zip(names, told, strict=True))
