"""The ERP's documents: invoices of each vendor's part, credit notes, dunning fees.

Prices of this world carry no tax, so that invoices and payments agree to the cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import NEVER, Bools, Ints, number_within
from sources.simulator.cells import NOWHERE, at_places, latest, only, pick
from sources.simulator.orders.differences import MISSING, DifferenceBook, plant_in_invoices
from sources.simulator.orders.states import Known, express_cents, order_ids
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.laws import CURRENCY_CODE
from sources.simulator.world.profiles import account_ids

if TYPE_CHECKING:
    from sources.simulator.feeds.returns import Returned
    from sources.simulator.orders.payment_plans import PaymentPlan
    from sources.simulator.world.world import World

INVOICE, CREDIT_NOTE, DUNNING_FEE = range(3)
KINDS = ("invoice", "credit_note", "dunning_fee")
STATUS = ("open", "paid", "overdue", "cancelled", "written_off")
OPEN, PAID, OVERDUE, CANCELLED, WRITTEN_OFF = range(5)
PRIVATE_TERMS_DAYS = 14
DUNNED_AFTER = 10 * 86_400
DUNNING_CENTS = 500
WRITTEN_OFF_AFTER = 90 * 86_400  # nobody runs after five euros for longer
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
    issued_at: Ints
    due_at: Ints
    paid_at: Ints
    ended_at: Ints  # when it was cancelled or written off
    corrected_at: Ints

    def to_frame(self) -> pl.DataFrame:
        return pl.DataFrame({name: getattr(self, name) for name in self.__slots__})


def issued_at(known: Known) -> Ints:
    """When each part is invoiced: to companies on acceptance, to consumers on dispatch."""
    lines, fate = known.lines, known.fate
    business = known.placed.clock[lines.part_order] == 1
    issued = np.where(business, fate.accepted_at, fate.shipped_at)
    # Who refuses a part has accepted nothing; and the shop's own tests are not invoiced.
    unfit = (issued >= fate.ended_at) | known.placed.is_test[lines.part_order]
    return np.where(unfit, NEVER, issued)


def invoice_rows(
    world: World,
    known: Known,
    plan: PaymentPlan,
    returned: Returned,
    book: DifferenceBook,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The invoices feed, wrong only where the book of differences says so."""
    goods = part_invoices(world, known, plan, rng)
    documents = [
        goods,
        dunning_fees(goods, world.buyers.is_business[known.placed.who]),
        cancellations(goods),
        return_credits(known, returned),
        express_invoices(known, goods, plan),
    ]
    frame = pl.concat([document.to_frame() for document in documents])
    planted = plant_in_invoices(frame, world.size.differences_per_thousand, rng)
    issued = planted.filter(pl.col("issued_at") < known.cutoff)
    ids = order_ids(known.placed.number[issued["order"].to_numpy()]) + issued["suffix"]
    vendors = at_places(world.vendors.ids, issued["vendor"].to_numpy())
    book.note_invoices(issued, ids, vendors)
    there = issued["fault"] != MISSING
    return document_rows(world, known, issued.filter(there), ids.filter(there))


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
    due = issued + np.where(on_invoice, terms * 86_400, 0)
    paid = np.maximum(plan.paid_at[order], issued)
    quality, day = world.vendors.quality, known.placed.day[order]
    fails = quality.of("ships_late", lines.part_vendor, day) > 0.15
    wrong = rng.random(parts) < CORRECTED * np.where(fails, 5, 1)
    corrected = issued + rng.integers(86_400, 10 * 86_400, parts)
    mine = np.flatnonzero(issued < NEVER)
    return Documents(
        suffix=("-I" + pl.Series(number_within(order)).cast(pl.String)).gather(pl.Series(mine)),
        order=order[mine],
        vendor=lines.part_vendor[mine],
        kind=np.full(mine.size, INVOICE),
        net_cents=per_part(lines.part, lines.gmv_cents, parts)[mine],
        shipping_cents=per_part(lines.part, lines.shipping_cents, parts)[mine],
        issued_at=issued[mine],
        due_at=due[mine],
        paid_at=np.where(paid < fate.ended_at, paid, NEVER)[mine],
        ended_at=fate.ended_at[mine],
        corrected_at=np.where(wrong, corrected, NEVER)[mine],
    )


def per_part(part: Ints, cents: Ints, parts: int) -> Ints:
    """Sums of whole cents; doubles hold them exactly below 2**53."""
    return np.rint(np.bincount(part, cents, parts)).astype(np.int64)


def credit(
    suffix: pl.Series, order: Ints, vendor: Ints, cents: tuple[Ints, Ints], at: Ints
) -> Documents:
    """Credit notes are settled the moment they are issued."""
    never = np.full(order.size, NEVER)
    kind = np.full(order.size, CREDIT_NOTE)
    return Documents(suffix, order, vendor, kind, *cents, at, at, at, never, never)


