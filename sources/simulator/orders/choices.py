"""Which products a buyer takes for the money, and from which of the vendors that offer them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import NOWHERE
from sources.simulator.orders.shelves import PRICE_LEVEL, affordable, draw
from sources.simulator.world.countries import STOREFRONTS
from sources.simulator.world.goods_laws import (
    AGREEMENT_PULL,
    COMPANION,
    ELASTICITY,
    SAME_VENDOR,
    VENDOR_PROMOTION_LIFT,
)
from sources.simulator.world.offers import MOST_OFFERS

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Floats, Ints
    from sources.simulator.orders.placed import Placed
    from sources.simulator.orders.shelves import Shelf
    from sources.simulator.world.world import World

FURTHER_LINES = np.array([0.68, 0.45])  # geometric law of lines, of consumers and businesses
MOST_LINES = 10
LEAST_PER_LINE = 12.0  # euros
CANDIDATES = 6  # products looked at before one that fits the budget is taken
LINE_COLUMNS = ("order", "budget", "who", "clock", "shop", "day", "at", "offer", "units")
MOST_UNITS = np.array([6, 200])  # of one product, by consumers and by businesses


class Wishes:
    """The lines that the buyers of some orders want, were everything in stock."""

    def __init__(
        self, placed: Placed, shelf: Shelf, world: World, rng: np.random.Generator
    ) -> None:
        self.world, self._shelf, self._rng = world, shelf, rng
        count = placed.who.size
        further = rng.geometric(FURTHER_LINES[placed.clock], count) - 1
        # Nobody spreads ten euros over five products.
        most = np.minimum(placed.value / LEAST_PER_LINE, MOST_LINES).astype(np.int64)
        self.order = np.repeat(np.arange(count), np.clip(1 + further, 1, np.maximum(most, 1)))
        first = np.flatnonzero(np.diff(self.order, prepend=-1))
        weight = rng.gamma(2.0, 1.0, self.order.size) + 0.2
        share = weight / np.add.reduceat(weight, first)[self.order]
        self.budget = placed.value[self.order] * share
        self.who = placed.who[self.order]
        self.clock, self.shop = placed.clock[self.order], placed.storefront[self.order]
        self.day, self.at = placed.day[self.order], placed.ordered_at[self.order]
        self.offer, self.units = np.zeros((2, self.order.size), dtype=np.int64)
        agreed = self._agreements(self.who)
        self._choose(first, agreed)

    def _choose(self, first: Ints, agreed: Ints) -> None:
        """Chooses the first lines, then what comes from the same vendor or not."""
        rng, offers = self._rng, self.world.offers
        self.from_catalogue(first, agreed[first])
        home = offers.vendor[self.offer[first]][self.order]
        is_first = np.zeros(self.order.size, dtype=np.bool_)
        is_first[first] = True
        sticky = ~is_first & (agreed < 0) & (rng.random(self.order.size) < SAME_VENDOR)
        self._from_vendor(np.flatnonzero(sticky), home[sticky])
        free = np.flatnonzero(~is_first & ~sticky)
        self.from_catalogue(free, agreed[free])
        self._add_companions(first)

    def _add_companions(self, first: Ints) -> None:
        """Puts the first product's companion, where it has one, on top of some orders."""
        product = self.world.offers.product[self.offer[first]]
        companion = self.world.affinity.companion[product]
        hit = (companion >= 0) & (self._rng.random(first.size) < COMPANION)
        first, companion = first[hit], companion[hit]
        sold = self._on_sale(first, companion)
        first, companion = first[sold], companion[sold]
        added = np.arange(self.order.size, self.order.size + first.size)
        for name in LINE_COLUMNS:
            column = getattr(self, name)
            setattr(self, name, np.append(column, column[first]))
        self.budget[added] = 0  # as few units as are sold
        self.of_product(added, companion)
        in_order = np.argsort(self.order, kind="stable")
        for name in LINE_COLUMNS:
            setattr(self, name, getattr(self, name)[in_order])

    def _agreements(self, who: Ints) -> Ints:
        """The agreement that each line is bought for, NOWHERE for most."""
        agreements, rng = self.world.agreements, self._rng
        first, last = agreements.first_of[who], agreements.last_of[who]
        thinks = (last > first) & (rng.random(who.size) < AGREEMENT_PULL)
        mine = np.flatnonzero(thinks)
        place = first[mine] + rng.integers(0, last[mine] - first[mine])
        day = self.day[mine]
        holds = (agreements.first_day[place] <= day) & (day < agreements.day_after[place])
        found = np.full(who.size, NOWHERE)
        found[mine[holds]] = place[holds]
        return found

    def _on_sale(self, lines: Ints, product: Ints) -> Bools:
        """Whether somebody sells a product to the buyer of each line in the storefront."""
        weights, place = self._shelf.by_category, self._group(lines) + product
        found: Bools = weights[place + 1] > weights[place]
        return found

    def _group(self, lines: Ints) -> Ints:
        """Where the products of the line's clock and storefront begin in the shelf."""
        count = self.world.products.price.size
        return (self.clock[lines] * len(STOREFRONTS) + self.shop[lines]) * count

    def from_catalogue(self, lines: Ints, agreed: Ints | None = None) -> None:
        """Chooses what may come from any vendor: a category, a product for the money, then whose.

        A line with an agreement takes its category or, where the money will do, its offer.
        """
        shelf, products = self._shelf, self.world.products
        clock, budget, group = self.clock[lines], self.budget[lines], self._group(lines)
        share = self.world.demand.share[self.day[lines]] * shelf.sells[clock, self.shop[lines]]
        category = choose_categories(share, self._rng)
        if agreed is not None:
            bound = np.flatnonzero(agreed >= 0)
            meant = self.world.agreements.category[agreed[bound]]
            sold = (meant >= 0) & (share[bound, meant] > 0)
            category[bound[sold]] = meant[sold]
        most = MOST_UNITS[clock]
        low, high = affordable(
            shelf.by_category,
            np.tile(products.price, 2 * len(STOREFRONTS)),
            (
                group + products.category_bounds[category],
                group + products.category_bounds[category + 1],
            ),
            (budget / most, budget),
        )
        found = draw(shelf.by_category, low, high, CANDIDATES, self._rng)
        least = products.least_units[found - group[:, None]]
        chosen, self.units[lines] = fit(
            found, shelf.price.ravel()[found], (budget, least, most), self._rng
        )
        self.offer[lines] = self.prefer(lines, chosen - group)
        if agreed is not None:
            self._take_agreed(lines, agreed)

    def _take_agreed(self, lines: Ints, agreed: Ints) -> None:
        """Lets lines with an agreement on an offer take it, where it is sold and affordable."""
        bound = np.flatnonzero(agreed >= 0)
        offer = self.world.agreements.offer[agreed[bound]]
        bound, offer = bound[offer >= 0], offer[offer >= 0]
        mine, place = lines[bound], agreed[bound]
        least = self.world.agreements.least_units[place]
        units = self._units(mine, offer)
        takes = (units >= least) & self._shelf.is_open[self.clock[mine], offer]
        self.offer[mine[takes]], self.units[mine[takes]] = offer[takes], units[takes]

    def of_product(self, lines: Ints, product: Ints) -> None:
        """Chooses offers of given products."""
        self.offer[lines] = self.prefer(lines, product)
        least = self.world.products.least_units[product]
        self.units[lines] = np.maximum(self._units(lines, self.offer[lines]), least)

    def _units(self, lines: Ints, offer: Ints) -> Ints:
        """How many units of an offer each line's budget buys, as whole numbers by chance."""
        asked = self.world.offers.price_at(offer, self.at[lines]) / 100
        wanted = self.budget[lines] * PRICE_LEVEL[self.shop[lines]] / asked
        found: Ints = np.floor(wanted + self._rng.random(wanted.size)).astype(np.int64)
        return found

    def _from_vendor(self, lines: Ints, vendor: Ints) -> None:
        """Chooses offers and units for lines that come from a given vendor."""
        shelf, offers, products = self._shelf, self.world.offers, self.world.products
        clock, shop, budget = self.clock[lines], self.shop[lines], self.budget[lines]
        group = clock * offers.by_vendor.size
        owner = shop * self.world.vendors.weight.size + vendor
        most = MOST_UNITS[clock]
        low, high = affordable(
            shelf.by_vendor,
            np.tile(products.price[offers.product[offers.by_vendor]], 2),
            (group + offers.vendor_bounds[owner], group + offers.vendor_bounds[owner + 1]),
            (budget / most, budget),
        )
        drawn = draw(shelf.by_vendor, low, high, CANDIDATES, self._rng) - group[:, None]
        found = offers.by_vendor[drawn]
        at = np.broadcast_to(self.at[lines][:, None], found.shape)
        asked = offers.price_at(found, at) / 100 / PRICE_LEVEL[shop][:, None]
        least = products.least_units[offers.product[found]]
        self.offer[lines], self.units[lines] = fit(found, asked, (budget, least, most), self._rng)

    def prefer(self, lines: Ints, product: Ints, *, in_stock: bool = False) -> Ints:
        """An offer of each product, by a conditional logit on the logarithm of its price.

        `in_stock` looks only at what can be had; NOWHERE where that is nothing.
        """
        offers, promotions = self.world.offers, self.world.promotions
        shop, day = self.shop[lines][:, None], self.day[lines][:, None]
        cell = self.shop[lines] * self.world.products.price.size + product
        low, high = offers.product_bounds[cell], offers.product_bounds[cell + 1]
        places = low[:, None] + np.arange(MOST_OFFERS)
        is_offer = places < high[:, None]
        places = np.minimum(places, offers.product.size - 1)
        is_offer &= self._shelf.is_open[self.clock[lines][:, None], places]
        if in_stock:
            is_offer &= ~offers.out_of_stock(places, np.broadcast_to(day, places.shape))
        at = np.broadcast_to(self.at[lines][:, None], places.shape)
        liking = offers.price_at(places, at).astype(np.float64) ** -ELASTICITY
        promoted = promotions.given(offers.vendor[places], shop, day) >= 0
        liking = np.where(promoted, liking * VENDOR_PROMOTION_LIFT, liking) * is_offer
        reached = np.cumsum(liking, axis=1)
        point = self._rng.random(lines.size) * reached[:, -1]
        place = (reached <= point[:, None]).sum(axis=1)
        nothing = place >= MOST_OFFERS
        found = places[np.arange(lines.size), np.minimum(place, MOST_OFFERS - 1)]
        return np.where(nothing, NOWHERE, found)


