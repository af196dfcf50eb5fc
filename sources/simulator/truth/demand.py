"""What truly makes one day and one category differ from another."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import taken

if TYPE_CHECKING:
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.catalogue import Categories
    from sources.simulator.world.demand import Demand
    from sources.simulator.world.promotions import Promotions


def category_truth(categories: Categories, demand: Demand, calendar: Calendar) -> pl.DataFrame:
    """Season, promotion and expected share of demand per category and local day."""
    count, days = demand.season.shape
    return pl.DataFrame(
        {
            "category_id": taken(categories.ids, np.repeat(np.arange(count), days)),
            "date": pl.concat([local_dates(calendar)] * count),
            "season_factor": demand.season.ravel(),
            "promotion_lift": demand.lift.ravel(),
            "discount_rate": demand.discount.ravel(),
            "expected_share": demand.share.T.ravel(),
        }
    )


def day_truth(demand: Demand, calendar: Calendar) -> pl.DataFrame:
    """Factors of every local day; the demand factors have mean 1 over the world."""
    return pl.DataFrame(
        {
            "date": local_dates(calendar),
            "year_factor": demand.year,
            "consumer_weekday_factor": demand.week[0],
            "business_weekday_factor": demand.week[1],
            "consumer_demand_factor": demand.factor[0],
            "business_demand_factor": demand.factor[1],
            "deal_seeker_demand_factor": demand.factor[2],
        }
    )


def promotion_truth(
    promotions: Promotions, demand: Demand, categories: Categories, calendar: Calendar
) -> pl.DataFrame:
    """The promotions calendar, one row per promotion and category.

    Of what all but deal seekers buy there meanwhile, a share would not have been bought without.
    """
    rows = [
        {
            "promotion": promotion.name,
            "first_date": calendar.date_of(promotion.first_day),
            "last_date": calendar.date_of(promotion.day_after - 1),
            "discount_rate": promotion.discount_rate,
            "lift": promotion.lift,
            "incremental_share": 1 - 1 / promotion.lift,
            "category_id": categories.ids[category],
        }
        for promotion in demand.promotions
        for category in promotion.categories
    ]
    schema = {
        "promotion": pl.String,
        "first_date": pl.Date,
        "last_date": pl.Date,
        "discount_rate": pl.Float64,
        "lift": pl.Float64,
        "incremental_share": pl.Float64,
        "category_id": pl.String,
    }
    ids = promotions.ids.head(len(rows)).alias("promotion_id")  # they are numbered in this order
    return pl.DataFrame(rows, schema=schema).with_columns(ids)


def local_dates(calendar: Calendar) -> pl.Series:
    last = calendar.first_day + timedelta(days=calendar.day_count - 1)
    return pl.date_range(calendar.first_day, last, eager=True)
