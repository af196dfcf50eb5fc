"""What is paid out to vendors: two weeks' deliveries less commission, refunds and fees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Bools, Ints
from sources.simulator.cells import before, latest, pick, taken
from sources.simulator.chance import hashed, stream
from sources.simulator.feeds.vendor_contracts import monthly_fee_cents
from sources.simulator.orders.differences import DifferenceBook, plant_in_payouts
from sources.simulator.orders.documents import per_part
from sources.simulator.world.countries import CURRENCY_CODES, STOREFRONTS

if TYPE_CHECKING:
    from sources.simulator.orders.returns import Returned
    from sources.simulator.orders.states import Known
    from sources.simulator.world.world import World

PERIOD_DAYS = 14
CLOSED_SECOND = 6 * 3600  # the local time of the morning after, when a payout is drawn up
PAID_AFTER_DAYS = 4
STATUS = ("open", "held", "paid")
PAID = 2
HELD = 0.02  # share of payouts that are held back while the vendor is looked at
HELD_DAYS = 18
BOUNCED = 0.004  # share of payouts that the bank first sends back
GROSS, SHIPPING, COMMISSION, REFUND = range(4)


class Payouts:
    """Cents per vendor, storefront and period, gathered while the orders are made.

    What was sold in one currency is paid out in it; taxes are the marketplace's to hand on.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        periods = -(-world.calendar.day_count // PERIOD_DAYS)
        shape = (4, len(world.vendors.ids), len(STOREFRONTS), periods)
        self.cents = np.zeros(shape, dtype=np.int64)

    def add(self, known: Known, returned: Returned) -> None:
        """Counts deliveries in the period of their delivery, refunds in that of the refund."""
        lines, fate = known.lines, known.fate
        parts = lines.part_order.size
        is_real = ~known.placed.is_test[lines.part_order]
        arrived = np.where(is_real, fate.delivered_at, NEVER)
        storefront = known.placed.storefront[lines.part_order]
        owner = (lines.part_vendor, storefront)
        for what, cents in (
            (GROSS, lines.gmv_cents),
            (SHIPPING, lines.shipping_cents),
            (COMMISSION, lines.commission_cents),
        ):
            self._count(what, owner, arrived, per_part(lines.part, cents, parts))
        back = per_part(lines.part[returned.line], returned.refund_cents, parts)
        refunded = np.where(is_real, fate.refunded_at, NEVER)
        self._count(REFUND, owner, refunded, back)

    def _count(self, what: int, owner: tuple[Ints, Ints], at: Ints, cents: Ints) -> None:
        day = self._world.calendar.days_of(at)
        mine = np.flatnonzero((day < self._world.calendar.day_count) & (at < NEVER))
        vendor, storefront = (places[mine] for places in owner)
        np.add.at(self.cents[what], (vendor, storefront, day[mine] // PERIOD_DAYS), cents[mine])

    def rows(self, book: DifferenceBook) -> pl.DataFrame:
        """The payouts feed as known before the cutoff: periods that have ended."""
        world, calendar = self._world, self._world.calendar
        vendor, storefront, period = (axis.ravel() for axis in np.indices(self.cents.shape[1:]))
        gross, shipping, commission, refund = self.cents.reshape(4, -1)
        last = (period + 1) * PERIOD_DAYS - 1
        number = (vendor * len(STOREFRONTS) + storefront) * self.cents.shape[3] + period
        held_back = hashed(number, 140, 1_000) < HELD * 1_000
        drawn, paid = self._times(last, held_back)
        # The plan is in euros, and so is what is held for it.
        fee = monthly_fee_cents(world.vendors, world.seed)[vendor] // 2
        held = np.where((gross > 0) & (storefront == 0), fee, 0)
        share, rng = world.size.differences_per_thousand, stream(world.seed, 54)
        fault, refunded, kept = plant_in_payouts(refund, commission, share, rng)
        net = gross + shipping - kept - refunded - held
        stage = np.where(paid < world.cutoff, PAID, held_back.astype(np.int64))
        frame = pl.DataFrame(
            {
                "payout_id": payout_ids(world, vendor, storefront, period),
                "vendor_id": taken(world.vendors.ids, vendor),
                "status": pick(STATUS, stage),
                "currency_code": pick(CURRENCY_CODES, storefront),
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
        amounts = {"refunds": (refund, refunded), "commission": (commission, kept)}
        note_differences(book, frame, mine, (fault, drawn), amounts | {"net": (true, net)})
        bounced = pl.Series(hashed(number, 141, 1_000) < BOUNCED * 1_000)
        return pl.concat([failed_attempts(frame.filter(mine & bounced)), frame.filter(mine)])

    def _times(self, last: Ints, held_back: Bools) -> tuple[Ints, Ints]:
        """When the payout of a period with this last day is drawn up, and when it is paid."""
        calendar = self._world.calendar
        ended = np.minimum(last + 1, calendar.day_count + 1)
        wait = np.where(held_back, HELD_DAYS, PAID_AFTER_DAYS)
        drawn, paid = calendar.midnight[ended], calendar.midnight[ended + wait]
        return drawn + CLOSED_SECOND, paid + CLOSED_SECOND


def note_differences(
    book: DifferenceBook,
    frame: pl.DataFrame,
    mine: pl.Series,
    planted: tuple[Ints, Ints],
    amounts: dict[str, tuple[Ints, Ints]],
) -> None:
    """Notes what is planted wrong in delivered rows: the right amounts and those given."""
    chosen, kept = mine.to_numpy(), frame.filter(mine)
    fault, drawn = planted
    book.note_payouts(
        fault[chosen],
        (kept["payout_id"], kept["vendor_id"], kept["currency_code"], drawn[chosen]),
        {name: (right[chosen], got[chosen]) for name, (right, got) in amounts.items()},
    )


def failed_attempts(again: pl.DataFrame) -> pl.DataFrame:
    """What the bank sent back of payouts that were made again: the first attempts at them."""
    return again.drop_nulls("paid_at").with_columns(
        pl.col("payout_id") + "-F",
        status=pl.lit("failed"),
        paid_at=pl.lit(None, pl.Int64),
        updated_at=pl.col("paid_at") - DAY,
    )


def payout_ids(world: World, vendor: Ints, storefront: Ints, period: Ints) -> pl.Series:
    """The vendor, the number of its fortnight, and the currency where it is not the euro."""
    names = "PO-" + world.vendors.ids + "-"
    suffixes = tuple("" if place == 0 else f"-{code}" for place, code in enumerate(CURRENCY_CODES))
    numbers = pl.Series(period + 1).cast(pl.String)
    return taken(names, vendor) + numbers + pick(suffixes, storefront)
