"""The products feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import NOWHERE, at_places, named, only, pick, taken
from sources.simulator.chance import hashed
from sources.simulator.world.calendar import instants
from sources.simulator.world.catalogue import UNITS
from sources.simulator.world.names import STEMS
from sources.simulator.world.product_words import KINDS, MEASURED_WORDS, PRODUCT_WORDS

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.world import World

BRANDED = 5  # of six products; the rest has no brand
BRANDS = 24
WARRANTY_MONTHS = (0, 12, 24, 24, 24, 36, 60)
HAS_GTIN = 12  # all but one product in so many
SUCCEEDED = 25  # one product in so many has a successor
MOST_ATTRIBUTES = 18


def warranty_months(world: World) -> Ints:
    """The months of warranty of each product; a category has them in common."""
    return np.array(WARRANTY_MONTHS)[world.products.category % len(WARRANTY_MONTHS)]


def product_rows(world: World) -> pl.DataFrame:
    """The products feed as known before the cutoff."""
    products, categories, calendar = world.products, world.categories, world.calendar
    cutoff, count = world.cutoff, len(world.products.ids)
    numbers = np.arange(count)
    ten = np.full(count, 10 * 3600)
    created = instants(calendar, products.created_day, ten)
    closed_day = last_days(world)
    closed = instants(calendar, np.minimum(closed_day, calendar.day_count + 1), ten)
    gone = (closed_day < calendar.day_count) & (closed < cutoff)
    required = 4 + products.category % 5
    filled = required - (hashed(numbers, 112, 100) < 12) * (1 + hashed(numbers, 113, 3))
    return pl.DataFrame(
        {
            "product_id": products.ids,
            "vendor_id": at_places(world.vendors.ids, only_vendors(world)),
            "category_id": taken(categories.ids, products.category),
            "successor_product_id": at_places(products.ids, successors(world)),
            "name": product_names(world),
            "brand": only(
                pick(STEMS[:BRANDS], hashed(numbers, 114, BRANDS)), numbers % 6 < BRANDED
            ),
            # GS1 sets prefix 2 aside for numbers that mean something inside one company only.
            "gtin": only(
                "2" + pl.Series(numbers).cast(pl.String).str.zfill(12),
                hashed(numbers, 115, HAS_GTIN) > 0,
            ),
            "unit": named(UNITS, products.unit),
            "weight_grams": np.where(
                products.unit == UNITS.index("kg"), 1_000, 50 + (numbers * 7_919) % 9_000
            ),
            "warranty_months": warranty_months(world),
            "image_count": hashed(numbers, 116, 9),
            "attribute_count": filled + hashed(numbers, 117, MOST_ATTRIBUTES) % 9,
            "required_attribute_count": required,
            "is_active": ~gone,
            "created_at": created,
            "updated_at": np.where(gone, closed, created),
        }
    ).filter(pl.Series(created < cutoff))


def product_names(world: World) -> pl.Series:
    """A name of who lists it, what it is, and a number; within a category dear things cost more."""
    products, numbers = world.products, np.arange(len(world.products.ids))
    lister = pick(STEMS, numbers * 5 + products.vendor)
    first, category = products.category_bounds, products.category
    place = (numbers - first[category]) * KINDS // np.diff(first)[category]
    words = tuple(english for kinds in PRODUCT_WORDS for english, _, _ in kinds)
    kind = pick(words, category * KINDS + place)
    for unit in ("pair", "set", "pack"):
        is_such = pl.Series(products.unit == UNITS.index(unit))
        kind = (kind + f" {unit}").zip_with(is_such, kind)
    names = taken(world.categories.names, category)
    for name, goods in MEASURED_WORDS.items():
        is_such = pl.Series(products.is_measured) & (names == name)
        kind = pick(goods, numbers).zip_with(is_such, kind)
    return lister + " " + kind + " " + pl.Series(numbers % 97 + 3).cast(pl.String)


def last_days(world: World) -> Ints:
    """The day on which the last vendor of each product closes."""
    offers, last = world.offers, np.full(world.products.price.size, -1)
    np.maximum.at(last, offers.product, world.vendors.closed_day[offers.vendor])
    return last


def only_vendors(world: World) -> Ints:
    """The vendor of each product that nobody else offers; NOWHERE where several do."""
    first = np.full(world.products.price.size, len(world.vendors.ids))
    last = np.full(world.products.price.size, NOWHERE)
    np.minimum.at(first, world.offers.product, world.offers.vendor)
    np.maximum.at(last, world.offers.product, world.offers.vendor)
    return np.where(first == last, first, NOWHERE)


def successors(world: World) -> Ints:
    """The product that succeeds each of a few: a later one of about its price and category."""
    products = world.products
    numbers = np.arange(products.price.size)
    following = np.minimum(numbers + 1, numbers[-1])
    later = products.created_day[following] > products.created_day
    fits = (products.category[following] == products.category) & later
    # Listed before the first day, or its number would be known before it is.
    known = products.created_day[following] < 0
    return np.where(fits & known & (hashed(numbers, 118, SUCCEEDED) < 3), following, NOWHERE)
