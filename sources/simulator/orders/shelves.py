"""What can be bought in a month, by whom and where, as cumulated weights to draw from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.world.countries import STOREFRONTS
from sources.simulator.world.goods_laws import ELASTICITY
from sources.simulator.world.vendors import open_vendors

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Floats, Ints
    from sources.simulator.world.world import World

PRICE_LEVEL = np.array([shop.price_level for shop in STOREFRONTS])


@dataclass(frozen=True, slots=True)
class Shelf:
    """One month's assortment; clocks are 0 consumers, 1 businesses."""

    is_open: Bools  # [clocks, offers]
    by_category: Floats  # cumulated over [clocks, storefronts, products]
    by_vendor: Floats  # cumulated over [clocks, offers by vendor]
    price: Floats  # [clocks, storefronts, products] euros that a buyer there will pay about
    sells: Bools  # [clocks, storefronts, categories] whether anything is on sale


def stock_shelf(world: World, month: int) -> Shelf:
    """What can be bought in a month: offers listed by vendors admitted before its first day."""
    vendors, products, offers = world.vendors, world.products, world.offers
    first, after = world.calendar.month_days(month)
    stays = open_vendors(vendors, world.calendar, first, after)
    is_there = stays[offers.vendor] & (offers.listed_day < max(first, 1))
    allowed = np.stack([vendors.sells_to != 2, vendors.sells_to != 1])[:, offers.vendor]
    is_open = allowed & is_there
    weight = products.popularity[offers.product] * is_there
    # The vendor's weight is shared among its offers, so that power-law sizes survive.
    held = np.bincount(offers.vendor, weight, vendors.weight.size)[offers.vendor]
    fair = weight / np.maximum(held, 1e-12) * vendors.weight[offers.vendor]
    count, shops = products.price.size, len(STOREFRONTS)
    cell = offers.storefront * count + offers.product
    now = np.full(cell.size, world.calendar.midnight[(first + after) // 2])
    asked = offers.price_at(np.arange(cell.size), now) / 100 / PRICE_LEVEL[offers.storefront]
    liking = asked**-ELASTICITY * is_open
    by_category, price = np.zeros((2, shops * count)), np.zeros((2, shops * count))
    for clock in (0, 1):
        by_category[clock] = np.bincount(cell, fair * is_open[clock], shops * count)
        liked = np.bincount(cell, liking[clock], shops * count)
        paid = np.bincount(cell, liking[clock] * asked, shops * count)
        price[clock] = np.where(liked > 0, paid / np.maximum(liked, 1e-300), 1.0)
    up_to = np.zeros((2, shops, count + 1))
    up_to[..., 1:] = np.cumsum(by_category.reshape(2, shops, count), axis=2)
    return Shelf(
        is_open=is_open,
        by_category=cumulated(by_category),
        by_vendor=cumulated((weight * is_open)[:, offers.by_vendor]),
        price=price.reshape(2, shops, count),
        sells=np.diff(up_to[..., products.category_bounds], axis=2) > 0,
    )


def cumulated(weight: Floats) -> Floats:
    """The running sum, from 0."""
    found: Floats = np.append(0.0, np.cumsum(weight))
    return found


def draw(weights: Floats, low: Ints, high: Ints, candidates: int, rng: np.random.Generator) -> Ints:
    """Candidates for each range [low, high) of cumulated weights."""
    floor, ceiling = weights[low], weights[high]
    target = floor[:, None] + rng.random((low.size, candidates)) * (ceiling - floor)[:, None]
    found = np.searchsorted(weights, target, side="right") - 1
    return np.clip(found, low[:, None], high[:, None] - 1)


def affordable(
    weights: Floats, price: Floats, bounds: tuple[Ints, Ints], budget: tuple[Floats, Floats]
) -> tuple[Ints, Ints]:
    """The part of each range, sorted by price, between two prices; all of it if that is empty.

    `price` holds ascending prices within each range.
    """
    low, high = bounds
    first, last = between(price, low, high, budget[0]), between(price, low, high, budget[1])
    fits = weights[last] > weights[first]
    return np.where(fits, first, low), np.where(fits, last, high)


def between(price: Floats, low: Ints, high: Ints, limit: Floats) -> Ints:
    """The first place in each [low, high) whose price exceeds a limit: a bisection for all."""
    low, high = low.copy(), high.copy()
    while (low < high).any():
        middle = (low + high) // 2
        above = price[np.minimum(middle, price.size - 1)] > limit
        low, high = np.where(above | (low >= high), low, middle + 1), np.where(above, middle, high)
    return low
