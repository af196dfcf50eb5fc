"""What the checks at the borders said last: one row per thing checked and check, and since when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import duckdb

from output.findings.finding import Finding

# The families of checks, as the first part of a check's name.
EXPECTATIONS = "expectations"
VOLUME = "volume"
METRICS = "metrics"
FRESHNESS = "freshness"
MODELS = "models"
SEGMENTS = "segments"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A row of raw.check_results; `feed` is the feed, the export or the model that was checked.

    `held_back` is what a failure means for the readers; a check that passed has none.
    """

    run_at: str
    feed: str
    check_name: str
    severity: str
    is_passed: bool
    observed: float | None
    finding: Finding
    held_back: Finding | None

    @property
    def family(self) -> str:
        """The kind of check that it was."""
        return self.check_name.partition("/")[0]

    @property
    def holds_back(self) -> bool:
        """Whether it keeps everything from being published."""
        return self.severity == "error" and not self.is_passed


_COLUMNS = tuple(field.name for field in fields(CheckRow))


def replace_results(
    connection: duckdb.DuckDBPyConnection, family: str, checked: Iterable[str], rows: list[CheckRow]
) -> None:
    """Puts a family's new results in the place of the earlier ones; other things keep theirs."""
    connection.execute("begin transaction")
    for feed in checked:
        connection.execute(
            "delete from raw.check_results where feed = ? and starts_with(check_name, ?)",
            [feed, f"{family}/"],
        )
    _insert(connection, rows)
    connection.execute("commit")


def replace_each(connection: duckdb.DuckDBPyConnection, rows: list[CheckRow]) -> None:
    """Puts each result in the place of the same check's earlier one; all others stay."""
    connection.execute("begin transaction")
    if rows:
        connection.executemany(
            "delete from raw.check_results where feed = ? and check_name = ?",
            [(row.feed, row.check_name) for row in rows],
        )
    _insert(connection, rows)
    connection.execute("commit")


def keep_only(
    connection: duckdb.DuckDBPyConnection, family: str, checks: Iterable[tuple[str, str]]
) -> None:
    """Drops the results of a family's checks that are none any more; nothing would replace them."""
    names = [f"{feed} {check_name}" for feed, check_name in checks]
    connection.execute(
        "delete from raw.check_results where starts_with(check_name, ?) "
        "and not list_contains(?, feed || ' ' || check_name)",
        [f"{family}/", names],
    )


def _insert(connection: duckdb.DuckDBPyConnection, rows: list[CheckRow]) -> None:
    if rows:
        connection.executemany(
            f"insert into raw.check_results ({', '.join(_COLUMNS)}) "
            "values (cast(? as timestamp), ?, ?, ?, ?, ?, ?, ?)",
            [_written(row) for row in rows],
        )


def _written(row: CheckRow) -> tuple[object, ...]:
    values = (getattr(row, name) for name in _COLUMNS)
    return tuple(value.json_text if isinstance(value, Finding) else value for value in values)


def forget_absent(connection: duckdb.DuckDBPyConnection, present: Iterable[str]) -> None:
    """Drops the results of feeds that are not delivered any more."""
    names = list(present)
    for table in ("check_results", "checked_feeds"):
        connection.execute(
            f"delete from raw.{table} where not list_contains(?, feed) "
            "and feed in (select feed from raw.feeds)",
            [names],
        )


def forget_exports(connection: duckdb.DuckDBPyConnection, present: Iterable[str]) -> None:
    """Drops the results of exports that are none any more; nothing would ever replace them."""
    names = list(present)
    connection.execute(
        "delete from raw.check_results where starts_with(check_name, ?) "
        "and not list_contains(?, feed) and feed not in (select feed from raw.feeds)",
        [f"{EXPECTATIONS}/", names],
    )
    connection.execute(
        "delete from raw.checked_feeds where family = ? "
        "and not list_contains(?, feed) and feed not in (select feed from raw.feeds)",
        [EXPECTATIONS, names],
    )


def results(connection: duckdb.DuckDBPyConnection, family: str | None = None) -> list[CheckRow]:
    """The latest results, by what was checked."""
    rows = connection.execute(
        "select cast(run_at as varchar), feed, check_name, severity, is_passed, observed, "
        "finding, held_back from raw.check_results "
        "where ? is null or starts_with(check_name, ?) order by feed, check_name",
        [family, f"{family}/"],
    )
    return [_read(*row) for row in rows.fetchall()]


def _read(*values: Any) -> CheckRow:
    *columns, finding, held_back = values
    means = Finding.read(held_back) if held_back else None
    return CheckRow(**dict(zip(_COLUMNS, [*columns, Finding.read(finding), means], strict=True)))


def loads_seen(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The number of each feed's last load, of those that delivered rows."""
    rows = connection.execute(
        "select feed, max(sequence) from raw.loads where status = 'loaded' group by feed"
    )
    return {str(feed): int(sequence) for feed, sequence in rows.fetchall()}


def seen_before(connection: duckdb.DuckDBPyConnection, family: str) -> dict[str, tuple[str, str]]:
    """By feed, with which version of a family's checks and on which loads it was checked last."""
    rows = connection.execute(
        "select feed, suite_version, seen from raw.checked_feeds where family = ?", [family]
    )
    return {str(feed): (str(version), str(seen)) for feed, version, seen in rows.fetchall()}


def note_seen(
    connection: duckdb.DuckDBPyConnection, family: str, checked: Mapping[str, tuple[str, str]]
) -> None:
    """Notes what was checked, so that it is not checked again before something comes."""
    if not checked:
        return
    connection.execute("begin transaction")
    connection.execute(
        "delete from raw.checked_feeds where family = ? and list_contains(?, feed)",
        [family, list(checked)],
    )
    connection.executemany(
        "insert into raw.checked_feeds (feed, suite_version, seen, family) values (?, ?, ?, ?)",
        [(feed, version, seen, family) for feed, (version, seen) in checked.items()],
    )
    connection.execute("commit")
