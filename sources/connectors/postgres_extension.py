"""Rows from PostgreSQL into Parquet files, through DuckDB's postgres extension."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import duckdb
import psycopg

from sources.connectors.postgres import conninfo, fault_of, session, timed_out, unquoted
from sources.connectors.postgres_slices import Slice
from sources.databases import Database, DatabaseFeed
from sources.disk import noticing_full_disk
from sources.errors import PermanentSourceError, TransientSourceError
from sources.sql import literal, scalar

_PACKAGE = "duckdb_extension_postgres_scanner"
_MEMORY = "512MiB"
# How PostgreSQL begins to say what is wrong with a row; a function's own words may quote one.
_IN_ITS_OWN_WORDS = (
    "invalid input syntax for type",
    "date/time field value out of range",
    "division by zero",
    "numeric field overflow",
    "cannot execute",
)


@contextmanager
def reader(database: Database) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own, with the database attached read-only as `source`.

    Raises:
        PermanentSourceError: the extension is not installed.
        TransientSourceError: the server cannot be reached.
    """
    extension = extension_file()
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": _MEMORY,
        "threads": 2,
        "extension_directory": str(extension.parents[1]),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(config=config) as connection:
        connection.execute(f"load {literal(str(extension))}")
        connection.execute("set TimeZone = 'UTC'")
        try:
            connection.execute(
                f"attach {literal(conninfo(database))} as source (type postgres, read_only)"
            )
        except duckdb.Error:
            # DuckDB's message quotes the password; psycopg says what is wrong without it.
            with session(database):
                pass
            raise TransientSourceError(
                f"{database.place}: the server was briefly unavailable"
            ) from (None)
        yield connection


def extract(
    connection: duckdb.DuckDBPyConnection,
    database: Database,
    entry: DatabaseFeed,
    part: Slice,
    target: Path,
) -> int:
    """Writes a slice's rows to a Parquet file in the order they come; returns how many.

    Raises:
        PermanentSourceError: the server refuses the query.
        TransientSourceError: it stopped answering, or the statement took too long.
        DiskFullError: there is no room for the rows.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with noticing_full_disk(target.parent):
            count = scalar(
                connection,
                f"copy (select * from postgres_query('source', {literal(part.query)})) "
                f"to {literal(str(target))} (format parquet)",
            )
    except duckdb.Error as error:
        raise _fault(error, database, entry, part) from None
    return int(count)


def _fault(
    error: duckdb.Error, database: Database, entry: DatabaseFeed, part: Slice
) -> PermanentSourceError | TransientSourceError:
    """Asks again through psycopg, which gets PostgreSQL's code for what DuckDB only quotes."""
    try:
        with session(database) as connection:
            connection.execute(f"{part.query} limit 0".encode())
    except psycopg.Error as answer:
        fault = fault_of(answer, entry.place, entry.title)
        if isinstance(fault, PermanentSourceError):
            return fault
    except (PermanentSourceError, TransientSourceError) as fault:
        return fault
    # What PostgreSQL said of the statement; the rest of DuckDB's message is the query.
    said = unquoted(str(error).partition("ERROR:")[2].strip().partition("\n")[0])
    if "statement timeout" in said:
        return timed_out(entry.place, entry.title)
    if said and not said.startswith("canceling"):
        why = f" ({said})" if said.startswith(_IN_ITS_OWN_WORDS) else ""
        return PermanentSourceError(
            f"{entry.place}: {entry.title} cannot be read{why}; correct the query, which may only "
            "read, or the rows it fails on"
        )
    return TransientSourceError(
        f"{entry.place}: reading {entry.title} was interrupted; the rows read so far are kept, "
        "and the next run continues from there"
    )


def extension_file() -> Path:
    """The extension of this DuckDB, which checks its signature when it loads it.

    It is loaded by its path: the wheel lacks the platform's folder that LOAD looks for by name.

    Raises:
        PermanentSourceError: its package is not installed.
    """
    try:
        folder = resources.files(_PACKAGE) / "extensions"
    except ModuleNotFoundError:
        raise PermanentSourceError(
            f"DuckDB's postgres extension is not installed; install the package {_PACKAGE}"
        ) from None
    return Path(str(folder)) / f"v{duckdb.__version__}" / "postgres_scanner.duckdb_extension"
