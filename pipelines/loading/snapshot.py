"""Snapshots: a file or extract with all rows of its entry also says what is gone.

Keys that the entry delivered and the newest snapshot lacks get a tombstone without a line; a key
that comes back loses it again. Both are rows of the history that no source row stands for, counted
beside the load's account.
"""

from dataclasses import dataclass

import duckdb

from output.findings.finding import Finding
from pipelines.loading.key_hashes import key_hash
from pipelines.loading.ledger import Load
from sources.connectors.files import in_natural_order
from sources.contract import DELETED, Contract
from sources.parsing.request import DROPPED, FAULTY, ParseResult
from sources.sql import scalar


@dataclass(frozen=True, slots=True)
class Derived:
    """How many rows of the history a snapshot added by itself."""

    deleted: int = 0
    restored: int = 0


NOTHING_DERIVED = Derived()


def refusal(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    load: Load,
    rows: str,
    may_lose: float,
) -> ParseResult | None:
    """A rejection where the snapshot lacks so many known keys that it is no whole one."""
    _collect_vanished(connection, contract, load, rows)
    missing = scalar(connection, "select count(*) from vanished")
    known = scalar(
        connection, f"select count(*) from {_delivered(contract)}", [load.feed, load.entry]
    )
    if missing <= known * may_lose:
        return None
    return ParseResult(
        status="rejected",
        reason_code="snapshot_shrank",
        reason_detail=Finding.of(
            "rows_missing", missing=int(missing), known=int(known), share=may_lose * 100
        ),
    )


def derive(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    load: Load,
    rows: str,
    quarantined: int,
) -> Derived:
    """Deletes what vanished and restores what came back; for the caller's transaction.

    A row that could not be read hides its key, so nothing is deleted while there is one.
    """
    restored = revive(connection, contract, load, rows, "true")
    broken = scalar(connection, f"select count(*) from {rows} where {FAULTY}")
    deleted = 0 if quarantined > broken else bury(connection, contract, load)
    return Derived(deleted, restored)


def touch_days(connection: duckdb.DuckDBPyConnection, contract: Contract, load: Load) -> None:
    """Notes the days of the rows that were deleted: what is built of them changes."""
    if contract.event_time is None:
        return
    connection.execute(
        "insert into raw.touched_dates "
        f"select ?, ?, cast(history.{contract.event_time} as date) as event_date, count(*) "
        f"from vanished inner join raw.{contract.feed} as history using (_row_id) "
        f"where history.{contract.event_time} is not null group by event_date",
        [load.feed, load.sequence],
    )


def newest_name(connection: duckdb.DuckDBPyConnection, feed: str, entry: str) -> str | None:
    """The last by name of the entry's snapshots so far, counting 9 before 10.

    One that was refused told of no state, so none is older than it.
    """
    rows = connection.execute(
        "select distinct path from raw.loads where feed = ? and entry = ? and is_snapshot "
        "and status = 'loaded'",
        [feed, entry],
    )
    return max((row[0] for row in rows.fetchall()), key=in_natural_order, default=None)


def newest(connection: duckdb.DuckDBPyConnection, feed: str, entry: str) -> tuple[str, str] | None:
    """The (file_id, rules_version) of the entry's last snapshot; nothing is new if it comes again.

    One that only crashed the parser is tried again.
    """
    row = connection.execute(
        "select file_id, rules_version from raw.loads where feed = ? and entry = ? "
        "and is_snapshot and coalesce(reason_code, '') not in ('parser_crashed', "
        "'parser_timed_out') order by sequence desc limit 1",
        [feed, entry],
    ).fetchone()
    return (str(row[0]), str(row[1])) if row else None


def _collect_vanished(
    connection: duckdb.DuckDBPyConnection, contract: Contract, load: Load, rows: str
) -> None:
    """The living keys of the entry that the snapshot lacks; a quarantined row's key is there."""
    keys = ", ".join(contract.key)
    version = contract.version or "cast(null as timestamp)"
    connection.execute(
        f"create or replace temp table vanished as select {keys}, _row_id, {version} as _version "
        f"from {_delivered(contract)} anti join (select {keys} from {rows} "
        f"where coalesce(_error, '') <> ?) as present using ({keys})",
        [load.feed, load.entry, DROPPED],
    )


def _delivered(contract: Contract) -> str:
    return (
        f"(select current.* from raw.{contract.feed}_current as current "
        "semi join (select sequence from raw.loads where feed = ? and entry = ?) as loads "
        "on loads.sequence = current._sequence)"
    )


def bury(connection: duckdb.DuckDBPyConnection, contract: Contract, load: Load) -> int:
    """Puts tombstones in the place of the rows of the table `vanished`; returns how many."""
    keys = ", ".join(contract.key)
    names = list(contract.key)
    values = list(contract.key)
    if contract.version is not None:
        names.append(contract.version)
        values.append("_version")
    count = scalar(
        connection,
        f"insert into raw.{contract.feed} ({', '.join(names)}, _is_deleted, _row_id, _load_id, "
        f"_line, _recorded_at, _sequence, _key_hash) select {', '.join(values)}, true, "
        f"{_last_row(connection, contract)} + row_number() over (order by {keys}), ?, null, "
        f"cast(? as timestamp), ?, {key_hash(contract)} from vanished",
        [load.load_id, load.recorded_at, load.sequence],
    )
    connection.execute(
        f"insert into raw.{contract.feed}_superseded select _row_id, ? from vanished "
        "order by _row_id",
        [load.sequence],
    )
    return int(count)


def revive(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    load: Load,
    rows: str,
    buriers: str,
) -> int:
    """Brings back the rows that come again under a tombstone; returns how many.

    `buriers` is a condition on the tombstones. Those of rows that a source marked as deleted stay.
    """
    keys = ", ".join(contract.key)
    version = "" if contract.version is None else f"{contract.version} desc nulls last, "
    history = f"raw.{contract.feed}"
    connection.execute(
        f"create or replace temp table buried as select {keys}, _row_id as _tombstone "
        f"from {history} anti join {history}_superseded using (_row_id) "
        f"where _is_deleted and _line is null and {buriers}"
    )
    if not scalar(connection, "select count(*) from buried"):
        return 0
    connection.execute(
        "create or replace temp table revived as select incoming.*, buried._tombstone "
        f"from {rows} as incoming inner join buried using ({keys}) where incoming._error is null "
        f"qualify row_number() over (partition by {keys} order by {version}_line desc) = 1"
    )
    connection.execute(f"delete from revived where coalesce({DELETED}, false)")
    names = ", ".join(contract.stored_columns)
    count = scalar(
        connection,
        f"insert into {history} ({names}, _is_deleted, _row_id, _load_id, _line, _recorded_at, "
        f"_sequence, _key_hash) select {names}, false, {_last_row(connection, contract)} + "
        f"row_number() over (order by {keys}), ?, _line, cast(? as timestamp), ?, "
        f"{key_hash(contract)} from revived",
        [load.load_id, load.recorded_at, load.sequence],
    )
    connection.execute(
        f"insert into {history}_superseded select _tombstone, ? from revived order by _tombstone",
        [load.sequence],
    )
    return int(count)


def _last_row(connection: duckdb.DuckDBPyConnection, contract: Contract) -> int:
    return int(scalar(connection, f"select coalesce(max(_row_id), 0) from raw.{contract.feed}"))
