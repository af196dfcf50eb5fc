"""Publishing against a bare loop that writes the same vendors' tables and verifies nothing."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import duckdb

from benchmarks.pairs import Pair
from pipelines.dbt.manifest import Manifest
from pipelines.publishing.publish import Publication, publish
from pipelines.publishing.tables import published_tables


@dataclass(frozen=True, slots=True)
class Size:
    """How many vendors, tables of each, and rows in each of them."""

    vendors: int
    tables: int
    rows: int


OLIST = Size(150, 9, 60)  # about what Olist's vendors have, for some of them
# The medium marketplace's vendors with the demo's tables and rows; a minute on two cores at most.
MEDIUM = Size(2_000, 26, 135)
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
    """One call writes a file for every vendor, of few and of as many as there may be."""
    return [pair(folder / f"vendors-{size.vendors}", size) for size in (OLIST, MEDIUM)]


def pair(folder: Path, size: Size) -> Pair:
    """A warehouse of this size, published and written barely."""
    folder.mkdir()
    warehouse = folder / "warehouse.duckdb"
    build(warehouse, size)
    number = count()
    bare = folder / "bare"

    def ours() -> None:
        root = folder / f"published-{next(number)}"
        tables = published_tables(Manifest({"nodes": nodes(size)}))
        publish(Publication(warehouse, root, tables, {}, BUILT_AT, "0" * 8))
        shutil.rmtree(root)

    def peer() -> None:
        bare.mkdir()
        write_bare(warehouse, bare, size)
        shutil.rmtree(bare)

    return Pair(
        f"publish: operator and {size.vendors:,} vendors' files, verified", ours,
        "bare attach and create table", peer, size.vendors, "vendor",
    )  # fmt: skip


def build(warehouse: Path, size: Size) -> None:
    """The warehouse, with vendors' tables of 18 columns."""
    select = ", ".join(f"{sql} as {name}" for name, (_, sql) in COLUMNS.items())
    rows = size.vendors * size.rows
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema marts; create schema exports")
        source = f"select {select} from range({rows}) as numbers(i)".format(vendors=size.vendors)
        for table in range(size.tables):
            connection.execute(f"create table exports.exp_vendor__fct_{table} as {source}")
        connection.execute(
            "create table marts.dim_vendors as "
            "select distinct vendor_id from exports.exp_vendor__fct_0"
        )


def nodes(size: Size) -> dict[str, object]:
    """The part of dbt's manifest that publishing reads."""
    kinds = {name: kind for name, (kind, _) in COLUMNS.items()}
    models = {f"exports/vendor/exp_vendor__fct_{table}": kinds for table in range(size.tables)}
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


def write_bare(warehouse: Path, folder: Path, size: Size) -> None:
    """One file per vendor by the shortest loop there is, in one process."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as warehouse (read_only)")
        for table in range(size.tables):
            name = f"exp_vendor__fct_{table}"
            connection.execute(
                f"create table {name} as from warehouse.exports.{name} order by vendor_id"
            )
        vendors = connection.execute("select vendor_id from warehouse.marts.dim_vendors").fetchall()
        for (vendor,) in vendors:
            path = folder / f"{vendor}.duckdb"
            connection.execute(f"attach '{path}' as file; create schema file.marts")
            for table in range(size.tables):
                connection.execute(
                    f"create table file.marts.fct_{table} as "
                    f"from exp_vendor__fct_{table} where vendor_id = '{vendor}'"
                )
            connection.execute("detach file")
