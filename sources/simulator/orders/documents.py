"""The ERP's documents: invoices of each vendor's part, credit notes, dunning fees.

Invoices are before tax with the tax beside it, and agree with orders and payments to the cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Bools, Ints, number_within
from sources.simulator.cells import NOWHERE
from sources.simulator.orders.extras import express_cents
from sources.simulator.orders.terms import tax_of

if TYPE_CHECKING:
    from sources.simulator.orders.payment_plans import PaymentPlan
    from sources.simulator.orders.returns import Returned
    from sources.simulator.orders.states import Known
    from sources.simulator.world.world import World

INVOICE, CREDIT_NOTE, DUNNING_FEE = range(3)
PRIVATE_TERMS_DAYS = 14
DUNNED_AFTER = 10 * DAY
DUNNING_CENTS = np.array([500, 500, 2_000])  # by storefront, in its cents; damages bear no tax
WRITTEN_OFF_AFTER = 90 * DAY  # nobody runs after a fee for longer
CORRECTED = 0.012  # share of invoices that need a corrected document; five times where failing


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents, one entry each; instants that never come are NEVER."""

    suffix: pl.Series  # after the order's number
    order: Ints
    vendor: Ints  # NOWHERE for the marketplace's own
    kind: Ints
    net_cents: Ints
    shipping_cents: Ints
    tax_cents: Ints
    issued_at: Ints
    due_at: Ints
    half_paid_at: Ints  # NEVER where it is paid in one
    paid_at: Ints
    ended_at: Ints  # when it was cancelled or written off
    corrected_at: Ints

    def to_frame(self) -> pl.DataFrame:
        return pl.DataFrame({name: getattr(self, name) for name in self.__slots__})


