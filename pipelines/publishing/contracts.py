"""Whether a table is what its contract promises; every difference is a finding."""

from collections.abc import Iterable
from decimal import Decimal

import duckdb

from output.findings.finding import Finding
from pipelines.dbt.manifest import Column
from pipelines.publishing.tables import PublishedTable
from sources.sql import scalar


class PublicationRefused(Exception):  # noqa: N818 - it is an answer, not a fault
    """Nothing was published; `reasons` says why, one finding per violated promise."""

    def __init__(self, reasons: Iterable[Finding]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(reason.english for reason in self.reasons))


def canonical_types(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[PublishedTable]
) -> dict[PublishedTable, dict[str, str]]:
    """The promised columns of each table with DuckDB's own names of their types.

    Raises:
        PublicationRefused: a type is missing or unknown.
    """
    names: dict[str, str] = {}  # of thousands of columns, a dozen types

    def name_of(table: PublishedTable, column: Column) -> str:
        if column.data_type not in names:
            asked = f"select typeof(cast(null as {column.data_type}))"
            try:
                names[column.data_type] = str(scalar(connection, asked))
            except duckdb.Error:
                where = f"{table.name}.{column.name}"
                unknown = Finding.of("type_unknown", column=where, type=str(column.data_type))
                raise PublicationRefused([unknown]) from None
        return names[column.data_type]

    return {
        table: {column.name: name_of(table, column) for column in table.columns} for table in tables
    }


def actual_types(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """The columns of a table or view as they are, in order; none if it cannot be read.

    Asked by binding a query: the catalogue remembers a view's types from before its tables changed.
    """
    try:
        rows = connection.execute(f"describe select * from {relation}").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return {}
    return {str(row[0]): str(row[1]) for row in rows}


def gmv_differs(table: str, found: Decimal, other: str, expected: Decimal) -> Finding:
    """The sales of a table of files that are not those of a relation of the warehouse."""
    return Finding.of(
        "gmv_differs", table=table, found=str(found), other=other, expected=str(expected)
    )


def differences(where: str, promised: dict[str, str], actual: dict[str, str]) -> list[Finding]:
    """Columns that are missing, unexpected or of another type."""
    if not actual:
        return [Finding.of("table_unreadable", table=where)]
    if not promised:
        return [Finding.of("table_without_contract", table=where)]
    found = [
        Finding.of("column_lacking", table=where, column=name)
        for name in promised
        if name not in actual
    ]
    found += [
        Finding.of("column_without_contract", table=where, column=name)
        for name in actual.keys() - promised
    ]
    found += [
        Finding.of("type_differs", column=f"{where}.{name}", actual=actual[name], promised=kind)
        for name, kind in promised.items()
        if name in actual and actual[name] != kind
    ]
    return found
