"""Returns: which lines of a returned part come back, why, and what is paid back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Ints
from sources.simulator.cells import latest, pick
from sources.simulator.orders.journeys import on_a_day_of_fault
from sources.simulator.orders.returned import Returned
from sources.simulator.orders.states import Known, line_ids, order_ids
from sources.simulator.orders.terms import tax_of
from sources.simulator.world.countries import CURRENCY_CODES

if TYPE_CHECKING:
    from sources.simulator.world.world import World

REASONS = (
    "not_as_described", "wrong_item", "missing_parts", "changed_mind", "other", "damaged", "late",
)  # fmt: skip
OF_DEFECTS = 3  # the first reasons are those of goods that are not what was ordered
LATE = 6
BUYER, VENDOR, CARRIER, PLATFORM = range(4)
FAULT_NAMES = ("buyer", "vendor", "carrier", "platform")
FAULTS = np.array([VENDOR, VENDOR, VENDOR, BUYER, BUYER, CARRIER, CARRIER])
TRAVEL_SECONDS = 86_400  # from the buyer's announcement to the vendor's hands


def send_lines_back(known: Known, rng: np.random.Generator) -> Returned:
    """The first line of a returned part always comes back, each other one every second time."""
    lines, fate = known.lines, known.fate
    whole = rng.random(lines.order.size)
    units = rng.random(lines.order.size)
    defect = rng.choice(OF_DEFECTS, lines.order.size, p=[0.6, 0.25, 0.15])
    reason = OF_DEFECTS + rng.choice(LATE - OF_DEFECTS, lines.order.size, p=[0.65, 0.15, 0.2])
    first = np.zeros(lines.order.size, dtype=np.bool_)
    first[np.unique(lines.part, return_index=True)[1]] = True
    mine = np.flatnonzero((fate.returned_at[lines.part] < NEVER) & (first | (whole < 0.5)))
    bought = lines.quantity[mine]
    some = np.ceil(units[mine] * bought).astype(np.int64)
    quantity = np.where(whole[mine] < 0.8, bought, np.maximum(some, 1))
    part = lines.part[mine]
    was_late = fate.delivered_at[part] > fate.promised_at[part]
    other = np.where(was_late & (units[mine] < 0.6), LATE, reason[mine])
    refund = (2 * lines.gmv_cents[mine] * quantity + bought) // (2 * bought)
    return Returned(
        line=mine,
        quantity=quantity,
        refund_cents=refund,
        tax_cents=tax_of(refund, known.placed.country[lines.order[mine]]),
        reason=np.where(fate.is_defective[part], defect[mine], other),
    )


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
            "return_id": line_ids(placed, lines).gather(pl.Series(mine)) + "-B",
            "order_id": order_ids(placed.number[lines.order[mine]]),
            "order_line_id": line_ids(placed, lines).gather(pl.Series(mine)),
            "vendor_id": world.vendors.ids.gather(pl.Series(lines.vendor[mine])),
            "reason": pick(REASONS, returned.reason),
            "status": pick(("requested", "received", "refunded"), stage),
            "fault": pick(FAULT_NAMES, fault).set(~judged, None),
            "currency_code": pick(CURRENCY_CODES, placed.storefront[lines.order[mine]]),
            "quantity": returned.quantity,
            "refund_amount": pl.Series(returned.refund_cents + returned.tax_cents).set(
                pl.Series(refunded >= known.cutoff), None
            ),
            "requested_at": asked,
            "received_at": known.before(received),
            "refunded_at": known.before(refunded),
            "updated_at": latest(known.cutoff, asked, received, refunded),
        }
    ).filter(pl.Series(asked < known.cutoff))