def choose_categories(share: Floats, rng: np.random.Generator) -> Ints:
    """One category per line by the day's shares among those that have something on sale."""
    cumulated_share = np.cumsum(share, axis=1)
    point = rng.random(share.shape[0]) * cumulated_share[:, -1]
    found: Ints = (cumulated_share <= point[:, None]).sum(axis=1).astype(np.int64)
    return found


def fit(
    candidates: Ints,
    price: Floats,
    limits: tuple[Floats, Ints, Ints],
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """A candidate and a number of units that cost what is to be spent, on average exactly.

    The limits are the budget, the fewest units of each candidate and the most of any. Of all that
    costs less the dearest and of all that costs more the cheapest are looked at; chance takes one
    of the two so that the mean is the budget.
    """
    budget, least, most = limits
    number = np.floor(budget[:, None] / price)
    fewer = np.minimum(number, most[:, None])
    more = np.maximum(np.minimum(number + 1, most[:, None]), least)
    below = np.where(number >= least, fewer * price, -np.inf)
    above = np.where(more > number, more * price, np.inf)
    row = np.arange(budget.size)
    under, over = below.argmax(axis=1), above.argmin(axis=1)
    low, high = below[row, under], above[row, over]
    gap = np.where(np.isfinite(high) & np.isfinite(low), high - low, 1.0)
    chance = np.where(np.isfinite(low), np.where(np.isfinite(high), (budget - low) / gap, 0.0), 1.0)
    takes_more = rng.random(budget.size) < chance
    place = np.where(takes_more, over, under)
    units = np.where(takes_more, more[row, over], fewer[row, under])
    return candidates[row, place], units.astype(np.int64)
