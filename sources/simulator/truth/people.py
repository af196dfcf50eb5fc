"""What is true of customers and campaigns: why people buy and leave, and what mail causes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import NOWHERE, at_places, before, named, only, pick, taken
from sources.simulator.orders.states import order_ids
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.campaigns import CHANNELS
from sources.simulator.world.people_laws import HOURS, REASONS, STAYS, WAYS

if TYPE_CHECKING:
    from sources.simulator.arrays import Floats
    from sources.simulator.orders.placed import Placed
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
            "answers_by": pick(WAYS, world.profiles.way),
            "reads_from_hour": np.array(HOURS)[world.profiles.hours, 0],
            "reads_until_hour": np.array(HOURS)[world.profiles.hours, 1],
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
    reached = world.demand.elapsed[buyers.pace, day]
    moment = reached + np.where(part < 0, part, part * world.demand.factor[buyers.pace, day])
    found: Floats = np.maximum(moment - buyers.first_moment, 0.0)
    return found


def campaign_truth(world: World) -> pl.DataFrame:
    """How many orders each campaign causes, among how many, and how many customers it brings.

    A mail causes an order with its probability among those reached who are still customers, so
    the orders per person reached are fewer.
    """
    campaigns, answers = world.campaigns, world.answers
    begun = world.calendar.midnight[np.maximum(campaigns.first_day, 0)] < world.cutoff
    reached = np.where(begun, answers.reached, 0)
    is_mail = campaigns.order_rate > 0
    brought = world.profiles.acquired_by[world.profiles.first_at < world.cutoff]
    per_person = answers.orders / np.maximum(reached, 1)
    return pl.DataFrame(
        {
            "campaign_id": campaigns.ids,
            "media_cents": campaigns.spent.sum(axis=0),
            "first_date": world.calendar.dates_of(campaigns.first_day),
            "last_date": world.calendar.dates_of(campaigns.last_day),
            "order_probability": only(pl.Series(campaigns.order_rate), is_mail),
            "reached_count": only(pl.Series(reached), is_mail),
            "held_out_count": only(pl.Series(np.where(begun, answers.held_out, 0)), is_mail),
            "incremental_customers": np.bincount(brought + 1, minlength=begun.size + 1)[1:],
            "incremental_orders": answers.orders,
            "incremental_orders_per_person": only(pl.Series(per_person), is_mail & (reached > 0)),
        }
    )


def campaign_day_truth(world: World) -> pl.DataFrame:
    """How many visits each campaign causes on each of its days, per order of the day."""
    campaign, day = np.nonzero(world.campaigns.pulls.T)
    return pl.DataFrame(
        {
            "campaign_id": taken(world.campaigns.ids, campaign),
            "date": world.calendar.dates_of(day),
            "visits_caused_per_order": world.campaigns.pulls[day, campaign],
        }
    )


def cause_rows(world: World, placed: Placed) -> pl.DataFrame:
    """The orders that would not have come without a campaign."""
    mine = np.flatnonzero((placed.cause != NOWHERE) & (placed.ordered_at < world.cutoff))
    campaign = placed.cause[mine]
    np.add.at(world.answers.orders, campaign, 1)
    return pl.DataFrame(
        {
            "order_id": order_ids(placed.number[mine]),
            "customer_id": customer_ids(placed.who[mine]),
            "campaign_id": at_places(world.campaigns.ids, campaign),
            "channel": pick(CHANNELS, world.campaigns.channel[campaign]),
            "is_first_order": placed.ordered_at[mine] == world.profiles.first_at[placed.who[mine]],
            "ordered_at": utc(pl.Series(placed.ordered_at[mine])),
        }
    )


def utc(seconds: pl.Series) -> pl.Series:
    return (seconds * 1000).cast(pl.Datetime("ms"))
