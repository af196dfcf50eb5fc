"""Categories, and the products that vendors sell in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import pick, scrambled
from sources.simulator.chance import hashed, stream
from sources.simulator.world.names import CATEGORY_NAMES

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Floats, Ints
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.sizes import WorldSize
    from sources.simulator.world.vendors import Vendors

ACCESSORIES = 0.2  # share of products
UNITS = ("piece", "pair", "set", "pack", "kg", "m")
COUNTED = 4  # the first units are counted, the others measured
STEPS = np.array([1_000, 1_000, 1_000, 1_000, 5, 10])  # thousandths: scales show 5 g, rulers 1 cm
# What is sold by weight or length in categories that have such goods, and a share of it there.
MEASURED_BY = {
    "Garden": "kg", "Lighting": "m", "Textiles": "m", "Outdoor": "m", "Packaging": "m",
    "Cleaning": "kg", "Pet supplies": "kg", "Bicycle parts": "m", "Coffee and tea": "kg",
    "Workshop": "kg",
}  # fmt: skip
MEASURED, MEASURED_PRICES = 0.25, (1.5, 45.0)  # share; euros for one kilogram or metre
LEAST_MEASURED = 200  # thousandths of a kilogram or metre that are sold at once
PACKED, PACKED_BELOW = 0.2, 8.0  # share of products below so many euros sold by twos and more
ACCESSORY_PRICE = 0.15  # of what such a product would cost otherwise


@dataclass(frozen=True, slots=True)
class Categories:
    """The leaves of the catalogue's tree and the two branches above them."""

    ids: pl.Series
    names: pl.Series
    parent_ids: pl.Series
    parent_names: pl.Series
    popularity: Floats
    commission_basis_points: Ints
    price_median: Floats


@dataclass(frozen=True, slots=True)
class Products:
    """Every product, sorted by category and within it by price; its offers are in `Offers`."""

    ids: pl.Series
    vendor: Ints  # who listed it first; others may offer it too
    category: Ints
    price: Floats  # about what it costs in euros, whoever sells it
    popularity: Floats
    least_units: Ints  # fewest that are sold at once
    unit: Ints  # place in UNITS
    created_day: Ints
    category_bounds: Ints  # products of category c are bounds[c]:bounds[c + 1]
    ranges: Bools  # [vendors, categories] what each vendor sells

    @property
    def is_measured(self) -> Bools:
        """Which are sold by weight or length."""
        found: Bools = self.unit >= COUNTED
        return found

    @property
    def least_thousandths(self) -> Ints:
        """The fewest thousandths of its unit that are sold of each at once."""
        return np.where(self.is_measured, LEAST_MEASURED, self.least_units * 1_000)

    @property
    def step(self) -> Ints:
        """The thousandths of its unit in multiples of which each is sold."""
        found: Ints = STEPS[self.unit]
        return found


def make_categories(size: WorldSize, seed: int) -> Categories:
    """The categories, the most popular first."""
    rng = stream(seed, 11)
    count = size.categories
    weight = 1 / np.arange(1, count + 1) ** 0.7
    return Categories(
        ids=scrambled("K-", np.arange(1, count + 1), 4),
        names=pick(CATEGORY_NAMES, np.arange(count)),
        parent_ids=pl.Series(["K-HOME", "K-WORK"]),
        parent_names=pl.Series(["Home and leisure", "Work and trade"]),
        popularity=weight / weight.sum(),
        commission_basis_points=rng.integers(16, 37, count) * 50,
        price_median=np.exp(rng.uniform(np.log(12), np.log(90), count)),
    )


def make_products(
    size: WorldSize, vendors: Vendors, categories: Categories, calendar: Calendar, seed: int
) -> Products:
    """The products: each vendor has one to three categories, large vendors have more products."""
    rng = stream(seed, 12)
    vendor_count, count = vendors.weight.size, max(size.products, 2 * size.vendors)
    share = np.sqrt(vendors.weight)
    vendor = rng.choice(vendor_count, count, p=share / share.sum())
    vendor[:vendor_count] = np.arange(vendor_count)
    home = rng.choice(size.categories, (vendor_count, 3), p=categories.popularity)
    home[: size.categories, 0] = np.arange(size.categories)[:vendor_count]
    slot = np.where(np.arange(count) < vendor_count, 0, rng.choice(3, count, p=[0.6, 0.25, 0.15]))
    category = home[vendor, slot]
    price = categories.price_median[category] * np.exp(rng.normal(0, 0.9, count))
    # Every category has its accessories, so that small orders find something for their money.
    price = np.where(rng.random(count) < ACCESSORIES, price * ACCESSORY_PRICE, price)
    price = np.maximum(0.99, np.round(price, 2))
    order = np.lexsort((price, category))
    vendor, category = vendor[order], category[order]
    ranges = np.zeros((vendor_count, size.categories), dtype=np.bool_)
    np.put_along_axis(ranges, home, values=True, axis=1)
    # The oldest product of each vendor is there when the vendor begins to sell.
    packed = (price[order] < PACKED_BELOW) & (rng.random(count) < PACKED)
    late = np.maximum(vendors.joined_day[vendor], 0) + rng.integers(0, 200, count)
    fresh = (rng.random(count) < 0.25) & (order >= vendor_count) & (late < calendar.day_count)
    goods = (category, price[order], packed)
    return Products(
        ids=scrambled("P-", np.arange(1, count + 1), 7),
        vendor=vendor,
        category=category,
        price=price[order],
        popularity=(rng.pareto(1.3, count) + 0.05).clip(max=25),
        least_units=np.where(packed, rng.choice((2, 3, 5), count), 1),
        unit=measured(rng.choice(COUNTED, count, p=[0.8, 0.06, 0.08, 0.06]), goods, categories),
        created_day=np.where(fresh, late, vendors.joined_day[vendor]),
        category_bounds=np.searchsorted(category, np.arange(size.categories + 1)),
        ranges=ranges,
    )


def measured(counted: Ints, goods: tuple[Ints, Floats, Bools], categories: Categories) -> Ints:
    """The unit of each product: as it is counted, or what it is measured by, for a share of some.

    The goods are their categories, their prices, and whether they are sold by twos and more.
    """
    category, price, packed = goods
    by = [UNITS.index(MEASURED_BY.get(name, UNITS[0])) for name in categories.names]
    unit = np.array(by)[category]
    fits = (unit >= COUNTED) & ~packed
    fits &= (price >= MEASURED_PRICES[0]) & (price < MEASURED_PRICES[1])
    fits &= hashed(np.arange(price.size), 210, 1_000) < MEASURED * 1_000
    return np.where(fits, unit, counted)
