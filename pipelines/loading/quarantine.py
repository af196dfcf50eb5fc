"""The quarantine: rows and files that were not loaded, until they are repaired."""

from pathlib import Path

import duckdb

from pipelines.loading.key_hashes import key_hash
from pipelines.loading.ledger import Load, LoadOutcome
from sources.contract import Contract
from sources.sql import literal, scalar

_COLUMNS = (
    "{'line': 'bigint', 'column_name': 'varchar', 'reason_code': 'varchar', "
    "'detail': 'varchar', 'raw_text': 'varchar'}"
)
_OTHER_SLICES = (
    "(select sequence from raw.loads where feed = ? and entry = ? "
    "and position {comparison} (select position from raw.loads where sequence = ?))"
)
# The same file may be read by two entries, each with columns of its own.
_IS_OF_ANOTHER_ENTRY = (
    "sequence in (select sequence from raw.loads where feed = ? "
    "and coalesce(entry, '') not in (?, ''))"
)
_EARLIER_SLICES = _OTHER_SLICES.format(comparison="<")
_LATER_SLICES = _OTHER_SLICES.format(comparison=">")


def keys_of(contract: Contract, rows: str) -> str:
    """A relation of the keys that could be read, by line, and whether their rows are sound."""
    is_given = " and ".join(f"{name} is not null" for name in contract.key)
    return (
        f"(select _line, {key_hash(contract)} as key_hash, _error is null as is_sound "
        f"from {rows} where {is_given})"
    )


def _is_slice(load: Load) -> bool:
    """Whether it is a part of a table, which holds one row per key: a later one speaks for it."""
    return load.extraction is not None and not load.is_snapshot


def add_rows(connection: duckdb.DuckDBPyConnection, load: Load, faults: Path, keys: str) -> None:
    """Keeps the rows that the parser wrote out; those of which a later slice speaks as replayed."""
    written = (
        f"read_json({literal(str(faults))}, format = 'newline_delimited', columns = {_COLUMNS}, "
        "maximum_object_size = 16777216)"
    )
    values: list[object] = [*_origin(load), load.rules_version, load.recorded_at]
    marks = "null, keyed.key_hash"
    # A line may hold several rows; the quarantine tells of the line.
    first = f"(select _line, min(key_hash) as key_hash from {keys} group by _line)"
    written += f" left join {first} as keyed on keyed._line = line"
    if _is_slice(load):
        marks = (
            f"case when keyed.key_hash in (select _key_hash from raw.{load.feed} "
            f"where _sequence in {_LATER_SLICES} union all select key_hash from quarantine.rows "
            f"where sequence in {_LATER_SLICES}) then cast(? as timestamp) end, keyed.key_hash"
        )
        values += [*_table(load), *_table(load), load.recorded_at]
    connection.execute(
        "insert into quarantine.rows select ?, ?, ?, ?, ?, ?, line, column_name, reason_code, "
        f"detail, raw_text, ?, cast(? as timestamp), {marks} from {written}",
        values,
    )


def add_file(connection: duckdb.DuckDBPyConnection, outcome: LoadOutcome) -> None:
    """Keeps a note of a whole file; its bytes lie in the landing."""
    load = outcome.load
    connection.execute(
        "delete from quarantine.rows where feed = ? and file_id = ? and line is null "
        f"and not ({_IS_OF_ANOTHER_ENTRY})",
        [load.feed, load.file_id, load.feed, load.entry],
    )
    connection.execute(
        "insert into quarantine.rows values (?, ?, ?, ?, ?, ?, null, null, ?, ?, null, ?, "
        "cast(? as timestamp), null, null)",
        [
            *_origin(load),
            outcome.reason_code,
            outcome.reason_detail and outcome.reason_detail.english,
            load.rules_version,
            load.recorded_at,
        ],
    )


def close_earlier(connection: duckdb.DuckDBPyConnection, outcome: LoadOutcome, keys: str) -> None:
    """Notes that earlier entries were replayed: the same bytes again, or the same path again.

    A file that repeats rows of the one it replaces, or is one that the path brought before, is a
    new delivery of it, so its quarantine speaks for both. One that repeats none is another file
    under an old name: it speaks for the keys that it brings, and the other entries stay. A snapshot
    holds all rows, so it speaks for every earlier delivery of its entry; a slice of a
    table speaks for its keys in the slices before it.
    """
    load = outcome.load
    connection.execute(
        "update quarantine.rows set replayed_at = cast(? as timestamp) where replayed_at is null "
        f"and feed = ? and sequence <> ? and not ({_IS_OF_ANOTHER_ENTRY}) and (file_id = ? or "
        "(path = ? and (? or line is null)) "
        "or (? and sequence in (select sequence from raw.loads where feed = ? and entry = ?)))",
        [
            load.recorded_at,
            load.feed,
            load.sequence,
            load.feed,
            load.entry,
            load.file_id,
            load.path,
            outcome.unchanged > 0 or _is_restored(connection, load),
            load.is_snapshot,
            load.feed,
            load.entry,
        ],
    )
    if _is_slice(load):
        _close_keys(connection, load, f"sequence in {_EARLIER_SLICES}", _table(load), keys)
    else:
        earlier = f"path = ? and sequence <> ? and not ({_IS_OF_ANOTHER_ENTRY})"
        values = [load.path, load.sequence, load.feed, load.entry]
        _close_keys(connection, load, earlier, values, f"(select * from {keys} where is_sound)")


def close_departed(
    connection: duckdb.DuckDBPyConnection, feed: str, present: set[tuple[str, str]]
) -> None:
    """Notes as replayed what is told of files that are read otherwise today, by an entry of today.

    `present` are the (file_id, rules_version) that the feed's folder holds.
    """
    waiting = connection.execute(
        "select distinct file_id, rules_version from quarantine.rows "
        "where replayed_at is null and feed = ?",
        [feed],
    ).fetchall()
    held = {file_id for file_id, _ in present}
    for file_id, rules in waiting:
        if file_id in held and (file_id, rules) not in present:
            connection.execute(
                "update quarantine.rows set replayed_at = (select max(recorded_at) from raw.loads "
                "where feed = ? and file_id = ?) where replayed_at is null and feed = ? "
                "and file_id = ? and rules_version = ?",
                [feed, file_id, feed, file_id, rules],
            )


def _close_keys(
    connection: duckdb.DuckDBPyConnection,
    load: Load,
    earlier: str,
    values: list[object],
    keys: str,
) -> None:
    waiting = f"replayed_at is null and feed = ? and {earlier} and key_hash is not null"
    # The file's keys are read only where something waits for them.
    count = f"select count(*) from quarantine.rows where {waiting}"
    if scalar(connection, count, [load.feed, *values]):
        connection.execute(
            "update quarantine.rows set replayed_at = cast(? as timestamp) "
            f"where {waiting} and key_hash in (select key_hash from {keys})",
            [load.recorded_at, load.feed, *values],
        )


def _is_restored(connection: duckdb.DuckDBPyConnection, load: Load) -> bool:
    """Whether the path brought these bytes before, and others since."""
    before = (
        "select count(*) from raw.deliveries where feed = ? and entry = ? and path = ? "
        "and file_id = ? and position < ?"
    )
    values = [load.feed, load.entry, load.path, load.file_id, load.sequence]
    return load.position == load.sequence and bool(scalar(connection, before, values))


def _table(load: Load) -> list[object]:
    """What names the other slices of the load's table."""
    return [load.feed, load.entry, load.sequence]


def _origin(load: Load) -> list[object]:
    return [load.source, load.feed, load.load_id, load.sequence, load.file_id, load.path]
