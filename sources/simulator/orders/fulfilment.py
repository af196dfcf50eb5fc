"""What becomes of a vendor's part of an order, first as it will be, then as known at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import NEVER, Bools, Ints
from sources.simulator.world.laws import (
    BUYER_CANCELS,
    CARRIER_LOSES,
    CARRIERS,
    LATE_SHIPMENT_ARRIVES_LATE,
    PLATFORM_CANCELS,
    RETURNED,
)

if TYPE_CHECKING:
    from sources.simulator.orders.baskets import Lines, Placed
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.vendors import Vendors

HANDOVER = 17 * 3600  # the hour by which a part has to be with the carrier
PROMISE = 18 * 3600  # the hour until which the buyer was promised it
NOBODY, BUYER, PLATFORM, VENDOR = 0, 1, 2, 3
NO_END, CANCELLED, REFUSED, AUTO_REJECTED, UNAVAILABLE = 0, 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Fate:
    """The instants of every part (UTC seconds, NEVER where it does not happen)."""

    approved_at: Ints  # per order
    ended_by: Ints  # per part: NOBODY, BUYER, PLATFORM or VENDOR
    ending: Ints  # per part: NO_END, CANCELLED, REFUSED, AUTO_REJECTED or UNAVAILABLE
    ended_at: Ints
    sent_at: Ints
    accepted_at: Ints
    ship_by_at: Ints
    promised_at: Ints
    shipped_at: Ints
    scanned_at: Ints
    delivered_at: Ints
    returned_at: Ints
    refunded_at: Ints


@dataclass(frozen=True, slots=True)
class Journey:
    """When a part that nobody cancels is handed over and arrives."""

    ship_by_at: Ints
    promised_at: Ints
    shipped_at: Ints
    delivered_at: Ints


def decide_fate(
    placed: Placed, lines: Lines, vendors: Vendors, calendar: Calendar, rng: np.random.Generator
) -> Fate:
    """Everything that will ever happen to the orders."""
    order, vendor = lines.part_order, lines.part_vendor
    ordered = placed.ordered_at[order]
    journey = travel(placed.day[order], vendor, vendors, calendar, rng)
    approved, sent, accepted = answer(placed, order, calendar, rng)
    ended_by, ending = choose_endings(placed.who.size, order, vendors, vendor, rng)
    early = ordered + rng.integers(300, 6 * 3600, placed.who.size)[order]
    waits = (rng.random(order.size) * (journey.ship_by_at - accepted)).astype(np.int64)
    withdrawn = (ended_by == VENDOR) & (ending == CANCELLED)
    ways = (
        ((ended_by == BUYER) | (ended_by == PLATFORM), early),
        ((ending == REFUSED) | (ending == UNAVAILABLE), accepted),
        (ending == AUTO_REJECTED, sent + 2 * 86_400),
        (withdrawn, accepted + np.maximum(waits, 60)),
    )
    ended = np.select([way for way, _ in ways], [at for _, at in ways], NEVER)
    goes_on = ended_by == NOBODY
    taken = goes_on | withdrawn | ((accepted < ended) & (ending != AUTO_REJECTED))
    accepted = np.where(taken, accepted, NEVER)
    shipped = np.where(goes_on, journey.shipped_at, NEVER)
    delivered = np.where(goes_on, journey.delivered_at, NEVER)
    returned, refunded = send_back(delivered, rng)
    stopped = np.full(placed.who.size, NEVER)
    np.minimum.at(stopped, order, np.where(ways[0][0], ended, NEVER))
    return Fate(
        approved_at=np.where(approved < stopped, approved, NEVER),
        ended_by=ended_by,
        ending=ending,
        ended_at=ended,
        sent_at=np.where(sent < stopped[order], sent, NEVER),
        accepted_at=accepted,
        ship_by_at=journey.ship_by_at,
        promised_at=journey.promised_at,
        shipped_at=shipped,
        scanned_at=np.where(goes_on, np.minimum(shipped + 1_800, delivered), NEVER),
        delivered_at=delivered,
        returned_at=returned,
        refunded_at=refunded,
    )


def answer(
    placed: Placed, order: Ints, calendar: Calendar, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """When each order is approved, and each part sent to its vendor and accepted, if it is."""
    approved = placed.ordered_at + rng.integers(60, 7_200, placed.who.size)
    sent = approved[order] + rng.integers(30, 900, order.size)
    # Nothing is shipped before nine on the next day, so whoever accepts has done so by then.
    latest = calendar.midnight[placed.day[order] + 1] + 31_000
    accepted = sent + (rng.random(order.size) ** 2 * (latest - sent)).astype(np.int64)
    return approved, sent, accepted


def send_back(delivered: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """When what arrived is returned, and when it is refunded."""
    comes_back = (rng.random(delivered.size) < RETURNED) & (delivered < NEVER)
    returned = delivered + rng.integers(1, 14 * 86_400, delivered.size)
    refunded = returned + 2 * 86_400
    return np.where(comes_back, returned, NEVER), np.where(comes_back, refunded, NEVER)


def choose_endings(
    orders: int, order: Ints, vendors: Vendors, vendor: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Who ends each part and how: buyer and platform end whole orders, a vendor its own part."""
    dice = rng.random(orders)[order]
    by_vendor = rng.random(order.size)
    way = rng.random(order.size)
    cancels = by_vendor < vendors.cancels[vendor]
    lacks = ~cancels & (by_vendor < vendors.cancels[vendor] + vendors.unavailable[vendor])
    manner = np.where(way < 0.4, REFUSED, np.where(way < 0.55, AUTO_REJECTED, CANCELLED))
    ended_by = np.where(cancels | lacks, VENDOR, NOBODY)
    ending = np.where(cancels, manner, np.where(lacks, UNAVAILABLE, NO_END))
    above = np.where(dice < BUYER_CANCELS, BUYER, NOBODY)
    above = np.where((above == NOBODY) & (dice < BUYER_CANCELS + PLATFORM_CANCELS), PLATFORM, above)
    whole = above != NOBODY
    return np.where(whole, above, ended_by), np.where(whole, CANCELLED, ending)


