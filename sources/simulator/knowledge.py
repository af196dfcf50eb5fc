"""What the shop knows of its orders at an instant: states, versions, and the rows that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.buyers import customer_ids, has_second_record, record_ids
from sources.simulator.fulfilment import BUYER, PLATFORM, UNAVAILABLE, Fate
from sources.simulator.names import pick
from sources.simulator.world import CARRIERS, CURRENCY_CODE, NEVER, Bools, Ints

if TYPE_CHECKING:
    from sources.simulator.baskets import Lines, Placed
    from sources.simulator.catalogue import Products, Vendors

CREATED, APPROVED, PROCESSING, INVOICED, SHIPPED, DELIVERED, CANCELLED, LACKING = range(8)
STATUS = (
    "created", "approved", "processing", "invoiced", "shipped", "delivered", "cancelled",
    "unavailable",
)  # fmt: skip
ENDERS = ("", "buyer", "platform", "vendor")
CHANNELS = (
    ("web", "web", "web", "web", "web", "web", "web", "web", "phone", "in_person"),
    ("web", "web", "web", "edi", "edi", "api", "api", "phone", "fax", "import"),
)


@dataclass(frozen=True, slots=True)
class Known:
    """Orders, what will become of them, and the states they have reached before a cutoff."""

    placed: Placed
    lines: Lines
    fate: Fate
    cutoff: int
    part_status: Ints
    order_status: Ints
    order_over_at: Ints  # NEVER while any part lives; its money goes back then
    order_ended_at: Ints  # the same where it was cancelled, not merely unavailable
    order_ended_by: Ints
    part_changed_at: Ints
    order_changed_at: Ints

    def before(self, instant: Ints) -> pl.Series:
        """The instants that have come, null for the rest."""
        return before(instant, self.cutoff)


def before(instant: Ints, cutoff: int) -> pl.Series:
    """The instants before the cutoff, null for the rest."""
    return pl.select(
        pl.when(pl.Series(instant < cutoff)).then(pl.Series(instant)).alias("at")
    ).to_series()


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
        part_status=status,
        order_status=order_status,
        order_over_at=np.where(over, end, NEVER),
        order_ended_at=np.where(over & ~lacking, end, NEVER),
        order_ended_by=np.where(over & ~lacking, fate.ended_by[first], 0),
        part_changed_at=changed,
        order_changed_at=np.maximum.reduceat(changed, first),
    )


def latest(cutoff: int, *instants: Ints) -> Ints:
    """The latest of the instants before the cutoff."""
    last: Ints = np.maximum.reduce([np.where(at < cutoff, at, 0) for at in instants])
    return last


def order_ids(number: Ints) -> pl.Series:
    return "O-" + pl.Series(number + 100_000_001).cast(pl.String)


def line_ids(placed: Placed, lines: Lines) -> pl.Series:
    return order_ids(placed.number[lines.order]) + "-" + pl.Series(lines.position).cast(pl.String)


def named(words: tuple[str, ...], which: Ints) -> pl.Series:
    """The words at the given places, null for the empty word."""
    return pl.Series([word or None for word in words], dtype=pl.String).gather(pl.Series(which))


def order_rows(known: Known, rng: np.random.Generator) -> pl.DataFrame:
    """The orders feed."""
    placed = known.placed
    count = placed.who.size
    guest = has_second_record(placed.who) & (rng.random(count) < 0.4)
    dice = rng.integers(0, 10, count)
    channel = np.where(placed.clock == 1, dice + 10, dice)
    return pl.DataFrame(
        {
            "order_id": order_ids(placed.number),
            "customer_id": customer_ids(placed.who),
            "customer_record_id": record_ids(placed.who, guest),
            "status": named(STATUS, known.order_status),
            "channel": pick(CHANNELS[0] + CHANNELS[1], channel),
            "currency_code": pl.repeat(CURRENCY_CODE, count, eager=True),
            "cancelled_by": named(ENDERS, known.order_ended_by),
            "shipping_amount": express_cents(placed),
            "is_test": placed.is_test,
            "ordered_at": placed.ordered_at,
            "approved_at": known.before(known.fate.approved_at),
            "cancelled_at": known.before(known.order_ended_at),
            "updated_at": known.order_changed_at,
        }
    )


def express_cents(placed: Placed) -> Ints:
    """The surcharge some orders carry on top of their lines' shipping."""
    return np.where(placed.number * 7_919 % 100 < 4, 399, 0)


def line_rows(known: Known, vendors: Vendors, products: Products) -> pl.DataFrame:
    """The order lines feed."""
    placed, lines, fate = known.placed, known.lines, known.fate
    part = lines.part
    cancelled = known.part_status == CANCELLED
    return pl.DataFrame(
        {
            "order_line_id": line_ids(placed, lines),
            "order_id": order_ids(placed.number[lines.order]),
            "vendor_id": vendors.ids.gather(pl.Series(lines.vendor)),
            "product_id": products.ids.gather(pl.Series(lines.product)),
            "status": named(STATUS, known.part_status[part]),
            "cancelled_by": named(ENDERS, np.where(cancelled, fate.ended_by, 0)[part]),
            "quantity": lines.quantity,
            "unit_price": lines.unit_cents,
            "discount_amount": lines.discount_cents,
            "shipping_amount": lines.shipping_cents,
            "commission_amount": lines.commission_cents,
            "accepted_at": known.before(fate.accepted_at[part]),
            "ship_by_at": fate.ship_by_at[part],
            "promised_at": fate.promised_at[part],
            "cancelled_at": known.before(np.where(cancelled, fate.ended_at, NEVER)[part]),
            "updated_at": known.part_changed_at[part],
        }
    )


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


def number_within(group: Ints) -> Ints:
    """1, 2, ... within each run of equal values."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    return np.arange(group.size) - np.repeat(starts, np.diff(np.append(starts, group.size))) + 1


def part_ids(placed: Placed, order: Ints, letter: str) -> pl.Series:
    """Ids of rows of which an order may have several: O-100000001-S1, -S2, ..."""
    number = pl.Series(number_within(order)).cast(pl.String)
    return order_ids(placed.number[order]) + f"-{letter}" + number


def ended_above(fate: Fate) -> Bools:
    above: Bools = (fate.ended_by == BUYER) | (fate.ended_by == PLATFORM)
    return above
