"""The order events feed: everything that happened, one row per event, in order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Bools, Ints
from sources.simulator.cells import NOWHERE, at_places, taken
from sources.simulator.orders.fulfilment import (
    AUTO_REJECTED,
    BUYER,
    CANCELLED,
    CARRIER,
    PLATFORM,
    REFUSED,
    UNAVAILABLE,
    VENDOR,
    Fate,
)
from sources.simulator.orders.states import Known, only_lines, order_ids

if TYPE_CHECKING:
    from sources.simulator.orders.placed import Lines, Placed
    from sources.simulator.world.vendors import Vendors

EVENTS = (
    "placed", "approved", "sent_to_vendor", "accepted", "refused", "auto_rejected", "cancelled",
    "handed_over", "shipped", "delivered", "returned", "refunded",
)  # fmt: skip
ACTORS = ("buyer", "vendor", "platform", "carrier", "third_party")


def order_event_rows(known: Known, vendors: Vendors) -> pl.DataFrame:
    """The events before the cutoff."""
    placed, lines, fate = known.placed, known.lines, known.fate
    everything = [*order_events(placed, lines, fate), *part_events(lines, fate)]
    order = np.concatenate([row[0] for row in everything])
    part = np.concatenate([row[1] for row in everything])
    kind = np.concatenate([np.full(row[0].size, EVENTS.index(row[2])) for row in everything])
    actor = np.concatenate([np.broadcast_to(row[3], row[0].size) for row in everything])
    at = np.concatenate([row[4] for row in everything])
    # Numbered over all that will happen, so that an event keeps its id when more becomes known.
    in_time = np.lexsort((part, kind, at, order))
    order, part, kind, actor, at = (a[in_time] for a in (order, part, kind, actor, at))
    starts = np.searchsorted(order, order, side="left")
    number = pl.Series(np.arange(order.size) - starts + 1).cast(pl.String)
    vendor = np.where(part == NOWHERE, NOWHERE, lines.part_vendor[part])
    by_line = np.isin(kind, [EVENTS.index("returned"), EVENTS.index("refunded")])
    return pl.DataFrame(
        {
            "order_event_id": order_ids(placed.number[order]) + "-E" + number,
            "order_id": order_ids(placed.number[order]),
            "order_line_id": at_places(only_lines(placed, lines), np.where(by_line, part, NOWHERE)),
            "vendor_id": at_places(vendors.ids, vendor),
            "event_type": taken(pl.Series(EVENTS, dtype=pl.String), kind),
            "actor": taken(pl.Series(ACTORS, dtype=pl.String), actor),
            "occurred_at": at,
        }
    ).filter(pl.Series(at < known.cutoff))


# Order, part (NOWHERE where it concerns the whole order), event, actor, instant.
Row = tuple[Ints, Ints, str, Ints, Ints]


def order_events(placed: Placed, lines: Lines, fate: Fate) -> list[Row]:
    """What concerns a whole order: placed, approved, cancelled by the buyer or the platform."""
    everyone = np.arange(placed.who.size)
    whole = np.unique(np.where(ended_above(fate), lines.part_order, -1))
    whole = whole[whole >= 0]
    first = np.searchsorted(lines.part_order, whole)
    actor = np.where(fate.ended_by[first] == PLATFORM, 2, 0)
    approved = np.flatnonzero(fate.approved_at < NEVER)
    return [
        (everyone, of_order(everyone), "placed", np.array(0), placed.ordered_at),
        (approved, of_order(approved), "approved", np.array(2), fate.approved_at[approved]),
        (whole, of_order(whole), "cancelled", actor, fate.ended_at[first]),
    ]


def of_order(order: Ints) -> Ints:
    return np.full(order.size, NOWHERE)


def part_events(lines: Lines, fate: Fate) -> list[Row]:
    """What concerns a vendor's part."""
    by_vendor = fate.ended_by == VENDOR
    lost = np.where(fate.ended_by == CARRIER, fate.ended_at, NEVER)

    def ended(*endings: int) -> Ints:
        return np.where(by_vendor & np.isin(fate.ending, endings), fate.ended_at, NEVER)

    planned: tuple[tuple[str, int | Ints, Ints], ...] = (
        ("sent_to_vendor", 2, fate.sent_at),
        ("accepted", 1, fate.accepted_at),
        ("refused", 1, ended(REFUSED, UNAVAILABLE)),
        ("auto_rejected", 2, ended(AUTO_REJECTED)),
        ("cancelled", 1, ended(CANCELLED)),
        ("handed_over", 1, fate.handed_over_at),
        ("shipped", np.where(fate.has_third_party, 4, 1), fate.shipped_at),
        ("delivered", 3, fate.delivered_at),
        ("cancelled", 2, lost),
        ("returned", 0, fate.returned_at),
        ("refunded", 2, fate.refunded_at),
    )
    rows: list[Row] = []
    for event, actor, instant in planned:
        mine = np.flatnonzero(instant < NEVER)
        rows.append(
            (
                lines.part_order[mine],
                mine,
                event,
                np.broadcast_to(actor, instant.size)[mine],
                instant[mine],
            )
        )
    return rows


def ended_above(fate: Fate) -> Bools:
    above: Bools = (fate.ended_by == BUYER) | (fate.ended_by == PLATFORM)
    return above
