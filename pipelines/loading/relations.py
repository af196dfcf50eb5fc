"""Access to the models' tables for what is computed outside dbt: read, replace, holds."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb
import polars as pl

from sources.sql import identifier, literal


class RelationMissingError(LookupError):
    """There is no relation of that name."""


class Warehouse(Protocol):
    """Tables as steps see them, wherever the engine of the models keeps them: frames by names.

    A relation has the same columns, types and order of rows in every warehouse.
    """

    def read(self, schema: str, name: str) -> pl.DataFrame:
        """The rows of a relation, in an order that does not depend on how they are stored.

        Raises:
            RelationMissingError: there is none of that name.
        """

    def replace(self, schema: str, name: str, frame: pl.DataFrame) -> None:
        """Puts a frame in the place of a table at once, its rows in the frame's order."""

    def holds(self, schema: str, name: str, column: str, value: str) -> bool:
        """Whether a table is there and one of its rows has the value in a column."""


@dataclass(frozen=True, slots=True)
class BuildFile:
    """The open build file of DuckDB."""

    connection: duckdb.DuckDBPyConnection

    def read(self, schema: str, name: str) -> pl.DataFrame:
        """The rows of a table or view."""
        try:
            return _rows(self.connection, _qualified(schema, name))
        except duckdb.CatalogException as error:
            raise RelationMissingError(f"{schema}.{name}") from error

    def replace(self, schema: str, name: str, frame: pl.DataFrame) -> None:
        """Makes the table anew in one statement."""
        self.connection.execute(f"create schema if not exists {identifier(schema)}")
        self.connection.register("replacement", frame.to_arrow())
        try:
            self.connection.execute(
                f"create or replace table {_qualified(schema, name)} as select * from replacement"
            )
        finally:
            self.connection.unregister("replacement")

    def holds(self, schema: str, name: str, column: str, value: str) -> bool:
        """Asks the table itself."""
        try:
            return _has(self.connection, _qualified(schema, name), column, value)
        except (duckdb.CatalogException, duckdb.BinderException):
            # No such table, or one from before it had the column.
            return False


@dataclass(frozen=True, slots=True)
class ParquetFolder:
    """Tables of Spark and for Spark: `<root>/<schema>/<table>/*.parquet`."""

    root: Path

    def read(self, schema: str, name: str) -> pl.DataFrame:
        """The rows of all files of the table's folder."""
        with duckdb.connect() as reader:
            return _rows(reader, self._files(schema, name))

    def replace(self, schema: str, name: str, frame: pl.DataFrame) -> None:
        """Writes one file aside and moves it into place: a reader sees the old one or the new one.

        Raises:
            FileExistsError: the folder holds files that somebody else wrote, so that no single
                move could put the frame in their place.
        """
        folder = self._folder(schema, name)
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / "rows.parquet"
        others = [path.name for path in folder.glob("*.parquet") if path != target]
        if others:
            raise FileExistsError(f"{folder} belongs to another writer: it holds {others[0]}")
        # Spark and `glob` pass over names that begin with a dot.
        draft = folder / ".rows.parquet.draft"
        with duckdb.connect() as writer:
            writer.register("replacement", frame.to_arrow())
            path = literal(str(draft))
            writer.execute(f"copy (select * from replacement) to {path} (format parquet)")
        _sync(draft, os.O_RDWR)
        draft.replace(target)
        _sync(folder, os.O_RDONLY)

    def holds(self, schema: str, name: str, column: str, value: str) -> bool:
        """Reads the column alone."""
        with duckdb.connect() as reader:
            try:
                return _has(reader, self._files(schema, name), column, value)
            except (RelationMissingError, duckdb.BinderException):
                return False

    def _folder(self, schema: str, name: str) -> Path:
        for part in (schema, name):
            if not re.fullmatch(r"\w+", part):
                raise ValueError(f"{part!r} is no name of a schema or table")
        return self.root / schema / name

    def _files(self, schema: str, name: str) -> str:
        folder = self._folder(schema, name)
        if not any(folder.glob("[!.]*.parquet")):
            raise RelationMissingError(f"{schema}.{name}")
        return f"read_parquet({literal(str(folder / '*.parquet'))})"


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _qualified(schema: str, name: str) -> str:
    return f"{identifier(schema)}.{identifier(name)}"


def _rows(connection: duckdb.DuckDBPyConnection, relation: str) -> pl.DataFrame:
    return connection.execute(f"select * from {relation} order by all").pl()


def _has(connection: duckdb.DuckDBPyConnection, relation: str, column: str, value: str) -> bool:
    query = f"select 1 from {relation} where {identifier(column)} = ? limit 1"
    return bool(connection.execute(query, [value]).fetchall())
