"""Whether a table is what its contract promises; every difference becomes one clear sentence."""

from collections.abc import Iterable

import duckdb

from output.findings.finding import Finding
from pipelines.publishing.tables import PublishedTable
from sources.sql import scalar


class PublicationRefused(Exception):  # noqa: N818 - it is an answer, not a fault
    """Nothing was published; `reasons` says why, one finding per violated promise."""

    def __init__(self, reasons: Iterable[Finding | str]) -> None:
        self.reasons = [
            Finding.as_written(reason) if isinstance(reason, str) else reason for reason in reasons
        ]
        super().__init__("; ".join(reason.english for reason in self.reasons))


def canonical_types(connection: duckdb.DuckDBPyConnection, table: PublishedTable) -> dict[str, str]:
    """The promised columns with DuckDB's own names of their types.

    Raises:
        PublicationRefused: a type is missing or unknown.
    """
    found = {}
    for column in table.columns:
        try:
            kind = scalar(connection, f"select typeof(cast(null as {column.data_type}))")
        except duckdb.Error:
            sentence = f"{table.name}.{column.name} promises the unknown type {column.data_type!r}"
            raise PublicationRefused([sentence]) from None
        found[column.name] = str(kind)
    return found


def actual_types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """The columns of a table or view as they are, in order; none if it cannot be read.

    Asked by binding a query: the catalogue remembers a view's types from before its tables changed.
    """
    try:
        rows = connection.execute(f"describe select * from {relation}").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return {}
    return {str(row[0]): str(row[1]) for row in rows}


def differences(where: str, promised: dict[str, str], actual: dict[str, str]) -> list[str]:
    """Sentences on columns that are missing, unexpected or of another type."""
    if not actual:
        return [f"{where} does not exist or cannot be read"]
    if not promised:
        return [f"{where} has no contract"]
    found = [f"{where} lacks the column {name}" for name in promised if name not in actual]
    found += [
        f"{where} has the column {name} without a contract" for name in actual.keys() - promised
    ]
    found += [
        f"{where}.{name} is {actual[name]}, its contract says {kind}"
        for name, kind in promised.items()
        if name in actual and actual[name] != kind
    ]
    return found
