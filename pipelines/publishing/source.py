"""The warehouse as publishing reads it: attached read-only under the name its views expect."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from output.findings.finding import Finding
from pipelines.home import noticing_holders
from pipelines.publishing.contracts import (
    PublicationRefused,
    actual_types,
    canonical_types,
    differences,
)
from pipelines.publishing.tables import PublishedTable, PublishedTables
from sources.sql import identifier, literal, scalar

MEMORY_LIMIT = "400MB"
_VENDORS = "dim_vendors"
_SORTED_BY = ("order_date", "membership_date", "created_date", "window_end")


@dataclass(frozen=True, slots=True)
class Expected:
    """What the published files have to hold, counted in the warehouse."""

    types: dict[PublishedTable, dict[str, str]]
    rows: dict[str, int]  # by relation
    gmv: dict[str, Decimal]  # by relation that has one
    vendors: tuple[str, ...]  # in the database's order
    rows_of_vendor: dict[str, dict[str, int]]  # by vendor, then by relation


def open_reader(
    warehouse: Path, catalog: str, scratch: Path, *, threads: int
) -> duckdb.DuckDBPyConnection:
    """An in-memory database with the warehouse attached read-only; spills into scratch.

    Raises:
        FileHeldError: another program writes to the warehouse.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(scratch),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    with noticing_holders():
        connection.execute(f"attach {literal(str(warehouse))} as {identifier(catalog)} (read_only)")
    return connection


def expectations(connection: duckdb.DuckDBPyConnection, tables: PublishedTables) -> Expected:
    """What the files have to hold.

    Raises:
        PublicationRefused: the warehouse itself does not keep the contracts.
    """
    everything = (*tables.operator, *tables.vendor)
    types = canonical_types(connection, everything)
    refuse_if(_unkept(connection, tables, types))
    catalog = identifier(tables.catalog)
    rows = {
        relation: int(scalar(connection, f"select count(*) from {catalog}.{relation}"))
        for relation in {table.relation for table in everything}
    }
    gmv = {
        relation: Decimal(
            scalar(connection, f"select coalesce(sum(gmv), 0) from {catalog}.{relation}")
        )
        for relation in {table.relation for table in everything if table.has("gmv")}
    }
    vendors = _vendors(connection, tables)
    sliced = [table for table in tables.vendor if not table.is_shared]
    counted = {vendor: dict.fromkeys((t.relation for t in sliced), 0) for vendor in vendors}
    refuse_if(
        reason
        for table in sliced
        for reason in _count_by_vendor(connection, catalog, table, counted)
    )
    return Expected(types, rows, gmv, vendors, counted)


def sort_clause(table: PublishedTable) -> str:
    """How a table's rows lie: by vendor and date, so that readers skip what they do not need."""
    dates = [name for name in _SORTED_BY if table.has(name)][:1]
    ids = [name for name in table.column_names if name.endswith("_id") and name != "vendor_id"]
    names = [*(["vendor_id"] if table.has("vendor_id") else []), *dates, *ids]
    return f"order by {', '.join(identifier(name) for name in names)}" if names else ""


def refuse_if(reasons: Iterable[Finding]) -> None:
    """Ends the publication if there is a reason to."""
    listed = list(reasons)
    if listed:
        raise PublicationRefused(listed)


def _unkept(
    connection: duckdb.DuckDBPyConnection,
    tables: PublishedTables,
    types: dict[PublishedTable, dict[str, str]],
) -> list[Finding]:
    reasons: list[Finding] = []
    # A mart promises all of its columns to the operator; what vendors get of it is among them.
    whole = {table.relation for table in tables.operator}
    for table in (*tables.operator, *(t for t in tables.vendor if t.relation not in whole)):
        name = table.relation.split(".", 1)[1].strip('"')
        actual = actual_types(connection, f"{identifier(tables.catalog)}.{table.relation}")
        reasons += differences(f"{table.schema}.{name}", types[table], actual)
    for table in tables.vendor:
        reasons += [
            Finding.of("personal_for_vendors", column=f"{table.name}.{column.name}")
            for column in table.columns
            if column.is_personal
        ]
        if not table.is_shared and not table.has("vendor_id"):
            reasons.append(Finding.of("vendor_id_lacking", table=table.name))
        if table.is_shared and table.has("vendor_id"):
            reasons.append(Finding.of("shared_with_vendor_id", table=table.name))
    if _VENDORS not in {table.name for table in tables.operator}:
        reasons.append(Finding.of("vendors_lacking", table=f"marts.{_VENDORS}"))
    return reasons


def _vendors(connection: duckdb.DuckDBPyConnection, tables: PublishedTables) -> tuple[str, ...]:
    dimension = next(table for table in tables.operator if table.name == _VENDORS)
    rows = connection.execute(
        f"select vendor_id, count(*) from {identifier(tables.catalog)}.{dimension.relation} "
        "group by vendor_id order by vendor_id"
    ).fetchall()
    nameless = sum(count for vendor, count in rows if not vendor)
    if nameless:
        refuse_if([Finding.of("vendors_without_id", table=_VENDORS, n=nameless)])
    if any(count > 1 for _, count in rows):
        refuse_if([Finding.of("vendor_repeated", table=_VENDORS)])
    return tuple(str(vendor) for vendor, _ in rows)


def _count_by_vendor(
    connection: duckdb.DuckDBPyConnection,
    catalog: str,
    table: PublishedTable,
    counted: dict[str, dict[str, int]],
) -> list[Finding]:
    """Fills in a table's rows by vendor; says how many belong to nobody that is known."""
    lost = 0
    for vendor, count in connection.execute(
        f"select vendor_id, count(*) from {catalog}.{table.relation} group by vendor_id"
    ).fetchall():
        if vendor in counted:
            counted[vendor][table.relation] = count
        else:
            lost += count
    return [Finding.of("rows_of_no_vendor", table=table.name, n=lost)] if lost else []
