"""A small clean marketplace, delivered and checked day by day."""

import json
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from data_quality.runner import Checker
from pipelines.checking.anomalies import METRICS_MART
from pipelines.dbt.manifest import Manifest
from pipelines.dbt.project import dbt_variables, target_folder
from pipelines.home import Home
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.warehouse import open_warehouse
from pipelines.marketplaces import marketplace_named
from sources.marketplace import Marketplace
from sources.parsing.client import Parser
from sources.simulator.daily import deliver_days
from sources.simulator.world.sizes import DEFAULT_END, WorldSize
from tests.mutation.regime import Regime
from tests.warehouse.dbt import create_views
from tests.worlds.built_once import built_once, copied

# A hundred orders a day and more; every system's books agree.
SIZE = WorldSize(
    vendors=30,
    customers=4_000,
    categories=8,
    products=300,
    leads=60,
    purchase_factor=2.0,
    visits_per_order=0.3,
)
DAYS, SEED = 100, 8
END = DEFAULT_END
MORNINGS = 8


_DIARY = "diary.json"


@dataclass(frozen=True)
class CleanDays:
    """The home after the last day, and what came and what the checks said on each day."""

    home: Home
    shop: Marketplace
    delivered: dict[date, dict[str, int]]
    alarms: dict[date, dict[str, str]]
    measured: frozenset[str]

    @property
    def inbox(self) -> Path:
        return self.shop.folder


def the_shop(home: Home) -> Marketplace:
    """The demo, run every morning for the day before; with a snapshot and a foreign tracker."""
    shop = marketplace_named("demo", home)
    demo = shop.model_dump(mode="json")
    demo["feeds"]["categories"][0]["snapshot"] = True
    demo["feeds"]["events"].append({"files": "foreign/segment/*.jsonl", "dialect": "segment"})
    return Marketplace.model_validate({**demo, "as_of": "yesterday", "folder": home.path / "demo"})


def clean_days(mornings: int, parser: Parser, checker: Checker) -> CleanDays:
    """The shop after so many mornings; for all tests, so nobody writes to it."""
    folder = built_once(
        f"clean-{mornings}", lambda draft: live_through(draft, mornings, parser, checker)
    )
    diary = json.loads((folder / _DIARY).read_text())
    delivered, alarms = (
        {date.fromisoformat(day): told for day, told in diary[what].items()}
        for what in ("delivered", "alarms")
    )
    home = Home(folder)
    return CleanDays(home, the_shop(home), delivered, alarms, frozenset(diary["measured"]))


def live_through(folder: Path, mornings: int, parser: Parser, checker: Checker) -> None:
    """The first delivery and some more, each loaded and checked before the next."""
    home = Home(folder)
    shop = the_shop(home)
    claim_warehouse(home, shop.name)
    # Views, for a build on every morning would take too long; no order is later than the last day.
    create_views(home, f"+{METRICS_MART}", dbt_variables(shop, END))
    measured = _feeds_measured(home)
    first = END - timedelta(days=mornings)
    delivered, alarms = {}, {}
    for day, came in deliver_days(SIZE, DAYS, SEED, shop.folder, first):
        delivered[str(day)] = came
        alarms[str(day)] = Regime(home, shop, parser, checker, day, measured).run(came)
    diary = {"delivered": delivered, "alarms": alarms, "measured": sorted(measured)}
    (folder / _DIARY).write_text(json.dumps(diary))


def _feeds_measured(home: Home) -> frozenset[str]:
    """The feeds that the views of the daily sums read."""
    manifest = Manifest.read(target_folder(home) / "build" / "manifest.json")
    return frozenset(
        feed for feed, marts in manifest.marts_by_feed().items() if METRICS_MART in marts
    )


def with_warehouse(clean: CleanDays, folder: Path) -> Home:
    """A home of one's own that goes on where the clean days ended."""
    home = Home(folder)
    copied(clean.home.landing, home.landing)
    shutil.copyfile(clean.home.warehouse, home.warehouse)
    return home


def forget_last_load(clean: CleanDays, home: Home, feed: str, day: date) -> None:
    """Takes the last day's load of a feed out of a copy of the warehouse, as if it never came."""
    if feed not in clean.delivered[day]:
        return
    with open_warehouse(home.warehouse) as connection:
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
