"""Whatever changes between builds, the models that are kept by day end as if all were built."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.dbt.manifest import Manifest
from pipelines.dbt.project import target_folder
from pipelines.loading.warehouse import open_warehouse
from pipelines.runs.rebuilt_days import compared_days
from pipelines.settings import PipelineSettings
from sources.parsing.client import Parser
from tests.warehouse.day_builds import DayBuilds
from tests.warehouse.restless_links import RestlessLinks
from tests.warehouse.restless_orders import FEEDS, RestlessOrders
from tests.warehouse.restless_visits import RestlessVisits

pytestmark = pytest.mark.warehouse

LAST_DAY = date(2025, 5, 30)


def built_by_day(folder: Path, parser: Parser, seed: int, rounds: int) -> tuple[DayBuilds, date]:
    """The shop after some rounds with changes and often another day, every other with one change.

    That leaves models out that nothing touched, as a run does.
    """
    shop = DayBuilds(folder, parser, (*FEEDS, "events"))
    orders, visits = RestlessOrders(seed, LAST_DAY), RestlessVisits(seed, LAST_DAY)
    links = RestlessLinks(seed, folder, shop.shop.name)
    shop.desk.store_url = links.url
    shop.load(orders.first(60) | visits.next(120))
    as_of = LAST_DAY
    assert shop.build(as_of).is_full
    for number in range(rounds):
        if number % 2:
            shop.load(orders.next(1))
        else:
            shop.load(orders.next(4) | visits.next(12))
            if orders.random.random() < 0.5:
                shop.load(orders.next(2))
            as_of += timedelta(days=orders.random.choice([-2, 0, 1, 1, 4]))
        links.next()
        shop.desk.ingest("operation_states")
        # now and then a run is killed after its models, and the next begins where it began
        is_finished = number == rounds - 1 or orders.random.random() < 0.8
        begun = shop.build(as_of, is_finished=is_finished)
        assert not begun.is_full
        assert begun.day_count > 0
        assert len(shop.left_out) > (100 if number % 2 else 50)
    return shop, as_of


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, parser: Parser) -> tuple[DayBuilds, date]:
    return built_by_day(tmp_path_factory.mktemp("built"), parser, seed=1, rounds=2)


def test_random_changes_build_by_day_what_a_full_build_builds(
    built: tuple[DayBuilds, date],
) -> None:
    shop, as_of = built

    assert shop.differences(as_of) == []


def test_a_day_that_is_not_what_a_new_build_gives_is_named_with_its_model(
    built: tuple[DayBuilds, date],
) -> None:
    shop, _ = built
    home = shop.desk.home
    settings = PipelineSettings(home=home.path)
    manifest = Manifest.read(target_folder(home) / "build" / "manifest.json")
    with open_warehouse(home.warehouse) as connection:
        connection.execute("update marts.fct_order_lines set quantity = quantity + 1")

    found = compared_days(home, settings, shop.shop, manifest, LAST_DAY)

    assert len(found) > 5
    [wrong] = [comparison for comparison in found if not comparison.agrees]
    assert wrong.model == "fct_order_lines"
    assert wrong.only_stored == wrong.only_rebuilt == wrong.stored_rows > 0
    assert str(wrong.day) in wrong.sentence
    assert wrong.first_keys[0] in wrong.sentence
    assert not (home.path / "rebuilt").exists()


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(2, 4))
def test_long_sequences_of_changes_build_what_a_full_build_builds(
    tmp_path: Path, parser: Parser, seed: int
) -> None:
    shop, as_of = built_by_day(tmp_path, parser, seed, rounds=10)

    assert shop.differences(as_of) == []
