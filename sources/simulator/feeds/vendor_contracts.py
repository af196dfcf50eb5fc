"""The vendor contracts feed: plans, fees and commissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Ints
from sources.simulator.cells import (
    NOWHERE,
    at_places,
    fraction,
    latest,
    pick,
    repeated,
    scrambled,
    taken,
)
from sources.simulator.chance import stream
from sources.simulator.world.calendar import instants
from sources.simulator.world.laws import CURRENCY_CODE

if TYPE_CHECKING:
    from sources.simulator.world.vendors import Vendors
    from sources.simulator.world.world import World

PLANS = (("starter", 1_900), ("standard", 3_900), ("professional", 9_900))


def vendor_plans(vendors: Vendors, seed: int) -> Ints:
    """The plan of each vendor: the larger it is, the dearer."""
    rank = np.argsort(np.argsort(-vendors.weight)) / vendors.weight.size
    wobble = stream(seed, 55).random(rank.size) * 0.3
    return np.where(rank + wobble < 0.25, 2, np.where(rank + wobble < 0.75, 1, 0))


def monthly_fee_cents(vendors: Vendors, seed: int) -> Ints:
    """What each vendor pays for a month; a payout keeps half of it."""
    return np.array([cents for _, cents in PLANS])[vendor_plans(vendors, seed)]


def contract_rows(world: World) -> pl.DataFrame:
    """The vendor contracts feed: a plan for each vendor, a commission for each category."""
    vendors, calendar, cutoff = world.vendors, world.calendar, world.cutoff
    sold = np.unique(world.products.vendor * len(world.categories.ids) + world.products.category)
    vendor = np.concatenate([np.arange(len(vendors.ids)), sold // len(world.categories.ids)])
    category = np.concatenate(
        [np.full(len(vendors.ids), NOWHERE), sold % len(world.categories.ids)]
    )
    is_plan = category == NOWHERE
    plan = vendor_plans(vendors, world.seed)[vendor]
    points = world.categories.commission_basis_points[np.maximum(category, 0)]
    hour = np.full(vendor.size, 8 * 3600)
    signed = instants(calendar, vendors.joined_day[vendor], hour) - 2 * 3600
    joined = instants(calendar, vendors.joined_day[vendor], hour)
    closed_day = np.minimum(vendors.closed_day, calendar.day_count + 1)[vendor]
    closes = vendors.closed_day[vendor] < calendar.day_count
    ended = np.where(closes, instants(calendar, closed_day, hour), NEVER)
    over = pl.Series(ended < cutoff)
    commission = fraction(points, 4).set(pl.Series(is_plan), None)
    fee = pl.Series(monthly_fee_cents(vendors, world.seed)[vendor])
    return pl.DataFrame(
        {
            "contract_id": scrambled("VC-", vendor * 100 + category + 2, 7),
            "vendor_id": taken(vendors.ids, vendor),
            "category_id": at_places(world.categories.ids, category),
            "plan": pick(tuple(name for name, _ in PLANS), plan),
            "status": pick(("signed", "ended"), over.cast(pl.Int64).to_numpy()),
            "currency_code": repeated(CURRENCY_CODE, vendor.size),
            "commission_rate": commission,
            "monthly_fee": fee.set(pl.Series(~is_plan), None),
            "valid_from": calendar.dates_of(vendors.joined_day[vendor]),
            "valid_until": calendar.dates_of(closed_day).set(~over, None),
            "signed_at": signed,
            "updated_at": latest(cutoff, signed, ended),
        }
    ).filter(pl.Series(joined < cutoff))
