"""Products that are bought together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import NOWHERE
from sources.simulator.chance import stream

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.catalogue import Products
    from sources.simulator.world.vendors import Vendors

MOST_PAIRS = 20
PRODUCTS_PER_PAIR = 20
COMPANION_PRICE = (0.1, 0.6)  # of the price of what it is bought with


@dataclass(frozen=True, slots=True)
class Affinity:
    """The companion of each product, NOWHERE where it has none."""

    companion: Ints


def plant_affinity(products: Products, vendors: Vendors, seed: int) -> Affinity:
    """Cheaper companions for some of the products that sell best."""
    rng = stream(seed, 103)
    count = products.price.size
    old = (products.created_day < 0) & (vendors.sells_to[products.vendor] == 0)
    sales = products.popularity * np.sqrt(vendors.weight[products.vendor]) * old
    companion = np.full(count, NOWHERE)
    best = np.argsort(-sales, kind="stable")[: min(MOST_PAIRS, count // PRODUCTS_PER_PAIR)]
    free = old & ~np.isin(np.arange(count), best)
    for product in best[sales[best] > 0]:
        low, high = (share * products.price[product] for share in COMPANION_PRICE)
        fitting = np.flatnonzero(free & (products.price >= low) & (products.price <= high))
        if fitting.size:
            companion[product] = rng.choice(fitting)
            free[companion[product]] = False
    return Affinity(companion)
