"""The price agreements feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from sources.simulator.arrays import values_at
from sources.simulator.cells import NOWHERE, at_places, fraction, only, pick
from sources.simulator.world.countries import CURRENCY_CODES
from sources.simulator.world.profiles import account_ids

if TYPE_CHECKING:
    from sources.simulator.world.world import World


def agreement_rows(world: World) -> pl.DataFrame:
    """The price agreements feed: with some companies, on an offer or on a category."""
    agreements, offers, calendar = world.agreements, world.offers, world.calendar
    on_offer = agreements.offer >= 0
    return pl.DataFrame(
        {
            "agreement_id": agreements.ids,
            "account_id": account_ids(agreements.who),
            "vendor_id": at_places(
                world.vendors.ids, values_at(offers.vendor, agreements.offer, NOWHERE)
            ),
            "product_id": at_places(
                world.products.ids, values_at(offers.product, agreements.offer, NOWHERE)
            ),
            "category_id": at_places(world.categories.ids, agreements.category),
            "currency_code": pick(CURRENCY_CODES, agreements.storefront),
            "minimum_quantity": agreements.least_units * 1_000,
            "unit_price": only(pl.Series(agreements.unit_cents), on_offer),
            "discount_rate": only(fraction(agreements.discount_points, 4), ~on_offer),
            "valid_from": calendar.dates_of(agreements.first_day),
            "valid_until": calendar.dates_of(agreements.day_after - 1),
            "updated_at": agreements.signed_at,
        }
    ).filter(pl.Series(agreements.signed_at < world.cutoff))
