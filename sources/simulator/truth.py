"""What no feed tells: the laws behind the marketplace, for tests to judge estimates by."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from sources.simulator.names import pick
from sources.simulator.world import (
    BUSINESS,
    BUYER_CANCELS,
    CARRIER_LOSES,
    CARRIERS,
    CONSUMER,
    GRADES,
    LATE_SHIPMENT_ARRIVES_LATE,
    ORDER_IS_REVIEWED,
    PLATFORM_CANCELS,
    RATING_LOST_BY_LATENESS,
    RETURNED,
)

if TYPE_CHECKING:
    from sources.simulator.calendar import Calendar
    from sources.simulator.campaigning import Campaigns
    from sources.simulator.catalogue import Categories, Vendors
    from sources.simulator.demand import Demand


def vendor_truth(vendors: Vendors) -> pl.DataFrame:
    """True probabilities of every vendor's parts, with the carrier's effect apart."""
    slow = np.array([carrier.late_probability for carrier in CARRIERS])[vendors.carrier]
    own = vendors.ships_late * LATE_SHIPMENT_ARRIVES_LATE
    return pl.DataFrame(
        {
            "vendor_id": vendors.ids,
            "grade": pick(tuple(law.grade for law in GRADES), vendors.grade),
            "size_weight": vendors.weight / vendors.weight.sum(),
            "ship_late_probability": vendors.ships_late,
            "deliver_late_probability_of_vendor": own,
            "carrier": pick(tuple(carrier.name for carrier in CARRIERS), vendors.carrier),
            "deliver_late_probability_of_carrier": slow,
            "lost_probability": np.full(own.size, CARRIER_LOSES),
            "deliver_late_probability": 1 - (1 - own) * (1 - slow) * (1 - CARRIER_LOSES),
            "cancel_probability": vendors.cancels,
            "unavailable_probability": vendors.unavailable,
            "rating_mean": vendors.rating_mean,
            "handling_days": vendors.handling_days,
        }
    )


def category_truth(categories: Categories, demand: Demand, calendar: Calendar) -> pl.DataFrame:
    """Season, promotion and expected share of demand per category and local day."""
    count, days = demand.season.shape
    return pl.DataFrame(
        {
            "category_id": categories.ids.gather(pl.Series(np.repeat(np.arange(count), days))),
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
        }
    )


def promotion_truth(demand: Demand, categories: Categories, calendar: Calendar) -> pl.DataFrame:
    """The promotions calendar, one row per promotion and category."""
    rows = [
        {
            "promotion": promotion.name,
            "first_date": calendar.date_of(promotion.first_day),
            "last_date": calendar.date_of(promotion.day_after - 1),
            "discount_rate": promotion.discount_rate,
            "lift": promotion.lift,
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
        "category_id": pl.String,
    }
    return pl.DataFrame(rows, schema=schema)


def campaign_truth(campaigns: Campaigns, calendar: Calendar) -> pl.DataFrame:
    """How many visits each campaign causes per order of a day while it runs."""
    return pl.DataFrame(
        {
            "campaign_id": campaigns.ids,
            "visits_caused_per_order": campaigns.pull,
            "first_date": calendar.dates_of(campaigns.first_day),
            "last_date": calendar.dates_of(campaigns.last_day),
        }
    )


def local_dates(calendar: Calendar) -> pl.Series:
    last = calendar.first_day + timedelta(days=calendar.day_count - 1)
    return pl.date_range(calendar.first_day, last, eager=True)


def parameters() -> dict[str, Any]:
    """The laws of the world, as the manifest lists them."""
    return {
        "consumer": asdict(CONSUMER),
        "business": asdict(BUSINESS),
        "carriers": [asdict(carrier) for carrier in CARRIERS],
        "grades": [asdict(grade) for grade in GRADES],
        "buyer_cancels": BUYER_CANCELS,
        "platform_cancels": PLATFORM_CANCELS,
        "late_shipment_arrives_late": LATE_SHIPMENT_ARRIVES_LATE,
        "rating_lost_by_lateness": RATING_LOST_BY_LATENESS,
        "order_is_reviewed": ORDER_IS_REVIEWED,
        "returned": RETURNED,
    }
