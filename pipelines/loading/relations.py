"""The doors to the warehouse's tables for what is computed outside of dbt: read and replace."""

from dataclasses import dataclass

import duckdb
import polars as pl

from sources.sql import identifier


@dataclass(frozen=True, slots=True)
class Warehouse:
    """The open build file, as steps see it: frames by the names of relations."""

    connection: duckdb.DuckDBPyConnection

    def read(self, schema: str, name: str) -> pl.DataFrame:
        """The rows of a relation, in an order that does not depend on how they are stored."""
        relation = f"{identifier(schema)}.{identifier(name)}"
        return self.connection.execute(f"select * from {relation} order by all").pl()

    def replace(self, schema: str, name: str, frame: pl.DataFrame) -> None:
        """Puts a frame in the place of a table, its rows in the frame's order."""
        relation = f"{identifier(schema)}.{identifier(name)}"
        self.connection.execute(f"create schema if not exists {identifier(schema)}")
        self.connection.register("replacement", frame.to_arrow())
        try:
            self.connection.execute(
                f"create or replace table {relation} as select * from replacement"
            )
        finally:
            self.connection.unregister("replacement")

    def holds(self, schema: str, name: str, column: str, value: str) -> bool:
        """Whether a table is there and one of its rows has the value in a column."""
        relation = f"{identifier(schema)}.{identifier(name)}"
        query = f"select 1 from {relation} where {identifier(column)} = ? limit 1"
        try:
            return bool(self.connection.execute(query, [value]).fetchall())
        except (duckdb.CatalogException, duckdb.BinderException):
            # No such table, or one from before it had the column.
            return False
