"""Which products a buyer takes for the money, and from which of the vendors that offer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.orders.shelves import (
    PRICE_LEVEL,
    affordable,
    draw,
)
from sources.simulator.world.countries import STOREFRONTS
from sources.simulator.world.goods_laws import ELASTICITY, SAME_VENDOR
from sources.simulator.world.offers import MOST_OFFERS

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Floats, Ints
    from sources.simulator.orders.baskets import Placed
    from sources.simulator.orders.shelves import Shelf
    from sources.simulator.world.world import World

FURTHER_LINES = np.array([0.68, 0.45])  # geometric law of lines, of consumers and businesses
MOST_LINES = 10
LEAST_PER_LINE = 12.0  # euros
CANDIDATES = 6  # products looked at before one that fits the budget is taken
MOST_UNITS = np.array([6, 200])  # of one product, by consumers and by businesses


def choose_offers(
    placed: Placed, shelf: Shelf, world: World, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Order, offer and number of units of every line; no product twice in an order."""
    count = placed.who.size
    further = rng.geometric(FURTHER_LINES[placed.clock], count) - 1
    # Nobody spreads ten euros over five products.
    most = np.minimum(placed.value / LEAST_PER_LINE, MOST_LINES).astype(np.int64)
    order = np.repeat(np.arange(count), np.clip(1 + further, 1, np.maximum(most, 1)))
    is_first = np.diff(order, prepend=-1) > 0
    weight = rng.gamma(2.0, 1.0, order.size) + 0.2
    budget = placed.value[order] * weight / np.add.reduceat(weight, np.flatnonzero(is_first))[order]
    sticky = ~is_first & (rng.random(order.size) < SAME_VENDOR)
    offer, units = np.empty((2, order.size), dtype=np.int64)
    free = np.flatnonzero(~sticky)
    offer[free], units[free] = from_catalogue(
        placed, order[free], budget[free], (shelf, world), rng
    )
    home = world.offers.vendor[offer[is_first]][order]
    bound = np.flatnonzero(sticky)
    offer[bound], units[bound] = from_vendor(
        placed, order[bound], home[bound], budget[bound], (shelf, world), rng
    )
    return merged(order, offer, units, world)


def merged(order: Ints, offer: Ints, units: Ints, world: World) -> tuple[Ints, Ints, Ints]:
    """The lines without those whose product is in the order already; theirs are more units of it.

    So the money is spent either way.
    """
    products = world.products.price.size
    _, first, line = np.unique(
        order * products + world.offers.product[offer], return_index=True, return_inverse=True
    )
    total = np.rint(np.bincount(line, units)).astype(np.int64)
    in_order = np.argsort(first)
    kept = first[in_order]
    return order[kept], offer[kept], total[in_order]


def from_catalogue(
    placed: Placed,
    order: Ints,
    budget: Floats,
    market: tuple[Shelf, World],
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """Offers and units for lines that may come from any vendor: first a product, then whose."""
    shelf, world = market
    products, count = world.products, world.products.price.size
    clock, shop = placed.clock[order], placed.storefront[order]
    share = world.demand.share[placed.day[order]] * shelf.sells[clock, shop]
    category = choose_categories(share, rng)
    group = (clock * len(STOREFRONTS) + shop) * count
    low, high = products.category_bounds[category], products.category_bounds[category + 1]
    most = MOST_UNITS[clock]
    low, high = affordable(
        shelf.by_category,
        np.tile(products.price, 2 * len(STOREFRONTS)),
        (group + low, group + high),
        (budget / most, budget),
    )
    candidates = draw(shelf.by_category, low, high, CANDIDATES, rng)
    chosen, units = fit(candidates, shelf.price.ravel()[candidates], budget, most, rng)
    return prefer(chosen - group, placed, order, market, rng), units


def from_vendor(
    placed: Placed,
    order: Ints,
    vendor: Ints,
    budget: Floats,
    market: tuple[Shelf, World],
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """Offers and units for lines that come from a given vendor."""
    shelf, world = market
    offers, vendors = world.offers, world.vendors.weight.size
    clock = placed.clock[order]
    group = clock * offers.by_vendor.size
    owner = placed.storefront[order] * vendors + vendor
    most = MOST_UNITS[clock]
    low, high = affordable(
        shelf.by_vendor,
        np.tile(world.products.price[offers.product[offers.by_vendor]], 2),
        (group + offers.vendor_bounds[owner], group + offers.vendor_bounds[owner + 1]),
        (budget / most, budget),
    )
    drawn = draw(shelf.by_vendor, low, high, CANDIDATES, rng) - group[:, None]
    candidates = offers.by_vendor[drawn]
    at = np.broadcast_to(placed.ordered_at[order][:, None], candidates.shape)
    asked = offers.price_at(candidates, at) / 100 / PRICE_LEVEL[placed.storefront[order]][:, None]
    return fit(candidates, asked, budget, most, rng)


def choose_categories(share: Floats, rng: np.random.Generator) -> Ints:
    """One category per line by the day's shares among those that have something on sale."""
    cumulated_share = np.cumsum(share, axis=1)
    point = rng.random(share.shape[0]) * cumulated_share[:, -1]
    found: Ints = (cumulated_share <= point[:, None]).sum(axis=1).astype(np.int64)
    return found


def fit(
    candidates: Ints, price: Floats, budget: Floats, most: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """A candidate and a number of units that cost what is to be spent, on average exactly.

    Of everything that costs less the dearest and of everything that costs more the cheapest are
    looked at; chance takes one of the two so that the mean is the budget.
    """
    number = np.floor(budget[:, None] / price)
    fewer = np.minimum(number, most[:, None])
    more = np.minimum(number + 1, most[:, None])
    below = np.where(number >= 1, fewer * price, -np.inf)
    above = np.where(more > number, more * price, np.inf)
    row = np.arange(budget.size)
    under, over = below.argmax(axis=1), above.argmin(axis=1)
    low, high = below[row, under], above[row, over]
    gap = np.where(np.isfinite(high) & np.isfinite(low), high - low, 1.0)
    chance = np.where(np.isfinite(high), np.where(np.isfinite(low), (budget - low) / gap, 1.0), 0.0)
    takes_more = rng.random(budget.size) < chance
    place = np.where(takes_more, over, under)
    units = np.where(takes_more, more[row, over], fewer[row, under])
    return candidates[row, place], units.astype(np.int64)


def prefer(
    product: Ints,
    placed: Placed,
    order: Ints,
    market: tuple[Shelf, World],
    rng: np.random.Generator,
) -> Ints:
    """One of the offers of each product: a conditional logit on the logarithm of its price."""
    shelf, world = market
    offers = world.offers
    cell = placed.storefront[order] * world.products.price.size + product
    low, high = offers.product_bounds[cell], offers.product_bounds[cell + 1]
    places = low[:, None] + np.arange(MOST_OFFERS)
    is_offer: Bools = places < high[:, None]
    places = np.minimum(places, offers.product.size - 1)
    is_offer &= shelf.is_open[placed.clock[order][:, None], places]
    at = np.broadcast_to(placed.ordered_at[order][:, None], places.shape)
    liking = np.where(is_offer, offers.price_at(places, at).astype(np.float64) ** -ELASTICITY, 0.0)
    reached = np.cumsum(liking, axis=1)
    point = rng.random(order.size) * reached[:, -1]
    found: Ints = places[np.arange(order.size), (reached <= point[:, None]).sum(axis=1)]
    return found
