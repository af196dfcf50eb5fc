"""What is paid out to vendors: two weeks' deliveries less commission, refunds and fees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Ints
from sources.simulator.cells import before, latest, pick
from sources.simulator.chance import stream
from sources.simulator.feeds.invoices import per_part
from sources.simulator.feeds.vendor_contracts import monthly_fee_cents
from sources.simulator.orders.differences import DifferenceBook, plant_in_payouts
from sources.simulator.world.laws import CURRENCY_CODE

if TYPE_CHECKING:
    from sources.simulator.feeds.returns import Returned
    from sources.simulator.orders.states import Known
    from sources.simulator.world.world import World

PERIOD_DAYS = 14
CLOSED_SECOND = 6 * 3600  # the local time of the morning after, when a payout is drawn up
PAID_AFTER_DAYS = 4
GROSS, SHIPPING, COMMISSION, REFUND = range(4)


class Payouts:
    """Cents per vendor and period, gathered while the orders are made."""

    def __init__(self, world: World) -> None:
        self._world = world
        periods = -(-world.calendar.day_count // PERIOD_DAYS)
        self.cents = np.zeros((4, len(world.vendors.ids), periods), dtype=np.int64)

    def add(self, known: Known, returned: Returned) -> None:
        """Counts deliveries in the period of their delivery, refunds in that of the refund."""
        lines, fate = known.lines, known.fate
        parts = lines.part_order.size
        is_real = ~known.placed.is_test[lines.part_order]
        arrived = np.where(is_real, fate.delivered_at, NEVER)
        for what, cents in (
            (GROSS, lines.gmv_cents),
            (SHIPPING, lines.shipping_cents),
            (COMMISSION, lines.commission_cents),
        ):
            self._count(what, lines.part_vendor, arrived, per_part(lines.part, cents, parts))
        back = per_part(lines.part[returned.line], returned.refund_cents, parts)
        refunded = np.where(is_real, fate.refunded_at, NEVER)
        self._count(REFUND, lines.part_vendor, refunded, back)

    def _count(self, what: int, vendor: Ints, at: Ints, cents: Ints) -> None:
        day = self._world.calendar.days_of(at)
        mine = np.flatnonzero((day < self._world.calendar.day_count) & (at < NEVER))
        np.add.at(self.cents[what], (vendor[mine], day[mine] // PERIOD_DAYS), cents[mine])

    def rows(self, book: DifferenceBook) -> pl.DataFrame:
        """The payouts feed as known before the cutoff: periods that have ended."""
        world, calendar = self._world, self._world.calendar
        vendor, period = (axis.ravel() for axis in np.indices(self.cents.shape[1:]))
        gross, shipping, commission, refund = self.cents.reshape(4, -1)
        last = (period + 1) * PERIOD_DAYS - 1
        ended = np.minimum(last + 1, calendar.day_count + 1)
        drawn = calendar.midnight[ended] + CLOSED_SECOND
        paid = calendar.midnight[ended + PAID_AFTER_DAYS] + CLOSED_SECOND
        held = np.where(gross > 0, monthly_fee_cents(world.vendors, world.seed)[vendor] // 2, 0)
        fault, refunded, kept = plant_in_payouts(
            refund, commission, world.size.differences_per_thousand, stream(world.seed, 54)
        )
        net = gross + shipping - kept - refunded - held
        ids = payout_ids(world, vendor, period)
        names = world.vendors.ids.gather(pl.Series(vendor))
        frame = pl.DataFrame(
            {
                "payout_id": ids,
                "vendor_id": names,
                "status": pick(("open", "paid"), (paid < world.cutoff).astype(np.int64)),
                "currency_code": pl.repeat(CURRENCY_CODE, vendor.size, eager=True),
                "gross_amount": gross,
                "shipping_amount": shipping,
                "commission_amount": kept,
                "refund_amount": refunded,
                "fee_amount": held,
                "net_amount": net,
                "period_start": calendar.dates_of(period * PERIOD_DAYS),
                "period_end": calendar.dates_of(last),
                "paid_at": before(paid, world.cutoff),
                "updated_at": latest(world.cutoff, drawn, paid),
            }
        )
        is_whole = (drawn < world.cutoff) & (last < calendar.day_count)
        mine = pl.Series(((gross > 0) | (refund > 0)) & is_whole)
        true = gross + shipping - commission - refund - held
        book.note_payouts(fault, ids, (names, drawn, true, net), mine.to_numpy())
        return frame.filter(mine)


def payout_ids(world: World, vendor: Ints, period: Ints) -> pl.Series:
    """The vendor and the number of its fortnight."""
    names = "PO-" + world.vendors.ids + "-"
    return names.gather(pl.Series(vendor)) + pl.Series(period + 1).cast(pl.String)
