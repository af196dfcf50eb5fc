"""A small built warehouse and its dbt manifest, for publishing to be tried on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from pipelines.dbt.manifest import Manifest
from pipelines.publishing.publish import Publication
from pipelines.publishing.tables import published_tables

if TYPE_CHECKING:
    from pathlib import Path

BUILT_AT = datetime(2026, 6, 30, 12, 0, 0, tzinfo=UTC)

DIM_VENDORS = {"vendor_id": "string", "vendor_name": "string"}
LINES = {
    "order_line_id": "string",
    "vendor_id": "string",
    "note": "string",
    "quantity": "bigint",
    "gmv": "decimal(18, 2)",
    "order_date": "date",
}
METRICS = {"metric_id": "string", "sentence": "string"}
DAYS = {"vendor_id": "string", "order_count": "bigint", "gmv_rank": "bigint", "order_date": "date"}

# Three vendors: two with lines, one without any.
SETUP = """
create schema marts; create schema exports;
create table marts.dim_vendors as
    select * from (values ('v-1', 'Brantwick'), ('v-2', 'Quillova'), ('v-3', 'Ferromark'))
        as rows(vendor_id, vendor_name);
create table marts.fct_order_lines as
    select 'line-' || i as order_line_id,
        case when i % 3 = 0 then 'v-2' else 'v-1' end as vendor_id,
        'note of ' || case when i % 3 = 0 then 'Quillova' else 'Brantwick' end as note,
        cast(i % 4 + 1 as bigint) as quantity, cast(i + 0.25 as decimal(18, 2)) as gmv,
        date '2026-06-01' + cast(i % 30 as integer) as order_date
    from range(90) as numbers(i);
create table marts.mart_metrics as select 'm' as metric_id, 'What m means.' as sentence;
create view marts.mart_vendor_daily as
    select vendor_id, count(*) as order_count, cast(7 as bigint) as gmv_rank, order_date
    from warehouse.marts.fct_order_lines group by all;
create table exports.exp_vendor__dim_vendors as from warehouse.marts.dim_vendors;
create view exports.exp_vendor__fct_order_lines as from warehouse.marts.fct_order_lines;
"""


def node(
    path: str, columns: dict[str, str], for_vendors: tuple[str, ...] = (), **config: Any
) -> dict[str, Any]:
    """A model as dbt's manifest lists it, with some of a mart's columns marked for vendors."""
    name = path.rpartition("/")[2]
    return {
        "resource_type": "model",
        "name": name,
        "alias": name,
        "database": "warehouse",
        "schema": path.partition("/")[0],
        "fqn": ["kontor", *path.split("/")],
        "config": {"enabled": True, **config},
        "columns": {
            name: {
                "name": name,
                "data_type": kind,
                "config": {"meta": {"vendor": True} if name in for_vendors else {}},
            }
            for name, kind in columns.items()
        },
    }


@dataclass
class Built:
    """A warehouse that was just built, and where to publish it."""

    folder: Path
    nodes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.folder / "published"

    def node(self, name: str) -> dict[str, Any]:
        """A model, to be changed."""
        return next(node for node in self.nodes if node["name"] == name)

    def run(self, sql: str) -> None:
        """Changes the warehouse."""
        with duckdb.connect(str(self.warehouse)) as connection:
            connection.execute(sql)

    def publication(self, **changes: Any) -> Publication:
        """What is asked of publishing, with some arguments changed."""
        nodes = {f"model.kontor.{number}": value for number, value in enumerate(self.nodes)}
        arguments: dict[str, Any] = {
            "warehouse": self.warehouse,
            "published": self.published,
            "tables": published_tables(Manifest({"nodes": nodes})),
            "about": {"marketplace": "demo", "as_of_date": "2026-06-30"},
            "built_at": BUILT_AT,
            "fingerprint": "1a2b3c4d5e6f",
            **changes,
        }
        return Publication(**arguments)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    nodes = [
        node("marts/core/dim_vendors", DIM_VENDORS),
        node("marts/core/fct_order_lines", LINES),
        node(
            "marts/vendor_performance/mart_metrics",
            METRICS,
            ("metric_id", "sentence"),
            meta={"shared": True},
        ),
        node(
            "marts/vendor_performance/mart_vendor_daily",
            DAYS,
            ("vendor_id", "order_count", "order_date"),
        ),
        node("exports/vendor/exp_vendor__dim_vendors", DIM_VENDORS),
        node("exports/vendor/exp_vendor__fct_order_lines", LINES),
        node("staging/marketplace/stg_shop__orders", {"order_id": "string"}),
    ]
    world = Built(tmp_path, nodes)
    world.run(SETUP)
    return world
