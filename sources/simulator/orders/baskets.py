"""What is in an order: products of one or several vendors at prices exact to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Floats, Ints
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.catalogue import Categories, Products
    from sources.simulator.world.demand import Demand
    from sources.simulator.world.vendors import Vendors

SAME_VENDOR = 0.8  # share of further lines bought from the first line's vendor
CANDIDATES = 6  # products looked at before one that fits the budget is taken
MOST_UNITS = np.array([6, 200])  # of one product, by consumers and by businesses
PROMOTION_REACH = 0.85  # share of lines in a promoted category that carry the discount
FREE_SHIPPING_CENTS = 4_900
SHIPPING_CENTS = 490


@dataclass(frozen=True, slots=True)
class Placed:
    """Orders in order of time."""

    number: Ints  # NOWHERE until it is known which of them stand
    who: Ints
    clock: Ints  # 0 consumer, 1 business
    is_test: Bools
    value: Floats
    day: Ints
    ordered_at: Ints
    cause: Ints  # place in Campaigns of what caused the order, NOWHERE for the rest


@dataclass(frozen=True, slots=True)
class Lines:
    """Order lines, sorted by order; a part is one vendor's share of an order."""

    order: Ints  # place in Placed
    position: Ints  # from 1 within the order
    product: Ints
    vendor: Ints
    part: Ints
    part_order: Ints
    part_vendor: Ints
    quantity: Ints
    unit_cents: Ints
    discount_cents: Ints
    gmv_cents: Ints
    shipping_cents: Ints
    commission_cents: Ints


@dataclass(frozen=True, slots=True)
class Shelf:
    """The products on sale in one month, as cumulated weights to draw from."""

    by_category: Floats  # [2, products + 1] for consumers and businesses, in product order
    by_vendor: Floats  # the same in the order of products.by_vendor
    open_share: Bools  # [2, categories] whether anything is on sale


def stock_shelf(calendar: Calendar, vendors: Vendors, products: Products, month: int) -> Shelf:
    """What can be bought in a month: products listed and vendors admitted before its first day."""
    first, after = calendar.month_days(month)
    is_open = (vendors.joined_day < max(first, 1)) & (vendors.closed_day >= after)
    listed = products.created_day < max(first, 1)
    weight = products.popularity * listed * is_open[products.vendor]
    # The vendor's weight is shared among its products, so that power-law sizes survive.
    held = np.bincount(products.vendor, weight, vendors.weight.size)[products.vendor]
    fair = weight / np.maximum(held, 1e-12) * vendors.weight[products.vendor]
    allowed = np.stack([vendors.sells_to != 2, vendors.sells_to != 1])[:, products.vendor]
    by_category = cumulated(fair * allowed)
    by_vendor = cumulated((weight * allowed)[:, products.by_vendor])
    bounds = products.category_bounds
    return Shelf(by_category, by_vendor, by_category[:, bounds[1:]] > by_category[:, bounds[:-1]])


def cumulated(weight: Floats) -> Floats:
    return np.concatenate([np.zeros((2, 1)), np.cumsum(weight, axis=1)], axis=1)


def fill_baskets(
    placed: Placed,
    shelf: Shelf,
    demand: Demand,
    catalogue: tuple[Vendors, Categories, Products],
    rng: np.random.Generator,
) -> Lines:
    """The lines of the orders; an order's gmv is its buyer's value to within rounding."""
    _, categories, products = catalogue
    order, chosen, weight = choose_products(placed, shelf, demand, products, rng)
    first_of_order = np.flatnonzero(np.diff(order, prepend=-1))
    total = np.add.reduceat(weight, first_of_order)
    budget = placed.value[order] * weight / total[order]
    category = products.category[chosen]
    most = MOST_UNITS[placed.clock[order]]
    quantity = np.clip(np.rint(budget / products.price[chosen]), 1, most).astype(np.int64)
    promoted = rng.random(order.size) < PROMOTION_REACH
    discount = np.where(promoted, demand.discount[category, placed.day[order]], 0.0)
    unit = np.maximum(1, np.rint(budget * 100 / (1 - discount) / quantity)).astype(np.int64)
    basis_points = np.rint(discount * 10_000).astype(np.int64)
    discount_cents = (unit * quantity * basis_points + 5_000) // 10_000
    gmv = unit * quantity - discount_cents
    vendor = products.vendor[chosen]
    parts, part = np.unique(order * len(catalogue[0].ids) + vendor, return_inverse=True)
    return Lines(
        order=order,
        position=np.arange(order.size) - first_of_order[order] + 1,
        product=chosen,
        vendor=vendor,
        part=part,
        part_order=parts // len(catalogue[0].ids),
        part_vendor=parts % len(catalogue[0].ids),
        quantity=quantity,
        unit_cents=unit,
        discount_cents=discount_cents,
        gmv_cents=gmv,
        shipping_cents=shipping_of(part, gmv),
        commission_cents=(gmv * categories.commission_basis_points[category] + 5_000) // 10_000,
    )


