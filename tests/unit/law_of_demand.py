"""Order lines by the simulator's law of demand, without the simulator's shops and customers."""

from datetime import date

import numpy as np
import polars as pl

from sources.simulator.world.calendar import build_calendar
from sources.simulator.world.demand import Promotion, build_demand

_LAST = date(2026, 6, 28)
_DAYS = 1_096
_CATEGORIES = 8


def drawn(lines_a_day: float, seed: int) -> tuple[pl.DataFrame, tuple[Promotion, ...]]:
    """Three years of days with weekdays, the year, categories' seasons, sales, and the sales drawn.

    Rows as forecasts and event effects read them, of one vendor; a line's value is lognormal with a
    coefficient of variation of 1.
    """
    calendar = build_calendar(_LAST, _DAYS)
    demand = build_demand(calendar, np.full(_CATEGORIES, 1 / _CATEGORIES), seed=3)
    days = calendar.dates_of(np.arange(_DAYS))
    random = np.random.default_rng(seed)
    lines = random.poisson(demand.factor[0][:, None] * demand.share * lines_a_day).ravel()
    value = random.lognormal(3.0, np.sqrt(np.log(2.0)), lines.sum())
    sold = pl.DataFrame(
        {
            "order_date": days.gather(np.repeat(np.arange(_DAYS), _CATEGORIES)),
            "line_count": lines,
            "gmv": np.bincount(np.repeat(np.arange(lines.size), lines), value, lines.size),
            "category_id": np.tile([f"c{each}" for each in range(_CATEGORIES)], _DAYS),
        }
    ).with_columns(kind=pl.lit("sales"), vendor_id=pl.lit("v"))
    scope = {"country_code": "ZZ", "vendor_id": "all", "kind": "sale"}
    events = [
        {
            "order_date": days[day],
            "event_name": sale.name,
            "category_id": f"c{category}",
            "weight": sale.discount_rate,
            **scope,
        }
        for sale in demand.promotions
        for day in range(sale.first_day, sale.day_after)
        for category in sale.categories
    ]
    country = [{"kind": "country", "country_code": "PL", "line_count": 10, "order_date": days[-1]}]
    rows = pl.concat([sold, pl.DataFrame(events), pl.DataFrame(country)], how="diagonal_relaxed")
    dated = rows.with_columns(first_order_date=days[0], issued_on=days[-1])
    return dated, demand.promotions
