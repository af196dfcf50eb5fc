"""The credit limits feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER
from sources.simulator.cells import latest, pick
from sources.simulator.chance import hashed
from sources.simulator.feeds.accounts import companies
from sources.simulator.world.calendar import instants
from sources.simulator.world.countries import CURRENCY_CODES, STOREFRONT_OF
from sources.simulator.world.profiles import account_ids

if TYPE_CHECKING:
    from sources.simulator.world.world import World

STEP_CENTS = np.array([50_000, 50_000, 200_000])  # by storefront, in its cents


def credit_rows(world: World) -> pl.DataFrame:
    """The credit limits feed: one from the first day, for some a higher one a year later."""
    who = companies(world)
    profiles, calendar = world.profiles, world.calendar
    start = np.maximum(calendar.days_of(world.prospects.account_from[who]), 0)
    storefront = STOREFRONT_OF[world.buyers.country[who]]
    steps = np.rint(world.buyers.value[who] * 8 / 500).astype(np.int64) + 1
    limit = steps * STEP_CENTS[storefront]
    raised = hashed(who, 22, 100) < 30
    change = start + 300 + hashed(who, 23, 120)
    hour = np.full(who.size, 7 * 3600)
    inside = raised & (change < calendar.day_count)
    at = np.where(inside, instants(calendar, np.minimum(change, calendar.day_count), hour), NEVER)
    is_raised = at < world.cutoff
    made = world.prospects.account_from[who]
    blocked = (profiles.terms_days[who] == 60) & (hashed(who, 24, 100) < 8)
    common = {
        "account_id": account_ids(who),
        "currency_code": pick(CURRENCY_CODES, storefront),
        "is_blocked": blocked,
    }
    first = pl.DataFrame(
        {
            **common,
            "limit_amount": limit,
            "valid_from": calendar.dates_of(start),
            "valid_until": calendar.dates_of(change - 1).set(pl.Series(~is_raised), None),
            "updated_at": latest(world.cutoff, made, at),
        }
    )
    second = pl.DataFrame(
        {
            **common,
            "limit_amount": limit * 3 // 2,
            "valid_from": calendar.dates_of(change),
            "updated_at": at,
        }
    ).filter(pl.Series(is_raised))
    return pl.concat([first, second], how="diagonal")
