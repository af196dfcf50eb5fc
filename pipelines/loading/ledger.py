"""The ledger: one row per load, written in the load's own transaction and so proof of it."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import duckdb

from output.findings.finding import Finding
from pipelines.loading.deliveries import Delivery, note_deliveries
from sources.contract import Contract
from sources.sql import scalar

# Trying the same bytes again can only help after these.
_WORTH_RETRYING = ("parser_crashed", "parser_timed_out")
# The fields of Load, in their order.
_LOAD_COLUMNS = (
    "load_id, sequence, feed, source, path, file_id, byte_count, rules_version, "
    "cast(recorded_at as varchar), coalesce(entry, ''), coalesce(is_snapshot, false), "
    "extraction, cursor_to, "
    "coalesce(position, min(sequence) over (partition by feed, file_id))"
)


@dataclass(frozen=True, slots=True)
class Load:
    """What is known of a load before its rows are applied.

    `entry` is the marketplace's entry that delivers it; `is_snapshot` says that it held all rows of
    that entry when it came. An extract names how it was read and the cursor's value at its end.
    `position` is the number of the load that first read this delivery, where there was one.
    """

    load_id: str
    sequence: int
    feed: str
    source: str
    path: str
    file_id: str
    byte_count: int
    rules_version: str
    recorded_at: str
    entry: str = ""
    is_snapshot: bool = False
    extraction: str | None = None
    cursor_to: str | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class LoadOutcome:
    """What became of a load: received = applied + unchanged + duplicate + quarantined + dropped.

    `dropped` are rows that a rule of the mapping keeps out; `replaced` those of the applied and
    unchanged that another row of the same file overruled, and `contradiction` says what is wrong
    with that, if anything. `deleted` and `restored` are rows of the history that a snapshot
    added beside those received.
    """

    load: Load
    status: str
    reason_code: str | None = None
    reason_detail: Finding | None = None
    received: int = 0
    applied: int = 0
    unchanged: int = 0
    duplicate: int = 0
    quarantined: int = 0
    deleted: int = 0
    restored: int = 0
    dropped: int = 0
    replaced: int = 0
    contradiction: Finding | None = None
    unmapped_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class UnbalancedLoadError(Exception):
    """A load's counts do not add up; nothing of it is kept."""


def next_sequence(connection: duckdb.DuckDBPyConnection) -> int:
    """One more than the last load's number."""
    return int(scalar(connection, "select coalesce(max(sequence), 0) + 1 from raw.loads"))


def position_of(connection: duckdb.DuckDBPyConnection, load: Load) -> int:
    """The number of the first load that read this delivery: it decides what is newer.

    A snapshot is as new as the first of the loads in a row that found this state: the same state
    can come again after another.
    """
    if load.position is not None:
        return load.position
    if load.is_snapshot:
        row = connection.execute(
            "select file_id, position from raw.loads where feed = ? and entry = ? and is_snapshot "
            "and status = 'loaded' order by sequence desc limit 1",
            [load.feed, load.entry],
        ).fetchone()
        return int(row[1]) if row and row[0] == load.file_id else load.sequence
    return load.sequence


def delivered_at(connection: duckdb.DuckDBPyConnection, load: Load) -> str:
    """When the load's bytes came: where it reads them again, that is when they were first read."""
    first = "select cast(recorded_at as varchar) from raw.loads where feed = ? and sequence = ?"
    row = connection.execute(first, [load.feed, load.position]).fetchone()
    return str(row[0]) if row else load.recorded_at


def placed(load: Load, position: int | None) -> Load:
    """The load at the place of the delivery that it reads again."""
    return replace(load, position=position)


def positions(connection: duckdb.DuckDBPyConnection, feed: str) -> dict[str, int]:
    """The place of each file's newest delivery, by the hash of its bytes."""
    rows = connection.execute(
        "select file_id, max(coalesce(position, sequence)) from raw.loads where feed = ? "
        "group by file_id",
        [feed],
    )
    return dict(rows.fetchall())


def known_files(connection: duckdb.DuckDBPyConnection, feed: str) -> set[tuple[str, str]]:
    """The (file_id, rules_version) that were loaded, or rejected for good."""
    rows = connection.execute(
        "select file_id, rules_version from raw.loads where feed = ? "
        "and coalesce(reason_code, '') not in (?, ?)",
        [feed, *_WORTH_RETRYING],
    )
    return {(file_id, rules_version) for file_id, rules_version in rows.fetchall()}


def mark_present(
    connection: duckdb.DuckDBPyConnection, feed: str, found: set[tuple[str, str]]
) -> None:
    """Notes which (file_id, rules_version) the feed's folder holds now.

    What is gone, or is read otherwise today, no longer blocks. Extracts lie in no
    folder; they are noted where they are made.
    """
    changed = _presence_changed(connection, feed, found)
    if changed:
        connection.execute(
            "update raw.loads set is_present = not is_present "
            "where sequence in (select unnest(cast(? as bigint[])))",
            [changed],
        )


def presence_agrees(
    connection: duckdb.DuckDBPyConnection, feed: str, found: set[tuple[str, str]]
) -> bool:
    """True where the ledger holds as present just the loads that are among the found files."""
    return not _presence_changed(connection, feed, found)


def _presence_changed(
    connection: duckdb.DuckDBPyConnection, feed: str, found: set[tuple[str, str]]
) -> list[int]:
    rows = connection.execute(
        "select file_id, rules_version, is_present, sequence from raw.loads "
        "where feed = ? and extraction is null",
        [feed],
    ).fetchall()
    return [
        sequence
        for file_id, rules_version, is_present, sequence in rows
        if ((file_id, rules_version) in found) != is_present
    ]


