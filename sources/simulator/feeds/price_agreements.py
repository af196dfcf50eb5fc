"""The price agreements feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, Bools, Ints
from sources.simulator.cells import NOWHERE, at_places, fraction, scrambled
from sources.simulator.chance import hashed
from sources.simulator.feeds.accounts import companies
from sources.simulator.world.calendar import instants
from sources.simulator.world.laws import CURRENCY_CODE
from sources.simulator.world.profiles import account_ids

if TYPE_CHECKING:
    from sources.simulator.world.world import World


def agreement_rows(world: World) -> pl.DataFrame:
    """The price agreements feed: for one company in six, on a category or on a product."""
    who = companies(world)
    who = who[hashed(who, 25, 6) == 0]
    calendar, products = world.calendar, world.products
    number = np.tile([1, 2], who.size)
    who = np.repeat(who, 2)
    key = who * 2 + number
    on_product = hashed(key, 26, 2) == 0
    product = hashed(key, 27, products.price.size)
    category = hashed(key, 28, len(world.categories.ids))
    start = np.maximum(calendar.days_of(world.prospects.account_from[who]), 0) + 10
    start = start + hashed(key, 29, 60)
    begun = instants(calendar, np.minimum(start, calendar.day_count), np.full(key.size, 7 * 3600))
    rate = (2 + hashed(key, 30, 14)) * 100
    agreed = np.rint(products.price[product] * 100).astype(np.int64) * (10_000 - rate) // 10_000
    discount = fraction(rate, 4).set(pl.Series(on_product), None)
    return pl.DataFrame(
        {
            "agreement_id": scrambled("PA-", key, 9),
            "account_id": account_ids(who),
            "vendor_id": at_places(
                world.vendors.ids, np.where(on_product, products.vendor[product], NOWHERE)
            ),
            "product_id": at_places(products.ids, np.where(on_product, product, NOWHERE)),
            "category_id": at_places(world.categories.ids, np.where(on_product, NOWHERE, category)),
            "currency_code": pl.repeat(CURRENCY_CODE, key.size, eager=True),
            "minimum_quantity": 1 + hashed(key, 31, 4) * 5,
            "unit_price": pl.Series(np.maximum(agreed, 1)).set(pl.Series(~on_product), None),
            "discount_rate": discount,
            "valid_from": calendar.dates_of(start),
            "valid_until": calendar.dates_of(start + 364),
            "updated_at": begun - DAY,
        }
    ).filter(
        pl.Series(
            (begun - DAY < world.cutoff)
            & (start < calendar.day_count)
            & is_listed(world, product, begun)
        )
    )


def is_listed(world: World, product: Ints, at: Ints) -> Bools:
    """Whether a product was in the catalogue the day before an agreement began."""
    return world.products.created_day[product] < world.calendar.days_of(at) - 1
