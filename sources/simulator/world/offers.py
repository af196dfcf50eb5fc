"""Offers: who sells which product in which storefront, at what price, and when it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import scrambled
from sources.simulator.chance import stream
from sources.simulator.world.countries import STOREFRONT_OF, STOREFRONTS
from sources.simulator.world.prices import PriceLists, list_prices
from sources.simulator.world.stock import StockOuts, plan_stock_outs
from sources.simulator.world.vendors import stock_out_probability

if TYPE_CHECKING:
    import polars as pl

    from sources.simulator.arrays import Bools, Floats, Ints
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.catalogue import Products
    from sources.simulator.world.vendors import Vendors

MOST_OFFERS = 5  # of one product in one storefront
SHARED = 0.3  # share of products that further vendors may offer, where any sells such things
FURTHER = (0.45, 0.3, 0.15, 0.1)  # by how many further vendors
SELLS_ABROAD = 0.2  # share of vendors in each storefront that is not their own


@dataclass(frozen=True, slots=True)
class Offers:
    """Every offer, sorted by storefront, product and vendor."""

    ids: pl.Series
    product: Ints
    vendor: Ints
    storefront: Ints  # place in STOREFRONTS; prices are in its currency
    stock: Ints  # a vendor's stock of a product serves all its storefronts
    listed_day: Ints
    prices: PriceLists
    stock_outs: StockOuts
    product_bounds: Ints  # offers of product p in storefront s: bounds[s * products + p] and on
    by_vendor: Ints  # sorted by storefront, vendor and the product's price
    vendor_bounds: Ints  # the same into by_vendor: bounds[s * vendors + v] and on

    def price_at(self, offer: Ints, at: Ints) -> Ints:
        """The cents asked for each offer at an instant."""
        return self.prices.price_at(offer, at)

    def cost_at(self, offer: Ints, at: Ints) -> Ints:
        """The cents that a unit costs the vendor at an instant."""
        return self.prices.cost_at(offer, at)

    def out_of_stock(self, offer: Ints, day: Ints) -> Bools:
        """Whether nothing of each offer can be sold on a day."""
        return self.stock_outs.is_out(self.stock[offer], day)


def make_offers(vendors: Vendors, products: Products, calendar: Calendar, seed: int) -> Offers:
    """One to five vendors for each product, each in one to three storefronts."""
    rng = stream(seed, 100)
    vendor, product = who_offers_what(vendors, products, rng)
    shops, count, vendor_count = len(STOREFRONTS), products.price.size, vendors.weight.size
    sells_in = rng.random((vendor_count, shops)) < SELLS_ABROAD
    sells_in[:, 0] = True
    sells_in[np.arange(vendor_count), STOREFRONT_OF[vendors.country]] = True
    # The pillars of the world sell everywhere, so that nobody finds an empty shop.
    sells_in[: products.ranges.shape[1]] = True
    joined = np.maximum(vendors.joined_day[vendor], products.created_day[product])
    later = np.maximum(joined, 0) + rng.integers(0, calendar.day_count, vendor.size)
    is_later = (vendor != products.vendor[product]) & (rng.random(vendor.size) < 0.3)
    listed = np.where(is_later & (later < calendar.day_count), later, joined)
    probability = stock_out_probability(vendors)[vendor]
    stock, storefront = np.nonzero(sells_in[vendor])
    order = np.lexsort((vendor[stock], product[stock], storefront))
    stock, storefront = stock[order], storefront[order]
    vendor, product, listed = vendor[stock], product[stock], listed[stock]
    by_vendor = np.lexsort((products.price[product], vendor, storefront))
    owner = storefront * vendor_count + vendor
    return Offers(
        ids=scrambled("OF-", np.arange(1, stock.size + 1), 7),
        product=product,
        vendor=vendor,
        storefront=storefront,
        stock=stock,
        listed_day=listed,
        prices=list_prices(products.price[product], listed, storefront, calendar, seed),
        stock_outs=plan_stock_outs(probability, calendar.day_count, stream(seed, 101)),
        product_bounds=bounds_of(storefront * count + product, shops * count),
        by_vendor=by_vendor,
        vendor_bounds=bounds_of(owner[by_vendor], shops * vendor_count),
    )


def bounds_of(keys: Ints, count: int) -> Ints:
    """Where each of the sorted keys from 0 begins."""
    found: Ints = np.searchsorted(keys, np.arange(count + 1)).astype(np.int64)
    return found


def who_offers_what(
    vendors: Vendors, products: Products, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Vendor and product of every stock: who listed a product, and others in its category."""
    count, vendor_count = products.price.size, vendors.weight.size
    share: Floats = np.where(products.ranges.T, np.sqrt(vendors.weight), 0.0).ravel()
    weights = np.append(0.0, np.cumsum(share))  # over [categories, vendors]
    edges = weights[::vendor_count]
    number = np.where(rng.random(count) < SHARED, 1 + rng.choice(len(FURTHER), count, p=FURTHER), 0)
    product = np.repeat(np.arange(count), number)
    low, high = edges[products.category[product]], edges[products.category[product] + 1]
    drawn = np.searchsorted(weights, low + rng.random(low.size) * (high - low), side="right") - 1
    pairs = np.concatenate(
        [
            np.arange(count) * vendor_count + products.vendor,
            product * vendor_count + drawn % vendor_count,
        ]
    )
    found = np.unique(pairs)
    return found % vendor_count, found // vendor_count
