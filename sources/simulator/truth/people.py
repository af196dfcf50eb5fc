"""What is true of customers: how they buy, and when and why they left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import before, named
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.people_laws import REASONS, STAYS

if TYPE_CHECKING:
    from sources.simulator.arrays import Floats
    from sources.simulator.world.world import World


def customer_truth(world: World) -> pl.DataFrame:
    """What no feed tells: rates, values, and when each customer left for good and why."""
    buyers = world.buyers
    gone = buyers.gone_at < world.cutoff
    kind = np.where(buyers.is_business, "business", "consumer")
    return pl.DataFrame(
        {
            "customer_id": customer_ids(np.arange(buyers.rate.size)),
            "customer_type": np.where(buyers.is_test, "test", kind),
            "is_deal_seeker": buyers.is_deal_seeker,
            "purchase_rate_per_day": buyers.rate,
            "leave_probability": buyers.leave,
            "order_value_mean": buyers.value,
            "first_order_at": utc(pl.Series(world.profiles.first_at)),
            "churned_at": utc(before(buyers.gone_at, world.cutoff)),
            "left_because": named(REASONS, np.where(gone, buyers.left_because, STAYS)),
            "is_alive_at_end": ~gone,
            "earlier_order_count": buyers.earlier_orders,
            "order_count": buyers.order_count,
            "exposure_days": exposure(world),
        }
    )


def exposure(world: World) -> Floats:
    """Days on each buyer's clock from the first order until the cutoff or until it had left."""
    buyers, calendar = world.buyers, world.calendar
    until = np.minimum(buyers.gone_at, world.cutoff - 1)
    day = np.maximum(calendar.days_of(until), 0)
    part = (until - calendar.midnight[day]) / (calendar.midnight[day + 1] - calendar.midnight[day])
    reached = world.demand.elapsed[buyers.clock, day]
    moment = reached + np.where(part < 0, part, part * world.demand.factor[buyers.clock, day])
    found: Floats = np.maximum(moment - buyers.first_moment, 0.0)
    return found


def utc(seconds: pl.Series) -> pl.Series:
    return (seconds * 1000).cast(pl.Datetime("ms"))
