"""A marketplace that is loaded and built step by step, and compared with a build of everything."""

import csv
import io
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.analytics.steps import STEPS
from pipelines.dbt.manifest import Manifest
from pipelines.dbt.needed import Touched, needed_nodes
from pipelines.dbt.project import (
    dbt_variables,
    exchange_rate_days,
    reconciliation_allowances,
    target_folder,
)
from pipelines.home import Home
from pipelines.loading.business_days import Zones
from pipelines.loading.feed_table import write_feeds
from pipelines.loading.model_builds import (
    Begun,
    Build,
    begin_build,
    finish_build,
    touched_since_built,
)
from pipelines.loading.warehouse import open_warehouse
from sources.contract import all_contracts
from sources.marketplace import Marketplace
from sources.parsing.client import Parser
from sources.sql import identifier
from tests.unit.loading_desk import Desk
from tests.warehouse.dbt import run_dbt

_BUILT = ("intermediate", "marts", "exports")


@dataclass
class DayBuilds:
    """Loads rows through the real loader and builds with the real dbt, without Dagster."""

    folder: Path
    parser: Parser
    feeds: tuple[str, ...]
    desk: Desk = field(init=False)
    # The models that the last build left as they were.
    left_out: set[str] = field(default_factory=set)
    _files: int = 0

    def __post_init__(self) -> None:
        described: dict[str, list[dict[str, Any]]] = {
            feed: [{"files": f"{feed}-*.csv"}] for feed in self.feeds
        }
        # vendors may stand on the order or the product, which only a mapping can say
        for feed in {"orders", "order_lines", "products"} & {*self.feeds}:
            described[feed][0]["columns"] = {name: name for name in all_contracts()[feed].columns}
        about = {"name": "tiny", "title": "Tiny", "time_zone": "Europe/Berlin"}
        self.shop = Marketplace.model_validate(
            {**about, "currency_code": "EUR", "folder": self.folder / "inbox", "feeds": described}
        )
        self.desk = Desk(Home(self.folder / "home"), self.shop, self.parser)

    def load(self, rows: Mapping[str, Iterable[dict[str, Any]]]) -> None:
        """Writes a file for each feed that has rows, and loads it."""
        for feed, listed in rows.items():
            self._files += 1
            columns = list(all_contracts()[feed].columns)
            file = io.StringIO()
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(listed)
            self.desk.put(f"{feed}-{self._files:04}.csv", file.getvalue())
            self.desk.ingest(feed)

    def build(self, as_of: date, *, is_full: bool = False, is_finished: bool = True) -> Begun:
        """Builds the models as a run does; one that is not finished was killed after its models."""
        with self.desk.loader() as loader:
            write_feeds(loader.connection, self.shop)
            _make_predictions(loader.connection)
            zones = Zones(self.shop.storage_time_zone, self.shop.time_zone)
            begun = begin_build(
                loader.connection,
                Build(
                    as_of,
                    "settings",
                    zones,
                    reconciliation_allowances(),
                    exchange_rate_days(),
                    is_full,
                    self.shop.session_inactivity_minutes,
                ),
            )
            touched = touched_since_built(loader.connection)
        self.left_out = _untouched(self.desk.home, touched)
        dbt(self.desk.home, self.shop, as_of, is_full=begun.is_full, left_out=self.left_out)
        if is_finished:
            with open_warehouse(self.desk.home.warehouse) as connection:
                finish_build(connection)
        return begun

    def differences(self, as_of: date) -> list[str]:
        """How what stands differs from all of it built from the same rows in a fresh file."""
        fresh = Home(self.folder / "fresh")
        shutil.rmtree(fresh.path, ignore_errors=True)
        fresh.path.mkdir()
        shutil.copyfile(self.desk.home.warehouse, fresh.warehouse)
        with open_warehouse(fresh.warehouse) as connection:
            for schema in ("staging", *_BUILT):
                connection.execute(f"drop schema if exists {schema} cascade")
        dbt(fresh, self.shop, as_of, is_full=True)
        return compared(self.desk.home.warehouse, fresh.warehouse)


def _make_predictions(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables of the steps, without rows: the marts that join them say so."""
    connection.execute("create schema if not exists predictions")
    for step in STEPS:
        listed = ", ".join(f"{name} {kind}" for name, (kind, _) in step.all_columns.items())
        connection.execute(f"create table if not exists predictions.{step.name} ({listed})")


def _untouched(home: Home, touched: Touched | None) -> set[str]:
    """The names of the models that a run would leave as they are."""
    if touched is None:
        return set()
    manifest = Manifest.read(target_folder(home) / "build" / "manifest.json")
    needed = needed_nodes(manifest, touched, {step.name: step.reads[-1] for step in STEPS})
    return {model.name for model in manifest.models if model.unique_id not in needed}


def dbt(
    home: Home, shop: Marketplace, as_of: date, *, is_full: bool, left_out: Iterable[str] = ()
) -> None:
    """Builds what is kept by day and all that reads it; fails with what dbt said."""
    arguments = ["--select", "@config.materialized:incremental"]
    arguments += ["--exclude", " ".join(sorted(left_out))] if left_out else []
    arguments += ["--exclude-resource-type", "unit_test", "test"]
    arguments += ["--full-refresh"] if is_full else []
    done = run_dbt(home, "build", *arguments, variables=dbt_variables(shop, as_of))
    assert done.returncode == 0, done.stdout


def compared(one: Path, other: Path) -> list[str]:
    """A sentence for each table of which the two files do not hold the same rows equally often."""
    found = []
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as warehouse (read_only)")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() "
            "where database_name = 'warehouse' and schema_name in ? order by 1",
            [_BUILT],
        ).fetchall()
        connection.execute(f"attach '{other}' as fresh (read_only)")
        assert tables
        for (table,) in tables:
            if table == "intermediate.int_orders_stale":
                continue
            described = connection.execute(f"describe fresh.{table}").fetchall()
            columns = ", ".join(identifier(row[0]) for row in described)
            for has, lacks in (("warehouse", "fresh"), ("fresh", "warehouse")):
                rows = connection.execute(
                    f"select {columns} from {has}.{table} except all "
                    f"select {columns} from {lacks}.{table}"
                ).fetchall()
                found += [f"{table}: only in {has}: {row}" for row in rows[:3]]
    return found
