"""The benchmark prices feed: what other shops ask for what several of our vendors sell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import pick, taken
from sources.simulator.chance import stream
from sources.simulator.world.countries import CURRENCY_CODES
from sources.simulator.world.goods_laws import COMPETITORS

if TYPE_CHECKING:
    from sources.simulator.world.world import World

MOST_PRODUCTS = 200  # that are watched: the most popular of those with several vendors
WATCHED_EVERY = 28  # days
WATCHED_SECOND = 7 * 3600
PRICES_SCATTER = 0.05  # standard deviation of log prices around the competitor's level
AVAILABLE = 0.93


def benchmark_rows(world: World) -> pl.DataFrame:
    """The benchmark prices feed: every four weeks, each competitor once it is there."""
    offers, products, calendar = world.offers, world.products, world.calendar
    rng = stream(world.seed, 110)
    bounds = offers.product_bounds
    several = np.flatnonzero(
        (np.diff(bounds[: products.price.size + 1]) > 1) & (products.created_day < 0)
    )
    watched = np.sort(several[np.argsort(-products.popularity[several])][:MOST_PRODUCTS])
    days = np.arange(WATCHED_EVERY - 1, calendar.day_count, WATCHED_EVERY)
    shape = (days.size, len(COMPETITORS), watched.size)
    day, source, which = (axis.ravel() for axis in np.indices(shape))
    day, product = days[day], watched[which]
    at = calendar.midnight[day] + WATCHED_SECOND
    shop = np.array([shop.storefront for shop in COMPETITORS])[source]
    cell = shop * products.price.size + product
    first, number = bounds[cell], bounds[cell + 1] - bounds[cell]
    # Against one of our offers in turn, so that the level is that of the whole market here.
    turn = (day // WATCHED_EVERY) % np.maximum(number, 1)
    ours = offers.price_at(np.minimum(first + turn, offers.product.size - 1), at)
    level = np.array([shop.price_level for shop in COMPETITORS])[source]
    asked = np.rint(ours * level * np.exp(rng.normal(0, PRICES_SCATTER, day.size)))
    opened = np.array([shop.opened_before_end for shop in COMPETITORS])[source]
    is_there = (day >= calendar.day_count - opened) & (at < world.cutoff) & (number > 0)
    return pl.DataFrame(
        {
            "product_id": taken(products.ids, product),
            "source": pick(tuple(shop.name for shop in COMPETITORS), source),
            "currency_code": pick(CURRENCY_CODES, shop),
            "price": np.maximum(asked, 1).astype(np.int64),
            "is_available": rng.random(day.size) < AVAILABLE,
            "price_date": calendar.dates_of(day),
            "updated_at": at,
        }
    ).filter(pl.Series(is_there))
