"""Whatever changes between builds, the models that are kept by day end as if all were built."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from sources.parsing.client import Parser
from tests.warehouse.day_builds import DayBuilds
from tests.warehouse.restless_orders import FEEDS, RestlessOrders

pytestmark = pytest.mark.warehouse

LAST_DAY = date(2025, 5, 30)


def built_by_day(folder: Path, parser: Parser, seed: int, rounds: int) -> list[str]:
    """The differences after some rounds, each with some changes and often with another day."""
    shop, orders = DayBuilds(folder, parser, FEEDS), RestlessOrders(seed, LAST_DAY)
    shop.load(orders.first(60))
    as_of = LAST_DAY
    begun = shop.build(as_of)
    assert begun.is_full
    for _ in range(rounds):
        shop.load(orders.next(4))
        if orders.random.random() < 0.5:
            shop.load(orders.next(2))
        as_of += timedelta(days=orders.random.choice([-2, 0, 1, 1, 4]))
        # now and then a run is killed after its models, and the next begins where it began
        begun = shop.build(as_of, is_finished=orders.random.random() < 0.8)
        assert not begun.is_full
        assert begun.day_count > 0
    return shop.differences(as_of)


def test_random_changes_build_by_day_what_a_full_build_builds(
    tmp_path: Path, parser: Parser
) -> None:
    assert built_by_day(tmp_path, parser, seed=1, rounds=2) == []


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(2, 4))
def test_long_sequences_of_changes_build_what_a_full_build_builds(
    tmp_path: Path, parser: Parser, seed: int
) -> None:
    assert built_by_day(tmp_path, parser, seed, rounds=10) == []