def cancellations(goods: Documents) -> Documents:
    """What was invoiced and then cancelled is credited in full."""
    mine = np.flatnonzero(goods.ended_at < NEVER)
    suffix = goods.suffix.gather(pl.Series(mine)) + "-C"
    cents = (goods.net_cents[mine], goods.shipping_cents[mine])
    return credit(suffix, goods.order[mine], goods.vendor[mine], cents, goods.ended_at[mine])


def return_credits(known: Known, returned: Returned) -> Documents:
    """The goods that came back are credited when they are refunded."""
    lines = known.lines
    keep = ~known.placed.is_test[lines.order[returned.line]]
    part, place = np.unique(lines.part[returned.line[keep]], return_inverse=True)
    cents = per_part(place, returned.refund_cents[keep], part.size)
    suffix = "-I" + pl.Series(number_within(lines.part_order)[part]).cast(pl.String) + "-R"
    none = np.zeros(part.size, dtype=np.int64)
    at = known.fate.refunded_at[part]
    return credit(suffix, lines.part_order[part], lines.part_vendor[part], (cents, none), at)


def express_invoices(known: Known, goods: Documents, plan: PaymentPlan) -> Documents:
    """The surcharge is the marketplace's own, invoiced with the order's first part."""
    order, first = np.unique(goods.order, return_index=True)
    mine = express_cents(known.placed)[order] > 0
    order, first = order[mine], first[mine]
    issued = goods.issued_at[first]
    never = np.full(order.size, NEVER)
    return Documents(
        suffix=pl.repeat("-X", order.size, dtype=pl.String, eager=True),
        order=order,
        vendor=np.full(order.size, NOWHERE),
        kind=np.full(order.size, INVOICE),
        net_cents=np.zeros(order.size, dtype=np.int64),
        shipping_cents=express_cents(known.placed)[order],
        issued_at=issued,
        due_at=goods.due_at[first],
        paid_at=np.maximum(plan.paid_at[order], issued),
        ended_at=never,
        corrected_at=never,
    )


def dunning_fees(goods: Documents, is_business: Bools) -> Documents:
    """A fee for each company's invoice that is open ten days after it was due."""
    at = goods.due_at + DUNNED_AFTER
    late = (goods.paid_at > at) & (goods.paid_at < NEVER) & is_business[goods.order]
    mine = np.flatnonzero(late)
    never = np.full(mine.size, NEVER)
    return Documents(
        suffix=goods.suffix.gather(pl.Series(mine)) + "-D",
        order=goods.order[mine],
        vendor=np.full(mine.size, NOWHERE),
        kind=np.full(mine.size, DUNNING_FEE),
        net_cents=np.full(mine.size, DUNNING_CENTS),
        shipping_cents=np.zeros(mine.size, dtype=np.int64),
        issued_at=at[mine],
        due_at=at[mine] + 14 * 86_400,
        paid_at=never,
        ended_at=at[mine] + WRITTEN_OFF_AFTER,
        corrected_at=never,
    )


def document_rows(
    world: World, known: Known, documents: pl.DataFrame, ids: pl.Series
) -> pl.DataFrame:
    """The rows of issued documents."""
    value = {name: documents[name].to_numpy() for name in documents.columns if name != "suffix"}
    who, cutoff = known.placed.who[value["order"]], known.cutoff
    business = world.buyers.is_business[who]
    paid, ended = value["paid_at"] < cutoff, value["ended_at"] < cutoff
    overdue = (value["due_at"] < cutoff) & (value["paid_at"] > value["due_at"])
    end = np.where(value["kind"] == DUNNING_FEE, WRITTEN_OFF, CANCELLED)
    status = np.where(paid, PAID, np.where(overdue, OVERDUE, OPEN))
    status = np.where(ended, end, status)
    total = value["net_cents"] + value["shipping_cents"]
    turned = np.where(overdue, value["due_at"], 0)
    return pl.DataFrame(
        {
            "invoice_id": ids,
            "order_id": order_ids(known.placed.number[value["order"]]),
            "vendor_id": at_places(world.vendors.ids, value["vendor"]),
            "customer_id": customer_ids(who),
            "account_id": only(account_ids(who), business),
            "document_kind": pick(KINDS, value["kind"]),
            "status": pick(STATUS, status),
            "currency_code": pl.repeat(CURRENCY_CODE, who.size, eager=True),
            "net_amount": value["net_cents"],
            "shipping_amount": value["shipping_cents"],
            "tax_amount": np.zeros(who.size, dtype=np.int64),
            "paid_amount": np.where(paid, total, 0),
            "is_corrected": value["corrected_at"] < cutoff,
            "issued_at": value["issued_at"],
            "due_at": value["due_at"],
            "paid_at": known.before(value["paid_at"]),
            "updated_at": latest(
                cutoff,
                value["issued_at"],
                turned,
                value["paid_at"],
                value["ended_at"],
                value["corrected_at"],
            ),
        }
    )