def travel(
    day: Ints, vendor: Ints, vendors: Vendors, calendar: Calendar, rng: np.random.Generator
) -> Journey:
    """Handover and arrival; whether each is late is decided first, the instants follow from it.

    So the shares of late handovers and late arrivals are the truth's probabilities exactly: a part
    arrives late when the carrier is late or loses it, or when a late handover is not absorbed.
    """
    count = day.size
    handling = vendors.handling_days[vendor]
    transit = rng.integers(2, 5, count)
    ship_by = calendar.working_number[day] + handling
    promise = ship_by + transit
    late_out = rng.random(count) < vendors.ships_late[vendor]
    carried = late_out & (rng.random(count) < LATE_SHIPMENT_ARRIVES_LATE)
    manner = late_out.astype(np.int64) + carried
    slow = np.array([carrier.late_probability for carrier in CARRIERS])[vendors.carrier[vendor]]
    late_in = carried | (rng.random(count) < slow)
    lost = rng.random(count) < CARRIER_LOSES
    out_day, evening = handover_day(ship_by - handling, ship_by, transit, manner, rng)
    out_second = np.where(evening, rng.integers(HANDOVER + 60, 20 * 3600, count), 0)
    out_second = np.where(evening, out_second, rng.integers(9 * 3600, HANDOVER, count))
    in_day, at_night = arrival_day(out_day, promise, late_in, rng)
    in_second = np.where(
        at_night,
        rng.integers(PROMISE + 60, 21 * 3600, count),
        rng.integers(8 * 3600, PROMISE, count),
    )
    return Journey(
        ship_by_at=calendar.at(calendar.working_day[ship_by], np.full(count, HANDOVER)),
        promised_at=calendar.at(calendar.working_day[promise], np.full(count, PROMISE)),
        shipped_at=calendar.at(calendar.working_day[out_day], out_second),
        delivered_at=np.where(lost, NEVER, calendar.at(calendar.working_day[in_day], in_second)),
    )


def handover_day(
    start: Ints, ship_by: Ints, transit: Ints, manner: Ints, rng: np.random.Generator
) -> tuple[Ints, Bools]:
    """Working day of the handover, and whether it is the evening of the last day allowed.

    The manner is 0 in time, 1 late but early enough to arrive in time, 2 too late for that.
    """
    count, late = start.size, manner > 0
    in_time = np.maximum(rng.integers(start + 1, ship_by + 1), rng.integers(start + 1, ship_by + 1))
    evening = late & (rng.random(count) < 0.25)
    absorbed = ship_by + rng.integers(1, transit)
    far = ship_by + rng.integers(1, 7, count)
    late_day = np.where(evening, ship_by, np.where(manner == 2, far, absorbed))
    return np.where(late, late_day, in_time), evening


def arrival_day(
    out_day: Ints, promise: Ints, late: Bools, rng: np.random.Generator
) -> tuple[Ints, Bools]:
    """Working day of the arrival, and whether it is the evening of the promised day."""
    count = out_day.size
    same_evening = late & (rng.random(count) < 0.2) & (out_day < promise)
    delay = 1 + np.minimum(rng.geometric(0.45, count), 8)
    late_day = np.maximum(promise, out_day) + delay - 1
    late_day = np.where(same_evening, promise, np.maximum(late_day, promise + 1))
    in_time = rng.integers(out_day + 1, np.maximum(promise, out_day + 1) + 1)
    return np.where(late, late_day, in_time), same_evening
