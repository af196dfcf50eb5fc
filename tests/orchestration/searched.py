"""Every byte that a home holds: its files as they are, and the rows inside those that pack them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb

_SQLITE = b"SQLite format 3\0"


def everything_in(home: Path) -> Iterator[tuple[str, bytes]]:
    """Each file below a folder with its bytes, and with its rows as text where it is a database."""
    for path in sorted(home.rglob("*")):
        if path.is_file():
            name, found = path.relative_to(home).as_posix(), path.read_bytes()
            yield name, found
            if found.startswith(_SQLITE):
                with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
                    yield name, "\n".join(connection.iterdump()).encode()
            elif path.suffix in {".duckdb", ".parquet"}:
                yield name, "\n".join(_rows(path)).encode()


def _rows(path: Path) -> Iterator[str]:
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            found = connection.read_parquet(str(path)).fetchall()
            yield from (str(row) for row in found)
        return
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute("select schema_name, table_name from duckdb_tables()")
        for schema, table in tables.fetchall():
            for row in connection.execute(f'select * from "{schema}"."{table}"').fetchall():
                yield str(row)
