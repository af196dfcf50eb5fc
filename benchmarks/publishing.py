"""Publishing against a bare loop that writes the same vendors' tables and verifies nothing."""

import shutil
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import duckdb

from benchmarks.pairs import Pair
from pipelines.dbt.manifest import Manifest
from pipelines.publishing.publish import Publication, publish
from pipelines.publishing.tables import published_tables

VENDORS = 150
TABLES = 9
ROWS_PER_VENDOR = 60  # about what Olist's vendors have per table
COLUMNS = {
    "vendor_id": ("string", "'vendor-' || lpad(cast(i % {vendors} as varchar), 6, '0')"),
    "order_id": ("string", "md5(cast(i as varchar))"),
    "status": ("string", "['delivered', 'shipped', 'cancelled'][1 + i % 3]"),
    "quantity": ("bigint", "cast(i % 7 as bigint)"),
    "gmv": ("decimal(18, 2)", "cast(i % 1000 / 4 as decimal(18, 2))"),
    "gmv_net": ("decimal(18, 2)", "cast(i % 500 / 4 as decimal(18, 2))"),
    "rate": ("double", "sin(i)"),
    "is_late": ("boolean", "i % 9 = 0"),
    "order_date": ("date", "date '2026-01-01' + cast(i % 180 as integer)"),
    "ordered_at": ("timestamp", "timestamp '2026-01-01' + interval (i) second"),
    **{f"figure_{n}": ("bigint", f"cast(i * {n} as bigint)") for n in range(1, 9)},
}
BUILT_AT = datetime(2026, 6, 30, tzinfo=UTC)


def prepare(folder: Path) -> list[Pair]:
    """A warehouse of nine vendor tables; one call writes one file per vendor."""
    warehouse = folder / "warehouse.duckdb"
    build(warehouse)
    number = count()
    bare = folder / "bare"

    def ours() -> None:
        root = folder / f"published-{next(number)}"
        tables = published_tables(Manifest({"nodes": nodes()}))
        publish(Publication(warehouse, root, tables, {}, BUILT_AT, "0" * 8))
        shutil.rmtree(root)

    def peer() -> None:
        bare.mkdir()
        write_bare(warehouse, bare)
        shutil.rmtree(bare)

    return [
        Pair("publish: operator and vendors' files, verified", ours, "bare attach and create table",
             peer, VENDORS, "vendor")
    ]  # fmt: skip


def build(warehouse: Path) -> None:
    """The warehouse, with vendors' tables of 18 columns."""
    select = ", ".join(f"{sql} as {name}" for name, (_, sql) in COLUMNS.items())
    rows = VENDORS * ROWS_PER_VENDOR
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema marts; create schema exports")
        source = f"select {select} from range({rows}) as numbers(i)".format(vendors=VENDORS)
        for table in range(TABLES):
            connection.execute(f"create table exports.exp_vendor__fct_{table} as {source}")
        connection.execute(
            "create table marts.dim_vendors as "
            "select distinct vendor_id from exports.exp_vendor__fct_0"
        )


def nodes() -> dict[str, object]:
    """The part of dbt's manifest that publishing reads."""
    kinds = {name: kind for name, (kind, _) in COLUMNS.items()}
    models = {f"exports/vendor/exp_vendor__fct_{table}": kinds for table in range(TABLES)}
    models["marts/core/dim_vendors"] = {"vendor_id": "string"}
    return {
        path: {
            "resource_type": "model",
            "name": path.rpartition("/")[2],
            "database": "warehouse",
            "schema": path.partition("/")[0],
            "fqn": ["kontor", *path.split("/")],
            "columns": {name: {"name": name, "data_type": kind} for name, kind in columns.items()},
        }
        for path, columns in models.items()
    }


def write_bare(warehouse: Path, folder: Path) -> None:
    """One file per vendor by the shortest loop there is, in one process."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as warehouse (read_only)")
        for table in range(TABLES):
            name = f"exp_vendor__fct_{table}"
            connection.execute(
                f"create table {name} as from warehouse.exports.{name} order by vendor_id"
            )
        vendors = connection.execute("select vendor_id from warehouse.marts.dim_vendors").fetchall()
        for (vendor,) in vendors:
            path = folder / f"{vendor}.duckdb"
            connection.execute(f"attach '{path}' as file; create schema file.marts")
            for table in range(TABLES):
                connection.execute(
                    f"create table file.marts.fct_{table} as "
                    f"from exp_vendor__fct_{table} where vendor_id = '{vendor}'"
                )
            connection.execute("detach file")
