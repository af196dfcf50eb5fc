"""The shipments feed: one per vendor's part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Ints, number_within
from sources.simulator.cells import latest, only, pick, taken
from sources.simulator.orders.states import Known, only_lines, order_ids, part_ids
from sources.simulator.world.countries import COUNTRIES
from sources.simulator.world.vendor_laws import CARRIERS

if TYPE_CHECKING:
    from sources.simulator.world.vendors import Vendors

FULFILLERS = ("vendor", "third_party")
COUNTRY_CODES = tuple(country.code for country in COUNTRIES)


def shipment_rows(known: Known, vendors: Vendors) -> pl.DataFrame:
    """The shipments feed: one shipment per part from the moment it is accepted, sent or not."""
    placed, lines, fate = known.placed, known.lines, known.fate
    order = lines.part_order
    # Planned once its vendor accepts it; a plan stays when the part is cancelled after that.
    keep = fate.accepted_at < known.cutoff
    scanned = np.where(fate.is_tracked, fate.scanned_at, NEVER)
    moments = (fate.shipped_at, scanned, fate.attempted_at, fate.delivered_at)
    return pl.DataFrame(
        {
            "shipment_id": part_ids(placed, order, "S"),
            "order_id": order_ids(placed.number[order]),
            "vendor_id": taken(vendors.ids, lines.part_vendor),
            # A fulfiller plans by line; where it packs several, the shipment covers them all.
            "order_line_id": only(only_lines(placed, lines), fate.has_third_party),
            "carrier": pick(tuple(c.name for c in CARRIERS), vendors.carrier[lines.part_vendor]),
            "tracking_number": tracking_numbers(known, placed.number[order]),
            "fulfilled_by": pick(FULFILLERS, fate.has_third_party.astype(np.int64)),
            "ship_country_code": pick(COUNTRY_CODES, placed.country[order]),
            "ship_by_at": fate.ship_by_at,
            "promised_at": fate.promised_at,
            "shipped_at": known.before(fate.shipped_at),
            "first_scan_at": known.before(scanned),
            "first_attempt_at": known.before(fate.attempted_at),
            "delivered_at": known.before(fate.delivered_at),
            "updated_at": latest(known.cutoff, fate.accepted_at, *moments),
        }
    ).filter(pl.Series(keep))


def tracking_numbers(known: Known, order_number: Ints) -> pl.Series:
    """The carrier's number of what was handed over; without a scan it is missing or made up.

    Of those without one a third has none, a third the order's number, a third one that looks right.
    """
    fate = known.fate
    number = pl.Series(order_number * 100 + number_within(known.lines.part_order))
    valid = "TRK" + ((number * 48_271) % 10_000_000_000).cast(pl.String).str.zfill(10)
    manner = np.where(fate.is_tracked, 2, order_number % 3)
    written = pl.select(
        pl.when(pl.Series(manner == 2))
        .then(valid)
        .when(pl.Series(manner == 1))
        .then(pl.Series(order_number).cast(pl.String))
        .alias("tracking_number")
    ).to_series()
    return written.set(pl.Series(fate.shipped_at >= known.cutoff), None)
