"""What customers are expected to order and to spend, from a fitted model."""

from typing import Final

import numpy as np
import polars as pl

from pipelines.analytics.lifetime_value import gamma_gamma
from pipelines.analytics.lifetime_value.fitting import MODELS, Fit
from pipelines.analytics.lifetime_value.histories import (
    KEY,
    Histories,
    Numbers,
    checked,
    distinct,
    histories_of,
)
from pipelines.analytics.lifetime_value.intervals import count_and_value_bounds

DAYS_OF_YEAR: Final = 365.25
DAYS_OF_MONTH: Final = DAYS_OF_YEAR / 12


def predict(
    fit: Fit,
    frame: pl.DataFrame,
    horizon_days: float = 365.25,
    discount_rate_annual: float = 0.1,
    *,
    interval_mass: float | None = 0.8,
) -> pl.DataFrame:
    """Expected orders and lifetime value of each customer, with intervals.

    Args:
        fit: what `clv.fit` returned.
        frame: as for `clv.fit`, with a `customer_id`; recency and age in days.
        horizon_days: how far ahead; in the unit of the frame where that is another.
        discount_rate_annual: what money is worth less a year later, 0.1 for 10 %. Each month's
            orders are discounted from the month's end.
        interval_mass: how likely the interval covers what comes; None for none, which is faster.

    Returns:
        A row per row of `frame`, in its order: `customer_id`, `p_alive` (0 to 1),
        `expected_orders`, `expected_orders_lower`, `expected_orders_upper`, `expected_value` (of an
        order, in the frame's money), `clv`, `clv_lower`, `clv_upper` (discounted). Values are null
        without a model of spending.

    Raises:
        InvalidHistoriesError: a row is no purchase history.
    """
    numbers = checked(frame)
    counted = distinct(numbers)
    histories = histories_of(counted)
    module = MODELS[fit.model]
    alive = module.p_alive(fit.purchases.values, histories)
    orders, discounted = _expected(fit, histories, horizon_days, discount_rate_annual)
    columns = {
        "p_alive": alive,
        "expected_orders": alive * orders,
        "discounted_orders": alive * discounted,
    }
    if interval_mass is not None:
        counts, values = count_and_value_bounds(fit, histories, horizon_days, interval_mass)
        columns["expected_orders_lower"], columns["expected_orders_upper"] = counts
        # The interval is that of the undiscounted value, brought to today as the mean is.
        columns["value_lower"], columns["value_upper"] = values * discounted / orders
    spread = counted.drop("customers").with_columns(
        pl.Series(name, values) for name, values in columns.items()
    )
    joined = numbers.join(spread, on=list(KEY), how="left", maintain_order="left")
    return _valued(fit, joined)


def _expected(
    fit: Fit, histories: Histories, horizon: float, discount_rate: float
) -> tuple[Numbers, Numbers]:
    """Orders within the horizon of those alive: as many, and discounted month by month."""
    module = MODELS[fit.model]
    months = max(1, round(horizon / DAYS_OF_MONTH))
    before = np.zeros(histories.frequency.size)
    discounted = np.zeros_like(before)
    for month in range(1, months + 1):
        until = horizon * month / months
        orders = module.expected_while_alive(fit.purchases.values, histories, until)
        discounted += (orders - before) * (1 + discount_rate) ** -(until / DAYS_OF_YEAR)
        before = orders
    return before, discounted


def _valued(fit: Fit, joined: pl.DataFrame) -> pl.DataFrame:
    """The rows with money instead of orders and scales."""
    names = ["p_alive", "expected_orders", "expected_orders_lower", "expected_orders_upper"]
    found = joined.select(["customer_id", *(name for name in names if name in joined.columns)])
    if fit.spending is None:
        return found.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in _MONEY)
    x = joined["frequency"].to_numpy()
    mean = joined["monetary"].cast(pl.Float64).fill_null(0).to_numpy()
    value = gamma_gamma.expected_value(fit.spending.values, x, mean)
    found = found.with_columns(
        pl.Series("expected_value", value),
        pl.Series("clv", value * joined["discounted_orders"].to_numpy()),
    )
    if "value_lower" not in joined.columns:
        return found
    scale = fit.spending.values[2] + np.where(x > 0, x * mean, 0)
    return found.with_columns(
        pl.Series(f"clv_{end}", scale * joined[f"value_{end}"].to_numpy())
        for end in ("lower", "upper")
    )


_MONEY: Final = ("expected_value", "clv", "clv_lower", "clv_upper")