def shipping_of(part: Ints, gmv: Ints) -> Ints:
    """Shipping is charged once per vendor's part, on its first line, unless the part is large."""
    value = np.bincount(part, gmv)
    first = np.zeros(part.size, dtype=np.bool_)
    first[np.unique(part, return_index=True)[1]] = True
    return np.where(first & (value[part] < FREE_SHIPPING_CENTS), SHIPPING_CENTS, 0)


def choose_products(
    placed: Placed, shelf: Shelf, demand: Demand, products: Products, rng: np.random.Generator
) -> tuple[Ints, Ints, Floats]:
    """Order, product and weight of every line; no product twice in an order."""
    count = placed.who.size
    further = rng.geometric(np.where(placed.clock == 1, 0.45, 0.68), count) - 1
    order = np.repeat(np.arange(count), 1 + np.minimum(further, 9))
    is_first = np.diff(order, prepend=-1) > 0
    weight = rng.gamma(2.0, 1.0, order.size) + 0.2
    total = np.add.reduceat(weight, np.flatnonzero(is_first))
    budget = placed.value[order] * weight / total[order]
    clock = placed.clock[order]
    category = choose_categories(demand.share[placed.day[order]] * shelf.open_share[clock], rng)
    low, high = products.category_bounds[category], products.category_bounds[category + 1]
    fresh = draw(shelf.by_category, clock, low, high, rng)
    chosen = fits_budget(fresh, budget, products.price, clock)
    sticky = ~is_first & (rng.random(order.size) < SAME_VENDOR)
    home = products.vendor[chosen[is_first]][order]
    low, high = products.vendor_bounds[home], products.vendor_bounds[home + 1]
    same = products.by_vendor[draw(shelf.by_vendor, clock, low, high, rng)]
    chosen = np.where(sticky, fits_budget(same, budget, products.price, clock), chosen)
    kept = np.sort(np.unique(order * products.price.size + chosen, return_index=True)[1])
    return order[kept], chosen[kept], weight[kept]


def choose_categories(share: Floats, rng: np.random.Generator) -> Ints:
    """One category per line by the day's shares among those that have something on sale."""
    cumulated_share = np.cumsum(share, axis=1)
    point = rng.random(share.shape[0]) * cumulated_share[:, -1]
    found: Ints = (cumulated_share <= point[:, None]).sum(axis=1).astype(np.int64)
    return found


def draw(weights: Floats, clock: Ints, low: Ints, high: Ints, rng: np.random.Generator) -> Ints:
    """Candidates per line from [low, high) by cumulated weights."""
    found = np.empty((clock.size, CANDIDATES), dtype=np.int64)
    point = rng.random((clock.size, CANDIDATES))
    for which in (0, 1):
        mine = np.flatnonzero(clock == which)
        floor, ceiling = weights[which][low[mine]], weights[which][high[mine]]
        target = floor[:, None] + point[mine] * (ceiling - floor)[:, None]
        found[mine] = np.searchsorted(weights[which], target, side="right") - 1
    return np.clip(found, low[:, None], high[:, None] - 1)


def fits_budget(candidates: Ints, budget: Floats, price: Floats, clock: Ints) -> Ints:
    """The candidate of which some number of units comes closest to the budget."""
    ratio = budget[:, None] / price[candidates]
    units = np.clip(np.rint(ratio), 1, MOST_UNITS[clock][:, None])
    best = np.abs(np.log(ratio / units)).argmin(axis=1)
    fitting: Ints = candidates[np.arange(best.size), best]
    return fitting


def order_cents(lines: Lines) -> Ints:
    """The goods of each order."""
    first = np.flatnonzero(np.diff(lines.order, prepend=-1))
    found: Ints = np.add.reduceat(lines.gmv_cents, first)
    return found
