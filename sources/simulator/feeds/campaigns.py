"""The campaigns and campaign costs feeds."""

from __future__ import annotations

import numpy as np
import polars as pl

from sources.simulator.cells import latest, pick, repeated
from sources.simulator.chance import stream
from sources.simulator.world.calendar import Calendar, instants
from sources.simulator.world.campaigns import CHANNELS, CLICK_CENTS, OBJECTIVES, Campaigns
from sources.simulator.world.countries import STOREFRONTS

CURRENCIES = tuple(shop.currency_code for shop in STOREFRONTS)
PLANNED_AHEAD = 14  # days before its first that a campaign is entered


def campaign_rows(campaigns: Campaigns, calendar: Calendar, cutoff: int) -> pl.DataFrame:
    """The campaigns feed as known before the cutoff."""
    count = campaigns.ids.len()
    hour = np.full(count, 8 * 3600)
    length = campaigns.last_day - campaigns.first_day + 1
    entered = instants(calendar, campaigns.first_day - PLANNED_AHEAD, hour)
    begun = instants(calendar, campaigns.first_day, hour)
    ended = instants(calendar, campaigns.last_day + 1, hour)
    stage = np.where(ended < cutoff, 2, np.where(begun < cutoff, 1, 0))
    return pl.DataFrame(
        {
            "campaign_id": campaigns.ids,
            "name": campaigns.names,
            "channel": pick(CHANNELS, campaigns.channel),
            "objective": pick(OBJECTIVES, campaigns.objective),
            "status": pick(("planned", "running", "finished"), stage),
            "currency_code": pick(CURRENCIES, campaigns.storefront),
            "budget_amount": np.maximum(campaigns.daily_cents * length * 11 // 10, 50_000),
            "starts_on": calendar.dates_of(campaigns.first_day),
            "ends_on": calendar.dates_of(campaigns.last_day),
            "updated_at": latest(cutoff, entered, begun, ended),
        }
    ).filter(pl.Series(entered < cutoff))


def cost_rows(campaigns: Campaigns, calendar: Calendar, cutoff: int, seed: int) -> pl.DataFrame:
    """The campaign costs feed: media by day, creation on the first day; told the next morning."""
    rng = stream(seed, 52)
    which, day = np.nonzero(campaigns.spent.T)
    cost = campaigns.spent[day, which]
    clicks = cost // np.maximum(np.array(CLICK_CENTS)[campaigns.channel[which]], 1)
    shown = np.rint(clicks * rng.uniform(25, 90, which.size)).astype(np.int64)
    media = pl.DataFrame(
        {
            "which": which,
            "day": day,
            "cost_kind": repeated("media", which.size),
            "cost_amount": cost,
            "impression_count": shown,
            "click_count": clicks,
        }
    )
    rows = pl.concat([media, creation(campaigns, rng)], how="diagonal")
    day = rows["day"].to_numpy()
    known = instants(calendar, day + 1, np.full(day.size, 6 * 3600))
    return rows.select(
        campaigns.ids.gather(rows["which"]).alias("campaign_id"),
        "cost_kind",
        pick(CURRENCIES, campaigns.storefront[rows["which"].to_numpy()]).alias("currency_code"),
        "cost_amount",
        "impression_count",
        "click_count",
        calendar.dates_of(day).alias("cost_date"),
        pl.Series("updated_at", known),
    ).filter(pl.Series((known < cutoff) & (day < calendar.day_count)))


def creation(campaigns: Campaigns, rng: np.random.Generator) -> pl.DataFrame:
    """What it cost to make each campaign, paid on its first day."""
    count = campaigns.ids.len()
    return pl.DataFrame(
        {
            "which": np.arange(count),
            "day": campaigns.first_day,
            "cost_kind": repeated("creative", count),
            "cost_amount": rng.integers(50, 500, count) * 100,
        }
    )
