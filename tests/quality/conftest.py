"""One simulated shop, loaded once, and one checker with Great Expectations in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_quality.runner import Checker
from pipelines.home import Home
from pipelines.loading.claim import claim_warehouse
from pipelines.loading.feed import load_feed
from pipelines.loading.feed_table import write_feeds
from pipelines.loading.reading import Loader
from pipelines.loading.warehouse import open_warehouse
from pipelines.marketplaces import marketplace_named
from sources.parsing.client import Parser
from sources.simulator.simulation import simulate
from tests.quality.inspection import RECORDED_AT, Inspection
from tests.worlds.built_once import built_once


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
