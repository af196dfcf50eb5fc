"""The quarantine: rows and files that were not loaded, until they are repaired."""

from pathlib import Path

import duckdb

from pipelines.loading.apply import completed
from pipelines.loading.ledger import Load, LoadOutcome
from pipelines.loading.warehouse import key_hash
from sources.contract import Contract
from sources.sql import literal

_COLUMNS = (
    "{'line': 'bigint', 'column_name': 'varchar', 'reason_code': 'varchar', "
    "'detail': 'varchar', 'raw_text': 'varchar'}"
)
_OTHER_SLICES = (
    "(select sequence from raw.loads where feed = ? and entry = ? "
    "and position {comparison} (select position from raw.loads where sequence = ?))"
)
_EARLIER_SLICES = _OTHER_SLICES.format(comparison="<")
_LATER_SLICES = _OTHER_SLICES.format(comparison=">")


def keys_of_slice(
    connection: duckdb.DuckDBPyConnection, contract: Contract, load: Load, rows: str
) -> str | None:
    """A relation of the keys that could be read, by line; None for what is no slice of a table.

    A table holds one row per key, so a later slice's speaks for the key. A file may hold anything.
    """
    if load.extraction is None or load.is_snapshot:
        return None
    whole = completed(connection, contract, rows)
    is_given = " and ".join(f"{name} is not null" for name in contract.key)
    return f"(select _line, {key_hash(contract)} as key_hash from {whole} where {is_given})"


def add_rows(
    connection: duckdb.DuckDBPyConnection, load: Load, faults: Path, keys: str | None
) -> None:
    """Keeps the rows that the parser wrote out; those of which a later slice speaks as replayed."""
    written = (
        f"read_json({literal(str(faults))}, format = 'newline_delimited', columns = {_COLUMNS}, "
        "maximum_object_size = 16777216)"
    )
    values: list[object] = [*_origin(load), load.rules_version, load.recorded_at]
    marks = "null, null"
    if keys is not None:
        written += f" left join {keys} as keyed on keyed._line = line"
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
        "delete from quarantine.rows where feed = ? and file_id = ? and line is null",
        [load.feed, load.file_id],
    )
    connection.execute(
        "insert into quarantine.rows values (?, ?, ?, ?, ?, ?, null, null, ?, ?, null, ?, "
        "cast(? as timestamp), null, null)",
        [
            *_origin(load),
            outcome.reason_code,
            outcome.reason_detail,
            load.rules_version,
            load.recorded_at,
        ],
    )


def close_earlier(
    connection: duckdb.DuckDBPyConnection, outcome: LoadOutcome, keys: str | None
) -> None:
    """Notes that earlier entries were replayed: the same bytes again, or the same path again.

    A file that repeats rows of the one it replaces is a new delivery of it, so its quarantine
    speaks for both. One that repeats none is another file under an old name; the old entries stay.
    A snapshot holds all rows, so it speaks for every earlier delivery of its entry; a slice of a
    table speaks for its keys in the slices before it.
    """
    load = outcome.load
    connection.execute(
        "update quarantine.rows set replayed_at = cast(? as timestamp) where replayed_at is null "
        "and feed = ? and sequence <> ? and (file_id = ? or (path = ? and (? or line is null)) "
        "or (? and sequence in (select sequence from raw.loads where feed = ? and entry = ?)))",
        [
            load.recorded_at,
            load.feed,
            load.sequence,
            load.file_id,
            load.path,
            outcome.unchanged > 0,
            load.is_snapshot,
            load.feed,
            load.entry,
        ],
    )
    if keys is not None:
        connection.execute(
            "update quarantine.rows set replayed_at = cast(? as timestamp) "
            f"where replayed_at is null and feed = ? and sequence in {_EARLIER_SLICES} "
            f"and key_hash in (select key_hash from {keys})",
            [load.recorded_at, load.feed, *_table(load)],
        )


def _table(load: Load) -> list[object]:
    """What names the other slices of the load's table."""
    return [load.feed, load.entry, load.sequence]


def _origin(load: Load) -> list[object]:
    return [load.source, load.feed, load.load_id, load.sequence, load.file_id, load.path]
