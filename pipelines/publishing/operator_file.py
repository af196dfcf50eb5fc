"""The operator's file: every mart, whole, sorted for its readers."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb

from output.findings.finding import Finding
from pipelines.home import noticing_holders
from pipelines.publishing.contracts import actual_types, differences, gmv_differs
from pipelines.publishing.source import Expected, sort_clause
from pipelines.publishing.tables import PublishedTable, PublishedTables
from pipelines.publishing.vendor_contents import digest_of, row_sums
from sources.sql import identifier, literal

_ALIAS = "published_operator"
_STORAGE = "storage_version 'v1.5.0'"


def open_operator_file(published: Path, version: str) -> duckdb.DuckDBPyConnection:
    """A reading connection to the operator's file of a version.

    Raises:
        FileHeldError: another program has the file open for writing.
    """
    with noticing_holders():
        return duckdb.connect(str(published / version / "operator.duckdb"), read_only=True)


def operator_digests(
    connection: duckdb.DuckDBPyConnection, tables: PublishedTables
) -> dict[str, str]:
    """A digest of each mart's rows, by the name of its table."""
    found = {}
    for table in tables.operator:
        rows = connection.execute(
            f"select {row_sums(table.column_names)} "
            f"from {identifier(tables.catalog)}.{table.relation}"
        ).fetchall()
        found[table.name] = digest_of(repr(table), *rows[0])
    return found


def build_operator_file(
    connection: duckdb.DuckDBPyConnection,
    tables: PublishedTables,
    path: Path,
    digests: Mapping[str, str],
    earlier: tuple[Path, Mapping[str, str]] | None = None,
) -> Iterator[str]:
    """Copies the marts into a file, yielding each table's name before it is copied.

    Args:
        connection: reads the warehouse.
        tables: what is published.
        path: of the file.
        digests: of each mart's rows now.
        earlier: the operator's file of the version before with its digests; a table whose digest is
            the same stays as it is there.
    """
    changed = tables.operator
    if earlier is not None:
        shutil.copyfile(earlier[0], path)
        changed = tuple(t for t in changed if digests[t.name] != earlier[1].get(t.name))
    connection.execute(f"attach {literal(str(path))} as {_ALIAS} ({_STORAGE})")
    connection.execute(f"create schema if not exists {_ALIAS}.marts")
    for table in changed:
        connection.execute(f"drop table if exists {_written(table)}")
    # What they leave is written over, where the file would grow.
    connection.execute(f"checkpoint {_ALIAS}")
    for table in changed:
        yield table.name
        columns = ", ".join(identifier(name) for name in table.column_names)
        connection.execute(
            f"create table {_written(table)} as select {columns} "
            f"from {identifier(tables.catalog)}.{table.relation} {sort_clause(table)}"
        )
    connection.execute(f"detach {_ALIAS}")


def _written(table: PublishedTable) -> str:
    return f"{_ALIAS}.marts.{identifier(table.name)}"


def check_operator_file(path: Path, tables: PublishedTables, expected: Expected) -> list[Finding]:
    """Findings on how the file differs from the contracts and from the warehouse."""
    reasons: list[Finding] = []
    with duckdb.connect(str(path), read_only=True) as connection:
        for table in tables.operator:
            where = f"marts.{table.name}"
            actual = actual_types(connection, f"marts.{identifier(table.name)}")
            wrong = differences(where, expected.types[table], actual)
            reasons += wrong
            if wrong:
                continue
            sums = "count(*)" + (", coalesce(sum(gmv), 0)" if table.has("gmv") else "")
            found = connection.execute(
                f"select {sums} from marts.{identifier(table.name)}"
            ).fetchall()[0]
            if found[0] != expected.rows[table.relation]:
                wanted = expected.rows[table.relation]
                reasons.append(
                    Finding.of("rows_differ", table=where, n=int(found[0]), expected=wanted)
                )
            if table.has("gmv") and found[1] != expected.gmv[table.relation]:
                reasons.append(
                    gmv_differs(where, found[1], table.relation, expected.gmv[table.relation])
                )
    return [Finding.of("in_operator_file", finding=reason) for reason in reasons]