def record(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    outcome: LoadOutcome,
    *,
    dates_from_rows: bool,
) -> None:
    """Writes the ledger row and the touched days; refuses a load whose counts do not add up.

    Raises:
        UnbalancedLoadError: received is not the sum of its parts.
    """
    parts = outcome.applied + outcome.unchanged + outcome.duplicate
    parts += outcome.quarantined + outcome.dropped
    if outcome.status == "loaded" and parts != outcome.received:
        raise UnbalancedLoadError(
            f"{outcome.load.path}: received {outcome.received}, accounted for {parts}"
        )
    load = outcome.load
    first, last, late = (None, None, 0)
    if dates_from_rows and contract.event_time:
        first, last, late = _touched(connection, contract, load)
    # A file that was parsed anew under other rules stands for its earlier loads.
    connection.execute(
        "delete from raw.loads where feed = ? and file_id = ? and status = 'rejected' "
        "and coalesce(entry, ?) = ?",
        [load.feed, load.file_id, load.entry, load.entry],
    )
    position = position_of(connection, load)
    connection.execute(
        f"insert into raw.loads values ({', '.join('?' * 19)}, true, cast(? as timestamp), "
        f"{', '.join('?' * 11)})",
        [
            load.load_id, load.sequence, load.feed, load.source, load.path, load.file_id,
            load.byte_count, outcome.status, outcome.reason_code,
            outcome.reason_detail and outcome.reason_detail.json_text, outcome.received,
            outcome.applied, outcome.unchanged, outcome.duplicate, outcome.quarantined, late, first,
            last, load.rules_version, load.recorded_at, outcome.deleted, outcome.restored,
            load.entry, load.is_snapshot, load.extraction, load.cursor_to, position,
            outcome.dropped, outcome.replaced,
            outcome.contradiction and outcome.contradiction.json_text, "\n".join(outcome.notes),
        ],
    )  # fmt: skip
    _note_delivery(connection, load, position)


def _note_delivery(connection: duckdb.DuckDBPyConnection, load: Load, position: int) -> None:
    """Notes what the path brought, unless this load reads it again."""
    known = scalar(
        connection,
        "select count(*) from raw.deliveries where feed = ? and entry in (?, '') and path = ? "
        "and file_id = ? and position = ?",
        [load.feed, load.entry, load.path, load.file_id, position],
    )
    if not known:
        delivered = Delivery(load.entry, load.path, load.file_id, position)
        note_deliveries(connection, load.feed, [delivered])


def all_loads(connection: duckdb.DuckDBPyConnection) -> list[Load]:
    """Every load so far, in order."""
    rows = connection.execute(f"select {_LOAD_COLUMNS} from raw.loads order by sequence")
    return [Load(*row) for row in rows.fetchall()]


def taken_ids(connection: duckdb.DuckDBPyConnection, wanted: str | None = None) -> set[str]:
    """The ids of every load so far, or of the one that has a wanted id."""
    query = "select load_id from raw.loads where ? is null or load_id = ?"
    return {row[0] for row in connection.execute(query, [wanted, wanted]).fetchall()}


def with_its_own_id(load: Load, taken: Collection[str]) -> Load:
    """Under unchanged rules the id would be an earlier load's of the same bytes."""
    if load.load_id not in taken:
        return load
    return replace(load, load_id=f"{load.load_id}-{load.sequence}")


def latest_loads(connection: duckdb.DuckDBPyConnection, feed: str, entry: str) -> list[Load]:
    """The latest load of each file that an entry delivered, in the order of their first."""
    rows = connection.execute(
        f"select {_LOAD_COLUMNS} from raw.loads where feed = ? and entry = ? qualify "
        "row_number() over (partition by file_id order by sequence desc) = 1 "
        "order by min(sequence) over (partition by file_id)",
        [feed, entry],
    ).fetchall()
    return [Load(*row) for row in rows]


def with_open_quarantine(connection: duckdb.DuckDBPyConnection, feed: str | None) -> list[Load]:
    """The latest load of each file that still has entries in the quarantine."""
    rows = connection.execute(
        f"select {_LOAD_COLUMNS} from raw.loads where (feed, file_id, coalesce(entry, '')) in "
        "(select (waiting.feed, waiting.file_id, coalesce(entry, '')) from quarantine.rows as "
        "waiting inner join raw.loads using (sequence) where replayed_at is null) "
        "and (? is null or feed = ?) qualify row_number() over "
        "(partition by feed, file_id, entry order by sequence desc) = 1 order by sequence",
        [feed, feed],
    ).fetchall()
    return [Load(*row) for row in rows]


def _touched(
    connection: duckdb.DuckDBPyConnection, contract: Contract, load: Load
) -> tuple[object, object, int]:
    day = f"cast({contract.event_time} as date)"
    connection.execute(
        f"insert into raw.touched_dates select ?, ?, {day}, count(*) from raw.{contract.feed} "
        f"where _sequence = ? and {contract.event_time} is not null group by {day}",
        [load.feed, load.sequence, load.sequence],
    )
    row = connection.execute(
        "with horizon as (select max(last_event_date) as day from raw.loads where feed = ? "
        "and recorded_at < cast(? as timestamp)) "
        "select min(event_date), max(event_date), coalesce(sum(row_count) filter (where "
        f"event_date < horizon.day - {contract.late_after_days}), 0) "
        "from raw.touched_dates cross join horizon where feed = ? and sequence = ?",
        [load.feed, load.recorded_at, load.feed, load.sequence],
    ).fetchone()
    return (row[0], row[1], int(row[2])) if row else (None, None, 0)
