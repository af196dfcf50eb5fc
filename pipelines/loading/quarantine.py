"""The quarantine: rows and files that were not loaded, until they are repaired."""

from pathlib import Path

import duckdb

from pipelines.loading.ledger import Load, LoadOutcome
from sources.parsing.conversion import quoted

_COLUMNS = (
    "{'line': 'bigint', 'column_name': 'varchar', 'reason_code': 'varchar', "
    "'detail': 'varchar', 'raw_text': 'varchar'}"
)


def add_rows(connection: duckdb.DuckDBPyConnection, load: Load, faults: Path) -> None:
    """Keeps the rows that the parser wrote out."""
    connection.execute(
        "insert into quarantine.rows select ?, ?, ?, ?, ?, ?, line, column_name, reason_code, "
        "detail, raw_text, ?, cast(? as timestamp), null from "
        f"read_json({quoted(str(faults))}, format = 'newline_delimited', columns = {_COLUMNS}, "
        "maximum_object_size = 16777216)",
        [*_origin(load), load.rules_version, load.recorded_at],
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
        "cast(? as timestamp), null)",
        [
            *_origin(load),
            outcome.reason_code,
            outcome.reason_detail,
            load.rules_version,
            load.recorded_at,
        ],
    )


def close_earlier(connection: duckdb.DuckDBPyConnection, outcome: LoadOutcome) -> None:
    """Notes that earlier entries were replayed: the same bytes again, or the same path again.

    A file that repeats rows of the one it replaces is a new delivery of it, so its quarantine
    speaks for both. One that repeats none is another file under an old name; the old entries stay.
    A snapshot holds all rows, so it speaks for every earlier delivery of its entry.
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


def _origin(load: Load) -> list[object]:
    return [load.source, load.feed, load.load_id, load.sequence, load.file_id, load.path]
