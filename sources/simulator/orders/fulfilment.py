"""What becomes of a vendor's part of an order, first as it will be, then as known at an instant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import DAY, NEVER, Bools, Floats, Ints
from sources.simulator.orders.journeys import on_a_day_of_fault, travel
from sources.simulator.world.vendor_laws import (
    BUYER_CANCELS,
    FAULT_CANCELS,
    GIVEN_UP_AFTER_DAYS,
    PLATFORM_CANCELS,
    THIRD_PARTY_CAUSES,
    USES_THIRD_PARTY,
)

if TYPE_CHECKING:
    from sources.simulator.orders.journeys import Journey
    from sources.simulator.orders.placed import Lines, Placed
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.vendors import Vendors
    from sources.simulator.world.world import World

NOBODY, BUYER, PLATFORM, VENDOR, CARRIER = range(5)
NO_END, CANCELLED, REFUSED, AUTO_REJECTED, UNAVAILABLE = 0, 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Fate:
    """The instants of every part (UTC seconds, NEVER where it does not happen)."""

    approved_at: Ints  # per order
    ended_by: Ints  # per part: NOBODY, BUYER, PLATFORM, VENDOR, or the CARRIER that lost it
    ending: Ints  # per part: NO_END, CANCELLED, REFUSED, AUTO_REJECTED or UNAVAILABLE
    ended_at: Ints
    sent_at: Ints
    accepted_at: Ints
    handed_over_at: Ints  # by the vendor to the fulfiller that packs it, NEVER where it has none
    ship_by_at: Ints
    promised_at: Ints
    shipped_at: Ints
    scanned_at: Ints
    attempted_at: Ints  # first at the buyer's door
    delivered_at: Ints
    returned_at: Ints
    refunded_at: Ints
    has_third_party: Bools  # whether a fulfiller packs it
    is_tracked: Bools  # whether its number is valid and the carrier scans it
    is_defective: Bools  # whether what arrived comes back for a fault of the goods


def decide_fate(world: World, placed: Placed, lines: Lines, rng: np.random.Generator) -> Fate:
    """Everything that will ever happen to the orders."""
    vendors, calendar, quality = world.vendors, world.calendar, world.vendors.quality
    order, vendor = lines.part_order, lines.part_vendor
    count, day = order.size, placed.day[order]
    ordered = (day, placed.ordered_at[order], placed.country[order])
    journey = travel(ordered, vendor, vendors, calendar, rng)
    approved, sent = pass_on(placed, order, calendar, rng)
    accepted = accept(sent, journey, quality.of("acceptance_hours", vendor, day), rng)
    ended_by, ending = choose_endings(placed, lines, vendors, calendar.day_count, rng)
    ended = end(placed, order, (sent, accepted, journey.ship_by_at), (ended_by, ending), rng)
    goes_on, by_vendor = ended_by == NOBODY, ended_by == VENDOR
    withdrawn = by_vendor & (ending == CANCELLED)
    taken = goes_on | withdrawn | ((accepted < ended) & (ending != AUTO_REJECTED))
    shipped = np.where(goes_on, journey.shipped_at, NEVER)
    delivered = np.where(goes_on, journey.delivered_at, NEVER)
    through = vendors.has_third_party[vendor] & (rng.random(count) < USES_THIRD_PARTY)
    returned, defective = send_back(delivered, vendor, day, vendors, rng)
    stopped = first_of(placed.who.size, order, np.where(goes_on | by_vendor, NEVER, ended))
    scanned = np.minimum(shipped + rng.integers(900, 6 * 3_600, count), journey.attempted_at - 1)
    fate = Fate(
        approved_at=np.where(approved < stopped, approved, NEVER),
        ended_by=ended_by,
        ending=ending,
        ended_at=ended,
        sent_at=np.where(sent < stopped[order], sent, NEVER),
        accepted_at=np.where(taken, accepted, NEVER),
        handed_over_at=np.where(through & goes_on, hand_over(accepted, journey, rng), NEVER),
        ship_by_at=journey.ship_by_at,
        promised_at=journey.promised_at,
        shipped_at=shipped,
        scanned_at=np.where(goes_on, scanned, NEVER),
        attempted_at=np.where(delivered < NEVER, journey.attempted_at, NEVER),
        delivered_at=delivered,
        returned_at=returned,
        refunded_at=np.where(returned < NEVER, returned + 2 * 86_400, NEVER),
        has_third_party=through,
        is_tracked=rng.random(count) >= quality.of("untracked", vendor, day),
        is_defective=defective,
    )
    return give_up(fate, rng)


def give_up(fate: Fate, rng: np.random.Generator) -> Fate:
    """The fate of parts whose parcel is lost: one day they are cancelled, and the money goes back.

    It is during the day, counted from the promise or from a handover that was later still.
    """
    lost = (fate.shipped_at < NEVER) & (fate.delivered_at == NEVER)
    first, last = GIVEN_UP_AFTER_DAYS
    after = rng.integers(first, last + 1, lost.size) * DAY - rng.integers(0, 8 * 3_600, lost.size)
    given_up = np.maximum(fate.promised_at, fate.shipped_at) + after
    return replace(
        fate,
        ended_by=np.where(lost, CARRIER, fate.ended_by),
        ending=np.where(lost, CANCELLED, fate.ending),
        ended_at=np.where(lost, given_up, fate.ended_at),
    )


def accept(sent: Ints, journey: Journey, hours: Floats, rng: np.random.Generator) -> Ints:
    """When each part is accepted, if it is: before it is handed over, and before that is due."""
    accepted = sent + (rng.exponential(hours) * 3_600).astype(np.int64)
    latest: Ints = np.minimum(journey.shipped_at, journey.ship_by_at) - 1_400
    return np.minimum(accepted, latest)


def first_of(orders: int, order: Ints, at: Ints) -> Ints:
    """The first instant of each order, NEVER without one."""
    first = np.full(orders, NEVER)
    np.minimum.at(first, order, at)
    return first


def end(
    placed: Placed,
    order: Ints,
    moments: tuple[Ints, Ints, Ints],
    endings: tuple[Ints, Ints],
    rng: np.random.Generator,
) -> Ints:
    """When each part is ended, NEVER for most; the moments are sending, acceptance, deadline."""
    (sent, accepted, ship_by), (ended_by, ending) = moments, endings
    early = placed.ordered_at + rng.integers(300, 6 * 3600, placed.who.size)
    waits = (rng.random(order.size) * (ship_by - accepted)).astype(np.int64)
    ways = (
        ((ended_by == BUYER) | (ended_by == PLATFORM), early[order]),
        ((ending == REFUSED) | (ending == UNAVAILABLE), accepted),
        (ending == AUTO_REJECTED, sent + 2 * 86_400),
        (ending == CANCELLED, accepted + np.maximum(waits, 60)),
    )
    return np.select([way for way, _ in ways], [at for _, at in ways], NEVER)


def pass_on(
    placed: Placed, order: Ints, calendar: Calendar, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """When each order is approved, and each part sent to its vendor, if it is."""
    approved = placed.ordered_at + rng.integers(60, 7_200, placed.who.size)
    sent = approved[order] + rng.integers(30, 900, order.size)
    day = placed.day[order]
    repaired = calendar.midnight[day + 1] + rng.integers(9 * 3_600, 11 * 3_600, order.size)
    return approved, np.where(on_a_day_of_fault(day, calendar.day_count), repaired, sent)


def hand_over(accepted: Ints, journey: Journey, rng: np.random.Generator) -> Ints:
    """When the vendor gives a part to its fulfiller: late itself, or late in the other's hands."""
    late = journey.shipped_at > journey.ship_by_at
    own = late & (rng.random(late.size) >= THIRD_PARTY_CAUSES)
    begins = np.where(own, journey.ship_by_at, accepted)
    ends = np.where(own, journey.shipped_at, np.minimum(journey.shipped_at, journey.ship_by_at))
    share = 0.1 + 0.8 * rng.random(late.size)
    given: Ints = begins + (share * (ends - begins)).astype(np.int64)
    return given


