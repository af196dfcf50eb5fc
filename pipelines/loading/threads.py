"""How many threads a load is worth: for a small one, a second costs more than it saves."""

import duckdb

from pipelines.loading.ledger import Load
from sources.sql import scalar

# From either on a second thread has work: a file's bytes, rows of the feed's history.
_BYTES, _ROWS = 8_000_000, 2_000_000


def threads(connection: duckdb.DuckDBPyConnection) -> int:
    """How many threads the connection's database may use."""
    return int(scalar(connection, "select current_setting('threads')"))


def use_threads(connection: duckdb.DuckDBPyConnection, load: Load, most: int) -> None:
    """Lets the connection's database use as many as the load is worth."""
    is_small = load.byte_count < _BYTES and _held(connection, load.feed) < _ROWS
    connection.execute(f"set threads = {1 if is_small else most}")


def _held(connection: duckdb.DuckDBPyConnection, feed: str) -> int:
    return int(scalar(connection, f"select count(*) from raw.{feed}"))
