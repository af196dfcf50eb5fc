"""The price history feed: what each offer cost, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import pick, taken
from sources.simulator.world.countries import CURRENCY_CODES

if TYPE_CHECKING:
    from sources.simulator.world.world import World


def price_rows(world: World) -> pl.DataFrame:
    """The price history feed."""
    offers, prices = world.offers, world.offers.prices
    offer, _ = place = np.nonzero(prices.begins < world.cutoff)
    return pl.DataFrame(
        {
            "offer_id": taken(offers.ids, offer),
            "currency_code": pick(CURRENCY_CODES, offers.storefront[offer]),
            "unit_price": prices.cents[place],
            "cost_price": prices.cost_cents[place],
            "valid_from": prices.begins[place],
            "updated_at": prices.begins[place],
        }
    )
