"""What a day costs in model time beside every day of 24 months, in seconds of the processor.

A day's build leaves out what nothing touched, as a run does.

Starting dbt is the same for both and left out. `KONTOR_BENCH_ROWS` is about the number of order
lines; the fixed cost of some hundred models weighs less in a larger shop.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from benchmarks.pairs import Cost, Pair
from benchmarks.sizes import rows_asked_for
from pipelines.analytics.steps import STEPS
from pipelines.dbt.manifest import Manifest
from pipelines.dbt.needed import needed_nodes
from pipelines.dbt.project import (
    DBT_FOLDER,
    dbt_environment,
    dbt_variables,
    exchange_rate_days,
    reconciliation_allowances,
)
from pipelines.home import Home
from pipelines.loading.business_days import Zones
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.feed import load_feed
from pipelines.loading.feed_table import write_feeds
from pipelines.loading.model_builds import (
    Build,
    begin_build,
    finish_build,
    touched_since_built,
)
from pipelines.loading.reading import Loader
from pipelines.loading.warehouse import open_warehouse
from pipelines.marketplaces import marketplace_named
from pipelines.settings import PROJECT_ROOT, PipelineSettings, child_environment
from sources.marketplace import Marketplace
from sources.parsing.client import Parser
from sources.simulator.daily import deliver_days
from sources.simulator.world.sizes import DEFAULT_END, SIZES

_DAYS = 730
_ROUNDS = 3
_LINES_PER_CUSTOMER = 7
# Those that a model reads; the clickstream would only cost time.
_FEEDS = (
    "orders", "order_lines", "order_events", "payments", "shipments", "returns", "invoices",
    "payouts", "reviews", "products", "categories", "customers", "vendors",
)  # fmt: skip


@dataclass
class _Shop:
    """A simulated shop that is loaded and built a day at a time."""

    home: Home
    marketplace: Marketplace
    deliveries: Iterator[tuple[date, dict[str, int]]]
    day: date = date.min

    def load(self) -> None:
        """Loads the next day's files."""
        self.day, _ = next(self.deliveries)
        with Parser() as parser, open_warehouse(self.home.warehouse) as connection:
            loader = Loader(self.home, self.marketplace, connection, parser, f"{self.day} 23:00:00")
            for feed in _FEEDS:
                load_feed(loader, feed)
            write_feeds(connection, self.marketplace)

    def build(self, *, is_full: bool) -> Cost:
        """Builds the models; returns what they took, without what is around them."""
        zones = Zones(self.marketplace.storage_time_zone, self.marketplace.time_zone)
        build = Build(
            self.day, "bench", zones, reconciliation_allowances(), exchange_rate_days(), is_full
        )
        with open_warehouse(self.home.warehouse) as connection:
            begin_build(connection, build)
            touched = touched_since_built(connection)
        arguments = ["--full-refresh"]
        if touched is not None:
            manifest = Manifest.read(self.home.path / "target" / "manifest.json")
            needed = needed_nodes(manifest, touched, {step.name: step.reads[-1] for step in STEPS})
            names = (model.name for model in manifest.models if model.unique_id in needed)
            arguments = ["--select", " ".join(names)]
        seconds = _model_seconds(self.home, self.marketplace, self.day, arguments)
        with open_warehouse(self.home.warehouse) as connection:
            finish_build(connection)
        return Cost(seconds, seconds)


def prepare(folder: Path) -> list[Pair]:
    """A shop of 24 months; ours builds the day that came, the peer every day."""
    lines = rows_asked_for(100_000)
    home = Home(folder / "home")
    home.path.mkdir()
    demo = marketplace_named("demo", home)
    feeds = {feed: demo.feeds[feed] for feed in _FEEDS}
    marketplace = demo.model_copy(update={"folder": folder / "demo", "feeds": feeds})
    claim_warehouse(home, marketplace.name)
    small = SIZES["small"]
    size = replace(small, customers=lines // _LINES_PER_CUSTOMER, visits_per_order=0.0)
    first = DEFAULT_END - timedelta(days=_ROUNDS + 1)
    shop = _Shop(home, marketplace, deliver_days(size, _DAYS, 1, marketplace.folder, first))
    shop.load()
    _empty_predictions(home)
    shop.build(is_full=True)
    name = f"models: a day beside {_DAYS} days"
    return [Pair(name, _day(shop), "every day", _everything(shop), lines, "line", 0.15)]


def _day(shop: _Shop) -> Callable[[], Cost]:
    def build() -> Cost:
        shop.load()
        return shop.build(is_full=False)

    return build


def _everything(shop: _Shop) -> Callable[[], Cost]:
    return lambda: shop.build(is_full=True)


def _empty_predictions(home: Home) -> None:
    with open_warehouse(home.warehouse) as connection:
        connection.execute("create schema predictions")
        for step in STEPS:
            listed = ", ".join(f"{name} {kind}" for name, (kind, _) in step.all_columns.items())
            connection.execute(f"create table predictions.{step.name} ({listed})")


def _model_seconds(home: Home, marketplace: Marketplace, day: date, arguments: list[str]) -> float:
    command = [sys.executable, "-m", "benchmarks.model_seconds"]
    command += ["--quiet", "build", "--project-dir", str(DBT_FOLDER)]
    command += ["--exclude-resource-type", "unit_test", "test"]
    command += ["--target-path", str(home.path / "target")]
    command += ["--vars", dbt_variables(marketplace, day)]
    command += arguments
    environment = child_environment(dbt_environment(home, PipelineSettings(home=home.path)))
    done = subprocess.run(
        command, env=environment, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, check=True
    )
    return sum(json.loads(done.stdout).values())
