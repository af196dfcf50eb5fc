"""The shipments feed: one per vendor's part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, number_within
from sources.simulator.cells import latest, pick
from sources.simulator.orders.states import Known, order_ids, part_ids
from sources.simulator.world.vendor_laws import CARRIERS

if TYPE_CHECKING:
    from sources.simulator.world.vendors import Vendors


def shipment_rows(known: Known, vendors: Vendors) -> pl.DataFrame:
    """The shipments feed: one shipment per part from the moment it is accepted, sent or not."""
    placed, lines, fate = known.placed, known.lines, known.fate
    order = lines.part_order
    # Planned once its vendor accepts it; a plan stays when the part is cancelled after that.
    keep = fate.accepted_at < known.cutoff
    shipped = fate.shipped_at < known.cutoff
    number = pl.Series(placed.number[order] * 100 + number_within(order))
    carrier = pick(tuple(c.name for c in CARRIERS), vendors.carrier[lines.part_vendor])
    tracked = shipped & (placed.number[order] % 50 != 0)
    tracking = "TRK" + ((number * 48_271) % 10_000_000_000).cast(pl.String).str.zfill(10)
    return pl.DataFrame(
        {
            "shipment_id": part_ids(placed, order, "S"),
            "order_id": order_ids(placed.number[order]),
            "vendor_id": vendors.ids.gather(pl.Series(lines.part_vendor)),
            "carrier": carrier,
            "tracking_number": tracking.set(pl.Series(~tracked), None),
            "fulfilled_by": pl.repeat("vendor", order.size, eager=True),
            "ship_by_at": fate.ship_by_at,
            "promised_at": fate.promised_at,
            "shipped_at": known.before(fate.shipped_at),
            "first_scan_at": known.before(np.where(tracked, fate.scanned_at, NEVER)),
            "delivered_at": known.before(fate.delivered_at),
            "updated_at": latest(
                known.cutoff,
                fate.accepted_at,
                fate.shipped_at,
                fate.delivered_at,
            ),
        }
    ).filter(pl.Series(keep))
