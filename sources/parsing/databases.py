"""The DuckDB that files are read with, and what it may take.

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
        self, folder: Path, memory_bytes: int, file_bytes: int
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for one file, which spills beside the file's folder."""
        spill = folder.parent / "spill"
        # The folder goes when its files are loaded, and a database needs the one it began with.
        if self._shared is None or self._opened_for != (spill, memory_bytes) or not spill.is_dir():
            self.close()
            spill.mkdir(parents=True, exist_ok=True)
            self._shared, self._opened_for = _open(spill, memory_bytes), (spill, memory_bytes)
        with self._shared.cursor() as connection:
            threads = 1 if file_bytes < _WORTH_A_THREAD_BYTES else 2
            connection.execute(f"set threads = {threads}")
            connection.execute("set TimeZone = 'UTC'")
            yield connection

    def close(self) -> None:
        """Frees what the shared database holds."""
        if self._shared is not None:
            self._shared.close()
            self._shared = None


def _open(spill: Path, memory_bytes: int) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        config={
            "memory_limit": f"{memory_bytes >> 20}MiB",
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    # A long list of allowed values would become a join, and a join loses the order of the rows,
    # which tells their lines.
    connection.execute("set disabled_optimizers = 'in_clause'")
    return connection