def send_back(
    delivered: Ints, vendor: Ints, day: Ints, vendors: Vendors, rng: np.random.Generator
) -> tuple[Ints, Bools]:
    """When what arrived is returned, and whether its goods are at fault."""
    dice = rng.random(delivered.size)
    defective = dice < vendors.quality.of("defective", vendor, day)
    sent_back = ~defective & (dice > 1 - vendors.quality.of("sent_back", vendor, day))
    comes_back = (defective | sent_back) & (delivered < NEVER)
    returned = delivered + rng.integers(1, 14 * 86_400, delivered.size)
    return np.where(comes_back, returned, NEVER), defective & comes_back


def choose_endings(
    placed: Placed, lines: Lines, vendors: Vendors, days: int, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Who ends each part and how: buyer and platform end whole orders, a vendor its own part."""
    order, vendor = lines.part_order, lines.part_vendor
    day = placed.day[order]
    dice = rng.random(placed.who.size)[order]
    by_vendor = rng.random(order.size)
    way = rng.random(order.size)
    cancelling = vendors.quality.of("cancels", vendor, day)
    cancels = by_vendor < cancelling
    lacking = cancelling + vendors.quality.of("unavailable", vendor, day)
    lacks = ~cancels & (by_vendor < lacking)
    manner = np.where(way < 0.4, REFUSED, np.where(way < 0.55, AUTO_REJECTED, CANCELLED))
    ended_by = np.where(cancels | lacks, VENDOR, NOBODY)
    ending = np.where(cancels, manner, np.where(lacks, UNAVAILABLE, NO_END))
    platform = np.where(on_a_day_of_fault(day, days), FAULT_CANCELS, PLATFORM_CANCELS)
    above = np.where(dice < BUYER_CANCELS, BUYER, NOBODY)
    above = np.where((above == NOBODY) & (dice < BUYER_CANCELS + platform), PLATFORM, above)
    whole = above != NOBODY
    return np.where(whole, above, ended_by), np.where(whole, CANCELLED, ending)
