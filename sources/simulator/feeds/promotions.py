"""The promotions feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import at_places, fraction, only, pick
from sources.simulator.world.calendar import instants
from sources.simulator.world.countries import CURRENCY_CODES
from sources.simulator.world.promotions import KINDS

if TYPE_CHECKING:
    from sources.simulator.world.world import World

PLANNED_AHEAD = 14  # days before its first that a promotion is entered


def promotion_rows(world: World) -> pl.DataFrame:
    """The promotions feed: the marketplace's by category, and those of vendors."""
    promotions, calendar = world.promotions, world.calendar
    count = promotions.kind.size
    morning = np.full(count, 9 * 3600)
    entered = instants(calendar, promotions.first_day - PLANNED_AHEAD, morning)
    return pl.DataFrame(
        {
            "promotion_id": promotions.ids,
            "name": promotions.names,
            "kind": pick(KINDS, promotions.kind),
            "vendor_id": at_places(world.vendors.ids, promotions.vendor),
            "category_id": at_places(world.categories.ids, promotions.category),
            "discount_rate": only(
                fraction(promotions.discount_points, 4), promotions.discount_points > 0
            ),
            "discount_amount": only(
                pl.Series(promotions.discount_cents), promotions.discount_cents > 0
            ),
            "currency_code": pick(CURRENCY_CODES, promotions.storefront),
            "budget_amount": promotions.budget_cents,
            "starts_at": calendar.midnight[promotions.first_day],
            "ends_at": calendar.midnight[promotions.day_after],
            "updated_at": entered,
        }
    ).filter(pl.Series(entered < world.cutoff))
