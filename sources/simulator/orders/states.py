"""What the shop knows of its orders at an instant: states, versions, ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Ints, number_within
from sources.simulator.cells import before, latest, numbered, only, taken
from sources.simulator.orders.baskets import per_order
from sources.simulator.orders.extras import coupon_shares, express_cents
from sources.simulator.orders.fulfilment import UNAVAILABLE, Fate
from sources.simulator.orders.terms import tax_of

if TYPE_CHECKING:
    from sources.simulator.orders.placed import Lines, Placed

CREATED, APPROVED, PROCESSING, INVOICED, SHIPPED, DELIVERED, CANCELLED, LACKING = range(8)
STATUS = (
    "created", "approved", "processing", "invoiced", "shipped", "delivered", "cancelled",
    "unavailable",
)  # fmt: skip
ENDERS = ("", "buyer", "platform", "vendor", "platform")  # the platform ends what a carrier lost


@dataclass(frozen=True, slots=True)
class Known:
    """Orders, what will become of them, and the states they have reached before a cutoff."""

    placed: Placed
    lines: Lines
    fate: Fate
    cutoff: int
    coupon_cents: Ints  # of each line, before tax: its share of what is taken off the order
    part_status: Ints
    order_status: Ints
    order_over_at: Ints  # NEVER while any part lives; its money goes back then
    order_ended_at: Ints  # the same where it was cancelled, not merely unavailable
    order_ended_by: Ints
    part_changed_at: Ints
    order_changed_at: Ints

    @property
    def coupon_tax_cents(self) -> Ints:
        """The tax that each line's share of a coupon takes off."""
        return tax_of(self.coupon_cents, self.placed.country[self.lines.order])

    def before(self, instant: Ints) -> pl.Series:
        """The instants that have come, null for the rest."""
        return before(instant, self.cutoff)


def judge(placed: Placed, lines: Lines, fate: Fate, cutoff: int) -> Known:
    """The states before the cutoff."""
    order = lines.part_order
    ended = fate.ended_at < cutoff
    working = np.where(placed.clock[order] == 1, INVOICED, PROCESSING)
    status = np.where(fate.approved_at[order] < cutoff, APPROVED, CREATED)
    for instant, stage in (
        (fate.accepted_at, working),
        (fate.shipped_at, np.full(order.size, SHIPPED)),
        (fate.delivered_at, np.full(order.size, DELIVERED)),
    ):
        status = np.where(instant < cutoff, stage, status)
    status = np.where(ended, np.where(fate.ending == UNAVAILABLE, LACKING, CANCELLED), status)
    first = np.flatnonzero(np.diff(order, prepend=-1))
    live = np.where(ended, 99, status)
    slowest = np.minimum.reduceat(live, first)
    lacking = np.minimum.reduceat(status, first) == LACKING
    order_status = np.where(slowest < 99, slowest, np.where(lacking, LACKING, CANCELLED))
    over = slowest == 99
    end = np.maximum.reduceat(np.where(ended, fate.ended_at, 0), first)
    moments = (fate.approved_at[order], fate.accepted_at, fate.shipped_at, fate.delivered_at)
    changed = latest(cutoff, placed.ordered_at[order], *moments, fate.ended_at)
    return Known(
        placed=placed,
        lines=lines,
        fate=fate,
        cutoff=cutoff,
        coupon_cents=coupon_shares(placed, lines),
        part_status=status,
        order_status=order_status,
        order_over_at=np.where(over, end, NEVER),
        order_ended_at=np.where(over & ~lacking, end, NEVER),
        order_ended_by=np.where(over & ~lacking, fate.ended_by[first], 0),
        part_changed_at=changed,
        order_changed_at=np.maximum.reduceat(changed, first),
    )


def order_ids(number: Ints) -> pl.Series:
    return numbered("O-", number + 100_000_001)


def line_ids(placed: Placed, lines: Lines) -> pl.Series:
    return order_ids(placed.number[lines.order]) + numbered("-", lines.position)


def only_lines(placed: Placed, lines: Lines) -> pl.Series:
    """Per part the id of its line, null where it has several."""
    first, count = np.unique(lines.part, return_index=True, return_counts=True)[1:]
    return only(taken(line_ids(placed, lines), first), count == 1)


def order_totals(known: Known) -> tuple[Ints, Ints, Ints]:
    """What a coupon takes off each order, its tax, and what it costs in all, in its cents."""
    placed, lines = known.placed, known.lines
    express, coupon = express_cents(placed), per_order(lines, known.coupon_cents)
    tax = per_order(lines, lines.tax_cents - known.coupon_tax_cents)
    tax = tax + tax_of(express, placed.country)
    before_tax = per_order(lines, lines.gmv_cents + lines.shipping_cents) + express - coupon
    return coupon, tax, before_tax + tax


def part_ids(placed: Placed, order: Ints, letter: str) -> pl.Series:
    """Ids of rows of which an order may have several: O-100000001-S1, -S2, ..."""
    number = pl.Series(number_within(order)).cast(pl.String)
    return order_ids(placed.number[order]) + f"-{letter}" + number
