"""The laws of goods: how buyers choose among offers, and what prices, stock and promotions do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sources.simulator.world.countries import STOREFRONTS

if TYPE_CHECKING:
    from typing import Any

# How strongly buyers answer to price among the offers of one product: the odds of an offer fall
# with this power of its price (a conditional logit on the logarithm of the price).
ELASTICITY = 4.0
SAME_VENDOR = 0.8  # share of further lines bought from the first line's vendor
VENDOR_PROMOTION_LIFT = 1.8  # factor on the odds of an offer while its vendor's promotion runs
SUBSTITUTED = 0.6  # share of lines whose offer is out of stock that turn to another one
COMPANION = 0.35  # chance that the first line's product brings its companion into the basket
AGREEMENT_PULL = 0.5  # share of lines on which a company buys what it has an agreement for
AGREEMENT_IGNORED = 0.04  # share of lines with an agreement that are charged the list price
PROMOTION_REACH = 0.85  # share of lines in a promoted category that carry the discount


@dataclass(frozen=True, slots=True)
class Competitor:
    """Another shop that sells some of our products."""

    name: str
    storefront: int  # place in STOREFRONTS of the one that it competes with
    price_level: float  # of its prices against ours
    opened_before_end: int  # days before the world's last; many: it was always there


COMPETITORS = (
    Competitor("Preisblick", 0, 1.02, 99_999),
    Competitor("Kaufmeile", 0, 1.06, 99_999),
    Competitor("Rappenladen", 1, 1.04, 99_999),
    Competitor("Neuladen", 0, 0.90, 170),
)


def goods_parameters() -> dict[str, Any]:
    """The laws of goods, as the manifest lists them."""
    return {
        "elasticity": ELASTICITY,
        "same_vendor": SAME_VENDOR,
        "promotion_reach": PROMOTION_REACH,
        "vendor_promotion_lift": VENDOR_PROMOTION_LIFT,
        "substituted": SUBSTITUTED,
        "companion": COMPANION,
        "agreement_pull": AGREEMENT_PULL,
        "agreement_ignored": AGREEMENT_IGNORED,
        "competitors": [asdict(shop) for shop in COMPETITORS],
        "storefronts": [asdict(shop) for shop in STOREFRONTS],
    }
