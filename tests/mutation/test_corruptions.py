"""Each kind of corruption is named by the check that is meant for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from data_quality.runner import Checker
from sources.parsing.client import Parser
from tests.mutation.clean_days import END, CleanDays, forget_last_load, with_warehouse
from tests.mutation.corrupted_files import FILES
from tests.mutation.corrupted_rows import ROWS
from tests.mutation.corrupted_sense import BLIND, SENSE
from tests.mutation.delivery import delivery_of
from tests.mutation.plants import Corruption, nothing
from tests.mutation.regime import Regime

pytestmark = pytest.mark.quality

CORRUPTIONS = [*FILES, *ROWS, *SENSE]


Bench = Callable[[Corruption], dict[str, str]]


@pytest.fixture
def bench(clean: CleanDays, parser: Parser, checker: Checker, tmp_path: Path) -> Bench:
    """Delivers the last day of a feed once more, after something was done to it."""

    def alarms(corruption: Corruption) -> dict[str, str]:
        home = with_warehouse(clean, tmp_path / "home")
        forget_last_load(clean, home, corruption.feed, END)
        delivery = delivery_of(clean.shop, corruption.feed, END, tmp_path / "inbox")
        corruption.plant(delivery)
        shop = clean.shop.model_copy(update={"folder": delivery.inbox})
        return Regime(home, shop, parser, checker, END, clean.measured).run([corruption.feed])

    return alarms


@pytest.mark.parametrize("feed", sorted({corruption.feed for corruption in CORRUPTIONS}))
def test_right_delivery_raises_nothing(bench: Bench, feed: str) -> None:
    assert bench(Corruption("nothing", feed, nothing, "")) == {}


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda corruption: corruption.name)
def test_corruption_is_named(bench: Bench, corruption: Corruption) -> None:
    assert corruption.check in bench(corruption)


@pytest.mark.parametrize("corruption", BLIND, ids=lambda corruption: corruption.name)
def test_blind_spot_is_not_seen_by_any_check(bench: Bench, corruption: Corruption) -> None:
    assert bench(corruption) == {}
