"""How large a simulated marketplace is, and which days it lives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

DEFAULT_END = date(2026, 6, 30)  # fixed, so that a demo made today equals one made next year


@dataclass(frozen=True, slots=True)
class WorldSize:
    """How many of each thing the world holds."""

    vendors: int
    customers: int
    categories: int
    products: int
    leads: int
    days: int = 730  # that the world lasts unless asked otherwise
    orders_per_piece: int = 50_000  # what is held in memory at once
    purchase_factor: float = 1.0  # how much more often everybody buys than the laws below say
    visits_per_order: float = 1.0  # visits that lead to no order and no campaign causes
    differences_per_thousand: float = 0.0  # documents of the ERP that are planted wrong


# Medium and large hold 5 and 50 million order lines over 730 days, and ten times as many events:
# half of the visits that they leave room for buy. Who looks at how often people buy takes the demo.
SIZES: dict[str, WorldSize] = {
    "small": WorldSize(
        vendors=120,
        customers=5_000,
        categories=12,
        products=1_500,
        leads=1_500,
        days=1_096,
        visits_per_order=10.5,
        differences_per_thousand=0.5,
    ),
    "medium": WorldSize(
        vendors=500,
        customers=200_000,
        categories=20,
        products=15_000,
        leads=4_000,
        orders_per_piece=20_000,
        purchase_factor=7.5,
        visits_per_order=1.0,
        differences_per_thousand=0.1,
    ),
    "large": WorldSize(
        vendors=2_000,
        customers=2_000_000,
        categories=24,
        products=80_000,
        leads=20_000,
        orders_per_piece=20_000,
        purchase_factor=7.5,
        visits_per_order=1.0,
        differences_per_thousand=0.1,
    ),
}
