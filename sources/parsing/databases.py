"""The DuckDB that files are read with, and its limits.

Opening one costs as much as reading a small file, so files share one as long as they are asked for
with the same limits. Each has a connection of its own, and what a connection makes goes with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

# DuckDB gives a second thread something to do from here on; setting it up costs the same before.
_WORTH_A_THREAD_BYTES = 8_000_000


class Databases:
    """The database in memory that files share, opened with the first."""

    def __init__(self) -> None:
        self._shared: duckdb.DuckDBPyConnection | None = None
        self._opened_for: tuple[Path, int] | None = None

    @contextmanager
    def connection(
        self, folder: Path, memory_bytes: int, file_bytes: int, *, is_alone: bool = False
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for one file, which spills beside the file's folder.

        Alone, it has a database of its own: functions made in Python are a whole database's.
        """
        if is_alone:
            with _open(folder / "spill", memory_bytes) as connection:
                yield _prepared(connection, file_bytes)
        else:
            with self._opened(folder.parent / "spill", memory_bytes).cursor() as connection:
                yield _prepared(connection, file_bytes)

    def _opened(self, spill: Path, memory_bytes: int) -> duckdb.DuckDBPyConnection:
        # The folder goes when its files are loaded, and a database needs the one it began with.
        is_fitting = self._opened_for == (spill, memory_bytes) and spill.is_dir()
        if self._shared is None or not is_fitting:
            if self._shared is not None:
                self._shared.close()
            spill.mkdir(parents=True, exist_ok=True)
            self._shared, self._opened_for = _open(spill, memory_bytes), (spill, memory_bytes)
        return self._shared


def _open(spill: Path, memory_bytes: int) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        config={
            "memory_limit": f"{memory_bytes >> 20}MiB",
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )


def _prepared(connection: duckdb.DuckDBPyConnection, file_bytes: int) -> duckdb.DuckDBPyConnection:
    connection.execute(f"set threads = {1 if file_bytes < _WORTH_A_THREAD_BYTES else 2}")
    connection.execute("set TimeZone = 'UTC'")
    # A long list of allowed values would become a join, and a join loses the order of the rows,
    # which tells their lines.
    connection.execute("set disabled_optimizers = 'in_clause'")
    return connection
