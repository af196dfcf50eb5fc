"""A small clean marketplace, delivered and checked day by day."""

import shutil
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from data_quality.runner import Checker
from pipelines.home import Home
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.warehouse import open_warehouse
from pipelines.marketplaces import marketplace_named
from sources.marketplace import Marketplace
from sources.parsing.client import Parser
from sources.simulator.daily import deliver_days
from sources.simulator.world.sizes import DEFAULT_END, WorldSize
from tests.mutation.regime import Regime

# A hundred orders a day and more; every system's books agree.
SIZE = WorldSize(
    vendors=30,
    customers=3_000,
    categories=8,
    products=300,
    leads=60,
    purchase_factor=2.0,
    visits_per_order=0.1,
)
DAYS, SEED = 100, 7
END = DEFAULT_END


@dataclass
class CleanDays:
    """The home after the last day, and what the checks said on each day."""

    home: Home
    shop: Marketplace
    alarms: dict[date, dict[str, str]] = field(default_factory=dict)
    delivered: dict[date, dict[str, int]] = field(default_factory=dict)

    @property
    def inbox(self) -> Path:
        return self.shop.folder

    @property
    def checked_days(self) -> list[date]:
        return sorted(self.alarms)[1:]


def the_shop(home: Home) -> Marketplace:
    """The demo, run every morning for the day before; with a snapshot and a foreign tracker."""
    shop = marketplace_named("demo", home)
    demo = shop.model_dump(mode="json")
    demo["feeds"]["categories"][0]["snapshot"] = True
    demo["feeds"]["events"].append({"files": "foreign/segment/*.jsonl", "dialect": "segment"})
    return Marketplace.model_validate({**demo, "as_of": "yesterday", "folder": home.path / "demo"})


def live_through(folder: Path, days: int, parser: Parser, checker: Checker) -> CleanDays:
    """The first delivery and some more, each loaded and checked before the next."""
    home = Home(folder)
    shop = the_shop(home)
    claim_warehouse(home, shop.name)
    clean = CleanDays(home, shop)
    first = END - timedelta(days=days)
    for day, delivered in deliver_days(SIZE, DAYS, SEED, shop.folder, first):
        clean.delivered[day] = delivered
        clean.alarms[day] = Regime(home, shop, parser, checker, day).run(delivered)
    return clean


def forget_last_load(clean: CleanDays, path: Path, feed: str, day: date) -> None:
    """Takes the last day's load of a feed out of a copy of the warehouse, as if it never came."""
    shutil.copy(clean.home.warehouse, path)
    if feed not in clean.delivered[day]:
        return
    with open_warehouse(path) as connection:
        [(sequence,)] = connection.execute(
            "select max(sequence) from raw.loads where feed = ?", [feed]
        ).fetchall()
        for table in (f"raw.{feed}", f"raw.{feed}_superseded"):
            connection.execute(f"delete from {table} where _sequence = ?", [sequence])
        for table in ("raw.loads", "raw.touched_dates"):
            connection.execute(f"delete from {table} where sequence = ?", [sequence])
        # Its suite and its neighbours' are run anew; days are counted anew.
        connection.execute("delete from raw.checked_feeds where feed = ?", [feed])
        for table in ("raw.feed_days", "raw.feed_days_counted"):
            connection.execute(f"delete from {table} where feed = ?", [feed])
