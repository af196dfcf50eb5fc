"""When a vendor's part that nobody cancels is handed over and arrives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import NEVER
from sources.simulator.world.vendor_laws import (
    ATTEMPTED_FIRST,
    CARRIER_LOSES,
    CARRIERS,
    LATE_SHIPMENT_ARRIVES_LATE,
    outages,
    platform_faults,
)

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints
    from sources.simulator.world.calendar import Calendar
    from sources.simulator.world.vendors import Vendors

HANDOVER = 17 * 3600  # the hour by which a part has to be with the carrier
PROMISE = 18 * 3600  # the hour until which the buyer was promised it


@dataclass(frozen=True, slots=True)
class Journey:
    """The instants of every part."""

    ship_by_at: Ints
    promised_at: Ints
    shipped_at: Ints
    attempted_at: Ints
    delivered_at: Ints  # NEVER where the carrier loses it


def travel(
    ordered: tuple[Ints, Ints, Ints],
    vendor: Ints,
    vendors: Vendors,
    calendar: Calendar,
    rng: np.random.Generator,
) -> Journey:
    """Handover and arrival of what was ordered on a day, at an instant, from a country.

    Whether each is late is decided first, the instants follow from it. So the shares of late
    handovers and late arrivals are the truth's probabilities exactly: a part arrives late when the
    carrier is late, loses it or stands still, or when a late handover is not absorbed. On a day on
    which the platform failed everything is handed over a working day later than it would be.
    """
    day, ordered_at, buyer_country = ordered
    count, country = day.size, vendors.country[vendor]

    def at(number: Ints, second: Ints) -> Ints:
        return calendar.at(calendar.working_day[country, number], second)

    start = first_working_number(day, ordered_at, vendor, vendors, calendar)
    ship_by = start + vendors.handling_days[vendor]
    transit = rng.integers(2, 5, count)
    promise = ship_by + transit
    late_out = rng.random(count) < vendors.quality.of("ships_late", vendor, day)
    carried = late_out & (rng.random(count) < LATE_SHIPMENT_ARRIVES_LATE)
    manner = late_out.astype(np.int64) + carried
    slow = np.array([carrier.late_probability for carrier in CARRIERS])[vendors.carrier[vendor]]
    late_in = carried | (rng.random(count) < slow)
    lost = rng.random(count) < CARRIER_LOSES
    out_day, evening = handover_day(start, ship_by, transit, manner, rng)
    out_day = out_day + on_a_day_of_fault(day, calendar.day_count)
    out_second = np.where(evening, rng.integers(HANDOVER + 60, 20 * 3600, count), 0)
    out_second = np.where(evening, out_second, rng.integers(9 * 3600, HANDOVER, count))
    in_day, at_night = arrival_day(out_day, promise, late_in, rng)
    held = held_until((vendor, buyer_country), (out_day, in_day), vendors, calendar)
    after = np.maximum(promise, held) + rng.integers(1, 4, count)
    in_day, at_night = np.where(held > 0, after, in_day), at_night & (held == 0)
    in_second = np.where(
        at_night,
        rng.integers(PROMISE + 60, 21 * 3600, count),
        rng.integers(8 * 3600, PROMISE, count),
    )
    tried_before = (rng.random(count) < ATTEMPTED_FIRST) & (in_day - 1 > out_day)
    tried = at(in_day - tried_before, np.where(tried_before, 11 * 3600, in_second))
    return Journey(
        ship_by_at=at(ship_by, np.full(count, HANDOVER)),
        promised_at=at(promise, np.full(count, PROMISE)),
        shipped_at=at(out_day, out_second),
        attempted_at=tried,
        delivered_at=np.where(lost, NEVER, at(in_day, in_second)),
    )


def held_until(
    ways: tuple[Ints, Ints], days: tuple[Ints, Ints], vendors: Vendors, calendar: Calendar
) -> Ints:
    """Working day on which an outage of its carrier ends that holds a parcel up, 0 for most.

    The ways lead from a vendor into a country, the days are those of handover and arrival.
    """
    (vendor, buyer_country), (out_day, in_day) = ways, days
    country = vendors.country[vendor]
    until = np.zeros(vendor.size, dtype=np.int64)
    for outage in outages(calendar.day_count):
        held = (vendors.carrier[vendor] == outage.carrier) & (buyer_country == outage.country)
        held &= calendar.working_day[country, out_day] < outage.day_after
        held &= calendar.working_day[country, in_day] >= outage.first_day
        until = np.where(held, calendar.working_number[country, outage.day_after], until)
    return until


def first_working_number(
    day: Ints, ordered_at: Ints, vendor: Ints, vendors: Vendors, calendar: Calendar
) -> Ints:
    """The working day of its vendor that an order counts as of: after the cut-off, the next."""
    numbers: Ints = calendar.working_number[vendors.country[vendor], day]
    works = calendar.working_day[vendors.country[vendor], numbers] == day
    missed = ordered_at - calendar.midnight[day] > vendors.cut_off[vendor]
    counts_as: Ints = numbers + (works & missed)
    return counts_as


def on_a_day_of_fault(day: Ints, days: int) -> Bools:
    """Whether the platform failed on these days of a world of so many."""
    failed = np.zeros(day.size, dtype=np.bool_)
    for fault in platform_faults(days):
        failed |= (day >= fault.first_day) & (day < fault.day_after)
    return failed


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
