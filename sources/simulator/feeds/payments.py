"""The payments feed, exact to the cent: what buyers paid, and what went back to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.arrays import DAY, NEVER, Ints
from sources.simulator.cells import NOWHERE, latest, pick, word_at
from sources.simulator.chance import hashed
from sources.simulator.orders.differences import MISSING, TWICE
from sources.simulator.orders.documents import (
    INVOICE,
    half_of,
    invoice_suffixes,
    issued_at,
    payments_of,
    per_part,
    whole_end,
)
from sources.simulator.orders.extras import express_cents
from sources.simulator.orders.payment_plans import METHODS, PaymentPlan
from sources.simulator.orders.states import Known, order_ids, part_ids
from sources.simulator.orders.terms import tax_of
from sources.simulator.world.countries import CURRENCY_CODES
from sources.simulator.world.money_laws import CHARGEBACK_REASONS

if TYPE_CHECKING:
    from sources.simulator.orders.returns import Returned

REASONS = tuple(reason for reason, _ in CHARGEBACK_REASONS)
NOT_RECEIVED = REASONS.index("not_received")
KINDS = ("charge", "refund", "chargeback")
CHARGE, REFUND, CHARGEBACK = range(3)
VOUCHER = len(METHODS)
SENT_BACK_WITHIN = 4 * DAY  # what a cancelled part cost


def payment_rows(
    known: Known,
    plan: PaymentPlan,
    documents: pl.DataFrame,
    returned: Returned,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The payments feed: an order's charges add up to what it costs, its refunds to what ended.

    What ends as a whole at once is given back whole, which its charges say themselves.
    """
    movements = [
        charges_at_once(known, plan),
        charges_of_invoices(plan, documents),
        refunds_of_ended_parts(known, plan, rng),
        refunds_of_express(known, plan),
        refunds_of_returns(known, plan, returned),
        chargebacks(known, plan),
    ]
    frame = pl.concat(movements).filter(pl.col("cents") > 0)
    frame = frame.sort("order", "created_at", maintain_order=True)
    ids = part_ids(known.placed, frame["order"].to_numpy(), "P")
    frame = frame.with_columns(ids.alias("id")).filter(pl.col("created_at") < known.cutoff)
    return movement_rows(known, frame)


def movement(
    order: Ints, cents: Ints, method: Ints, created_at: Ints, paid_at: Ints
) -> pl.DataFrame:
    """Charges in one amount that nothing ends and that name no invoice; callers say otherwise."""
    return pl.DataFrame(
        {
            "order": order,
            "kind": np.full(order.size, CHARGE),
            "cents": cents,
            "method": method,
            "created_at": created_at,
            "paid_at": paid_at,
            # a charge that ends before it is paid fails, one that ends later goes back
            "ended_at": np.full(order.size, NEVER),
            "instalments": np.full(order.size, 1),
            "suffix": pl.repeat(None, order.size, dtype=pl.String, eager=True),
            "reason": np.full(order.size, NOWHERE),
        }
    )


def refunds(
    order: Ints, cents: Ints, method: Ints, created_at: Ints, paid_at: Ints
) -> pl.DataFrame:
    """Money that goes back to the buyer."""
    return movement(order, cents, method, created_at, paid_at).with_columns(
        kind=pl.lit(REFUND, pl.Int64)
    )


def charges_at_once(known: Known, plan: PaymentPlan) -> pl.DataFrame:
    """The voucher and the rest of what is paid when it is ordered."""
    last, is_at_once = whole_end(known)
    mine = np.flatnonzero(~plan.is_on_invoice)
    ended = pl.Series("ended_at", np.where(is_at_once, last, NEVER)[mine])
    voucher, method = plan.voucher_cents[mine], np.full(mine.size, VOUCHER)
    times = (known.placed.ordered_at[mine], plan.paid_at[mine])
    vouchers = movement(mine, voucher, method, *times).with_columns(ended)
    rests = movement(mine, plan.cost_cents[mine] - voucher, plan.method[mine], *times)
    instalments = pl.Series("instalments", plan.instalments[mine])
    return pl.concat([vouchers, rests.with_columns(ended, instalments)])


def charges_of_invoices(plan: PaymentPlan, documents: pl.DataFrame) -> pl.DataFrame:
    """What is paid on invoice: as it should have been issued, in one or in two rates."""
    rightly = (documents["kind"] == INVOICE) & (documents["fault"] != TWICE)
    on_invoice = pl.Series(plan.is_on_invoice[documents["order"].to_numpy()])
    frame = documents.filter(rightly & on_invoice)
    value = {name: frame[name].to_numpy() for name in frame.columns if name != "suffix"}
    order = value["order"]
    total = value["true_cents"] + value["shipping_cents"] + value["tax_cents"]
    in_two = plan.second_paid_at[order] < NEVER
    first = np.where(in_two, half_of(total), total)
    method, issued, paid = plan.method[order], value["issued_at"], value["paid_at"]
    once = np.where(in_two, value["half_paid_at"], paid)
    rates = (
        movement(order, first, method, issued, once),
        movement(order, total - first, method, issued, paid),
    )
    about = (
        pl.Series("ended_at", value["ended_at"]),
        pl.Series("instalments", plan.instalments[order]),
        # An invoice of which there is no record cannot be named.
        frame["suffix"].set(frame["fault"] == MISSING, None),
    )
    return pl.concat(rate.with_columns(*about) for rate in rates)


