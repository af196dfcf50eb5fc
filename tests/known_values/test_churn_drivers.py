"""Effects on ordering again: planted ones are found, and what cannot be told is not told."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from pipelines.analytics import churn_drivers
from pipelines.analytics.churn_drivers import DRIVERS, effect_of, effects

DRIVER = "late_delivery"


def orders(count: int, seed: int, left: float = 0.0, confounding: float = 0.0) -> pl.DataFrame:
    """Orders of customers of whom frequent ones order again more often.

    A tenth meets with the driver, frequent ones more by `confounding`; of those who do, `left`
    never order again.
    """
    rng = np.random.default_rng(seed)
    frequent = rng.uniform(0, 1, count)
    met = rng.uniform(0, 1, count) < 0.1 + confounding * frequent
    again = rng.uniform(0, 1, count) < 0.3 + 0.5 * frequent
    again &= ~met | (rng.uniform(0, 1, count) >= left)
    number = 2 + np.floor(frequent * 20).astype(np.int64)
    nothing = np.zeros(count, dtype=bool)
    return pl.DataFrame(
        {
            "customer_id": [f"C-{customer}" for customer in rng.integers(0, count // 3, count)],
            "segment": np.where(rng.uniform(0, 1, count) < 0.3, "business", "consumer"),
            "country_code": np.where(rng.uniform(0, 1, count) < 0.7, "DE", "CH"),
            "order_number": number,
            "days_since_previous": rng.integers(1, 90, count),
            "spend_so_far": number * 40.0,
            "tenure_days": rng.integers(1, 900, count),
            "order_date": [
                date(2025, 1, 1) + timedelta(days=int(day)) for day in rng.integers(0, 365, count)
            ],
            **dict.fromkeys(DRIVERS, nothing),
            DRIVER: met,
            "ordered_again": again,
        }
    )


def test_a_planted_effect_is_covered_as_often_as_promised() -> None:
    found = [effect_of(orders(1_500, seed, left=0.25), DRIVER, 1) for seed in range(60)]

    covered = [each["effect_lower"] <= 0.25 <= each["effect_upper"] for each in found]  # type: ignore[operator]
    # 60 intervals of 1 - 0.05 / 6, as the six drivers share the error: three misses come about in
    # one of seventy times
    assert sum(covered) >= 58
    assert np.mean([each["effect"] for each in found]) == pytest.approx(0.25, abs=0.03)


def test_a_driver_of_the_frequent_shows_no_effect_beside_frequent_ones() -> None:
    met_by_frequent = orders(20_000, 5, confounding=0.3)

    found = effect_of(met_by_frequent, DRIVER, 1)

    shares = dict(met_by_frequent.group_by(DRIVER).agg(pl.col("ordered_again").mean()).iter_rows())
    assert shares[True] / shares[False] > 1.1  # as if it brought them back
    assert found["status"] == "no_effect_seen"
    assert found["imbalance_before"] > 0.3  # type: ignore[operator]
    assert found["imbalance_after"] < 0.05  # type: ignore[operator]


def test_each_kind_of_customer_and_all_have_a_row_per_driver() -> None:
    found = effects(orders(3_000, 7, left=0.3), seed=1)

    assert found.height == 3 * len(DRIVERS)
    parts = found.filter(pl.col("driver") == DRIVER, pl.col("segment") != "all")
    whole = found.filter(driver=DRIVER, segment="all")
    assert parts["exposed_orders"].sum() == whole["exposed_orders"].sum()
    assert whole["status"].to_list() == ["drives_away"]
    assert set(found.filter(pl.col("driver") != DRIVER)["status"]) == {"too_few_orders"}


def test_few_orders_say_nothing() -> None:
    found = effect_of(orders(300, 8, left=0.9), DRIVER, 1)

    assert found["status"] == "too_few_orders"
    assert "effect" not in found


def test_orders_without_their_like_are_not_compared() -> None:
    apart = orders(3_000, 9).with_columns(pl.col("order_number") + 100 * pl.col(DRIVER))

    found = effect_of(apart, DRIVER, 1)

    assert found["status"] == "not_comparable"
    assert "effect" not in found


def test_a_customers_own_orders_are_not_its_controls() -> None:
    # everybody exposed has only orders of its own beside it that are like it, and others far away
    own = orders(200, 10).with_columns(
        pl.lit("C-own").alias("customer_id"), pl.int_range(pl.len()).mod(2).eq(0).alias(DRIVER)
    )

    found = effect_of(own, DRIVER, 1)

    assert found["matched_orders"] == 0


def test_what_an_order_could_not_meet_with_is_left_out_and_early_ones_too() -> None:
    some = orders(2_000, 11)
    unknown = some.with_columns(
        pl.when(pl.int_range(pl.len()) >= 500).then(DRIVER).alias(DRIVER),
        pl.when(pl.int_range(pl.len()) < 1_500).then("ordered_again").alias("ordered_again"),
    )

    row = effects(unknown, seed=1).filter(driver=DRIVER, segment="all")

    assert row.select(pl.sum_horizontal("exposed_orders", "unexposed_orders")).item() == 1_000


def test_large_samples_are_drawn_alike_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(churn_drivers, "MOST_EXPOSED", 100)
    many = orders(5_000, 12, left=0.2)

    first, second = (effects(many, seed=3) for _ in range(2))

    assert first.equals(second)
    row = first.filter(driver=DRIVER, segment="all")
    assert row["exposed_orders"].item() > 100 >= row["matched_orders"].item()


def test_no_orders_are_no_rows() -> None:
    assert effects(orders(9, 1).clear(), seed=1).is_empty()
