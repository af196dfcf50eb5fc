"""One simulated shop, loaded once, and one checker with Great Expectations in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from data_quality.runner import Checker
from pipelines.dbt.project import dbt_variables
from pipelines.home import Home
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.feed import load_feed
from pipelines.loading.feed_table import write_feeds
from pipelines.loading.reading import Loader
from pipelines.loading.warehouse import open_warehouse
from pipelines.marketplaces import marketplace_named
from sources.parsing.client import Parser
from sources.simulator.simulation import simulate
from sources.simulator.world.sizes import DEFAULT_END
from tests.quality.inspection import RECORDED_AT, Inspection
from tests.warehouse.dbt import create_tables, run_dbt
from tests.worlds.built_once import built_once

# What is held against the truth and counted a second time.
MODELS = (
    "+dim_visitors +int_carts_judged +int_vendor_metrics_summed_to_window"
    " +mart_vendor_payouts +mart_vendor_payout_lines +mart_vendor_assortment_summary"
    " +mart_vendor_visits_monthly +mart_vendor_search_terms"
)
TRUTH = ("visits", "bots", "identities", "carts", "incidents")


@pytest.fixture(scope="session")
def loaded(checker: Checker) -> Home:
    """A home in which ninety clean days of the demo were loaded and checked."""
    return Home(built_once("loaded_demo", lambda folder: _load(Home(folder), checker)))


def _load(home: Home, checker: Checker) -> None:
    simulate("small", 90, 5, home.path / "demo")
    shop = marketplace_named("demo", home)
    claim_warehouse(home, shop.name)
    with open_warehouse(home.warehouse) as connection, Parser() as parser:
        loader = Loader(home, shop, connection, parser, RECORDED_AT)
        for feed in shop.feeds:
            load_feed(loader, feed)
        write_feeds(connection, shop)
    Inspection(home, shop, checker).asked()


@pytest.fixture(scope="session")
def demo(
    loaded: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The demo with its sessions, scorecard, payouts and products as tables, and its truth."""
    home = Home(tmp_path_factory.mktemp("truth") / "home")
    home.path.mkdir()
    shutil.copyfile(loaded.warehouse, home.warehouse)
    variables = dbt_variables(marketplace_named("demo", loaded), DEFAULT_END)
    seeded = run_dbt(home, "seed", "--select", MODELS, variables=variables)
    assert seeded.returncode == 0, seeded.stdout
    create_tables(home, MODELS, variables)
    with open_warehouse(home.warehouse) as connection:
        connection.execute("create view sessions as select * from marts.fct_sessions")
        for table in TRUTH:
            path = loaded.path / "demo" / "truth" / f"{table}.parquet"
            connection.execute(f"create table {table} as from '{path}'")
        yield connection


@pytest.fixture(scope="session")
def checker() -> Iterator[Checker]:
    with Checker() as opened:
        opened.start()
        yield opened


@pytest.fixture
def inspection(loaded: Home, checker: Checker, tmp_path: Path) -> Inspection:
    """The same home for each test, as it was loaded."""
    home = Home(tmp_path / "home")
    home.path.mkdir()
    shutil.copyfile(loaded.warehouse, home.warehouse)
    return Inspection(home, marketplace_named("demo", loaded), checker)