def make_documents(
    world: World,
    known: Known,
    plan: PaymentPlan,
    returned: Returned,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Every document that there will ever be of the orders, as it should be."""
    goods = part_invoices(world, known, plan, rng)
    express = express_invoices(known, goods, plan)
    documents = [
        goods,
        dunning_fees(known, goods, world.buyers.is_business[known.placed.who]),
        cancellations(goods),
        return_credits(known, returned),
        *coupon_credits(known, goods),
        coupons_of_returns(known, returned),
        express,
        cancellations(express),
    ]
    return pl.concat([document.to_frame() for document in documents])


def issued_at(known: Known) -> Ints:
    """When each part is invoiced: to companies on acceptance, to consumers on dispatch."""
    lines, fate = known.lines, known.fate
    business = known.placed.clock[lines.part_order] == 1
    issued = np.where(business, fate.accepted_at, fate.shipped_at)
    # Who refuses a part has accepted nothing; and the shop's own tests are not invoiced.
    unfit = (issued >= fate.ended_at) | known.placed.is_test[lines.part_order]
    return np.where(unfit, NEVER, issued)


def payments_of(plan: PaymentPlan, order: Ints, issued: Ints, ended: Ints) -> tuple[Ints, Ints]:
    """When an invoice is paid half, NEVER where it is paid in one, and when it is paid in full.

    Nothing is paid before it is issued, or once it has ended.
    """
    once = np.maximum(plan.paid_at[order], issued)
    in_two = plan.second_paid_at[order] < NEVER
    rest = np.maximum(plan.second_paid_at[order], issued)
    half, full = np.where(in_two, once, NEVER), np.where(in_two, rest, once)
    return np.where(half < ended, half, NEVER), np.where(full < ended, full, NEVER)


def whole_end(known: Known) -> tuple[Ints, Bools]:
    """When the last part of each order ends, NEVER while one stands, and whether all do at once."""
    ended = known.fate.ended_at
    first = np.flatnonzero(np.diff(known.lines.part_order, prepend=-1))
    last = np.maximum.reduceat(ended, first)
    return last, (last < NEVER) & (last == np.minimum.reduceat(ended, first))


def per_part(part: Ints, cents: Ints, parts: int) -> Ints:
    """Sums of whole cents; doubles hold them exactly below 2**53."""
    return np.rint(np.bincount(part, cents, parts)).astype(np.int64)


def half_of(cents: Ints) -> Ints:
    """The first of two rates; the second is what is left."""
    return (cents + 1) // 2


def invoice_suffixes(known: Known) -> pl.Series:
    """What follows the order's number in the id of each part's invoice."""
    return "-I" + pl.Series(number_within(known.lines.part_order)).cast(pl.String)


def part_invoices(
    world: World, known: Known, plan: PaymentPlan, rng: np.random.Generator
) -> Documents:
    """One invoice per vendor's part that was invoiced at all."""
    lines, fate = known.lines, known.fate
    parts, order = lines.part_order.size, lines.part_order
    issued = issued_at(known)
    who = known.placed.who[order]
    on_invoice = plan.is_on_invoice[order]
    terms = np.where(
        world.buyers.is_business[who], world.profiles.terms_days[who], PRIVATE_TERMS_DAYS
    )
    due = issued + np.where(on_invoice, terms * DAY, 0)
    half, paid = payments_of(plan, order, issued, fate.ended_at)
    quality, day = world.vendors.quality, known.placed.day[order]
    fails = quality.of("ships_late", lines.part_vendor, day) > 0.15
    wrong = rng.random(parts) < CORRECTED * np.where(fails, 5, 1)
    corrected = issued + rng.integers(DAY, 10 * DAY, parts)
    mine = np.flatnonzero(issued < NEVER)
    return Documents(
        suffix=invoice_suffixes(known).gather(pl.Series(mine)),
        order=order[mine],
        vendor=lines.part_vendor[mine],
        kind=np.full(mine.size, INVOICE),
        net_cents=per_part(lines.part, lines.gmv_cents, parts)[mine],
        shipping_cents=per_part(lines.part, lines.shipping_cents, parts)[mine],
        tax_cents=per_part(lines.part, lines.tax_cents, parts)[mine],
        issued_at=issued[mine],
        due_at=due[mine],
        half_paid_at=half[mine],
        paid_at=paid[mine],
        ended_at=fate.ended_at[mine],
        corrected_at=np.where(wrong, corrected, NEVER)[mine],
    )


def settled(
    suffix: pl.Series,
    order: Ints,
    vendor: Ints,
    cents: tuple[Ints, Ints, Ints],
    at: Ints,
    kind: int = CREDIT_NOTE,
) -> Documents:
    """Documents that are settled the moment they are issued, as credit notes are."""
    never = np.full(order.size, NEVER)
    kinds = np.full(order.size, kind)
    return Documents(suffix, order, vendor, kinds, *cents, at, at, never, at, never, never)


def cancellations(invoices: Documents) -> Documents:
    """What was invoiced and then cancelled is credited in full."""
    mine = np.flatnonzero(invoices.ended_at < NEVER)
    suffix = invoices.suffix.gather(pl.Series(mine)) + "-C"
    cents = (invoices.net_cents[mine], invoices.shipping_cents[mine], invoices.tax_cents[mine])
    at = invoices.ended_at[mine]
    return settled(suffix, invoices.order[mine], invoices.vendor[mine], cents, at)


def return_credits(known: Known, returned: Returned) -> Documents:
    """The goods that came back are credited with their tax when they are refunded."""
    lines = known.lines
    keep = ~known.placed.is_test[lines.order[returned.line]]
    part, place = np.unique(lines.part[returned.line[keep]], return_inverse=True)
    goods = per_part(place, returned.refund_cents[keep], part.size)
    tax = per_part(place, returned.tax_cents[keep], part.size)
    suffix = invoice_suffixes(known).gather(pl.Series(part)) + "-R"
    cents = (goods, np.zeros(part.size, dtype=np.int64), tax)
    at = known.fate.refunded_at[part]
    return settled(suffix, lines.part_order[part], lines.part_vendor[part], cents, at)


def coupon_credits(known: Known, goods: Documents) -> tuple[Documents, Documents]:
    """What coupons take off, at the marketplace's expense, is credited with each part's invoice.

    The second documents charge it again, of parts that ended later.
    """
    lines, parts = known.lines, known.lines.part_order.size
    net, tax = (
        per_part(lines.part, cents, parts)[issued_at(known) < NEVER]
        for cents in (known.coupon_cents, known.coupon_tax_cents)
    )

    def of(mine: Ints, suffix: str, at: Ints, kind: int) -> Documents:
        cents = (net[mine], np.zeros(mine.size, dtype=np.int64), tax[mine])
        names = goods.suffix.gather(pl.Series(mine)) + suffix
        return settled(names, goods.order[mine], goods.vendor[mine], cents, at[mine], kind)

    ended = np.flatnonzero((net > 0) & (goods.ended_at < NEVER))
    return (
        of(np.flatnonzero(net > 0), "-V", goods.issued_at, CREDIT_NOTE),
        of(ended, "-V-C", goods.ended_at, INVOICE),
    )


def coupons_of_returns(known: Known, returned: Returned) -> Documents:
    """What coupons had taken off what came back is charged again: less is refunded."""
    lines = known.lines
    keep = np.flatnonzero(returned.coupon_cents > 0)
    part, place = np.unique(lines.part[returned.line[keep]], return_inverse=True)
    net = per_part(place, returned.coupon_cents[keep], part.size)
    tax = per_part(place, returned.coupon_tax_cents[keep], part.size)
    suffix = invoice_suffixes(known).gather(pl.Series(part)) + "-V-R"
    cents = (net, np.zeros(part.size, dtype=np.int64), tax)
    at = known.fate.refunded_at[part]
    return settled(suffix, lines.part_order[part], lines.part_vendor[part], cents, at, INVOICE)


def express_invoices(known: Known, goods: Documents, plan: PaymentPlan) -> Documents:
    """The surcharge is the marketplace's own, invoiced with the order's first part."""
    order, first = np.unique(goods.order, return_index=True)
    mine = express_cents(known.placed)[order] > 0
    order, first = order[mine], first[mine]
    cents = express_cents(known.placed)[order]
    issued, ended = goods.issued_at[first], whole_end(known)[0][order]
    half, paid = payments_of(plan, order, issued, ended)
    return Documents(
        suffix=pl.repeat("-X", order.size, dtype=pl.String, eager=True),
        order=order,
        vendor=np.full(order.size, NOWHERE),
        kind=np.full(order.size, INVOICE),
        net_cents=np.zeros(order.size, dtype=np.int64),
        shipping_cents=cents,
        tax_cents=tax_of(cents, known.placed.country[order]),
        issued_at=issued,
        due_at=goods.due_at[first],
        half_paid_at=half,
        paid_at=paid,
        ended_at=ended,
        corrected_at=np.full(order.size, NEVER),
    )


def dunning_fees(known: Known, goods: Documents, is_business: Bools) -> Documents:
    """A fee for each company's invoice that is open ten days after it was due."""
    at = goods.due_at + DUNNED_AFTER
    late = (goods.paid_at > at) & (goods.paid_at < NEVER) & is_business[goods.order]
    mine = np.flatnonzero(late)
    never, none = np.full(mine.size, NEVER), np.zeros(mine.size, dtype=np.int64)
    return Documents(
        suffix=goods.suffix.gather(pl.Series(mine)) + "-D",
        order=goods.order[mine],
        vendor=np.full(mine.size, NOWHERE),
        kind=np.full(mine.size, DUNNING_FEE),
        net_cents=DUNNING_CENTS[known.placed.storefront[goods.order[mine]]],
        shipping_cents=none,
        tax_cents=none,
        issued_at=at[mine],
        due_at=at[mine] + 14 * DAY,
        half_paid_at=never,
        paid_at=never,
        ended_at=at[mine] + WRITTEN_OFF_AFTER,
        corrected_at=never,
    )
