"""How orders will be paid, exact to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.arrays import DAY, NEVER, Bools, Ints
from sources.simulator.chance import hashed
from sources.simulator.orders.fulfilment import PLATFORM, Fate
from sources.simulator.orders.states import Known, order_totals
from sources.simulator.world.countries import UNIT_OF_STOREFRONT
from sources.simulator.world.money_laws import (
    CHARGED_BACK,
    CHARGED_BACK_UNSAID,
    IN_TWO_RATES,
    INSTALMENTS,
    VOUCHER_EUROS,
    VOUCHERS,
)

if TYPE_CHECKING:
    from sources.simulator.orders.placed import Lines

CONSUMER_METHODS = ("card", "card", "card", "wallet", "wallet", "direct_debit", "invoice")
BUSINESS_METHODS = ("invoice", "invoice", "invoice", "invoice", "direct_debit", "card", "transfer")
METHODS = CONSUMER_METHODS + BUSINESS_METHODS
CARDS, ON_INVOICE = (
    [place for place, word in enumerate(METHODS) if word == wanted]
    for wanted in ("card", "invoice")
)
SECOND_RATE_AFTER = 14 * DAY


@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """How every order will be paid, were nobody to end it.

    What is bought on invoice is paid invoice by invoice, some in two rates; the rest is paid at
    once and as a whole, some of it with a voucher.
    """

    cost_cents: Ints  # goods and shipping with their tax
    voucher_cents: Ints
    method: Ints  # place in METHODS
    at_once: Ints  # when a voucher or a card is charged
    paid_at: Ints  # NEVER where the platform ended the order
    second_paid_at: Ints  # the second of two rates, NEVER without one
    instalments: Ints
    charged_back_at: Ints  # when the bank took the money back, were the buyer to keep the goods
    is_explained: Bools  # whether it says why

    @property
    def is_on_invoice(self) -> Bools:
        """Whether an order is paid after it was invoiced."""
        return np.isin(self.method, ON_INVOICE)


def plan_payments(known: Known, rng: np.random.Generator, *, disputes: bool) -> PaymentPlan:
    """How the orders will be paid; what they cost is paid to the cent."""
    placed = known.placed
    count = placed.who.size
    coupon, _, cost = order_totals(known)
    method = rng.integers(0, 7, count) + np.where(placed.clock == 1, 7, 0)
    # An invoice is of a vendor's part, and no coupon is worth less there: who has one pays at once.
    method = np.where((coupon > 0) & np.isin(method, ON_INVOICE), CARDS[0], method)
    is_invoice = np.isin(method, ON_INVOICE)
    unit = UNIT_OF_STOREFRONT[placed.storefront]
    voucher = (rng.random(count) < VOUCHERS) & (cost > 500 * unit) & ~is_invoice
    worth = rng.integers(*VOUCHER_EUROS, count) * 100 * unit
    voucher_cents = np.where(voucher, np.minimum(worth, cost * 8 // 10), 0)
    at_once = placed.ordered_at + rng.integers(20, 900, count)
    after = placed.ordered_at + rng.integers(5 * DAY, 34 * DAY, count)
    instalments = np.where(
        (rng.random(count) < INSTALMENTS) & ~is_invoice, rng.integers(2, 13, count), 1
    )
    in_two = (rng.random(count) < IN_TWO_RATES) & is_invoice
    refused = order_ended_by_platform(known.lines, known.fate, count)
    paid_at = np.where(refused, NEVER, np.where(is_invoice, after, at_once))
    takes_back = (rng.random(count) < CHARGED_BACK) & np.isin(method, CARDS) & ~refused
    charged_back = at_once + rng.integers(20 * DAY, 60 * DAY, count)
    return PaymentPlan(
        cost_cents=cost,
        voucher_cents=voucher_cents,
        method=method,
        at_once=at_once,
        paid_at=paid_at,
        second_paid_at=np.where(in_two & ~refused, paid_at + SECOND_RATE_AFTER, NEVER),
        instalments=np.where(in_two, 2, instalments),
        charged_back_at=np.where(takes_back, charged_back, NEVER),
        # No book explains what a bank takes back without a reason: a planted difference.
        is_explained=hashed(placed.number, 214, 100) >= CHARGED_BACK_UNSAID * 100 * disputes,
    )


def order_ended_by_platform(lines: Lines, fate: Fate, orders: int) -> Bools:
    """Whether the platform ended each order: its payment never came."""
    refused = np.zeros(orders, dtype=np.bool_)
    refused[lines.part_order[fate.ended_by == PLATFORM]] = True
    return refused
