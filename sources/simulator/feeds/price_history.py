"""The price history feed: what each offer cost, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.feeds.offers import offer_ids
from sources.simulator.world.laws import CURRENCY_CODE
from sources.simulator.world.prices import price_changes

if TYPE_CHECKING:
    from sources.simulator.world.world import World


def price_rows(world: World) -> pl.DataFrame:
    """The price history feed."""
    begins, cents = price_changes(world)
    offer, _ = place = np.nonzero(begins < world.cutoff)
    price = cents[place]
    return pl.DataFrame(
        {
            "offer_id": offer_ids(offer),
            "currency_code": pl.repeat(CURRENCY_CODE, offer.size, eager=True),
            "unit_price": price,
            "cost_price": np.maximum(price * (60 + offer % 20) // 100, 1),
            "valid_from": begins[place],
            "updated_at": begins[place],
        }
    )
