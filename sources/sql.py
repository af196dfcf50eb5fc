"""The small pieces of SQL that every query needs: names, texts, and a query of one value."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


def identifier(name: str) -> str:
    """A name as SQL takes it, whatever it holds; DuckDB and PostgreSQL read it alike."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL takes it where no value can be bound, as in `attach`."""
    return "'" + text.replace("'", "''") + "'"


def scalar(
    connection: "duckdb.DuckDBPyConnection", query: str, parameters: Sequence[object] = ()
) -> Any:
    """The first value of a query's first row; None where it has no row."""
    row = connection.execute(query, list(parameters)).fetchone()
    return None if row is None else row[0]
