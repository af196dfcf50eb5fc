"""The shipment events feed: what is reported of a parcel on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER
from sources.simulator.cells import numbered, pick, taken
from sources.simulator.feeds.shipments import FULFILLERS
from sources.simulator.orders.states import Known, part_ids

if TYPE_CHECKING:
    from sources.simulator.world.vendors import Vendors

EVENTS = (
    "label_created", "handed_over", "scanned", "out_for_delivery", "attempted", "delivered",
    "lost", "returned",
)  # fmt: skip
REPORTS_EVERY_STEP = 0  # place of the carrier that reports when a parcel is out for delivery


def shipment_event_rows(known: Known, vendors: Vendors) -> pl.DataFrame:
    """The events before the cutoff; of a parcel without a valid number there is only its label.

    The label is printed by whoever packs the parcel; the vendor's handover to a fulfiller that
    packs it is an event of the order, the fulfiller's to the carrier is one of the parcel.
    """
    lines, fate = known.lines, known.fate
    shipped, tracked = fate.shipped_at < NEVER, fate.is_tracked
    steps = tracked & (vendors.carrier[lines.part_vendor] == REPORTS_EVERY_STEP)
    out = np.maximum(fate.delivered_at - 4 * 3_600, fate.scanned_at)
    begins = np.where(fate.has_third_party, fate.handed_over_at, fate.accepted_at)
    label = begins + (fate.shipped_at - begins) * 3 // 4
    tried = fate.attempted_at < fate.delivered_at
    lost = shipped & tracked & (fate.delivered_at == NEVER)
    at = np.stack(
        [
            np.where(shipped, label, NEVER),
            np.where(shipped & tracked, fate.shipped_at, NEVER),
            np.where(shipped & tracked, fate.scanned_at, NEVER),
            np.where(steps & (fate.delivered_at < NEVER), out, NEVER),
            np.where(tracked & tried, fate.attempted_at, NEVER),
            np.where(tracked, fate.delivered_at, NEVER),
            np.where(lost, fate.ended_at, NEVER),
            np.where(tracked, fate.returned_at, NEVER),
        ],
        axis=1,
    )
    part, kind = np.nonzero(at < known.cutoff)
    shipment = taken(part_ids(known.placed, lines.part_order, "S"), part)
    return pl.DataFrame(
        {
            "shipment_event_id": shipment + numbered("-", kind + 1),
            "shipment_id": shipment,
            "event_type": pick(EVENTS, kind),
            "fulfiller": pick(FULFILLERS, fate.has_third_party[part].astype(np.int64)),
            "occurred_at": at[part, kind],
        }
    )
