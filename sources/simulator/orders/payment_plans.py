"""How orders will be paid, exact to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import NEVER, Bools, Ints
from sources.simulator.orders.fulfilment import PLATFORM, Fate
from sources.simulator.orders.states import Known, express_cents

if TYPE_CHECKING:
    from sources.simulator.orders.baskets import Lines

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


def order_ended_by_platform(lines: Lines, fate: Fate, orders: int) -> Bools:
    """Whether the platform ended each order: its payment never came."""
    refused = np.zeros(orders, dtype=np.bool_)
    refused[lines.part_order[fate.ended_by == PLATFORM]] = True
    return refused
