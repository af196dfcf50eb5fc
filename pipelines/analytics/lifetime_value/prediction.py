"""What customers are expected to order and to spend, from a fitted model."""

import math
from typing import Final

import numpy as np
import polars as pl

from pipelines.analytics.lifetime_value import gamma_gamma
from pipelines.analytics.lifetime_value.fitting import MODELS, Fit
from pipelines.analytics.lifetime_value.histories import (
    SPENT,
    Histories,
    InvalidHistoriesError,
    Numbers,
    checked,
    counted,
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
        without a model of spending, and where its mean does not exist.

    Raises:
        InvalidHistoriesError: a row is no purchase history.
        ValueError: there is no such horizon, discount rate or interval.
    """
    _check_asked(horizon_days, discount_rate_annual, interval_mass)
    numbers = checked(frame)
    needed = ["customer_id", *([SPENT] if fit.spending else [])]
    if missing := [name for name in needed if name not in numbers.columns]:
        raise InvalidHistoriesError(f"The frame has no column {', '.join(missing)}.")
    histories, place = counted(numbers)
    alive = MODELS[fit.model].p_alive(fit.purchases.values, histories)
    orders, discounted = _expected(fit, histories, horizon_days, discount_rate_annual)
    found = {"p_alive": alive, "expected_orders": alive * orders}
    money = {"": alive * discounted}
    if interval_mass is not None:
        counts, values = count_and_value_bounds(fit, histories, horizon_days, interval_mass)
        found["expected_orders_lower"], found["expected_orders_upper"] = counts
        # The interval is that of the undiscounted value, brought to today as the mean is.
        money["_lower"], money["_upper"] = values * discounted / orders
    told = numbers.select(
        "customer_id", *(pl.Series(name, each[place]) for name, each in found.items())
    )
    return _valued(fit, numbers, told, {end: each[place] for end, each in money.items()})


def _check_asked(horizon: float, discount_rate: float, mass: float | None) -> None:
    if not (math.isfinite(horizon) and horizon > 0):
        raise ValueError(f"horizon_days is {horizon}; it is a number of days above 0.")
    if not (math.isfinite(discount_rate) and discount_rate > -1):
        raise ValueError(f"discount_rate_annual is {discount_rate}; 0.1 is 10 % a year.")
    if mass is not None and not 0 < mass < 1:
        raise ValueError(f"interval_mass is {mass}; it is a probability between 0 and 1.")


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


def _valued(
    fit: Fit, numbers: pl.DataFrame, told: pl.DataFrame, money: dict[str, Numbers]
) -> pl.DataFrame:
    """The predictions with money: orders by their value, bounds by a scale of spending."""
    if fit.spending is None:
        return told.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in _MONEY)
    x = numbers["frequency"].to_numpy()
    mean = numbers[SPENT].fill_null(0).to_numpy()
    value = gamma_gamma.expected_value(fit.spending.values, x, mean)
    scale = fit.spending.values[2] + np.where(x > 0, x * mean, 0)
    return told.with_columns(
        pl.Series("expected_value", value, nan_to_null=True),
        *(
            pl.Series(f"clv{end}", each * (scale if end else value), nan_to_null=True)
            for end, each in money.items()
        ),
    )


_MONEY: Final = ("expected_value", "clv", "clv_lower", "clv_upper")