def refunds_of_ended_parts(
    known: Known, plan: PaymentPlan, rng: np.random.Generator
) -> pl.DataFrame:
    """What parts cost that were paid at once and ended while others stood, or ended later."""
    lines, ended = known.lines, known.fate.ended_at
    order, parts = lines.part_order, lines.part_order.size
    off = known.coupon_cents + known.coupon_tax_cents
    cost = lines.gmv_cents + lines.shipping_cents + lines.tax_cents - off
    cents = per_part(lines.part, cost, parts)
    takes = rng.integers(0, SENT_BACK_WITHIN, parts)
    _, is_at_once = whole_end(known)
    is_paid = ~plan.is_on_invoice[order] & (plan.paid_at[order] < NEVER)
    mine = np.flatnonzero((ended < NEVER) & is_paid & ~is_at_once[order])
    credited = (invoice_suffixes(known) + "-C").set(pl.Series(issued_at(known) == NEVER), None)
    at = ended[mine]
    return refunds(
        order[mine], cents[mine], plan.method[order[mine]], at, at + takes[mine]
    ).with_columns(suffix=credited.gather(pl.Series(mine)))


def refunds_of_express(known: Known, plan: PaymentPlan) -> pl.DataFrame:
    """The surcharge of orders paid at once whose parts ended one after the other."""
    last, is_at_once = whole_end(known)
    surcharge = express_cents(known.placed)
    is_paid = ~plan.is_on_invoice & (plan.paid_at < NEVER)
    mine = np.flatnonzero((last < NEVER) & ~is_at_once & is_paid & (surcharge > 0))
    cents = surcharge[mine] + tax_of(surcharge[mine], known.placed.country[mine])
    at = last[mine]
    return refunds(mine, cents, plan.method[mine], at, at)


def refunds_of_returns(known: Known, plan: PaymentPlan, returned: Returned) -> pl.DataFrame:
    """What came back, with its tax; nobody is paid back before having paid."""
    lines = known.lines
    part, place = np.unique(lines.part[returned.line], return_inverse=True)
    order = lines.part_order[part]
    cents = per_part(place, returned.paid_back_cents, part.size)
    issued = np.where(plan.is_on_invoice[order], issued_at(known)[part], 0)
    _, paid = payments_of(plan, order, issued, known.fate.ended_at[part])
    at = known.fate.refunded_at[part]
    is_invoiced = issued_at(known)[part] < NEVER
    credited = (invoice_suffixes(known).gather(pl.Series(part)) + "-R").set(
        pl.Series(~is_invoiced), None
    )
    frame = refunds(order, cents, plan.method[order], at, np.maximum(at, paid)).with_columns(
        suffix=credited
    )
    # The shop's own tests are paid for at most at once.
    return frame.filter(pl.Series(is_invoiced | ~plan.is_on_invoice[order]))


def chargebacks(known: Known, plan: PaymentPlan) -> pl.DataFrame:
    """What the bank takes back of card payments although the buyer kept the whole order.

    It says why: the parcel was long in coming, or one of the other reasons.
    """
    fate, order = known.fate, known.lines.part_order
    number = known.placed.number
    limits = np.cumsum([share * 100 for _, share in CHARGEBACK_REASONS])
    reason = np.searchsorted(limits, hashed(number, 215, 100), side="right")
    reason[order[fate.delivered_at > fate.promised_at]] = NOT_RECEIVED
    reason = np.where(plan.is_explained, reason, NOWHERE)
    touched = np.zeros(known.placed.who.size, dtype=np.bool_)
    touched[order[(fate.ended_at < NEVER) | (fate.returned_at < NEVER)]] = True
    mine = np.flatnonzero((plan.charged_back_at < NEVER) & ~touched & ~known.placed.is_test)
    at = plan.charged_back_at[mine]
    cents = plan.cost_cents[mine] - plan.voucher_cents[mine]
    return movement(mine, cents, plan.method[mine], at, at).with_columns(
        pl.Series("reason", reason[mine]), kind=pl.lit(CHARGEBACK, pl.Int64)
    )


def movement_rows(known: Known, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of movements known before the cutoff, as they stand."""
    cutoff = known.cutoff
    order, created, due, ended = (
        frame[name].to_numpy() for name in ("order", "created_at", "paid_at", "ended_at")
    )
    paid_at = np.where(due < ended, due, NEVER)
    paid, is_ended = paid_at < cutoff, ended < cutoff
    status = np.where(paid, np.where(is_ended, "refunded", "paid"), "pending")
    numbers = order_ids(known.placed.number[order])
    return pl.DataFrame(
        {
            "payment_id": frame["id"],
            "order_id": numbers,
            "invoice_id": numbers + frame["suffix"],
            "method": pick((*METHODS, "voucher"), frame["method"].to_numpy()),
            "kind": pick(KINDS, frame["kind"].to_numpy()),
            "chargeback_reason": word_at(REASONS, frame["reason"].to_numpy()),
            "status": np.where(is_ended & ~paid, "failed", status),
            "currency_code": pick(CURRENCY_CODES, known.placed.storefront[order]),
            "amount": frame["cents"],
            "installment_count": frame["instalments"],
            "paid_at": known.before(paid_at),
            "updated_at": latest(cutoff, created, paid_at, ended),
        }
    )
