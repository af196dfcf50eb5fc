"""The laws of goods: how buyers choose among offers, and what prices, stock and promotions do."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sources.simulator.world.countries import STOREFRONTS

if TYPE_CHECKING:
    from typing import Any

# How strongly buyers answer to price among the offers of one product: the odds of an offer fall
# with this power of its price (a conditional logit on the logarithm of the price).
ELASTICITY = 4.0
SAME_VENDOR = 0.8  # share of further lines bought from the first line's vendor
PROMOTION_REACH = 0.85  # share of lines in a promoted category that carry the discount


def goods_parameters() -> dict[str, Any]:
    """The laws of goods, as the manifest lists them."""
    return {
        "elasticity": ELASTICITY,
        "same_vendor": SAME_VENDOR,
        "promotion_reach": PROMOTION_REACH,
        "storefronts": [asdict(shop) for shop in STOREFRONTS],
    }
