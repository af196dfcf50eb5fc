"""The returns feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import latest, pick, taken
from sources.simulator.orders.journeys import on_a_day_of_fault
from sources.simulator.orders.returns import LATE, REASONS, Returned
from sources.simulator.orders.states import Known, line_ids, order_ids
from sources.simulator.world.countries import CURRENCY_CODES

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.world.world import World

BUYER, VENDOR, CARRIER, PLATFORM = range(4)
FAULT_NAMES = ("buyer", "vendor", "carrier", "platform")
FAULTS = np.array([VENDOR, VENDOR, VENDOR, BUYER, BUYER, CARRIER, CARRIER])
TRAVEL_SECONDS = 86_400  # from the buyer's announcement to the vendor's hands


def fault_of_lateness(known: Known, part: Ints, days: int) -> Ints:
    """Who made parts late: the platform, the vendor that handed over late, or the carrier."""
    failed = on_a_day_of_fault(known.placed.day[known.lines.part_order[part]], days)
    sent_late = known.fate.shipped_at[part] > known.fate.ship_by_at[part]
    return np.where(failed, PLATFORM, np.where(sent_late, VENDOR, CARRIER))


def return_rows(world: World, known: Known, returned: Returned) -> pl.DataFrame:
    """The returns feed: asked for, received a day later, refunded the day after that."""
    placed, lines, fate = known.placed, known.lines, known.fate
    mine, part = returned.line, lines.part[returned.line]
    asked, refunded = fate.returned_at[part], fate.refunded_at[part]
    received = asked + TRAVEL_SECONDS
    stage = np.where(refunded < known.cutoff, 2, np.where(received < known.cutoff, 1, 0))
    judged = pl.Series(received < known.cutoff)
    late = fault_of_lateness(known, part, world.calendar.day_count)
    fault = np.where(returned.reason == LATE, late, FAULTS[returned.reason])
    return pl.DataFrame(
        {
            "return_id": taken(line_ids(placed, lines), mine) + "-B",
            "order_id": order_ids(placed.number[lines.order[mine]]),
            "order_line_id": taken(line_ids(placed, lines), mine),
            "vendor_id": taken(world.vendors.ids, lines.vendor[mine]),
            "reason": pick(REASONS, returned.reason),
            "status": pick(("requested", "received", "refunded"), stage),
            "fault": pick(FAULT_NAMES, fault).set(~judged, None),
            "currency_code": pick(CURRENCY_CODES, placed.storefront[lines.order[mine]]),
            "quantity": returned.thousandths,
            "refund_amount": pl.Series(returned.paid_back_cents).set(
                pl.Series(refunded >= known.cutoff), None
            ),
            "requested_at": asked,
            "received_at": known.before(received),
            "refunded_at": known.before(refunded),
            "updated_at": latest(known.cutoff, asked, received, refunded),
        }
    ).filter(pl.Series(asked < known.cutoff))
