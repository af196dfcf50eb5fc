"""Vendors: what the marketplace knows of them, and what is true of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import NOWHERE, scrambled
from sources.simulator.chance import stream
from sources.simulator.world.countries import VENDOR_SHARES
from sources.simulator.world.names import company_names
from sources.simulator.world.quality import FAR, Quality, make_quality
from sources.simulator.world.vendor_courses import plan_closures, plan_courses
from sources.simulator.world.vendor_laws import (
    ACTIONS,
    CARRIERS,
    GRADES,
    THIRD_PARTY_SHARE,
    USES_THIRD_PARTY,
)

if TYPE_CHECKING:
    import polars as pl

    from sources.simulator.arrays import Bools, Floats, Ints
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.sizes import WorldSize

SELLS_TO = ("both", "b2c", "b2b")
LEGAL_ENTITY, BRAND, SHOP = range(3)
LEVELS = ("legal_entity", "brand", "shop")
CUT_OFF_HOURS = np.array([11, 12, 14, 16])
REST_MONTHS = 2  # that a seasonal shop is closed for, every year


@dataclass(frozen=True, slots=True)
class Vendors:
    """Every vendor: what the marketplace knows of it and what only the simulator knows."""

    ids: pl.Series
    names: pl.Series
    weight: Floats  # share of demand by power law
    country: Ints  # place in COUNTRIES
    sells_to: Ints  # place in SELLS_TO
    level: Ints  # place in LEVELS
    parent: Ints  # the vendor whose legal entity it belongs to, NOWHERE for most
    joined_day: Ints  # negative: before the world began
    closed_day: Ints  # day_count and more: still open
    close_reason: Ints  # place in CLOSE_REASONS, NOWHERE where it stays open
    rest_month: Ints  # month of the year in which a seasonal shop closes, 0 for the others
    cut_off: Ints  # second of the day until which an order counts as of that day
    handling_days: Ints
    carrier: Ints
    has_third_party: Bools  # whether a fulfiller packs most of its parcels
    replies_by_machine: Bools
    quality: Quality
    course: Ints  # place in COURSES
    action: Ints  # place in ACTIONS, NOWHERE for most
    acted_day: Ints


def make_vendors(size: WorldSize, calendar: Calendar, seed: int) -> Vendors:
    """The vendors; the first of each category sell to everybody from the first day to the last."""
    rng = stream(seed, 10)
    count, days = size.vendors, calendar.day_count
    rank = rng.permutation(count) + 1
    weight = 1 / rank**0.9
    grade = rng.choice(len(GRADES), count, p=[law.share for law in GRADES])
    # Every planted grade exists in any world that has room for it, whatever the dice say.
    planted = np.arange(len(GRADES))[: max(0, count - size.categories)]
    grade[count - planted.size :] = planted
    pillars = np.arange(count) < size.categories
    kept = pillars | (np.arange(count) >= count - planted.size)
    joined = np.where(rng.random(count) < 0.6, -rng.integers(1, 900, count), 0)
    joined = np.where(joined == 0, rng.integers(0, max(1, days * 3 // 4), count), joined)
    joined = np.where(kept, -400, joined)
    sells_to = np.where(kept, 0, rng.choice(3, count, p=[0.5, 0.3, 0.2]))
    closed, reason = plan_closures(joined, ~kept, days, stream(seed, 160))
    courses = plan_courses(weight, grade, (joined, closed), (pillars, kept), days, seed)
    factor = np.append([action.late_share_factor for action in ACTIONS], 1.0)[courses.action]
    names, level, parent = group(company_names(count, rng), joined, closed, stream(seed, 161))
    return Vendors(
        ids=scrambled("V-", np.arange(1, count + 1), 6),
        names=names,
        weight=weight,
        country=stream(seed, 14).choice(len(VENDOR_SHARES), count, p=VENDOR_SHARES),
        sells_to=sells_to,
        level=level,
        parent=parent,
        joined_day=joined,
        closed_day=closed,
        close_reason=reason,
        rest_month=courses.rest_month,
        cut_off=rng.choice(CUT_OFF_HOURS, count) * 3_600,
        handling_days=rng.integers(1, 4, count),
        carrier=rng.choice(len(CARRIERS), count, p=[carrier.share for carrier in CARRIERS]),
        has_third_party=use_third_party(weight, rng),
        replies_by_machine=rng.random(count) < 0.4,
        quality=make_quality(courses.grade, courses.turns, factor, stream(seed, 162)),
        course=courses.course,
        action=courses.action,
        acted_day=np.where(courses.action == NOWHERE, FAR, courses.turns),
    )


def use_third_party(weight: Floats, rng: np.random.Generator) -> Bools:
    """The vendors that have a fulfiller: together they have the share of demand that is wanted."""
    in_turn = rng.permutation(weight.size)
    share = np.cumsum(weight[in_turn]) / weight.sum()
    through = np.zeros(weight.size, dtype=np.bool_)
    through[in_turn] = share < THIRD_PARTY_SHARE / USES_THIRD_PARTY
    return through


def group(
    names: pl.Series, joined: Ints, closed: Ints, rng: np.random.Generator
) -> tuple[pl.Series, Ints, Ints]:
    """Names, levels and parents: one vendor in twenty is the second shop of another.

    The last of them is a brand of its parent instead, where there are several.
    """
    level, parent = np.full(names.len(), SHOP), np.full(names.len(), NOWHERE)
    staying = rng.permutation(np.flatnonzero(closed >= FAR))
    pairs = min(max(1, names.len() // 20), staying.size // 2)
    members = staying[: 2 * pairs].reshape(pairs, 2)
    members = np.take_along_axis(members, joined[members].argsort(axis=1, kind="stable"), axis=1)
    level[members[:, 0]], parent[members[:, 1]] = LEGAL_ENTITY, members[:, 0]
    level[members[1:, 1][-1:]] = BRAND
    called = names.gather(members[:, 0]) + " Outlet"
    return names.scatter(members[:, 1], called), level, parent


def open_vendors(vendors: Vendors, calendar: Calendar, first: int, after: int) -> Bools:
    """The vendors that sell throughout the days of one month, from `first` to before `after`."""
    resting = (calendar.date_of(first).month - vendors.rest_month) % 12 < REST_MONTHS
    is_member = (vendors.joined_day < max(first, 1)) & (vendors.closed_day >= after)
    is_open: Bools = is_member & ~(resting & (vendors.rest_month > 0))
    return is_open


def stock_out_probability(vendors: Vendors) -> Floats:
    """How often an offer of each vendor is out of stock on a day it is counted."""
    lacks = vendors.quality.laws["unavailable"][:, 0]
    found: Floats = np.round(np.minimum(0.01 + 5 * lacks, 0.5), 4).astype(np.float64)
    return found
