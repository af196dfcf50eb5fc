"""Lifetime value foretold from a marketplace's feeds alone, held to its true rates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from scipy import stats

from pipelines.analytics import clv
from pipelines.analytics.customer_value import HOLDOUT_DAYS
from pipelines.analytics.lifetime_value.holdouts import foretell
from sources.simulator.world.laws import CONSUMER
from sources.simulator.world.sizes import DEFAULT_END
from tests.simulator.simulated_feeds import local_date, rows, truth

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.analytics.lifetime_value.fitting import Fit

pytestmark = pytest.mark.simulator

BEGAN = datetime(2025, 1, 7)  # noqa: DTZ001 - whoever is older bought before the first day, too
CUTOFF = DEFAULT_END + timedelta(days=1 - HOLDOUT_DAYS)
TRUE_LAW = (CONSUMER.rate_shape, CONSUMER.rate_days, CONSUMER.leave_a, CONSUMER.leave_b)


@dataclass(frozen=True)
class Consumers:
    """Histories until the last half year, orders in it, and how many were truly to be expected."""

    histories: pl.DataFrame
    expected: np.ndarray
    fit: Fit

    @property
    def true_fit(self) -> Fit:
        """The same model with the parameters of the world."""
        purchases = replace(self.fit.purchases, values=np.array(TRUE_LAW))
        return replace(self.fit, purchases=purchases)


@pytest.fixture(scope="module")
def consumers(laboratory: Path) -> Consumers:
    people = rows(laboratory, "customers").unique("customer_id")
    new = people.filter(pl.col("customer_type") == "consumer", pl.col("created_at") >= BEGAN)
    days = (
        rows(laboratory, "orders")
        .join(new, on="customer_id", how="semi")
        .select("customer_id", day=local_date("ordered_at"))
        .unique()
    )
    later = days.filter(pl.col("day") >= CUTOFF).group_by("customer_id").agg(orders_after=pl.len())
    first, last = pl.col("day").min(), pl.col("day").max()
    histories = (
        days.filter(pl.col("day") < CUTOFF)
        .group_by("customer_id")
        .agg(
            frequency=pl.len() - 1,
            recency=(last - first).dt.total_days(),
            age=(pl.lit(CUTOFF) - first).dt.total_days(),
        )
        .join(later, on="customer_id", how="left")
        .with_columns(pl.col("orders_after").fill_null(0))
        .join(truth(laboratory, "customers"), on="customer_id")
        .sort("customer_id")
    )
    is_there = (pl.col("churned_at").dt.date() >= CUTOFF).fill_null(value=True)
    rate = histories["purchase_rate_per_day"].to_numpy()
    leave = np.maximum(histories["leave_probability"].to_numpy(), 1e-12)  # of a few it is 0
    # E[X(t)] of whoever buys at a rate and leaves with a chance: Fader, Hardie and Lee 2005, eq. 7
    orders = -np.expm1(-rate * leave * HOLDOUT_DAYS) / leave
    expected = histories.select(is_there).to_series().to_numpy() * orders
    return Consumers(histories, expected, clv.fit(histories))


def test_the_law_of_purchases_is_found_again(consumers: Consumers) -> None:
    """Promotions, seasons and what drives people away are not in the model, so not to the digit."""
    purchases = consumers.fit.purchases
    r, alpha, a, b = purchases.values

    assert consumers.histories.height > 5_000
    assert r / alpha == pytest.approx(TRUE_LAW[0] / TRUE_LAW[1], rel=0.15)
    assert a / (a + b) == pytest.approx(TRUE_LAW[2] / (TRUE_LAW[2] + TRUE_LAW[3]), rel=0.15)


def test_the_interval_of_eighty_percent_holds_eighty(consumers: Consumers) -> None:
    told = foretell(consumers.fit, consumers.histories, HOLDOUT_DAYS)

    assert told.covered.mean() == pytest.approx(0.80, abs=0.03)
    assert told.ratio == pytest.approx(1, abs=0.15)


def test_customers_are_ranked_nearly_as_well_as_the_true_parameters_would_rank_them(
    consumers: Consumers,
) -> None:
    found, best = (
        stats.spearmanr(
            foretell(fit, consumers.histories, HOLDOUT_DAYS).predicted, consumers.expected
        ).statistic
        for fit in (consumers.fit, consumers.true_fit)
    )

    assert best > 0.4
    assert found > 0.9 * best
