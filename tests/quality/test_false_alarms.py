"""How often a clean day alarms and a broken one does not, measured; docs/decisions/0012."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl
import pytest

from pipelines.analytics.anomalies import Span, judge, usual_exceptions
from tests.quality.daily_series import announced, changed, large, simulated

pytestmark = pytest.mark.quality

SEEDS = (11, 12, 13)
DAYS = 430
USUAL = usual_exceptions(range(2024, 2028))


@dataclass(frozen=True, slots=True)
class Shop:
    """Daily series with the days that its calendar announces; checks know both."""

    history: pl.DataFrame
    unusual: frozenset[date] = USUAL


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> list[Shop]:
    """A year and more of seven series of three marketplaces, with no fault in them."""
    folder = tmp_path_factory.mktemp("worlds")
    return [Shop(simulated(folder, seed, DAYS), USUAL | announced(folder, seed)) for seed in SEEDS]


def verdicts(shop: Shop, *, each_as_last: bool) -> pl.DataFrame:
    """Every day after ten weeks; as if each had been the last, where blocking is asked for."""
    history = shop.history
    first, last = history["day"].min(), history["day"].max()
    whole = judge(history, Span(first + timedelta(days=70), last + timedelta(days=1), shop.unusual))
    if not each_as_last:
        return whole
    suspects = whole.filter(pl.col("deviation").abs() > 8)["day"].unique()
    parts = [judge(history, Span(day, day + timedelta(days=1), shop.unusual)) for day in suspects]
    return pl.concat(parts) if parts else whole.clear()


def test_at_most_one_clean_day_of_a_series_in_a_hundred_warns(clean: list[Shop]) -> None:
    judged = pl.concat(verdicts(shop, each_as_last=False) for shop in clean)
    judged = judged.filter(pl.col("state") != "unknown")

    rate = (judged["state"] == "warn").mean()

    print(f"{judged.height} series-days, warned {rate:.4%}")  # noqa: T201 - for the decision
    assert judged.height > 7000
    assert rate <= 0.01


def test_no_clean_day_blocks(clean: list[Shop]) -> None:
    judged = pl.concat(verdicts(shop, each_as_last=True) for shop in clean)

    assert "block" not in judged["state"].to_list()


def last_state(shop: Shop, series: str, day: date, factor: float) -> str:
    broken = changed(shop.history.filter(pl.col("series_id") == series), day, factor)
    [state] = judge(broken, Span(day, day + timedelta(days=1), shop.unusual))["state"]
    return str(state)


def some_days(shop: Shop) -> list[date]:
    """Days spread over the year on which at least 25 rows are usual; fewer are all chance."""
    last, series = shop.history["day"].max(), shop.history["series_id"][0]
    days = [last - timedelta(days=13 * step) for step in range(1, 25)]
    of_one = replace(shop, history=shop.history.filter(pl.col("series_id") == series))
    usual = verdicts(of_one, each_as_last=False)
    busy = set(usual.filter(pl.col("expected") >= 25)["day"])
    return [day for day in days if day in busy - shop.unusual]


@pytest.mark.parametrize(
    ("series", "factor", "expected", "least"),
    [
        # nothing came: thirty a day are usual; in the weeks after Christmas they vary most
        ("orders", 0.0, {"warn", "block"}, 1.0),
        ("orders", 0.0, {"block"}, 0.95),
        ("gmv", 100.0, {"warn", "block"}, 1.0),  # prices in cents
        ("gmv", 100.0, {"block"}, 0.9),  # in the weeks after Christmas a day may be anything
        ("aov", 100.0, {"warn", "block"}, 1.0),
        ("aov", 100.0, {"block"}, 0.95),
        ("vendors", 0.05, {"warn", "block"}, 1.0),  # one of twenty vendors is left
        ("lines", 3.0, {"warn", "block"}, 0.6),  # among the noise of promotions
    ],
)
def test_broken_days_of_a_small_shop_are_caught(
    clean: list[Shop], series: str, factor: float, expected: set[str], least: float
) -> None:
    found = [last_state(shop, series, day, factor) for shop in clean for day in some_days(shop)]

    caught = sum(state in expected for state in found) / len(found)

    print(f"{series} x {factor}: {caught:.0%} of {len(found)}")  # noqa: T201
    assert caught >= least


@pytest.mark.parametrize(("factor", "least"), [(0.5, 0.9), (2.0, 0.9), (0.0, 1.0)])
def test_half_days_and_doubled_days_of_a_larger_shop_are_caught(
    factor: float, least: float
) -> None:
    shops = [Shop(large(seed, DAYS, level=2000)) for seed in range(5)]

    found = [last_state(shop, "rows", day, factor) for shop in shops for day in some_days(shop)]

    caught = sum(state in {"warn", "block"} for state in found) / len(found)
    print(f"larger x {factor}: {caught:.0%} of {len(found)}")  # noqa: T201
    assert caught >= least


def test_growing_shop_raises_no_alarm_for_growing() -> None:
    shops = [Shop(large(seed, DAYS, level=2000)) for seed in range(5, 10)]

    judged = pl.concat(verdicts(shop, each_as_last=False) for shop in shops)

    warned = judged.filter(pl.col("state") == "warn").height
    print(f"larger: {warned} of {judged.height}")  # noqa: T201
    assert warned <= 0.01 * judged.height
