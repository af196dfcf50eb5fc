"""Offers, what they cost over time, and how much of them lies in stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.catalogue import instants
from sources.simulator.knowledge import latest
from sources.simulator.names import pick, scrambled
from sources.simulator.world import CURRENCY_CODE, NEVER, Floats, Ints, stream

if TYPE_CHECKING:
    from sources.simulator.building import World

MOST_CHANGES = 4  # of an offer's price over the world
COUNTED_ON = 6  # stock is counted on Sundays: a row for each offer and week, not each day
COUNTED_SECOND = 21 * 3600


def offer_ids(product: Ints) -> pl.Series:
    return scrambled("OF-", product + 1, 7)


def price_changes(world: World) -> tuple[Ints, Ints]:
    """[offers, changes] when each price begins (NEVER: not at all) and what it is, in cents."""
    rng = stream(world.seed, 58)
    products, calendar = world.products, world.calendar
    count, days = products.price.size, calendar.day_count
    noon = np.full(count, 12 * 3600)
    begins = [instants(calendar, products.created_day, noon - 2 * 3600)]
    cents = [np.rint(products.price * 100).astype(np.int64)]
    changes = rng.integers(0, MOST_CHANGES + 1, count)
    day = np.sort(rng.integers(0, days, (MOST_CHANGES, count)), axis=0)
    factor = np.exp(rng.normal(0.01, 0.06, (MOST_CHANGES, count)))
    for place in range(MOST_CHANGES):
        at = instants(calendar, day[place], noon + place)
        happens = (place < changes) & (day[place] > products.created_day)
        begins.append(np.where(happens, at, NEVER))
        cents.append(np.maximum(np.rint(cents[-1] * factor[place]), 1).astype(np.int64))
    return np.stack(begins, axis=1), np.stack(cents, axis=1)


def offer_rows(world: World) -> pl.DataFrame:
    """The offers feed: every product is offered by its vendor, at today's price."""
    products, vendors, calendar = world.products, world.vendors, world.calendar
    cutoff, count = world.cutoff, products.price.size
    begins, cents = price_changes(world)
    begun = begins < cutoff
    # Prices that never begin lie between; the last one that did counts.
    last = begins.shape[1] - 1 - np.argmax(begun[:, ::-1], axis=1)
    price = cents[np.arange(count), last]
    noon = np.full(count, 12 * 3600)
    created = begins[:, 0]
    closed_day = np.minimum(vendors.closed_day[products.vendor], calendar.day_count + 1)
    closes = vendors.closed_day[products.vendor] < calendar.day_count
    closed = np.where(closes, instants(calendar, closed_day, noon), NEVER)
    place = np.arange(count)
    return pl.DataFrame(
        {
            "offer_id": offer_ids(place),
            "vendor_id": vendors.ids.gather(pl.Series(products.vendor)),
            "product_id": products.ids,
            "status": pick(("active", "closed"), (closed < cutoff).astype(np.int64)),
            "condition": pick(("new",) * 19 + ("refurbished",), place * 7),
            "currency_code": pl.repeat(CURRENCY_CODE, count, eager=True),
            "unit_price": price,
            "list_price": price + price * (place % 4) // 20,
            "minimum_quantity": np.where(vendors.sells_to[products.vendor] == 2, 5, 1),
            "lead_time_days": vendors.handling_days[products.vendor],
            "created_at": created,
            "updated_at": latest(cutoff, *begins.T, closed),
        }
    ).filter(pl.Series(created < cutoff))


def price_rows(world: World) -> pl.DataFrame:
    """The price history feed."""
    begins, cents = price_changes(world)
    offer, _ = place = np.nonzero(begins < world.cutoff)
    price = cents[place]
    return pl.DataFrame(
        {
            "offer_id": offer_ids(offer),
            "currency_code": pl.repeat(CURRENCY_CODE, offer.size, eager=True),
            "unit_price": price,
            "cost_price": np.maximum(price * (60 + offer % 20) // 100, 1),
            "valid_from": begins[place],
            "updated_at": begins[place],
        }
    )


def inventory_rows(world: World, month: int) -> pl.DataFrame:
    """The inventory feed of one month's Sundays: stock runs down and is filled up again."""
    products, vendors, calendar = world.products, world.vendors, world.calendar
    first, after = calendar.month_days(month)
    days = np.arange(first, after)
    days = days[calendar.weekday[days] == COUNTED_ON]
    day, offer = (
        axis.ravel() for axis in np.meshgrid(days, np.arange(products.price.size), indexing="ij")
    )
    vendor = products.vendor[offer]
    is_offered = (products.created_day[offer] < day) & (vendors.closed_day[vendor] > day)
    day, offer, vendor = day[is_offered], offer[is_offered], vendor[is_offered]
    rng = stream(world.seed, 59, month)
    capacity = np.rint(8 + 12 * products.popularity[offer])
    cycle = 28 + offer % 37
    left = 1 - ((day + offer * 11) % cycle) / cycle
    on_hand = np.rint(capacity * left * rng.gamma(25, 1 / 25, day.size)).astype(np.int64)
    empty = rng.random(day.size) < stock_out_probability(world)[vendor]
    on_hand = np.where(empty, 0, np.maximum(on_hand, 1))
    reserved = rng.binomial(on_hand, 0.08)
    counted = calendar.midnight[day] + COUNTED_SECOND
    return pl.DataFrame(
        {
            "offer_id": offer_ids(offer),
            "location": pl.repeat("main", day.size, eager=True),
            "quantity_on_hand": on_hand,
            "quantity_reserved": reserved,
            "quantity_incoming": np.where(left < 0.3, capacity, 0).astype(np.int64),
            "stock_date": calendar.dates_of(day),
            "updated_at": counted,
        }
    ).filter(pl.Series(counted < world.cutoff))


def stock_out_probability(world: World) -> Floats:
    """How often an offer of each vendor is out of stock on a day it is counted."""
    found: Floats = np.round(np.minimum(0.01 + 5 * world.vendors.unavailable, 0.5), 4).astype(
        np.float64
    )
    return found
