"""What follows an order: payments, exact to the cent, and reviews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.fulfilment import PLATFORM, Fate
from sources.simulator.knowledge import (
    Known,
    express_cents,
    latest,
    number_within,
    order_ids,
    part_ids,
)
from sources.simulator.names import COMMENTS, pick
from sources.simulator.world import (
    CURRENCY_CODE,
    FOLLOW_UP_REVIEW,
    NEVER,
    ORDER_IS_REVIEWED,
    RATING_LOST_BY_LATENESS,
    Bools,
    Ints,
)

if TYPE_CHECKING:
    from sources.simulator.baskets import Lines
    from sources.simulator.catalogue import Vendors

CONSUMER_METHODS = ("card", "card", "card", "wallet", "wallet", "direct_debit", "invoice")
BUSINESS_METHODS = ("invoice", "invoice", "invoice", "invoice", "direct_debit", "card", "transfer")
METHODS = CONSUMER_METHODS + BUSINESS_METHODS
ON_INVOICE = [place for place, word in enumerate(METHODS) if word == "invoice"]
VOUCHERS = 0.06
INSTALMENTS = 0.08


@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """How every order will be paid, were nobody to end it."""

    cost_cents: Ints
    voucher_cents: Ints
    method: Ints  # place in METHODS
    at_once: Ints  # when a voucher or a card is charged
    paid_at: Ints  # NEVER where the platform ended the order
    instalments: Ints
    refused: Bools

    @property
    def is_on_invoice(self) -> Bools:
        """Whether an order is paid after it was invoiced."""
        return np.isin(self.method, ON_INVOICE)


def plan_payments(known: Known, rng: np.random.Generator) -> PaymentPlan:
    """How the orders will be paid; what they cost is paid to the cent."""
    placed, lines = known.placed, known.lines
    count = placed.who.size
    first = np.flatnonzero(np.diff(lines.order, prepend=-1))
    cost = np.add.reduceat(lines.gmv_cents + lines.shipping_cents, first) + express_cents(placed)
    voucher = (rng.random(count) < VOUCHERS) & (cost > 500)
    voucher_cents = np.where(
        voucher, np.minimum(rng.integers(5, 51, count) * 100, cost * 8 // 10), 0
    )
    method = rng.integers(0, 7, count) + np.where(placed.clock == 1, 7, 0)
    is_invoice = np.isin(method, ON_INVOICE)
    at_once = placed.ordered_at + rng.integers(20, 900, count)
    after = placed.ordered_at + rng.integers(5 * 86_400, 34 * 86_400, count)
    instalments = np.where(
        (rng.random(count) < INSTALMENTS) & ~is_invoice, rng.integers(2, 13, count), 1
    )
    refused = order_ended_by_platform(lines, known.fate, count)
    paid_at = np.where(refused, NEVER, np.where(is_invoice, after, at_once))
    return PaymentPlan(cost, voucher_cents, method, at_once, paid_at, instalments, refused)


def payment_rows(known: Known, plan: PaymentPlan) -> pl.DataFrame:
    """The payments feed: the payments of an order add up to what it costs."""
    placed = known.placed
    count = placed.who.size
    order = np.concatenate([np.arange(count), np.flatnonzero(plan.voucher_cents > 0)])
    is_voucher = np.arange(order.size) >= count
    rest = (plan.cost_cents - plan.voucher_cents)[order]
    paid_at = np.where(is_voucher, plan.at_once[order], plan.paid_at[order])
    paid_at = np.where(plan.refused[order], NEVER, paid_at)
    frame = settle(known, order, paid_at, plan.refused[order]).with_columns(
        pl.Series("place", order),
        pl.Series("is_voucher", is_voucher),
        order_ids(placed.number[order]).alias("order_id"),
        pick((*METHODS, "voucher"), np.where(is_voucher, 14, plan.method[order])).alias("method"),
        pl.lit(CURRENCY_CODE).alias("currency_code"),
        pl.Series("amount", np.where(is_voucher, plan.voucher_cents[order], rest)),
        pl.Series("installment_count", np.where(is_voucher, 1, plan.instalments[order])),
    )
    frame = frame.sort(["place", "is_voucher"], descending=[False, True])
    ids = part_ids(placed, frame["place"].to_numpy(), "P")
    return frame.with_columns(ids.alias("payment_id")).drop("place", "is_voucher")


def order_ended_by_platform(lines: Lines, fate: Fate, orders: int) -> Bools:
    """Whether the platform ended each order: its payment never came."""
    refused = np.zeros(orders, dtype=np.bool_)
    refused[lines.part_order[fate.ended_by == PLATFORM]] = True
    return refused


def settle(known: Known, order: Ints, paid_at: Ints, refused: Bools) -> pl.DataFrame:
    """Status and instants of payments; an order without goods is paid back, or never paid."""
    ended = known.order_over_at[order]
    is_ended = ended < known.cutoff
    paid = (paid_at < known.cutoff) & (paid_at < ended)
    failed = is_ended & ~paid
    status = np.where(paid, np.where(is_ended, "refunded", "paid"), "pending")
    status = np.where(failed | (refused & is_ended), "failed", status)
    changed = latest(known.cutoff, np.where(paid, paid_at, NEVER), ended)
    return pl.DataFrame(
        {
            "status": status,
            "paid_at": known.before(np.where(paid, paid_at, NEVER)),
            "changed": changed,
            "created": known.order_changed_at[order],
        }
    ).select(
        "status",
        "paid_at",
        pl.when(pl.col("changed") > 0).then("changed").otherwise("created").alias("updated_at"),
    )


def review_rows(known: Known, vendors: Vendors, rng: np.random.Generator) -> pl.DataFrame:
    """The reviews feed: some parts that arrived are reviewed, a few of them twice."""
    placed, lines, fate, cutoff = known.placed, known.lines, known.fate, known.cutoff
    parts = lines.part_order.size
    reviewed = (rng.random(parts) < ORDER_IS_REVIEWED) & (fate.delivered_at < NEVER)
    again = np.flatnonzero(reviewed & (rng.random(parts) < FOLLOW_UP_REVIEW))
    part = np.sort(np.concatenate([np.flatnonzero(reviewed), again]))
    follow = np.diff(part, prepend=-1) == 0
    order, vendor = lines.part_order[part], lines.part_vendor[part]
    late = fate.delivered_at[part] > fate.promised_at[part]
    mean = vendors.rating_mean[vendor] - late * RATING_LOST_BY_LATENESS
    # One plus a binomial of four has exactly the mean asked for, and stays within 1 and 5.
    rating = 1 + rng.binomial(4, np.clip((mean - 1) / 4, 0, 1))
    created = fate.delivered_at[part] + rng.integers(3_600, 12 * 86_400, part.size)
    created = created + np.where(follow, 20 * 86_400, 0)
    answered = created + rng.integers(3_600, 5 * 86_400, part.size)
    answered = np.where(rng.random(part.size) < 0.35, answered, NEVER)
    speaks = rng.random(part.size) < 0.4
    comment = pick(COMMENTS, rng.integers(0, len(COMMENTS), part.size))
    alone = np.bincount(lines.part_order, minlength=placed.who.size)[order] == 1
    unnamed = alone & (rng.random(part.size) < 0.2)
    number = pl.Series(number_within(order)).cast(pl.String)
    return pl.DataFrame(
        {
            "review_id": order_ids(placed.number[order]) + "-R" + number,
            "order_id": order_ids(placed.number[order]),
            "vendor_id": vendors.ids.gather(pl.Series(vendor)).set(pl.Series(unnamed), None),
            "comment": comment.set(pl.Series(~speaks), None),
            "rating": rating,
            "created_at": created,
            "answered_at": pl.Series(answered).set(pl.Series(answered >= cutoff), None),
            "updated_at": latest(cutoff, created, answered),
        }
    ).filter(pl.Series(created < cutoff))
